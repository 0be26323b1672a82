//! What an event of a run says of itself: everything that somebody else has to know of it stands beside it.
//!
//! No answer has a default but the three that most events have none to: an event that forgets to say whether it
//! lapses a review, questions a lot or counts as a part in the work does not compile.

use super::lapses::Lapsing;
use super::told::Told;
use super::versions::Changed;
use super::written::Written;
use crate::domain::command::EvolveFault;
use crate::domain::ids::PersonId;
use crate::domain::permits::Admitted;
use crate::domain::run::Run;
use crate::domain::run::questions::Weight;
use crate::domain::run::time::kept::Bears;
use crate::domain::run::time::limit::Mark;

pub use super::derive::changes::Moves;

/// An event of a run.
pub trait Event {
    /// How it may ever come about: by which authorities, or without a person.
    const ADMITTED: Admitted;

    /// Whether its entry is nothing without a person's signature, in every case. Where that depends on the master
    /// record (a significant step, a witness), the run's obligations ask instead.
    const SIGNED: bool;

    /// What it does to the released lots of its run, line by line, as quality reads and signs it: when, and
    /// what.
    const WEIGHTS: &'static [(&'static str, Weight)];

    /// What it does to the released lots of its run, and why, for people.
    fn weigh(&self) -> (Weight, String);

    /// Folds it into the state. No rule stands here; what was once written is accepted for ever.
    ///
    /// # Errors
    /// It refers to nothing, or carries no signature where the state keeps one.
    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault>;

    /// Who took part in the work by it.
    fn part(&self) -> Part;

    /// Who did what a scribe recorded.
    fn performer(&self) -> Option<PersonId> {
        None
    }

    /// Which standing reviews it lapses, with the words of why.
    fn lapses(&self, run: &Run) -> Lapsing;

    /// What it changes that values may be computed from.
    fn moves(&self) -> Moves<'_>;

    /// Which limits of time it bears on.
    fn bears(&self) -> Bears<'_>;

    /// The moment that it is, where a limit of time may wait for it.
    fn marks(&self) -> Option<Mark<'_>> {
        None
    }

    /// Of what it makes a new version, as far as somebody orders on it.
    fn changed(&self) -> Changed<'_>;

    /// Adds what the caller needs to go on.
    fn tell(&self, _answer: &mut Told) {}
}

/// Who took part in the work by an event. Quality's oversight is no part in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Whoever acted, and whoever signed.
    All,
    /// Whoever acted.
    Actor,
    /// Nobody.
    None,
}

impl Part {
    /// All, unless it was oversight.
    #[must_use]
    pub fn unless(oversight: bool) -> Self {
        if oversight { Self::None } else { Self::All }
    }

    /// Whoever acted, if that is so.
    #[must_use]
    pub fn actor(takes_part: bool) -> Self {
        if takes_part { Self::Actor } else { Self::None }
    }
}

/// What an event does to released lots, in lines that are read from above: the first that fits counts. Made once,
/// for the rule that decides and for the matrix that quality signs.
macro_rules! weighs {
    (Nothing) => { weighs! { _ => "", Nothing, String::new(); } };
    ($($pattern:pat $(if $guard:expr)? => $when:literal, $weight:ident, $because:expr;)+) => {
        const WEIGHTS: &'static [(&'static str, crate::domain::run::questions::Weight)] =
            &[$(($when, crate::domain::run::questions::Weight::$weight)),+];

        fn weigh(&self) -> (crate::domain::run::questions::Weight, String) {
            match self {
                $($pattern $(if $guard)? => {
                    (crate::domain::run::questions::Weight::$weight, $because)
                })+
            }
        }
    };
}
pub(super) use weighs;

/// Says that an event changes nothing of that sort.
macro_rules! nothing_in {
    ($($what:ident),+) => { $(nothing_in! { @ $what })+ };
    (@ moves) => {
        fn moves(&self) -> crate::domain::run::acts::event::Moves<'_> {
            (crate::domain::run::acts::derive::changes::Change::Nothing, None)
        }
    };
    (@ bears) => {
        fn bears(&self) -> crate::domain::run::time::kept::Bears<'_> {
            crate::domain::run::time::kept::Bears::Nothing
        }
    };
    (@ changed) => {
        fn changed(&self) -> crate::domain::run::acts::versions::Changed<'_> {
            crate::domain::run::acts::versions::Changed::default()
        }
    };
}
pub(super) use nothing_in;

impl<E: Event> Event for Box<E> {
    const ADMITTED: Admitted = E::ADMITTED;
    const SIGNED: bool = E::SIGNED;
    const WEIGHTS: &'static [(&'static str, Weight)] = E::WEIGHTS;

    fn weigh(&self) -> (Weight, String) {
        (**self).weigh()
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        (**self).fold(run, written)
    }

    fn part(&self) -> Part {
        (**self).part()
    }

    fn performer(&self) -> Option<PersonId> {
        (**self).performer()
    }

    fn lapses(&self, run: &Run) -> Lapsing {
        (**self).lapses(run)
    }

    fn moves(&self) -> Moves<'_> {
        (**self).moves()
    }

    fn bears(&self) -> Bears<'_> {
        (**self).bears()
    }

    fn marks(&self) -> Option<Mark<'_>> {
        (**self).marks()
    }

    fn changed(&self) -> Changed<'_> {
        (**self).changed()
    }

    fn tell(&self, answer: &mut Told) {
        (**self).tell(answer);
    }
}

/// An event as lists of all of them need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Its name without the noun, as in `entry-recorded`.
    pub name: String,
    /// Whether its entry is nothing without a person's signature.
    pub signed: bool,
    /// What it does to released lots, line by line.
    pub weights: &'static [(&'static str, Weight)],
    /// How it may ever come about.
    pub admitted: Admitted,
}

/// The event that a variant of this name holds.
#[must_use]
pub fn described<E: Event>(variant: &str) -> Described {
    let mut name = String::new();
    for letter in variant.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    Described { name, signed: E::SIGNED, weights: E::WEIGHTS, admitted: E::ADMITTED }
}
