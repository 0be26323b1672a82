//! Rules about a device that can refuse.

use crate::rules;

rules! {
    DEVICE_MALFORMED = "device-malformed", Malformed, "P11-10h", "21 CFR 11.10(h)",
        "A device cannot be registered so", "Correct what is named: id, class, and the device's own Ed25519 public key in base64.";
    DEVICE_TAKEN = "device-taken", State, "P11-10h", "21 CFR 11.10(h)",
        "A device with this id is or was registered", "Choose another id; ids are never given again, for readings name them.";
    DEVICE_UNKNOWN = "device-unknown", NotFound, "P11-10h", "21 CFR 11.10(h)",
        "No such device is registered", "Use an id of the list of devices.";
    DEVICE_RETIRED = "device-retired", State, "P11-10h", "21 CFR 11.10(h)",
        "This device was taken out of use for good", "Register it under a new id, if it is used again.";
}
