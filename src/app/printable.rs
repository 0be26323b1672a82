//! What the printed record can draw, told where something is registered, before it stands under a signature.

use crate::domain::person::refusal::NAME_MALFORMED;
use crate::domain::recipe::check::Finding;
use crate::domain::refusal::Refusal;
use crate::record::pdf::unprintable;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What is done about it.
const CURE: &str =
    "write it otherwise, or let the server be started with a font that draws it (--font FILE)";

/// A printed name as it will be printed: composed, and every character of it drawn.
///
/// # Errors
/// `printed-name-malformed` naming the first character that the report's fonts lack.
pub fn name(typed: &str) -> Result<String, Refusal> {
    let name: String = typed.nfc().collect();
    let odd = unprintable(&name).next().map(|odd| (odd, "the report's fonts cannot draw it"));
    let loose = name.chars().find(|c| is_combining_mark(*c));
    let loose = loose.map(|odd| (odd, "it is drawn over another letter, and nobody knows where"));
    match odd.or(loose) {
        None => Ok(name),
        Some((odd, why)) => {
            let detail = format!("{}: {why}; {CURE}", described(odd));
            Err(Refusal::new(&NAME_MALFORMED, detail))
        }
    }
}

/// A finding at each text of a master record that its prints could not show.
#[must_use]
pub fn findings(document: &Value) -> Vec<Finding> {
    let mut found = Vec::new();
    walk(document, &mut String::new(), &mut found);
    found
}

fn walk(value: &Value, at: &mut String, found: &mut Vec<Finding>) {
    let length = at.len();
    match value {
        Value::String(text) => {
            let mut odd: Vec<_> = unprintable(text).collect();
            odd.sort_unstable();
            odd.dedup();
            if odd.is_empty() {
                return;
            }
            let listed: Vec<_> = odd.iter().take(5).map(|odd| described(*odd)).collect();
            let more = if odd.len() > 5 { ", …" } else { "" };
            let sentence = format!("cannot be printed: {}{more}; {CURE}", listed.join(", "));
            found.push(Finding::new(at.clone(), "not-printable", "C211-186b", sentence));
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                at.push_str(&format!("/{i}"));
                walk(item, at, found);
                at.truncate(length);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                at.push_str(&format!("/{}", name.replace('~', "~0").replace('/', "~1")));
                walk(member, at, found);
                at.truncate(length);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn described(odd: char) -> String {
    let point = format!("U+{:04X}", u32::from(odd));
    if odd.is_alphanumeric() { format!("{odd} ({point})") } else { point }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    // finding: P8
    #[test]
    fn a_name_that_no_page_could_show_is_refused_with_its_character() {
        for (name, point) in [
            ("\u{674e}\u{5c0f}", "U+674E"),
            ("\u{639}\u{644}\u{64a}", "U+0639"),
            ("Kim \u{1f600}", "U+1F600"),
            ("Kim\u{200b}", "U+200B"),
            ("Q\u{301}x", "U+0301"),
        ] {
            let refusal = super::name(name).expect_err(name);
            assert_eq!(refusal.rule.code, "printed-name-malformed");
            assert!(refusal.detail.contains(point), "{}", refusal.detail);
        }
        for (typed, printed) in [
            ("Jos\u{65}\u{301} N\u{fa}\u{f1}ez", "Jos\u{e9} N\u{fa}\u{f1}ez"),
            ("\u{416}\u{435}\u{43d}\u{44f}", "\u{416}\u{435}\u{43d}\u{44f}"),
            ("Nguy\u{1ec5}n", "Nguy\u{1ec5}n"),
        ] {
            assert_eq!(super::name(typed).expect(typed), printed);
        }
    }

    // finding: P8
    #[test]
    fn a_master_record_has_a_finding_at_each_text_that_no_page_could_show() {
        let document =
            json!({ "title": "fine", "a/b": [{ "name": "\u{9178}\u{9178}" }, "\u{202e}x"] });
        let found: Vec<_> = findings(&document).into_iter().map(|it| it.pointer).collect();
        assert_eq!(found, ["/a~1b/0/name", "/a~1b/1"]);
        assert!(findings(&document)[0].sentence.contains("U+9178"));
    }
}
