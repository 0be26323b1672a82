//! Kinds of entry: one file per kind, listed once in `kinds!`.
//!
//! A kind says what it asks, how it parses, judges and reads, and what it can do. A rule asks for that and never which
//! kind an entry is of. Everything else (schema, API, report, tests) walks the list, so that a new kind is its
//! file and a line here.

use super::calc::types::Sort;
use super::clock::Instant;
use super::exception::ExceptionKind;
use super::limits::{Limit, Verdict};
use super::quantity::Quantity;
use super::recipe::timing::Moment;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What somebody typed, scanned or chose for an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The value as sent: text, boolean, list or object, by kind. Numbers come as text.
    pub value: Value,
    /// The unit as sent, where the kind asks one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// A parsed value: what the event keeps. The raw input stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryValue {
    /// The kind's name.
    pub kind: String,
    /// The value in the kind's canonical form.
    pub data: Value,
    /// As people read it, with its unit.
    pub shown: String,
    /// The judged number, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Quantity>,
}

/// The behaviour of one kind, on its specification in the master record.
pub trait Kind {
    /// Reads an input; refuses only what is malformed, never what is out of limits.
    ///
    /// # Errors
    /// A sentence for people: what was expected and what came.
    fn parse(&self, input: &Input) -> Result<EntryValue, String>;

    /// Judges a value against the specification; the verdicts become facts of the event.
    fn judge(&self, value: &EntryValue) -> Vec<Verdict>;

    /// What is wrong with the specification itself, found at submission of the master record.
    fn faults(&self) -> Vec<String>;

    /// What the entry asks, as printed beside it: set point, limits, options.
    fn asks(&self) -> String;

    /// Inputs that conform, the likeliest first: what the check of a master record plays it with. None where the
    /// server computes the value.
    fn conforming(&self, asked: &Situation<'_>) -> Vec<Input>;

    /// The limits as printed, with their purposes: `(purpose, text)`.
    fn limits_shown(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Reads a point of the trail on the way to the declared value (`reading` or `addition`); it is
    /// kept and never judged (ICH Q7 8.36).
    ///
    /// # Errors
    /// A sentence for people: this kind keeps no trail, or what is malformed.
    fn parse_point(&self, point: &str, _input: &Input) -> Result<EntryValue, String> {
        Err(format!("this entry keeps no trail, so it takes no {point}; send the value itself"))
    }

    /// Whether the trail goes on after the value, as a chain of custody does.
    fn trail_goes_on(&self) -> bool {
        false
    }

    /// Members of the value in the order in which people want them; others follow by name.
    fn first_members(&self) -> &'static [&'static str] {
        &[]
    }

    /// What the server computes the value from; `None`: somebody records it.
    fn inputs(&self) -> Option<Vec<Reference>> {
        None
    }

    /// Computes the value from what is known now; `None`: something is not there yet.
    ///
    /// # Errors
    /// A sentence for people: why it cannot be computed from what is there (a division by zero).
    fn compute(&self, _known: &dyn Known) -> Result<Option<Outcome>, String> {
        Ok(None)
    }

    /// Whether every value of this kind owes a check by a second person (a result, a calculation).
    fn check_owed(&self) -> bool {
        false
    }

    /// Whether this value owes a check by a second person (labels that were destroyed).
    fn owes_check(&self, _value: &EntryValue) -> bool {
        self.check_owed()
    }

    /// Whether two values say the same, so that the second corrects nothing. More or fewer digits say something else.
    fn says_same(&self, was: &EntryValue, is: &EntryValue) -> bool {
        was.data == is.data && was.number == is.number
    }

    /// Whether an entry of this kind is a moment of the process: a plan and a day are none.
    fn is_moment(&self) -> bool {
        true
    }

    /// When the value says that something was done: judged as performed-at is.
    fn states(&self, _value: &EntryValue) -> Option<Stated> {
        None
    }

    /// Which exception a value outside acceptance opens.
    fn exception_kind(&self) -> ExceptionKind {
        ExceptionKind::OutOfAcceptance
    }

    /// What a formula finds in a value of this kind; `None`: nothing can be calculated with it.
    fn sort(&self) -> Option<Sort> {
        None
    }

    /// The formula that the server computes the value by, in the language of calculations.
    fn formula(&self) -> Option<Formula<'_>> {
        None
    }

    /// With how many decimals a value is asked or shown, where it says so.
    fn shown_decimals(&self) -> Option<u32> {
        None
    }

    /// The moments between which the server measures, where the second one ends it: such an entry belongs to a
    /// step.
    fn measured_between(&self) -> Option<(&Moment, &Moment)> {
        None
    }

    /// Whether the value is read off: by a person, or by a device that stands in for one (21 CFR 211.68(c)).
    fn is_measured(&self) -> bool {
        false
    }

    /// Takes the limits out of the specification, so that what is left says only how the entry is done. A kind
    /// that is judged by anything else than limits keeps all of it.
    fn take_limits(&mut self) -> Limits {
        Limits::default()
    }

    /// The material of which a lot goes in by it: a code or name of the master record's list.
    fn uses(&self) -> Option<&str> {
        None
    }

    /// When a line is looked over, before the work or after it, by two persons.
    fn clears(&self) -> Option<line_clearance::When> {
        None
    }

    /// The label that is counted: what it counts waits for a line that was cleared (21 CFR 211.125).
    fn counts(&self) -> Option<&str> {
        None
    }

    /// The specification of a reading, where a device is to give the value.
    fn as_reading(&self) -> Option<&reading::Spec> {
        None
    }

    /// The specification of a sample, for the rules of taking, custody and reserve.
    fn as_sample(&self) -> Option<&sample::Spec> {
        None
    }

    /// The specification of a laboratory result, for the rules of testing and of what conforms.
    fn as_result(&self) -> Option<&result::Spec> {
        None
    }
}

/// When a value says that something was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stated {
    Moment(Instant),
    /// A day, as in `2026-03-01`.
    Day {
        day: String,
        /// It names something before the work: an earlier day is not late.
        before: bool,
    },
}

/// A formula as the master record writes it, and the unit it is declared to come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Formula<'a> {
    /// The text, in the language of calculations.
    pub expression: &'a str,
    /// Unit code of the registry.
    pub unit: &'a str,
}

/// The limits of an entry, set apart from how it is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// Limits of the value.
    pub value: Vec<Limit>,
    /// Limits of one determination, where the others are for what the method joins.
    pub single: Vec<Limit>,
    /// Whether a value is rounded to the last written place of a limit before it is compared.
    pub rounded: bool,
}

/// A specification with inputs that it understands and inputs that it does not: documentation, and
/// what the generic test runs through.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// A specification as it stands in a master record, without `kind`.
    pub spec: Value,
    /// Well-formed inputs (`{value, unit?}`), out of limits or not.
    pub valid: Vec<Value>,
    /// Malformed inputs.
    pub invalid: Vec<Value>,
}

pub mod adjust_to_target;
pub mod alarm;
pub mod attachment;
pub mod calculation;
mod catalogue;
pub mod choice;
pub mod computing;
pub mod confirm;
pub mod conforming;
pub mod consequence;
pub mod date;
pub mod date_time;
pub mod duration;
pub mod equipment;
pub mod gs1;
pub mod identifier;
pub mod label_count;
pub mod line_clearance;
pub mod lot;
pub mod number;
pub mod read;
pub mod reading;
pub mod reportable;
pub mod result;
pub mod sample;
pub mod shape;
pub mod spec;
pub mod text;
pub mod timer;
pub mod yield_;

pub use catalogue::catalogue;
use computing::{Known, Outcome, Reference};
use conforming::Situation;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal in $module:ident;)*) => {
        /// A kind with its specification, as in a master record (`"kind": "number", …`).
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind")]
        pub enum KindSpec {
            $($(#[doc = $doc])* #[serde(rename = $name)] $variant($module::Spec)),*
        }

        impl KindSpec {
            /// Names of all kinds, in order.
            pub const NAMES: &[&str] = &[$($name),*];

            /// The kind's name.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name),* }
            }

            /// The kind's behaviour.
            #[must_use]
            pub fn as_kind(&self) -> &dyn Kind {
                match self { $(Self::$variant(spec) => spec),* }
            }

            /// The kind's behaviour, where its specification is taken apart.
            pub fn as_kind_mut(&mut self) -> &mut dyn Kind {
                match self { $(Self::$variant(spec) => spec),* }
            }

            /// Every kind: name, meaning, the shape of its members.
            #[must_use]
            pub fn shapes() -> Vec<(&'static str, &'static str, shape::Shape)> {
                vec![$(($name, concat!($($doc),*).trim_ascii(), $module::SHAPE)),*]
            }

            /// Every kind: name, meaning, sample.
            #[must_use]
            pub fn samples() -> Vec<(&'static str, &'static str, Sample)> {
                vec![$(($name, concat!($($doc),*), $module::sample())),*]
            }
        }
    };
}

kinds! {
    /// A decimal with a unit, judged against its limits.
    Number = "number" in number;
    /// Free text, judged only where one wording is expected.
    Text = "text" in text;
    /// One or several of the listed options; accepted ones are judged as acceptance.
    Choice = "choice" in choice;
    /// A statement, true or not; *not so* is kept and judged.
    Confirm = "confirm" in confirm;
    /// A moment, with its offset from UTC.
    DateTime = "date-time" in date_time;
    /// A day of the calendar, without a time.
    Date = "date" in date;
    /// The typed or scanned identifier of a lot of a material.
    Lot = "lot" in lot;
    /// The typed or scanned identifier of a piece of equipment of a class.
    Equipment = "equipment" in equipment;
    /// Readings and additions on the way to a target; only the declared final reading is judged.
    AdjustToTarget = "adjust-to-target" in adjust_to_target;
    /// The time between two moments, measured by the server and judged.
    Timer = "timer" in timer;
    /// A time between two moments of the process, computed by the server and judged.
    Duration = "duration" in duration;
    /// A number computed by the server from other entries, judged like a number.
    Calculation = "calculation" in calculation;
    /// A sample with its identity, quantity, destination, reserve part and chain of custody.
    Sample = "sample" in sample;
    /// Determinations of a laboratory test; what is reported of them the method says, by default the worst.
    Result = "result" in result;
    /// The alarms of one tag, counted by the server once every critical one is acknowledged.
    Alarm = "alarm" in alarm;
    /// A decimal with a unit that a registered device gives.
    Reading = "reading" in reading;
    /// Files (pictures, chromatograms, certificates), each named by the hash of its bytes.
    Attachment = "attachment" in attachment;
    /// Labels issued, used, returned, destroyed and sampled; what is left over is judged.
    LabelCount = "label-count" in label_count;
    /// A line or room looked over before or after, by two persons.
    LineClearance = "line-clearance" in line_clearance;
    /// What came out in percent of what could have; the server computes it.
    Yield = "yield" in yield_;
}
