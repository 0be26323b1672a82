//! Numbers follow each other without a gap, and a journal with one cannot be.

use super::*;
use crate::domain::clock::{Instant, Zone};
use crate::domain::command::{EvolveFault, Happened};

fn fold(current: Option<Series>, planned: &Planned) -> Result<Series, EvolveFault> {
    let seq = current.as_ref().map_or(0, |series| series.seq) + 1;
    let happened = Happened {
        record: planned.record,
        seq,
        at: Instant(0),
        zone: &Zone::utc(),
        actor: None,
        role: "",
        name: &planned.name,
        version: planned.version,
        data: (&planned.data).into(),
        signatures: &[],
        link: [0; 32],
    };
    evolve(current, &happened)
}

#[test]
fn series_have_no_gaps() {
    let record = RecordKey::new(RecordKind::Run, Uuid::from_u128(7));
    let (mut series, mut before): (Option<Series>, Option<Planned>) = (None, None);
    for expected in 1..=5 {
        let next = Next::of(ISSUES, series.as_ref(), Uuid::from_u128(9));
        assert_eq!(next.no(), expected);
        let taken = next.taken(record, "B-1");
        assert_eq!(taken.record, RecordKey::new(RecordKind::Series, Uuid::from_u128(9)));
        series = Some(fold(series, &taken).expect("the next number"));
        if let Some(twice) = before.replace(taken) {
            assert!(fold(series.clone(), &twice).is_err(), "a number is taken once");
        }
    }
    let series = series.expect("a series");
    let (beyond, other) = (Series { last: 9, ..series.clone() }, series.key.id);
    let beyond = Next::of(ISSUES, Some(&beyond), other).taken(record, "B-1");
    assert!(fold(Some(series.clone()), &beyond).is_err(), "no number is left out");
    let strange = Next::of(DEVIATIONS, Some(&series), other).taken(record, "B-1");
    assert!(fold(Some(series), &strange).is_err(), "a series numbers one thing");
    assert_eq!(Next::of(DEVIATIONS, None, other).no(), 1);
}
