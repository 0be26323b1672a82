//! `alarm`: the alarms of one tag in the batch so far, counted by the server; none while a critical one is unacknowledged.

use super::computing::{Known, Outcome, Reference};
use super::conforming::Situation;
use super::shape::Shape;
use super::{EntryValue, Input, Kind, Sample};
use crate::domain::limits::Verdict;
use crate::domain::words::{AlarmPriority, Used};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the master record says of alarms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Tag or source.
    pub tag: String,
    /// How grave an alarm of it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<AlarmPriority>,
    /// Class of equipment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}

impl Kind for Spec {
    fn parse(&self, _input: &Input) -> Result<EntryValue, String> {
        Err("the server counts alarms; raise one at the batch's alarms".into())
    }

    fn judge(&self, _value: &EntryValue) -> Vec<Verdict> {
        Vec::new()
    }

    fn faults(&self) -> Vec<String> {
        let blank = self.tag.trim().is_empty();
        blank.then(|| "the tag of the alarms is empty".to_owned()).into_iter().collect()
    }

    fn conforming(&self, _: &Situation<'_>) -> Vec<Input> {
        Vec::new()
    }

    fn asks(&self) -> String {
        format!("alarms of {} in the batch so far, each critical one acknowledged", self.tag)
    }

    fn inputs(&self) -> Option<Vec<Reference>> {
        Some(vec![Reference::Run])
    }

    fn compute(&self, known: &dyn Known) -> Result<Option<Outcome>, String> {
        let alarms = known.alarms(&self.tag);
        if alarms.iter().any(|alarm| alarm.critical && !alarm.acknowledged) {
            return Ok(None);
        }
        let all = alarms.len();
        let seen = alarms.iter().filter(|alarm| alarm.acknowledged).count();
        let shown = match all {
            0 => "no alarm".to_owned(),
            1 => format!("1 alarm, {seen} acknowledged"),
            n => format!("{n} alarms, {seen} acknowledged"),
        };
        let data = json!({ "tag": self.tag, "alarms": all, "acknowledged": seen });
        let value = EntryValue { kind: "alarm".into(), data, shown, number: None };
        let used = alarms.iter().map(|alarm| {
            let version = if alarm.acknowledged { 2 } else { 1 };
            Used::one(&format!("alarm/{}", alarm.no), version, &alarm.shown)
        });
        let formula = format!("alarms of {} in the batch until the step ended, counted", self.tag);
        Ok(Some(Outcome { value, formula, used: used.collect(), unchecked: Vec::new() }))
    }
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &["tag"],
    members: &[
        (
            "tag",
            r##"{ "description": "Tag or source.", "type": "string", "minLength": 1, "maxLength": 200 }"##,
        ),
        ("priority", r##"{ "description": "Priority.", "enum": ["critical", "high", "low"] }"##),
        (
            "class",
            r##"{
              "description": "Class of equipment.",
              "type": "string",
              "minLength": 1,
              "maxLength": 64
            }"##,
        ),
    ],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({ "tag": "BR-101/DO2-LOW", "priority": "critical" }),
        valid: vec![],
        invalid: vec![json!({ "value": "2 alarms" }), json!({ "value": true })],
    }
}

#[cfg(test)]
mod tests {
    use super::super::computing::{KnownAlarm, KnownEntry, Which};
    use super::*;
    use crate::domain::clock::Instant;

    struct Tag(Vec<KnownAlarm>);

    impl Known for Tag {
        fn entries(&self, _: Option<&str>, _: &str, _: Which) -> Vec<KnownEntry> {
            vec![]
        }

        fn at(&self) -> Instant {
            Instant(0)
        }

        fn alarms(&self, _: &str) -> Vec<KnownAlarm> {
            self.0.clone()
        }
    }

    // shows: A11D-08.b
    #[test]
    fn alarms_are_counted_once_every_critical_one_is_acknowledged() {
        let spec: Spec = serde_json::from_value(sample().spec).expect("a specification");
        let alarm = |no, critical, acknowledged| KnownAlarm {
            no,
            critical,
            acknowledged,
            shown: "low".into(),
        };
        let shown = |list| spec.compute(&Tag(list)).expect("countable").map(|o| o.value.shown);
        assert_eq!(shown(vec![]).as_deref(), Some("no alarm"));
        assert_eq!(shown(vec![alarm(1, true, false)]), None);
        let two = vec![alarm(1, true, true), alarm(2, false, false)];
        assert_eq!(shown(two).as_deref(), Some("2 alarms, 1 acknowledged"));
    }
}
