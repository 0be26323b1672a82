//! A checkpoint is one exact text under one key; every column of its row is in it.

use super::*;
use crate::seal::key::KeyKind;
use crate::seal::sample;
use crate::seal::tree::Tree;

const ORIGIN: &str = "example.org/batchwright/demo";

/// Frozen, computed by an independent program: C2SP checkpoint text with two extension lines, in a signed note.
const NOTE: &str = "\
example.org/batchwright/demo\n\
5\n\
heIMrB8C/ae82y/D+QhWjFcBjHeBXx+jYaytE5lPCL8=\n\
number 7\n\
time 2026-03-09T03:10:00.000000Z\n\n\
— example.org/batchwright/demo 7u/6slEgXVvuzF/Zi9L85hoeJoImdRGetWfrxYxmIvhFPrXxbkgVdhFVtXI+yHMAtELtBxsmyv6dS3OkGXUsu/z3wwY=\n";

fn key() -> PrivateKey {
    sample::key(KeyKind::Ed25519, 3)
}

fn signed(number: u64, size: u8) -> Checkpoint {
    let tree = Tree::of(&(0..size).map(|n| [n; 32]).collect::<Vec<_>>());
    Checkpoint::sign(ORIGIN, number, tree.size(), tree.root(), sample::AT, &key()).unwrap()
}

#[test]
fn frozen_bytes_of_a_checkpoint() {
    assert_eq!(signed(7, 5).note, NOTE);
}

#[test]
fn opens_what_it_signed() {
    let checkpoint = signed(7, 5);
    let other = sample::key(KeyKind::Ed25519, 4).public();
    let opened = Checkpoint::open(&checkpoint.note, ORIGIN, &[other.clone(), key().public()]);
    assert_eq!(opened, Ok((checkpoint.clone(), 1)));
    assert_eq!(
        Checkpoint::open(&checkpoint.note, ORIGIN, &[other]),
        Err(CheckpointFault::UnknownKey)
    );
    assert!(matches!(
        Checkpoint::open(&checkpoint.note, "example.org/other", &[key().public()]),
        Err(CheckpointFault::OtherLog { .. })
    ));
    assert!(verifier_key(ORIGIN, &key().public()).unwrap().starts_with(&format!("{ORIGIN}+")));
}

#[test]
fn any_key_signs_whatever_its_base64_looks_like() {
    for number in 0..=255 {
        let key = sample::key(KeyKind::Ed25519, number);
        let made = Checkpoint::sign(ORIGIN, 1, 1, [1; 32], sample::AT, &key).unwrap();
        assert!(Checkpoint::open(&made.note, ORIGIN, &[key.public()]).is_ok());
    }
}

#[test]
fn every_byte_of_the_note_counts() {
    let note = signed(7, 5).note.into_bytes();
    for index in 0..note.len() {
        for bit in 0..8 {
            let mut changed = note.clone();
            changed[index] ^= 1 << bit;
            if let Ok(text) = String::from_utf8(changed) {
                assert!(Checkpoint::open(&text, ORIGIN, &[key().public()]).is_err(), "{text}");
            }
        }
    }
}

#[test]
fn nothing_can_be_added() {
    let note = signed(7, 5).note;
    let line = note.lines().last().unwrap().to_owned();
    for changed in [
        format!("{note}{line}\n"),
        format!("{note}\n"),
        note.replace("\nnumber 7", "\nnumber 7\nnumber 8"),
        note.replace("number 7", "number 07"),
        note.replace('\n', "\r\n"),
        String::new(),
    ] {
        assert!(Checkpoint::open(&changed, ORIGIN, &[key().public()]).is_err(), "{changed}");
    }
    // A second, foreign signature would be unsigned bytes in an append-only row.
    let mut parsed = Note::from_bytes(note.as_bytes()).unwrap();
    parsed.add_sigs(&[&signer("elsewhere", &sample::key(KeyKind::Ed25519, 9)).unwrap()]).unwrap();
    let two = String::from_utf8(parsed.to_bytes()).unwrap();
    assert!(Checkpoint::open(&two, ORIGIN, &[key().public()]).is_err());
}

#[test]
fn a_later_checkpoint_contains_the_earlier_or_is_refused() {
    let links: Vec<Hash> = (0..9).map(|n| [n; 32]).collect();
    let tree = Tree::of(&links);
    let proof = tree.consistency_proof(5, 9).unwrap();
    let (old, new) = (signed(1, 5), signed(2, 9));
    assert_eq!(check_consistency(&old, &new, &proof), Ok(()));
    let rewritten = Checkpoint { root: [1; 32], ..new.clone() };
    assert_eq!(
        check_consistency(&old, &rewritten, &proof),
        Err(CheckpointFault::NotConsistent { old: 5, new: 9 })
    );
    assert!(check_consistency(&new, &old, &proof).is_err());
}

#[test]
fn origins_and_keys_that_cannot_sign_are_refused() {
    for origin in ["", "a b", "a+b", "a\nb", "a\u{7f}"] {
        assert_eq!(
            Checkpoint::sign(origin, 1, 0, [0; 32], 0, &key()),
            Err(CheckpointFault::Origin(origin.into()))
        );
    }
    let person = sample::key(KeyKind::P256, 3);
    assert_eq!(Checkpoint::sign(ORIGIN, 1, 0, [0; 32], 0, &person), Err(CheckpointFault::KeyKind));
    assert_eq!(
        Checkpoint::sign(ORIGIN, 1, 0, [0; 32], i64::MAX, &key()),
        Err(CheckpointFault::Time(i64::MAX))
    );
}

#[test]
fn a_head_is_no_checkpoint_and_no_checkpoint_a_head() {
    let signer = LogSigner::new(ORIGIN, &key()).unwrap();
    let head = signer.head(7, 5, [3; 32], sample::AT).unwrap();
    let keys = [key().public()];
    assert_eq!(Head::open(&head.note, ORIGIN, &keys), Ok((head.clone(), 0)));
    assert!(head.note.contains("\nhead 7\ntime "), "{}", head.note);
    let no_head = Err(CheckpointFault::Malformed("the number"));
    assert_eq!(Checkpoint::open(&head.note, ORIGIN, &keys), no_head);
    assert!(Head::open(&signed(7, 5).note, ORIGIN, &keys).is_err());
    for index in 0..head.note.len() {
        let mut changed = head.note.clone().into_bytes();
        changed[index] ^= 1;
        if let Ok(text) = String::from_utf8(changed) {
            assert!(Head::open(&text, ORIGIN, &keys).is_err(), "{text}");
        }
    }
}
