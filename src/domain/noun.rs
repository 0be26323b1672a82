//! What every noun answers for itself: who it is, where it stands, who may read it, and how its entries fold.

use super::command::{EvolveFault, Happened};
use super::ids::RecordKey;
use super::permits::Admitted;
use super::recipe::plan::Recipe;
use super::refusal::Rule;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A record with a journal of its own, folded from it.
pub trait Noun {
    /// The record.
    fn key(&self) -> RecordKey;

    /// Sequence of its newest entry.
    fn seq(&self) -> u64;

    /// Link of its newest entry.
    fn head(&self) -> [u8; 32];

    /// Its business number, as [`Key::Number`](super::ids::Key::Number) names it; nothing: it is never looked up so.
    fn number(&self) -> Option<String>;

    /// The number that somebody means who writes this.
    #[must_use]
    fn meant(text: &str) -> String
    where
        Self: Sized,
    {
        text.to_owned()
    }

    /// What a signature over one of its entries calls it.
    fn called(&self) -> String {
        self.number().unwrap_or_default()
    }

    /// The number that its first event gives it, before there is a state.
    #[must_use]
    fn number_in(data: &Value) -> String
    where
        Self: Sized,
    {
        text_in(data, "number")
    }

    /// Where it stands: the word that lists are asked by.
    fn phase(&self) -> String;

    /// Whose reading it is.
    fn reach(&self) -> Reach<'_>;

    /// Every rule of the noun that can refuse.
    #[must_use]
    fn rules() -> Vec<&'static Rule>
    where
        Self: Sized;

    /// Whether an entry of this event, named without the noun, is nothing without a person's signature.
    #[must_use]
    fn is_signed(event: &str) -> bool
    where
        Self: Sized;

    /// How an event, named without the noun, may ever come about: verification holds every entry to it.
    #[must_use]
    fn admitted(event: &str) -> Admitted
    where
        Self: Sized;

    /// Whether an event of the noun has this name, without the noun's word.
    ///
    /// # Errors
    /// A sentence that names the events there are.
    fn has_event(name: &str) -> Result<(), String>
    where
        Self: Sized;

    /// Folds one entry; contains no rule and accepts every released event. `frozen` is what
    /// the entry freezes, given by the loader.
    ///
    /// # Errors
    /// A fault naming an entry that is no event of this noun, or out of its order.
    fn evolve(
        current: Option<Self>,
        happened: &Happened<'_>,
        frozen: Frozen,
    ) -> Result<Self, EvolveFault>
    where
        Self: Sized;
}

/// The master record that an entry freezes, if it does.
#[derive(Debug, Clone)]
pub struct Frozen(pub Option<Recipe>);

/// Who may read a record, of those who may read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach<'a> {
    /// It belongs to no product: everybody.
    Everybody,
    /// Whoever may read this product.
    Product(&'a str),
    /// Whoever may read one of these records.
    AnyOf(Vec<RecordKey>),
}

/// Whether an enumeration of events has a variant of this name: its own reader says so, and names all of them.
///
/// # Errors
/// A sentence that names the events there are.
pub(super) fn variant<E: DeserializeOwned>(name: &str) -> Result<(), String> {
    // What a known event lacks here is another fault than that nobody knows it.
    let read = serde_json::from_value::<E>(json!({ "name": name, "data": null }));
    let fault = read.err().map(|fault| fault.to_string());
    fault.filter(|fault| fault.starts_with("unknown variant")).map_or(Ok(()), Err)
}

/// The word of an enumeration's variant, as events spell it.
#[must_use]
pub fn word<T: Serialize>(thing: &T) -> String {
    match serde_json::to_value(thing) {
        Ok(Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(fault) => format!("unwritable: {fault}"),
    }
}

/// A member of an event that is a text, or nothing.
pub(super) fn text_in(data: &Value, member: &str) -> String {
    data[member].as_str().unwrap_or_default().to_owned()
}
