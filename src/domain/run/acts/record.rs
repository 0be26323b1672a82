//! Recording a value: a report. Stored first, then judged; refused only where there is no such
//! entry, nothing legible, nobody who may record here, or a value already (ARCHITECTURE.md, principle 1).

use super::access::Performer;
use super::judge::Findings;
use super::order::open_numbers;
use super::recorded::EntryRecorded;
use super::source::{self, Judged};
use super::spot::{self, Spot};
use super::story::{Story, numbers};
use super::{access, attempts, clearance, named, result, sample, stated};
use crate::domain::clock::Instant;
use crate::domain::command::Stamp;
use crate::domain::entry::spec::Due;
use crate::domain::entry::{EntryValue, Input};
use crate::domain::limits::{Verdict, implausible};
use crate::domain::policy::Permit;
use crate::domain::refusal::{Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::orders::{Late, Order, order_of};
use crate::domain::run::acts::report::{
    COMPUTED, Report, arrive, canonical, is_confirmed, lapse_check, malformed, not_computed,
    performed,
};
use crate::domain::run::acts::{RunEvent, report};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::refusal::ALREADY_RECORDED;
use crate::domain::words::{Basis, EntryKey};

/// Records a first value. An implausible one is kept and confirmation asked
/// ([`asks_confirmation`]); sent again with `confirmed` it is recorded, and both attempts stay.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `malformed`, `already-recorded`,
/// `performed-in-the-future`, `performer-unknown`.
pub fn record(
    run: &Run,
    facts: &RunFacts<'_>,
    report: &Report<'_>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let spot = spot::entry(run, report.at)?;
    not_computed(report)?;
    if result::is_result(&spot) {
        return result::determine(run, facts, report, stamp);
    }
    let (permit, qualified) = access::report(run, facts, &spot)?;
    if spot.spec.kind.as_kind().inputs().is_some() {
        return Err(malformed(report.at, COMPUTED));
    }
    let value = named::read(spot.spec, report.input, stamp);
    let value = value.map_err(|detail| malformed(report.at, &detail))?;
    let again = clearance::again(&spot);
    if let Some(current) = spot.current().filter(|_| !again) {
        // The refusal stands in the access log, and what was sent with it.
        let detail = format!(
            "{} has version {} by {} of {}; sent was {}",
            report.at,
            current.version,
            current.by.printed_name,
            current.at,
            canonical(report.input)
        );
        return Err(Refusal::new(&ALREADY_RECORDED, detail));
    }
    sample::not_ahead(&value, stamp)?;
    stated::value_not_ahead(&spot, &value, stamp)?;
    let report = &Report { performed_at: sample::taken(report, &value), ..*report };
    let performer = performed(run, facts, &spot, report, stamp)?;
    let judged = source::judge(run, facts, &spot, report, &value, stamp.at)?;
    let verdicts = spot.spec.judge(&value);
    let mut story = Story::new(run);
    let under_exceptions = open_numbers(run);
    arrive(run, facts, &spot, report.at, &mut story);
    let raw = canonical(report.input);
    if implausible(&verdicts) && !is_confirmed(&spot, facts, report.confirmed, &raw) {
        let (performed_at, basis) = (report.performed_at, report.basis.clone());
        let (source, performer, shown) = (judged.source, performer.id, value.shown);
        let tried =
            attempts::Tried { raw, shown, verdicts, performed_at, basis, source, performer };
        attempts::keep(run, &spot, report.at, tried, &mut story);
        return Ok(story.ends(permit));
    }
    let seen = Seen { value, raw, verdicts, performer, judged, under_exceptions, qualified };
    Ok(tell(run, facts, &spot, report, seen, stamp, story, permit))
}

/// What has been read of a report.
struct Seen {
    value: EntryValue,
    raw: String,
    verdicts: Vec<Verdict>,
    performer: Performer,
    judged: Judged,
    under_exceptions: Vec<u32>,
    qualified: bool,
}

#[allow(clippy::too_many_arguments, reason = "one telling of one report, split for its length")]
fn tell(
    run: &Run,
    facts: &RunFacts<'_>,
    spot: &Spot<'_>,
    report: &Report<'_>,
    seen: Seen,
    stamp: &Stamp,
    mut story: Story<'_>,
    permit: Permit,
) -> Ruling<RunEvent> {
    let by = facts.actor.printed_name;
    let again = clearance::again(spot);
    let reason = report.reason.map(words).filter(|reason| !reason.is_empty());
    let mut findings = Findings::new(&mut story, spot, report.at);
    findings.value(&seen.value.shown, &seen.verdicts);
    findings.person(seen.qualified, facts.actor);
    findings.performer(&seen.performer);
    let done = seen.judged.done(report.performed_at);
    let Judged { source, found } = seen.judged;
    let owes = spot.spec.kind.as_kind().owes_check(&seen.value);
    findings.source(found, owes);
    findings.time(done, stamp.at, reason);
    stated::first(spot, &seen.value, done, reason, stamp, &mut findings);
    findings.basis(report.basis, by);
    findings.place(run, again || spot.spec.due != Due::Step || spot.step.is_none());
    sample::first(run, spot, report, &seen.value, stamp.at, &mut findings);
    let used = (done.unwrap_or(stamp.at), stamp);
    named::judge(run, facts, report.at, &seen.value, used, &mut findings);
    let check_owed = findings.check_owed;
    let opened = findings.done();
    let reason = if again {
        Some(clearance::said_again(&seen.verdicts, reason))
    } else {
        reason.map(str::to_owned)
    };
    story.tell(RunEvent::EntryRecorded(EntryRecorded {
        at: report.at.clone(),
        value: seen.value,
        raw: seen.raw,
        verdicts: seen.verdicts,
        performed_at: report.performed_at,
        basis: report.basis.clone(),
        source,
        performer: seen.performer.id,
        reason,
        under_exceptions: seen.under_exceptions,
        check_owed,
        exceptions: numbers(&opened),
    }));
    story.open(opened);
    if spot.spec.due == Due::Step {
        lapse_check(spot, report.at, &mut story);
    }
    story.ends(permit)
}

/// Whether a ruling kept an implausible value and asks to confirm it.
#[must_use]
pub fn asks_confirmation(ruling: &Ruling<RunEvent>) -> bool {
    ruling.events.iter().any(|(event, _)| matches!(event, RunEvent::ImplausibleValueKept(_)))
}

/// Report: a value.
#[derive(Debug, Clone)]
pub struct RecordEntry {
    /// Where.
    pub at: EntryKey,
    /// What was sent.
    pub input: Input,
    /// When it was done, where it is said to have been before.
    pub performed_at: Option<Instant>,
    /// How the value came.
    pub basis: Basis,
    /// Why.
    pub reason: Option<String>,
    /// The person has seen that the value is implausible and means it.
    pub confirmed: bool,
}

impl Order for RecordEntry {
    const NAME: &'static str = "record-entry";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        let Self { at, input, performed_at, basis, reason, confirmed } = self;
        let report = report::Report {
            at,
            input,
            performed_at: *performed_at,
            basis,
            reason: reason.as_deref(),
            confirmed: *confirmed,
        };
        record(run, facts, &report, stamp)
    }

    fn late(&self) -> Late<'_> {
        Late::Addendum(self.reason.as_deref())
    }

    order_of!(entry, alone, unversioned);
}
