//! Keys keep their one encoding, their signatures one form, their secrets their wrapping.

use proptest::prelude::*;

use super::*;
use crate::seal::sample;

const KINDS: [KeyKind; 2] = [KeyKind::Ed25519, KeyKind::P256];

#[test]
fn public_halves_keep_one_encoding_and_fingerprint() {
    for kind in KINDS {
        let public = sample::key(kind, 1).public();
        assert_eq!(public.kind(), kind);
        assert_eq!(PublicKey::from_spki_base64(&public.to_spki_base64()), Ok(public.clone()));
        let id = public.id();
        assert_eq!(KeyId::parse(&id.grouped()), Ok(id));
        assert_eq!(KeyId::parse(&id.to_hex().to_uppercase()), Ok(id));
        assert_eq!(id.grouped().len(), 64 + 15);
        let mut longer = public.to_spki_der();
        longer.push(0);
        assert_eq!(PublicKey::from_spki_der(&longer), Err(KeyFault::NotAPublicKey));
    }
    assert_eq!(KeyId::parse("12"), Err(KeyFault::NotAFingerprint));
    assert_eq!(PublicKey::from_spki_base64("!"), Err(KeyFault::NotAPublicKey));
    assert_eq!(PublicKey::from_spki_der(&[]), Err(KeyFault::NotAPublicKey));
}

#[test]
fn fingerprints_are_frozen() {
    let hex = |kind| sample::key(kind, 1).public().id().to_hex();
    assert_eq!(
        hex(KeyKind::Ed25519),
        "fd110d301d2f077de1414b8f99f441b1403fab207b2052fbd2c065e4ee8e7dc2"
    );
    assert_eq!(
        hex(KeyKind::P256),
        "fad95caa9917d5969fea3b970b70ebfa69dbe96038fbd8dc573f2ce2723d347f"
    );
}

#[test]
fn the_second_form_of_a_p256_signature_is_refused() {
    let key = sample::key(KeyKind::P256, 1);
    let value = key.sign(b"content");
    let low = p256::ecdsa::Signature::from_slice(&value).unwrap();
    assert!(low.normalize_s().is_none());
    let high = p256::ecdsa::Signature::from_scalars(*low.r(), -*low.s()).unwrap();
    let high: SignatureBytes = high.to_bytes().into();
    assert_eq!(key.public().verify(b"content", &value), Ok(()));
    assert_eq!(key.public().verify(b"content", &high), Err(KeyFault::BadSignature));
    let der = key.sign_for_cms(b"content");
    assert_eq!(p256::ecdsa::Signature::from_der(&der).unwrap(), low);
}

#[test]
fn secrets_come_back_and_are_never_printed() {
    for kind in KINDS {
        let key = sample::key(kind, 5);
        let again = PrivateKey::from_secret(kind, key.secret().as_slice()).unwrap();
        assert_eq!(again.public(), key.public());
        assert!(!format!("{key:?}").contains(&hex::encode(key.secret().as_slice())));
        for wrong in [&[0_u8; 31][..], &[1; 33], &[]] {
            assert!(PrivateKey::from_secret(kind, wrong).is_err());
        }
    }
    assert!(PrivateKey::from_secret(KeyKind::P256, &[0; 32]).is_err());
    assert!(PrivateKey::from_secret(KeyKind::P256, &[0xff; 32]).is_err());
    // Outside the group's order the generator still finds a key.
    let _ = PrivateKey::generate(KeyKind::P256, &[0xff; 32]).public();
}

#[test]
fn wrapping_is_bound_to_key_nonce_and_owner() {
    for kind in KINDS {
        let key = sample::key(kind, 6);
        let wrapped = wrap(&key, &[1; 32], &[2; 12], b"anna");
        let open = |bytes: &[u8], key: &[u8; 32], nonce: &[u8; 12], owner: &[u8]| {
            unwrap(kind, bytes, key, nonce, owner).map(|key| key.public())
        };
        assert_eq!(open(&wrapped, &[1; 32], &[2; 12], b"anna"), Ok(key.public()));
        assert_eq!(open(&wrapped, &[9; 32], &[2; 12], b"anna"), Err(KeyFault::CannotUnwrap));
        assert_eq!(open(&wrapped, &[1; 32], &[9; 12], b"anna"), Err(KeyFault::CannotUnwrap));
        assert_eq!(open(&wrapped, &[1; 32], &[2; 12], b"berta"), Err(KeyFault::CannotUnwrap));
        for index in 0..wrapped.len() {
            let mut changed = wrapped.clone();
            changed[index] ^= 1;
            assert_eq!(open(&changed, &[1; 32], &[2; 12], b"anna"), Err(KeyFault::CannotUnwrap));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn signatures_hold_for_their_message_and_key_only(random in any::<[u8; 32]>(), message in prop::collection::vec(any::<u8>(), 0..64), bit in 0_usize..512) {
        for kind in KINDS {
            let key = PrivateKey::generate(kind, &random);
            let value = key.sign(&message);
            prop_assert_eq!(key.public().verify(&message, &value), Ok(()));
            let mut longer = message.clone();
            longer.push(0);
            prop_assert!(key.public().verify(&longer, &value).is_err());
            let mut changed = value;
            changed[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(key.public().verify(&message, &changed).is_err());
            prop_assert!(sample::key(kind, 99).public().verify(&message, &value).is_err());
        }
    }

    #[test]
    fn no_bytes_make_reading_a_key_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        prop_assert!(PublicKey::from_spki_der(&bytes).is_err());
    }
}
