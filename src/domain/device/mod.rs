//! A registered device: its signed text counts as a reading, as long as it is calibrated and in use.

pub mod command;
pub mod decide;
pub mod event;
pub mod evolve;
pub mod refusal;

pub use decide::decide;
pub use evolve::evolve;

use super::clock::Instant;
use super::facts::DeviceFacts;
use super::ids::{Key, RecordKey, RecordKind};
use serde::{Deserialize, Serialize};

/// A device as it was registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRegistered {
    /// Its id, never given again.
    pub id: String,
    /// As its plate has it, where that is another text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed: Option<String>,
    /// Its class, as master records name it: `balance`, `pH meter`.
    pub kind: String,
    /// Its Ed25519 public key, SPKI in base64: what it signs with proves where a reading comes from.
    pub credential: String,
    /// Until when it is calibrated.
    pub calibration_due: Instant,
}

/// The state of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The record.
    pub key: RecordKey,
    /// As registered; the calibration is the newest.
    pub told: DeviceRegistered,
    /// When it was registered.
    pub registered_at: Instant,
    /// Where the newest calibration is recorded; none since it was registered.
    pub reference: Option<String>,
    /// Taken out of use: when and why.
    pub retired: Option<(Instant, String)>,
    /// Sequence of the newest entry.
    pub seq: u64,
    /// Link of the newest entry.
    pub head: [u8; 32],
}

/// Where a device with this id is looked for: ids that read alike are one.
#[must_use]
pub fn key(id: &str) -> Key {
    Key::Alike(RecordKind::Device, id.to_owned())
}

impl Device {
    /// A device that has just been registered, by its first entry.
    #[must_use]
    pub fn new(key: RecordKey, told: DeviceRegistered, at: Instant, head: [u8; 32]) -> Self {
        Self { key, told, registered_at: at, reference: None, retired: None, seq: 1, head }
    }

    /// Whether somebody who writes this writes its id, as in addresses or as on its plate.
    #[must_use]
    pub fn is_called(&self, id: &str) -> bool {
        self.told.id == id || self.told.printed.as_deref() == Some(id)
    }

    /// What others know of it.
    #[must_use]
    pub fn facts(&self) -> DeviceFacts<'_> {
        let DeviceRegistered { id, kind, calibration_due, .. } = &self.told;
        let retired = self.retired.as_ref();
        DeviceFacts { id, kind, calibration_due: *calibration_due, retired }
    }
}
