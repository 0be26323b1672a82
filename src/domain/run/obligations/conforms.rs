//! Specifications conform: by every result of every lot that owes it, and by nothing else (21 CFR 211.165(f), EU
//! GMP Annex 16, chapter 3). No triage, no deviation and no declaration makes up for one.

use super::owed::{Owed, pending};
use super::{Found, Law, Obligation, Stage, law, owe, signature};
use crate::domain::entry::identifier::key;
use crate::domain::entry::result::Spec;
use crate::domain::entry::spec::EntrySpec;
use crate::domain::exception::Exception;
use crate::domain::run::acts::exception::outside_acceptance;
use crate::domain::run::acts::result::standing::Standing as Result_;
use crate::domain::run::acts::result::subject::{
    elsewhere, per_lot, shared, taken, unfounded, used,
};
use crate::domain::run::acts::spot;
use crate::domain::run::testing::{Anew, DeterminationRun, InvestigationRun, InvestigationStep};
use crate::domain::run::{Content, EntryRun, EntryVersion, LotLink, Run, StepPhase};
use crate::domain::words::EntryKey;

const CONFORMS: Law = law("C211-165", "21 CFR 211.165(a)", Stage::Release);

/// Whether an entry is a specification: every one that release asks for, and on a step what is one by itself.
pub(in crate::domain::run) fn is_specification(entry: &EntrySpec, at: &EntryKey) -> bool {
    at.step.is_none() || entry.is_specification()
}

/// Why no triage and no deviation lets go what an exception is about, where it is about a specification.
#[must_use]
pub fn never_waived(run: &Run, exception: &Exception) -> Option<String> {
    let at = exception.opened.at.as_ref()?;
    let entry = spot::entry(run, at).ok()?.spec;
    is_specification(entry, at).then(|| {
        format!(
            "{} ({at}) is a specification: whatever is decided about exception {}, it is met only by a \
             conforming result of every lot; a valid result outside it means rejection, or an approved \
             reprocessing that is tested anew (21 CFR 211.165(f))",
            entry.name, exception.opened.no
        )
    })
}

/// How quality decided at issue that a batch does not owe a test, where nobody tested all the same.
pub(super) fn skipped(run: &Run, at: &EntryKey, found: Option<&EntryRun>) -> Option<String> {
    let tested = found.is_some_and(|entry| !entry.determinations.is_empty());
    let skipped = run.skipped.get(&at.entry).filter(|_| at.step.is_none() && !tested)?;
    let by = skipped.signed.as_ref().map_or_else(String::new, signature);
    let (document, reason) = (&skipped.told.document, &skipped.told.reason);
    Some(format!("skipped under {document}: {reason}; {by}"))
}

/// A specification is met by conforming results, one for each lot that owes it.
pub(super) fn conforms(
    run: &Run,
    owed: &Owed<'_>,
    at: &EntryKey,
    place: &str,
    list: &mut Vec<Obligation>,
) {
    let name = &owed.entry.name;
    if let Some(skipped) = skipped(run, at, owed.run_entry) {
        let what = format!("{name} is not owed by this batch, as quality decided at issue");
        let (id, place) = (format!("entry/{place}/skipped"), Some(place.into()));
        let law = CONFORMS.or_waived();
        return owe(list, law, id, what, place, "review", Found::Waived(skipped));
    }
    let tested = owed.run_entry.filter(|entry| !entry.determinations.is_empty());
    let found = if let Some(spec) = owed.entry.as_result() {
        match tested {
            Some(entry) => results(run, spec, entry, at),
            None => Found::Open(pending(run, owed.entry, None)),
        }
    } else {
        plain(owed.run_entry.and_then(EntryRun::current))
    };
    let id = format!("entry/{place}/conforms");
    let what = format!("{name} conforms: every result of every lot that owes it");
    owe(list, CONFORMS, id, what, Some(place.to_owned()), "test", found);
}

/// A specification that is no laboratory result: its value is within, and nothing else helps.
fn plain(version: Option<&EntryVersion>) -> Found {
    match version.map(|version| (&version.content, version)) {
        Some((Content::Value(value), version)) if outside_acceptance(version) => {
            Found::Open(Some(format!("{} is outside acceptance", value.shown)))
        }
        Some((Content::Value(value), _)) => Found::Met(value.shown.clone()),
        Some((Content::Absent(_) | Content::Struck, _)) => {
            Found::Open(Some("there is no result".into()))
        }
        None => Found::Open(None),
    }
}

/// Every result that was not set aside conforms, and there is one for each lot that owes it.
fn results(run: &Run, spec: &Spec, entry: &EntryRun, at: &EntryKey) -> Found {
    let test = Test { run, spec, entry, at };
    let owing = owing(run, spec, entry, at);
    let (decided, each): (Vec<_>, Vec<_>) =
        owing.iter().copied().partition(|it| decided_inconclusive(it).is_some());
    let mut open = test.of_another_lot();
    open.extend(each.iter().filter_map(|result| test.against(result)));
    open.extend(decided.iter().filter_map(|result| test.unfounded(result)));
    open.extend(test.lots_without(&owing));
    if !open.is_empty() || owing.is_empty() {
        return Found::Open(Some(open.join("; ")).filter(|said| !said.is_empty()));
    }
    let inconclusive: Vec<_> = decided.iter().filter_map(decided_inconclusive).collect();
    if !inconclusive.is_empty() {
        return Found::Inconclusive(inconclusive.join("; "));
    }
    let shown = each.iter().filter_map(|result| Some((result.of, shown(result.reported()?)?)));
    let all: Vec<_> = shown
        .map(|(of, shown)| of.map_or_else(|| shown.to_owned(), |of| format!("{of}: {shown}")))
        .collect();
    Found::Met(all.join("; "))
}

/// The results that a test owes. A rejected lot owes none, as long as another lot is left; a name under which
/// everything was set aside and which no lot bears, neither.
pub(super) fn owing<'r>(
    run: &Run,
    spec: &'r Spec,
    entry: &'r EntryRun,
    at: &EntryKey,
) -> Vec<Result_<'r>> {
    let mut each = Result_::each(spec, entry);
    if !per_lot(at, spec) {
        return each;
    }
    let unnamed = used(run).count() < 2;
    each.retain(|result| match result.of {
        Some(of) if is_rejected(run, of) => false,
        Some(of) if run.lots.iter().any(|lot| key(&lot.number) == key(of)) => true,
        None if unnamed => true,
        Some(_) | None => result.all().any(|tested| tested.invalidated.is_none()),
    });
    each
}

/// Whether a lot of the run was rejected, and another is left that may be released.
fn is_rejected(run: &Run, number: &str) -> bool {
    let gone = |lot: &LotLink| lot.disposition == "rejected";
    let mut own = used(run).filter(|lot| key(&lot.number) == key(number));
    own.any(gone) && !used(run).all(gone)
}

/// Whether a lot came out of an approved reprocessing or rework, and a release specification was tested on it
/// since that began.
#[must_use]
pub fn tested_anew(run: &Run, entry: &EntrySpec, lot: &LotLink, change: u32) -> bool {
    let at = EntryKey { step: None, entry: entry.id.clone() };
    let Some(found) = run.release_entries.get(&entry.id) else { return false };
    // What nobody did made nothing good: a step of it was begun, and not declared not performed.
    let done = |anew: &&Anew| {
        let mut steps = run.steps.iter().filter(|(key, _)| key.operation == anew.operation);
        steps.any(|(_, step)| step.phase != StepPhase::NotPerformed && step.started_at <= lot.at)
    };
    let mut begun = found.anew.iter().filter(|it| it.change == change && it.at <= lot.at);
    let Some(begun) = begun.find(done) else { return false };
    let Some(spec) = entry.as_result() else {
        let value = found.current().filter(|it| matches!(it.content, Content::Value(_)));
        return value.is_some_and(|version| version.seq > begun.seq);
    };
    let test = Test { run, spec, entry: found, at: &at };
    let only = used(run).count() == 1;
    let is_of = |result: &&Result_<'_>| match result.of {
        Some(of) => key(of) == key(&lot.number),
        None => only || !per_lot(&at, spec),
    };
    let since = |result: &Result_<'_>| result.anew().is_some_and(|anew| anew.seq >= begun.seq);
    let each = Result_::each(spec, found);
    let mut own = each.iter().filter(is_of).peekable();
    own.peek().is_some()
        && own.all(|it| since(it) && it.reported().is_some() && test.unfounded(it).is_none())
}

/// How two of quality decided an inconclusive result, where nothing that counts was determined, corrected or
/// decided since.
fn decided_inconclusive(result: &Result_<'_>) -> Option<String> {
    let weighs = |tested: &&DeterminationRun| {
        tested.invalidated.is_none() && (!tested.told.repeat || result.fails(tested))
    };
    let newest = result.all().filter(weighs).map(|tested| result.since(tested)).max()?;
    let (_, taken) = result.steps().filter(decides).last()?;
    let InvestigationStep::DecidedInconclusive { retests, .. } = &taken.step else { return None };
    if taken.seq < newest || result.anew().is_some_and(|anew| taken.seq < anew.seq) {
        return None;
    }
    let first = result.lines();
    let retests: Vec<_> = retests.iter().map(u32::to_string).collect();
    let by: Vec<_> = [&taken.signed, &taken.second].into_iter().flatten().map(signature).collect();
    Some(format!(
        "{} stays outside; inconclusive with retests {} within; {}",
        first.join(", "),
        retests.join(", "),
        by.join("; ")
    ))
}

/// Whether a step of an investigation decides something of the result: what laboratory and production say does
/// not, and neither does a correction that was not accepted.
fn decides((_, taken): &(u32, &InvestigationRun)) -> bool {
    match &taken.step {
        InvestigationStep::Laboratory { .. }
        | InvestigationStep::ProductionReview { .. }
        | InvestigationStep::OtherAnalyst { .. } => false,
        InvestigationStep::Transcription { accepted, .. } => *accepted,
        InvestigationStep::AssignableCause { .. }
        | InvestigationStep::RetestPlan { .. }
        | InvestigationStep::Resampling { .. }
        | InvestigationStep::Reportable { .. }
        | InvestigationStep::Inconclusive { .. }
        | InvestigationStep::DecidedInconclusive { .. } => true,
    }
}

fn shown(version: &EntryVersion) -> Option<&str> {
    match &version.content {
        Content::Value(value) => Some(&value.shown),
        Content::Absent(_) | Content::Struck => None,
    }
}

/// A test with what was recorded of it.
struct Test<'r> {
    run: &'r Run,
    spec: &'r Spec,
    entry: &'r EntryRun,
    at: &'r EntryKey,
}

impl Test<'_> {
    /// What stands against one result, if anything. A claimed correction does not: it is owed by itself.
    fn against(&self, result: &Result_<'_>) -> Option<String> {
        let of = result.of.map_or_else(String::new, |of| format!("{of}: "));
        let reported = result.reported();
        if let Some(fails) = reported.filter(|version| outside_acceptance(version)) {
            return Some(format!("{of}{} is outside acceptance", shown(fails).unwrap_or_default()));
        }
        let standing = result.lines();
        if !standing.is_empty() {
            return Some(format!("{of}{} outside acceptance", standing.join(", ")));
        }
        if reported.is_none() {
            let (done, planned) = (result.counting().count(), result.spec.planned());
            let since = result.anew().map_or_else(String::new, |anew| {
                format!("; reprocessed since by change {}, not tested anew", anew.change)
            });
            return Some(format!(
                "{of}no reportable result yet: {done} of {planned} determinations{since}"
            ));
        }
        self.unfounded(result)
    }

    /// Why what counts of a result does not speak for it.
    fn unfounded(&self, result: &Result_<'_>) -> Option<String> {
        let of = result.of.map_or_else(String::new, |of| format!("{of}: "));
        let old = |tested: &DeterminationRun| {
            let anew = result.anew()?;
            taken(self.run, tested.value()).filter(|taken| *taken < anew.at).map(|taken| {
                format!(
                    "determination {}: its sample was taken at {taken}, before change {} was carried out",
                    tested.told.no, anew.change
                )
            })
        };
        let why = result.counting().find_map(|tested| {
            unfounded(self.run, self.at, self.spec, tested)
                .or_else(|| shared(self.entry, tested))
                .or_else(|| old(tested))
        })?;
        Some(format!("{of}{why}"))
    }

    /// What fails in the name of a rejected lot and is not of it.
    fn of_another_lot(&self) -> Vec<String> {
        let excused = |result: &Result_<'_>| result.of.is_some_and(|of| is_rejected(self.run, of));
        let each = Result_::each(self.spec, self.entry).into_iter().filter(excused);
        each.flat_map(|result| result.against().collect::<Vec<_>>())
            .filter_map(|tested| {
                let why = elsewhere(self.run, self.at, self.spec, tested)?;
                Some(format!("{why}; it is {}, outside acceptance", tested.value().shown))
            })
            .collect()
    }

    /// The lots that owe a result and have none.
    fn lots_without(&self, owing: &[Result_<'_>]) -> Vec<String> {
        if !per_lot(self.at, self.spec) {
            return Vec::new();
        }
        let has = |lot: &str| owing.iter().any(|it| it.of.is_some_and(|of| key(of) == key(lot)));
        let only = used(self.run).count() == 1;
        let unnamed = owing.iter().any(|it| it.of.is_none());
        used(self.run)
            .filter(|lot| !is_rejected(self.run, &lot.number))
            .filter(|lot| !(has(&lot.number) || only && unnamed))
            .map(|lot| format!("no result of a sample of lot {}", lot.number))
            .collect()
    }
}
