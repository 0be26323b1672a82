//! Tables: their header row repeats on each page, their rows may continue on the next.

use super::{Text, Tone};

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Words above the table, may be empty.
    pub caption: Text,
    pub columns: Vec<Column>,
    /// The rows; a row with fewer cells than columns is filled with empty ones, surplus cells are an error.
    pub rows: Vec<Row>,
    /// Whether the first cell of each row names the row (read aloud as its header).
    pub row_headers: bool,
    /// Smaller letters and lower rows, for long tables such as the audit trail.
    pub dense: bool,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The header cell's words.
    pub title: Text,
    /// How wide it is.
    pub width: Width,
    /// Where its content stands.
    pub align: Align,
}

/// How wide a column is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Width {
    /// Points.
    Fixed(f32),
    /// A share of what the fixed columns leave, by weight.
    Share(f32),
}

/// Where content stands in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// At the left edge.
    #[default]
    Start,
    /// In the middle.
    Centre,
    /// At the right edge: numbers.
    End,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    pub cells: Vec<Cell>,
    /// Tint of the row; the words of the row say the same.
    pub tone: Tone,
    /// Whether its one cell goes across all columns and heads the rows below, on each page that goes on with them.
    pub across: bool,
}

/// A cell: one or more paragraphs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell(pub Vec<Text>);

impl Table {
    /// A table without rows.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Table {
            caption: Text::new(),
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
            row_headers: false,
            dense: false,
        }
    }

    /// With words above it.
    pub fn caption(mut self, caption: impl Into<Text>) -> Self {
        self.caption = caption.into();
        self
    }

    /// With the first cell of each row as the row's header.
    pub fn row_headers(mut self) -> Self {
        self.row_headers = true;
        self
    }

    /// With smaller letters and lower rows.
    pub fn dense(mut self) -> Self {
        self.dense = true;
        self
    }

    /// Appends a row of cells.
    pub fn row<C: Into<Cell>>(&mut self, cells: impl IntoIterator<Item = C>) -> &mut Self {
        self.push(Row::new(cells))
    }

    /// Appends a row.
    pub fn push(&mut self, row: Row) -> &mut Self {
        self.rows.push(row);
        self
    }
}

impl Column {
    /// A column that takes a share of the width by weight.
    pub fn share(weight: f32, title: impl Into<Text>) -> Self {
        Column { title: title.into(), width: Width::Share(weight), align: Align::Start }
    }

    /// A column of a fixed width in points.
    pub fn fixed(points: f32, title: impl Into<Text>) -> Self {
        Column { title: title.into(), width: Width::Fixed(points), align: Align::Start }
    }

    /// With content at the right edge.
    pub fn end(mut self) -> Self {
        self.align = Align::End;
        self
    }

    /// With content in the middle.
    pub fn centre(mut self) -> Self {
        self.align = Align::Centre;
        self
    }
}

impl Row {
    /// A row of cells.
    pub fn new<C: Into<Cell>>(cells: impl IntoIterator<Item = C>) -> Self {
        let cells = cells.into_iter().map(Into::into).collect();
        Row { cells, tone: Tone::Plain, across: false }
    }

    /// A line across all columns that heads the rows below it: a day, a group.
    pub fn across(text: impl Into<Text>) -> Self {
        Row { across: true, ..Row::new([text.into()]) }
    }

    /// Tinted.
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

impl Cell {
    /// A cell of several paragraphs.
    pub fn lines<T: Into<Text>>(lines: impl IntoIterator<Item = T>) -> Self {
        Cell(lines.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Text>> From<T> for Cell {
    fn from(text: T) -> Self {
        Cell(vec![text.into()])
    }
}
