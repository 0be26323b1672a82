//! Medians and spreads.

use std::fmt;

/// The median; of an even number of values the mean of the two in the middle.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[half],
        _ => f64::midpoint(sorted[half - 1], sorted[half]),
    }
}

/// A median with the least and the greatest value.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

impl Spread {
    pub fn of(values: &[f64]) -> Self {
        Self {
            median: median(values),
            least: values.iter().copied().fold(f64::INFINITY, f64::min),
            most: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [median, least, most] = [self.median, self.least, self.most].map(short);
        write!(f, "{median} [{least}–{most}]")
    }
}

/// A number with as many digits as say something.
pub fn short(value: f64) -> String {
    match value.abs() {
        v if v.is_nan() => "–".to_owned(),
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// Two sides that were measured in turn, round by round.
#[derive(Debug, Clone, Default)]
pub struct Pairs {
    pub one: Vec<f64>,
    pub other: Vec<f64>,
}

impl Pairs {
    /// Takes both sides of one round; which comes first changes from round to round.
    pub fn round<C>(
        &mut self,
        round: usize,
        context: &mut C,
        one: impl FnOnce(&mut C) -> f64,
        other: impl FnOnce(&mut C) -> f64,
    ) {
        let (a, b) = if round.is_multiple_of(2) {
            let a = one(context);
            (a, other(context))
        } else {
            let b = other(context);
            (one(context), b)
        };
        self.one.push(a);
        self.other.push(b);
    }

    /// The ratio of one to the other, round by round.
    pub fn ratio(&self) -> Spread {
        let each: Vec<f64> = self.one.iter().zip(&self.other).map(|(a, b)| a / b).collect();
        Spread::of(&each)
    }
}
