//! What goes in and what it is filled into: components, containers, labels (21 CFR 211.186(b)(2)-(5), (8)).

use crate::domain::entry::spec::Source;
use crate::domain::quantity::Quantity;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What a material is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaterialRole {
    /// The active substance.
    Active,
    /// What the active substance is made from: cell bank, intermediate.
    StartingMaterial,
    /// Used on the way: medium, buffer, feed, acid.
    RawMaterial,
    /// Stays in the product beside the active substance.
    Excipient,
    /// Touches the product and is used up: filter, resin, bag.
    Consumable,
}

/// A component (21 CFR 211.186(b)(3)-(5)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Code, unique in the master record.
    pub code: String,
    pub name: String,
    /// What it is for.
    pub role: MaterialRole,
    /// GS1 numbers of the trade items in which it comes (GTIN, 8 to 14 digits): a label of another opens an exception.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gtin: Vec<String>,
    /// How much of it; weights in one system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// Where the quantity follows from, when it is no fixed number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_note: Option<String>,
    /// Calculated excess.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overage_percent: Option<Decimal>,
    /// Its specification: document number or sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub specification: Option<String>,
    /// Where the statement comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// A container with its closure (21 CFR 211.186(b)(8)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Container {
    pub name: String,
    /// Description with closure.
    pub description: String,
    /// Where the statement comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// A label with its specimen (21 CFR 211.186(b)(8)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Id, unique in the master record.
    pub id: String,
    /// What it is put on.
    pub used_on: String,
    /// The specimen's text, line by line.
    pub specimen: Vec<String>,
    /// SHA-256 (hex) of a picture of the specimen, kept as a blob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Where the statement comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}
