//! Recipes, made from the published example: steps that repeat, computed values, limits of time, second
//! persons.

use serde_json::{Value, json};
use std::path::Path;

/// A recipe of steps `s000`, `s001` … in operation `OP-01`, each with entries `w00`, `w01` ….
#[derive(Debug, Clone, Copy)]
pub struct Recipe {
    pub code: &'static str,
    pub steps: usize,
    /// Numbers in each step, each with three limits.
    pub entries: usize,
    /// Computed entries: a quarter in the steps themselves, a quarter durations, the others means over
    /// every occurrence. As in A-Mab all but the first quarter stand in a last step.
    pub computed: usize,
    /// Whether a first step starts a limit of time and owes a verification, both open until the last.
    pub timed: bool,
    /// Whether a step beside the others, which has begun, computes a mean over every occurrence of the first.
    pub listed: bool,
}

/// Numbers alone, eight steps: what many terminals record on.
pub const PLAIN: Recipe =
    Recipe { code: "BENCH-PLAIN", steps: 8, entries: 50, computed: 0, timed: false, listed: false };
/// Numbers alone, as many steps as A-Mab has.
pub const WIDE: Recipe =
    Recipe { code: "BENCH-WIDE", steps: 40, entries: 50, computed: 0, timed: false, listed: false };
/// Limits of time and second persons, nothing computed.
pub const TIMED: Recipe =
    Recipe { code: "BENCH-TIMED", steps: 8, entries: 50, computed: 0, timed: true, listed: false };
/// The same with twenty computed entries.
pub const COMPUTED: Recipe = Recipe {
    code: "BENCH-COMPUTED",
    steps: 8,
    entries: 50,
    computed: 20,
    timed: true,
    listed: false,
};

/// One reading an occurrence, under one mean.
pub const LISTED: Recipe =
    Recipe { code: "BENCH-LISTED", steps: 1, entries: 1, computed: 0, timed: false, listed: true };

/// Every recipe of a site.
pub const ALL: &[Recipe] = &[PLAIN, WIDE, TIMED, COMPUTED, LISTED];

/// The step with the mean over all readings.
pub const WATCH: &str = "watch";

/// The step that starts limits of time.
pub const FIRST: &str = "first";

impl Recipe {
    /// The whole master record, made from a published one.
    pub fn document(&self, example: &Path) -> Value {
        let text = std::fs::read(example).expect("the published example");
        let mut document: Value = serde_json::from_slice(&text).expect("JSON");
        let mut steps: Vec<Value> = (0..self.steps).map(|no| self.step(no)).collect();
        if self.timed {
            steps.insert(0, first());
            steps.push(self.last());
        }
        if self.listed {
            let mean = format!("mean(all[{}/{}])", step_id(0), entry_id(0));
            let mut mean = calculation("mean", &mean);
            mean["limits"] = json!([{ "purpose": "acceptance",
                "low": { "value": "0.1", "inclusive": true },
                "high": { "value": "1", "inclusive": true } }]);
            steps.insert(
                0,
                json!({ "id": WATCH, "name": "Watch", "instruction": "Watch the mean.",
                "entries": [mean] }),
            );
        }
        let operation =
            json!({ "id": "OP-01", "name": "Weigh", "area": "Buffers", "steps": steps });
        document["code"] = self.code.into();
        document["title"] = format!("Recipe {} of the benchmarks", self.code).into();
        document["unit_procedures"][0]["operations"] = json!([operation]);
        document["gates"] = json!([]);
        let last = if self.timed { "last".to_owned() } else { step_id(self.steps - 1) };
        document["outputs"][0]["step"] = last.into();
        document
    }

    fn in_steps(&self) -> usize {
        self.computed / 4
    }

    fn step(&self, no: usize) -> Value {
        let mut entries: Vec<Value> = (0..self.entries).map(number).collect();
        if no < self.in_steps() {
            entries.push(calculation("mean-of-two", "([w00] + [w01]) / 2"));
        }
        json!({ "id": step_id(no), "name": format!("Weigh {no}"),
            "instruction": "Weigh on a calibrated balance.", "occurs": { "min": 1 },
            "entries": entries })
    }

    fn last(&self) -> Value {
        let durations = self.computed / 4;
        let means = self.computed - durations - self.in_steps();
        let mut entries: Vec<Value> = (0..means)
            .map(|no| {
                let (step, entry) = (step_id(no % self.steps), entry_id(no));
                calculation(&format!("mean-{no:02}"), &format!("mean(all[{step}/{entry}])"))
            })
            .collect();
        entries.extend((0..durations).map(|no| {
            json!({ "id": format!("duration-{no:02}"), "name": format!("Duration {no}"),
                "kind": "duration", "unit": "h", "decimals": 1, "classification": "KPP",
                "from": { "of": FIRST, "at": "completed" },
                "to": { "of": step_id(no), "at": "started" } })
        }));
        if entries.is_empty() {
            entries.push(json!({ "id": "seen", "name": "Looked over", "kind": "confirm",
                "statement": "Everything is weighed.", "classification": "procedural" }));
        }
        let after: Vec<String> = (0..self.steps).map(step_id).collect();
        json!({ "id": "last", "name": "Evaluate", "instruction": "Evaluate what was weighed.",
            "after": after, "entries": entries })
    }
}

pub fn step_id(no: usize) -> String {
    format!("s{no:03}")
}

pub fn entry_id(no: usize) -> String {
    format!("w{no:02}")
}

fn number(no: usize) -> Value {
    let limits = |purpose: &str, low: &str, high: &str| {
        json!({ "purpose": purpose, "low": { "value": low, "inclusive": true },
                "high": { "value": high, "inclusive": true } })
    };
    json!({ "id": entry_id(no), "name": format!("Weight {no}"), "kind": "number", "unit": "kg",
        "set_point": "0.272", "decimals": 3, "classification": "CPP",
        "limits": [limits("acceptance", "0.267", "0.277"), limits("alert", "0.270", "0.274"),
                   limits("plausibility", "0.001", "5")] })
}

fn calculation(id: &str, expression: &str) -> Value {
    json!({ "id": id, "name": format!("Computed {id}"), "kind": "calculation",
        "language": "batchwright.calc/1", "expression": expression, "unit": "kg",
        "decimals": 4, "rounding": "half-even", "classification": "KPP" })
}

/// One entry, a limit of time from its completion, and a verification that is owed for a week.
fn first() -> Value {
    json!({ "id": FIRST, "name": "Set up", "instruction": "Set up the balance.",
        "second_person": { "mode": "verify-after", "within_minutes": 10080 },
        "timers": [{ "id": "hold", "name": "Hold before the evaluation",
            "starts": { "of": FIRST, "at": "completed" }, "stops": { "of": "last", "at": "started" },
            "max": "PT72H", "warn_before": "PT12H", "on_expiry": "continue" }],
        "entries": [number(0)] })
}
