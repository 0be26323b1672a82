//! What was written down of a number series; the header's name is `series.` and the kebab-case variant.

use crate::domain::ids::RecordKey;
use serde::{Deserialize, Serialize};

/// Events of a number series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", content = "data", rename_all = "kebab-case")]
pub enum SeriesEvent {
    /// Its next number was taken.
    NumberTaken {
        /// The series: `issue`, `deviation`.
        series: String,
        /// The number.
        no: u64,
        /// By which record.
        record: RecordKey,
        /// Its business number.
        number: String,
    },
}
