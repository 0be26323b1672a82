//! The lists that a value was computed from, written in a few words and told in full when somebody asks: which
//! entries, in which versions, with one hash over all of them.

use super::taken_back::TakenBackRun;
use super::{EntryRun, EntryVersion, Run, tally};
use crate::domain::ids::StepKey;
use crate::domain::words::{EntryKey, Used};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// What stands first under a hash, so that it is a hash of nothing else.
const NAME: &str = "batchwright.lineage/1\n";

/// Lineage as it is written down: each list with its hash.
#[must_use]
pub fn hashed(run: &Run, at: &EntryKey, used: Vec<Used>) -> Vec<Used> {
    let with = |mut used: Used| {
        let members = members(run, at, &used, u64::MAX);
        if let Some(list) = &mut used.list {
            list.hash = hash(&members);
        }
        used
    };
    used.into_iter().map(with).collect()
}

/// The values of a list that an entry was computed from, each as it stood before a place in the journal. Of what is
/// no list it is the only one.
#[must_use]
pub fn members(run: &Run, at: &EntryKey, used: &Used, before: u64) -> Vec<Used> {
    let Some(list) = &used.list else { return vec![used.clone()] };
    let (Some(from), Some(to)) = (EntryKey::read(&used.at), EntryKey::read(&list.to)) else {
        return Vec::new();
    };
    let (Some(first), Some(last)) = (&from.step, &to.step) else {
        return release(run, &from, before).into_iter().collect();
    };
    // From elsewhere all occurrences of the operation are seen, from within its own one.
    let own = at.step.as_ref().map(|key| &key.operation);
    let own = own.filter(|own| own.op == first.operation.op);
    let stood_then = |it: &&TakenBackRun| it.signed.iter().any(|signed| signed.seq >= before);
    let gone = run.taken_back.iter().filter(stood_then).map(|it| (&it.told.step, &it.state));
    let all = run.steps.seen_from(&first.operation.op, own, &first.step, None).chain(gone);
    let within = |key: &StepKey| key.step == first.step && *first <= *key && *key <= *last;
    let mut found: Vec<(StepKey, Used)> = all
        .filter(|(key, _)| within(key))
        .filter_map(|(key, state)| {
            let place = EntryKey { step: Some(key.clone()), entry: from.entry.clone() };
            Some((key.clone(), stood(&place, state.entries.get(&from.entry)?, before)?))
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found.into_iter().map(|(_, used)| used).collect()
}

fn release(run: &Run, at: &EntryKey, before: u64) -> Option<Used> {
    stood(at, run.release_entries.get(&at.entry)?, before)
}

fn stood(at: &EntryKey, entry: &EntryRun, before: u64) -> Option<Used> {
    let found = tally::stood(at, entry, before)?;
    Some(Used::one(&found.at, found.version, &found.value.shown))
}

/// One hash over places, versions and values, in order.
#[must_use]
pub fn hash(members: &[Used]) -> String {
    let mut hash = Sha256::new_with_prefix(NAME);
    for one in members {
        hash.update(format!("{}\0{}\0{}\n", one.at, one.version, one.shown));
    }
    let mut text = String::new();
    for byte in hash.finalize() {
        // A text takes whatever is written to it.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The lists of a version that are not what they say, by number or hash: the place where each begins.
#[must_use]
pub fn untrue(run: &Run, at: &EntryKey, version: &EntryVersion) -> Vec<String> {
    let differs = |used: &&Used| {
        used.list.as_ref().is_some_and(|list| {
            let members = members(run, at, used, version.seq);
            list.count != members.len() as u64 || list.hash != hash(&members)
        })
    };
    version.lineage.iter().filter(differs).map(|used| used.at.clone()).collect()
}
