//! An entry: what it asks, every version of its value, what was tried on the way.

use super::read::{ReadView, read};
use super::testing::{ClaimView, DeterminationView, InvestigationView, investigation};
pub use super::used::UsedView;
pub use super::verdict::{SourceView, VerdictView};
use super::{WhoView, at, etag, word};
use crate::domain::entry::spec::{Due, EntrySpec};
use crate::domain::run::{Attempt, Content, EntryRun, EntryVersion, Run, TrailPoint, known};
use crate::domain::words::{Basis, EntryKey};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// An entry of a step's occurrence, or a release specification.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryView {
    /// Id in the master record.
    pub entry: String,
    /// Name.
    pub name: String,
    /// Kind, as in `number`.
    pub kind: String,
    /// What it asks, as printed beside it.
    pub asks: String,
    /// Amendments that changed what it asks for this batch.
    pub amendments: Vec<u32>,
    /// Whether what it belongs to waits for it.
    pub mandatory: bool,
    /// When it is due: `step`, `release`, or `{gate: …}`.
    #[schema(value_type = Due)]
    pub due: Value,
    /// All versions; the last one counts, nothing is overwritten.
    pub versions: Vec<VersionView>,
    /// Of a computed entry: what it would be now, where that is not what stands there. What stands on a list is
    /// written down when somebody relies on it; beside a declared absence the value is offered.
    pub so_far: Option<SoFarView>,
    /// Readings and additions on the way to a target.
    pub trail: Vec<TrailPointView>,
    /// Attempts that were kept and not recorded.
    pub attempts: Vec<AttemptView>,
    /// Determinations of a laboratory result, every one of them.
    pub determinations: Vec<DeterminationView>,
    /// Corrections of determinations: those that count, and those that are claimed.
    pub claims: Vec<ClaimView>,
    /// What was decided about results outside specification, in order.
    pub investigation: Vec<InvestigationView>,
    /// What the master record says of a second look at what is typed: `owed`, or why none is; null: none is asked.
    pub second_look: Option<String>,
    /// Typed values that a computed one stands on and that wait for their second look: it is not final before.
    pub not_final: Vec<String>,
    /// For If-Match; null while nothing was recorded.
    pub etag: Option<String>,
}

/// A computed value that is not written down.
#[derive(Debug, Serialize, ToSchema)]
pub struct SoFarView {
    /// As people read it.
    pub shown: String,
    /// The canonical value.
    #[schema(value_type = Value)]
    pub value: Value,
    /// How it lies to its limits.
    pub verdicts: Vec<VerdictView>,
    /// The formula as applied.
    pub formula: String,
    /// What it is computed from.
    pub lineage: Vec<UsedView>,
    /// The places of claims that it stands on and nobody has checked.
    pub unchecked: Vec<String>,
}

/// What a computed entry would be now, where that is not what stands there.
pub fn so_far(run: &Run, spec: &EntrySpec, at: &EntryKey) -> Option<SoFarView> {
    let outcome = known::so_far(run, at)?;
    Some(SoFarView {
        verdicts: spec.judge(&outcome.value).iter().map(Into::into).collect(),
        shown: outcome.value.shown,
        value: outcome.value.data,
        formula: outcome.formula,
        lineage: outcome.used.iter().map(Into::into).collect(),
        unchecked: outcome.unchecked,
    })
}

/// One version of an entry.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionView {
    /// From 1.
    pub version: u32,
    /// As people read it; null where there is no value.
    pub shown: Option<String>,
    /// The canonical value.
    #[schema(value_type = Value)]
    pub value: Option<Value>,
    /// Of a number: as it was read, and in the unit that is asked.
    pub read: Option<ReadView>,
    /// Why there is no value.
    pub absence: Option<String>,
    /// It says that what stood before was recorded in error; the entry is open again.
    pub struck: bool,
    /// The input as sent, canonical JSON.
    pub raw: String,
    /// Verdicts at that time.
    pub verdicts: Vec<VerdictView>,
    /// Recorded by.
    pub by: WhoView,
    /// Recorded at.
    #[schema(format = DateTime)]
    pub at: String,
    /// Performed at, where declared otherwise.
    #[schema(format = DateTime)]
    pub performed_at: Option<String>,
    /// When it was said to have been done before this version corrected that.
    pub performed_before: Option<String>,
    /// Where the knowledge comes from.
    #[schema(value_type = Basis)]
    pub basis: Value,
    /// The device it came from: id, its text and signature word for word, calibration, and whether
    /// all of it fits (`verified`).
    pub source: Option<SourceView>,
    /// Reason of a correction, a late entry or an absence.
    pub reason: Option<String>,
    /// A slip: within 60 seconds, unsigned, unused.
    pub slip: bool,
    /// What had been done relying on the value before.
    pub superseded_uses: Vec<String>,
    /// Whether it owes a check.
    pub check_owed: bool,
    /// Checked by.
    pub checked_by: Option<WhoView>,
    /// Checked at.
    #[schema(format = DateTime)]
    pub checked_at: Option<String>,
    /// The second look by an act of its own; the verification of its step, given after it, is one too.
    pub looked_by: Option<WhoView>,
    /// When.
    #[schema(format = DateTime)]
    pub looked_at: Option<String>,
    /// Against what.
    pub looked_against: Option<String>,
    /// Of a computed value: what it was computed from, with the versions used. Its formula as applied
    /// is `raw`.
    pub lineage: Vec<UsedView>,
    /// Of a computed time: the places of claims that it stands on and nobody has checked. Until then it is not within.
    pub unchecked: Vec<String>,
    /// Of a computed value that was checked: that it was computed again and agreed.
    pub recomputed: Option<String>,
    /// Exceptions it opened.
    pub exceptions: Vec<u32>,
    /// The journal entry it stands in.
    pub seq: u64,
}

/// A reading or addition.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrailPointView {
    /// `reading` or `addition`.
    pub kind: String,
    /// As people read it.
    pub shown: String,
    /// The canonical value.
    #[schema(value_type = Value)]
    pub value: Value,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Who.
    pub by: WhoView,
}

/// An attempt that was kept and not recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptView {
    /// From 1.
    pub no: u32,
    /// Sent again and meant: a version says the same.
    pub confirmed: bool,
    /// Why it was sent: the coded reason; null: it is owed, unless it was confirmed.
    pub why: Option<String>,
    /// The reason in words.
    pub words: Option<String>,
    /// Who said why.
    pub explained_by: Option<WhoView>,
    /// Who else looked at it.
    pub looked_by: Option<WhoView>,
    /// Against what; null: with the step.
    pub looked_against: Option<String>,
    /// Performed at, where declared otherwise.
    #[schema(format = DateTime)]
    pub performed_at: Option<String>,
    /// Where the knowledge comes from.
    #[schema(value_type = Basis)]
    pub basis: Value,
    /// The device it came from, as of a version.
    pub source: Option<SourceView>,
    /// The exception that names it, where more than one was sent.
    pub exception: Option<u32>,
    /// The input as sent.
    pub raw: String,
    /// As people read it.
    pub shown: String,
    /// Verdicts.
    pub verdicts: Vec<VerdictView>,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Who.
    pub by: WhoView,
}

impl From<&TrailPoint> for TrailPointView {
    fn from(point: &TrailPoint) -> Self {
        Self {
            kind: point.kind.clone(),
            shown: point.shown.clone(),
            value: point.data.clone(),
            at: at(point.at),
            by: WhoView::from(&point.by),
        }
    }
}

impl From<&Attempt> for AttemptView {
    fn from(attempt: &Attempt) -> Self {
        let looked = attempt.looked.as_ref();
        Self {
            no: attempt.no,
            confirmed: attempt.confirmed,
            why: attempt.explained.as_ref().map(|it| word(&it.why)),
            words: attempt.explained.as_ref().and_then(|it| it.words.clone()),
            explained_by: attempt.explained.as_ref().map(|it| WhoView::from(&it.by)),
            looked_by: looked.map(|look| WhoView::from(&look.by)),
            looked_against: looked.and_then(|look| look.against).map(|it| word(&it)),
            performed_at: attempt.performed_at.map(at),
            basis: serde_json::to_value(&attempt.basis).unwrap_or_default(),
            source: attempt.source.as_ref().map(Into::into),
            exception: attempt.exception,
            raw: attempt.raw.clone(),
            shown: attempt.shown.clone(),
            verdicts: attempt.verdicts.iter().map(Into::into).collect(),
            at: at(attempt.at),
            by: WhoView::from(&attempt.by),
        }
    }
}

impl From<&EntryVersion> for VersionView {
    fn from(version: &EntryVersion) -> Self {
        let (shown, value, absence) = match &version.content {
            Content::Value(value) => (Some(value.shown.clone()), Some(value.data.clone()), None),
            Content::Absent(absence) => (None, None, Some(word(absence))),
            Content::Struck => (None, None, None),
        };
        let was_read = match &version.content {
            Content::Value(value) => read(value),
            Content::Absent(_) | Content::Struck => None,
        };
        Self {
            version: version.version,
            shown,
            value,
            read: was_read,
            absence,
            struck: version.strikes(),
            looked_by: version.looked.as_ref().map(|look| WhoView::from(&look.by)),
            looked_at: version.looked.as_ref().map(|look| at(look.at)),
            looked_against: version.looked.as_ref().and_then(|it| it.against).map(|it| word(&it)),
            raw: version.raw.clone(),
            verdicts: version.verdicts.iter().map(Into::into).collect(),
            by: WhoView::from(&version.by),
            at: at(version.at),
            performed_at: version.performed_at.map(at),
            performed_before: version.performed_before.map(at),
            basis: serde_json::to_value(&version.basis).unwrap_or_default(),
            source: version.source.as_ref().map(Into::into),
            reason: version.reason.clone(),
            slip: version.slip,
            superseded_uses: version.superseded_uses.clone(),
            check_owed: version.check_owed,
            checked_by: version.checked.as_ref().map(|(_, who)| WhoView::from(who)),
            checked_at: version.checked.as_ref().map(|(moment, _)| at(*moment)),
            lineage: version.lineage.iter().map(Into::into).collect(),
            unchecked: version.unchecked.clone(),
            recomputed: version.recomputed.clone(),
            exceptions: version.exceptions.clone(),
            seq: version.seq,
        }
    }
}

/// An entry as asked and, where something was recorded, as it stands.
pub fn entry(spec: &EntrySpec, run: Option<&EntryRun>) -> EntryView {
    let newest = run.and_then(|run| run.versions.last());
    let none = spec.second_look.as_ref().and_then(|asked| asked.none.clone());
    EntryView {
        second_look: none.or_else(|| spec.asks_second_look().then(|| "owed".to_owned())),
        entry: spec.id.clone(),
        name: spec.name.clone(),
        kind: spec.kind.name().to_owned(),
        asks: spec.kind.as_kind().asks(),
        amendments: Vec::new(),
        so_far: None,
        mandatory: spec.mandatory,
        due: serde_json::to_value(&spec.due).unwrap_or_default(),
        versions: run.map(|run| run.versions.iter().map(Into::into).collect()).unwrap_or_default(),
        trail: run.map(|run| run.trail.iter().map(Into::into).collect()).unwrap_or_default(),
        attempts: run.map(|run| run.attempts.iter().map(Into::into).collect()).unwrap_or_default(),
        determinations: run
            .map(|run| run.determinations.iter().map(Into::into).collect())
            .unwrap_or_default(),
        claims: run.map(|run| run.claims.iter().map(Into::into).collect()).unwrap_or_default(),
        investigation: run.map(|run| investigation(&run.investigation)).unwrap_or_default(),
        not_final: Vec::new(),
        etag: newest.map(|version| etag(version.seq)),
    }
}

#[cfg(test)]
mod tests {
    use super::entry;
    use crate::domain::clock::Instant;
    use crate::domain::cross::scene::{Scene, entry as at, recipe};
    use crate::domain::entry::{Input, KindSpec};
    use serde_json::json;

    /// Walks the kinds, so that a new one is recorded by the rules, judged and shown by itself.
    #[test]
    fn every_kind_is_recorded_judged_and_shown() {
        for (name, _, sample) in KindSpec::samples() {
            let mut spec = sample.spec;
            for (member, value) in [("id", "pH"), ("name", "The entry"), ("kind", name)] {
                spec[member] = json!(value);
            }
            let mut document = serde_json::to_value(recipe()).expect("plain data");
            document["unit_procedures"][0]["operations"][0]["steps"][0]["entries"][0] = spec;
            for sent in sample.valid {
                let recipe = serde_json::from_value(document.clone()).expect(name);
                let mut scene = Scene::of("B-1", 0xB, recipe);
                scene.begin();
                scene.start("grow");
                // Later than whatever a sample says of its own time.
                scene.at = Instant::parse("2030-01-01T00:00:00Z").expect("a time");
                let input: Input = serde_json::from_value(sent.clone()).expect("an input");
                // Whoever tells what is implausible is asked once more.
                while scene
                    .run
                    .entry(&at("pH"))
                    .is_none_or(|it| it.versions.is_empty() && it.determinations.is_empty())
                {
                    assert_eq!(
                        scene.tells("opal", at("pH"), input.clone()),
                        Ok(()),
                        "{name} {sent}"
                    );
                }
                let spec = scene.run.recipe.entry(Some("grow"), "pH").expect("it is asked");
                // Days on labels have their century by the time at which they are read.
                let kept = scene.run.entry(&at("pH")).and_then(|it| it.versions.last());
                let value = match kept.map(|version| &version.content) {
                    Some(crate::domain::run::Content::Value(value)) => value.clone(),
                    _ => spec.parse(&input).expect("well-formed"),
                };
                let view = entry(spec, scene.run.entry(&at("pH")));
                assert_eq!((view.kind.as_str(), &view.asks), (name, &spec.kind.as_kind().asks()));
                let of_version = view.versions.last().map(|it| (&it.shown, it.verdicts.len()));
                let shown = Some(value.shown.clone());
                match view.determinations.last() {
                    Some(tested) => assert_eq!(tested.shown, value.shown, "{name}"),
                    None => assert_eq!(of_version, Some((&shown, spec.judge(&value).len()))),
                }
            }
        }
    }
}
