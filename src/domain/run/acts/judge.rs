//! Judges a report: its value against the limits, its time, its place in the order, who and for whom.
//! Never refuses; whatever is found opens an exception.

use super::access::Performer;
use super::condition;
use super::spot::Spot;
use super::story::Story;
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::entry::consequence::{Consequence, consequences};
use crate::domain::entry::spec::Classification;
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::facts::Account;
use crate::domain::limits::{Purpose, Side, Verdict, cannot_be_told};
use crate::domain::recipe::Step;
use crate::domain::recipe::timing::microseconds;
use crate::domain::run::{Phase, Run};
use crate::domain::words::{Basis, EntryKey};

/// What is recorded longer than this after it was done is a late entry (21 CFR 211.100(b)), unless the
/// step says otherwise.
pub const GRACE: i64 = 15 * MINUTE;

/// How long after an act its entry is contemporaneous, in microseconds.
#[must_use]
pub fn grace(step: Option<&Step>) -> i64 {
    let own = step.and_then(|step| step.record_within.as_ref());
    own.and_then(|text| microseconds(text).ok()).unwrap_or(GRACE)
}

/// What is said of an implausible value that stands.
const CONFIRMED: &str = "implausible and confirmed";

/// The exceptions that a report opens, found one after the other.
pub struct Findings<'s, 'r> {
    story: &'s mut Story<'r>,
    spot: &'s Spot<'s>,
    at: &'s EntryKey,
    opened: Vec<Opened>,
    /// Whether what was found owes a check by a second person.
    pub check_owed: bool,
}

impl<'s, 'r> Findings<'s, 'r> {
    /// Nothing found yet.
    #[must_use]
    pub fn new(story: &'s mut Story<'r>, spot: &'s Spot<'s>, at: &'s EntryKey) -> Self {
        Self { story, spot, at, opened: Vec::new(), check_owed: false }
    }

    fn find(&mut self, kind: ExceptionKind, severity: Severity, detail: String) {
        let opened = self.story.exception(kind, severity, self.spot.step, self.at, detail);
        self.opened.push(opened);
    }

    /// The value against its limits: what follows stands in the matrix of classifications.
    pub fn value(&mut self, shown: &str, verdicts: &[Verdict]) {
        self.judged(self.spot.spec.classification, shown, verdicts, CONFIRMED);
    }

    /// The same of a value that the server computed: nobody is asked to confirm it.
    pub fn computed(&mut self, shown: &str, verdicts: &[Verdict]) {
        let doubt = "computed and implausible: look at what it is computed from";
        self.judged(self.spot.spec.classification, shown, verdicts, doubt);
    }

    /// The same of a laboratory determination: without a word it is one of a specification.
    pub fn determination(&mut self, shown: &str, verdicts: &[Verdict]) {
        let class = self.spot.spec.classification.or(Some(Classification::Specification));
        self.judged(class, shown, verdicts, "implausible: look at the raw data");
    }

    fn judged(
        &mut self,
        classification: Option<Classification>,
        shown: &str,
        verdicts: &[Verdict],
        doubt: &str,
    ) {
        let spec = self.spot.spec;
        for consequence in consequences(classification, verdicts) {
            let Consequence::Exception { kind, severity, gates } = consequence else { continue };
            let kind = match kind {
                ExceptionKind::OutOfAcceptance => spec.kind.as_kind().exception_kind(),
                other => other,
            };
            let detail = match kind {
                ExceptionKind::Implausible => {
                    self.check_owed = true;
                    format!("{} ({}) is {shown}, {doubt}", spec.name, self.at)
                }
                _ => {
                    let how = if cannot_be_told(verdicts) {
                        "and it cannot be told whether it is within"
                    } else {
                        "outside"
                    };
                    let limit = violated(verdicts);
                    format!("{} ({}) is {shown}, {how} {limit}", spec.name, self.at)
                }
            };
            let opened = self.story.gating(kind, severity, gates, self.spot.step, self.at, detail);
            self.opened.push(opened);
        }
    }

    /// Somebody without the authority that the entry asks for, or who witnessed the step and so
    /// should have kept their hands off it.
    pub fn person(&mut self, qualified: bool, by: Account<'_>) {
        let who = by.printed_name;
        let witness = self.spot.step_run.and_then(|step| step.witness.as_ref());
        let detail = if !qualified {
            format!("{who} reported on {} without the authority it asks for", self.at)
        } else if witness.is_some_and(|witness| witness.person == by.id) {
            format!("{who} reported on {} and is the witness of its step", self.at)
        } else {
            return;
        };
        self.find(ExceptionKind::Unqualified, Severity::Major, detail);
        self.check_owed = true;
    }

    /// Somebody named as performer who cannot have done it as the master record asks.
    pub fn performer(&mut self, performer: &Performer) {
        let Some(doubt) = &performer.doubt else { return };
        let detail = format!("{} is said to have been done by {doubt}", self.at);
        self.find(ExceptionKind::Unqualified, Severity::Major, detail);
        self.check_owed = true;
    }

    /// When it was done, and whether a reason says why it was not recorded then (F7). What is said to
    /// have been done before its step began stands out of order: one of the two times is not right.
    pub fn time(&mut self, done: Option<Instant>, now: Instant, reason: Option<&str>) {
        let Some(done) = done else { return };
        let began = self.spot.step_run.filter(|step| step.found_running.is_none());
        // What is written in minutes may be any moment of its minute.
        let last = Instant(done.0.saturating_add(done.width().max(1)));
        if let Some(began) = began.map(|step| step.started_at).filter(|began| last <= *began) {
            let what = format!(
                "{} is said to have been done at {}, before its step began at {}",
                self.at,
                self.local(done),
                self.local(began)
            );
            self.find(ExceptionKind::OutOfOrder, Severity::Minor, what);
            self.check_owed = true;
        }
        if now.since(done) <= grace(self.spot.step) {
            return;
        }
        let minutes = now.since(done) / MINUTE;
        self.late(&format!("{minutes} minutes after it was done"), reason);
    }

    /// A moment as people at the site read it.
    #[must_use]
    pub fn local(&self, at: Instant) -> String {
        self.story.local(at)
    }

    /// Recorded so long after it was done.
    pub fn late(&mut self, after: &str, reason: Option<&str>) {
        let why = reason.map_or_else(
            || "no reason was given; a reason and a checker are owed".to_owned(),
            |reason| format!("{reason}; a checker is owed"),
        );
        let what = format!("{} was recorded {after}: {why}", self.at);
        self.find(ExceptionKind::LateEntry, Severity::Minor, what);
        self.check_owed = true;
    }

    /// One more finding about the entry, said by the caller.
    pub fn about(&mut self, kind: ExceptionKind, severity: Severity, what: &str) {
        self.find(kind, severity, format!("{} {what}", self.at));
    }

    /// Recorded for somebody else, or from paper (MHRA-4).
    pub fn basis(&mut self, basis: &Basis, by: &str) {
        match basis {
            // A planned scribe stands beside the performer, who is named: nothing departs from the plan.
            Basis::Scribe { .. } if self.spot.step.is_some_and(|step| step.scribe) => {}
            Basis::Scribe { performed_by } => {
                let what = format!("{by} recorded {} on behalf of {performed_by}", self.at);
                self.find(ExceptionKind::OnBehalf, Severity::Minor, what);
                self.check_owed = true;
            }
            Basis::Paper { .. } => self.check_owed = true,
            Basis::Direct | Basis::Device { .. } | Basis::Computed => {}
        }
    }

    /// What was found about where the value comes from, or that its kind asks for a second person.
    pub fn source(&mut self, found: Vec<(ExceptionKind, String)>, check_owed: bool) {
        self.check_owed |= check_owed || !found.is_empty();
        for (kind, detail) in found {
            self.find(kind, Severity::Major, detail);
        }
    }

    /// What the report says of a time when the run no longer asked for it. `due_later`: results due
    /// at a gate or at release come when they come.
    pub fn place(&mut self, run: &Run, due_later: bool) {
        let always = self.spot.step.is_some_and(super::hold::always_open);
        let left_out = self.at.step.as_ref().and_then(|key| condition::step(run, key).not_taken());
        let left_out =
            left_out.or_else(|| condition::entry(run, self.at, self.spot.spec).not_taken());
        let detail = if let Some(branch) = left_out {
            Some(format!("{} was reported; {branch}", self.at))
        } else if self.spot.is_over() && !due_later {
            Some(format!("{} was reported after its step had ended", self.at))
        } else if self.spot.operation_run.is_some_and(|op| op.closed.is_some()) && !due_later {
            Some(format!("{} was reported after its operation had been closed", self.at))
        } else if matches!(run.phase, Phase::Complete | Phase::Reviewed | Phase::Closed)
            && !due_later
        {
            Some(format!("{} was reported after execution had been declared complete", self.at))
        } else if run.phase == Phase::Aborted && !always {
            Some(format!("{} was reported after the run had been aborted", self.at))
        } else if run.phase == Phase::Issued && self.spot.step.is_none() {
            Some(format!("{} was reported before the run had begun", self.at))
        } else {
            None
        };
        if let Some(detail) = detail {
            self.find(ExceptionKind::OutOfOrder, Severity::Major, detail);
        }
    }

    /// One more finding, said by the caller.
    pub fn also(&mut self, kind: ExceptionKind, severity: Severity, detail: String) {
        self.find(kind, severity, detail);
    }

    /// What was found.
    #[must_use]
    pub fn done(self) -> Vec<Opened> {
        self.opened
    }
}

/// The worst limit violated, as printed.
fn violated(verdicts: &[Verdict]) -> String {
    verdicts
        .iter()
        .filter(|v| v.side != Side::Within && v.purpose != Purpose::Plausibility)
        .min_by_key(|v| v.purpose)
        .map(|v| format!("{} limit {}", v.purpose.as_str(), v.limit))
        .unwrap_or_default()
}
