//! The schema of a master record: what is written by hand in `schema/`, with the shape of every kind of entry
//! as its own file says it. It is published as `schemas/master-record.schema.json`.

use crate::domain::entry::KindSpec;
use crate::domain::entry::shape::Shape;
use serde_json::json;

/// All but the kinds of entry.
const RECORD: &str = include_str!("schema/record.json");

/// An entry of any kind; the kind's own stands where the names in capitals are.
const ENTRY: &str = include_str!("schema/entry.json");

/// The schema as text, laid out for people, its members in the order of what is written by hand.
#[must_use]
pub fn text() -> String {
    let kinds = KindSpec::shapes();
    let list = |of: &dyn Fn(&str) -> String| {
        let each: Vec<_> = kinds.iter().map(|(name, ..)| of(name)).collect();
        each.join(",")
    };
    let names = list(&|name| json!(name).to_string());
    let which = list(&|name| {
        let is = json!({ "const": name });
        let then = json!(format!("#/$defs/entry-{name}"));
        format!(
            r#"{{"if":{{"properties":{{"kind":{is}}},"required":["kind"]}},"then":{{"$ref":{then}}}}}"#
        )
    });
    let entries: Vec<_> = kinds
        .iter()
        .map(|(name, meaning, shape)| format!("\"entry-{name}\":{}", entry(name, meaning, shape)))
        .collect();
    let whole = compact(RECORD)
        .replace("\"$KINDS\"", &names)
        .replace("\"$WHICH\"", &which)
        .replace("\"$ENTRIES\":{}", &entries.join(","));
    laid_out(&whole)
}

fn entry(name: &str, meaning: &str, shape: &Shape) -> String {
    let members: String =
        shape.members.iter().map(|(name, schema)| format!(",{}:{schema}", json!(name))).collect();
    let required: String = shape.required.iter().map(|name| format!(",{}", json!(name))).collect();
    compact(ENTRY)
        .replace("\"$MEANING\"", &json!(meaning).to_string())
        .replace("\"$KIND\"", &json!(name).to_string())
        .replace(",\"$MEMBERS\":{}", &members)
        .replace(",\"$REQUIRED\"", &required)
}

/// JSON text cut into its signs and strings, the white space between them left out.
fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut from) = (Vec::new(), 0);
    let (mut quoted, mut escaped) = (false, false);
    for (at, sign) in text.char_indices() {
        let ends = match sign {
            _ if escaped => {
                escaped = false;
                false
            }
            '\\' => {
                escaped = true;
                false
            }
            '"' => {
                quoted = !quoted;
                !quoted
            }
            _ if quoted => false,
            '{' | '}' | '[' | ']' | ',' | ':' => true,
            _ => sign.is_whitespace(),
        };
        if ends {
            let end = at + sign.len_utf8();
            // A number or a word ends before the sign that follows it.
            let (word, sign) = if sign == '"' {
                (&text[from..end], "")
            } else {
                text[from..end].split_at(at - from)
            };
            pieces.extend([word.trim(), sign.trim()].into_iter().filter(|it| !it.is_empty()));
            from = end;
        }
    }
    pieces
}

fn compact(text: &str) -> String {
    pieces(text).concat()
}

/// Two blanks for each depth, one member to a line.
fn laid_out(text: &str) -> String {
    let (mut out, mut depth, pieces) = (String::new(), 0, pieces(text));
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    for (at, piece) in pieces.iter().enumerate() {
        let empty = at > 0 && matches!((pieces[at - 1], *piece), ("{", "}") | ("[", "]"));
        match *piece {
            "}" | "]" => {
                depth -= 1;
                if !empty {
                    line(&mut out, depth);
                }
                out.push_str(piece);
            }
            "{" | "[" => {
                depth += 1;
                out.push_str(piece);
                let closes = pieces.get(at + 1).is_some_and(|next| matches!(*next, "}" | "]"));
                if !closes {
                    line(&mut out, depth);
                }
            }
            "," => {
                out.push(',');
                line(&mut out, depth);
            }
            ":" => out.push_str(": "),
            word => out.push_str(word),
        }
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn text_is_laid_out_in_its_order() {
        let text = r#" {"b": [ ], "a":[1, true,"x, \"{y}\" "], "c":{} ,"d" : {"e":-2}}"#;
        let expected = "{\n  \"b\": [],\n  \"a\": [\n    1,\n    true,\n    \"x, \\\"{y}\\\" \"\n  ],\n  \
                        \"c\": {},\n  \"d\": {\n    \"e\": -2\n  }\n}\n";
        assert_eq!(laid_out(text), expected);
        assert_eq!(laid_out(&compact(expected)), expected);
    }

    /// Every kind has its place in the schema, and its sample fits what its file says of its members.
    #[test]
    fn every_kind_stands_in_the_schema_and_its_sample_fits() {
        let schema: Value = serde_json::from_str(&text()).expect("JSON");
        assert_eq!(schema["$defs"]["entry"]["properties"]["kind"]["enum"], json!(KindSpec::NAMES));
        assert!(!text().contains("\"$KIND") && !text().contains("\"$ME"));
        let of_entry = json!({ "$defs": schema["$defs"], "$ref": "#/$defs/entry" });
        let validator = jsonschema::draft202012::new(&of_entry).expect("a schema");
        for (name, _, sample) in KindSpec::samples() {
            let mut entry = sample.spec;
            for (member, value) in [("id", "e"), ("name", "An entry"), ("kind", name)] {
                entry[member] = json!(value);
            }
            let faults: Vec<_> = validator.iter_errors(&entry).map(|it| it.to_string()).collect();
            assert_eq!(faults, Vec::<String>::new(), "{name}");
            let shape = &schema["$defs"][format!("entry-{name}")];
            for required in shape["required"].as_array().expect("a list") {
                let mut without = entry.clone();
                without
                    .as_object_mut()
                    .expect("members")
                    .remove(required.as_str().expect("a name"));
                assert!(!validator.is_valid(&without), "{name} without {required}");
            }
        }
    }
}
