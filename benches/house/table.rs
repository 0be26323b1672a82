//! The table: what was measured, against what, and whether its limit is met.

use crate::kit::numbers::{Pairs, Spread, short};

/// What a ratio must be.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    AtLeast(f64),
    AtMost(f64),
    /// Wanted, and beyond it a goal.
    Goal(f64, f64),
    /// Shown beside, without a limit.
    None,
}

impl Limit {
    fn words(self) -> String {
        match self {
            Self::AtLeast(limit) => format!("≥ {}", short(limit)),
            Self::AtMost(limit) => format!("≤ {}", short(limit)),
            Self::Goal(limit, goal) => format!("≥ {}, goal {}", short(limit), short(goal)),
            Self::None => String::new(),
        }
    }

    fn met(self, value: f64) -> &'static str {
        match self {
            Self::AtLeast(limit) | Self::Goal(limit, _) if value < limit => "NO",
            Self::AtMost(limit) if value > limit => "NO",
            Self::Goal(_, goal) if value >= goal => "yes, and the goal",
            Self::AtLeast(_) | Self::AtMost(_) | Self::Goal(..) if value.is_nan() => "NO",
            Self::AtLeast(_) | Self::AtMost(_) | Self::Goal(..) => "yes",
            Self::None => "",
        }
    }
}

/// A line of the table.
#[derive(Debug, Clone)]
pub struct Line {
    pub what: String,
    pub measured: String,
    pub against: String,
    /// What the limit is about; nothing where it could not be measured.
    pub value: Option<Spread>,
    pub limit: Limit,
}

impl Line {
    /// One side against the other: medians, and the ratio round by round.
    pub fn ratio(what: &str, units: &str, [one, other]: [&str; 2], pairs: &Pairs) -> Self {
        Self {
            what: what.to_owned(),
            measured: format!("{one} {} {units}", Spread::of(&pairs.one)),
            against: format!("{other} {} {units}", Spread::of(&pairs.other)),
            value: Some(pairs.ratio()),
            limit: Limit::None,
        }
    }

    /// A value by itself.
    pub fn alone(what: &str, units: &str, values: &[f64]) -> Self {
        let spread = Spread::of(values);
        Self {
            what: what.to_owned(),
            measured: format!("{spread} {units}"),
            against: String::new(),
            value: Some(spread),
            limit: Limit::None,
        }
    }

    pub fn missing(what: &str, measured: String, why: &str, limit: Limit) -> Self {
        let (what, against) = (what.to_owned(), format!("NOT MEASURED: {why}"));
        Self { what, measured, against, value: None, limit }
    }

    pub fn limit(self, limit: Limit) -> Self {
        Self { limit, ..self }
    }

    fn cells(&self) -> [String; 6] {
        let value = self.value.map_or_else(|| "–".to_owned(), |spread| spread.to_string());
        let met = match (self.value, self.limit) {
            (_, Limit::None) => "",
            (Some(spread), limit) => limit.met(spread.median),
            (None, _) => "NOT MEASURED",
        };
        let limit = self.limit.words();
        let (what, measured) = (self.what.clone(), self.measured.clone());
        [what, measured, self.against.clone(), value, limit, met.to_owned()]
    }
}

/// Prints all lines as one table.
pub fn print(lines: &[Line]) {
    let heads = ["what", "measured", "against", "value", "limit", "met"].map(str::to_owned);
    let rows: Vec<[String; 6]> =
        std::iter::once(heads).chain(lines.iter().map(Line::cells)).collect();
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..6).map(width).collect();
    println!();
    for (no, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        println!("| {} |", cells.collect::<Vec<_>>().join(" | "));
        if no == 0 {
            let rule = widths.iter().map(|width| "-".repeat(width + 2));
            println!("|{}|", rule.collect::<Vec<_>>().join("|"));
        }
    }
    println!(
        "\nMedians of the rounds, least and most in brackets; a ratio is taken round by round."
    );
}
