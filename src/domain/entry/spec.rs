//! What a master record says of an entry: the attributes every kind shares, and the kind's own.

use super::{EntryValue, Input, KindSpec, line_clearance, result, sample};
use crate::domain::limits::Verdict;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An entry of a step, or a release specification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntrySpec {
    /// Id, unique in its step.
    pub id: String,
    /// Name as the process people call it.
    pub name: String,
    /// Kind and what belongs to it.
    #[serde(flatten)]
    pub kind: KindSpec,
    /// Whether the step (or what it is due at) waits for it.
    #[serde(default = "yes")]
    pub mandatory: bool,
    /// Classification: its consequence stands in the matrix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<Classification>,
    /// When it is due.
    #[serde(default)]
    pub due: Due,
    /// Authorities that may record it, where they differ from the step's (a result from the laboratory).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorities: Vec<crate::domain::policy::Authority>,
    /// Where the numbers come from; printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The second look at what is typed; absent: of critical parameters, until review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_look: Option<SecondLook>,
    /// Condition in the language of calculations under which it is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
}

fn yes() -> bool {
    true
}

/// When an entry is due.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Due {
    /// With its step.
    #[default]
    Step,
    /// Before this gate may be passed.
    Gate(String),
    /// Before release.
    Release,
}

/// Criticality of a parameter or attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Classification {
    /// Critical process parameter.
    #[serde(rename = "CPP")]
    Cpp,
    /// Well-controlled critical process parameter.
    #[serde(rename = "WC-CPP")]
    WcCpp,
    /// Key process parameter.
    #[serde(rename = "KPP")]
    Kpp,
    /// General process parameter.
    #[serde(rename = "GPP")]
    Gpp,
    /// Key process attribute.
    #[serde(rename = "KPA")]
    Kpa,
    /// In-process control.
    #[serde(rename = "IPC")]
    Ipc,
    /// In-process control due at release.
    #[serde(rename = "release-IPC")]
    ReleaseIpc,
    /// Formulation component.
    #[serde(rename = "formulation")]
    Formulation,
    /// Procedural control.
    #[serde(rename = "procedural")]
    Procedural,
    /// Multivariate design space.
    #[serde(rename = "design-space")]
    DesignSpace,
    /// Release specification.
    #[serde(rename = "specification")]
    Specification,
}

impl Classification {
    /// All classifications.
    pub const ALL: &[Self] = &[
        Self::Cpp,
        Self::WcCpp,
        Self::Kpp,
        Self::Gpp,
        Self::Kpa,
        Self::Ipc,
        Self::ReleaseIpc,
        Self::Formulation,
        Self::Procedural,
        Self::DesignSpace,
        Self::Specification,
    ];

    /// The word in master records and on paper.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cpp => "CPP",
            Self::WcCpp => "WC-CPP",
            Self::Kpp => "KPP",
            Self::Gpp => "GPP",
            Self::Kpa => "KPA",
            Self::Ipc => "IPC",
            Self::ReleaseIpc => "release-IPC",
            Self::Formulation => "formulation",
            Self::Procedural => "procedural",
            Self::DesignSpace => "design-space",
            Self::Specification => "specification",
        }
    }
}

/// What a master record says of the second look at a typed value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondLook {
    /// None is owed, and why; printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub none: Option<String>,
    /// Gates that wait for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<String>,
    /// What is computed from the value is not final before it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub computed: bool,
}

/// Honest marks of where a number comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// From the source, derived, or illustrative.
    pub basis: Basis,
    /// Page of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Where a number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Printed in the source.
    Source,
    /// Calculated from printed numbers.
    Derived,
    /// Not in the source; filled in so that the record can run.
    Illustrative,
}

impl EntrySpec {
    /// Whether a typed value owes a second look: of a critical parameter, unless the master record says why not; of
    /// anything else where it says so. A laboratory result has its own second reviewer (21 CFR 211.194(a)(8)).
    #[must_use]
    pub fn asks_second_look(&self) -> bool {
        if self.as_result().is_some() {
            return false;
        }
        match &self.second_look {
            Some(asked) => asked.none.is_none(),
            None => {
                matches!(self.classification, Some(Classification::Cpp | Classification::WcCpp))
            }
        }
    }

    /// Whether the product is judged by it: whatever is due at release, what is classified so, and a laboratory
    /// result that says nothing else. Nothing makes up for one that fails or was not tested.
    #[must_use]
    pub fn is_specification(&self) -> bool {
        let said = match self.classification {
            Some(Classification::Specification | Classification::ReleaseIpc) => true,
            None => self.as_result().is_some(),
            Some(
                Classification::Cpp
                | Classification::WcCpp
                | Classification::Kpp
                | Classification::Gpp
                | Classification::Kpa
                | Classification::Ipc
                | Classification::Formulation
                | Classification::Procedural
                | Classification::DesignSpace,
            ) => false,
        };
        said || self.due == Due::Release
    }

    /// See [`as_result`](super::Kind::as_result).
    #[must_use]
    pub fn as_result(&self) -> Option<&result::Spec> {
        self.kind.as_kind().as_result()
    }

    /// See [`as_sample`](super::Kind::as_sample).
    #[must_use]
    pub fn as_sample(&self) -> Option<&sample::Spec> {
        self.kind.as_kind().as_sample()
    }

    /// Whether it is a look over the line before the work.
    #[must_use]
    pub fn clears_before(&self) -> bool {
        self.kind.as_kind().clears() == Some(line_clearance::When::Before)
    }

    /// See [`parse`](super::Kind::parse).
    ///
    /// # Errors
    /// A sentence for people.
    pub fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        self.kind.as_kind().parse(input)
    }

    /// See [`judge`](super::Kind::judge).
    #[must_use]
    pub fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        self.kind.as_kind().judge(value)
    }
}
