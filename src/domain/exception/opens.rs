//! As what each kind of exception opens: proposed severity, effect on what may happen next, and when. Every
//! decision on a run is held to it (`run/acts/mod.rs`); quality reads it as a matrix.

use super::{ExceptionKind, Opened, Severity};
use crate::domain::words::OnCritical;
use ExceptionKind as Kind;
use Severity::{Critical, Major, Minor};

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

const fn way(severity: Severity, reach: Reach, when: &'static str) -> Way {
    Way { severity, reach, when }
}

const OUT_OF_ACCEPTANCE: &[Way] = &[
    way(Critical, Reach::Recipe, "critical parameter, or whatever its classification makes critical"),
    way(Major, Reach::Recipe, "any other judged value; a sample that cannot be as it is told"),
    way(Major, Reach::Release, "performance parameter; yield of the batch"),
    way(Minor, Reach::Release, "general parameter; a sample taken with less than was planned"),
];

const CHANGED: &[Way] = &[
    way(Major, Reach::Recipe, "it changes what was decided, done or judged"),
    way(Major, Reach::Release, "a wrong report taken back changes what was decided"),
    way(Minor, Reach::Release, "any other change of what was signed or used"),
];

impl ExceptionKind {
    /// Every way in which a rule opens it; none where no rule does yet.
    #[must_use]
    pub const fn ways(self) -> &'static [Way] {
        match self {
            Kind::OutOfAcceptance | Kind::Labels | Kind::LineClearance => OUT_OF_ACCEPTANCE,
            Kind::OutOfControl => &[
                way(Major, Reach::Recipe, "a run of tests that its spread makes invalid"),
                way(Minor, Reach::Release, "value outside a control limit"),
            ],
            Kind::OutOfSpecification => {
                &[way(Critical, Reach::Recipe, "specification or release control outside")]
            }
            Kind::Implausible => &[
                way(Major, Reach::Release, "several attempts at a critical value"),
                way(Minor, Reach::Release, "implausible value confirmed; several attempts"),
            ],
            Kind::FoundRunning => &[way(Major, Reach::Recipe, "report on what nobody had started")],
            Kind::OutOfOrder => &[
                way(Major, Reach::Recipe, "before its turn, or at a time that cannot be"),
                way(Minor, Reach::Release, "after its step was completed, or out of its sequence"),
            ],
            Kind::LateEntry => &[way(Minor, Reach::Release, "recorded beyond the grace")],
            Kind::OnBehalf => &[way(Minor, Reach::Release, "recorded by an unplanned scribe")],
            Kind::Unqualified => {
                &[way(Major, Reach::Recipe, "without the authority that the step asks for")]
            }
            Kind::Correction => CHANGED,
            Kind::NotPerformed => &[
                way(Major, Reach::Recipe, "mandatory entry or step left out"),
                way(Minor, Reach::Release, "left out, and not applicable"),
            ],
            Kind::ProceededAtRisk => &[way(Major, Reach::Release, "a supervisor accepts a risk")],
            Kind::CheckTiming => &[way(Minor, Reach::Release, "checked too fast or too late")],
            Kind::UnknownReference => &[
                way(Major, Reach::Recipe, "result of another sample or method than planned"),
                way(Minor, Reach::Release, "name that no register knows"),
            ],
            Kind::Aborted => &[way(Critical, Reach::Release, "the run is aborted")],
            Kind::ClockJump => &[way(Major, Reach::Release, "the server's clock jumped")],
            Kind::Event => &[
                way(Major, Reach::Recipe, "something happened without a step for it"),
                way(Major, Reach::Release, "complaint"),
            ],
            Kind::EquipmentNotReady => &[
                way(Critical, Reach::Recipe, "found out of calibration, gave a critical value"),
                way(Major, Reach::Recipe, "not registered, not ready, found out of calibration"),
            ],
            Kind::MaterialNotReady => &[way(Major, Reach::Recipe, "lot past its date or not as asked")],
            Kind::HoldTime => &[way(Major, Reach::Recipe, "hold time too long or too short")],
            Kind::Overdue => &[
                way(Major, Reach::Recipe, "period, ratification or accepted risk overdue"),
                way(Minor, Reach::Release, "check overdue"),
            ],
            Kind::Override => &[way(Major, Reach::Recipe, "typed where a device gives the value")],
            Kind::Alarm => &[way(Critical, Reach::Recipe, "critical alarm")],
            Kind::Repeat => &[way(Major, Reach::Recipe, "tested more often than the method lets")],
            Kind::EmergencyAct => &[way(Major, Reach::Gate, "emergency act")],
            Kind::EarlyEnd => &[
                way(Major, Reach::Gate, "operation ended early"),
                way(Minor, Reach::Release, "harvested in part"),
            ],
            Kind::PlannedChange => &[
                way(Major, Reach::Release, "a limit is loosened for this batch"),
                way(Minor, Reach::Release, "any other change of this batch alone"),
            ],
            Kind::Reprocess => &[way(Major, Reach::Release, "reprocessing comes into force")],
            Kind::Rework => &[way(Major, Reach::Release, "rework comes into force")],
            Kind::NotComputed => &[
                way(Major, Reach::Recipe, "what is judged cannot be computed"),
                way(Minor, Reach::Release, "what nothing judges cannot be computed"),
            ],
            Kind::LookAlike => &[
                way(Major, Reach::Recipe, "drawn or scanned identifier reads like another"),
                way(Minor, Reach::Release, "typed identifier reads like another"),
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
