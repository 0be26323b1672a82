//! Emergency acts: done now, on-call notified, ratified by quality within hours.
//!
//! Telling of one is a report: whatever it says or lacks, it is kept, and its exception says what is owed.

use super::act::{actor, independent, may, no_such, phase, sign};
use super::story::Story;
use super::{access, exception, hold, spot};
use crate::domain::act::said;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::exception::{Exception, ExceptionKind, Opened, Severity};
use crate::domain::ids::OperationKey;
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::{Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::orders::{Late, Order, order_of};
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, told};
use crate::domain::run::facts::RunFacts;
pub use crate::domain::run::floor::EmergencyRatified;
use crate::domain::run::floor::{Emergency, EmergencyRun};
use crate::domain::run::floor_refusal::EMERGENCY_UNRATIFIED;
use crate::domain::run::quality_refusal::{ALREADY_RATIFIED, REQUESTER_IS_APPROVER};
use crate::domain::run::time::kept::Bears;
use crate::domain::signing::Meaning;
use crate::domain::words::OnCritical;
use serde::Deserialize;
use utoipa::ToSchema;

/// Within so many hours quality ratifies, where nothing else is said.
pub const RATIFY_WITHIN_HOURS: u32 = 24;

/// The longest time that may be asked for.
pub const LONGEST_HOURS: u32 = 72;

/// An emergency act as it is told.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The operation it was in, if one is named.
    pub operation: Option<&'a OperationKey>,
    /// What was done.
    pub what: &'a str,
    /// Why.
    pub reason: &'a str,
    /// User name of who was notified.
    pub notified: &'a str,
    /// Hours until quality ratifies, where they are said.
    pub ratify_within_hours: Option<u32>,
}

/// Tells of an emergency act. Refused only where there is no such operation, nothing was said, nobody
/// may record here, or the record is final. Nobody notified, a name that nobody has, no reason, hours
/// outside 1 to 72: kept, and said in the exception.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `reason-required` without `what`.
pub fn act(
    run: &Run,
    facts: &RunFacts<'_>,
    told: &Told<'_>,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let Told { operation, what, reason, notified, ratify_within_hours } = *told;
    let found = operation.map(|key| spot::operation(run, key)).transpose()?;
    let wanted = [Authority::Execute, Authority::Supervise];
    let permit = facts.actor.permit(facts.site, &wanted, access::place(run, found))?;
    said(what, "what")?;
    let asked = ratify_within_hours.unwrap_or(RATIFY_WITHIN_HOURS);
    let hours = asked.clamp(1, LONGEST_HOURS);
    let until = stamp.at.plus_minutes(i64::from(hours) * 60);
    let mut detail = operation.map_or_else(String::new, |key| format!("in {key}: "));
    detail += what;
    for remark in remarks(facts, reason, notified, asked) {
        detail += "; ";
        detail += &remark;
    }
    detail += &format!("; to be ratified until {}", until.shown_short(&stamp.zone));
    let opened = Opened {
        no: exception::next_no(run),
        kind: ExceptionKind::EmergencyAct,
        severity: Severity::Major,
        effect: OnCritical::Gate,
        at: None,
        detail,
    };
    let mut story = Story::new(run);
    story.tell(RunEvent::EmergencyActed(Emergency {
        no: u32::try_from(run.emergencies.len()).unwrap_or(u32::MAX).saturating_add(1),
        operation: operation.cloned(),
        what: what.to_owned(),
        reason: reason.to_owned(),
        notified: notified.to_owned(),
        ratify_until: until,
        exception: opened.no,
    }));
    story.open(vec![opened]);
    Ok(story.ends(permit))
}

/// What the exception says beside the act itself: who knows of it, why, and what is owed.
fn remarks(facts: &RunFacts<'_>, reason: &str, notified: &str, asked: u32) -> Vec<String> {
    let mut remarks = Vec::new();
    remarks.push(match facts.performer {
        _ if words(notified).is_empty() => {
            "nobody was named as notified; somebody on call is to be told".to_owned()
        }
        None => format!("{notified:?} was named as notified and is no user name of this site"),
        Some(person) if !person.active => {
            format!("{} was named as notified and is no longer active", person.user_name)
        }
        Some(person) if person.id == actor(facts) => {
            format!("{} named themselves as notified", person.user_name)
        }
        Some(person) => format!("{} ({}) was notified", person.printed_name, person.user_name),
    });
    if words(reason).is_empty() {
        remarks.push("no reason was given; a reason is owed".to_owned());
    }
    if !(1..=LONGEST_HOURS).contains(&asked) {
        remarks
            .push(format!("{asked} hours were asked for, and 1 to {LONGEST_HOURS} are possible"));
    }
    remarks
}

/// Quality ratifies an emergency act, or does not uphold it: then its exception must become a
/// deviation. Never who acted, and nobody who took part.
///
/// # Errors
/// Authority, phase, `no-such-part`, `already-ratified`, `requester-is-approver`,
/// `took-part-in-the-run`, a missing conclusion or signature.
pub fn ratify(
    run: &Run,
    facts: &RunFacts<'_>,
    no: u32,
    upheld: bool,
    conclusion: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = may(run, facts, &[Authority::Triage])?;
    phase(run, hold::OPEN_PHASES, "ratify an emergency act")?;
    let act = run.emergencies.iter().find(|act| act.told.no == no);
    let act = act.ok_or_else(|| no_such(run, &format!("emergency act {no}")))?;
    if let Some((_, signed)) = &act.ratified {
        let who = signed.as_ref().map_or("somebody", |signed| signed.printed_name.as_str());
        return Err(Refusal::new(&ALREADY_RATIFIED, format!("{who} decided emergency act {no}")));
    }
    if act.by.person == Some(actor(facts)) {
        let detail = format!("{} acted in this emergency", facts.actor.user_name);
        return Err(Refusal::new(&REQUESTER_IS_APPROVER, detail));
    }
    independent(run, facts, "ratify its emergency acts")?;
    said(conclusion, "conclusion")?;
    let signatures = sign(facts, stamp, &permit, Meaning::Ratified)?;
    let conclusion = conclusion.to_owned();
    let event = RunEvent::EmergencyRatified(EmergencyRatified { no, upheld, conclusion });
    Ok(Ruling::signed(permit, event, signatures))
}

/// The emergency act that opened an exception.
#[must_use]
pub fn behind<'r>(run: &'r Run, exception: &Exception) -> Option<&'r EmergencyRun> {
    run.emergencies.iter().find(|act| act.told.exception == exception.opened.no)
}

/// An exception of an emergency act is waved through only when quality found the act right.
///
/// # Errors
/// `emergency-not-ratified`.
pub fn upheld(run: &Run, exception: &Exception) -> Result<(), Refusal> {
    let Some(act) = behind(run, exception) else { return Ok(()) };
    let no = act.told.no;
    let detail = match &act.ratified {
        Some((ratified, _)) if ratified.upheld => return Ok(()),
        Some((ratified, _)) => {
            format!("emergency act {no} was not upheld: {}", ratified.conclusion)
        }
        None => format!("emergency act {no} has not been ratified"),
    };
    Err(Refusal::new(&EMERGENCY_UNRATIFIED, detail))
}

/// Request: ratify an emergency act.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatifyEmergency {
    /// Which.
    #[schema(ignore)]
    pub no: u32,
    /// Whether it was right.
    pub upheld: bool,
    /// What was concluded.
    pub conclusion: String,
}

impl Order for RatifyEmergency {
    const NAME: &'static str = "ratify-emergency";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        ratify(run, facts, self.no, self.upheld, &self.conclusion, stamp)
    }

    order_of!(run, alone, request, unversioned);
}

/// Report: an emergency act.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActInEmergency {
    /// The operation's occurrence it was done in, as in `OP-01.1~1`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub operation: Option<OperationKey>,
    /// What was done.
    pub what: String,
    /// Why it could not wait.
    #[serde(default)]
    pub reason: String,
    /// User name of the person on call who was notified.
    #[serde(default)]
    pub notified: String,
    /// Quality ratifies within so many hours: 1 to 72, without a word 24.
    #[serde(default)]
    pub ratify_within_hours: Option<u32>,
}

impl Order for ActInEmergency {
    const NAME: &'static str = "act-in-emergency";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        let Self { operation, what, reason, notified, ratify_within_hours } = self;
        let told = Told {
            operation: operation.as_ref(),
            what,
            reason,
            notified,
            ratify_within_hours: *ratify_within_hours,
        };
        act(run, facts, &told, stamp)
    }

    fn late(&self) -> Late<'_> {
        Late::Addendum(Some(&self.reason))
    }

    order_of!(run, alone, unversioned);
}

impl Event for Emergency {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        told => "", Shown, format!("emergency act {}: {}", told.no, told.what);
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let (at, by) = (written.happened.at, written.who.clone());
        run.emergencies.push(EmergencyRun { told: self.clone(), at, by, ratified: None });
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        let lapses = self.operation.as_ref().map_or(Lapses::FinalOnly, Lapses::of);
        (lapses, format!("emergency act {} was reported", self.no))
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Emergency(self.no)
    }

    fn tell(&self, answer: &mut told::Told) {
        answer.emergency_act = Some(self.no)
    }

    nothing_in!(moves, changed);
}

impl Event for EmergencyRatified {
    const ADMITTED: Admitted = by(&[Authority::Triage]);
    const SIGNED: bool = true;

    weighs! {
        told if told.upheld => "upheld", Nothing, String::new();
        told =>
            "not upheld", Shown, format!("emergency act {} was not upheld: {}", told.no, told.conclusion);
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let act = run.emergencies.find_mut(|act| act.told.no == self.no);
        let act = act.ok_or_else(|| written.fault("ratifies an unknown emergency act"))?;
        act.ratified = Some((self.clone(), written.first_signed()));
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, run: &Run) -> Lapsing {
        let act = run.emergencies.iter().find(|act| act.told.no == self.no);
        let of = act.and_then(|act| act.told.operation.as_ref());
        let cause = format!("emergency act {} was ratified", self.no);
        (of.map_or(Lapses::FinalOnly, Lapses::of), cause)
    }

    fn bears(&self) -> Bears<'_> {
        Bears::Emergency(self.no)
    }

    nothing_in!(moves, changed);
}
