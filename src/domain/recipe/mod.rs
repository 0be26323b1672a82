//! The master record as written: the document that runs execute a frozen copy of.
//!
//! ISA-88: unit procedure → operation → step. The shapes follow
//! `schemas/master-record.schema.json`, which carries the whole structural model from the first release.

pub mod check;
#[cfg(test)]
mod examples;
pub mod materials;
pub mod outputs;
pub mod plan;
pub mod schema;
pub mod timing;

use crate::domain::words::OnCritical;
pub use outputs::{Output, OutputClass};

use crate::domain::entry::spec::EntrySpec;
use crate::domain::policy::Authority;
use crate::domain::quantity::Quantity;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunPurpose {
    /// A batch of product.
    Production,
    /// A buffer or medium.
    Preparation,
    Cleaning,
    SetUp,
    Test,
}

/// A master record's content: the frozen copy a run executes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MasterRecord {
    /// `batchwright.master-record/1`.
    pub format: String,
    /// Business code, as in `AMAB-DS`.
    pub code: String,
    pub title: String,
    /// Product: code (scope of grants) and name.
    pub product: Product,
    /// Strength, dosage form or scale.
    pub strength_or_scale: String,
    /// Language of the instructions (BCP 47).
    pub language: String,
    /// What runs of it are for.
    pub purpose: RunPurpose,
    pub batch_size: Quantity,
    /// Theoretical yield with the percentages beyond which it is investigated.
    pub theoretical_yield: TheoreticalYield,
    /// What may come out: products, side products, waste.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<Output>,
    /// Where the content comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Components (21 CFR 211.186(b)(2)-(5)).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<materials::Material>,
    /// Containers and closures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<materials::Container>,
    /// Labels with their specimens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<materials::Label>,
    /// Precautions and special notations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub precautions: Vec<String>,
    /// The procedure.
    pub unit_procedures: Vec<UnitProcedure>,
    /// Gates before irreversible acts.
    #[serde(default)]
    pub gates: Vec<Gate>,
    /// Tests due at release, recorded on the run itself.
    #[serde(default)]
    pub release_specifications: Vec<EntrySpec>,
    /// Notes printed with the record.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// Product code and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Code: what grants are scoped to.
    pub code: String,
    /// Name with strength.
    pub name: String,
}

/// 21 CFR 211.186(b)(7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TheoreticalYield {
    /// 100 %.
    pub quantity: Quantity,
    /// Below this percentage: investigate.
    pub min_percent: Decimal,
    /// Above this percentage: investigate.
    pub max_percent: Decimal,
    /// Where the numbers come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<crate::domain::entry::spec::Source>,
}

/// ISA-88 unit procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitProcedure {
    /// Id, unique in the master record.
    pub id: String,
    pub name: String,
    /// Class of equipment it runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equipment_class: Option<String>,
    pub operations: Vec<Operation>,
    /// Notes carried on and printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// When something may begin, and how often it occurs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Steps or operations that must be complete (closed) before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// A step or operation that must be running.
    #[serde(default, rename = "while", skip_serializing_if = "Option::is_none")]
    pub while_runs: Option<String>,
    /// Period of a repeating step: an ISO 8601 duration ([`timing::microseconds`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<String>,
    /// How late an occurrence of the period may be, before it is overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace: Option<String>,
    /// Condition in the language of calculations: the branch is taken only where it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Only when somebody asks for it (contingency).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_demand: bool,
    /// How often; absent: exactly once (on demand: 0..).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurs: Option<Occurs>,
}

/// n..m occurrences; without `max` there is no upper bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Occurs {
    /// At least.
    pub min: u32,
    /// At most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
}

impl Order {
    /// How often it occurs, with the defaults filled in.
    #[must_use]
    pub fn occurs(&self) -> Occurs {
        self.occurs.unwrap_or(if self.on_demand {
            Occurs { min: 0, max: None }
        } else {
            Occurs { min: 1, max: Some(1) }
        })
    }

    /// Whether it may occur more than once.
    #[must_use]
    pub fn repeats(&self) -> bool {
        self.occurs().max != Some(1)
    }
}

/// ISA-88 operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Id, unique in the master record.
    pub id: String,
    pub name: String,
    /// Quality reviews each closed occurrence while the run goes on, before it reviews the whole record.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rolling_review: bool,
    /// Area it happens in: scope of grants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// When and how often.
    #[serde(flatten)]
    pub order: Order,
    pub steps: Vec<Step>,
}

/// The irreversible acts a gate guards (ARCHITECTURE.md, principle 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IrreversibleAct {
    Inoculate,
    Transfer,
    Pool,
    Charge,
    Discard,
    Fill,
    Close,
}

/// Who else takes part in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondPerson {
    /// How.
    pub mode: SecondPersonMode,
    /// For `verify-after`: within how many minutes of completion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_minutes: Option<u32>,
    /// Which authority the second person needs; absent: check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Authority>,
}

/// Witness and verifier are distinct words: one saw it happen, the other confirms the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecondPersonMode {
    /// Signs before the step begins.
    WitnessBefore,
    /// Signs together with the performer at completion.
    WitnessDuring,
    /// Signs after completion, within the limit.
    VerifyAfter,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Id, unique in the master record.
    pub id: String,
    /// Short name.
    pub name: String,
    /// The instruction as the operator reads it.
    pub instruction: String,
    /// When and how often.
    #[serde(flatten)]
    pub order: Order,
    /// Any of these lets somebody perform it; empty: execute.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorities: Vec<Authority>,
    /// Performer (and checker) sign it (21 CFR 211.188(b)(11)).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub significant: bool,
    /// Second person, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_person: Option<SecondPerson>,
    /// Keeps a living culture alive: open in every held, excepted, expired or late state.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub care: bool,
    /// Sampling and readings: open like care.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sampling: bool,
    /// Makes safe: open like care, and recordable after an abort.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub makes_safe: bool,
    /// A point at which the process can rest.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub safe_point: bool,
    /// The irreversible act it is, if any; then a gate names it in `before`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub irreversible: Option<IrreversibleAct>,
    /// What its exceptions block.
    #[serde(default)]
    pub on_critical: OnCritical,
    /// What it asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<EntrySpec>,
    /// Times that must be kept between two moments: hold times.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<timing::Timer>,
    /// Within this time (ISO 8601) after an act its entry is contemporaneous; absent: 15 minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_within: Option<String>,
    /// A scribe is planned beside the performer: recording on behalf opens no exception (MHRA 6.7).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub scribe: bool,
    /// Automated equipment does it and one person checks that it did right (21 CFR 211.68(c)).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automated: bool,
    /// Notes carried on and printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A gate: what must be in order before irreversible acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Id, unique in the master record.
    pub id: String,
    pub name: String,
    /// The irreversible steps it guards.
    pub before: Vec<String>,
    /// Whether a supervisor may sign *proceed at risk*, and for how long; absent: no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_risk_minutes: Option<u32>,
    /// Whose signature passes it, any of them; absent: supervise or execute. A gate of the quality
    /// unit names review (21 CFR 211.110(c)).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorities: Vec<Authority>,
}

impl MasterRecord {
    /// Every operation, in order of writing.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.unit_procedures.iter().flat_map(|up| up.operations.iter())
    }

    /// Every step with its operation, in order of writing.
    pub fn steps(&self) -> impl Iterator<Item = (&Operation, &Step)> {
        self.operations().flat_map(|op| op.steps.iter().map(move |step| (op, step)))
    }

    /// An operation by id.
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations().find(|op| op.id == id)
    }

    /// A step by id, with its operation.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<(&Operation, &Step)> {
        self.steps().find(|(_, step)| step.id == id)
    }

    /// The gate that guards a step.
    #[must_use]
    pub fn gate_before(&self, step: &str) -> Option<&Gate> {
        self.gates.iter().find(|gate| gate.before.iter().any(|id| id == step))
    }
}
