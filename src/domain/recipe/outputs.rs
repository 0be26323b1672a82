//! What may come out of a run, of which step, in which unit: product, side product, waste.
//!
//! Nothing else is yielded. A lot keeps the output's id and class, so that what is owed for it does not
//! hang on a word somebody typed.

use crate::domain::entry::identifier;
use crate::domain::recipe::MasterRecord;
use serde::{Deserialize, Serialize};

/// What an output is to the patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutputClass {
    /// What the run is for: it meets the release specifications and counts to the yield.
    Product,
    /// Comes out beside the product and may be used: it meets specifications, and counts to no yield.
    SideProduct,
    /// Is thrown away: never released, nobody's parent.
    Waste,
}

impl OutputClass {
    /// The word in records, in the API and on paper.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::SideProduct => "side-product",
            Self::Waste => "waste",
        }
    }

    /// Whether a lot of it may ever be released or become part of another lot.
    #[must_use]
    pub fn is_used(self) -> bool {
        match self {
            Self::Product | Self::SideProduct => true,
            Self::Waste => false,
        }
    }
}

/// Something that may come out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// Id, unique among the outputs.
    pub id: String,
    /// Name, as on the label.
    pub name: String,
    /// Material: its code or its name.
    pub material: String,
    /// Product, side product or waste.
    pub class: OutputClass,
    /// Id of the step it comes out of.
    pub step: String,
    /// Unit code it is measured in.
    pub unit: String,
}

impl Output {
    /// Whether somebody who says this material, in any case or spacing, means this output.
    #[must_use]
    pub fn is_called(&self, material: &str) -> bool {
        let key = identifier::key(material);
        [&self.material, &self.name, &self.id].iter().any(|own| identifier::key(own) == key)
    }
}

impl MasterRecord {
    /// The outputs that a material or id names.
    #[must_use]
    pub fn outputs_called(&self, material: &str, id: Option<&str>) -> Vec<&Output> {
        let meant = |output: &&Output| match id {
            Some(id) => output.id == id && output.is_called(material),
            None => output.is_called(material),
        };
        self.outputs.iter().filter(meant).collect()
    }
}
