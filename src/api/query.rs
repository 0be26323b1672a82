//! Reading questions: words that must be known, ordinals that are written in one way.

use crate::http::problem::{Porch, Problem};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

/// A word of a query that must be one of a type's words. An unknown one is refused: an empty list would
/// read as if there were nothing.
pub fn known<T: DeserializeOwned>(name: &str, word: Option<&str>) -> Result<Option<T>, Problem> {
    let read = |word: &str| {
        serde_json::from_value::<T>(word.into())
            .map_err(|e| Porch::Unreadable.problem(format!("{name}: {e}")))
    };
    word.map(read).transpose()
}

/// A number from 0 in a path, written in one way only: `5`, never `05` or `+5`, so that one thing has one
/// address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordinal(pub u32);

impl<'de> Deserialize<'de> for Ordinal {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let number = text.parse::<u32>().ok().filter(|number| number.to_string() == text);
        number
            .map(Self)
            .ok_or_else(|| D::Error::custom(format!("{text:?} is no number as paths write it")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::recipe::RunPurpose;

    #[test]
    fn an_ordinal_is_written_in_one_way_and_a_word_is_known() {
        let read = |text: &str| serde_json::from_value::<Ordinal>(text.into()).map(|n| n.0).ok();
        assert_eq!((read("5"), read("0"), read("4294967295")), (Some(5), Some(0), Some(u32::MAX)));
        for odd in ["05", "+5", "", "-1", "5 ", "4294967296", "x"] {
            assert_eq!(read(odd), None, "{odd:?}");
        }
        assert!(known::<RunPurpose>("purpose", Some("set-up")).is_ok_and(|found| found.is_some()));
        assert!(known::<RunPurpose>("purpose", Some("xx")).is_err());
    }
}
