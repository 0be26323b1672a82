//! `weighing`: gross and tare by a balance; the net weight is judged, and a second person checks it
//! (21 CFR 211.101(c)).

use super::conforming::Situation;
use super::shape::{self, Shape};
use super::{EntryValue, Input, Kind, Limits, Sample, conforming, number};
use crate::domain::calc::types::Sort;
use crate::domain::calc::unit::Unit;
use crate::domain::limits::{self, Limit, Verdict};
use crate::domain::quantity::{Quantity, parse_decimal};
use crate::domain::units;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the master record says of a weighing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Unit code of the registry.
    pub unit: String,
    /// Limits of the net weight, by purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// What is weighed in, as in `beaker`.
    pub container: String,
}

/// What the balance showed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    gross: String,
    tare: String,
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let sent: Sent = serde_json::from_value(input.value.clone())
            .map_err(|e| format!("a weighing is an object {{gross, tare}}: {e}"))?;
        let (gross, tare) = (parse_decimal(&sent.gross)?, parse_decimal(&sent.tare)?);
        let net = gross.checked_sub(tare).filter(|net| *net >= Decimal::ZERO);
        let net = net.ok_or("the tare is more than the gross weight")?;
        let unit = units::shown(&self.unit);
        Ok(EntryValue {
            kind: "weighing".into(),
            data: json!({ "gross": sent.gross, "tare": sent.tare, "net": net.to_string() }),
            shown: format!("{net} {unit} ({gross} less {tare})"),
            number: Some(Quantity { value: net, unit: self.unit.clone() }),
        })
    }

    fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        let net = value.number.as_ref().map(|number| number.value);
        net.map_or(Vec::new(), |net| limits::judge(&self.limits, net, units::shown(&self.unit)))
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = number::unit_faults(&self.unit);
        faults.extend(limits::faults(&self.limits, None, units::shown(&self.unit)));
        faults
    }

    fn conforming(&self, _: &Situation<'_>) -> Vec<Input> {
        let net = conforming::numbers(&self.unit, None, &self.limits, false).into_iter();
        net.map(|net| Input { value: json!({ "gross": net.value, "tare": "0" }), unit: None }).collect()
    }

    fn asks(&self) -> String {
        format!(
            "net weight in {}, gross less the tare of the {}",
            units::shown(&self.unit),
            self.container
        )
    }

    fn limits_shown(&self) -> Vec<(String, String)> {
        limits::shown(&self.limits, units::shown(&self.unit))
    }

    fn first_members(&self) -> &'static [&'static str] {
        &["gross", "tare", "net"]
    }

    fn check_owed(&self) -> bool {
        true
    }

    fn is_measured(&self) -> bool {
        true
    }

    fn sort(&self) -> Option<Sort> {
        Some(Sort::Number(Unit::of(&self.unit)))
    }

    fn take_limits(&mut self) -> Limits {
        Limits { value: std::mem::take(&mut self.limits), ..Limits::default() }
    }
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &["unit", "container"],
    members: &[
        ("unit", shape::UNIT),
        ("limits", shape::LIMITS),
        (
            "container",
            r##"{ "description": "What is weighed in.", "type": "string", "minLength": 1, "maxLength": 200 }"##,
        ),
    ],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({
            "unit": "kg", "container": "beaker",
            "limits": [{ "purpose": "acceptance",
                "low": { "value": "0.267", "inclusive": true },
                "high": { "value": "0.277", "inclusive": true } }]
        }),
        valid: vec![
            json!({ "value": { "gross": "0.512", "tare": "0.240" } }),
            json!({ "value": { "gross": "0.530", "tare": "0.240" } }),
        ],
        invalid: vec![
            json!({ "value": "0.272" }),
            json!({ "value": { "gross": "0.512" } }),
            json!({ "value": { "gross": "0.2", "tare": "0.240" } }),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::exception::ExceptionKind;
    use crate::domain::recipe::MasterRecord;
    use crate::domain::recipe::check::check;
    use crate::domain::run::Content;
    use crate::domain::cross::scene::{Scene, entry, recipe};
    use serde_json::Value;

    const BUFFER: &str = include_str!("../../../schemas/examples/buffer-preparation.json");

    fn asked() -> Value {
        let mut asked = sample().spec;
        for (member, value) in
            [("id", "salt"), ("name", "Salt"), ("kind", "weighing"), ("classification", "CPP")]
        {
            asked[member] = json!(value);
        }
        asked
    }

    /// The buffer's master record with one more step entry.
    fn document(asked: Value) -> Value {
        let mut document: Value = serde_json::from_str(BUFFER).expect("JSON");
        let step = &mut document["unit_procedures"][0]["operations"][0]["steps"][0];
        step["entries"].as_array_mut().expect("a list").push(asked);
        document
    }

    /// The small run of the rules, whose first step asks a weighing.
    fn scene() -> Scene {
        let mut document = serde_json::to_value(recipe()).expect("plain data");
        let step = &mut document["unit_procedures"][0]["operations"][0]["steps"][0];
        step["entries"].as_array_mut().expect("a list").push(asked());
        let record: MasterRecord = serde_json::from_value(document).expect("a master record");
        let mut scene = Scene::of("B-1", 0xB, record);
        scene.begin();
        scene.start("grow");
        scene
    }

    fn weighed(gross: &str) -> Input {
        Input { value: json!({ "gross": gross, "tare": "0.240" }), unit: None }
    }

    #[test]
    fn a_weighing_passes_the_check_of_its_master_record() {
        assert_eq!(check(&document(asked())).err(), None);
        let mut without = asked();
        without.as_object_mut().expect("members").remove("container");
        let findings = check(&document(without)).expect_err("nothing says what is weighed in");
        assert!(findings.iter().any(|it| it.sentence.contains("container")), "{findings:?}");
    }

    #[test]
    fn a_formula_takes_the_net_weight() {
        let mut calculated = document(asked());
        let step = &mut calculated["unit_procedures"][0]["operations"][0]["steps"][0];
        let twice = json!({ "id": "twice", "name": "Twice", "kind": "calculation", "unit": "kg",
            "language": "batchwright.calc/1", "expression": "[salt] * 2" });
        step["entries"].as_array_mut().expect("a list").push(twice);
        assert_eq!(check(&calculated).err(), None);
    }

    #[test]
    fn a_weighing_is_recorded_judged_and_shown() {
        let mut scene = scene();
        assert_eq!(scene.tells("opal", entry("salt"), weighed("0.512")), Ok(()));
        let told = scene.run.entry(&entry("salt")).and_then(|it| it.current()).expect("a value");
        let Content::Value(value) = &told.content else { panic!("it is no absence") };
        assert_eq!(value.shown, "0.272 kg (0.512 less 0.240)");
        assert!(told.check_owed, "one weighs, another checks");
        assert!(scene.run.exceptions.is_empty());
    }

    #[test]
    fn a_net_weight_outside_its_limits_opens_an_exception() {
        let mut scene = scene();
        assert_eq!(scene.tells("opal", entry("salt"), weighed("0.530")), Ok(()));
        let opened = scene.run.exceptions.last().expect("it is outside acceptance");
        assert_eq!(opened.opened.kind, ExceptionKind::OutOfAcceptance);
        assert_eq!(opened.opened.at, Some(entry("salt")));
    }
}
