//! Orders to a device.

use super::DeviceRegistered;
use crate::domain::clock::Instant;

/// A device's commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceCommand {
    /// Its signed text counts as a reading from now on.
    Register(DeviceRegistered),
    /// It was calibrated.
    Calibrate {
        /// Until when it is calibrated now.
        calibration_due: Instant,
        /// Where the calibration is recorded.
        reference: String,
    },
    /// It is taken out of use for good.
    Retire {
        /// Why.
        reason: String,
    },
}
