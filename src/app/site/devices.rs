//! Devices of the site: registered, calibrated, retired; and whether a text is a device's own.

use super::settle::SiteAct;
use crate::app::answer::SiteAnswer;
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::domain::clock::Instant;
use crate::domain::device::{Device, DeviceRegistered};
use crate::domain::refusal::Refusal;
use crate::domain::site::command::SiteCommand;
use crate::domain::site::refusal::DEVICE_MALFORMED;
use crate::seal::key::{KeyKind, PublicKey};
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

impl Desk {
    /// Registers a device. Blocks.
    ///
    /// # Errors
    /// `device-malformed`, `device-taken`, `authority-missing`.
    pub fn register_device(
        &self,
        envelope: Envelope,
        device: DeviceRegistered,
    ) -> Result<Done<SiteAnswer>, Failure> {
        let credential = credential(&device.credential)?;
        let device = DeviceRegistered { credential, ..device };
        self.order(envelope, Box::new(SiteAct(SiteCommand::RegisterDevice(device))))
    }

    /// Tells of a device's calibration. Blocks.
    ///
    /// # Errors
    /// `device-unknown`, `device-retired`, `device-malformed`, `authority-missing`.
    pub fn calibrate_device(
        &self,
        envelope: Envelope,
        id: String,
        calibration_due: Instant,
        reference: String,
    ) -> Result<Done<SiteAnswer>, Failure> {
        let command = SiteCommand::CalibrateDevice { id, calibration_due, reference };
        self.order(envelope, Box::new(SiteAct(command)))
    }

    /// Takes a device out of use. Blocks.
    ///
    /// # Errors
    /// `device-unknown`, `device-retired`, `reason-required`, `authority-missing`.
    pub fn retire_device(
        &self,
        envelope: Envelope,
        id: String,
        reason: String,
    ) -> Result<Done<SiteAnswer>, Failure> {
        let command = SiteCommand::RetireDevice { id, reason };
        self.order(envelope, Box::new(SiteAct(command)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::key::PrivateKey;

    // shows: P11-10h
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
            kind: "balance".into(),
            credential: spki,
            calibration_due: Instant(0),
        };
        let device = Device::new(told, Instant(0));
        let text = r#"{"tag":"W","value":"1.20"}"#;
        let signature = STANDARD.encode(key.sign(text.as_bytes()));
        assert!(is_own(&device, text, &signature));
        assert!(!is_own(&device, &text.replace("1.20", "1.2"), &signature));
        assert!(!is_own(&device, text, "AAAA"));
    }
}
