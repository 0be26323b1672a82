//! What was written down of a device; the header's name is `device.` and the kebab-case variant.

use super::DeviceRegistered;
use crate::domain::clock::Instant;
use serde::{Deserialize, Serialize};

/// Events of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", content = "data", rename_all = "kebab-case")]
pub enum DeviceEvent {
    /// Its signed text counts as a reading from now on.
    Registered(DeviceRegistered),
    /// It was calibrated.
    Calibrated {
        /// Until when it is calibrated now.
        calibration_due: Instant,
        /// Where the calibration is recorded.
        reference: String,
    },
    /// It was taken out of use for good.
    Retired {
        /// Why.
        reason: String,
    },
}
