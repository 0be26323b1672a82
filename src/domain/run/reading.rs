//! Where a reading comes from: the device's own signed text, kept word for word.

use crate::domain::clock::Instant;
use serde::{Deserialize, Serialize};

/// Longest text of a device, in bytes.
pub const PAYLOAD: usize = 16 * 1024;

/// What came from a device beside a value, and whether its signature was the registered device's:
/// a fact that is found outside the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceFact<'a> {
    /// The device's text, as it came.
    pub payload: &'a str,
    /// The signature over exactly this text, base64.
    pub signature: &'a str,
    /// Whether the credential registered for the device made it.
    pub own: bool,
}

/// The source of a value that came from a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingSource {
    /// The device's id.
    pub device: String,
    /// Its text, word for word; absent: none came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// Its signature over the text, base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// When the device says it measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured_at: Option<Instant>,
    /// Until when the device was calibrated, as known then; absent: it was not registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration_due: Option<Instant>,
    /// A registered device in use and in calibration signed a text that says what was recorded, under the tag
    /// that the master record names.
    pub verified: bool,
}
