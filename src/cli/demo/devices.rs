//! The devices of the demo: each signs its own readings and alarms with its own key.

use super::client::{DemoError, Persona};
use crate::domain::clock::Instant;
use crate::seal::digest;
use crate::seal::key::{KeyKind, PrivateKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Id, class, what it is.
const DEVICES: [(&str, &str, &str); 4] = [
    (
        "BR-101",
        "bioreactor-controller",
        "controller of the production bioreactor, which sends its alarms",
    ),
    ("PHM-07", "ph-meter", "pH meter of the purification suite"),
    ("CEX-SKID", "chromatography-skid", "chromatography skid"),
    ("BAL-02", "balance", "floor balance of the fill room"),
];

/// A device with its key.
struct Device {
    id: &'static str,
    class: &'static str,
    key: PrivateKey,
}

/// The devices of the site.
pub struct Devices(Vec<Device>);

impl Devices {
    /// Makes the devices with their keys; `password` gives randomness.
    #[must_use]
    pub fn new(password: impl Fn() -> String) -> Self {
        let made = DEVICES.iter().map(|(id, class, _)| {
            let secret = digest::sha256(&[password().as_bytes()]);
            Device { id, class, key: PrivateKey::generate(KeyKind::Ed25519, &secret) }
        });
        Self(made.collect())
    }

    /// Registers them: id, class, public key, calibration due.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn register(&self, by: &Persona, calibrated_until: Instant) -> Result<(), DemoError> {
        for device in &self.0 {
            by.post(
                "/api/v1/devices",
                &json!({
                    "id": device.id, "kind": device.class,
                    "credential": device.key.public().to_spki_base64(),
                    "calibration_due": calibrated_until.to_string(),
                }),
            )?;
        }
        Ok(())
    }

    /// What each is, for the story.
    pub fn told() -> impl Iterator<Item = String> {
        DEVICES.iter().map(|(id, _, what)| format!("{id}, {what}"))
    }

    /// Adds to the body of an entry the device's own signed text, for readings.
    pub fn sign(&self, spec: &Value, at: Instant, body: &mut Value) {
        if spec["kind"] != "reading" {
            return;
        }
        // A tag names the device, and behind a stroke which of its values.
        let tag = spec["tag"].as_str().unwrap_or_default();
        let own = tag.split('/').next().unwrap_or_default();
        let Some(device) = self.0.iter().find(|device| own == device.id) else { return };
        let said = json!({
            "tag": tag, "value": body["value"], "unit": body["unit"], "at": at.to_string(),
        });
        let payload = said.to_string();
        let signature = device.key.sign(payload.as_bytes());
        body["basis"] = json!({ "kind": "device", "id": device.id });
        body["payload"] = payload.into();
        body["payload_signature"] = STANDARD.encode(signature).into();
    }

    /// An alarm of the device, with its own signed text.
    #[must_use]
    pub fn alarm(&self, id: &str, priority: &str, text: &str, at: Instant) -> Value {
        let told = json!({ "tag": id, "priority": priority, "text": text });
        let Some(device) = self.0.iter().find(|device| device.id == id) else { return told };
        let mut said = told.clone();
        said["at"] = at.to_string().into();
        let payload = said.to_string();
        let signature = STANDARD.encode(device.key.sign(payload.as_bytes()));
        let mut body = told;
        body["device"] = id.into();
        body["payload"] = payload.into();
        body["payload_signature"] = signature.into();
        body
    }
}
