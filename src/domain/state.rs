//! The state of any record, folded from its journal.

use super::command::{EvolveFault, Happened};
use super::ids::{Key, RecordKey, RecordKind};
use super::noun::{Frozen, Noun, Reach};
use super::nouns::nouns;
use super::permits::{Admitted, NOTHING};
use super::recipe::plan::Recipe;
use super::refusal::Rule;
use serde_json::Value;

macro_rules! states {
    ($($kind:ident: $module:ident::$state:ident = $word:literal, $as:ident, $reader:ident, $about:literal;)+) => {
        /// A record's state.
        #[derive(Debug, Clone)]
        pub enum State {
            $(
                #[doc = $about]
                $kind(Box<super::$module::$state>),
            )+
        }

        impl State {
            /// What every noun answers for itself.
            #[must_use]
            pub fn noun(&self) -> &dyn Noun {
                match self {
                    $(Self::$kind(state) => &**state,)+
                }
            }

            /// The business number that a record's first event gives it.
            #[must_use]
            pub fn number_in(kind: RecordKind, data: &Value) -> String {
                match kind {
                    $(RecordKind::$kind => <super::$module::$state as Noun>::number_in(data),)+
                }
            }

            /// Where the record is that somebody means who writes this number.
            #[must_use]
            pub fn meant(kind: RecordKind, text: &str) -> Key {
                let number = match kind {
                    $(RecordKind::$kind => <super::$module::$state as Noun>::meant(text),)+
                };
                Key::Number(kind, number)
            }

            /// Every rule of any noun that can refuse.
            #[must_use]
            pub fn rules() -> Vec<&'static Rule> {
                [$(<super::$module::$state as Noun>::rules()),+].concat()
            }

            /// Whether an entry of this event is nothing without a person's signature: verification holds each
            /// to it, so that whoever can only write to the database cannot append a release, a review or an
            /// approval.
            #[must_use]
            pub fn must_be_signed(event: &str) -> bool {
                match event.split_once('.') {
                    $(Some(($word, event)) => <super::$module::$state as Noun>::is_signed(event),)+
                    Some(_) | None => false,
                }
            }

            /// How an event, named with its noun, may ever come about: in no way, if there is none of this name.
            #[must_use]
            pub fn admitted(event: &str) -> Admitted {
                match event.split_once('.') {
                    $(Some(($word, event)) => <super::$module::$state as Noun>::admitted(event),)+
                    Some(_) | None => NOTHING,
                }
            }

            /// Whether a filter names an event, as in `lot.decided`, or a noun with a dot for all of its events.
            ///
            /// # Errors
            /// A sentence that names what is known.
            pub fn has_events(name: &str) -> Result<(), String> {
                match name.split_once('.') {
                    $(Some(($word, "")) => Ok(()),)+
                    $(Some(($word, event)) => <super::$module::$state as Noun>::has_event(event)
                        .map_err(|known| format!("{name:?} is no event: {known}")),)+
                    Some(_) | None => {
                        let nouns = [$(concat!($word, ".")),+].join(", ");
                        Err(format!("{name:?} names no event: it begins with one of {nouns}"))
                    }
                }
            }

            /// Folds with the noun's own `evolve`, if the state is one of its kind.
            fn fold(
                current: Option<Self>,
                happened: &Happened<'_>,
                frozen: Frozen,
            ) -> Result<Self, EvolveFault> {
                match happened.record.kind {
                    $(RecordKind::$kind => {
                        let current = match current {
                            None => None,
                            Some(Self::$kind(state)) => Some(*state),
                            Some(other) => return Err(other.stranger(happened)),
                        };
                        Noun::evolve(current, happened, frozen).map(|state| Self::$kind(Box::new(state)))
                    })+
                }
            }

            $(
                #[doc = concat!("The ", $word, ", if it is one.")]
                #[must_use]
                pub fn $as(&self) -> Option<&super::$module::$state> {
                    if let Self::$kind(state) = self { Some(state) } else { None }
                }
            )+
        }
    };
}
nouns!(states);

impl State {
    /// Folds one entry into a record's state; contains no rule and accepts every released event.
    /// `recipe` is the frozen master that a `run.issued` event names, given by the loader.
    ///
    /// # Errors
    /// A fault naming the entry that cannot be: wrong order, wrong record, unreadable data.
    pub fn evolve(
        current: Option<Self>,
        happened: &Happened<'_>,
        recipe: Option<Recipe>,
    ) -> Result<Self, EvolveFault> {
        let before = current.as_ref().map_or(0, Self::seq);
        if happened.seq != before + 1 {
            let detail = format!("follows entry {before}: the sequence has a gap");
            return Err(EvolveFault::of(happened, detail));
        }
        if current.as_ref().is_some_and(|state| state.key() != happened.record) {
            return Err(EvolveFault::of(happened, "belongs to another record"));
        }
        Self::fold(current, happened, Frozen(recipe))
    }

    fn stranger(&self, happened: &Happened<'_>) -> EvolveFault {
        EvolveFault::of(happened, format!("does not belong on a {}", self.key().kind))
    }

    /// The record.
    #[must_use]
    pub fn key(&self) -> RecordKey {
        self.noun().key()
    }

    /// Sequence of its newest entry.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.noun().seq()
    }

    /// Link of its newest entry.
    #[must_use]
    pub fn head(&self) -> [u8; 32] {
        self.noun().head()
    }

    /// Its business number, as [`super::ids::Key::Number`] names it; the site has none.
    #[must_use]
    pub fn number(&self) -> Option<String> {
        self.noun().number()
    }

    /// What a signature over one of its entries calls it.
    #[must_use]
    pub fn called(&self) -> String {
        self.noun().called()
    }

    /// Where it stands: the word that lists are asked by.
    #[must_use]
    pub fn phase(&self) -> String {
        self.noun().phase()
    }

    /// Whose reading it is.
    #[must_use]
    pub fn reach(&self) -> Reach<'_> {
        self.noun().reach()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::deviation::event::DeviationEvent;
    use crate::domain::lot::event::LotEvent;
    use crate::domain::master::state::MasterEvent;
    use serde_json::json;

    /// Whether the noun's events know this name: another name is called an unknown variant.
    fn known<E: serde::de::DeserializeOwned>(name: &str) -> bool {
        let read = serde_json::from_value::<E>(json!({ "name": name, "data": null }));
        !read.is_err_and(|fault| fault.to_string().contains("unknown variant"))
    }

    /// Every event of every noun, as the refusal of one that is none names them.
    fn every() -> Vec<String> {
        let refused = |name: &str| State::has_events(name).expect_err("no event");
        let nouns = refused("never.heard-of");
        let (_, nouns) = nouns.split_once("one of ").expect("names the nouns");
        let of_noun = |noun: &str| {
            let told = refused(&format!("{noun}never-heard-of"));
            let (_, known) = told.split_once("expected ").expect("names the events");
            let names: Vec<_> = known.split('`').skip(1).step_by(2).collect();
            names.into_iter().map(|name| format!("{noun}{name}")).collect::<Vec<_>>()
        };
        nouns.split(", ").flat_map(of_noun).collect()
    }

    // shows: P11-10g.a
    #[test]
    fn every_event_says_how_it_may_come_about() {
        let every = every();
        assert!(every.len() > 100, "{}", every.len());
        for event in every {
            assert_ne!(State::admitted(&event), NOTHING, "{event}");
        }
        assert_eq!(State::admitted("lot.never-heard-of"), NOTHING);
        assert_eq!(State::admitted("run.never-heard-of"), NOTHING);
        assert_eq!(State::admitted("never.heard-of"), NOTHING);
    }

    // shows: Q7-2.1.a
    #[test]
    fn what_decides_on_a_lot_is_admitted_to_quality_alone() {
        use crate::domain::policy::Family;
        for event in ["lot.decided", "run.reviewed", "run.lot-decided", "lot.found-to-stand"] {
            let admitted = State::admitted(event);
            let quality = admitted.authorities.iter().all(|it| it.family() == Family::Quality);
            assert!(quality && !admitted.authorities.is_empty(), "{event}");
            assert!(!admitted.own && admitted.without_person.is_empty(), "{event}");
        }
    }

    #[test]
    fn what_must_be_signed_is_an_event() {
        use crate::domain::{deviation, lot, master};
        assert!(deviation::evolve::SIGNED.iter().all(|it| known::<DeviationEvent>(it)));
        assert!(lot::evolve::SIGNED.iter().all(|it| known::<LotEvent>(it)));
        assert!(master::evolve::SIGNED.iter().all(|it| known::<MasterEvent>(it)));
        assert!(!known::<LotEvent>("never-heard-of"));
        let asked = State::must_be_signed;
        assert!(asked("lot.decided") && asked("run.reviewed") && !asked("run.entry-recorded"));
        assert!(
            State::has_events("run.entry-corrected").is_ok() && State::has_events("lot.").is_ok()
        );
        let unknown = State::has_events("run.entry-corected").expect_err("a slip of the pen");
        assert!(unknown.contains("entry-corrected"), "{unknown}");
        let unknown = State::has_events("runs.").expect_err("no noun");
        assert!(unknown.contains("deviation."), "{unknown}");
        assert!(!asked("run.never-heard-of") && !asked("never.heard-of") && !asked(""));
    }
}
