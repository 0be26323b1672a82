//! The blocks a document consists of, in reading order.

use super::{Photo, Table, Text, Timeline, Tone, Trend};

/// One block of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading; every heading is a bookmark too.
    Heading(Heading),
    /// The headings down to a level, with their pages.
    Contents(Level),
    Paragraph(Text),
    /// Names and values, in one or more columns of pairs.
    Facts {
        /// The pairs in reading order.
        facts: Vec<Fact>,
        /// How many pairs stand side by side (at least 1).
        columns: usize,
    },
    Table(Table),
    /// A box that must not be overlooked: a verdict, an exception, a refusal.
    Callout(Callout),
    /// Items with a bullet or a number.
    List {
        /// Numbered from 1, or with bullets.
        numbered: bool,
        items: Vec<Text>,
    },
    /// Big numbers with a label each, side by side.
    Tiles(Vec<Tile>),
    /// Bars over days.
    Timeline(Timeline),
    /// A measured value over time with its limits.
    Trend(Trend),
    /// Several of them, two side by side.
    Trends(Vec<Trend>),
    /// A photo, as large as it needs to be and no larger than a third of a page.
    Photo(Photo),
    /// A QR code with text beside it.
    Qr {
        /// What a scanner reads.
        content: String,
        /// What the code is for, read aloud instead of the picture.
        alt: String,
        /// Paragraphs beside the code.
        beside: Vec<Text>,
    },
    /// Blocks that stay on one page where one page can hold them.
    Together(Vec<Block>),
    /// A thin line across the page.
    Rule,
    /// Empty height in points.
    Space(f32),
    /// Continue on a new page.
    PageBreak,
}

/// How deep a heading stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A chapter.
    One,
    /// A section: unit procedure, operation.
    Two,
    /// A step.
    Three,
    /// A part of a step.
    Four,
}

/// A heading. It never stands alone at the foot of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// How deep it stands.
    pub level: Level,
    /// The words.
    pub text: Text,
    /// A short text at the right margin of the same line, for example a badge with the verdict.
    pub aside: Option<Text>,
    /// The bookmark's words, where they should differ from the heading's.
    pub bookmark: Option<String>,
}

/// A name and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The name, printed small and muted above or before the value.
    pub name: String,
    pub value: Text,
}

/// A box that must not be overlooked.
#[derive(Debug, Clone, PartialEq)]
pub struct Callout {
    /// Its tone, shown as the colour of its edge and as the symbol before its title.
    pub tone: Tone,
    /// One line that says it all.
    pub title: Text,
    /// What stands below the title.
    pub body: Vec<Block>,
}

/// A big number with a label.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// The number or word, for example `118 / 118`.
    pub value: String,
    /// What it counts.
    pub label: String,
    /// A short remark below, may be empty.
    pub note: String,
    pub tone: Tone,
}

impl Level {
    /// 1 to 4.
    pub fn number(self) -> u16 {
        match self {
            Level::One => 1,
            Level::Two => 2,
            Level::Three => 3,
            Level::Four => 4,
        }
    }
}

impl Heading {
    /// A heading.
    pub fn new(level: Level, text: impl Into<Text>) -> Self {
        Heading { level, text: text.into(), aside: None, bookmark: None }
    }

    /// With a short text at the right margin.
    pub fn aside(mut self, aside: impl Into<Text>) -> Self {
        self.aside = Some(aside.into());
        self
    }

    /// With other words in the bookmark.
    pub fn bookmark(mut self, words: impl Into<String>) -> Self {
        self.bookmark = Some(words.into());
        self
    }
}

impl Fact {
    /// A name and its value.
    pub fn new(name: impl Into<String>, value: impl Into<Text>) -> Self {
        Fact { name: name.into(), value: value.into() }
    }
}

impl Callout {
    /// A box with a title and nothing below.
    pub fn new(tone: Tone, title: impl Into<Text>) -> Self {
        Callout { tone, title: title.into(), body: Vec::new() }
    }

    /// Adds a block below the title.
    pub fn with(mut self, block: impl Into<Block>) -> Self {
        self.body.push(block.into());
        self
    }

    /// Adds a paragraph below the title.
    pub fn paragraph(self, text: impl Into<Text>) -> Self {
        self.with(Block::Paragraph(text.into()))
    }
}

impl Tile {
    /// A tile without a remark.
    pub fn new(value: impl Into<String>, label: impl Into<String>, tone: Tone) -> Self {
        Tile { value: value.into(), label: label.into(), note: String::new(), tone }
    }

    /// With a short remark below.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

impl Block {
    /// Names and values, `columns` pairs side by side.
    pub fn facts(columns: usize, facts: impl IntoIterator<Item = Fact>) -> Self {
        Block::Facts { facts: facts.into_iter().collect(), columns }
    }

    /// A list with bullets.
    pub fn bullets<T: Into<Text>>(items: impl IntoIterator<Item = T>) -> Self {
        Block::List { numbered: false, items: items.into_iter().map(Into::into).collect() }
    }

    /// A list numbered from 1.
    pub fn numbered<T: Into<Text>>(items: impl IntoIterator<Item = T>) -> Self {
        Block::List { numbered: true, items: items.into_iter().map(Into::into).collect() }
    }
}

impl From<Heading> for Block {
    fn from(heading: Heading) -> Self {
        Block::Heading(heading)
    }
}

impl From<Text> for Block {
    fn from(text: Text) -> Self {
        Block::Paragraph(text)
    }
}

impl From<Table> for Block {
    fn from(table: Table) -> Self {
        Block::Table(table)
    }
}

impl From<Callout> for Block {
    fn from(callout: Callout) -> Self {
        Block::Callout(callout)
    }
}

impl From<Timeline> for Block {
    fn from(timeline: Timeline) -> Self {
        Block::Timeline(timeline)
    }
}

impl From<Photo> for Block {
    fn from(photo: Photo) -> Self {
        Block::Photo(photo)
    }
}

impl From<Trend> for Block {
    fn from(trend: Trend) -> Self {
        Block::Trend(trend)
    }
}
