//! What a value owes that people gave where a device was to give it: why, in words (21 CFR 11.10(h)).

use super::{Found, Stage, law, owe};
use crate::domain::entry::spec::EntrySpec;
use crate::domain::exception::ExceptionKind;
use crate::domain::run::{EntryRun, EntryVersion, Run};
use crate::domain::words::Basis;

/// Appends the reason that a value typed or overridden by hand owes. A later version gives it too.
pub(super) fn collect(
    run: &Run,
    entry: &EntrySpec,
    run_entry: Option<&EntryRun>,
    place: &str,
    who: &str,
    list: &mut Vec<super::Obligation>,
) {
    let Some(run_entry) = run_entry else { return };
    if !run_entry.versions.iter().any(|version| is_by_hand(run, version)) {
        return;
    }
    let reason = run_entry.versions.iter().find_map(|version| version.reason.clone());
    owe(
        list,
        law("P11-10h", "21 CFR 11.10(h)", Stage::Review),
        format!("entry/{place}/override-reason"),
        format!("{}: reason why no device gave the value", entry.name),
        Some(place.to_owned()),
        who,
        Found::of(reason.map(|text| format!("reason given: {text}"))),
    );
}

fn is_by_hand(run: &Run, version: &EntryVersion) -> bool {
    let overrides = |no: &u32| {
        run.exceptions.iter().any(|exception| {
            exception.opened.no == *no && exception.opened.kind == ExceptionKind::Override
        })
    };
    !matches!(version.basis, Basis::Device { .. }) && version.exceptions.iter().any(overrides)
}
