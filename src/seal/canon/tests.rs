//! Canonical bytes are those of the standard, and of nothing else.

use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn sorts_by_utf16_and_escapes_as_the_standard_does() {
    // RFC 8785 §3.2.3: sorting is by UTF-16 code units, not by UTF-8 bytes.
    let value = json!({
        "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew", "1": "One",
        "\u{1f600}": "Emoji", "\u{80}": "Control", "\u{f6}": "o umlaut"
    });
    assert_eq!(
        String::from_utf8(canonical(&value).unwrap()).unwrap(),
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"ö\":\"o umlaut\",\
         \"€\":\"Euro Sign\",\"😀\":\"Emoji\",\"\u{fb33}\":\"Hebrew\"}"
    );
    assert_eq!(
        canonical(&json!("a\"\\/\u{8}\u{c}\n\t\u{1f}\u{7f}")).unwrap(),
        b"\"a\\\"\\\\/\\b\\f\\n\\t\\u001f\x7f\""
    );
}

#[test]
fn integers_keep_every_digit_up_to_the_bound() {
    for integer in [0, 1, -1, 9_007_199_254_740_991_i64, -9_007_199_254_740_991] {
        assert_eq!(canonical(&json!(integer)).unwrap(), integer.to_string().into_bytes());
    }
    for text in ["9007199254740992", "-9007199254740992", "18446744073709551615"] {
        assert_eq!(parse_strict(text.as_bytes()), Err(CanonError::IntegerTooLarge(text.into())));
    }
}

#[test]
fn refuses_what_readers_would_not_agree_on() {
    assert!(matches!(parse_strict(b"7.2"), Err(CanonError::Float(_))));
    assert!(matches!(parse_strict(b"1e2"), Err(CanonError::Float(_))));
    assert!(matches!(parse_strict(b"-0"), Err(CanonError::Float(_))));
    assert!(matches!(parse_strict(b"184467440737095516150"), Err(CanonError::Float(_))));
    assert_eq!(canonical(&json!(1.5)), Err(CanonError::Float("1.5".into())));
    assert_eq!(parse_strict(br#"["\u0000"]"#), Err(CanonError::NulCharacter));
    assert_eq!(canonical(&json!({"\0": 1})), Err(CanonError::NulCharacter));
    assert_eq!(
        parse_strict(br#"{"a":{"b c":1,"b c":2}}"#),
        Err(CanonError::DuplicateKey("b c".into()))
    );
    assert_eq!(parse_strict(br#"{"a":1,"\u0061":2}"#), Err(CanonError::DuplicateKey("a".into())));
    for bad in [&b""[..], b"{", b"1 2", b"\xff", b"\"\\ud800\"", b"[1,]", b"nul", b"\xef\xbb\xbf1"]
    {
        assert!(matches!(parse_strict(bad), Err(CanonError::Malformed(_))), "{bad:?}");
    }
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(parse_strict(deep(MAX_DEPTH).as_bytes()).is_ok());
    assert_eq!(parse_strict(deep(MAX_DEPTH + 2).as_bytes()), Err(CanonError::TooDeep));
    assert!(matches!(parse_strict("[".repeat(100_000).as_bytes()), Err(CanonError::Malformed(_))));
}

#[test]
fn knows_canonical_bytes_from_equal_ones() {
    assert!(is_canonical(br#"{"a":1,"b":[true,null]}"#));
    for other in [
        &br#"{"b":1,"a":1}"#[..],
        br#"{"a": 1}"#,
        br#""\u0061""#,
        br#""\/""#,
        b" 1",
        b"1\n",
        br#""\u001F""#,
    ] {
        assert_eq!(parse_canonical(other), Err(CanonError::NotCanonical), "{other:?}");
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(|number| json!(number)),
        "[^\u{0}]{0,12}".prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::hash_map("[^\u{0}]{0,6}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

#[test]
fn the_data_of_an_unsigned_body_are_found_in_no_other_body() {
    let data = r#"{"at":"a","n":[1,{"b":"}"}]}"#;
    let whole = format!(r#"{{"data":{data},"signatures":[]}}"#);
    assert_eq!(unsigned_data(whole.as_bytes()), Some(data));
    assert!(is_canonical(whole.as_bytes()));
    for other in [
        r#"{"data":{},"signatures":[1]}"#,
        r#"{"data":{},"e":{},"signatures":[]}"#,
        r#"{"data":{},"data":{},"signatures":[]}"#,
        r#"{"data":{"b":1,"a":1},"signatures":[]}"#,
        r#"{"data":{"a":"\u0041"},"signatures":[]}"#,
        r#"{"data":[],"signatures":[]}"#,
        r#"{"data":"{}","signatures":[]}"#,
        r#"{"data":{} ,"signatures":[]}"#,
        r#"{"data":{"a":{}},"x":{"b":{},"signatures":[]}"#,
        r#"{"data":{},"signatures":[]},"signatures":[]}"#,
        r#"{"data":,"signatures":[]}"#,
        r#"{"data":{}}"#,
    ] {
        assert_eq!(unsigned_data(other.as_bytes()), None, "{other}");
    }
    let deep = |levels: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
    for levels in MAX_DEPTH - 4..MAX_DEPTH + 2 {
        let body = format!(r#"{{"data":{},"signatures":[]}}"#, deep(levels));
        let canonical = is_canonical(body.as_bytes());
        assert_eq!(unsigned_data(body.as_bytes()).is_some(), canonical, "{levels}");
    }
}

/// Whether every key is plain ASCII, and nothing is escaped in it.
fn plain_keys(value: &Value) -> bool {
    let plain =
        |key: &str| key.bytes().all(|b| (0x20..0x80).contains(&b) && b != b'"' && b != b'\\');
    match value {
        Value::Array(items) => items.iter().all(plain_keys),
        Value::Object(members) => {
            members.iter().all(|(key, value)| plain(key) && plain_keys(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// One of each shape that serialises, its members out of order.
#[derive(serde::Serialize)]
#[serde(rename_all = "kebab-case")]
enum Shape {
    Unit,
    New(Vec<Shape>),
    Tuple(u8, Option<i64>),
    Struct { b: char, a: (), aa: Box<Shape>, map: std::collections::HashMap<i8, String> },
}

#[test]
fn what_serialises_is_written_as_its_tree_would_be() {
    let inner = Shape::Struct {
        b: 'ö',
        a: (),
        aa: Box::new(Shape::Tuple(3, Some(-1))),
        map: (-3..9).map(|n| (n, format!("\u{1f}{n}"))).collect(),
    };
    let shapes = Shape::New(vec![Shape::Unit, inner, Shape::Tuple(0, None), Shape::New(vec![])]);
    let tree = serde_json::to_value(&shapes).unwrap();
    assert_eq!(canonical_of(&shapes), canonical(&tree));
    assert_eq!(canonical_of(&json!({ "b": shapes, "a": 1 })).unwrap()[..7], *b"{\"a\":1,");
    let mut deep = Shape::Unit;
    for _ in 0..MAX_DEPTH / 2 {
        deep = Shape::New(vec![deep]);
    }
    assert!(canonical_of(&deep).is_ok());
    assert_eq!(canonical_of(&Shape::New(vec![deep])), Err(CanonError::TooDeep));
    assert_eq!(canonical_of(&1.5), Err(CanonError::Float("1.5".into())));
    assert_eq!(canonical_of(&u64::MAX), Err(CanonError::IntegerTooLarge(u64::MAX.to_string())));
    assert_eq!(canonical_of("\0"), Err(CanonError::NulCharacter));
}

#[test]
fn what_is_not_canonical_is_never_sure() {
    for odd in [
        &b"-0"[..],
        b"00",
        b"01",
        b"1.0",
        b"1e2",
        b"9007199254740992",
        b"-9007199254740992",
        b"+1",
        b"1 ",
        b"",
        b"[1,]",
        b"[,1]",
        b"{\"a\":1,}",
        b"{\"b\":1,\"a\":1}",
        b"{\"a\":1,\"a\":1}",
        b"{\"\\u0001\":1}",
        b"\"\\u0000\"",
        b"\"\\u0008\"",
        b"\"\\u000A\"",
        b"\"\\u0020\"",
        b"\"\\/\"",
        b"\"\x1f\"",
        b"\"\xff\"",
        b"\"a",
        b"nul",
        b"nulll",
        b"truefalse",
        b"[1 ,2]",
        b"\xef\xbb\xbf1",
        b"{\"\xc3\xb6\":1}",
        b"-",
        b"\"\\u00",
    ] {
        assert!(!scan::is_surely_canonical(odd, 0), "{odd:?}");
    }
    for sure in [
        &b"0"[..],
        b"-1",
        b"9007199254740991",
        b"[]",
        b"{}",
        b"\"\\u001f\\u000b\\n\\\"\\\\\"",
        b"\"\xc3\xb6\x7f/\"",
        b"{\"a\":[{\"b\":null},true,false],\"a1\":\"x\"}",
    ] {
        assert!(scan::is_surely_canonical(sure, 0) && parse_closely(sure).is_ok(), "{sure:?}");
    }
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    for levels in 1..MAX_DEPTH + 4 {
        let text = deep(levels);
        let sure = scan::is_surely_canonical(text.as_bytes(), 0);
        assert_eq!(sure, parse_closely(text.as_bytes()).is_ok(), "{levels}");
    }
}

proptest! {
    #[test]
    fn canonical_bytes_mean_the_same_value_and_are_a_fixed_point(value in any_value()) {
        let bytes = canonical(&value).unwrap();
        prop_assert_eq!(&bytes, &serde_json_canonicalizer::to_vec(&value).unwrap());
        prop_assert_eq!(&canonical_of(&value).unwrap(), &bytes);
        prop_assert_eq!(parse_canonical(&bytes), Ok(value));
    }

    #[test]
    fn what_the_scan_is_sure_of_is_canonical(
        value in any_value(),
        at in any::<prop::sample::Index>(),
        byte in prop::sample::select(&b"\"\\{}[]:,0129-+.eEu \nfabt\x00\x7f\xc3/"[..]),
        how in 0..3,
    ) {
        let mut bytes = canonical(&value).unwrap();
        let sure = scan::is_surely_canonical(&bytes, 0);
        prop_assert!(sure || !plain_keys(&value), "a canonical text that only the slow way knows");
        let at = at.index(bytes.len());
        match how {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            _ => drop(bytes.remove(at)),
        }
        if scan::is_surely_canonical(&bytes, 0) {
            prop_assert_eq!(serde_json::from_slice(&bytes).ok(), parse_closely(&bytes).ok());
            prop_assert!(parse_closely(&bytes).is_ok());
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = parse_strict(&bytes);
    }
}
