//! As what each kind of exception opens: proposed severity, effect on what may happen next, and when. Every
//! decision on a run is held to it (`run/acts/mod.rs`); quality reads it as a matrix.

use super::{ExceptionKind, Opened, Severity};
use crate::domain::words::OnCritical;
use ExceptionKind as Kind;

/// What an opening decides about what may happen next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nothing waits for it but release.
    Release,
    /// The next gate waits for it.
    Gate,
    /// The `on_critical` of its step or of the limit of time; the next gate where it has no step.
    Recipe,
}

impl Reach {
    /// The words in the matrix.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Release => "continue",
            Self::Gate => "gate",
            Self::Recipe => "on_critical of its step or limit, else gate",
        }
    }

    fn is_of(self, opened: &Opened) -> bool {
        match self {
            Self::Release => opened.effect == OnCritical::Continue,
            Self::Gate => opened.effect == OnCritical::Gate,
            Self::Recipe => opened.at.is_some() || opened.effect == OnCritical::Gate,
        }
    }
}

/// One way in which a kind opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    pub severity: Severity,
    pub reach: Reach,
    /// When, for people.
    pub when: &'static str,
}

/// The ways of a kind: severity, reach, when.
macro_rules! ways {
    ($($severity:ident $reach:ident $when:literal),* $(,)?) => {
        &[$(Way { severity: Severity::$severity, reach: Reach::$reach, when: $when }),*]
    };
}

const OUT_OF_ACCEPTANCE: &[Way] = ways![
    Critical Recipe "critical parameter, or whatever its classification makes critical",
    Major Recipe "any other judged value; a sample that cannot be as it is told",
    Major Release "performance parameter; yield of the batch",
    Minor Release "general parameter; a sample taken with less than was planned",
];

const CHANGED: &[Way] = ways![
    Major Recipe "it changes what was decided, done or judged",
    Major Release "a wrong report taken back changes what was decided",
    Minor Release "any other change of what was signed or used",
];

impl ExceptionKind {
    /// Every way in which a rule opens it; none where no rule does yet.
    #[must_use]
    // tidy: one exhaustive match
    pub const fn ways(self) -> &'static [Way] {
        match self {
            Kind::OutOfAcceptance | Kind::Labels | Kind::LineClearance => OUT_OF_ACCEPTANCE,
            Kind::OutOfControl => ways![
                Major Recipe "a run of tests that its spread makes invalid",
                Minor Release "value outside a control limit",
            ],
            Kind::OutOfSpecification => {
                ways![Critical Recipe "specification or release control outside"]
            }
            Kind::Implausible => ways![
                Major Release "several attempts at a critical value",
                Minor Release "implausible value confirmed; several attempts",
            ],
            Kind::FoundRunning => ways![Major Recipe "report on what nobody had started"],
            Kind::OutOfOrder => ways![
                Major Recipe "before its turn, or at a time that cannot be",
                Minor Release "after its step was completed, or out of its sequence",
            ],
            Kind::LateEntry => ways![Minor Release "recorded beyond the grace"],
            Kind::OnBehalf => ways![Minor Release "recorded by an unplanned scribe"],
            Kind::Unqualified => ways![Major Recipe "without the authority that the step asks for"],
            Kind::Correction => CHANGED,
            Kind::NotPerformed => ways![
                Major Recipe "mandatory entry or step left out",
                Minor Release "left out, and not applicable",
            ],
            Kind::ProceededAtRisk => ways![Major Release "a supervisor accepts a risk"],
            Kind::CheckTiming => ways![Minor Release "checked too fast or too late"],
            Kind::UnknownReference => ways![
                Major Recipe "result of another sample or method than planned",
                Minor Release "name that no register knows",
            ],
            Kind::Aborted => ways![Critical Release "the run is aborted"],
            Kind::ClockJump => ways![Major Release "the server's clock jumped"],
            Kind::Event => ways![
                Major Recipe "something happened without a step for it",
                Major Release "complaint",
            ],
            Kind::EquipmentNotReady => ways![
                Critical Recipe "found out of calibration, gave a critical value",
                Major Recipe "not registered, not ready, found out of calibration",
            ],
            Kind::MaterialNotReady => ways![Major Recipe "lot past its date or not as asked"],
            Kind::HoldTime => ways![Major Recipe "hold time too long or too short"],
            Kind::Overdue => ways![
                Major Recipe "period, ratification or accepted risk overdue",
                Minor Release "check overdue",
            ],
            Kind::Override => ways![Major Recipe "typed where a device gives the value"],
            Kind::Alarm => ways![Critical Recipe "critical alarm"],
            Kind::Repeat => ways![Major Recipe "tested more often than the method lets"],
            Kind::EmergencyAct => ways![Major Gate "emergency act"],
            Kind::EarlyEnd => ways![
                Major Gate "operation ended early",
                Minor Release "harvested in part",
            ],
            Kind::PlannedChange => ways![
                Major Release "a limit is loosened for this batch",
                Minor Release "any other change of this batch alone",
            ],
            Kind::Reprocess => ways![Major Release "reprocessing comes into force"],
            Kind::Rework => ways![Major Release "rework comes into force"],
            Kind::NotComputed => ways![
                Major Recipe "what is judged cannot be computed",
                Minor Release "what nothing judges cannot be computed",
            ],
            Kind::LookAlike => ways![
                Major Recipe "drawn or scanned identifier reads like another",
                Minor Release "typed identifier reads like another",
            ],
            Kind::EquipmentFailure
            | Kind::FilterIntegrity
            | Kind::Communication
            | Kind::UnlockThenSign => &[],
        }
    }
}

impl Opened {
    /// The ways of its kind that it opened in.
    pub fn ways(&self) -> impl Iterator<Item = &'static Way> {
        let fits = |way: &&Way| way.severity == self.severity && way.reach.is_of(self);
        self.kind.ways().iter().filter(fits)
    }
}
