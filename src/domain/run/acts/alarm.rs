//! Alarms: raised as they come, by a system or a person; acknowledged by somebody entitled, with a
//! comment. Nothing silences one (Annex 11 draft, 8).

use super::act::{actor, no_such};
use super::exception::next_no;
use super::judge::grace;
use super::{access, source, spot};
use crate::domain::act::said;
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::policy::Authority;
use crate::domain::recipe::{Operation, Step};
use crate::domain::refusal::{MALFORMED, Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::derive::changes::Change;
use crate::domain::run::acts::event::{Event, Moves, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::orders::{Late, Order, order_of};
use crate::domain::run::acts::report::Told;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, told};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::floor::AlarmRun;
pub use crate::domain::run::floor::{AlarmAcknowledged, AlarmRaised};
use crate::domain::run::refusal::PERFORMED_IN_FUTURE;
use crate::domain::run::testing_refusal::{ALARM_ACKNOWLEDGED, ALARM_OWN_ACKNOWLEDGEMENT};
use crate::domain::words::{AlarmPriority, EntryKey, OnCritical};
use serde::Deserialize;
use utoipa::ToSchema;

/// Longest tag and text of an alarm, in characters.
const LENGTH: usize = 1000;

/// An alarm comes: a report. A critical one opens an exception, which gates by the step it names; one that
/// is told as a device's without the device's proof, or comes late, opens an exception too.
///
/// # Errors
/// `authority-missing`, `occurrence-unknown`, `malformed`, `performed-in-the-future`.
pub fn raise(
    run: &Run,
    facts: &RunFacts<'_>,
    told: &Told<'_>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let Told { at, tag, priority, text, raised_at, .. } = *told;
    let (operation, step) = concerned(run, at)?;
    let place = access::place(run, operation);
    let permit = facts.actor.permit(facts.site, access::RECORDING, place)?;
    for (name, said) in [("tag", tag), ("text", text)] {
        if words(said).is_empty() || said.chars().count() > LENGTH {
            let detail =
                format!("the {name} of an alarm has 1 to {LENGTH} characters and says something");
            return Err(Refusal::new(&MALFORMED, detail));
        }
    }
    if let Some(raised) = raised_at.filter(|raised| *raised > stamp.at) {
        let detail = format!("it was raised at {raised}, and now it is {}", stamp.at);
        return Err(Refusal::new(&PERFORMED_IN_FUTURE, detail));
    }
    let (source, found) = source::of_alarm(run, facts, told, stamp.at)?;
    let measured = source.as_ref().and_then(|source| source.measured_at);
    let raised_at = raised_at.into_iter().chain(measured).min().unwrap_or(stamp.at);
    let no = u32::try_from(run.alarms.len()).unwrap_or(u32::MAX - 1) + 1;
    let mut findings = Vec::new();
    if priority == AlarmPriority::Critical {
        let what = format!("critical alarm {no} of {tag}: {text}");
        findings.push((ExceptionKind::Alarm, Severity::Critical, what));
    }
    if !found.is_empty() {
        let what =
            format!("alarm {no} of {tag} is not proven to be a device's: {}", found.join("; "));
        findings.push((ExceptionKind::Override, Severity::Major, what));
    }
    if stamp.at.since(raised_at) > grace(step) {
        let minutes = stamp.at.since(raised_at) / MINUTE;
        let what = format!("alarm {no} of {tag} came {minutes} minutes after it was raised");
        findings.push((ExceptionKind::LateEntry, Severity::Minor, what));
    }
    let opened = opened(run, at, step, findings);
    let critical = opened.first().filter(|opened| opened.kind == ExceptionKind::Alarm);
    let told = AlarmRaised {
        no,
        at: at.cloned(),
        tag: tag.trim().to_owned(),
        priority,
        text: text.to_owned(),
        raised_at: raised_at.min(stamp.at),
        source,
        exception: critical.map(|opened| opened.no),
    };
    let mut events = vec![(RunEvent::AlarmRaised(told), Vec::new())];
    events.extend(opened.into_iter().map(|it| (RunEvent::ExceptionOpened(it), Vec::new())));
    Ok(Ruling { permit, events })
}

/// The exceptions of an alarm: each gates by the step it names, and by itself where it names none.
fn opened(
    run: &Run,
    at: Option<&EntryKey>,
    step: Option<&Step>,
    findings: Vec<(ExceptionKind, Severity, String)>,
) -> Vec<Opened> {
    let grave = step.map_or(OnCritical::Gate, |step| step.on_critical);
    let numbered = (next_no(run)..).zip(findings);
    let one = |(no, (kind, severity, detail))| Opened {
        no,
        kind,
        severity,
        effect: if severity == Severity::Minor { OnCritical::Continue } else { grave },
        at: at.cloned(),
        detail,
    };
    numbered.map(one).collect()
}

/// Acknowledges an alarm: somebody who directs or executes the work there, and says what was found. A
/// critical one that was typed in is acknowledged by somebody else than who typed it.
///
/// # Errors
/// `no-such-part`, `authority-missing`, `alarm-already-acknowledged`,
/// `alarm-own-acknowledgement`, `reason-required`.
pub fn acknowledge(
    run: &Run,
    facts: &RunFacts<'_>,
    no: u32,
    comment: &str,
) -> Result<Ruling<RunEvent>, Refusal> {
    let alarm = run.alarms.iter().find(|alarm| alarm.told.no == no);
    let operation = alarm.and_then(|alarm| concerned(run, alarm.told.at.as_ref()).ok()?.0);
    let wanted = [Authority::Supervise, Authority::Execute];
    let permit = facts.actor.permit(facts.site, &wanted, access::place(run, operation))?;
    let alarm = alarm.ok_or_else(|| no_such(run, &format!("alarm {no}")))?;
    if let Some((at, who, comment)) = &alarm.acknowledged {
        let detail = format!("{} acknowledged it at {at}: {comment}", who.printed_name);
        return Err(Refusal::new(&ALARM_ACKNOWLEDGED, detail));
    }
    if alarm.told.asks_another() && alarm.by.1.person == Some(actor(facts)) {
        let detail = format!("{} typed alarm {no} in", facts.actor.user_name);
        return Err(Refusal::new(&ALARM_OWN_ACKNOWLEDGEMENT, detail));
    }
    said(comment, "comment")?;
    let told = AlarmAcknowledged { no, comment: words(comment).to_owned() };
    let events = vec![(RunEvent::AlarmAcknowledged(told), Vec::new())];
    Ok(Ruling { permit, events })
}

/// The operation and step that an alarm names, if it names any.
fn concerned<'r>(
    run: &'r Run,
    at: Option<&EntryKey>,
) -> Result<(Option<&'r Operation>, Option<&'r Step>), Refusal> {
    let Some(key) = at.and_then(|at| at.step.as_ref()) else { return Ok((None, None)) };
    spot::step(run, key).map(|(operation, step)| (Some(operation), Some(step)))
}

/// Whether an alarm may harm the product and nobody has acknowledged it.
#[must_use]
pub fn is_owed(alarm: &AlarmRun) -> bool {
    alarm.told.priority == AlarmPriority::Critical && alarm.acknowledged.is_none()
}

/// Request: acknowledge an alarm.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeAlarm {
    /// Which.
    #[schema(ignore)]
    pub no: u32,
    /// What was found about it.
    pub comment: String,
}

impl Order for AcknowledgeAlarm {
    const NAME: &'static str = "acknowledge-alarm";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        _: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        acknowledge(run, facts, self.no, &self.comment)
    }

    order_of!(run, alone, request, unversioned);
}

/// Report: an alarm.
#[derive(Debug, Clone)]
pub struct RaiseAlarm {
    /// Where.
    pub at: Option<EntryKey>,
    pub tag: String,
    /// How grave.
    pub priority: AlarmPriority,
    /// In words.
    pub text: String,
    /// When the source says that it came.
    pub raised_at: Option<Instant>,
    /// The device whose own text comes beside it.
    pub device: Option<String>,
}

impl Order for RaiseAlarm {
    const NAME: &'static str = "raise-alarm";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        let Self { at, tag, priority, text, raised_at, device } = self;
        let told = super::report::Told {
            at: at.as_ref(),
            tag,
            priority: *priority,
            text,
            raised_at: *raised_at,
            device: device.as_deref(),
        };
        raise(run, facts, &told, stamp)
    }

    fn late(&self) -> Late<'_> {
        Late::Addendum(None)
    }

    order_of!(run, alone, unversioned);
}

impl Event for AlarmRaised {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        told => "", Shown, format!("{} alarm of {}: {}", priority(told), told.tag,
        told.text);
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let by = (written.happened.at, written.who.clone());
        run.alarms.push(AlarmRun { told: self.clone(), by, acknowledged: None });
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        let lapses = self.at.as_ref().map_or(Lapses::FinalOnly, Lapses::entry);
        (lapses, format!("alarm {} came", self.no))
    }

    fn moves(&self) -> Moves<'_> {
        (Change::Beside, Some(format!("alarm {} came", self.no)))
    }

    fn tell(&self, answer: &mut told::Told) {
        answer.alarm = Some(self.no)
    }

    nothing_in!(bears, changed);
}

impl Event for AlarmAcknowledged {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let alarm = run.alarms.find_mut(|alarm| alarm.told.no == self.no);
        let alarm = alarm.ok_or_else(|| written.fault("acknowledges an unknown alarm"))?;
        alarm.acknowledged = Some((written.happened.at, written.who.clone(), self.comment.clone()));
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, run: &Run) -> Lapsing {
        let alarm = run.alarms.iter().find(|alarm| alarm.told.no == self.no);
        let at = alarm.and_then(|alarm| alarm.told.at.as_ref());
        let cause = format!("alarm {} was acknowledged", self.no);
        (at.map_or(Lapses::FinalOnly, Lapses::entry), cause)
    }

    fn moves(&self) -> Moves<'_> {
        (Change::Beside, Some(format!("alarm {} was acknowledged", self.no)))
    }

    nothing_in!(bears, changed);
}

/// An alarm's priority as people read it.
fn priority(told: &AlarmRaised) -> &'static str {
    match told.priority {
        AlarmPriority::Critical => "critical",
        AlarmPriority::High => "high",
        AlarmPriority::Low => "low",
    }
}
