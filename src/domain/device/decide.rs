//! May this be done to a device now, and what follows: registered once, calibrated again and again, retired for
//! good.

use super::command::DeviceCommand;
use super::event::DeviceEvent;
use super::refusal::{DEVICE_MALFORMED, DEVICE_RETIRED, DEVICE_TAKEN, DEVICE_UNKNOWN};
use super::{Device, DeviceRegistered};
use crate::domain::act::reason;
use crate::domain::entry::identifier;
use crate::domain::numbered::{Numbered, plated};
use crate::domain::policy::Permit;
use crate::domain::refusal::{Refusal, words};
use crate::domain::ruling::Ruling;

/// Longest class of a device or reference to a calibration, in characters.
const TEXT: usize = 200;

/// Decides an order to the device of this id; `found` is what stands where its [`key`](super::key) leads, and
/// may be another that reads alike.
///
/// # Errors
/// The rule that forbids.
pub fn decide(
    command: &DeviceCommand,
    id: &str,
    found: Option<&Device>,
    permit: Permit,
) -> Result<Ruling<DeviceEvent>, Refusal> {
    match command {
        DeviceCommand::Register(new) => register(new, found, permit),
        DeviceCommand::Calibrate { calibration_due, reference } => {
            in_use(id, found)?;
            let reference = some(reference, "the reference")?;
            let event = DeviceEvent::Calibrated { calibration_due: *calibration_due, reference };
            Ok(Ruling::of(permit, event))
        }
        DeviceCommand::Retire { reason: why } => {
            in_use(id, found)?;
            Ok(Ruling::of(permit, DeviceEvent::Retired { reason: reason(why)? }))
        }
    }
}

fn register(
    new: &DeviceRegistered,
    twin: Option<&Device>,
    permit: Permit,
) -> Result<Ruling<DeviceEvent>, Refusal> {
    identifier::check(&new.id).map_err(malformed)?;
    let Numbered { key: id, printed } = plated(&new.id).map_err(malformed)?;
    if let Some(twin) = twin {
        let detail = match twin.told.id == id {
            true => format!("device {} was registered before", twin.told.id),
            false => format!("{} reads like device {}, registered before", new.id, twin.told.id),
        };
        return Err(Refusal::new(&DEVICE_TAKEN, detail));
    }
    let kind = some(&new.kind, "the class")?;
    Ok(Ruling::of(
        permit,
        DeviceEvent::Registered(DeviceRegistered { id, printed, kind, ..new.clone() }),
    ))
}

fn in_use(id: &str, found: Option<&Device>) -> Result<(), Refusal> {
    let twin = found.map(|device| format!("; {} is registered", device.told.id));
    let device = found.filter(|device| device.told.id == id).ok_or_else(|| {
        let twin = twin.unwrap_or_default();
        Refusal::new(&DEVICE_UNKNOWN, format!("there is no device {id:?}{twin}"))
    })?;
    match &device.retired {
        None => Ok(()),
        Some((when, why)) => {
            Err(Refusal::new(&DEVICE_RETIRED, format!("{id} was retired at {when}: {why}")))
        }
    }
}

fn some(text: &str, what: &str) -> Result<String, Refusal> {
    let text = words(text);
    if (1..=TEXT).contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    Err(malformed(format!("{what} has 1 to {TEXT} characters")))
}

fn malformed(detail: impl Into<String>) -> Refusal {
    Refusal::new(&DEVICE_MALFORMED, detail.into())
}
