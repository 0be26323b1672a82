//! Acts that are always signed: an entry of one without a person's signature was written past the rules.

use super::run::decide::RunEvent;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Events of the nouns but the run, as headers name them, that carry a person's signature in every case.
const SIGNED: &[&str] = &[
    "deviation.classified",
    "deviation.closed",
    "deviation.impact-concluded",
    "deviation.investigation-concluded",
    "deviation.reopened",
    "lot.decided",
    "lot.found-to-stand",
    "lot.parent-removed",
    "master.approved",
    "master.checked",
    "master.reinstated",
    "master.retired",
    "master.returned",
    "master.submitted",
];

/// Events of a run that do: each says so itself.
static OF_RUNS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let signed = RunEvent::catalogue().into_iter().filter(|event| event.signed);
    signed.map(|event| event.name).collect()
});

/// Whether an entry of this event is nothing without a person's signature: verification holds each to it,
/// so that whoever can only write to the database cannot append a release, a review or an approval.
#[must_use]
pub fn must_be_signed(event: &str) -> bool {
    event
        .strip_prefix("run.")
        .map_or_else(|| SIGNED.binary_search(&event).is_ok(), |name| OF_RUNS.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::deviation::event::DeviationEvent;
    use crate::domain::lot::event::LotEvent;
    use crate::domain::master::state::MasterEvent;
    use serde::de::DeserializeOwned;
    use serde_json::json;

    /// Whether the noun's events know this name: another name is called an unknown variant.
    fn known<E: DeserializeOwned>(name: &str) -> bool {
        let read = serde_json::from_value::<E>(json!({ "name": name, "data": null }));
        !read.is_err_and(|fault| fault.to_string().contains("unknown variant"))
    }

    #[test]
    fn every_name_is_an_events_and_the_list_is_sorted() {
        assert!(SIGNED.is_sorted());
        for event in SIGNED {
            let (noun, name) = event.split_once('.').expect("a noun and a name");
            let is_known = match noun {
                "deviation" => known::<DeviationEvent>(name),
                "lot" => known::<LotEvent>(name),
                "master" => known::<MasterEvent>(name),
                _ => panic!("{noun} says itself which of its events are signed"),
            };
            assert!(is_known, "{event}");
        }
        assert!(!known::<LotEvent>("never-heard-of"));
        assert!(must_be_signed("lot.decided") && !must_be_signed("run.entry-recorded"));
        assert!(must_be_signed("run.reviewed") && !must_be_signed("run.never-heard-of"));
    }
}
