//! Devices of the site: registered, calibrated, retired.

use super::act::{Act, Asking, malformed};
use super::credentials::{Reason, body};
use super::told::{Asked, Made, Shown};
use crate::app::answer::RecordAnswer;
use crate::app::device::DeviceAct;
use crate::app::shown::device::DevicesView;
use crate::domain::clock::Instant;
use crate::domain::device::DeviceRegistered;
use crate::domain::device::command::DeviceCommand;
use crate::domain::refusal::Refusal;
use actix_web::web;

body! {
    /// A device whose signed text counts as a reading.
    NewDevice {
        /// Its id: letters, digits, point, underscore, hyphen; never given again.
        id: String,
        /// Its class, as master records name it: `balance`, `pH meter`.
        kind: String,
        /// Its Ed25519 public key: base64 of the 32 bytes, or of their SPKI.
        credential: String,
        /// Until when it is calibrated (RFC 3339).
        #[schema(format = DateTime)]
        calibration_due: String,
    }
}

body! {
    /// A calibration.
    Calibration {
        /// Until when the device is calibrated now (RFC 3339).
        #[schema(format = DateTime)]
        calibration_due: String,
        /// Where the calibration is recorded.
        reference: String,
    }
}

fn due(text: &str) -> Result<Instant, Refusal> {
    Instant::parse(text).map_err(|e| malformed(format!("calibration_due: {e}")))
}

pub async fn list(asking: Asking) -> Asked<DevicesView> {
    Ok(Shown::of(asking.ask(|desk, _| desk.devices()).await?))
}

pub async fn register(act: Act<NewDevice>) -> Made<RecordAnswer> {
    act.order(|desk, envelope, given| {
        let NewDevice { id, kind, credential, calibration_due, .. } = given.body;
        let calibration_due = due(&calibration_due)?;
        let device = DeviceRegistered { id, printed: None, kind, credential, calibration_due };
        desk.register_device(envelope, device)
    })
    .await
}

pub async fn calibrate(act: Act<Calibration>, id: web::Path<String>) -> Made<RecordAnswer> {
    act.order(move |desk, envelope, given| {
        let Calibration { calibration_due, reference, .. } = given.body;
        let calibration_due = due(&calibration_due)?;
        let order = DeviceCommand::Calibrate { calibration_due, reference };
        desk.order(envelope, Box::new(DeviceAct { id: id.into_inner(), order }))
    })
    .await
}

pub async fn retire(act: Act<Reason>, id: web::Path<String>) -> Made<RecordAnswer> {
    act.order(move |desk, envelope, given| {
        let order = DeviceCommand::Retire { reason: given.body.reason };
        desk.order(envelope, Box::new(DeviceAct { id: id.into_inner(), order }))
    })
    .await
}
