//! What a result stands on, told from what was recorded alone.

use super::{at, found};
use crate::domain::entry::EntryValue;
use crate::domain::entry::result::Spec;
use crate::domain::exception::{Exception, ExceptionKind, Triage};
use crate::domain::run::acts::result::standing::against;
use crate::domain::run::testing::{DeterminationRun, InvestigationStep};
use crate::domain::run::{EntryRun, Run};

/// Each determination counts with the last of what was told, corrected to the worse, or claimed and accepted
/// without being overtaken; and each run of tests is the mean of what counts.
pub fn stands_on_what_counts(entry: &EntryRun, spec: &Spec, here: &str) {
    let worse = |a: &EntryValue, b: &EntryValue| spec.margin(a) < spec.margin(b);
    for tested in &entry.determinations {
        let own = entry.claims.iter().filter(|it| it.told.determination == tested.told.no);
        let mut counts = &tested.told.value;
        for claim in own {
            let value = &claim.told.value;
            let hides = claim.told.claimed && worse(value, counts) && tested.invalidated.is_none();
            assert!(!hides, "worse and claimed: {here}");
            if !claim.told.claimed || claim.accepted == Some(true) {
                counts = value;
            }
        }
        assert_eq!(&tested.value().shown, &counts.shown, "an old claim counts: {here}");
        let Some(run) = &tested.run else { continue };
        let is_member = |it: &&DeterminationRun| run.members.contains(&it.told.no);
        let members = entry.determinations.iter().filter(is_member);
        let values: Vec<_> = members.map(DeterminationRun::value).collect();
        let joined = spec.joined(&values).map(|(value, _)| value.shown);
        assert_eq!(run.value.as_ref().map(|it| it.shown.clone()), joined, "an old run: {here}");
    }
}

/// The exceptions about what is out of specification.
pub fn out_of_specification(run: &Run) -> impl Iterator<Item = &Exception> {
    run.exceptions.iter().filter(|exception| {
        let opened = &exception.opened;
        opened.at.as_ref() == Some(&at()) && opened.kind == ExceptionKind::OutOfSpecification
    })
}

/// Nobody plans retests of what stands outside before it is part of a deviation.
pub fn plans_in_a_deviation(before: &Run, after: &Run) {
    let plans = |run: &Run| {
        let steps = found(run).investigation;
        steps.iter().filter(|it| matches!(it.step, InvestigationStep::RetestPlan { .. })).count()
    };
    if plans(after) > plans(before) && against(&found(before)).next().is_some() {
        let is =
            |exception: &Exception| matches!(exception.triage, Some((_, Triage::Deviation { .. })));
        assert!(out_of_specification(after).any(is), "planned in no deviation");
    }
}
