//! Devices: registered, calibrated, retired; and whether a text is a device's own.

use crate::app::answer::{Core, RecordAnswer, Tells, told};
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::app::shown::device::{DevicesView, devices};
use crate::domain::command::{Decision, Stamp};
use crate::domain::device::command::DeviceCommand;
use crate::domain::device::refusal::DEVICE_MALFORMED;
use crate::domain::device::{Device, DeviceRegistered, decide, key};
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::numbered::plated;
use crate::domain::policy::{Authority, Place};
use crate::domain::refusal::Refusal;
use crate::seal::key::{KeyKind, PublicKey};
use crate::store::noun::record::numbers;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A device's public key as it stands in the record: SPKI in base64. Its 32 bytes alone are read too.
///
/// # Errors
/// `device-malformed`.
pub fn credential(sent: &str) -> Result<String, Refusal> {
    let bytes = STANDARD.decode(sent).ok();
    let raw = bytes.as_deref().and_then(|bytes| <&[u8; 32]>::try_from(bytes).ok());
    let key = match raw {
        Some(raw) => PublicKey::ed25519(raw),
        None => PublicKey::from_spki_base64(sent),
    };
    let key = key.ok().filter(|key| key.kind() == KeyKind::Ed25519);
    key.map(|key| key.to_spki_base64()).ok_or_else(|| {
        let what = "the credential is not an Ed25519 public key in base64 (32 bytes, or SPKI)";
        Refusal::new(&DEVICE_MALFORMED, what)
    })
}

/// Whether the signature (base64) is this device's own over exactly this text.
#[must_use]
pub fn is_own(device: &Device, text: &str, signature: &str) -> bool {
    let Ok(key) = PublicKey::from_spki_base64(&device.told.credential) else { return false };
    let bytes = STANDARD.decode(signature).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.is_some_and(|bytes| key.verify(text.as_bytes(), &bytes).is_ok())
}

/// An order to a device, as the lane takes it.
pub struct DeviceAct {
    pub id: String,
    pub order: DeviceCommand,
}

impl Command for DeviceAct {
    fn name(&self) -> &'static str {
        match &self.order {
            DeviceCommand::Register(_) => "register-device",
            DeviceCommand::Calibrate { .. } => "calibrate-device",
            DeviceCommand::Retire { .. } => "retire-device",
        }
    }

    fn reads(&self) -> Vec<Key> {
        vec![key(&self.id)]
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let (site, actor) = (loaded.site()?, loaded.actor(stamp)?);
        let permit =
            actor.account().permit(site.facts(), &[Authority::Administer], Place::default())?;
        let found = loaded.get(&key(&self.id)).and_then(|state| state.as_device());
        let ruling = decide(&self.order, &self.id, found, permit)?;
        let fresh = stamp.ids.first().copied().unwrap_or_default();
        let record = found.map_or(RecordKey::new(RecordKind::Device, fresh), |found| found.key);
        let permit = ruling.permit.clone();
        let events = ruling.into_planned(record, "device", None);
        let head = found.map_or(0, |found| found.seq);
        let core = Core::of(record, (Some(&self.id), head), loaded, &events);
        Ok(Decision { permit, events, answer: told::<Self>(&RecordAnswer::new(core)) })
    }
}

impl Tells for DeviceAct {
    type Answer = RecordAnswer;
}

impl Desk {
    /// Registers a device. Blocks.
    ///
    /// # Errors
    /// `device-malformed`, `device-taken`, `authority-missing`.
    pub fn register_device(
        &self,
        envelope: Envelope,
        device: DeviceRegistered,
    ) -> Result<Done<RecordAnswer>, Failure> {
        let credential = credential(&device.credential)?;
        // What is no number is refused by the rules, after who asks.
        let id = plated(&device.id).map_or_else(|_| device.id.clone(), |own| own.key);
        let order = DeviceCommand::Register(DeviceRegistered { credential, ..device });
        self.order(envelope, Box::new(DeviceAct { id, order }))
    }

    /// Every device ever registered, by id, with how it stands now. Blocks.
    ///
    /// # Errors
    /// `Broken` when the store fails.
    pub fn devices(&self) -> Result<DevicesView, Failure> {
        let numbers = self.read(|db| numbers(db, RecordKind::Device))?;
        let states = numbers
            .into_iter()
            .map(|number| self.state(&Key::Number(RecordKind::Device, number)))
            .collect::<Result<Vec<_>, _>>()?;
        let mut found: Vec<&Device> = states.iter().filter_map(|state| state.as_device()).collect();
        found.sort_by_key(|device| &device.told.id);
        Ok(devices(&found, self.time()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::Instant;
    use crate::seal::key::PrivateKey;

    // shows: P11-10h.b, A11-05.a
    #[test]
    fn only_the_device_itself_signs_for_it_and_every_byte_counts() {
        let key = PrivateKey::generate(KeyKind::Ed25519, &[7; 32]);
        let spki = key.public().to_spki_base64();
        let der = key.public().to_spki_der();
        let raw = STANDARD.encode(&der[der.len() - 32..]);
        assert_eq!(credential(&raw).expect("a key"), spki);
        assert_eq!(credential(&spki).expect("a key"), spki);
        let other = PrivateKey::generate(KeyKind::P256, &[7; 32]).public().to_spki_base64();
        for odd in ["", "AAAA", "no base64", other.as_str(), &STANDARD.encode([0; 32])] {
            assert!(credential(odd).is_err(), "{odd}");
        }
        let told = DeviceRegistered {
            id: "B-1".into(),
            printed: None,
            kind: "balance".into(),
            credential: spki,
            calibration_due: Instant(0),
        };
        let device = Device::new(
            RecordKey::new(RecordKind::Device, uuid::Uuid::nil()),
            told,
            Instant(0),
            [0; 32],
        );
        let text = r#"{"tag":"W","value":"1.20"}"#;
        let signature = STANDARD.encode(key.sign(text.as_bytes()));
        assert!(is_own(&device, text, &signature));
        assert!(!is_own(&device, &text.replace("1.20", "1.2"), &signature));
        assert!(!is_own(&device, text, "AAAA"));
    }
}
