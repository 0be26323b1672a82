//! Folds a device's entries into its state. No rule lives here; every released event is accepted.

use super::event::DeviceEvent;
use super::{Device, refusal};
use crate::domain::command::{EvolveFault, Happened};
use crate::domain::ids::RecordKey;
use crate::domain::noun::{Frozen, Noun, Reach, text_in, variant};
use crate::domain::permits::{Admitted, Row, by, in_rows};
use crate::domain::policy::Authority;
use crate::domain::refusal::Rule;
use crate::domain::ruling::typed;
use serde_json::Value;

/// Folds one entry.
///
/// # Errors
/// A fault naming an entry that is no event of a device, or out of its order.
pub fn evolve(current: Option<Device>, happened: &Happened<'_>) -> Result<Device, EvolveFault> {
    let event: DeviceEvent = typed(happened, "device")?;
    let mut device = match (current, &event) {
        (None, DeviceEvent::Registered(told)) => {
            Device::new(happened.record, told.clone(), happened.at, happened.link)
        }
        (None, DeviceEvent::Calibrated { .. } | DeviceEvent::Retired { .. }) => {
            return Err(EvolveFault::of(happened, "the device was never registered"));
        }
        (Some(_), DeviceEvent::Registered(_)) => {
            return Err(EvolveFault::of(happened, "the device was registered before"));
        }
        (Some(device), DeviceEvent::Calibrated { .. } | DeviceEvent::Retired { .. }) => device,
    };
    match event {
        DeviceEvent::Registered(_) => {}
        DeviceEvent::Calibrated { calibration_due, reference } => {
            device.told.calibration_due = calibration_due;
            device.reference = Some(reference);
        }
        DeviceEvent::Retired { reason } => device.retired = Some((happened.at, reason)),
    }
    device.seq = happened.seq;
    device.head = happened.link;
    Ok(device)
}

/// How each of its events may come about.
const ADMITTED: &[Row] =
    &[(&["registered", "calibrated", "retired"], by(&[Authority::Administer]))];

impl Noun for Device {
    fn key(&self) -> RecordKey {
        self.key
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn head(&self) -> [u8; 32] {
        self.head
    }

    fn number(&self) -> Option<String> {
        Some(self.told.id.clone())
    }

    fn called(&self) -> String {
        self.told.id.clone()
    }

    fn number_in(data: &Value) -> String {
        text_in(data, "id")
    }

    fn phase(&self) -> String {
        let word = if self.retired.is_none() { "in-use" } else { "retired" };
        word.to_owned()
    }

    fn reach(&self) -> Reach<'_> {
        Reach::Everybody
    }

    fn rules() -> Vec<&'static Rule> {
        refusal::ALL.to_vec()
    }

    /// None: who holds the database makes no act of quality by it.
    fn is_signed(_event: &str) -> bool {
        false
    }

    fn admitted(event: &str) -> Admitted {
        in_rows(ADMITTED, event)
    }

    fn has_event(name: &str) -> Result<(), String> {
        variant::<DeviceEvent>(name)
    }

    fn evolve(
        current: Option<Self>,
        happened: &Happened<'_>,
        _frozen: Frozen,
    ) -> Result<Self, EvolveFault> {
        evolve(current, happened)
    }
}
