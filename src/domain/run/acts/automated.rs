//! Automated and checked by one person (21 CFR 211.68(c)): equipment stands in for the doing person,
//! as long as what it gave is proven to be its own, and one person checks that it did right.

use super::access;
use crate::domain::entry::spec::Due;
use crate::domain::recipe::{SecondPersonMode, Step};
use crate::domain::run::{EntryRun, EntryVersion, StepRun};
use crate::domain::words::Basis;

/// Whether registered devices did this occurrence: the master record says that it is automated, no
/// witness is asked, at least one value came verified from its device, and every measured value that
/// was due with the step was computed by the server or came verified from its device. A typed one
/// brings back the performer and the second person. What the laboratory finds later is no part of it.
#[must_use]
pub fn by_devices(step: &Step, state: &StepRun) -> bool {
    let witnessed = access::second_person(step)
        .is_some_and(|second| second.mode != SecondPersonMode::VerifyAfter);
    if !step.automated || witnessed {
        return false;
    }
    let mut verified = 0;
    let due = step.entries.iter().filter(|spec| spec.due == Due::Step);
    for spec in due.filter(|spec| spec.kind.as_kind().is_measured()) {
        match state.entries.get(&spec.id).and_then(EntryRun::current) {
            Some(version) if is_verified(version) => verified += 1,
            Some(version) if version.basis == Basis::Computed => {}
            None if !spec.mandatory => {}
            Some(_) | None => return false,
        }
    }
    verified > 0
}

fn is_verified(version: &EntryVersion) -> bool {
    version.source.as_ref().is_some_and(|source| source.verified)
}
