//! What is due at release conforms. A specification: by every result of every lot, and nothing else
//! (21 CFR 211.165(f), EU GMP Annex 16, chapter 3); another result: or the deviation about it is closed.

use super::execution::Owed;
use super::{Found, Law, Obligation, Stage, law, owe, signature, testing};
use crate::domain::entry::KindSpec;
use crate::domain::entry::identifier::key;
use crate::domain::entry::result::Spec;
use crate::domain::entry::spec::{Classification, EntrySpec};
use crate::domain::exception::{Exception, ExceptionKind};
use crate::domain::run::decide::exception::{Standing, outside_acceptance, settled, standing};
use crate::domain::run::decide::result::standing::Standing as Result_;
use crate::domain::run::decide::result::subject::{per_lot, unfounded};
use crate::domain::run::decide::spot;
use crate::domain::run::event::{Absence, EntryKey};
use crate::domain::run::testing::InvestigationStep;
use crate::domain::run::{Content, EntryRun, EntryVersion, Run};

const CONFORMS: Law = law("C211-165", "21 CFR 211.165(a)", Stage::Release);

/// What is due at release, or a specification, meets its criterion.
pub(super) fn conforms(
    run: &Run,
    owed: &Owed<'_>,
    at: &EntryKey,
    place: &str,
    list: &mut Vec<Obligation>,
) {
    if is_specification(owed.entry, at) {
        return specification(run, owed, at, place, list);
    }
    let version = owed.run_entry.and_then(EntryRun::current);
    if version.is_none() && !owed.entry.mandatory {
        return;
    }
    let found = match (version, owed.waived) {
        (Some(version), _) => judged(run, version, at),
        (None, Some(declared)) => Found::Waived(declared.to_owned()),
        (None, None) => Found::Open(None),
    };
    let id = format!("entry/{place}/conforms");
    let what = format!("{} meets its criterion", owed.entry.name);
    owe(list, CONFORMS.or_waived(), id, what, Some(place.to_owned()), "triage", found);
}

/// Whether an entry is a specification: nothing makes up for one that fails or was not tested. Of a release
/// specification and of a laboratory result due at release without a word, that is so without being said.
pub(in crate::domain::run) fn is_specification(entry: &EntrySpec, at: &EntryKey) -> bool {
    match entry.classification {
        Some(Classification::Specification | Classification::ReleaseIpc) => true,
        None => at.step.is_none() || matches!(entry.kind, KindSpec::Result(_)),
        Some(_) => at.step.is_none(),
    }
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

fn specification(
    run: &Run,
    owed: &Owed<'_>,
    at: &EntryKey,
    place: &str,
    list: &mut Vec<Obligation>,
) {
    let tested = owed.run_entry.is_some_and(|entry| !entry.determinations.is_empty());
    let name = &owed.entry.name;
    let skipped = run.skipped.get(&at.entry).filter(|_| at.step.is_none() && !tested);
    if let Some(skipped) = skipped {
        let by = skipped.signed.as_ref().map_or_else(String::new, signature);
        let (document, reason) = (&skipped.told.document, &skipped.told.reason);
        let found = Found::Met(format!("skipped under {document}: {reason}; {by}"));
        let what = format!("{name} is not owed by this batch, as quality decided at issue");
        owe(
            list,
            CONFORMS,
            format!("entry/{place}/skipped"),
            what,
            Some(place.into()),
            "review",
            found,
        );
        return;
    }
    let found = match (&owed.entry.kind, owed.run_entry) {
        (KindSpec::Result(spec), Some(entry)) if tested => results(run, spec, entry, at),
        (KindSpec::Result(_), _) => Found::Open(testing::pending(run, owed.entry, owed.run_entry)),
        (_, entry) => plain(entry.and_then(EntryRun::current)),
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
        Some((Content::Absent(_), _)) => Found::Open(Some("there is no result".into())),
        None => Found::Open(None),
    }
}

/// Every result that was not set aside conforms, and there is one for each lot that owes it.
fn results(run: &Run, spec: &Spec, entry: &EntryRun, at: &EntryKey) -> Found {
    let each = Result_::each(spec, entry);
    let (decided, each): (Vec<_>, Vec<_>) =
        each.into_iter().partition(|it| decided_inconclusive(it).is_some());
    let open: Vec<_> = each.iter().filter_map(|result| against(run, result, at)).collect();
    if !open.is_empty() {
        return Found::Open(Some(open.join("; ")));
    }
    let all: Vec<_> = each.iter().chain(&decided).copied().collect();
    let missing = lots_without(run, spec, &all, at);
    if !missing.is_empty() {
        return Found::Open(Some(missing.join("; ")));
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

/// How two of quality decided an inconclusive result, where nothing was determined or corrected since.
fn decided_inconclusive(result: &Result_<'_>) -> Option<String> {
    let newest = result.all().map(|tested| result.since(tested)).max()?;
    let (_, taken) = result.steps().last()?;
    let InvestigationStep::DecidedInconclusive { retests, .. } = &taken.step else { return None };
    if taken.seq < newest || result.undecided().next().is_some() {
        return None;
    }
    let first: Vec<_> = result
        .against()
        .map(|it| format!("determination {}: {}", it.told.no, it.value().shown))
        .collect();
    let retests: Vec<_> = retests.iter().map(u32::to_string).collect();
    let by: Vec<_> = [&taken.signed, &taken.second].into_iter().flatten().map(signature).collect();
    Some(format!(
        "{} stays outside; inconclusive with retests {} within; {}",
        first.join(", "),
        retests.join(", "),
        by.join("; ")
    ))
}

fn shown(version: &EntryVersion) -> Option<&str> {
    match &version.content {
        Content::Value(value) => Some(&value.shown),
        Content::Absent(_) => None,
    }
}

/// What stands against one result, if anything.
fn against(run: &Run, result: &Result_<'_>, at: &EntryKey) -> Option<String> {
    let of = result.of.map_or_else(String::new, |of| format!("{of}: "));
    let reported = result.reported();
    if let Some(fails) = reported.filter(|version| outside_acceptance(version)) {
        return Some(format!("{of}{} is outside acceptance", shown(fails).unwrap_or_default()));
    }
    let standing: Vec<_> = result
        .against()
        .map(|tested| format!("determination {}: {}", tested.told.no, tested.value().shown))
        .collect();
    if !standing.is_empty() {
        return Some(format!("{of}{} outside acceptance", standing.join(", ")));
    }
    if let Some(claim) = result.undecided().next() {
        return Some(format!("{of}claimed correction {} is not decided", claim.told.no));
    }
    if reported.is_none() {
        let (done, planned) = (result.counting().count(), result.spec.planned());
        return Some(format!("{of}no reportable result yet: {done} of {planned} determinations"));
    }
    let mut unfounded = result.counting().filter_map(|it| unfounded(run, at, result.spec, it));
    unfounded.next().map(|why| format!("{of}{why}"))
}

/// The lots that owe a result and have none.
fn lots_without(run: &Run, spec: &Spec, each: &[Result_<'_>], at: &EntryKey) -> Vec<String> {
    if !per_lot(at, spec) {
        return Vec::new();
    }
    let has = |lot: &str| each.iter().any(|it| it.of.is_some_and(|of| key(of) == key(lot)));
    let owing: Vec<_> = run.lots.iter().filter(|lot| lot.class.is_used()).collect();
    let only = owing.len() == 1;
    let unnamed = each.iter().any(|it| it.of.is_none());
    owing
        .into_iter()
        .filter(|lot| !(has(&lot.number) || only && unnamed))
        .map(|lot| format!("no result of a sample of lot {}", lot.number))
        .collect()
}

fn judged(run: &Run, version: &EntryVersion, at: &EntryKey) -> Found {
    let fails = match &version.content {
        Content::Value(value) if outside_acceptance(version) => {
            format!("{} is outside acceptance", value.shown)
        }
        Content::Value(value) => return Found::Met(value.shown.clone()),
        Content::Absent(Absence::NotApplicable) => return not_applicable(run, version),
        Content::Absent(_) => "there is no result".to_owned(),
    };
    let about = |kind: ExceptionKind| {
        matches!(
            kind,
            ExceptionKind::OutOfAcceptance
                | ExceptionKind::OutOfSpecification
                | ExceptionKind::NotPerformed
        )
    };
    let mut concerned = run
        .exceptions
        .iter()
        .filter(|exception| about(exception.opened.kind))
        .filter(|exception| {
            exception.opened.at.as_ref() == Some(at)
                || version.exceptions.contains(&exception.opened.no)
        })
        .peekable();
    let any = concerned.peek().is_some();
    let closed =
        |exception| matches!(standing(run, exception), Standing::InDeviation { closed: true, .. });
    if any && concerned.all(closed) {
        return Found::Waived(format!("{fails}; the deviation about it is closed"));
    }
    Found::Open(Some(fails))
}

/// A test that its recorder calls not applicable is waived once quality has settled that (the declaration of
/// a mandatory one opens an exception).
fn not_applicable(run: &Run, version: &EntryVersion) -> Found {
    let mut said = format!("not applicable: {}", version.reason.as_deref().unwrap_or_default());
    for exception in &run.exceptions {
        let opened = &exception.opened;
        let about = version.exceptions.contains(&opened.no);
        if !about || opened.kind != ExceptionKind::NotPerformed {
            continue;
        }
        let Some(decided) = settled(run, exception) else {
            return Found::Open(Some(format!("{said}; exception {} is not settled", opened.no)));
        };
        said = format!("{said}; {decided}");
    }
    Found::Waived(said)
}
