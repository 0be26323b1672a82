//! Pages into a file: tagged PDF/A-3a and PDF/UA-1, refused by the writer where it would not conform.

mod draw;
mod photo;
mod tags;

pub use photo::{LARGEST, photo};

use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::error::KrillaError;
use krilla::geom::Point;
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::{Document as Writer, SerializeSettings};

use super::document::{Attachment, Document, Relation};
use super::layout::{Bookmark, LayoutError, layout, sheet};

/// Why a document cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The pages cannot be laid out.
    #[error("the document cannot be laid out: {0}")]
    Layout(#[from] LayoutError),
    /// The writer refused: the file would not conform to PDF/A-3a and PDF/UA-1.
    #[error("the file would not conform to PDF/A-3a and PDF/UA-1: {0}")]
    NotConforming(String),
    /// An attachment's media type is not one.
    #[error("attachment {name}: {media_type:?} is not a media type such as application/json")]
    MediaType {
        /// Name of the attachment.
        name: String,
        /// What was given.
        media_type: String,
    },
    /// Two attachments have the same name.
    #[error("two attachments are called {name}: give each its own name")]
    AttachmentTwice { name: String },
    /// The time of printing lies outside the years a PDF can name.
    #[error(
        "the time of printing, {micros} microseconds since 1970, lies outside the years 0 to 9999"
    )]
    Time {
        /// The time given.
        micros: i64,
    },
}

/// Writes a document as tagged PDF/A-3a and PDF/UA-1. The same document gives the same bytes.
pub fn render(document: &Document) -> Result<Vec<u8>, RenderError> {
    let laid = layout(document)?;
    let printed = date(document.printed_at_micros)?;
    let mut writer = Writer::new_with(settings()?);
    let mut leaves = tags::Leaves::new(laid.tree.leaves());
    let settings = PageSettings::from_wh(sheet::WIDTH, sheet::HEIGHT)
        .ok_or_else(|| RenderError::NotConforming("the page has no size".into()))?;
    for (number, page) in laid.pages.iter().enumerate() {
        let mut sheet = writer.start_page_with(settings.clone());
        let mut surface = sheet.surface();
        draw::page(&mut surface, page, number, &mut leaves);
        surface.finish();
        for link in &page.links {
            if let Some(way) = draw::way(link) {
                leaves.section(link.leaf, sheet.add_tagged_annotation(way));
            }
        }
        sheet.finish();
    }
    writer.set_tag_tree(tags::tree(&laid.tree, &leaves, &document.language));
    writer.set_outline(outline(&laid.bookmarks));
    writer.set_metadata(metadata(document, printed));
    for attachment in &document.attachments {
        let file = embedded(attachment, printed)?;
        writer
            .embed_file(file)
            .ok_or_else(|| RenderError::AttachmentTwice { name: attachment.name.clone() })?;
    }
    writer.finish().map_err(refusal)
}

/// The two standards that the writer holds itself to.
fn settings() -> Result<SerializeSettings, RenderError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| RenderError::NotConforming(format!("{error:?}")))?;
    Ok(SerializeSettings { configuration, ..SerializeSettings::default() })
}

fn refusal(error: KrillaError) -> RenderError {
    RenderError::NotConforming(match &error {
        KrillaError::Validation(errors) => format!("{errors:?}"),
        other => other.to_string(),
    })
}

fn metadata(document: &Document, printed: DateTime) -> Metadata {
    // Viewers and screen readers need some title.
    let title = if document.title.trim().is_empty() { "…" } else { document.title.as_str() };
    Metadata::new()
        .title(title.to_owned())
        .description(document.subject.clone())
        .language(document.language.clone())
        .authors(vec![document.frame.site.clone()])
        .creator("Batchwright".to_owned())
        .document_id(document.identity.clone())
        .creation_date(printed)
}

fn embedded(attachment: &Attachment, printed: DateTime) -> Result<EmbeddedFile, RenderError> {
    let Attachment { name, media_type, description, relation, bytes } = attachment;
    let Some(mime_type) = MimeType::new(media_type) else {
        return Err(RenderError::MediaType { name: name.clone(), media_type: media_type.clone() });
    };
    Ok(EmbeddedFile {
        path: name.clone(),
        mime_type: Some(mime_type),
        description: Some(description.clone()),
        association_kind: match relation {
            Relation::Source => AssociationKind::Source,
            Relation::Data => AssociationKind::Data,
            Relation::Alternative => AssociationKind::Alternative,
            Relation::Supplement => AssociationKind::Supplement,
        },
        data: bytes.clone().into(),
        modification_date: Some(printed),
        compress: Some(true),
        location: None,
    })
}

fn date(micros: i64) -> Result<DateTime, RenderError> {
    let time =
        jiff::Timestamp::from_microsecond(micros).map_err(|_| RenderError::Time { micros })?;
    let civil = jiff::tz::Offset::UTC.to_datetime(time);
    let year = u16::try_from(civil.year()).map_err(|_| RenderError::Time { micros })?;
    Ok(DateTime::new(year)
        .month(civil.month() as u8)
        .day(civil.day() as u8)
        .hour(civil.hour() as u8)
        .minute(civil.minute() as u8)
        .second(civil.second() as u8)
        .utc_offset_hour(0)
        .utc_offset_minute(0))
}

/// The bookmarks as a tree: each hangs below the nearest one before it of a higher rank.
fn outline(bookmarks: &[Bookmark]) -> Outline {
    let mut outline = Outline::new();
    let mut rest = bookmarks;
    while let Some(first) = rest.first() {
        let (node, after) = branch(first, &rest[1..]);
        outline.push_child(node);
        rest = after;
    }
    outline
}

fn branch<'a>(mark: &Bookmark, mut rest: &'a [Bookmark]) -> (OutlineNode, &'a [Bookmark]) {
    let above = (mark.y - 8.0).max(0.0);
    let place = krilla::destination::XyzDestination::new(mark.page, Point::from_xy(0.0, above));
    let mut node = OutlineNode::new(mark.words.clone(), place).with_open(mark.level == 1);
    while let Some(next) = rest.first().filter(|next| next.level > mark.level) {
        let (child, after) = branch(next, &rest[1..]);
        node.push_child(child);
        rest = after;
    }
    (node, rest)
}
