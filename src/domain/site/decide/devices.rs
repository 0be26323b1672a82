//! Devices: registered once, calibrated again and again, retired for good.

use super::super::Site;
use super::super::event::SiteEvent;
use super::super::refusal::{DEVICE_MALFORMED, DEVICE_RETIRED, DEVICE_TAKEN, DEVICE_UNKNOWN};
use crate::domain::act::reason;
use crate::domain::clock::Instant;
use crate::domain::device::{Device, DeviceCalibrated, DeviceRegistered, DeviceRetired};
use crate::domain::entry::identifier;
use crate::domain::policy::Permit;
use crate::domain::refusal::{Refusal, words};
use crate::domain::ruling::Ruling;

/// Longest class of a device or reference to a calibration, in characters.
const TEXT: usize = 200;

pub(super) fn register(
    site: &Site,
    permit: Permit,
    new: &DeviceRegistered,
) -> Result<Ruling<SiteEvent>, Refusal> {
    let in_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    identifier::check(&new.id).map_err(malformed)?;
    if !new.id.chars().all(in_path) {
        return Err(malformed(format!(
            "{:?}: an id has letters, digits, point, underscore and hyphen",
            new.id
        )));
    }
    let twin = identifier::key(&new.id);
    if let Some(found) = site.devices.keys().find(|other| identifier::key(other) == twin) {
        return Err(Refusal::new(&DEVICE_TAKEN, format!("device {found} was registered before")));
    }
    let kind = some(&new.kind, "the class")?;
    let device = DeviceRegistered { kind, ..new.clone() };
    Ok(Ruling::of(permit, SiteEvent::DeviceRegistered(device)))
}

pub(super) fn calibrate(
    site: &Site,
    permit: Permit,
    id: &str,
    calibration_due: Instant,
    reference: &str,
) -> Result<Ruling<SiteEvent>, Refusal> {
    in_use(site, id)?;
    let reference = some(reference, "the reference")?;
    let event = DeviceCalibrated { id: id.to_owned(), calibration_due, reference };
    Ok(Ruling::of(permit, SiteEvent::DeviceCalibrated(event)))
}

pub(super) fn retire(
    site: &Site,
    permit: Permit,
    id: &str,
    why: &str,
) -> Result<Ruling<SiteEvent>, Refusal> {
    in_use(site, id)?;
    let event = DeviceRetired { id: id.to_owned(), reason: reason(why)? };
    Ok(Ruling::of(permit, SiteEvent::DeviceRetired(event)))
}

fn in_use<'a>(site: &'a Site, id: &str) -> Result<&'a Device, Refusal> {
    let device = site.devices.get(id);
    let device = device
        .ok_or_else(|| Refusal::new(&DEVICE_UNKNOWN, format!("there is no device {id:?}")))?;
    match &device.retired {
        None => Ok(device),
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
