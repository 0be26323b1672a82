//! What of several determinations a method reports: the worst, their mean or median, or each; and what
//! spread makes a run of tests invalid. All in decimals; nothing is averaged that the method does not average.

use crate::domain::quantity::ratio::quotient;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What a method reports of the determinations of one test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reportable {
    /// The one with the least margin; every single is judged by the limit.
    #[default]
    Worst,
    /// Their mean; the limit is for the mean.
    Mean,
    /// Their median; the limit is for the median.
    Median,
    /// Every single one.
    Each,
}

impl Reportable {
    /// Whether one value stands for several determinations.
    #[must_use]
    pub fn joins(self) -> bool {
        match self {
            Self::Mean | Self::Median => true,
            Self::Worst | Self::Each => false,
        }
    }

    /// The word that is printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Worst => "worst",
            Self::Mean => "mean",
            Self::Median => "median",
            Self::Each => "each",
        }
    }

    /// The value that stands for all of these; nothing where the method joins none, or it cannot be computed.
    #[must_use]
    pub fn of(self, singles: &[Decimal]) -> Option<Decimal> {
        match self {
            Self::Mean => mean(singles),
            Self::Median => median(singles),
            Self::Worst | Self::Each => None,
        }
    }
}

/// For what a specification is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// Once for each product and side product lot of the run, of a sample of that lot.
    Lot,
    /// Once for the run.
    Run,
}

/// The spread of one run of tests beyond which the run is invalid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Largest minus smallest, at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<Decimal>,
    /// Relative standard deviation in percent, at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rsd: Option<Decimal>,
    /// How often the method lets an invalid run be repeated; absent: never.
    #[serde(default)]
    pub repeats: u32,
}

impl Spread {
    /// Why a run of these is invalid, if it is. What cannot be computed is not passed over: it is invalid.
    #[must_use]
    pub fn violated(&self, singles: &[Decimal]) -> Option<String> {
        if let Some(most) = self.range {
            match range(singles) {
                Some(range) if range <= most => {}
                Some(range) => return Some(format!("range {range} over {most}")),
                None => return Some("its range cannot be computed".into()),
            }
        }
        if let Some(most) = self.rsd {
            match exceeds(singles, most) {
                Some(false) => {}
                Some(true) => return Some(format!("RSD over {most} %")),
                None => return Some("its RSD cannot be computed".into()),
            }
        }
        None
    }

    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self, planned: u32) -> Vec<String> {
        let mut faults = Vec::new();
        if self.range.is_none() && self.rsd.is_none() {
            faults.push("a spread names a range or an RSD".into());
        }
        if [self.range, self.rsd].into_iter().flatten().any(|most| most < Decimal::ZERO) {
            faults.push("a spread is not below zero".into());
        }
        if planned < 2 {
            faults.push("one determination has no spread; say how many replicates".into());
        }
        faults
    }

    /// As people read it.
    #[must_use]
    pub fn shown(&self) -> String {
        let range = self.range.map(|most| format!("range at most {most}"));
        let rsd = self.rsd.map(|most| format!("RSD at most {most} %"));
        let all: Vec<_> = [range, rsd].into_iter().flatten().collect();
        let repeated = match self.repeats {
            0 => "never repeated".to_owned(),
            1 => "repeated at most once".to_owned(),
            n => format!("repeated at most {n} times"),
        };
        format!("spread: {}, {repeated}", all.join(", "))
    }
}

fn count(singles: &[Decimal]) -> Option<Decimal> {
    u32::try_from(singles.len()).ok().filter(|n| *n > 0).map(Decimal::from)
}

fn sum(singles: &[Decimal]) -> Option<Decimal> {
    singles.iter().try_fold(Decimal::ZERO, |sum, single| sum.checked_add(*single))
}

fn mean(singles: &[Decimal]) -> Option<Decimal> {
    quotient(sum(singles)?, count(singles)?)
}

fn median(singles: &[Decimal]) -> Option<Decimal> {
    let mut sorted = singles.to_vec();
    sorted.sort();
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        return sorted.get(middle).copied();
    }
    mean(sorted.get(middle.checked_sub(1)?..=middle)?)
}

/// Largest minus smallest.
#[must_use]
pub fn range(singles: &[Decimal]) -> Option<Decimal> {
    singles.iter().max()?.checked_sub(*singles.iter().min()?)
}

/// Whether the relative standard deviation exceeds so many percent, without taking a root:
/// `s² > (most/100 · mean)²`, multiplied out by n²·(n-1).
fn exceeds(singles: &[Decimal], most: Decimal) -> Option<bool> {
    let (n, sum) = (count(singles)?, sum(singles)?);
    let less = n.checked_sub(Decimal::ONE).filter(|less| !less.is_zero())?;
    if sum.is_zero() {
        return None;
    }
    let squares = singles
        .iter()
        .try_fold(Decimal::ZERO, |all, single| all.checked_add(single.checked_mul(*single)?))?;
    // n²(n-1)·s² = n·(n·Σx² - (Σx)²); n²·mean² = (Σx)².
    let own = n.checked_mul(n.checked_mul(squares)?.checked_sub(sum.checked_mul(sum)?)?)?;
    let part = most.checked_div(Decimal::ONE_HUNDRED)?.checked_mul(sum)?;
    Some(own > part.checked_mul(part)?.checked_mul(less)?)
}

/// A number as people read it: with four places more than the limit is written with, and a mark where more
/// follow.
#[must_use]
pub fn shortened(value: Decimal, places: u32) -> String {
    let cut = value.trunc_with_scale(places.saturating_add(4));
    if cut == value { value.normalize().to_string() } else { format!("{cut}…") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(texts: &[&str]) -> Vec<Decimal> {
        texts.iter().map(|text| text.parse().expect("a decimal")).collect()
    }

    // finding: G8
    #[test]
    fn a_mean_carries_full_precision_and_a_median_takes_the_middle() {
        let three = all(&["97.2", "96.96", "97.4"]);
        let mean = Reportable::Mean.of(&three).expect("a mean");
        assert_eq!(shortened(mean, 1), "97.18666…");
        assert_eq!(Reportable::Median.of(&three), Some(Decimal::new(972, 1)));
        let four = all(&["1", "4", "2", "3"]);
        assert_eq!(Reportable::Median.of(&four), Some(Decimal::new(25, 1)));
        assert_eq!(Reportable::Worst.of(&three), None);
        assert_eq!(Reportable::Mean.of(&[]), None);
    }

    #[test]
    fn a_spread_is_compared_without_a_root_and_what_cannot_be_computed_is_invalid() {
        // Mean 10, s 1: RSD 10 %.
        let singles = all(&["9", "10", "11"]);
        let rsd = |most: &str| {
            let spread =
                Spread { range: None, rsd: Some(most.parse().expect("a number")), repeats: 0 };
            spread.violated(&singles)
        };
        assert_eq!(rsd("10"), None);
        assert!(rsd("9.99").is_some());
        let range = Spread { range: Some(Decimal::TWO), rsd: None, repeats: 0 };
        assert_eq!(range.violated(&singles), None);
        assert!(range.violated(&all(&["1", "3.01"])).is_some());
        let rsd = Spread { range: None, rsd: Some(Decimal::ONE), repeats: 0 };
        assert!(rsd.violated(&all(&["-1", "1"])).is_some(), "no mean to be relative to");
    }
}
