//! What is typed: plausibility encloses every judged limit, and a second look is asked of what can have one.

use crate::domain::entry::spec::EntrySpec;
use crate::domain::limits::{Bound, Compare, Limit, Purpose, Side};
use crate::domain::quantity::censored::Found;
use crate::domain::recipe::MasterRecord;
use crate::domain::recipe::check::{Finding, all_steps};
use rust_decimal::Decimal;

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    for step in all_steps(record) {
        for (i, spec) in step.what.entries.iter().enumerate() {
            entry(record, spec, &format!("{}/entries/{i}", step.pointer), findings);
        }
    }
    for (i, spec) in record.release_specifications.iter().enumerate() {
        entry(record, spec, &format!("/release_specifications/{i}"), findings);
    }
}

fn entry(record: &MasterRecord, spec: &EntrySpec, pointer: &str, findings: &mut Vec<Finding>) {
    let limits = spec.kind.clone().as_kind_mut().take_limits();
    let narrow = |list: &[Limit]| narrow(list, limits.rounded);
    let mut inside = narrow(&limits.value);
    inside.extend(narrow(&limits.single));
    for limit in inside {
        let sentence = format!(
            "{}: the plausibility limit does not enclose the {limit} limit: a value out of {limit} would be asked \
             again instead of opening its exception at once",
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

/// The judged limits that reach beyond plausibility, by purpose.
fn narrow(limits: &[Limit], rounded: bool) -> Vec<&'static str> {
    let plausible = limits.iter().find(|limit| limit.purpose == Purpose::Plausibility);
    let Some(plausible) = plausible else { return Vec::new() };
    let judged = |limit: &&Limit| {
        matches!(limit.purpose, Purpose::Acceptance | Purpose::Control | Purpose::Alert)
    };
    let reaches = |limit: &&Limit| {
        let usual = if rounded { Compare::Rounded } else { Compare::Exact };
        let side = |value: Decimal| limit.side_found(&Found::Number(value), usual);
        let low = limit.low.as_ref().zip(plausible.low.as_ref());
        let high = limit.high.as_ref().zip(plausible.high.as_ref());
        low.is_some_and(|(_, end)| beyond(end, Decimal::NEGATIVE_ONE, |it| side(it) != Side::Below))
            || high.is_some_and(|(_, end)| beyond(end, Decimal::ONE, |it| side(it) != Side::Above))
    };
    limits.iter().filter(judged).filter(reaches).map(|limit| limit.purpose.as_str()).collect()
}

/// Whether something that is not plausible at this end is still inside a limit.
fn beyond(end: &Bound, out: Decimal, is_inside: impl Fn(Decimal) -> bool) -> bool {
    // Nearer to the end than any place that a limit is written to, rounded or not.
    let next = end.value + Decimal::new(1, 12) * out;
    is_inside(next) || !end.inclusive && is_inside(end.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn limit(purpose: Purpose, low: Option<(i64, bool)>, high: Option<(i64, bool)>) -> Limit {
        let bound = |b: (i64, bool)| Bound::new(Decimal::new(b.0, 1), b.1);
        Limit { purpose, low: low.map(bound), high: high.map(bound), compare: None, note: None }
    }

    // shows: C211-110b
    // finding: A3
    #[test]
    fn plausibility_encloses_what_is_judged_at_each_end_that_both_have() {
        let found = |plausible: Limit, judged: Limit, rounded: bool| {
            !narrow(&[judged, plausible], rounded).is_empty()
        };
        let plausible = |low, high| limit(Purpose::Plausibility, low, high);
        let accepted = |low, high| limit(Purpose::Acceptance, low, high);
        let at = |value| Some((value, true));
        let open = |value| Some((value, false));
        assert!(!found(plausible(at(0), at(1000)), accepted(at(950), at(1000)), false));
        assert!(found(plausible(at(960), at(1000)), accepted(at(950), at(1000)), false));
        assert!(found(plausible(at(0), at(990)), accepted(at(950), at(1000)), false));
        assert!(found(plausible(at(0), open(1000)), accepted(at(950), at(1000)), false));
        assert!(!found(plausible(at(0), open(1000)), accepted(at(950), open(1000)), false));
        assert!(!found(plausible(at(0), None), accepted(at(950), at(1000)), false));
        assert!(!found(plausible(at(0), at(1000)), accepted(None, at(1000)), false));
        // Rounded, 100.0 lets in up to 100.05.
        assert!(found(plausible(at(0), at(1000)), accepted(at(950), at(1000)), true));
        assert!(!found(plausible(at(0), at(1001)), accepted(at(950), at(1000)), true));
        assert!(found(plausible(at(0), at(800)), limit(Purpose::Control, at(10), at(900)), false));
        assert!(found(plausible(at(0), at(800)), limit(Purpose::Alert, at(10), at(900)), false));
        assert!(!found(plausible(at(0), at(8)), limit(Purpose::Reference, at(1), at(9)), false));
    }

    proptest! {
        #[test]
        fn nothing_inside_an_enclosed_limit_is_implausible_at_an_end_that_both_have(
            p in (-20i64..20, any::<bool>(), -20i64..20, any::<bool>()),
            j in (-20i64..20, any::<bool>(), -20i64..20, any::<bool>()),
            tenths in -250i64..250,
        ) {
            prop_assume!(p.0 <= p.2 && j.0 <= j.2);
            let plausible = limit(Purpose::Plausibility, Some((p.0, p.1)), Some((p.2, p.3)));
            let judged = limit(Purpose::Acceptance, Some((j.0, j.1)), Some((j.2, j.3)));
            let value = Decimal::new(tenths, 2);
            let enclosed = narrow(&[judged.clone(), plausible.clone()], false).is_empty();
            let escapes = judged.side(value) == Side::Within && plausible.side(value) != Side::Within;
            prop_assert!(!(enclosed && escapes));
        }
    }
}
