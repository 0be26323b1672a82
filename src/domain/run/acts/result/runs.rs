//! Runs of tests: what a method joins to one value, and what is invalid by its spread.

use super::standing::Standing;
use crate::domain::entry::EntryValue;
use crate::domain::entry::result::{Level, level, outside};
use crate::domain::limits::Verdict;
use crate::domain::run::testing::{Determination, DeterminationRun, TestRun};
use rust_decimal::Decimal;

/// One of a run of tests: its number, the value that counts, its verdicts.
type Member<'a> = (u32, &'a EntryValue, &'a [Verdict]);

fn member(tested: &DeterminationRun) -> Member<'_> {
    (tested.told.no, tested.value(), tested.verdicts())
}

/// The run of tests that a new determination completes, if it completes one.
pub(super) fn completed(before: &Standing<'_>, told: &Determination) -> Option<TestRun> {
    let matters = before.spec.reportable.joins() || before.spec.spread.is_some();
    if told.repeat || !matters {
        return None;
    }
    if let Some(settled) = told.settles {
        // It takes the place of the one that it settles.
        let of = of(before, settled)?;
        let others = of.members.iter().filter(|no| **no != settled);
        let mut members: Vec<_> = others.filter_map(|no| before.find(*no)).map(member).collect();
        members.push((told.no, &told.value, &told.verdicts));
        return Some(judged(before, &members));
    }
    let begun = before.begun(told.plan);
    let whole = u32::try_from(begun.len()).is_ok_and(|n| n + 1 == before.spec.planned());
    // A run of which one was set aside is none: what takes its place is planned.
    if !whole || begun.iter().any(|tested| tested.invalidated.is_some()) {
        return None;
    }
    let mut members: Vec<_> = begun.into_iter().map(member).collect();
    members.push((told.no, &told.value, &told.verdicts));
    Some(judged(before, &members))
}

/// The run of tests to which a determination belongs, as it would stand with another value of it.
pub(super) fn corrected(
    standing: &Standing<'_>,
    no: u32,
    value: &EntryValue,
    verdicts: &[Verdict],
) -> Option<TestRun> {
    let run = of(standing, no)?;
    let members: Vec<_> = run
        .members
        .iter()
        .filter_map(|member_no| standing.find(*member_no))
        .map(|tested| if tested.told.no == no { (no, value, verdicts) } else { member(tested) })
        .collect();
    Some(judged(standing, &members))
}

/// The run of tests to which a determination belongs, once it is complete.
pub(super) fn of<'r>(standing: &Standing<'r>, no: u32) -> Option<&'r TestRun> {
    standing.all().filter_map(|it| it.run.as_ref()).filter(|run| run.members.contains(&no)).last()
}

/// How a run of tests stands, the smaller the worse: outside, a single or the value that is joined; not told; invalid
/// by its spread; within. Then by the margin of the value. One of its determinations may be judged by other verdicts.
pub(super) fn rank(
    standing: &Standing<'_>,
    run: &TestRun,
    no: u32,
    verdicts: &[Verdict],
) -> (u8, Option<Decimal>) {
    let single = |member: &u32| match standing.find(*member) {
        Some(_) if *member == no => level(verdicts),
        Some(tested) => level(tested.verdicts()),
        None => Level::Within,
    };
    let worst = run.members.iter().map(single).chain([level(&run.verdicts)]).min();
    let class = match worst {
        Some(Level::Outside) => 0,
        Some(Level::CannotBeTold) => 1,
        Some(Level::Within) | None if run.invalid.is_some() => 2,
        Some(Level::Within) | None => 3,
    };
    (class, run.value.as_ref().and_then(|value| standing.spec.margin(value)))
}

/// A single outside its own limit is a result outside: no spread takes it away.
fn judged(standing: &Standing<'_>, members: &[Member<'_>]) -> TestRun {
    let singles: Vec<_> = members.iter().map(|(_, value, _)| *value).collect();
    let numbers = members.iter().map(|(no, ..)| *no).collect();
    let fails = members.iter().any(|(_, _, verdicts)| outside(verdicts));
    let invalid = standing.spec.invalid_by_spread(&singles).filter(|_| !fails);
    let (value, verdicts) = match standing.spec.joined(&singles).filter(|_| invalid.is_none()) {
        Some((value, verdicts)) => (Some(value), verdicts),
        None => (None, Vec::new()),
    };
    TestRun { members: numbers, value, verdicts, invalid }
}
