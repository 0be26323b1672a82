//! Whether a system sent an alarm: the text of a registered device is held against what was told.

use super::{AHEAD, kept, other_batch};
use crate::domain::clock::Instant;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::run::Run;
use crate::domain::run::acts::report::Told;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::floor::AlarmRun;
use crate::domain::run::reading::{PAYLOAD, ReadingSource};
use crate::domain::words::AlarmPriority;
use serde::Deserialize;

/// An alarm in its system's own words; more members may stand in its text.
#[derive(Debug, Deserialize)]
struct Says {
    tag: String,
    priority: AlarmPriority,
    text: String,
    at: String,
    #[serde(default)]
    batch: Option<String>,
}

/// Where an alarm comes from, and what speaks against that. Without a device it was typed, and has no source.
/// A source that nothing speaks against is verified: then the alarm was imported.
///
/// # Errors
/// `malformed`: a text came without its device, or is endless.
pub fn of_alarm(
    run: &Run,
    facts: &RunFacts<'_>,
    told: &Told<'_>,
    now: Instant,
) -> Result<(Option<ReadingSource>, Vec<String>), Refusal> {
    let Some(id) = told.device else {
        if facts.device.is_some() {
            return Err(Refusal::new(&MALFORMED, "a device's text comes with the device's id"));
        }
        return Ok((None, Vec::new()));
    };
    if facts.device.is_some_and(|device| device.payload.len() > PAYLOAD) {
        let detail = format!("a device's text has at most {PAYLOAD} bytes");
        return Err(Refusal::new(&MALFORMED, detail));
    }
    let mut source = kept(facts, id);
    let found = match facts.device {
        None => vec![format!("nothing signed by device {id} came with it")],
        Some(own) => {
            let mut found = registered(facts, id, now);
            if !own.own {
                found.push(format!("the text was not signed by device {id}"));
            }
            match serde_json::from_str::<Says>(own.payload) {
                Ok(says) => {
                    source.measured_at = Instant::parse(&says.at).ok();
                    found.extend(differences(run, &says, told, now));
                }
                Err(_) => found.push(
                    "its text is no JSON object with tag, priority, text and at, each as text"
                        .into(),
                ),
            }
            found.extend(
                told_before(run, own.payload)
                    .map(|no| format!("the same text of {id} was told before as alarm {no}")),
            );
            found
        }
    };
    source.verified = found.is_empty();
    Ok((Some(source), found))
}

/// That nobody registered the device, or that it is out of use. An alarm asks for no calibration.
fn registered(facts: &RunFacts<'_>, id: &str, now: Instant) -> Vec<String> {
    let Some(device) = facts.registered(id) else {
        return vec![super::unregistered(facts, id).1];
    };
    let retired = device.retired.as_ref().filter(|(when, _)| *when <= now);
    retired
        .map(|(when, why)| format!("device {id} was retired at {when}: {why}"))
        .into_iter()
        .collect()
}

/// In what a system's text differs from the alarm that was told.
fn differences(run: &Run, says: &Says, told: &Told<'_>, now: Instant) -> Vec<String> {
    let mut differs = Vec::new();
    for (name, said, other) in [("tag", &says.tag, told.tag), ("text", &says.text, told.text)] {
        if said.trim() != other.trim() {
            differs.push(format!("its {name} is {said:?}, and {other:?} was told"));
        }
    }
    if says.priority != told.priority {
        differs
            .push(format!("its priority is {:?}, and {:?} was told", says.priority, told.priority));
    }
    match Instant::parse(&says.at) {
        Err(_) => differs.push(format!("it has no time: {:?}", says.at)),
        Ok(at) if at.since(now) > AHEAD => {
            differs.push(format!("it was raised at {at}, which is still to come"));
        }
        Ok(at) => {
            if let Some(raised) = told.raised_at.filter(|raised| raised.since(at).abs() > AHEAD) {
                differs.push(format!("it was raised at {at}, and {raised} was told"));
            }
            if says.batch.is_none() && at <= run.issued_at {
                differs.push(format!("it names no batch and is older than this one: {at}"));
            }
        }
    }
    differs.extend(other_batch(run, says.batch.as_deref()).map(|what| format!("it {what}")));
    differs
}

/// The alarm that this very text told already: what was raised once is one alarm.
fn told_before(run: &Run, payload: &str) -> Option<u32> {
    let own = |alarm: &&AlarmRun| {
        let source = alarm.told.source.as_ref();
        source.and_then(|source| source.payload.as_deref()) == Some(payload)
    };
    run.alarms.iter().find(own).map(|alarm| alarm.told.no)
}
