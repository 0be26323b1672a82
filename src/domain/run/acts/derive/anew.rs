//! One computed entry, told anew: whether it must be written down, as a value or with why there is none, and what
//! follows from that.

use super::relied::{Reach, Relied};
use crate::domain::clock::Zone;
use crate::domain::command::Stamp;
use crate::domain::entry::computing::Outcome;
use crate::domain::entry::spec::Due;
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::limits::{Purpose, Side, Verdict};
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::condition;
use crate::domain::run::acts::correct::uses;
use crate::domain::run::acts::judge::Findings;
use crate::domain::run::acts::report::lapse_check;
use crate::domain::run::acts::spot::{self, Spot};
use crate::domain::run::acts::story::{Story, numbers};
use crate::domain::run::computed::{Computed, agrees};
use crate::domain::run::known::{Here, is_declared_absent, is_not_computable};
use crate::domain::run::{Content, EntryVersion, Phase, Run, StepPhase, lineage};
use crate::domain::words::{Basis, EntryKey};

/// Why a value may have to be written down that need not be otherwise.
pub(super) struct Because<'a> {
    pub(super) relied: &'a Relied,
    pub(super) changed: &'a [(EntryKey, u64)],
}

impl Because<'_> {
    /// Whether what a version was computed from was changed: what came later was no input of it.
    fn changes(&self, version: &EntryVersion) -> bool {
        let used = |(at, seq): &(EntryKey, u64)| {
            *seq < version.seq && version.lineage.iter().any(|used| used.covers(at))
        };
        self.changed.iter().any(used)
    }
}

/// What follows for one computed entry: nothing, or a new version with its exceptions. What somebody declared absent
/// stays so; the value is shown beside it.
pub(super) fn anew(
    run: &Run,
    scratch: &Run,
    at: &EntryKey,
    cause: &str,
    stamp: &Stamp,
    because: &Because<'_>,
) -> Vec<RunEvent> {
    let Ok(spot) = spot::entry(scratch, at) else { return Vec::new() };
    if condition::entry(scratch, at, spot.spec) != condition::Branch::Taken
        || spot.current().is_some_and(is_declared_absent)
    {
        return Vec::new();
    }
    let kind = spot.spec.kind.as_kind();
    let step = at.step.as_ref().map(|key| key.step.as_str());
    let relied = because.relied.places.contains(at);
    let mut must = relied || !scratch.recipe.plan().reads.is_growing(step, &at.entry);
    must |= spot.current().is_some_and(|current| because.changes(current));
    // Once execution is complete nothing comes any more that would rely on it first.
    must |= matches!(scratch.phase, Phase::Complete | Phase::Reviewed | Phase::Closed);
    let here = Here::entry(scratch, at, stamp.at);
    let found = kind.compute(&here);
    let (mandatory, due) = (spot.spec.mandatory, &spot.spec.due);
    let reach = because.relied.reach;
    let owed = relied
        && match due {
            Due::Step => true,
            Due::Gate(_) => reach >= Reach::SoFar,
            Due::Release => reach == Reach::Run,
        };
    let current = spot.current();
    let crosses = |outcome: &Outcome| {
        let before = current.map_or(&[][..], |current| current.verdicts.as_slice());
        outside(before) != outside(&spot.spec.judge(&outcome.value))
    };
    let late = current.is_none() && is_over(&spot);
    let tells = match &found {
        Ok(Some(outcome)) => {
            let same = current.is_some_and(|current| agrees(current, outcome));
            !same && (must || late || crosses(outcome))
        }
        Ok(None) => current.is_some() && must || owed && mandatory,
        Err(_) => must,
    };
    if !tells {
        return Vec::new();
    }
    let gone = if current.is_some_and(EntryVersion::is_value) {
        "what it is computed from is not there any more"
    } else {
        "an input is missing"
    };
    let place = Anew { run, scratch, spot, at, zone: &stamp.zone };
    match found {
        Ok(Some(outcome)) => place.computed(outcome, cause),
        Ok(None) => place.without(gone, owed),
        Err(why) => place.without(&why, owed),
    }
}

/// Which limits a value violates, and where.
fn outside(verdicts: &[Verdict]) -> Vec<(Purpose, Side)> {
    let found = verdicts.iter().filter(|verdict| verdict.side != Side::Within);
    found.map(|verdict| (verdict.purpose, verdict.side)).collect()
}

/// Whether what a value belongs to has ended: nothing comes any more that would rely on it first.
fn is_over(spot: &Spot<'_>) -> bool {
    spot.step_run.is_some_and(|step| step.phase == StepPhase::Complete)
}

/// A computed entry whose value is another than before.
struct Anew<'a> {
    /// The run before the act.
    run: &'a Run,
    /// The run after what of the act is known so far: exceptions are numbered on from there.
    scratch: &'a Run,
    spot: Spot<'a>,
    at: &'a EntryKey,
    /// The zone in which times are told.
    zone: &'a Zone,
}

impl Anew<'_> {
    fn version(&self) -> u32 {
        self.spot.current().map_or(1, |current| current.version + 1)
    }

    /// What stood there before, and what was done relying on it.
    fn replaced(&self) -> (String, Vec<String>) {
        let Ok(before) = spot::entry(self.run, self.at) else { return Default::default() };
        match before.current() {
            Some(current) => match &current.content {
                Content::Value(value) => {
                    (value.shown.clone(), uses(self.run, &before, self.at, current, self.zone))
                }
                Content::Absent(_) | Content::Struck => ("no value".to_owned(), Vec::new()),
            },
            None => Default::default(),
        }
    }

    /// A value, for the first time or anew.
    fn computed(&self, outcome: Outcome, cause: &str) -> Vec<RunEvent> {
        let verdicts = self.spot.spec.judge(&outcome.value);
        let told = Computed {
            at: self.at.clone(),
            version: self.version(),
            old: String::new(),
            value: Some(outcome.value),
            verdicts,
            formula: outcome.formula,
            used: lineage::hashed(self.scratch, self.at, outcome.used),
            unchecked: outcome.unchecked,
            cause: cause.to_owned(),
            superseded_uses: Vec::new(),
            check_owed: self.spot.spec.kind.as_kind().check_owed(),
            exceptions: Vec::new(),
        };
        self.told(told, false)
    }

    /// Exceptions that say already how the value lies to its limits, and that nobody has decided on.
    fn standing(&self, verdicts: &[Verdict]) -> Vec<u32> {
        let current = self.spot.current().filter(|current| {
            let lies = outside(verdicts);
            !lies.is_empty() && outside(&current.verdicts) == lies
        });
        let told = current.map_or(&[][..], |current| current.exceptions.as_slice());
        let kinds = [ExceptionKind::Correction, ExceptionKind::NotComputed];
        let open = |no: &u32| {
            let mut all = self.scratch.exceptions.iter();
            all.any(|it| {
                it.opened.no == *no && it.triage.is_none() && !kinds.contains(&it.opened.kind)
            })
        };
        told.iter().copied().filter(open).collect()
    }

    /// The server's word that it cannot compute a value, and why: said once, and once more where it is owed, with
    /// its exception.
    fn without(&self, why: &str, owed: bool) -> Vec<RunEvent> {
        if let Some(current) = self.spot.current() {
            let said = is_not_computable(current) && current.reason.as_deref() == Some(why);
            let told = !owed || !current.exceptions.is_empty();
            if said && told || current.basis != Basis::Computed {
                return Vec::new();
            }
        }
        self.told(
            Computed {
                at: self.at.clone(),
                version: self.version(),
                old: String::new(),
                value: None,
                verdicts: Vec::new(),
                formula: self.spot.spec.kind.as_kind().asks(),
                used: Vec::new(),
                unchecked: Vec::new(),
                cause: why.to_owned(),
                superseded_uses: Vec::new(),
                check_owed: false,
                exceptions: Vec::new(),
            },
            owed,
        )
    }

    fn told(&self, mut told: Computed, owed: bool) -> Vec<RunEvent> {
        (told.old, told.superseded_uses) = self.replaced();
        let mut story = Story::new(self.scratch);
        let mut findings = Findings::new(&mut story, &self.spot, self.at);
        let standing = self.standing(&told.verdicts);
        if let Some(value) = &told.value {
            if standing.is_empty() {
                findings.computed(&value.shown, &told.verdicts);
            }
        } else if owed {
            let name = &self.spot.spec.name;
            let detail = format!("{name} ({}) cannot be computed: {}", self.at, told.cause);
            // A limit that is not judged is owed; without one nothing but a number is missing.
            let judged = !self.spot.spec.kind.as_kind().limits_shown().is_empty();
            let severity = if judged { Severity::Major } else { Severity::Minor };
            findings.also(ExceptionKind::NotComputed, severity, detail);
        }
        if !told.superseded_uses.is_empty() {
            let uses = told.superseded_uses.join("; ");
            let detail = format!("{} was computed anew after use: {uses}", self.at);
            findings.also(ExceptionKind::Correction, Severity::Minor, detail);
        }
        told.check_owed |= findings.check_owed;
        let opened = findings.done();
        told.exceptions = standing.into_iter().chain(numbers(&opened)).collect();
        story.tell(RunEvent::EntryComputed(Box::new(told)));
        story.open(opened);
        // A check lapses that stood before the act; one given in the act is given on what it computes.
        let stands = self.spot.step_run.is_some_and(|step| step.checked.is_some());
        if let (true, Ok(before)) = (stands, spot::entry(self.run, self.at)) {
            lapse_check(&before, self.at, &mut story);
        }
        story.told()
    }
}
