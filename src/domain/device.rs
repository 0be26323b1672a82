//! Registered devices: whose text counts as a reading, as long as they are calibrated and in use.

use crate::domain::clock::Instant;
use serde::{Deserialize, Serialize};

/// A device as it was registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRegistered {
    /// Its id, never given again.
    pub id: String,
    /// Its class, as master records name it: `balance`, `pH meter`.
    pub kind: String,
    /// Its Ed25519 public key, SPKI in base64: what it signs with proves where a reading comes from.
    pub credential: String,
    /// Until when it is calibrated.
    pub calibration_due: Instant,
}

/// A calibration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCalibrated {
    /// Which device.
    pub id: String,
    /// Until when it is calibrated now.
    pub calibration_due: Instant,
    /// Where the calibration is recorded.
    pub reference: String,
}

/// A device taken out of use for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRetired {
    /// Which device.
    pub id: String,
    /// Why.
    pub reason: String,
}

/// A device as the site knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// As registered; the calibration is the newest.
    pub told: DeviceRegistered,
    /// When it was registered.
    pub registered_at: Instant,
    /// Where the newest calibration is recorded; none since it was registered.
    pub reference: Option<String>,
    /// Taken out of use: when and why.
    pub retired: Option<(Instant, String)>,
}

impl Device {
    /// A device that has just been registered.
    #[must_use]
    pub fn new(told: DeviceRegistered, registered_at: Instant) -> Self {
        Self { told, registered_at, reference: None, retired: None }
    }

    /// What keeps it from being used for a reading made then; nothing: it is ready.
    #[must_use]
    pub fn not_ready(&self, at: Instant) -> Option<String> {
        let id = &self.told.id;
        if let Some((when, reason)) = &self.retired {
            return Some(format!("device {id} was retired at {when}: {reason}"));
        }
        let due = self.told.calibration_due;
        (at > due).then(|| format!("the calibration of device {id} was due at {due}"))
    }
}
