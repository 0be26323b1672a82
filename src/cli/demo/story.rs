//! The A-Mab batch, told scene by scene: eight weeks, different people, one bad night.

use super::cast::Cast;
use super::client::DemoError;
use super::devices::Devices;
use super::floor::{self, Crew, Occurrence, StepSpec, Thing};
use super::stage::{DAY, Stage};
use crate::domain::clock::{Instant, MINUTE};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Everything the scenes share.
pub struct Story<'a> {
    /// Clock and narration.
    pub stage: &'a Stage,
    /// The people.
    pub cast: &'a Cast,
    /// The batch number.
    pub batch: String,
    /// Steps of the master record by id.
    pub steps: BTreeMap<String, Value>,
    /// Gates: the step each guards → gate id.
    pub gates: BTreeMap<String, String>,
    /// Its release specifications.
    pub specifications: Vec<Value>,
    /// The devices that give readings.
    pub devices: &'a Devices,
    /// The first moment of the batch.
    pub day_zero: Instant,
    /// How often each step was played.
    pub played: RefCell<BTreeMap<String, u32>>,
    /// Deviations by the story's word for each.
    pub deviations: RefCell<BTreeMap<&'static str, String>>,
}

/// Values a real run shows, where the middle of a range would not do.
const VALUES: &[(&str, &str)] = &[
    ("Recombinant insulin in basal medium", "1.0"),
    ("Dissolved CO2", "88"),
    ("Residual glucose", "2.4"),
    ("Weight of antifoam C added", "225 g"),
    ("Weight of the acetate", "787 g"),
    ("Weight of polysorbate 20", "48.1 g"),
    ("Viability at harvest", "61"),
    ("Clarified bulk volume", "14480"),
    ("Product recovery", "98.4"),
    ("Inactivation pH", "3.51"),
    ("Neutralised pH", "5.02"),
    ("Resin cycle number", "41"),
    ("Step yield", "94"),
    ("Pool volume", "4.2"),
    ("Net weight of the filled bulk", "494.4"),
    ("Filled volume", "480.0"),
    ("Container count", "48"),
];

impl Story<'_> {
    /// Path under the batch.
    #[must_use]
    pub fn path(&self, rest: &str) -> String {
        format!("/api/v1/batches/{}/{rest}", self.batch)
    }

    /// The whole picture of the batch, as the API gives it.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn picture(&self, reader: &str) -> Result<Value, DemoError> {
        self.cast.get(reader).get(&format!("/api/v1/batches/{}", self.batch))
    }

    /// Moves to a time of day, `day` days after the batch began.
    pub fn day(&self, day: i64, hour: i64, minute: i64) {
        let midnight = self.day_zero.0 - self.day_zero.0.rem_euclid(DAY);
        let utc = Instant(midnight + day * DAY + (hour * 60 + minute) * MINUTE);
        self.stage.at(self.stage.local(utc));
    }

    /// The next occurrence of a repeating step, as in `03.2.1~4`.
    #[must_use]
    pub fn next(&self, step: &str) -> String {
        let mut played = self.played.borrow_mut();
        let k = played.entry(step.to_owned()).or_default();
        *k += 1;
        format!("{step}~{k}")
    }

    /// The crew of the moment.
    #[must_use]
    pub fn crew(&self, performer: &str, second: &str) -> Crew<'_> {
        Crew {
            performer: self.cast.get(performer),
            second: self.cast.get(second),
            quality: self.cast.get("quentina"),
            laboratory: self.cast.get("quinn"),
            devices: self.devices,
            stage: self.stage,
        }
    }

    /// Plays one occurrence of a step, with values of the moment over the usual ones.
    ///
    /// # Errors
    /// When the server refuses what the story needs.
    pub fn step(
        &self,
        crew: &Crew<'_>,
        operation: &str,
        occurrence: &str,
        now: &[(&str, &str)],
    ) -> Result<(), DemoError> {
        let id = occurrence.split('~').next().unwrap_or_default();
        let spec = self.steps.get(id).ok_or_else(|| DemoError::Other(format!("no step {id}")))?;
        let spec = StepSpec(spec);
        let mut values: BTreeMap<&str, &str> = VALUES.iter().copied().collect();
        values.extend(now.iter().copied());
        let step = format!("{operation}/{occurrence}");
        let at = Occurrence { batch: &self.batch, step: &step };
        let performer = match spec.authority() {
            "evaluate" => self.cast.get("petra"),
            "supervise" => self.cast.get("sven"),
            "test" => self.cast.get("quinn"),
            _ => crew.performer,
        };
        let crew = Crew { performer, ..*crew };
        self.pass_gate(id)?;
        floor::play(&crew, at, &spec, &values)?;
        self.stage.minutes(4);
        self.checks(&crew, at, &spec)?;
        floor::verify(&crew, at, &spec)
    }

    /// Whatever the entries of an occurrence owe a check by another person gets it.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn checks(
        &self,
        crew: &Crew<'_>,
        at: Occurrence<'_>,
        spec: &StepSpec<'_>,
    ) -> Result<u32, DemoError> {
        let quality = spec.second_authority() == "review";
        let checker = if quality { crew.quality } else { crew.second };
        floor::check_entries(checker, at, self.stage)
    }

    /// Passes the gate that guards a step, once.
    ///
    /// # Errors
    /// When it is closed.
    pub fn pass_gate(&self, step: &str) -> Result<(), DemoError> {
        let Some(gate) = self.gates.get(step) else { return Ok(()) };
        let picture = self.picture("sven")?;
        let passed = picture["gates"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|g| g["gate"] == gate.as_str() && g["passed"] == true);
        if passed {
            return Ok(());
        }
        // The gate before filling is the quality unit's.
        let who = self.cast.get(if gate == "G-FILL" { "quirin" } else { "sven" });
        who.post(
            &self.path(&format!("gates/{gate}/passage")),
            &json!({ "signature": who.signature() }),
        )?;
        self.stage.tick();
        Ok(())
    }

    /// Closes an operation's occurrence, alerts acknowledged first where there are any.
    ///
    /// # Errors
    /// When something is still open.
    pub fn close(&self, operation: &str, by: &str) -> Result<(), DemoError> {
        let person = self.cast.get(by);
        let path = self.path(&format!("operations/{operation}"));
        let owed = person.get(&self.path("obligations"))?;
        let alerts = owed["open"].as_array().into_iter().flatten().any(|o| {
            let text = o.to_string();
            text.contains("alert") && text.contains(operation)
        });
        if alerts {
            let comment = json!({ "comment": "within proven ranges; trend watched" });
            person.post(&format!("{path}/alerts-acknowledgement"), &comment)?;
        }
        let body = json!({ "signature": person.signature() });
        floor::act_on(person, &self.batch, Thing::Operation(operation), "closure", &body)?;
        self.stage.tick();
        Ok(())
    }

    /// What the batch still owes, as the API says it.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn owes(&self, reader: &str) -> Result<(String, Vec<String>), DemoError> {
        let answer = self.cast.get(reader).get(&self.path("obligations"))?;
        let open = answer["open"].as_array().map_or(&[][..], Vec::as_slice);
        let named =
            open.iter().map(|o| o["what"].as_str().unwrap_or_default().to_owned()).collect();
        Ok((answer["tally"]["shown"].as_str().unwrap_or_default().to_owned(), named))
    }
}
