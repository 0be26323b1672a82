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
        ("(01)09506000134351(10)A", "check digit"),
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
