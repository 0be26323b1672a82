//! `schemas/entry-kinds.json`: what each kind of entry takes and says, generated from the list.

use super::{Input, KindSpec};
use serde_json::{Value, json};

/// The catalogue of kinds: additive, drift-tested against `schemas/entry-kinds.json`.
#[must_use]
pub fn catalogue() -> Value {
    let kinds: Vec<Value> = KindSpec::samples()
        .into_iter()
        .map(|(name, meaning, sample)| {
            let mut spec = sample.spec.clone();
            spec["kind"] = json!(name);
            let Ok(kind) = serde_json::from_value::<KindSpec>(spec.clone()) else {
                return json!({ "kind": name, "fault": "its sample is no specification" });
            };
            let read = |sent: &Value| {
                let input = serde_json::from_value::<Input>(sent.clone());
                input.map_err(|e| e.to_string()).and_then(|input| kind.as_kind().parse(&input))
            };
            let valid = sample.valid.iter().map(|sent| match read(sent) {
                Ok(value) => json!({ "input": sent, "data": value.data, "shown": value.shown,
                    "verdicts": kind.as_kind().judge(&value) }),
                Err(fault) => json!({ "input": sent, "fault": fault }),
            });
            let invalid = sample
                .invalid
                .iter()
                .map(|sent| json!({ "input": sent, "refused": read(sent).err() }));
            json!({
                "kind": name,
                "meaning": meaning.trim(),
                "sample": spec,
                "asks": kind.as_kind().asks(),
                "valid": valid.collect::<Vec<_>>(),
                "invalid": invalid.collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "format": "batchwright.entry-kinds/1", "kinds": kinds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_its_valid_samples_and_refuses_the_others() {
        let catalogue = catalogue();
        let kinds = catalogue["kinds"].as_array().expect("a list");
        assert_eq!(kinds.len(), KindSpec::NAMES.len());
        for kind in kinds {
            assert!(kind.get("fault").is_none(), "{kind}");
            for sent in kind["valid"].as_array().expect("a list") {
                assert!(sent.get("fault").is_none(), "{} {sent}", kind["kind"]);
                assert_ne!(sent["shown"], "", "{sent}");
            }
            for sent in kind["invalid"].as_array().expect("a list") {
                assert!(sent["refused"].is_string(), "{} {sent}", kind["kind"]);
            }
            let spec: KindSpec = serde_json::from_value(kind["sample"].clone()).expect("a spec");
            assert_eq!(spec.as_kind().faults(), Vec::<String>::new());
            assert_eq!(kind["sample"], serde_json::to_value(&spec).expect("plain data"));
        }
    }
}
