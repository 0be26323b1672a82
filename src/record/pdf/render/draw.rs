//! Items onto a page.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{LazyLock, Mutex, PoisonError};

use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::destination::{Destination, XyzDestination};
use krilla::geom::{Path, PathBuilder, Point, Rect, Size, Transform};
use krilla::paint::{Fill, LineCap, LineJoin, Stroke};
use krilla::surface::{Location, Surface};
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use krilla::text::{Font, Glyph, GlyphId};

use super::super::layout::{self, FaceId, Item, Link, Mark, Page, Rgb};
use super::photo;
use super::tags::Leaves;

static FONTS: LazyLock<[Option<Font>; 4]> =
    LazyLock::new(|| FaceId::ALL.map(|id| Font::new(id.bytes()?.into(), 0)));

/// Added fonts as they are drawn with, by their numbers.
static ADDED: Mutex<BTreeMap<u8, Font>> = Mutex::new(BTreeMap::new());

fn font(face: FaceId) -> Option<Font> {
    let FaceId::Added(number) = face else {
        let place = FaceId::ALL.iter().position(|id| *id == face)?;
        return FONTS[place].clone();
    };
    let mut added = ADDED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = added.get(&number) {
        return Some(known.clone());
    }
    let font = Font::new(face.bytes()?.into(), 0)?;
    added.insert(number, font.clone());
    Some(font)
}

/// Draws a page; what is drawn under one mark becomes one tagged section.
pub fn page(surface: &mut Surface, page: &Page, number: usize, leaves: &mut Leaves) {
    for (top, items) in &page.parts {
        for run in items.chunk_by(|one, other| one.mark == other.mark) {
            let mark = &run[0].mark;
            let section = surface.start_tagged(tag(mark));
            for placed in run {
                item(surface, &placed.item, *top);
                if let Mark::Leaf(leaf, _) = mark {
                    leaves.bounds(*leaf, number, bounds(&placed.item, *top));
                }
            }
            surface.end_tagged();
            if let Mark::Leaf(leaf, _) = mark {
                leaves.section(*leaf, section);
            }
        }
    }
}

/// What leads from a place to another.
pub fn way(link: &Link) -> Option<Annotation> {
    let rect = Rect::from_xywh(link.x, link.y, link.width, link.height)?;
    let place = XyzDestination::new(link.page, Point::from_xy(0.0, (link.top - 8.0).max(0.0)));
    let target = Target::Destination(Destination::Xyz(place));
    Some(Annotation::new_link(LinkAnnotation::new(rect, target), Some(link.words.clone())))
}

fn tag(mark: &Mark) -> ContentTag<'_> {
    match mark {
        Mark::Leaf(_, actual) => {
            ContentTag::Span(SpanTag::empty().with_actual_text(actual.as_deref()))
        }
        Mark::Decoration => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
        Mark::Header => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Header)),
        Mark::Footer => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)),
    }
}

fn item(surface: &mut Surface, item: &Item, top: f32) {
    match item {
        Item::Glyphs { x, y, size, ink, run } => {
            let font =
                font(run.face).expect("fonts parse: a test loads all four, the door the others");
            fill(surface, *ink);
            surface.draw_glyphs(
                Point::from_xy(*x, y + top),
                &run.glyphs,
                font,
                &run.text,
                *size,
                false,
            );
        }
        Item::Area { x, y, width, height, radius, ink } => {
            fill(surface, *ink);
            draw(surface, rounded(*x, y + top, *width, *height, *radius));
        }
        Item::Stroke { points, width, ink } => {
            stroke(surface, *width, *ink);
            draw(surface, polyline(points, top, false));
        }
        Item::Polygon { points, ink } => {
            fill(surface, *ink);
            draw(surface, polyline(points, top, true));
        }
        Item::Circle { x, y, radius, ring, ink } => {
            match ring {
                Some(width) => stroke(surface, *width, *ink),
                None => fill(surface, *ink),
            }
            draw(
                surface,
                rounded(x - radius, y + top - radius, 2.0 * radius, 2.0 * radius, *radius),
            );
        }
        Item::Photo { x, y, width, height, file } => {
            // Whoever made the document asked before whether the file can be drawn.
            let size = Size::from_wh(*width, *height);
            if let (Some(image), Some(size)) = (photo::image(file), size) {
                surface.push_transform(&Transform::from_translate(*x, y + top));
                surface.draw_image(image, size);
                surface.pop();
            }
        }
        Item::Areas { areas, ink } => {
            fill(surface, *ink);
            let mut path = PathBuilder::new();
            for (x, y, width, height) in areas {
                if let Some(rect) = Rect::from_xywh(*x, y + top, *width, *height) {
                    path.push_rect(rect);
                }
            }
            draw(surface, path.finish());
        }
    }
}

fn draw(surface: &mut Surface, path: Option<Path>) {
    if let Some(path) = path {
        surface.draw_path(&path);
    }
}

fn fill(surface: &mut Surface, ink: Rgb) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: colour(ink).into(), ..Fill::default() }));
}

fn stroke(surface: &mut Surface, width: f32, ink: Rgb) {
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke {
        paint: colour(ink).into(),
        width,
        line_cap: LineCap::Butt,
        line_join: LineJoin::Round,
        ..Stroke::default()
    }));
}

fn colour(Rgb(red, green, blue): Rgb) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

fn polyline(points: &[(f32, f32)], top: f32, close: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (place, (x, y)) in points.iter().enumerate() {
        match place {
            0 => path.move_to(*x, y + top),
            _ => path.line_to(*x, y + top),
        }
    }
    if close {
        path.close();
    }
    path.finish()
}

/// A rectangle with rounded corners; a circle where the radius is half of both sides.
fn rounded(x: f32, y: f32, width: f32, height: f32, radius: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    let radius = radius.min(width / 2.0).min(height / 2.0);
    if radius <= 0.0 {
        path.push_rect(Rect::from_xywh(x, y, width, height)?);
        return path.finish();
    }
    // How far a quarter circle's control points lie from the corner.
    let near = radius * 0.447_7;
    let (right, bottom) = (x + width, y + height);
    path.move_to(x + radius, y);
    path.line_to(right - radius, y);
    path.cubic_to(right - near, y, right, y + near, right, y + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(right, bottom - near, right - near, bottom, right - radius, bottom);
    path.line_to(x + radius, bottom);
    path.cubic_to(x + near, bottom, x, bottom - near, x, bottom - radius);
    path.line_to(x, y + radius);
    path.cubic_to(x, y + near, x + near, y, x + radius, y);
    path.close();
    path.finish()
}

fn bounds(item: &Item, top: f32) -> [f32; 4] {
    match item {
        Item::Glyphs { x, y, size, run, .. } => {
            let width: f32 = run.glyphs.iter().map(|glyph| glyph.advance * size).sum();
            [*x, y + top - size, x + width, y + top + 0.3 * size]
        }
        Item::Area { x, y, width, height, .. } | Item::Photo { x, y, width, height, .. } => {
            [*x, y + top, x + width, y + top + height]
        }
        Item::Circle { x, y, radius, .. } => {
            [x - radius, y + top - radius, x + radius, y + top + radius]
        }
        Item::Stroke { points, .. } | Item::Polygon { points, .. } => {
            around(points.iter().map(|(x, y)| [*x, y + top, *x, y + top]))
        }
        Item::Areas { areas, .. } => around(
            areas.iter().map(|(x, y, width, height)| [*x, y + top, x + width, y + top + height]),
        ),
    }
}

fn around(boxes: impl Iterator<Item = [f32; 4]>) -> [f32; 4] {
    boxes.fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |known, next| {
        [known[0].min(next[0]), known[1].min(next[1]), known[2].max(next[2]), known[3].max(next[3])]
    })
}

impl Glyph for layout::Glyph {
    fn glyph_id(&self) -> GlyphId {
        GlyphId::new(u32::from(self.id))
    }

    fn text_range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    fn x_advance(&self, size: f32) -> f32 {
        self.advance * size
    }

    fn x_offset(&self, size: f32) -> f32 {
        self.dx * size
    }

    fn y_offset(&self, size: f32) -> f32 {
        self.dy * size
    }

    fn y_advance(&self, _size: f32) -> f32 {
        0.0
    }

    fn location(&self) -> Option<Location> {
        None
    }
}
