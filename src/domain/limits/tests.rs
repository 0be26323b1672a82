//! Where values lie, on the bound and beside it; what widens a limit.

use super::*;
use proptest::prelude::*;

fn limit(low: Option<(i64, bool)>, high: Option<(i64, bool)>) -> Limit {
    let bound = |b: (i64, bool)| Bound::new(Decimal::new(b.0, 2), b.1);
    Limit {
        purpose: Purpose::Acceptance,
        low: low.map(bound),
        high: high.map(bound),
        compare: None,
        note: None,
    }
}

fn rounded_side(limit: &Limit, value: Decimal) -> Side {
    limit.side_found(&value.into(), Compare::Rounded)
}

// shows: T17.c
#[test]
fn values_on_the_bound_follow_what_is_written() {
    let x = Decimal::new(660, 2);
    assert_eq!(limit(Some((660, true)), None).side(x), Side::Within);
    assert_eq!(limit(Some((660, false)), None).side(x), Side::Below);
    assert_eq!(limit(None, Some((660, true))).side(x), Side::Within);
    assert_eq!(limit(None, Some((660, false))).side(x), Side::Above);
    // 6.6 and 6.600 are the same number.
    assert_eq!(limit(Some((660, true)), None).side(Decimal::new(6600, 3)), Side::Within);
}

// finding: G8
#[test]
fn the_value_of_a_specification_is_rounded_half_away_from_zero_to_the_place_of_the_limit() {
    let written = |text: &str| {
        let value = text.parse().expect("a decimal");
        Some(Bound::new(value, true))
    };
    let limit = |low: &str, high: &str| Limit {
        purpose: Purpose::Acceptance,
        low: written(low),
        high: written(high),
        compare: None,
        note: None,
    };
    let side = |limit: &Limit, text: &str| rounded_side(limit, text.parse().expect("a decimal"));
    let percent = limit("97.0", "102.0");
    assert_eq!(side(&percent, "96.95"), Side::Within);
    assert_eq!(side(&percent, "96.949999"), Side::Below);
    assert_eq!(side(&percent, "102.04"), Side::Within);
    assert_eq!(side(&percent, "102.05"), Side::Above);
    assert_eq!(side(&limit("-0.5", "0.5"), "-0.55"), Side::Below, "away from zero");
    assert_eq!(
        rounded(&[percent], Decimal::new(10204, 2), Compare::Rounded),
        [Decimal::new(1020, 1)]
    );
}

#[test]
fn faults_of_limits_are_named() {
    let empty = limit(Some((100, true)), Some((100, false)));
    assert_eq!(faults(&[empty], None, "h").len(), 1);
    let zero = limit(Some((0, true)), Some((0, true)));
    assert!(faults(std::slice::from_ref(&zero), Some(Decimal::ZERO), "h").is_empty());
    assert_eq!(faults(&[zero.clone(), zero], Some(Decimal::ONE), "h").len(), 3);
    assert_eq!(faults(&[limit(None, None)], None, "h").len(), 1);
}

// finding: G3
#[test]
fn a_limit_with_fewer_places_is_wider() {
    let low = |text: &str, inclusive| Limit {
        purpose: Purpose::Acceptance,
        low: Some(Bound::new(text.parse().expect("a decimal"), inclusive)),
        high: None,
        compare: None,
        note: None,
    };
    assert!(low("95.0", true).is_widened_by(&low("95", true), Compare::Rounded));
    assert!(!low("95.0", true).is_widened_by(&low("95", true), Compare::Exact));
    assert!(!low("95", true).is_widened_by(&low("95.0", true), Compare::Rounded));
    assert!(!low("95.0", true).is_widened_by(&low("95", false), Compare::Rounded), "95.5 and more");
    assert!(
        !low("94.9", false).is_widened_by(&low("95.0", true), Compare::Rounded),
        "both from 94.95"
    );
}

proptest! {
    #[test]
    fn a_limit_is_wider_exactly_when_it_lets_in_a_value_that_was_outside(
        now in (-30i64..30, 0u32..3, any::<bool>()),
        next in (-30i64..30, 0u32..3, any::<bool>()),
        high in any::<bool>(),
    ) {
        let limit = |(value, scale, inclusive): (i64, u32, bool)| {
            let bound = Some(Bound::new(Decimal::new(value, scale), inclusive));
            let (low, high) = if high { (None, bound) } else { (bound, None) };
            Limit { purpose: Purpose::Acceptance, low, high, compare: None, note: None }
        };
        let around = |(value, scale, _): (i64, u32, bool)| {
            let half = Decimal::new(5, scale + 1);
            let ends = [-half, Decimal::ZERO, half].map(|by| Decimal::new(value, scale) + by);
            ends.into_iter().flat_map(|end| [-1, 0, 1].map(|by| end + Decimal::new(by, 5)))
        };
        let values: Vec<_> = around(now).chain(around(next)).collect();
        let (now, next) = (limit(now), limit(next));
        let lets_in = values.into_iter().any(|value| {
            rounded_side(&now, value) != Side::Within && rounded_side(&next, value) == Side::Within
        });
        prop_assert_eq!(now.is_widened_by(&next, Compare::Rounded), lets_in);
    }

    #[test]
    fn a_value_is_inside_exactly_when_between(v in -1000i64..1000, lo in -1000i64..1000, hi in -1000i64..1000) {
        let inside = v >= lo && v <= hi;
        let side = limit(Some((lo, true)), Some((hi, true))).side(Decimal::new(v, 2));
        prop_assert_eq!(side == Side::Within, inside);
    }
}

fn end(value: &str, inclusive: bool) -> Bound {
    serde_json::from_value(serde_json::json!({ "value": value, "inclusive": inclusive }))
        .expect("an end")
}

// finding: G6
#[test]
fn an_end_keeps_its_last_written_place_and_is_printed_as_written() {
    for (text, printed, value, rounded) in [
        ("1.0e6", "1.0e6", "1049999", "1000000"),
        ("1.0E+6", "1.0e6", "-1050000.01", "-1100000"),
        ("5e2", "5e2", "449.99", "400"),
        ("-2.50e3", "-2.50e3", "2504.9", "2500"),
        ("2.5e1", "25", "24.5", "25"),
        ("102.0", "102.0", "102.05", "102.1"),
        ("1e-3", "0.001", "0.0005", "0.001"),
        ("0e2", "0e2", "49.9", "0"),
    ] {
        let end = end(text, true);
        assert_eq!(end.written(), printed);
        assert_eq!(end.rounds(value.parse().expect("a decimal")).to_string(), rounded, "{text}");
        let again: Bound = serde_json::from_value(serde_json::json!(end)).expect("an end");
        assert_eq!(again, end);
    }
    for bad in ["1,5", "", "<5", "1e99", "1e-28"] {
        let text = serde_json::json!({ "value": bad, "inclusive": true });
        assert!(serde_json::from_value::<Bound>(text).is_err(), "{bad}");
    }
}

// finding: A3
#[test]
fn what_is_plausible_encloses_every_judged_limit() {
    let limit = |purpose, low: Option<&str>, high: Option<&str>| Limit {
        purpose,
        low: low.map(|low| end(low, true)),
        high: high.map(|high| end(high, true)),
        compare: None,
        note: None,
    };
    let accepted = limit(Purpose::Acceptance, Some("6.60"), Some("7.10"));
    let open = |low, high, usual| {
        let plausible = limit(Purpose::Plausibility, low, high);
        unenclosed(&[accepted.clone(), plausible], "pH", usual).len()
    };
    assert_eq!(open(Some("2"), Some("12"), Compare::Exact), 0);
    assert_eq!(open(Some("6.60"), Some("7.10"), Compare::Exact), 0, "the same");
    assert_eq!(open(Some("6.60"), Some("7.10"), Compare::Rounded), 1, "7.104 is within, rounded");
    assert_eq!(open(None, Some("12"), Compare::Exact), 0, "one end");
    assert_eq!(open(Some("6.61"), None, Compare::Exact), 1);
    assert_eq!(open(Some("2"), Some("7.09"), Compare::Exact), 1);
    assert_eq!(unenclosed(&[accepted], "pH", Compare::Exact).len(), 0, "nothing is asked");
}

#[test]
fn a_censored_value_is_implausible_only_where_nothing_it_admits_is_plausible() {
    let plausible = Limit {
        purpose: Purpose::Plausibility,
        low: Some(end("2", true)),
        high: Some(end("12", true)),
        compare: None,
        note: None,
    };
    let side = |text: &str| {
        let (is, number) = crate::domain::quantity::censored::read(text).expect("a number");
        let is = is.expect("a sign");
        let found = Censored { is, bound: number.value, counts_as: Default::default() };
        plausible.side_found(&found.into(), Compare::Rounded)
    };
    assert_eq!(side("<5"), Side::Within);
    assert_eq!(side(">5"), Side::Within);
    assert_eq!(side("<2"), Side::Below);
    assert_eq!(side("≤2"), Side::Within);
    assert_eq!(side(">12"), Side::Above);
}

fn usual(rounded: bool) -> Compare {
    if rounded { Compare::Rounded } else { Compare::Exact }
}

fn of(purpose: Purpose, low: Option<(i64, bool)>, high: Option<(i64, bool)>) -> Limit {
    let bound = |b: (i64, bool)| Bound::new(Decimal::new(b.0, 1), b.1);
    Limit { purpose, low: low.map(bound), high: high.map(bound), compare: None, note: None }
}

// finding: A3
#[test]
fn plausibility_encloses_what_is_judged_at_each_end_that_both_have() {
    let found = |plausible: Limit, judged: Limit, rounded: bool| {
        !unenclosed(&[judged, plausible], "", usual(rounded)).is_empty()
    };
    let plausible = |low, high| of(Purpose::Plausibility, low, high);
    let accepted = |low, high| of(Purpose::Acceptance, low, high);
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
    assert!(found(plausible(at(0), at(800)), of(Purpose::Control, at(10), at(900)), false));
    assert!(found(plausible(at(0), at(800)), of(Purpose::Alert, at(10), at(900)), false));
    assert!(!found(plausible(at(0), at(8)), of(Purpose::Reference, at(1), at(9)), false));
}

proptest! {
    #[test]
    fn nothing_inside_an_enclosed_limit_is_implausible_at_an_end_that_both_have(
        p in (-20i64..20, any::<bool>(), -20i64..20, any::<bool>()),
        j in (-20i64..20, any::<bool>(), -20i64..20, any::<bool>()),
        tenths in -250i64..250,
    ) {
        prop_assume!(p.0 <= p.2 && j.0 <= j.2);
        let plausible = of(Purpose::Plausibility, Some((p.0, p.1)), Some((p.2, p.3)));
        let judged = of(Purpose::Acceptance, Some((j.0, j.1)), Some((j.2, j.3)));
        let value = Decimal::new(tenths, 2);
        let enclosed = unenclosed(&[judged.clone(), plausible.clone()], "", usual(false)).is_empty();
        let escapes = judged.side(value) == Side::Within && plausible.side(value) != Side::Within;
        prop_assert!(!(enclosed && escapes));
    }
}
