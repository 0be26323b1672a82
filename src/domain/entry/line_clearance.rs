//! `line-clearance`: a line or room looked over before and after, by two persons (21 CFR 211.122,
//! 211.130(e), 211.188(b)(6)). *Not so* is a fact: it is kept and judged.

use super::conforming::Situation;
use super::shape::Shape;
use super::{EntryValue, Input, Kind, Sample, conforming};
use crate::domain::exception::ExceptionKind;
use crate::domain::limits::{Purpose, Side, Verdict};
use crate::domain::refusal::words;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Longest remark, in characters.
const REMARK: usize = 2000;

/// What the master record says of a line clearance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Line or room.
    pub place: String,
    /// Before or after.
    pub moment: When,
    /// What is looked at, each as a sentence that is so or not.
    pub checks: Vec<String>,
}

/// On which side of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Before it begins.
    Before,
    /// After it has ended.
    After,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    so: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remark: Option<String>,
}

impl Spec {
    fn answer(no: usize, sent: &Value) -> Result<Answer, String> {
        if let Some(so) = sent.as_bool() {
            return Ok(Answer { so, remark: None });
        }
        let Answer { so, remark } = Answer::deserialize(sent).map_err(|_| {
            format!("check {no}: true, false or {{\"so\": …, \"remark\": …}} is expected")
        })?;
        let remark = remark.as_deref().map(words).filter(|remark| !remark.is_empty());
        if remark.is_some_and(|remark| remark.chars().count() > REMARK) {
            return Err(format!("check {no}: a remark has at most {REMARK} characters"));
        }
        Ok(Answer { so, remark: remark.map(str::to_owned) })
    }

    fn answers(value: &EntryValue) -> Vec<Answer> {
        Vec::deserialize(&value.data).unwrap_or_default()
    }
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let asked = self.checks.len();
        let sent = input.value.as_array().ok_or("a list is expected: one answer for each check")?;
        if sent.len() != asked {
            return Err(format!("{} answers came for {asked} checks", sent.len()));
        }
        let answers: Vec<Answer> =
            (1..).zip(sent).map(|(no, sent)| Self::answer(no, sent)).collect::<Result<_, _>>()?;
        let so = answers.iter().filter(|answer| answer.so).count();
        let mut shown = if so == asked {
            format!("{} clear, {so} of {asked} so", self.place)
        } else {
            format!("{} not clear, {so} of {asked} so", self.place)
        };
        for ((no, answer), check) in (1..).zip(&answers).zip(&self.checks) {
            match (&answer.remark, answer.so) {
                (None, true) => {}
                (None, false) => shown.push_str(&format!("; not so: {no}. {check}")),
                (Some(remark), true) => shown.push_str(&format!("; {no}. {remark}")),
                (Some(remark), false) => {
                    shown.push_str(&format!("; not so: {no}. {check} ({remark})"));
                }
            }
        }
        Ok(EntryValue { kind: "line-clearance".into(), data: json!(answers), shown, number: None })
    }

    fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        let answers = Self::answers(value);
        let verdict = |(answer, check): (Answer, &String)| Verdict {
            purpose: Purpose::Acceptance,
            side: if answer.so { Side::Within } else { Side::Other },
            limit: check.clone(),
        };
        answers.into_iter().zip(&self.checks).map(verdict).collect()
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.place.trim().is_empty() {
            faults.push("the line or room has no name".into());
        }
        if self.checks.is_empty() || self.checks.iter().any(|check| check.trim().is_empty()) {
            faults.push("a line clearance asks something, and nothing empty".into());
        }
        faults
    }

    fn conforming(&self, _: &Situation<'_>) -> Vec<Input> {
        conforming::plain(vec![true; self.checks.len()])
    }

    fn asks(&self) -> String {
        let moment = if self.moment == When::Before { "before" } else { "after" };
        let checks: Vec<String> =
            (1..).zip(&self.checks).map(|(no, check)| format!("{no}. {check}")).collect();
        format!("{} {moment} the work: {}", self.place, checks.join(" "))
    }

    fn exception_kind(&self) -> ExceptionKind {
        ExceptionKind::LineClearance
    }

    /// Two persons: one looks, another looks after them.
    fn check_owed(&self) -> bool {
        true
    }

    fn clears(&self) -> Option<When> {
        Some(self.moment)
    }

    fn first_members(&self) -> &'static [&'static str] {
        &["check", "clear", "so"]
    }
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &["place", "moment", "checks"],
    members: &[
        (
            "place",
            r##"{ "description": "Line or room.", "type": "string", "minLength": 1, "maxLength": 200 }"##,
        ),
        (
            "checks",
            r##"{
              "description": "What is confirmed.",
              "type": "array",
              "items": { "description": "A sentence.", "type": "string", "minLength": 1, "maxLength": 2000 },
              "minItems": 1,
              "maxItems": 100
            }"##,
        ),
        ("moment", r##"{ "description": "Before or after.", "enum": ["before", "after"] }"##),
    ],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    Sample {
        spec: json!({ "place": "Line 2", "moment": "before",
            "checks": ["No label of another lot is left.", "No container of another lot is left."] }),
        valid: vec![
            json!({ "value": [true, true] }),
            json!({ "value": [true, { "so": false, "remark": "one vial under the belt" }] }),
        ],
        invalid: vec![
            json!({ "value": [true] }),
            json!({ "value": true }),
            json!({ "value": [true, "yes"] }),
            json!({ "value": [true, { "remark": "clean" }] }),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::limits::worst;

    #[test]
    fn whatever_is_not_so_is_named_and_every_clearance_owes_a_second_look() {
        let spec: Spec = serde_json::from_value(sample().spec).expect("a specification");
        let read = |value: &Value| {
            spec.parse(&Input { value: value["value"].clone(), unit: None }).expect("well-formed")
        };
        let clear = read(&sample().valid[0]);
        assert_eq!(
            (clear.shown.as_str(), worst(&spec.judge(&clear))),
            ("Line 2 clear, 2 of 2 so", None)
        );
        let not = read(&sample().valid[1]);
        assert_eq!(worst(&spec.judge(&not)), Some(Purpose::Acceptance));
        assert!(not.shown.contains("one vial under the belt"), "{}", not.shown);
        assert_eq!(spec.judge(&not)[1].limit, "No container of another lot is left.");
        assert!(spec.owes_check(&clear) && spec.owes_check(&not));
        assert_eq!(spec.exception_kind(), ExceptionKind::LineClearance);
    }

    #[test]
    fn a_clearance_that_asks_nothing_is_a_fault() {
        let spec: Spec = serde_json::from_value(sample().spec).expect("a specification");
        assert_eq!(Spec { checks: vec![], ..spec.clone() }.faults().len(), 1);
        assert_eq!(
            Spec { checks: vec![" ".into()], place: String::new(), ..spec }.faults().len(),
            2
        );
    }
}
