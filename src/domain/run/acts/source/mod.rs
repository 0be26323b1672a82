//! Where a value comes from (21 CFR 11.10(h)): the text of a registered device is held against what
//! was recorded; typing a reading by hand opens an exception. Nothing is refused for it.
//!
//! A text belongs to one batch: it names it (`batch`), or it was measured after this run was issued. What
//! remains possible: a text that names no batch is shown to two batches that are both under way then;
//! only devices that name the batch close that.

mod alarm;

pub use alarm::of_alarm;

use super::spot::Spot;
use crate::domain::alike;
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::entry::EntryValue;
use crate::domain::exception::ExceptionKind;
use crate::domain::numbered::numbered;
use crate::domain::refusal::{Refusal, words};
use crate::domain::run::acts::report::{Report, malformed};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::reading::{PAYLOAD, ReadingSource};
use crate::domain::run::{EntryVersion, Run};
use crate::domain::words::{Basis, EntryKey};
use serde::Deserialize;

/// How far a device's clock may be ahead of the server's, or beside what people declare.
const AHEAD: i64 = MINUTE;

/// What a device says, in its own words; more members may stand in its text.
#[derive(Debug, Deserialize)]
struct Says {
    tag: String,
    value: String,
    unit: String,
    at: String,
    /// The number of the batch it measured for; without it the time of measurement must do.
    #[serde(default)]
    batch: Option<String>,
}

/// A value's source as it is kept, and what was found about it.
#[derive(Debug, Default)]
pub struct Judged {
    /// The source; none for what people know.
    pub source: Option<ReadingSource>,
    /// What is wrong with it, each with the exception that it opens.
    pub found: Vec<(ExceptionKind, String)>,
}

impl Judged {
    /// When it was done: as declared or as the device says, whichever is earlier.
    #[must_use]
    pub fn done(&self, declared: Option<Instant>) -> Option<Instant> {
        let measured = self.source.as_ref().and_then(|source| source.measured_at);
        declared.into_iter().chain(measured).min()
    }
}

/// Judges where a report's value comes from.
///
/// # Errors
/// `malformed`: a device's text is endless, or came with a basis that is no device.
pub fn judge(
    run: &Run,
    facts: &RunFacts<'_>,
    spot: &Spot<'_>,
    report: &Report<'_>,
    value: &EntryValue,
    now: Instant,
) -> Result<Judged, Refusal> {
    let asked = spot.spec.kind.as_kind().as_reading();
    let Basis::Device { id } = report.basis else {
        if facts.device.is_some() {
            return Err(malformed(report.at, "a device's text comes with the basis device"));
        }
        let typed = asked.map(|_| by_hand(report.at, "was typed", report.reason));
        return Ok(Judged { source: None, found: typed.into_iter().collect() });
    };
    if facts.device.is_some_and(|device| device.payload.len() > PAYLOAD) {
        let detail = format!("a device's text has at most {PAYLOAD} bytes");
        return Err(malformed(report.at, &detail));
    }
    let mut source = kept(facts, id);
    let says = facts.device.map(|device| serde_json::from_str::<Says>(device.payload));
    let measured = says.as_ref().and_then(|says| Instant::parse(&says.as_ref().ok()?.at).ok());
    source.measured_at = measured;
    let measured = measured.or(report.performed_at).unwrap_or(now);
    let mut found = ready(facts, id, spot, [measured, now]);
    // Without its text a ready device's value on another kind of entry is believed as if it were typed.
    if facts.device.is_none() && asked.is_none() {
        return Ok(Judged { source: Some(source), found });
    }
    let at = report.at;
    let not = |what: String| (ExceptionKind::Override, what);
    match (facts.device, says) {
        (Some(own), Some(said)) => {
            if !own.own {
                found.push(not(format!("{at}: the text was not signed by device {id}")));
            }
            let differs = match &said {
                Ok(says) => differences(run, says, spot, report, value, now),
                Err(_) => {
                    vec!["is no JSON object with tag, value, unit and at, each as text".into()]
                }
            };
            found.extend(differs.iter().map(|what| not(format!("{at}: the text of {id} {what}"))));
            if let Some(other) = used_before(run, own.payload) {
                found.push(not(format!(
                    "{at}: the same text of {id} was recorded before as {other}"
                )));
            }
        }
        _ => found.push(not(format!("{at}: nothing signed by device {id} came with the value"))),
    }
    // Only of a reading does the master record say which tag it is: what names none proves nothing.
    source.verified = found.is_empty() && asked.is_some();
    Ok(Judged { source: Some(source), found })
}

/// A device's text as it is kept; it proves nothing yet.
fn kept(facts: &RunFacts<'_>, id: &str) -> ReadingSource {
    ReadingSource {
        device: id.to_owned(),
        payload: facts.device.map(|device| device.payload.to_owned()),
        signature: facts.device.map(|device| device.signature.to_owned()),
        measured_at: None,
        calibration_due: facts.registered(id).map(|device| device.calibration_due),
        verified: false,
    }
}

/// Whether correcting it by hand overrides a device: a reading, or a value proven to be a device's.
#[must_use]
pub fn overrides(spot: &Spot<'_>, current: &EntryVersion) -> bool {
    let proven = current.source.as_ref().is_some_and(|source| source.verified);
    proven || spot.spec.kind.as_kind().as_reading().is_some()
}

/// The exception of a value that people give where a device is to give it.
#[must_use]
pub fn by_hand(at: &EntryKey, how: &str, reason: Option<&str>) -> (ExceptionKind, String) {
    let why = match reason.map(words).filter(|reason| !reason.is_empty()) {
        Some(reason) => format!(": {reason}"),
        None => "; no reason was given: a reason and a checker are owed".to_owned(),
    };
    (ExceptionKind::Override, format!("{at} {how} by hand where a device gives the value{why}"))
}

/// That no device is registered under this id; one that reads alike is named.
fn unregistered(facts: &RunFacts<'_>, id: &str) -> (ExceptionKind, String) {
    match facts.twin {
        Some(twin) => {
            let how = alike::differs(id, twin);
            (ExceptionKind::LookAlike, format!("device {id} is not registered; {twin} is: {how}"))
        }
        None => (ExceptionKind::EquipmentNotReady, format!("device {id} is not registered")),
    }
}

/// Whether the device was ready when it measured and is ready now, and of the class that is asked.
fn ready(
    facts: &RunFacts<'_>,
    id: &str,
    spot: &Spot<'_>,
    times: [Instant; 2],
) -> Vec<(ExceptionKind, String)> {
    let not = |what: String| (ExceptionKind::EquipmentNotReady, what);
    let Some(device) = facts.registered(id) else {
        return vec![unregistered(facts, id)];
    };
    let class = spot.spec.kind.as_kind().as_reading().and_then(|spec| spec.class.as_deref());
    let other = class
        .filter(|class| *class != device.kind)
        .map(|class| not(format!("device {id} is of class {}, and {class} is asked", device.kind)));
    times.iter().find_map(|at| device.not_ready(*at)).map(not).into_iter().chain(other).collect()
}

/// In what a device's text differs from what was recorded.
fn differences(
    run: &Run,
    says: &Says,
    spot: &Spot<'_>,
    report: &Report<'_>,
    value: &EntryValue,
    now: Instant,
) -> Vec<String> {
    let mut differs = Vec::new();
    if let Some(tag) = spot.spec.kind.as_kind().as_reading().map(|spec| &spec.tag)
        && *tag != says.tag
    {
        differs.push(format!("names the tag {:?}, and {tag:?} is asked", says.tag));
    }
    differs.extend(other_value(says, spot, report, value));
    match Instant::parse(&says.at) {
        Err(_) => differs.push(format!("has no time of measurement: {:?}", says.at)),
        Ok(at) if at.since(now) > AHEAD => {
            let at = run.local(at);
            differs.push(format!("says that it was measured at {at}, which is still to come"));
        }
        Ok(at) => {
            if let Some(done) = report.performed_at.filter(|done| done.since(at).abs() > AHEAD) {
                let (at, done) = (run.local(at), run.local(done));
                differs.push(format!("says that it was measured at {at}, and {done} was declared"));
            }
            if says.batch.is_none() && at <= run.issued_at {
                let (at, issued) = (run.local(at), run.local(run.issued_at));
                differs.push(format!(
                    "names no batch and was measured at {at}, before this one was issued at {issued}"
                ));
            }
        }
    }
    differs.extend(other_batch(run, says.batch.as_deref()));
    differs
}

/// That a text says another value: read as the entry reads it, it is another number or in a unit that says nothing of
/// the one that is asked.
fn other_value(
    says: &Says,
    spot: &Spot<'_>,
    report: &Report<'_>,
    value: &EntryValue,
) -> Option<String> {
    if value.found().is_none() {
        let differs = says.value != value.shown;
        return differs.then(|| format!("says {:?}, and {} was recorded", says.value, value.shown));
    }
    let mut input = report.input.clone();
    let sent = if input.value.is_object() { &mut input.value["value"] } else { &mut input.value };
    *sent = says.value.clone().into();
    input.unit = Some(says.unit.clone());
    match spot.spec.parse(&input) {
        Ok(read) if read.found() == value.found() => None,
        Ok(read) => Some(format!("says {}, and {} was recorded", read.shown, value.shown)),
        Err(why) => Some(format!("says {:?} {:?}: {why}", says.value, says.unit)),
    }
}

/// That a text names another batch: by its number as it is printed or by its key.
fn other_batch(run: &Run, named: Option<&str>) -> Option<String> {
    let own = |batch: &str| numbered(batch.trim()).is_ok_and(|it| it.key == run.number);
    let batch = named.filter(|batch| !own(batch))?;
    Some(format!("is of batch {batch:?}, and this is batch {}", run.number))
}

/// The entry on which this very text stands already: one measurement is one reading.
fn used_before(run: &Run, payload: &str) -> Option<String> {
    let of_steps = run.steps.iter().flat_map(|(key, step)| {
        step.entries.iter().map(move |(id, entry)| (format!("{key}/{id}"), entry))
    });
    let of_run = run.release_entries.iter().map(|(id, entry)| (id.clone(), entry));
    of_steps.chain(of_run).find_map(|(at, entry)| {
        let same = |version: &EntryVersion| {
            version.source.as_ref().and_then(|source| source.payload.as_deref()) == Some(payload)
        };
        let tested = entry.determinations.iter().filter_map(|tested| tested.told.source.as_ref());
        let tested =
            tested.filter_map(|source| source.payload.as_deref()).any(|own| own == payload);
        (tested || entry.versions.iter().any(same)).then_some(at)
    })
}
