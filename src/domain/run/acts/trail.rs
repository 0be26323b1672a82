//! Readings and additions on the way to a target: kept in order, never judged (ICH Q7 8.36).

use super::judge::Findings;
use super::story::Story;
use super::{access, sample, spot};
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::entry::Input;
use crate::domain::entry::spec::Due;
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Late, Order, order_of};
use crate::domain::run::acts::report::{arrive, malformed};
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::{Run, TrailPoint};
use crate::domain::words::EntryKey;
use serde::{Deserialize, Serialize};

/// Records a reading or an addition, or a link of a chain of custody: a report.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `malformed`.
pub fn record_point(
    run: &Run,
    facts: &RunFacts<'_>,
    at: &EntryKey,
    kind: &str,
    input: &Input,
    _stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let spot = spot::entry(run, at)?;
    let (permit, qualified) = access::report(run, facts, &spot)?;
    let custody = spot.spec.kind.as_kind().trail_goes_on();
    let point = spot
        .spec
        .kind
        .as_kind()
        .parse_point(kind, input)
        .map_err(|detail| malformed(at, &detail))?;
    let mut story = Story::new(run);
    arrive(run, facts, &spot, at, &mut story);
    let mut findings = Findings::new(&mut story, &spot, at);
    // A chain of custody is nobody's step: it goes on after the value, in other hands.
    findings.person(qualified || custody, facts.actor);
    if custody && spot.current().is_none() {
        let detail = format!("{at}: {kind} was reported before the sample was recorded");
        findings.also(ExceptionKind::OutOfOrder, Severity::Minor, detail);
    } else if !custody && spot.current().is_some() {
        let detail = format!("{at}: a {kind} was reported after the final value was declared");
        findings.also(ExceptionKind::OutOfOrder, Severity::Minor, detail);
    }
    sample::withdrawn(&spot, at, &point, &mut findings);
    sample::custody(&spot, at, kind, facts.actor, &mut findings);
    findings.place(run, custody || spot.spec.due != Due::Step);
    let opened = findings.done();
    story.tell(RunEvent::TrailPointRecorded(TrailPointRecorded {
        at: at.clone(),
        kind: kind.to_owned(),
        data: point.data,
        shown: point.shown,
    }));
    story.open(opened);
    Ok(story.ends(permit))
}

/// Report: a reading or addition on the way to a target.
#[derive(Debug, Clone)]
pub struct RecordTrailPoint {
    /// Where.
    pub at: EntryKey,
    /// Of which kind.
    pub kind: String,
    /// What was sent.
    pub input: Input,
}

impl Order for RecordTrailPoint {
    const NAME: &'static str = "record-trail-point";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        record_point(run, facts, &self.at, &self.kind, &self.input, stamp)
    }

    fn late(&self) -> Late<'_> {
        Late::Addendum(None)
    }

    order_of!(entry, alone, unversioned);
}

/// A reading or addition on the way to a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailPointRecorded {
    /// Where.
    pub at: EntryKey,
    /// `reading` or `addition`.
    pub kind: String,
    /// The value in canonical form.
    pub data: serde_json::Value,
    /// As people read it.
    pub shown: String,
}

impl Event for TrailPointRecorded {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        Self { at, shown, .. } => "", Shown, format!("{at}: {shown}");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let point = TrailPoint {
            kind: self.kind.clone(),
            shown: self.shown.clone(),
            data: self.data.clone(),
            at: written.happened.at,
            by: written.who.clone(),
        };
        written.entry(run, &self.at, None)?.trail.push(point);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::entry(&self.at, "read on the way")
    }

    fn changed(&self) -> Changed<'_> {
        Changed::within(&self.at)
    }

    nothing_in!(moves, bears);
}
