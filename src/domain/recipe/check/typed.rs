//! What is typed: plausibility encloses every judged limit, and a second look is asked of what can have one.

use crate::domain::entry::spec::EntrySpec;
use crate::domain::limits::{Compare, unenclosed};
use crate::domain::recipe::MasterRecord;
use crate::domain::recipe::check::{Finding, all_entries};

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    for (_, spec) in all_entries(record) {
        entry(record, spec.what, &spec.pointer, findings);
    }
}

fn entry(record: &MasterRecord, spec: &EntrySpec, pointer: &str, findings: &mut Vec<Finding>) {
    let limits = spec.kind.clone().as_kind_mut().take_limits();
    let usual = if limits.rounded { Compare::Rounded } else { Compare::Exact };
    for disarmed in
        [&limits.value, &limits.single].into_iter().flat_map(|list| unenclosed(list, "", usual))
    {
        let sentence = format!(
            "{}: {disarmed}: plausibility encloses every judged limit, else a value out of it would be asked again \
             instead of opening its exception at once",
            spec.id
        );
        findings.push(Finding::new(pointer, "plausibility", "C211-110b", sentence));
    }
    let Some(asked) = &spec.second_look else { return };
    let pointer = format!("{pointer}/second_look");
    let mut say = |sentence: String| {
        findings.push(Finding::new(&pointer, "second-look", "C211-68b2", sentence));
    };
    let id = &spec.id;
    if spec.as_result().is_some() {
        say(format!("{id} is a laboratory result: a second reviewer looks it over in every case"));
    }
    if spec.kind.as_kind().inputs().is_some() {
        say(format!("{id} is computed by the server: nobody types it"));
    }
    match &asked.none {
        Some(why) if why.trim().is_empty() => {
            say(format!("{id} has no second look: say why, it is printed"));
        }
        Some(_) if asked.computed || !asked.gates.is_empty() => {
            say(format!("{id} has no second look, so nothing can wait for it"));
        }
        Some(_) | None => {}
    }
    for gate in asked.gates.iter().filter(|id| !record.gates.iter().any(|it| it.id == **id)) {
        say(format!("{id}: there is no gate {gate} to wait for its second look"));
    }
}
