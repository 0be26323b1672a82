//! `result`: determinations of a laboratory test on a sample; each is judged alone and kept.
//!
//! What is reported is the worst of those that count, never a mean (21 CFR 211.165, 211.194(a)).

use super::{EntryValue, Input, Kind, Sample, choice, identifier, number};
use crate::domain::limits::{Limit, Purpose, Side, Verdict};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What the master record says of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Entry of kind sample that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
    /// Method.
    pub method: String,
    /// Version of the method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method_version: Option<String>,
    /// How many determinations; absent: one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicates: Option<u32>,
    /// What a determination looks like.
    pub result: Looks,
}

/// What a determination looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Looks {
    /// A decimal with a unit and limits.
    Number(number::Spec),
    /// One of the listed options.
    Choice(choice::Spec),
}

/// A determination as somebody reports it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    value: Value,
    method_version: String,
    sample: Option<String>,
    note: Option<String>,
}

impl Looks {
    fn as_kind(&self) -> &dyn Kind {
        match self {
            Self::Number(spec) => spec,
            Self::Choice(spec) => spec,
        }
    }
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let sent: Sent = serde_json::from_value(input.value.clone()).map_err(|e| {
            format!("a determination is an object {{value, method_version, sample, note}}: {e}")
        })?;
        if sent.method_version.trim().is_empty() {
            return Err("the version of the method is missing (21 CFR 211.194(a)(2))".into());
        }
        if let Some(sample) = &sent.sample {
            identifier::check(sample)?;
        }
        let inner = Input { value: sent.value, unit: input.unit.clone() };
        let read = self.result.as_kind().parse(&inner)?;
        let data = json!({
            "value": read.data, "method": self.method, "method_version": sent.method_version,
            "sample": sent.sample, "note": sent.note,
        });
        Ok(EntryValue { kind: "result".into(), data, shown: read.shown, number: read.number })
    }

    fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        let inner = EntryValue { data: value.data["value"].clone(), ..value.clone() };
        self.result.as_kind().judge(&inner)
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = self.result.as_kind().faults();
        if self.method.trim().is_empty() {
            faults.push("the method has no name".into());
        }
        if self.replicates == Some(0) {
            faults.push("a result needs at least one determination".into());
        }
        faults
    }

    fn asks(&self) -> String {
        let version = self.method_version.as_ref();
        let version = version.map_or(String::new(), |version| format!(" version {version}"));
        let n = match self.planned() {
            1 => String::new(),
            n => format!(", {n} determinations"),
        };
        format!("{}; method {}{version}{n}", self.result.as_kind().asks(), self.method)
    }

    fn limits_shown(&self) -> Vec<(String, String)> {
        self.result.as_kind().limits_shown()
    }

    fn check_owed(&self) -> bool {
        true
    }
}

impl Spec {
    /// How many determinations the test has.
    #[must_use]
    pub fn planned(&self) -> u32 {
        self.replicates.unwrap_or(1).max(1)
    }

    /// How far a determination is inside its limits: the smaller, the worse; nothing where no limit
    /// says what is worse.
    #[must_use]
    pub fn margin(&self, value: &EntryValue) -> Option<Decimal> {
        let Looks::Number(spec) = &self.result else { return None };
        let found = value.number.as_ref()?.value;
        let by = |purpose| spec.limits.iter().find(|limit: &&Limit| limit.purpose == purpose);
        let limit = by(Purpose::Acceptance).or(by(Purpose::Control)).or(by(Purpose::Alert))?;
        let low = limit.low.as_ref().and_then(|low| found.checked_sub(low.value));
        let high = limit.high.as_ref().and_then(|high| high.value.checked_sub(found));
        [low, high].into_iter().flatten().min()
    }
}

/// Whether verdicts say that a determination does not meet its specification.
#[must_use]
pub fn outside(verdicts: &[Verdict]) -> bool {
    verdicts.iter().any(|v| v.purpose == Purpose::Acceptance && v.side != Side::Within)
}

/// The sample that a determination names, as typed.
#[must_use]
pub fn sample_of(value: &EntryValue) -> Option<&str> {
    value.data["sample"].as_str()
}

/// The version of the method by which a determination was made.
#[must_use]
pub fn method_version(value: &EntryValue) -> &str {
    value.data["method_version"].as_str().unwrap_or_default()
}

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({
            "sample": "harvest-sample", "method": "Endotoxin, kinetic LAL",
            "method_version": "AM-114 v3", "replicates": 3,
            "result": { "type": "number", "unit": "[EU]/mL", "decimals": 2, "limits": [
                { "purpose": "acceptance", "high": { "value": "0.25", "inclusive": true } }] }
        }),
        valid: vec![
            json!({ "value": { "value": "0.12", "method_version": "AM-114 v3",
                "sample": "S-26-014" }, "unit": "[EU]/mL" }),
            json!({ "value": { "value": "0.31", "method_version": "AM-114 v3",
                "note": "plate 2" }, "unit": "[EU]/mL" }),
        ],
        invalid: vec![
            json!({ "value": "0.12", "unit": "[EU]/mL" }),
            json!({ "value": { "value": "0.12" }, "unit": "[EU]/mL" }),
            json!({ "value": { "value": "0.12", "method_version": " " }, "unit": "[EU]/mL" }),
            json!({ "value": { "value": "0.12", "method_version": "v3" } }),
            json!({ "value": { "value": "low", "method_version": "v3" }, "unit": "[EU]/mL" }),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(limits: Value) -> Spec {
        let mut spec = sample().spec;
        spec["result"]["limits"] = limits;
        serde_json::from_value(spec).expect("a specification")
    }

    fn found(spec: &Spec, text: &str) -> EntryValue {
        let value = json!({ "value": text, "method_version": "AM-114 v3" });
        spec.parse(&Input { value, unit: Some("[EU]/mL".into()) }).expect("well formed")
    }

    // shows: C211-188b5, C211-194b
    #[test]
    fn a_determination_is_judged_alone_and_the_worst_has_the_smallest_margin() {
        let spec = spec(sample().spec["result"]["limits"].clone());
        assert!(outside(&spec.judge(&found(&spec, "0.26"))));
        assert!(!outside(&spec.judge(&found(&spec, "0.25"))));
        assert!(spec.margin(&found(&spec, "0.20")) < spec.margin(&found(&spec, "0.05")));
        assert_eq!(method_version(&found(&spec, "0.20")), "AM-114 v3");
    }

    #[test]
    fn between_two_limits_the_nearer_one_says_what_is_worse() {
        let both = spec(json!([{ "purpose": "acceptance",
            "low": { "value": "1", "inclusive": true },
            "high": { "value": "5", "inclusive": true } }]));
        assert!(both.margin(&found(&both, "1.1")) < both.margin(&found(&both, "4")));
        assert!(both.margin(&found(&both, "0.5")) < both.margin(&found(&both, "1.1")));
        assert_eq!(spec(json!([])).margin(&found(&both, "3")), None);
    }
}
