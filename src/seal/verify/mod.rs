//! Verification of a whole journal by public keys alone.
