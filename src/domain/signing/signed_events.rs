//! Acts that are always signed: an entry of one without a person's signature was written past the rules.

/// Events, as headers name them, that carry a person's signature in every case. Where it depends on the
/// master record (a significant step, a witness), the run's obligations ask instead.
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
    "run.aborted",
    "run.amendment-decided",
    "run.amendment-proposed",
    "run.closed",
    "run.completed",
    "run.emergency-ratified",
    "run.exception-not-deviation",
    "run.exceptions-to-deviation",
    "run.foreign-lot-decided",
    "run.gate-passed",
    "run.gate-waived",
    "run.handed-over",
    "run.issued",
    "run.operation-closed",
    "run.operation-ended",
    "run.operation-reviewed",
    "run.result-investigated",
    "run.reviewed",
    "run.risk-accepted",
    "run.risk-ratified",
    "run.step-checked",
    "run.step-not-performed",
    "run.step-taken-back",
    "run.test-skipped",
];

/// Whether an entry of this event is nothing without a person's signature: verification holds each to it,
/// so that whoever can only write to the database cannot append a release, a review or an approval.
#[must_use]
pub fn must_be_signed(event: &str) -> bool {
    SIGNED.binary_search(&event).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::deviation::event::DeviationEvent;
    use crate::domain::lot::event::LotEvent;
    use crate::domain::master::state::MasterEvent;
    use crate::domain::run::event::RunEvent;
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
                _ => known::<RunEvent>(name),
            };
            assert!(is_known, "{event}");
        }
        assert!(!known::<RunEvent>("never-heard-of"));
        assert!(must_be_signed("lot.decided") && !must_be_signed("run.entry-recorded"));
    }
}
