//! Identities: UUIDs inside, business numbers in URLs, occurrences as part of what is addressed.

use super::nouns::nouns;
use super::refusal::quoted;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! kinds {
    ($($kind:ident: $module:ident::$state:ident = $word:literal, $as:ident, $reader:ident, $about:literal;)+) => {
        /// The kinds of record that have a journal of their own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum RecordKind {
            $(
                #[doc = $about]
                #[serde(rename = $word)]
                $kind,
            )+
        }

        impl RecordKind {
            /// All kinds, in the fixed order in which records are locked.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// The word that stands in headers and tables, and before the names of its events.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $word,)+
                }
            }
        }
    };
}
nouns!(kinds);

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RecordKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|kind| kind.as_str()).collect();
            format!("no record kind is called {text:?}; known are {}", known.join(", "))
        })
    }
}

/// A record: its kind and its UUIDv7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordKey {
    /// What kind of record.
    pub kind: RecordKind,
    /// Its identity inside the house.
    pub id: Uuid,
}

impl RecordKey {
    /// Names a record.
    #[must_use]
    pub fn new(kind: RecordKind, id: Uuid) -> Self {
        Self { kind, id }
    }
}

/// A person's identity (the record id of the person).
pub type PersonId = Uuid;

/// What a command asks the store to load: a record by identity, or by its business number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The one site record of this database.
    Site,
    /// By identity.
    Id(RecordKey),
    /// By business number; absent is an answer, not an error (uniqueness is decided on it).
    /// Persons: the normalised user name. Masters: `CODE~version`. Others: their number.
    Number(RecordKind, String),
    /// By the normal form of a number (`domain::alike`): whatever reads alike is one record of its kind.
    Alike(RecordKind, String),
    /// The run in which quality last refused a lot of this supplier that reads like this number; without a
    /// supplier, one in which it decided on any such lot.
    Foreign {
        /// The number, as typed.
        number: String,
        /// The supplier, as typed.
        supplier: Option<String>,
    },
}

/// Longest business number.
pub const NUMBER_LENGTH: usize = 40;

/// Checks a business number: 1 to 40 of `A-Z 0-9 . _ -`, beginning with a letter or digit.
///
/// # Errors
/// A sentence for people when it is not one.
pub fn check_number(text: &str) -> Result<(), String> {
    let fits = !text.is_empty()
        && text.len() <= NUMBER_LENGTH
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b"._-".contains(&b))
        && text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
    if fits {
        return Ok(());
    }
    Err(format!(
        "{} is not a number: use 1 to {NUMBER_LENGTH} of A-Z, 0-9, '.', '_' and '-', beginning with a letter or digit",
        quoted(text)
    ))
}

/// An occurrence of an operation: `OP-05.2~1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct OperationKey {
    /// The operation's id in the master record.
    pub op: String,
    /// Which time round, from 1.
    pub n: u32,
}

/// An occurrence of a step within an occurrence of its operation: `OP-05.2~1/05.2.1~2`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct StepKey {
    /// The operation's occurrence.
    pub operation: OperationKey,
    /// The step's id in the master record.
    pub step: String,
    /// Which time round within the operation's occurrence, from 1.
    pub k: u32,
}

impl StepKey {
    /// Names an occurrence.
    #[must_use]
    pub fn new(op: &str, n: u32, step: &str, k: u32) -> Self {
        let operation = OperationKey { op: op.to_owned(), n };
        Self { operation, step: step.to_owned(), k }
    }
}

fn split_occurrence(text: &str) -> Result<(String, u32), String> {
    let parts = text.rsplit_once('~').and_then(|(id, n)| {
        // Written in one way only: `5`, never `05` or `+5`.
        Some((id, n.parse::<u32>().ok().filter(|number| number.to_string() == n)?))
    });
    match parts {
        Some((id, n)) if n >= 1 && !id.is_empty() && !id.contains('/') => Ok((id.to_owned(), n)),
        _ => {
            Err(format!("{text:?} names no occurrence: write id~n with n from 1, as in OP-05.2~1"))
        }
    }
}

impl fmt::Display for OperationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}", self.op, self.n)
    }
}

impl FromStr for OperationKey {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (op, n) = split_occurrence(text)?;
        Ok(Self { op, n })
    }
}

impl fmt::Display for StepKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}~{}", self.operation, self.step, self.k)
    }
}

impl FromStr for StepKey {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (operation, step) =
            text.split_once('/').ok_or_else(|| format!("{text:?} names no step occurrence"))?;
        let (step, k) = split_occurrence(step)?;
        Ok(Self { operation: operation.parse()?, step, k })
    }
}

macro_rules! text_form {
    ($name:ty) => {
        impl From<$name> for String {
            fn from(key: $name) -> Self {
                key.to_string()
            }
        }
        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }
    };
}
text_form!(OperationKey);
text_form!(StepKey);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn occurrences_read_back_as_written() {
        let key = StepKey::new("OP-05.2", 1, "05.2.1", 3);
        assert_eq!(key.to_string(), "OP-05.2~1/05.2.1~3");
        assert_eq!("OP-05.2~1/05.2.1~3".parse::<StepKey>(), Ok(key));
        for bad in ["OP-05.2", "OP~0", "~1", "OP~1/05", "OP~1/05~x", "OP~1/05~01", "OP~+1/05~1"] {
            assert!(bad.parse::<StepKey>().is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_have_one_alphabet() {
        assert!(check_number("AMAB-26.001_A").is_ok());
        for bad in ["", "a", "-A", "A B", "Ä", &"A".repeat(41)] {
            assert!(check_number(bad).is_err(), "{bad}");
        }
    }
}
