//! Pictures drawn from numbers. Each has a text that says the same to whoever cannot see it.

use std::sync::Arc;

use super::Tone;

/// A photo or drawing that somebody took: the bytes of a PNG or JPEG file that can be drawn
/// ([`photo`](super::super::photo) tells).
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// What the picture is, read aloud instead of it.
    pub alt: String,
    pub file: Arc<Vec<u8>>,
    /// Width and height in its own dots.
    pub dots: (u32, u32),
}

/// Horizontal bars over time, one lane per operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// Words above the picture.
    pub title: String,
    /// What the picture shows, in words.
    pub alt: String,
    /// Left edge, in the unit of all positions (days of the batch, say).
    pub from: f32,
    /// Right edge, in the same unit.
    pub to: f32,
    /// Labelled positions on the axis.
    pub ticks: Vec<(f32, String)>,
    /// The lanes from top to bottom.
    pub lanes: Vec<Lane>,
}

/// A lane of a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Its name, at the left.
    pub label: String,
    /// What lasted.
    pub bars: Vec<Bar>,
    /// What happened at a moment.
    pub pins: Vec<Pin>,
}

/// Something that lasted.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Begin, in the timeline's unit.
    pub from: f32,
    /// End, in the timeline's unit.
    pub to: f32,
    pub tone: Tone,
}

/// Something that happened at a moment, drawn as a mark on its lane.
#[derive(Debug, Clone, PartialEq)]
pub struct Pin {
    /// When, in the timeline's unit.
    pub at: f32,
    pub tone: Tone,
    /// A short word beside the mark, may be empty.
    pub label: String,
}

/// A measured value over time with its limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// Words above the picture: name and unit.
    pub title: String,
    /// What the picture shows, in words.
    pub alt: String,
    /// The measurements in order of time.
    pub points: Vec<Point>,
    /// Accepted from (absent: unbounded).
    pub low: Option<f32>,
    /// Accepted up to (absent: unbounded).
    pub high: Option<f32>,
    /// Other limits than those of the band.
    pub bounds: Vec<Bound>,
    /// Labelled positions on the time axis.
    pub ticks: Vec<(f32, String)>,
}

/// One measurement. For drawing only: the record's decimals stand in the tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Position in time.
    pub at: f32,
    pub value: f32,
    /// How it was judged.
    pub tone: Tone,
    /// Whether a correction replaced it: drawn beside the line of those that count.
    pub replaced: bool,
}

/// A limit drawn as a line of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    pub value: f32,
    pub tone: Tone,
    /// What kind of limit it is.
    pub label: String,
}
