//! What of an audit trail is critical: what changed, struck, replaced or excused a fact, what was decided, and who
//! was let in or made to count. Whoever reviews a record reads these first. One list for the printed record and for
//! whoever asks the trail.

use crate::domain::run::acts::RunEvent;

/// What goes on in every batch. Any other event of a run is critical: a new one is read first until it stands here.
const ROUTINE: [&str; 18] = [
    "issued",
    "started",
    "operation-started",
    "step-started",
    "entry-recorded",
    "trail-point-recorded",
    "entry-computed",
    "determination-recorded",
    "entry-checked",
    "attempt-looked-at",
    "step-checked",
    "step-completed",
    "operation-closed",
    "alerts-acknowledged",
    "handed-over",
    "lot-yielded",
    "completed",
    "rendition-issued",
];

/// Critical events of everything but runs, whose course is mostly routine.
const OTHERS: [&str; 26] = [
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
    "site.clock-jumped",
    "site.clock-set-back",
    "site.clock-set-forward",
    "site.restored",
    "site.roles-changed",
];

/// Whether an event is critical, by its name as in `run.entry-corrected`.
#[must_use]
pub fn critical(name: &str) -> bool {
    match name.strip_prefix("run.") {
        Some(event) => !ROUTINE.contains(&event),
        None => OTHERS.contains(&name),
    }
}

/// All of them, as filters name them.
#[must_use]
pub fn events() -> Vec<String> {
    let runs = RunEvent::catalogue().into_iter().map(|event| format!("run.{}", event.name));
    let others = OTHERS.iter().map(|name| (*name).to_owned());
    runs.chain(others).filter(|name| critical(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::state::State;
    use crate::record::model::trail::describe;
    use serde_json::json;

    #[test]
    fn every_event_that_the_lists_name_is_one() {
        let routine = ROUTINE.iter().map(|event| format!("run.{event}"));
        for event in routine.chain(OTHERS.map(str::to_owned)) {
            assert_eq!(State::has_events(&event), Ok(()));
        }
    }

    #[test]
    fn what_the_printed_record_puts_first_is_what_the_trail_calls_critical() {
        let asked = events();
        for event in RunEvent::catalogue() {
            let name = format!("run.{}", event.name);
            let first = describe(&name, &json!({})).critical;
            assert_eq!(first, asked.contains(&name), "{name}");
        }
    }

    #[test]
    fn what_is_always_signed_in_a_run_is_critical_but_for_the_course_of_things() {
        // What people sign every time they work, and what leads to a decision.
        let course = [
            "issued",
            "attempt-looked-at",
            "step-checked",
            "operation-closed",
            "handed-over",
            "completed",
        ];
        let signed = RunEvent::catalogue().into_iter().filter(|event| event.signed);
        let left_out: Vec<String> = signed
            .map(|event| event.name)
            .filter(|name| !critical(&format!("run.{name}")))
            .filter(|name| !course.contains(&name.as_str()))
            .collect();
        assert_eq!(left_out, Vec::<String>::new());
    }
}
