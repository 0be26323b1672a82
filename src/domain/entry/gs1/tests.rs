//! Labels as scanners send them, whole and broken.

use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Vec<(String, String)> {
    match scan(text) {
        Scan::Elements(elements) => elements.into_iter().map(|e| (e.ai, e.value)).collect(),
        other => panic!("{text:?}: {other:?}"),
    }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(ai, value)| ((*ai).to_owned(), (*value).to_owned())).collect()
}

const GTIN: &str = "09506000134352";

// finding: P7
#[test]
fn one_label_reads_the_same_however_a_scanner_sends_it() {
    let expected = pairs(&[("01", GTIN), ("17", "270300"), ("10", "LOT-7/a"), ("21", "S9")]);
    for text in [
        "010950600013435217270300".to_owned() + "10LOT-7/a\u{1d}21S9",
        "]C1010950600013435217270300".to_owned() + "10LOT-7/a\u{1d}21S9",
        "]d2\u{1d}010950600013435217270300".to_owned() + "10LOT-7/a\u{1d}21S9\u{1d}",
        "]Q3010950600013435217270300".to_owned() + "10LOT-7/a<GS>21S9",
        "010950600013435217270300".to_owned() + "10LOT-7/a{GS}21S9\r\n",
        "010950600013435217270300".to_owned() + "10LOT-7/a\\x1d21S9",
        "0109506000134352\u{1d}17270300\u{1d}".to_owned() + "10LOT-7/a\u{241d}21S9",
        "(01)09506000134352(17)270300(10)LOT-7/a(21)S9".to_owned(),
        "(01) 09506000134352 (17) 270300 (10) LOT-7/a (21) S9".to_owned(),
    ] {
        assert_eq!(read(&text), expected, "{text:?}");
    }
    for text in [
        "https://id.gs1.org/01/09506000134352/10/LOT-7%2Fa/21/S9?17=270300",
        "HTTPS://shop.example/some/where/01/9506000134352/10/LOT-7%2fa/21/S9?17=270300&link=x#top",
        "https://example.org/gtin/09506000134352/lot/LOT-7%2Fa/ser/S9?exp=270300",
    ] {
        let mut found = read(text);
        found.sort();
        let mut all = expected.clone();
        all.sort();
        assert_eq!(found, all, "{text}");
    }
}

#[test]
fn every_length_is_that_of_its_identifier() {
    assert_eq!(
        read("]C100106141411234567897"),
        pairs(&[("00", "106141411234567897")]),
        "a logistic unit"
    );
    let text = "]C13103000125410950600013435270032603011200\u{1d}37120\u{1d}9112";
    let parts = [("3103", "000125"), ("410", "9506000134352"), ("7003", "2603011200")];
    let mut expected = pairs(&parts);
    expected.extend(pairs(&[("37", "120"), ("91", "12")]));
    assert_eq!(read(text), expected);
}

#[test]
fn what_is_no_label_stays_a_text_and_a_broken_one_says_why() {
    for plain in
        ["LOT-7", "0109", "01095060001343521", "2026-03-01", "https://example.org/a/b", "(a)", "00"]
    {
        assert_eq!(scan(plain), Scan::Plain, "{plain}");
    }
    for (broken, why) in [
        ("(01)09506000134351", "check digit"),
        ("(7003)2713321200", "no day"),
        ("[)>\u{1e}07\u{1d}free", "format \"07\""),
        ("(17)271332", "no day"),
        ("(17)270230", "no day"),
        ("(10)", "no value"),
        ("(10)ABCDEFGHIJKLMNOPQRSTU", "21 characters"),
        ("]C1109\u{e4}", "cannot stand there"),
        ("]C1", "no element"),
        ("5\u{1d}6", "no application identifier"),
        ("https://id.gs1.org/01/09506000134352/10", "without its value"),
    ] {
        match scan(broken) {
            Scan::Broken(found) => assert!(found.contains(why), "{broken}: {found}"),
            other => panic!("{broken}: {other:?}"),
        }
    }
    assert_eq!(read("(4300)ACME(10)7"), pairs(&[("4300", "ACME"), ("10", "7")]), "unknown, kept");
}

#[test]
fn one_bad_element_takes_nothing_from_the_others_and_two_of_one_are_none() {
    for (text, good, why) in [
        ("(01)09506000134351(10)A", &[("10", "A")][..], "check digit"),
        ("(17)271332(10)A(21)S9", &[("10", "A"), ("21", "S9")], "no day"),
        ("]C110A\u{1d}5\u{1d}21S9", &[("10", "A"), ("21", "S9")], "no application identifier"),
        ("(10)A(10)B", &[("10", "A"), ("10", "B")], "(10) is said twice: A and B"),
        ("]C110LOT717270331", &[("10", "LOT717270331")], "may be LOT7 and (17) 270331"),
        ("]C12110S1117270331", &[("21", "10S1117270331")], "a separator may be missing"),
    ] {
        match scan(text) {
            Scan::Doubtful(elements, faults) => {
                let found: Vec<_> = elements.into_iter().map(|e| (e.ai, e.value)).collect();
                assert_eq!(found, pairs(good), "{text}");
                assert!(faults.join("; ").contains(why), "{text}: {faults:?}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    let two = [("10", "A"), ("10", "B"), ("21", "S"), ("21", "S")];
    let two = two.map(|(ai, value)| Element { ai: ai.into(), value: value.into() });
    assert_eq!((value(&two, "10"), value(&two, "21")), (None, Some("S")));
    for certain in [
        "]C110LOT7\u{1d}17270331",
        "]C11727033110LOT717270331",
        "]C11017270331",
        "(10)LOT717270331",
    ] {
        assert!(matches!(scan(certain), Scan::Elements(_)), "{certain}: {:?}", scan(certain));
    }
}

#[test]
fn an_envelope_is_read_with_its_separators_sent_or_typed() {
    let expected = pairs(&[("P", "ACETATE"), ("1T", "LOT-7"), ("14D", "20270331"), ("S", "9")]);
    for text in [
        "[)>\u{1e}06\u{1d}PACETATE\u{1d}1TLOT-7\u{1d}14D20270331\u{1d}S9\u{1e}\u{4}",
        "]d1[)>\u{1e}06\u{1d}PACETATE\u{1d}1TLOT-7\u{1d}14D20270331\u{1d}S9\u{1e}\u{4}",
        "[)><RS>06<GS>PACETATE<GS>1TLOT-7<GS>14D20270331<GS>S9<RS><EOT>",
    ] {
        assert_eq!(read(text), expected, "{text:?}");
    }
    assert_eq!(
        read("[)>\u{1e}05\u{1d}0109506000134352\u{1d}10LOT-7\u{1e}\u{4}"),
        pairs(&[("01", GTIN), ("10", "LOT-7")])
    );
    match scan("[)>\u{1e}06\u{1d}1TLOT-7\u{1d}?9\u{1e}\u{4}") {
        Scan::Doubtful(elements, faults) => {
            assert_eq!((elements.len(), faults.len()), (1, 1), "{faults:?}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_last_day_of_use_is_the_first_of_those_that_a_label_says() {
    let of = |text: &str| match scan(text) {
        Scan::Elements(elements) => last_day(&elements, 2026),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(of("(17)270300(10)A"), Some((2027, 3, 31)));
    assert_eq!(of("(15)270228(17)270331"), Some((2027, 2, 28)));
    assert_eq!(of("(7003)2703011200(10)A"), Some((2027, 3, 1)));
    assert_eq!(of("[)>\u{1e}06\u{1d}14D20270331"), Some((2027, 3, 31)));
    assert_eq!(of("(11)270331(10)A"), None, "a day of production");
}

#[test]
fn a_day_has_the_nearest_century_and_day_zero_ends_its_month() {
    for (text, year, found) in [
        ("270331", 2026, Some((2027, 3, 31))),
        ("270200", 2026, Some((2027, 2, 28))),
        ("280200", 2026, Some((2028, 2, 29))),
        ("760101", 2026, Some((2076, 1, 1))),
        ("770101", 2026, Some((1977, 1, 1))),
        ("490101", 1999, Some((2049, 1, 1))),
        ("500101", 1999, Some((1950, 1, 1))),
        ("271301", 2026, None),
        ("270230", 2026, None),
        ("2702", 2026, None),
    ] {
        assert_eq!(day(text, year), found, "{text} in {year}");
    }
}

#[test]
fn trade_item_numbers_have_14_digits_and_a_check_digit() {
    assert_eq!(gtin("9506000134352").as_deref(), Some(GTIN));
    assert_eq!(gtin("96385074").as_deref(), Some("00000096385074"));
    for none in ["9506000134353", "950600013435", "", "95060001343520000", "95O6000134352"] {
        assert_eq!(gtin(none), None, "{none}");
    }
}

proptest! {
    #[test]
    fn whatever_is_scanned_is_read_without_falling_over(text in "\\PC{0,60}|[0-9()\u{1d}]{0,60}|\\]C1[0-9A-Z\u{1d}]{0,40}") {
        if let Scan::Elements(elements) = scan(&text) {
            prop_assert!(!elements.is_empty());
            // Printed below the symbol it reads the same.
            if elements.iter().all(|e| !e.value.contains('(') && e.value.trim() == e.value && find(&e.ai).is_some()) {
                let printed: String = elements.iter().map(|e| format!("({}){}", e.ai, e.value)).collect();
                prop_assert_eq!(scan(&printed), Scan::Elements(elements));
            }
        }
    }
}
