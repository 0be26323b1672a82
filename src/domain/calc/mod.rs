//! The language of calculations and conditions, `batchwright.calc/1`: small, frozen, ours.
//!
//! `([OP1.2/titre] * [volume] - 3 'g') / 2`: decimals with units, references to entries, arithmetic,
//! comparisons, a handful of functions. No loops, no floats, no side effects; text and depth are
//! bounded, so that a hostile master record costs nothing. What it means never changes; another
//! meaning would be `batchwright.calc/2` beside it.

pub mod eval;
pub mod exact;
pub mod function;
mod lexer;
mod parser;
mod print;
pub mod reference;
pub mod summary;
pub mod types;
pub mod unit;
mod wide;

pub use eval::{Answer, Stop, answer, evaluate};
pub use function::Function;
pub use parser::parse;
pub use reference::{Reference, Which};

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// The language's name in master records.
pub const LANGUAGE: &str = "batchwright.calc/1";

/// Longest text of an expression.
pub const MAX_LENGTH: usize = 8000;

/// Deepest nesting of an expression: also the longest chain of one operator.
pub const MAX_DEPTH: usize = 256;

/// Most decimals that a value is rounded to.
pub const MAX_DECIMALS: u32 = 20;

/// A reference to an entry, as written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which occurrence.
    pub which: Which,
    /// Another step; without one the same.
    pub step: Option<String>,
    pub entry: String,
}

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Or,
    And,
    /// `=`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Over,
}

impl Op {
    /// Every operator, loosest first.
    pub const ALL: [Self; 12] = [
        Self::Or,
        Self::And,
        Self::Equal,
        Self::Unequal,
        Self::Less,
        Self::AtMost,
        Self::More,
        Self::AtLeast,
        Self::Plus,
        Self::Minus,
        Self::Times,
        Self::Over,
    ];

    /// As written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Over => "/",
        }
    }

    /// How tightly it binds; comparisons do not chain.
    fn strength(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal
            | Self::Unequal
            | Self::Less
            | Self::AtMost
            | Self::More
            | Self::AtLeast => COMPARISON,
            Self::Plus | Self::Minus => 5,
            Self::Times | Self::Over => 6,
        }
    }
}

/// Strength of `not`, looser than comparisons.
const NOT: u8 = 3;
/// Strength of comparisons.
const COMPARISON: u8 = 4;
/// Strength of the unary minus.
const MINUS: u8 = 7;

/// A function over several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    Sum,
    /// Arithmetic mean.
    Mean,
    /// Smallest.
    Min,
    /// Largest.
    Max,
    /// How many.
    Count,
    /// Standard deviation of a sample (n − 1).
    Sd,
    /// Standard deviation in percent of the mean.
    Rsd,
    /// The middle one, or the mean of the two in the middle.
    Median,
    /// Geometric mean.
    Geomean,
}

impl Aggregate {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Sum,
        Self::Mean,
        Self::Min,
        Self::Max,
        Self::Count,
        Self::Sd,
        Self::Rsd,
        Self::Median,
        Self::Geomean,
    ];

    /// As written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Min => "min",
            Self::Max => "max",
            Self::Count => "count",
            Self::Sd => "sd",
            Self::Rsd => "rsd",
            Self::Median => "median",
            Self::Geomean => "geomean",
        }
    }
}

/// How a value is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// Half to the even digit: 2.5 is 2, 3.5 is 4.
    HalfEven,
    /// Half away from zero: 2.5 is 3, -2.5 is -3.
    HalfUp,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
    /// Not at all: as computed.
    None,
}

impl Rounding {
    /// Those that round.
    pub const ALL: [Self; 4] = [Self::HalfEven, Self::HalfUp, Self::Down, Self::Up];

    /// As written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HalfEven => "half-even",
            Self::HalfUp => "half-up",
            Self::Down => "down",
            Self::Up => "up",
            Self::None => "none",
        }
    }

    /// The value with so many decimals, written out: 2.5 with two is `2.50`.
    #[must_use]
    pub fn round(self, value: Decimal, decimals: u32) -> Decimal {
        let strategy = match self {
            Self::HalfEven => RoundingStrategy::MidpointNearestEven,
            Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Self::Down => RoundingStrategy::ToZero,
            Self::Up => RoundingStrategy::AwayFromZero,
            Self::None => return value,
        };
        let mut rounded = value.round_dp_with_strategy(decimals, strategy);
        rounded.rescale(decimals);
        // There is no minus nothing.
        if rounded.is_zero() {
            rounded.set_sign_positive(true);
        }
        rounded
    }
}

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// A decimal with its unit code; `1` is no unit.
    Number(Decimal, String),
    Text(String),
    /// `true` or `false`.
    Truth(bool),
    /// A reference.
    Place(Place),
    /// `-x`
    Negate(Box<Expr>),
    /// `not x`
    Not(Box<Expr>),
    /// Two values with an operator between.
    Binary(Op, Box<Expr>, Box<Expr>),
    /// A function over several values.
    Aggregate(Aggregate, Vec<Expr>),
    /// The value without its sign.
    Abs(Box<Expr>),
    /// A function of one number.
    Call(Function, Box<Expr>),
    /// A number to a power.
    Power(Box<Expr>, Box<Expr>),
    /// Rounded to decimals.
    Round(Box<Expr>, u32, Rounding),
    /// In another unit of the same dimension.
    Convert(Box<Expr>, String),
    /// The second where the first holds, else the third.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
}

impl Expr {
    /// Every reference in it, in order of writing.
    #[must_use]
    pub fn places(&self) -> Vec<&Place> {
        let mut places = Vec::new();
        let mut open = vec![self];
        while let Some(expr) = open.pop() {
            if let Self::Place(place) = expr {
                places.push(place);
            }
            open.extend(expr.parts().into_iter().rev());
        }
        places
    }

    /// Every list in it, with the function that it stands in.
    #[must_use]
    pub fn lists(&self) -> Vec<(Aggregate, Place)> {
        let mut lists = Vec::new();
        let mut open = vec![self];
        while let Some(expr) = open.pop() {
            if let Self::Aggregate(aggregate, list) = expr {
                let all = list.iter().filter_map(|inner| match inner {
                    Self::Place(place) if place.which == Which::All => Some(place.clone()),
                    _ => None,
                });
                lists.extend(all.map(|place| (*aggregate, place)));
            }
            open.extend(expr.parts());
        }
        lists
    }

    /// How many expressions stand one in the other, from 1.
    #[must_use]
    pub fn depth(&self) -> usize {
        let (mut deepest, mut open) = (0, vec![(self, 1)]);
        while let Some((expr, depth)) = open.pop() {
            deepest = deepest.max(depth);
            open.extend(expr.parts().into_iter().map(|part| (part, depth + 1)));
        }
        deepest
    }

    /// What it is made of.
    #[must_use]
    pub fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Place(_) | Self::Number(..) | Self::Text(_) | Self::Truth(_) => Vec::new(),
            Self::Negate(x) | Self::Not(x) | Self::Abs(x) | Self::Call(_, x) => vec![x],
            Self::Round(x, ..) | Self::Convert(x, _) => vec![x],
            Self::Binary(_, a, b) | Self::Power(a, b) => vec![a, b],
            Self::Aggregate(_, list) => list.iter().collect(),
            Self::If(a, b, c) => vec![a, b, c],
        }
    }

    /// The whole number that it is, written out.
    #[must_use]
    pub fn written_whole(&self) -> Option<i32> {
        match self {
            Self::Number(number, unit) if unit == "1" && number.is_integer() => {
                number.normalize().to_string().parse().ok()
            }
            Self::Negate(inner) => inner.written_whole().map(i32::wrapping_neg),
            _ => None,
        }
    }

    /// What it is computed from.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        let of = |place: &&Place| Reference::Entry {
            step: place.step.clone(),
            entry: place.entry.clone(),
            which: place.which,
        };
        self.places().iter().map(of).collect()
    }
}
