//! Censored numbers: less or more than the method can tell (`<0.05`, `≥300`). One stands for all numbers that it admits.

use super::{Written, written};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// On which side of its bound a censored number lies, and whether on the bound itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Relation {
    /// Below.
    #[serde(rename = "<")]
    Less,
    /// Below, or the bound itself.
    #[serde(rename = "≤")]
    AtMost,
    /// Above.
    #[serde(rename = ">")]
    More,
    /// Above, or the bound itself.
    #[serde(rename = "≥")]
    AtLeast,
}

/// What a censored number stands for in a calculation, as the specification says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CensoredAs {
    /// Nothing is calculated from it.
    #[default]
    Refuse,
    /// Its bound.
    Bound,
    /// Zero; only what is less than its bound.
    Zero,
    /// Half its bound; only what is less than its bound.
    Half,
}

/// A number of which only a bound is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Censored {
    /// On which side of the bound.
    pub is: Relation,
    pub bound: Decimal,
    /// What it stands for in a calculation.
    #[serde(default)]
    pub counts_as: CensoredAs,
}

/// What was found: a number, or all numbers on one side of a bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Number(Decimal),
    Censored(Censored),
}

impl Relation {
    /// Every relation.
    pub const ALL: [Self; 4] = [Self::Less, Self::AtMost, Self::More, Self::AtLeast];

    /// The sign that is printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "≤",
            Self::More => ">",
            Self::AtLeast => "≥",
        }
    }

    /// Whether smaller numbers are admitted.
    #[must_use]
    pub fn is_below(self) -> bool {
        match self {
            Self::Less | Self::AtMost => true,
            Self::More | Self::AtLeast => false,
        }
    }

    /// Whether the bound itself is admitted.
    #[must_use]
    pub fn holds_bound(self) -> bool {
        match self {
            Self::AtMost | Self::AtLeast => true,
            Self::Less | Self::More => false,
        }
    }
}

impl CensoredAs {
    /// Whether it is the default.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        *self == Self::Refuse
    }

    /// The word in master records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Bound => "bound",
            Self::Zero => "zero",
            Self::Half => "half",
        }
    }
}

impl Censored {
    /// The number to calculate with.
    ///
    /// # Errors
    /// A sentence for people: why nothing can be calculated with it.
    pub fn for_calculation(&self) -> Result<Decimal, String> {
        let shown = self.shown();
        match (self.counts_as, self.is.is_below()) {
            (CensoredAs::Refuse, _) => Err(format!(
                "{shown} is no number, and its specification says nothing that stands for it"
            )),
            (CensoredAs::Bound, _) => Ok(self.bound),
            (CensoredAs::Zero, true) => Ok(Decimal::ZERO),
            (CensoredAs::Half, true) => {
                let half = self.bound.checked_mul(Decimal::new(5, 1));
                half.ok_or_else(|| format!("half of {shown} has too many digits"))
            }
            (CensoredAs::Zero | CensoredAs::Half, false) => Err(format!(
                "{shown} is not below its bound: {} does not stand for it",
                self.counts_as.as_str()
            )),
        }
    }

    /// As people read it, without a unit.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{}{}", self.is.as_str(), self.bound)
    }
}

impl From<Decimal> for Found {
    fn from(number: Decimal) -> Self {
        Self::Number(number)
    }
}

impl From<Censored> for Found {
    fn from(censored: Censored) -> Self {
        Self::Censored(censored)
    }
}

/// The sign before a number, if one stands there, and the number.
///
/// # Errors
/// A sentence for people: what follows the sign is no number.
pub fn read(text: &str) -> Result<(Option<Relation>, Written), String> {
    let text = text.trim();
    let signs = [
        ("<=", Relation::AtMost),
        ("≤", Relation::AtMost),
        ("⩽", Relation::AtMost),
        (">=", Relation::AtLeast),
        ("≥", Relation::AtLeast),
        ("⩾", Relation::AtLeast),
        ("<", Relation::Less),
        (">", Relation::More),
    ];
    let found = signs.iter().find_map(|(sign, is)| Some((*is, text.strip_prefix(sign)?)));
    match found {
        Some((is, number)) => Ok((Some(is), written(number)?)),
        None => Ok((None, written(text)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // finding: P5
    #[test]
    fn a_sign_before_a_number_is_read_with_blanks_and_in_every_spelling() {
        let read = |text: &str| read(text).map(|(is, number)| (is, number.value.to_string()));
        for (text, is, value) in [
            ("<0.05", Some(Relation::Less), "0.05"),
            ("< 0.05 ", Some(Relation::Less), "0.05"),
            ("<= 0.05", Some(Relation::AtMost), "0.05"),
            ("≤0.05", Some(Relation::AtMost), "0.05"),
            (">300", Some(Relation::More), "300"),
            (">=3e2", Some(Relation::AtLeast), "300"),
            ("≥ -1", Some(Relation::AtLeast), "-1"),
            ("0.05", None, "0.05"),
        ] {
            assert_eq!(read(text), Ok((is, value.to_owned())), "{text}");
        }
        for bad in ["<", "<<1", "< ND", "<0,05", "1<", "=1", "<>1", "~1"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_a_censored_number_stands_for_in_a_calculation_the_specification_says() {
        let of = |is, counts_as| Censored { is, bound: Decimal::new(5, 2), counts_as };
        let counts =
            |is, counts_as| of(is, counts_as).for_calculation().ok().map(|it| it.to_string());
        for is in Relation::ALL {
            assert_eq!(counts(is, CensoredAs::Refuse), None);
            assert_eq!(counts(is, CensoredAs::Bound).as_deref(), Some("0.05"));
            let below = is.is_below();
            assert_eq!(counts(is, CensoredAs::Zero).as_deref(), below.then_some("0"));
            assert_eq!(counts(is, CensoredAs::Half).as_deref(), below.then_some("0.025"));
        }
    }
}
