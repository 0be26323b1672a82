//! What of an audit trail is critical: what changed, struck, replaced or excused a fact, what was decided, and who
//! was let in or made to count. Whoever reviews a record reads these first.

/// Events by their names.
pub const CRITICAL: &[&str] = &[
    "deviation.classified",
    "deviation.closed",
    "deviation.impact-concluded",
    "deviation.investigation-concluded",
    "deviation.opened",
    "deviation.reopened",
    "lot.decided",
    "lot.found-to-stand",
    "lot.parent-removed",
    "master.approved",
    "master.reinstated",
    "master.retired",
    "master.returned",
    "master.suspended",
    "person.deactivated",
    "person.grants-changed",
    "person.key-destroyed",
    "person.key-enrolled",
    "person.locked-out",
    "person.password-reset",
    "person.unlocked",
    "run.aborted",
    "run.addended",
    "run.amendment-decided",
    "run.amendment-proposed",
    "run.attempts-explained",
    "run.clock-set-back",
    "run.closed",
    "run.completed",
    "run.determination-corrected",
    "run.emergency-acted",
    "run.emergency-ratified",
    "run.entry-absent",
    "run.entry-corrected",
    "run.entry-struck",
    "run.exception-not-deviation",
    "run.exception-opened",
    "run.exceptions-to-deviation",
    "run.foreign-lot-decided",
    "run.gate-passed",
    "run.gate-waived",
    "run.hold-lifted",
    "run.hold-placed",
    "run.implausible-value-kept",
    "run.operation-ended",
    "run.operation-review-lapsed",
    "run.operation-reviewed",
    "run.overdue-noticed",
    "run.result-investigated",
    "run.review-lapsed",
    "run.reviewed",
    "run.risk-accepted",
    "run.risk-ratified",
    "run.step-check-lapsed",
    "run.step-not-performed",
    "run.step-taken-back",
    "run.test-skipped",
    "site.clock-jumped",
    "site.clock-set-back",
    "site.clock-set-forward",
    "site.restored",
    "site.roles-changed",
];

/// The same, as filters name them.
pub fn events() -> Vec<String> {
    CRITICAL.iter().map(|event| (*event).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::run::acts::RunEvent;
    use crate::domain::state::State;

    #[test]
    fn every_critical_event_is_one_and_what_is_always_signed_in_a_run_is_among_them() {
        for event in CRITICAL {
            assert_eq!(State::has_events(event), Ok(()));
        }
        // What people sign every time they work, and what leads to a decision, is the course of things.
        let course = [
            "issued",
            "attempt-looked-at",
            "step-checked",
            "operation-closed",
            "handed-over",
            "started",
            "looked-over",
        ];
        let signed = RunEvent::catalogue().into_iter().filter(|event| event.signed);
        let left_out: Vec<String> = signed
            .map(|event| event.name)
            .filter(|name| !CRITICAL.contains(&format!("run.{name}").as_str()))
            .filter(|name| !course.contains(&name.as_str()))
            .collect();
        assert_eq!(left_out, Vec::<String>::new());
    }
}
