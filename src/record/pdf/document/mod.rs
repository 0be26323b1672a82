//! What a printed document says, independent of fonts, pages and PDF: a frame for every page, a sequence of blocks,
//! attached files. Whoever builds a report uses only this module.

mod block;
mod inline;
mod picture;
mod table;
mod texts;

pub use block::{Block, Callout, Fact, Heading, Level, Tile};
pub use inline::{Badge, Inline, Run, Style, Symbol, Text, Tone};
pub use picture::{Bar, Bound, Lane, Photo, Pin, Point, Timeline, Trend};
pub use table::{Align, Cell, Column, Row, Table, Width};

/// A document to be laid out and written.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The title shown by viewers and named in the metadata, for example `Batch record AMAB-2026-014`.
    pub title: String,
    /// Language of the text as a BCP 47 tag, for example `en`.
    pub language: String,
    /// One sentence about the document, for the metadata; may be empty.
    pub subject: String,
    /// Stable identity of this rendition (batch and rendition number, hash …); the file's `/ID` derives from it.
    pub identity: String,
    /// When the document was printed, in microseconds since 1970-01-01 UTC. Nothing in here asks a clock.
    pub printed_at_micros: i64,
    /// What every page repeats.
    pub frame: Frame,
    /// The content, in reading order.
    pub blocks: Vec<Block>,
    /// Files carried inside the PDF.
    pub attachments: Vec<Attachment>,
}

/// What stands at the head and foot of *every* page, so that a loose sheet still says what it belongs to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Frame {
    /// Name of the site.
    pub site: String,
    /// Kind of document, for example `Batch record`.
    pub kind: String,
    /// Batch number.
    pub batch: String,
    /// Master record code and version, for example `AMAB-DS v1`.
    pub version: String,
    /// Rendition number as printed, for example `Rendition 3`.
    pub rendition: String,
    /// Time of printing with its zone, as people read it.
    pub printed_at: String,
    /// Printed name and user name of the person who printed.
    pub printed_by: String,
    /// A warning that no page may be without, for example `DEMO SITE · SIMULATED TIME`.
    pub banner: Option<String>,
}

/// A file carried inside the PDF, for machines that read the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Attachment {
    /// File name, for example `batch-record.json`.
    pub name: String,
    /// Media type, for example `application/json`.
    pub media_type: String,
    /// What the file is, for people.
    pub description: String,
    /// How the file relates to the pages.
    pub relation: Relation,
    pub bytes: Vec<u8>,
}

/// How an attached file relates to the document (PDF/A-3 `AFRelationship`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The pages were made from this file.
    Source,
    /// The pages show this data.
    Data,
    /// The same content in another form.
    Alternative,
    /// Additional material.
    Supplement,
}

impl Document {
    /// An empty document in English with nothing on its pages but the frame.
    pub fn new(
        title: impl Into<String>,
        identity: impl Into<String>,
        printed_at_micros: i64,
        frame: Frame,
    ) -> Self {
        Document {
            title: title.into(),
            language: "en".into(),
            subject: String::new(),
            identity: identity.into(),
            printed_at_micros,
            frame,
            blocks: Vec::new(),
            attachments: Vec::new(),
        }
    }

    /// Appends a block.
    pub fn push(&mut self, block: impl Into<Block>) -> &mut Self {
        self.blocks.push(block.into());
        self
    }

    /// Appends a level 1 heading; it starts a chapter and a bookmark.
    pub fn h1(&mut self, text: impl Into<Text>) -> &mut Self {
        self.push(Heading::new(Level::One, text))
    }

    /// Appends a level 2 heading.
    pub fn h2(&mut self, text: impl Into<Text>) -> &mut Self {
        self.push(Heading::new(Level::Two, text))
    }

    /// Appends a level 3 heading.
    pub fn h3(&mut self, text: impl Into<Text>) -> &mut Self {
        self.push(Heading::new(Level::Three, text))
    }

    /// Appends a level 4 heading.
    pub fn h4(&mut self, text: impl Into<Text>) -> &mut Self {
        self.push(Heading::new(Level::Four, text))
    }

    /// Appends a list of the headings down to a level, with their pages.
    pub fn contents(&mut self, depth: Level) -> &mut Self {
        self.push(Block::Contents(depth))
    }

    /// Appends a paragraph.
    pub fn paragraph(&mut self, text: impl Into<Text>) -> &mut Self {
        self.push(Block::Paragraph(text.into()))
    }

    /// Continues on a new page (nothing happens on a page that is still empty).
    pub fn page_break(&mut self) -> &mut Self {
        self.push(Block::PageBreak)
    }

    /// Attaches a file.
    pub fn attach(&mut self, attachment: Attachment) -> &mut Self {
        self.attachments.push(attachment);
        self
    }
}
