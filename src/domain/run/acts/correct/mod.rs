//! Correcting a value: a new version with its reason; the old one stays, its exception too (F4).

use crate::domain::command::Stamp;
use crate::domain::entry::EntryValue;
use crate::domain::run::acts::RunEvent;
pub use corrected::{CorrectEntry, CorrectTime, EntryCorrected};
pub(super) mod branches;
mod corrected;
mod uses;

use crate::domain::run::acts::report::{
    Correction, canonical, is_confirmed, lapse_check, malformed,
};
pub(super) use uses::{dependants, of_sample, uses};

use super::attempts::Tried;
use super::judge::Findings;
use super::spot::{self, Spot};
use super::story::{Story, numbers};
use super::{access, attempts, named, result, sample, source, stated};
use crate::domain::act::seen;
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::limits::{Verdict, implausible};
use crate::domain::policy::Permit;
use crate::domain::refusal::{REASON_REQUIRED, Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::refusal::{NOT_A_SLIP, NOTHING_CHANGED, NOTHING_RECORDED};
use crate::domain::run::{Content, EntryRun, EntryVersion, Run};
use crate::domain::words::{Absence, Basis, EntryKey};

/// Within this time its author corrects a slip without a sentence.
pub const SLIP: i64 = MINUTE;

/// Records a new version of a value. Of an implausible one confirmation is asked, as of a first value, and both
/// attempts stay. Acts already done on the old value are listed as executed on a
/// superseded value; a verification of the step and a standing review lapse.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `nothing-recorded`, a missing or stale
/// version, `reason-required`, `not-a-slip`, `malformed`, `performed-in-the-future`, `nothing-changed`.
pub fn correct(
    run: &Run,
    facts: &RunFacts<'_>,
    correction: &Correction<'_>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let at = correction.at;
    let spot = spot::entry(run, at)?;
    if result::is_result(&spot) {
        if correction.performed_at.is_some() {
            return Err(malformed(at, OF_DETERMINATION));
        }
        return result::claim::correct(run, facts, &spot, correction, stamp);
    }
    let (permit, qualified) = access::report(run, facts, &spot)?;
    let current = spot
        .current()
        .ok_or_else(|| Refusal::new(&NOTHING_RECORDED, format!("{at} has no value")))?;
    seen(correction.expected, current.seq, &at.to_string())?;
    let value = named::read(spot.spec, correction.input, stamp);
    let value = value.map_err(|detail| malformed(at, &detail))?;
    sample::not_ahead(&value, stamp)?;
    stated::value_not_ahead(&spot, &value, stamp)?;
    stated::not_ahead(correction.performed_at, stamp)?;
    let moved = moved(&spot, correction, &value);
    let restated = stated::moved(&spot, &value);
    if moved.is_none() && says_same(&spot, current, &value) {
        let detail = format!("{at} says {} already, version {}", before(current), current.version);
        return Err(Refusal::new(&NOTHING_CHANGED, detail));
    }
    let verdicts = spot.spec.judge(&value);
    let raw = canonical(correction.input);
    let new = New { at, current, value, verdicts, raw, performed_at: moved.map(|(_, is)| is) };
    let touched = touched(run, &spot, &new, &permit, stamp);
    // Overriding a device is no slip: it has its reason and its checker.
    let overrides = source::overrides(&spot, current);
    let slip = correction.slip
        && !overrides
        && moved.is_none()
        && !stated::moved_far(&spot, restated.as_ref())
        && is_slip(facts, &spot, current, &touched.uses, stamp.at);
    let reason = reason(correction, current, slip)?;
    let mut story = Story::new(run);
    if implausible(&new.verdicts) && !is_confirmed(&spot, facts, correction.confirmed, &new.raw) {
        attempts::keep(run, &spot, at, new.tried(), &mut story);
        return Ok(story.ends(permit));
    }
    let mut findings = Findings::new(&mut story, &spot, at);
    findings.value(&new.value.shown, &new.verdicts);
    findings.person(qualified, facts.actor);
    sample::once_more(run, &spot, at, &new.value, &reason, &mut findings);
    named::judge(run, facts, at, &new.value, (current.at, stamp), &mut findings);
    if correction.performed_at.is_some() {
        time(&spot, at, moved, &reason, &mut findings);
    }
    stated::once_more(&spot, restated.as_ref(), &reason, stamp, &mut findings);
    touched.told(at, &mut findings);
    let slip = slip && !spot.spec.kind.as_kind().owes_check(&new.value);
    if overrides {
        findings.source(vec![source::by_hand(at, "was corrected", Some(&reason))], true);
    }
    let opened = findings.done();
    story.tell(new.event(reason, slip, touched.uses, numbers(&opened)));
    story.open(opened);
    lapse_check(&spot, at, &mut story);
    Ok(story.ends(permit))
}

/// Whether a value says what the version that counts says already.
fn says_same(spot: &Spot<'_>, current: &EntryVersion, value: &EntryValue) -> bool {
    let Content::Value(was) = &current.content else { return false };
    spot.spec.kind.as_kind().says_same(was, value)
}

/// What is said to whoever corrects when a determination was made.
const OF_DETERMINATION: &str = "when a determination was made is no part of its correction; report what is wrong as \
     an event, and quality decides on it";

/// When it was done, before and after a correction, if the correction moves it.
fn moved(
    spot: &Spot<'_>,
    correction: &Correction<'_>,
    value: &EntryValue,
) -> Option<(Instant, Instant)> {
    let Some(is) = correction.performed_at else { return sample::moved(spot, value) };
    let was = spot.entry.and_then(EntryRun::said_done)?;
    Some((was, is)).filter(|(was, is)| was != is)
}

/// A corrected time is judged as a first one is: by when the entry was recorded.
fn time(
    spot: &Spot<'_>,
    at: &EntryKey,
    moved: Option<(Instant, Instant)>,
    reason: &str,
    findings: &mut Findings<'_, '_>,
) {
    let first = spot.entry.and_then(EntryRun::beginning);
    let Some(((was, is), first)) = moved.zip(first) else { return };
    if is.since(first.at) > stated::APART {
        let (is, recorded) = (findings.local(is), findings.local(first.at));
        let detail = format!("{at} is said to be done at {is}, and was recorded at {recorded}");
        findings.also(ExceptionKind::OutOfOrder, Severity::Major, detail);
    }
    if is < was {
        findings.time(Some(is), first.at, Some(reason));
    }
}

/// A new value that was read, beside the version it replaces.
#[derive(Clone)]
struct New<'a> {
    at: &'a EntryKey,
    current: &'a EntryVersion,
    value: EntryValue,
    verdicts: Vec<Verdict>,
    raw: String,
    performed_at: Option<Instant>,
}

impl New<'_> {
    /// As it is kept until its author confirms it.
    fn tried(self) -> Tried {
        Tried {
            raw: self.raw,
            shown: self.value.shown,
            verdicts: self.verdicts,
            performed_at: self.performed_at,
            basis: Basis::Direct,
            source: None,
            performer: None,
        }
    }

    fn event(
        self,
        reason: String,
        slip: bool,
        superseded_uses: Vec<String>,
        exceptions: Vec<u32>,
    ) -> RunEvent {
        RunEvent::EntryCorrected(EntryCorrected {
            at: self.at.clone(),
            version: self.current.version + 1,
            old: before(self.current),
            value: self.value,
            raw: self.raw,
            verdicts: self.verdicts,
            reason,
            slip,
            performed_at: self.performed_at,
            superseded_uses,
            check_owed: !slip,
            exceptions,
        })
    }
}

/// What a correction touches: what was done relying on the old value, and the branches it decided.
struct Touched {
    uses: Vec<String>,
    branches: Vec<String>,
    grave: bool,
}

fn touched(run: &Run, spot: &Spot<'_>, new: &New<'_>, permit: &Permit, stamp: &Stamp) -> Touched {
    let mut all = uses(run, spot, new.at, new.current, &stamp.zone);
    all.extend(uses::dependants(run, new.at));
    let of_sample = uses::of_sample(run, spot, &new.value);
    let event = new.clone().event(String::new(), false, Vec::new(), Vec::new());
    let changed = branches::changed(run, permit, event, stamp);
    let grave = changed.grave || !of_sample.is_empty();
    all.extend(of_sample);
    all.extend(changed.begun);
    Touched { uses: all, branches: changed.lines, grave }
}

impl Touched {
    /// One exception says all of it.
    fn told(&self, at: &EntryKey, findings: &mut Findings<'_, '_>) {
        let mut detail = format!("{at} was corrected");
        if !self.uses.is_empty() {
            detail = format!("{detail} after use: {}", self.uses.join("; "));
        }
        if !self.branches.is_empty() {
            let joint = if self.uses.is_empty() { " and decides" } else { "; it decides" };
            detail = format!("{detail}{joint} anew: {}", self.branches.join("; "));
        }
        let severity = if self.grave { Severity::Major } else { Severity::Minor };
        if !self.uses.is_empty() || !self.branches.is_empty() {
            findings.also(ExceptionKind::Correction, severity, detail);
        }
    }
}

/// Why, in words, or `slip`.
///
/// # Errors
/// `reason-required`, `not-a-slip`.
fn reason(
    correction: &Correction<'_>,
    current: &EntryVersion,
    slip: bool,
) -> Result<String, Refusal> {
    let at = correction.at;
    if slip {
        return Ok("slip".to_owned());
    }
    if let Some(said) = correction.reason.map(words).filter(|said| !said.is_empty()) {
        return Ok(said.to_owned());
    }
    let (rule, detail) = if correction.slip {
        let who = &current.by.printed_name;
        (&NOT_A_SLIP, format!("{at} was recorded by {who} at {}", current.at))
    } else {
        (&REASON_REQUIRED, format!("{at} is corrected without a reason"))
    };
    Err(Refusal::new(rule, detail).missing(vec!["reason".into()]))
}

/// What stands there now, as people read it.
fn before(current: &EntryVersion) -> String {
    match &current.content {
        Content::Value(value) => value.shown.clone(),
        Content::Struck => "struck".to_owned(),
        Content::Absent(Absence::NotApplicable) => "not applicable".to_owned(),
        Content::Absent(Absence::NotPerformed) => "not performed".to_owned(),
        Content::Absent(Absence::NotAvailable) => "not available".to_owned(),
    }
}

/// Within a minute, by who recorded it, unsigned and unused. A value that opened an exception has
/// been used: the way around a limit is not a slip (F4).
fn is_slip(
    facts: &RunFacts<'_>,
    spot: &Spot<'_>,
    current: &EntryVersion,
    uses: &[String],
    now: Instant,
) -> bool {
    let own = current.by.person == Some(facts.actor.id);
    let unsigned =
        spot.step_run.is_none_or(|step| step.performed.is_none() && step.checked.is_none());
    own && unsigned
        && uses.is_empty()
        && current.exceptions.is_empty()
        && current.checked.is_none()
        && now.since(current.at) <= SLIP
}
