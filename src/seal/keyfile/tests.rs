//! A key file opens with its passphrase for its use, and with nothing else.

use super::*;
use crate::seal::sample;

const RANDOM: FileRandom = FileRandom { salt: [4; 16], nonce: [5; 12] };

#[test]
fn opens_with_its_passphrase_only() {
    for kind in [KeyKind::Ed25519, KeyKind::P256] {
        let key = sample::key(kind, 1);
        let file = seal_key(&key, "log", b"correct horse", &RANDOM, Cost::LEAST).unwrap();
        assert_eq!(
            open_key(&file, "log", &Unlocking::with(b"correct horse")).unwrap().public(),
            key.public()
        );
        assert_eq!(
            open_key(&file, "log", &Unlocking::with(b"wrong")).err(),
            Some(KeyFileFault::Locked)
        );
        assert!(matches!(
            open_key(&file, "founding", &Unlocking::with(b"correct horse")),
            Err(KeyFileFault::OtherUse { .. })
        ));
        assert!(open_secret(&file, "log", &Unlocking::with(b"correct horse")).is_err());
        assert!(file.ends_with(b"}\n"));
    }
    let file = seal_secret(&[9; 32], "receipt", b"pass", &RANDOM, Cost::LEAST).unwrap();
    assert_eq!(*open_secret(&file, "receipt", &Unlocking::with(b"pass")).unwrap(), [9; 32]);
    assert!(open_key(&file, "receipt", &Unlocking::with(b"pass")).is_err());
}

#[test]
fn every_byte_of_the_file_counts() {
    let key = sample::key(KeyKind::P256, 1);
    let file = seal_key(&key, "seal", b"pass", &RANDOM, Cost::LEAST).unwrap();
    // The last byte is the line end, which any text tool may add or drop.
    for index in 0..file.len() - 1 {
        let mut changed = file.clone();
        changed[index] ^= 1;
        assert!(open_key(&changed, "seal", &Unlocking::with(b"pass")).is_err(), "byte {index}");
    }
}

#[test]
fn a_file_cannot_ask_for_endless_work() {
    let key = sample::key(KeyKind::P256, 1);
    let file = seal_key(&key, "seal", b"pass", &RANDOM, Cost::LEAST).unwrap();
    let text = String::from_utf8(file).unwrap();
    for (from, to) in [
        ("\"memory_kib\":8", "\"memory_kib\":4000000000"),
        ("\"iterations\":1", "\"iterations\":1000000"),
        ("\"parallelism\":1", "\"parallelism\":1000"),
        ("\"version\":19", "\"version\":16"),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text);
        assert_eq!(
            open_key(changed.as_bytes(), "seal", &Unlocking::with(b"pass")).err(),
            Some(KeyFileFault::Cost)
        );
    }
}

#[test]
fn the_standard_cost_is_accepted() {
    assert!(Cost::STANDARD.check().is_ok());
}

#[test]
fn files_of_one_salt_open_by_one_derivation_and_no_key_opens_what_it_was_not_derived_for() {
    let sealed = |salt: u8, nonce: u8| {
        let random = FileRandom { salt: [salt; 16], nonce: [nonce; 12] };
        seal_secret(&[nonce; 32], "receipt", b"pass", &random, Cost::LEAST).unwrap()
    };
    let (one, two, other) = (sealed(1, 2), sealed(1, 3), sealed(4, 5));
    let all = Unlocking::of(b"pass", &[&one, b"no file", &two, &other]);
    assert_eq!(all.derived.len(), 2, "two salts");
    let none = Unlocking::with(b"pass");
    for (file, secret) in [(&one, 2), (&two, 3), (&other, 5)] {
        assert_eq!(*open_secret(file, "receipt", &all).unwrap(), [secret; 32]);
        assert_eq!(*open_secret(file, "receipt", &none).unwrap(), [secret; 32]);
    }
    let wrong = Unlocking::of(b"past", &[&one]);
    assert_eq!(open_secret(&one, "receipt", &wrong).err(), Some(KeyFileFault::Locked));
    // The same salt at another cost is another key.
    let dearer = String::from_utf8(one).unwrap().replace("\"iterations\":1", "\"iterations\":2");
    assert_eq!(open_secret(dearer.as_bytes(), "receipt", &all).err(), Some(KeyFileFault::Locked));
}
