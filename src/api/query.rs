//! Reading questions: words that must be known, ordinals that are written in one way.

use super::act::malformed;
use crate::domain::clock::Instant;
use crate::domain::refusal::Refusal;
use crate::http::problem::{Porch, Problem};
use actix_web::ResponseError;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
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

/// Words of a query with commas between them, each of which must be one of a type's words.
pub fn words<T: DeserializeOwned>(name: &str, text: Option<&str>) -> Result<Vec<String>, Problem> {
    let all = text.map(|text| text.split(',').map(|word| word.trim().to_owned()).collect());
    let all: Vec<String> = all.unwrap_or_default();
    for word in &all {
        known::<T>(name, Some(word))?;
    }
    Ok(all)
}

/// A moment in a query.
pub fn moment(name: &str, text: Option<String>) -> Result<Option<Instant>, Refusal> {
    text.map(|text| Instant::parse(&text).map_err(|e| malformed(format!("{name}: {e}"))))
        .transpose()
}

/// Which end of a list comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    Newest,
    Oldest,
}

/// A question that has no words of its own: what stands behind the question mark is refused, since it would read as
/// if it had been looked for.
pub async fn no_words<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let words = request.query_string();
    if words.is_empty() {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let problem = Porch::Unreadable
        .problem(format!("{words:?}: this question takes no words; leave them out"));
    Ok(request.into_response(problem.error_response()).map_into_right_body())
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
