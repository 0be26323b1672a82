//! Codes, spellings, composition, conversion.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

// shows: T17.b
#[test]
fn every_code_is_declared_once_in_plain_letters_and_is_read_as_itself() {
    let codes: BTreeSet<_> = LISTED.iter().map(|unit| unit.code).collect();
    assert_eq!(codes.len(), LISTED.len());
    let shown: BTreeSet<_> = LISTED.iter().map(|unit| unit.shown).collect();
    assert_eq!(shown.len(), LISTED.len(), "two units must not read alike");
    // UCUM codes are ASCII without blanks.
    assert!(LISTED.iter().all(|unit| unit.code.bytes().all(|b| b.is_ascii_graphic())));
    for unit in LISTED {
        let found = find(unit.code).unwrap_or_else(|| panic!("{} is no unit", unit.code));
        assert_eq!((found.code.as_str(), found.shown.as_str()), (unit.code, unit.shown));
        for text in [unit.shown].iter().chain(unit.spellings) {
            let read = find(text).map(|unit| unit.code);
            assert_eq!(read.as_deref(), Some(unit.code), "{text}");
            assert!(names(unit.code, text), "{text}");
        }
    }
}

/// What people write, and the code.
const WRITTEN: &[(&str, &str)] = &[
    ("degC", "Cel"),
    ("°C", "Cel"),
    ("\u{2103}", "Cel"),
    ("\u{ba}C", "Cel"),
    ("K", "K"),
    ("\u{b5}g/mL", "ug/mL"),
    ("\u{3bc}g/mL", "ug/mL"),
    ("µL", "uL"),
    ("g / L", "g/L"),
    (" g/L ", "g/L"),
    ("mg/l", "mg/L"),
    ("ml", "mL"),
    ("L/min/m2", "L/min/m2"),
    ("L/min/m²", "L/min/m2"),
    ("m³", "m3"),
    ("m^2", "m2"),
    ("vials/min", "{vials}/min"),
    ("{vials}/h", "{vials}/h"),
    ("lbf", "[lbf_av]"),
    ("kg/L", "kg/L"),
    ("g/mL", "g/mL"),
    ("g/dL", "g/dL"),
    ("vg/mL", "{vg}/mL"),
    ("TCID50/mL", "[TCID_50]/mL"),
    ("TU/mL", "{TU}/mL"),
    ("copies/µL", "{copies}/uL"),
    ("total cells", "{tc}"),
    ("cells/kg", "{cells}/kg"),
    ("pg/mL", "pg/mL"),
    ("pg/mg", "pg/mg"),
    ("ng/L", "ng/L"),
    ("CFU/plate", "[CFU]/{plate}"),
    ("CFU/4 h", "[CFU]/(4.h)"),
    ("cfu/4h", "[CFU]/(4.h)"),
    ("CFU/100 mL", "[CFU]/(100.mL)"),
    ("CFU/100mL", "[CFU]/(100.mL)"),
    ("CFU/25 cm²", "[CFU]/(25.cm2)"),
    ("CFU/g", "[CFU]/g"),
    ("IU/mg", "[IU]/mg"),
    ("[iU]/mL", "[IU]/mL"),
    ("U/mg", "U/mg"),
    ("kDa", "ku"),
    ("mg/kg", "mg/kg"),
    ("%RH", "%{RH}"),
    ("% RH", "%{RH}"),
    ("m/s", "m/s"),
    ("mPa·s", "mPa.s"),
    ("mPa s", "mPa.s"),
    ("mPa*s", "mPa.s"),
    ("psi", "[psi]"),
    ("psig", "[psi]{gauge}"),
    ("barg", "bar{gauge}"),
    ("mbar(a)", "mbar"),
    ("MBq", "MBq"),
    ("10^6 vc/mL", "10*6.{vc}/mL"),
    ("1e6 vc/mL", "10*6.{vc}/mL"),
    ("1e3 vc/mL", "10*3.{vc}/mL"),
    ("°C/min", "Cel/min"),
    ("mmol/L/h", "mmol/L/h"),
    ("W/(m2.K)", "W/(m2.K)"),
    ("kg.m/s2", "kg.m/s2"),
    ("x g", "[g]"),
    ("10\u{2076} vc/mL", "10*6.{vc}/mL"),
    ("10\u{b9}\u{b2} vg", "10*12.{vg}"),
    ("10\u{207b}\u{b3} mol/L", "10*-3.mol/L"),
    ("s\u{207b}\u{b9}", "s-1"),
    ("mPas", "mPa.s"),
    ("%rH", "%{RH}"),
    ("% rH", "%{RH}"),
    ("%\u{a0}RH", "%{RH}"),
    ("RPM", "1/min"),
    ("g/cc", "g/cm3"),
    ("Kg", "kg"),
    ("g\u{2009}/\u{202f}L", "g/L"),
    ("g\u{200b}/L", "g/L"),
    ("Torr", "[Torr]"),
    ("mTorr", "m[Torr]"),
    ("mAU", "m{AU}"),
];

// finding: P5, N10
#[test]
fn what_people_write_leads_to_one_code() {
    for (text, code) in WRITTEN {
        let found = find(text).map(|unit| unit.code);
        assert_eq!(found.as_deref(), Some(*code), "{text}");
        assert_eq!(find(code).map(|unit| unit.code).as_deref(), Some(*code), "{code}");
    }
    for none in [
        "", " ", "furlong", "kg/", "/", "mg//L", "m2x", "{", "{a", "kkg", "mmin", "g/L{", "((g))(",
        "C", "1e99", "litre", "10*", "0.g", "Ml", "ML/min", "Mg", "% a.s.", "%a.s.",
    ] {
        assert_eq!(find(none), None, "{none}");
    }
}

#[test]
fn what_hardly_anybody_means_is_taught_and_a_unit_without_an_end_is_none() {
    for (text, meant) in [("Ml", "mL"), ("Mg/L", "mg"), ("% a.s.", "% sat")] {
        assert!(unknown(text).contains(meant), "{}", unknown(text));
    }
    assert!(find("mmol/L{Mg}").is_some(), "magnesium in an annotation is no megagram");
    let endless = "(".repeat(100_000);
    assert!(find(&endless).is_none() && !names("kg", &endless));
    assert!(unknown(&endless).len() < 300);
}

// finding: N10
#[test]
fn what_is_composed_reads_as_people_write_it() {
    for (code, text) in [
        ("[CFU]/(25.cm2)", "cfu/25 cm²"),
        ("{vials}/h", "vials/h"),
        ("{anything}/min", "anything/min"),
        ("g/L{resin}", "g/L resin"),
        ("mmol/(L.h)", "mmol/(L·h)"),
        ("10*9.{vg}/mL", "1e9 vg/mL"),
        ("ug/cm2", "µg/cm²"),
        ("s-1", "s^-1"),
    ] {
        assert_eq!(shown(code), text);
        assert!(names(code, text), "{text}");
    }
    assert_eq!(shown("furlong"), "furlong");
}

// finding: P5
#[test]
fn a_number_is_converted_by_dimension_and_nothing_else() {
    let there = |number: &str, from: &str, to: &str| {
        let number: Decimal = number.parse().expect("a number");
        in_unit(number, from, to).map(|converted| converted.value.to_string())
    };
    for (number, from, to, value) in [
        ("272", "g", "kg", "0.272"),
        ("270", "g", "kg", "0.270"),
        ("0.0500", "kg", "g", "50.0"),
        ("1.20", "EU/mL", "EU/L", "1200"),
        ("37", "°C", "K", "310.15"),
        ("310.15", "K", "Cel", "37.00"),
        ("98.6", "degF", "Cel", "37"),
        ("1", "min", "s", "60"),
        ("2", "1e6 vc/mL", "vc/mL", "2000000"),
        ("5", "CFU/100 mL", "CFU/mL", "0.05"),
        ("-0.5", "bar", "mbar", "-500"),
    ] {
        assert_eq!(there(number, from, to).as_deref(), Some(value), "{number} {from} in {to}");
    }
    for (from, to) in [
        ("kg", "L"),
        ("vials/min", "cells/min"),
        ("g/L", "g/L{resin}"),
        ("psig", "psi"),
        ("barg", "bar"),
        ("CFU/mL", "PFU/mL"),
        ("EU/mL", "IU/mL"),
        ("%", "% w/v"),
        ("%RH", "%"),
        ("pH", "1"),
        ("U/mL", "umol/min/mL"),
        ("kDa", "g"),
        ("vc/mL", "cells/mL"),
        ("Bq", "Hz"),
    ] {
        assert_eq!(there("1", from, to), None, "{from} says nothing of {to}");
        assert_eq!(there("1", to, from), None, "{to} says nothing of {from}");
    }
    let million = find("vc/mL").and_then(|one| one.to(&find("1e6 vc/mL")?)).expect("cells");
    let written =
        million.apply_written(Decimal::from(4_200_000), -5).map(|it| it.value.to_string());
    assert_eq!(written.as_deref(), Some("4.2"), "as many digits as were written");
    let third = in_unit(Decimal::ONE, "min", "h").expect("converted");
    assert!(!third.exact && third.value.to_string().starts_with("0.01666666666666"));
    assert_eq!(there("9999999999999999999999999999", "t", "ng"), None, "too many digits");
}

#[test]
fn what_converts_is_named_and_temperatures_have_another_nought() {
    assert_eq!(convertible("bar{gauge}"), ["barg", "mbarg", "kPag", "psig"]);
    assert!(convertible("kg").contains(&"lb") && !convertible("kg").contains(&"L"));
    assert!(convertible("furlong").is_empty());
    assert_eq!(convert("Cel", "K"), None, "no factor alone");
    assert_eq!(convert("g", "kg"), Some((Decimal::ONE, Decimal::from(1000))));
}

// shows: C211-186b.c
#[test]
fn weights_belong_to_one_system() {
    assert_eq!(weight_system("kg"), Some(WeightSystem::Metric));
    assert_eq!(weight_system("µg"), Some(WeightSystem::Metric));
    assert_eq!(weight_system("[lb_av]"), Some(WeightSystem::Avoirdupois));
    assert_eq!(weight_system("lb"), Some(WeightSystem::Avoirdupois));
    assert_eq!(weight_system("L"), None);
    assert!(names("Cel", "degC") && names("Cel", "Cel") && !names("Cel", "C"));
}

fn listed() -> impl Strategy<Value = &'static Listed> {
    (0..LISTED.len()).prop_map(|index| &LISTED[index])
}

proptest! {
    // finding: P5
    #[test]
    fn there_and_back_is_where_it_began_and_order_is_kept(a in listed(), b in listed(), x in -10_000i64..10_000, y in -10_000i64..10_000) {
        let (one, other) = (find(a.code).expect("a unit"), find(b.code).expect("a unit"));
        let Some(there) = one.to(&other) else {
            prop_assert!(other.to(&one).is_none());
            return Ok(());
        };
        let back = other.to(&one).expect("back");
        prop_assert_eq!(there.factor.times(back.factor), Some(Ratio::ONE));
        prop_assert_eq!(there.offset.times(back.factor).and_then(|it| it.plus(back.offset)), Some(Ratio::ZERO));
        let (x, y) = (Decimal::new(x, 2), Decimal::new(y, 2));
        let (in_x, in_y) = (there.apply(x).expect("room"), there.apply(y).expect("room"));
        prop_assert_eq!(x.cmp(&y), in_x.value.cmp(&in_y.value));
        if in_x.exact {
            prop_assert_eq!(back.apply(in_x.value).map(|it| it.value), Some(x));
        }
    }

    #[test]
    fn no_text_is_read_without_end_or_breaks(text in "[a-zA-Z0-9µ°/.·* ()\\[\\]{}%^²-]{0,24}") {
        if let Some(unit) = find(&text) {
            let again = find(&unit.code).map(|again| again.code);
            prop_assert_eq!(again, Some(unit.code));
        }
    }
}
