//! Devices of the site.

use crate::domain::clock::Instant;
use crate::domain::device::Device;
use serde::Serialize;
use utoipa::ToSchema;

/// Devices of the site.
#[derive(Debug, Serialize, ToSchema)]
pub struct DevicesView {
    /// By id.
    pub devices: Vec<DeviceView>,
}

/// A device.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceView {
    /// Its id, as addresses have it.
    pub id: String,
    /// As its plate has it, where that is another text.
    pub printed: Option<String>,
    /// Its class.
    pub kind: String,
    /// Its Ed25519 public key, SPKI in base64.
    pub credential: String,
    /// When it was registered.
    #[schema(format = DateTime)]
    pub registered_at: String,
    /// Until when it is calibrated.
    #[schema(format = DateTime)]
    pub calibration_due: String,
    /// Where the newest calibration is recorded; null: none since it was registered.
    pub calibration_reference: Option<String>,
    /// When it was taken out of use.
    #[schema(format = DateTime)]
    pub retired_at: Option<String>,
    /// Why it was.
    pub retired_because: Option<String>,
    /// Why its readings are exceptions now; null: it is ready.
    pub not_ready: Option<String>,
}

/// Devices at this moment.
pub fn devices(found: &[&Device], now: Instant) -> DevicesView {
    let view = |device: &&Device| DeviceView {
        id: device.told.id.clone(),
        printed: device.told.printed.clone(),
        kind: device.told.kind.clone(),
        credential: device.told.credential.clone(),
        registered_at: device.registered_at.to_rfc3339(),
        calibration_due: device.told.calibration_due.to_rfc3339(),
        calibration_reference: device.reference.clone(),
        retired_at: device.retired.as_ref().map(|(at, _)| at.to_rfc3339()),
        retired_because: device.retired.as_ref().map(|(_, why)| why.clone()),
        not_ready: device.facts().not_ready(now),
    };
    DevicesView { devices: found.iter().map(view).collect() }
}
