//! A second look at what somebody typed: who looked, when and against what (21 CFR 211.68(b), rule 2.7).

use super::{Content, EntryVersion, Run, StepRun};
use crate::domain::clock::Instant;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::ids::StepKey;
use crate::domain::recipe::Step;
use crate::domain::words::{Basis, EntryKey, Used, Who};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

/// How many values that were sent and not confirmed a text names of one entry; of those before it says how many.
/// No text that is signed or printed grows with what somebody types.
pub const NAMED: usize = 10;
use utoipa::ToSchema;

/// Against what somebody looked at a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Against {
    /// Saw it done, or the thing itself.
    Seen,
    /// The display it was read from.
    Display,
    Printout,
    Photograph,
    /// The record that a device or system kept.
    DeviceRecord,
}

impl Against {
    /// The word that is printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Display => "display",
            Self::Printout => "printout",
            Self::Photograph => "photograph",
            Self::DeviceRecord => "device record",
        }
    }
}

/// A look by somebody else than who sent the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub at: Instant,
    pub by: Who,
    /// Against what; nothing where it was given with the verification of the step.
    pub against: Option<Against>,
    /// The journal entry it stands in.
    pub seq: u64,
}

impl Look {
    /// As a line for people: who, against what.
    #[must_use]
    pub fn line(&self) -> String {
        let how = self.against.map_or("with the step", Against::as_str);
        format!("looked at by {} ({}), {how}", self.by.printed_name, self.by.user_name)
    }
}

/// A value as the list of a signature names it.
#[must_use]
pub fn value_line(at: &EntryKey, version: &EntryVersion) -> String {
    let no = version.version;
    match &version.content {
        Content::Value(value) => format!("{at} version {no}: {}", value.shown),
        Content::Absent(_) => format!("{at} version {no}: no value"),
        Content::Struck => format!("{at} version {no}: struck"),
    }
}

/// Whether a version is a typed value of which the master record asks a second look.
#[must_use]
pub fn owes(spec: &EntrySpec, version: &EntryVersion) -> bool {
    version.is_value() && spec.asks_second_look() && is_typed(version)
}

/// Whether somebody typed it: no registered device gave it by its own signed text, and no server computed it.
fn is_typed(version: &EntryVersion) -> bool {
    match &version.basis {
        Basis::Computed => false,
        Basis::Device { .. } => !version.source.as_ref().is_some_and(|source| source.verified),
        Basis::Direct | Basis::Scribe { .. } | Basis::Paper { .. } => true,
    }
}

/// How many bytes the list of what a signature covers may hold.
const ROOM: usize = 24 * 1024;

/// What the second person of a step looks at with it, as their signature lists it: typed critical values, and values
/// that were sent and not confirmed. Of many attempts at one entry the last are listed, and of more than a signature
/// has room for the first; the rest is counted, with one hash over its lines, so that whatever is typed the step can
/// be signed.
#[must_use]
pub fn covered(key: &StepKey, step: &Step, state: &StepRun) -> Vec<String> {
    let (mut values, mut attempts) = (Vec::new(), Vec::new());
    for spec in &step.entries {
        let Some(entry) = state.entries.get(&spec.id) else { continue };
        let at = EntryKey { step: Some(key.clone()), entry: spec.id.clone() };
        let tried = entry.unconfirmed().filter(|attempt| attempt.looked.is_none());
        let mut tried: Vec<_> = tried.map(|attempt| attempt.line(&at)).collect();
        let last = tried.split_off(tried.len().saturating_sub(NAMED));
        if !tried.is_empty() {
            attempts.push(summed(&format!("{at}: attempts before"), &tried));
        }
        attempts.extend(last);
        let value = entry.current().filter(|version| owes(spec, version));
        values.extend(value.map(|version| value_line(&at, version)));
    }
    values.append(&mut attempts);
    fitting(values)
}

/// As many lines as there is room for, and one for all the others.
fn fitting(mut lines: Vec<String>) -> Vec<String> {
    let mut used = 0_usize;
    let mut fits = |line: &String| {
        // As it is written in the body: what must be escaped takes up to six bytes.
        used = used.saturating_add(json!(line).to_string().len());
        used <= ROOM
    };
    let kept = lines.iter().position(|line| !fits(line));
    let rest = kept.map(|kept| lines.split_off(kept)).unwrap_or_default();
    if !rest.is_empty() {
        lines.push(summed("further values", &rest));
    }
    lines
}

/// Lines that are not listed: how many, and one hash over them.
fn summed(what: &str, lines: &[String]) -> String {
    let mut hash = Sha256::new_with_prefix("batchwright/covered/1\0");
    lines.iter().for_each(|line| hash.update(format!("{line}\n")));
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{what}: {}, SHA-256 {hex}", lines.len())
}

/// Who looked at a version a second time: by a look of its own, or by the signature of the second person of its step,
/// given after the value.
#[must_use]
pub fn given(step: Option<&StepRun>, version: &EntryVersion) -> Option<String> {
    if let Some(look) = &version.looked {
        return Some(look.line());
    }
    let signed = step?
        .checked
        .as_ref()
        .filter(|signed| signed.seq > version.seq && Some(signed.person) != version.by.person)?;
    let (how, who) = (signed.meaning.as_str(), &signed.printed_name);
    Some(format!("{how} with its step by {who} ({})", signed.user_name))
}

/// The typed values that a computed one stands on and that wait for their second look, where the master record
/// says that it is not final until then.
#[must_use]
pub fn not_final(run: &Run, version: &EntryVersion) -> Vec<String> {
    let waits = |at: &String| {
        let (step, entry) = at.rsplit_once('/')?;
        let at = EntryKey { step: Some(step.parse().ok()?), entry: entry.to_owned() };
        let step = at.step.as_ref()?;
        let spec = run.recipe.entry(Some(step.step.as_str()), &at.entry)?;
        let asked = spec.second_look.as_ref().is_some_and(|asked| asked.computed);
        let current = run.entry(&at)?.current()?;
        let owed = asked && owes(spec, current) && given(run.steps.get(step), current).is_none();
        owed.then(|| at.to_string())
    };
    let places = |used: &Used| match (&used.list, EntryKey::read(&used.at)) {
        (Some(_), Some(EntryKey { step: Some(first), entry })) => {
            let all = run.steps.of(&first.operation.op, &first.step);
            let at = |(step, _): (&StepKey, &StepRun)| EntryKey {
                step: Some(step.clone()),
                entry: entry.clone(),
            };
            all.map(at).filter(|at| used.covers(at)).map(|at| at.to_string()).collect()
        }
        _ => vec![used.at.clone()],
    };
    version.lineage.iter().flat_map(places).filter_map(|at| waits(&at)).collect()
}
