//! Every way to tamper with rows is found and named; a whole journal gives no finding.

mod keys;
mod world;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::seal::digest;
use crate::seal::sample::{self, RUN};
use world::World;

#[test]
fn a_whole_site_has_no_finding() {
    let world = World::new();
    let report = world.verify();
    assert_eq!(report.findings, vec![]);
    assert!(report.is_whole());
    let founding = world::site_key(crate::seal::site::KeyUse::Founding).public().id();
    assert_eq!(report.founding_key, Some(founding.to_hex()));
    let counts = report.counts;
    assert_eq!((counts.records, counts.entries, counts.access_rows), (4, 9, 2));
    assert_eq!((counts.leaves, counts.covered, counts.checkpoints), (11, 11, 3));
    assert_eq!((counts.entries_uncovered, counts.access_rows_uncovered), (0, 0));
    assert_eq!((counts.signatures, counts.statements, counts.enrolments), (4, 2, 2));
    assert_eq!((counts.blobs, counts.blobs_unnamed), (1, 0));
}

#[test]
fn rows_beyond_the_last_checkpoint_are_counted_not_blamed() {
    let mut world = World::new();
    world.act("run", RUN, "run.noted", serde_json::json!({}), &[]);
    world.sign_in("anna");
    let report = world.verify();
    assert!(report.is_whole(), "{report:?}");
    assert_eq!((report.counts.entries_uncovered, report.counts.access_rows_uncovered), (1, 1));
    // Not even their leaves are there yet: still waiting for the sequencer.
    world.leaves.truncate(11);
    assert!(world.verify().is_whole());
}

// shows: P11-10a, T13
#[test]
fn a_changed_body_is_found_and_names_record_occurrence_entry_and_person() {
    let mut world = World::new();
    let row = world.run(4);
    let body = String::from_utf8(world.journal[row].body.clone()).unwrap();
    world.journal[row].body = body.replace("6.60", "6.90").into_bytes();
    let report = world.verify();
    let [finding] = &report.findings[..] else { panic!("{report:?}") };
    assert_eq!(finding.code, Code::BodyChanged);
    assert_eq!((finding.number.as_deref(), finding.seq), (Some("AMAB-26-001"), Some(4)));
    assert_eq!(finding.person.as_deref(), Some("Anna Møller (anna)"));
    assert_eq!(finding.row.as_deref(), Some("run-4"));
    assert!(finding.to_string().starts_with("body-changed: "), "{finding}");
}

// shows: P11-10a, T13
#[test]
fn a_chain_hashed_again_after_an_edit_differs_from_the_log() {
    let mut world = World::new();
    let row = world.run(4);
    let body = String::from_utf8(world.journal[row].body.clone()).unwrap();
    world.journal[row].body = body.replace("6.60", "6.90").into_bytes();
    world.rehash_from(4);
    let report = world.verify();
    let found = report.findings.iter().find(|finding| finding.code == Code::LeafDiffers).unwrap();
    assert_eq!((found.seq, found.record), (Some(4), Some(RUN)));
    assert_eq!(found.occurrence.as_deref(), Some("05.2.1"));
    assert_eq!(found.entry.as_deref(), Some("ph"));
    assert!(found.detail.contains("2 later ones"), "{found}");
    // The later signatures stood on another chain head.
    assert!(report.has(Code::SignatureMoved));
    // With the leaves exchanged too, the signed roots speak.
    world.relink_leaves();
    let report = world.verify();
    assert!(report.has(Code::TreeDiffers) && !report.has(Code::LeafDiffers), "{report:?}");
}

// shows: T13
#[test]
fn a_rewrite_with_the_log_key_is_found_by_signatures_or_a_kept_checkpoint() {
    let whole = World::new();
    let mut world = whole.clone();
    let row = world.run(6);
    let body = String::from_utf8(world.journal[row].body.clone()).unwrap();
    world.journal[row].body = body.replace("7.00", "7.10").into_bytes();
    world.rehash_from(6);
    world.relink_leaves();
    world.resign_checkpoints();
    assert!(world.verify().is_whole());
    let kept = |number: usize| Options {
        kept_checkpoint: Some(whole.checkpoints[number].note.clone()),
        ..Options::default()
    };
    let found = world::codes(&world.verify_with(kept(2)));
    assert_eq!(found, vec![Code::KeptCheckpointDiffers]);
    assert!(world.verify_with(kept(1)).is_whole());
    assert!(whole.verify_with(kept(2)).is_whole());
    // An entry under later signatures cannot be rewritten even then.
    let mut world = whole.clone();
    world.rehash_from(2);
    let row = world.run(3);
    world.journal[row].salt = vec![9; 16];
    world.rehash_from(3);
    world.relink_leaves();
    world.resign_checkpoints();
    assert_eq!(world.codes(), vec![Code::SignatureMoved]);
}

// shows: T13
#[test]
fn a_log_cut_back_is_found_with_a_kept_checkpoint() {
    let whole = World::new();
    let kept =
        Options { kept_checkpoint: Some(whole.checkpoints[2].note.clone()), ..Options::default() };
    let mut world = whole.clone();
    let size = world.checkpoints[1].size as usize;
    world.leaves.truncate(size);
    world.checkpoints.truncate(2);
    world.journal.retain(|row| row.record_id != RUN || row.seq <= 4);
    assert!(world.verify().is_whole());
    let report = world.verify_with(kept);
    assert_eq!(world::codes(&report), vec![Code::KeptCheckpointDiffers]);
    assert!(report.findings[0].detail.contains("cut back"), "{report:?}");
    let rubbish = Options { kept_checkpoint: Some("no".into()), ..Options::default() };
    assert_eq!(world::codes(&whole.verify_with(rubbish)), vec![Code::KeptCheckpoint]);
}

#[test]
fn deleted_rows_are_found_in_the_middle_and_at_the_end() {
    for (seq, code) in
        [(3, Code::EntriesMissing), (6, Code::EntryMissing), (1, Code::EntriesMissing)]
    {
        let mut world = World::new();
        let row = world.run(seq);
        world.journal.remove(row);
        let report = world.verify();
        let finding = report.findings.iter().find(|finding| finding.code == code).unwrap();
        assert_eq!((finding.record, finding.seq), (Some(RUN), Some(seq)), "{report:?}");
    }
    let mut world = World::new();
    world.access.remove(0);
    assert_eq!(world.codes(), vec![Code::EntriesMissing]);
    let mut world = World::new();
    world.access.pop();
    assert_eq!(world.codes(), vec![Code::EntryMissing]);
    let mut world = World::new();
    world.journal.retain(|row| row.record_id != RUN);
    assert!(world.verify().has(Code::EntryMissing));
}

#[test]
fn deleted_or_exchanged_leaves_and_checkpoints_are_found() {
    let mut world = World::new();
    world.leaves.pop();
    assert_eq!(world.codes(), vec![Code::TreeCut]);
    let mut world = World::new();
    world.leaves.remove(3);
    assert_eq!(world.codes(), vec![Code::LeafMissing]);
    let mut world = World::new();
    let (a, b) = (world.leaves[5].clone(), world.leaves[6].clone());
    world.leaves[5] = LeafRow { index: 5, ..b };
    world.leaves[6] = LeafRow { index: 6, ..a };
    assert_eq!(world.codes(), vec![Code::LeafOrder, Code::TreeDiffers]);
    let mut world = World::new();
    world.leaves[5].record_kind = Some("site".into());
    assert_eq!(world.codes(), vec![Code::ColumnDiffers]);
    let mut world = World::new();
    world.leaves[5].source = None;
    assert!(world.verify().has(Code::LeafSource));
    let mut world = World::new();
    world.leaves[5].source = world.leaves[6].source;
    assert!(world.verify().has(Code::LeafSource));
    let mut world = World::new();
    world.checkpoints.remove(1);
    assert_eq!(world.codes(), vec![Code::CheckpointMissing]);
    let mut world = World::new();
    world.checkpoints.swap(0, 1);
    assert_eq!(world.codes(), vec![Code::CheckpointMissing, Code::CheckpointSize]);
}

#[test]
fn swapped_entries_are_found() {
    let mut world = World::new();
    let (two, three) = (world.run(2), world.run(3));
    world.journal[two].seq = 3;
    world.journal[three].seq = 2;
    world.journal.swap(two, three);
    let codes = world.codes();
    assert!(
        codes.contains(&Code::ColumnDiffers) && codes.contains(&Code::EntrySwapped),
        "{codes:?}"
    );
    assert!(codes.contains(&Code::LeafDiffers));
}

#[test]
fn every_copied_column_is_compared() {
    type Change = fn(&mut JournalRow);
    let changes: [(&str, Change); 4] = [
        ("record_kind", |row| row.record_kind = "master".into()),
        ("user_name", |row| row.copies[0].value = "berta".into()),
        ("at", |row| row.copies[1].value = 1.into()),
        ("area", |row| row.copies[2].value = "A1".into()),
    ];
    for (name, change) in changes {
        let mut world = World::new();
        let row = world.run(2);
        change(&mut world.journal[row]);
        let report = world.verify();
        let [finding] = &report.findings[..] else { panic!("{name}: {report:?}") };
        assert_eq!(finding.code, Code::ColumnDiffers);
        assert!(finding.detail.contains(name) && finding.expected != finding.found, "{finding}");
    }
    let mut world = World::new();
    world.access[1].copies[0].value = "anna".into();
    assert_eq!(world.codes(), vec![Code::ColumnDiffers]);
    let checkpoints: [fn(&mut CheckpointRow); 3] =
        [|row| row.at += 1, |row| row.root[0] ^= 1, |row| row.size += 1];
    for change in checkpoints {
        let mut world = World::new();
        change(&mut world.checkpoints[0]);
        assert!(world.verify().has(Code::ColumnDiffers));
    }
}

#[test]
fn blobs_are_what_their_hash_says_and_there() {
    let mut world = World::new();
    world.blobs[0].found_hash[0] ^= 1;
    assert_eq!(world.codes(), vec![Code::BlobChanged]);
    let mut world = World::new();
    world.blobs[0].length += 1;
    assert_eq!(world.codes(), vec![Code::BlobChanged]);
    let mut world = World::new();
    let hash = world.blobs.remove(0).hash;
    let report = world.verify();
    assert_eq!(report.findings[0].expected, Some(hex::encode(hash)));
    assert_eq!(world::codes(&report), vec![Code::BlobMissing]);
    let mut world = World::new();
    let master = serde_json::json!({"master": {"content_hash": "ab".repeat(32)}});
    world.act("run", RUN, "run.reissued", master, &[]);
    assert_eq!(world.codes(), vec![Code::BlobMissing]);
    let mut world = World::new();
    let found_hash = digest::sha256(&[b"x"]);
    world.blobs.push(BlobRow { hash: found_hash.to_vec(), length: 1, found_hash, found_length: 1 });
    assert_eq!((world.codes(), world.verify().counts.blobs_unnamed), (vec![], 1));
}

#[test]
fn rows_that_cannot_be_are_findings() {
    let mut verifier = Verifier::new(Options::default());
    verifier.unreadable("journal", "17", "the column seq is negative");
    let report = verifier.finish();
    assert_eq!(world::codes(&report), vec![Code::RowUnreadable, Code::NotFounded]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    // shows: P11-10a
    #[test]
    fn any_flipped_bit_of_any_stored_byte_is_found(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut world = World::new();
        flip(&mut world, at, bit);
        prop_assert!(!world.verify().is_whole());
    }
}

/// Flips one bit somewhere in the bytes of all append-only rows.
fn flip(world: &mut World, at: prop::sample::Index, bit: u8) {
    let mut notes: Vec<Vec<u8>> =
        world.checkpoints.iter().map(|row| row.note.clone().into_bytes()).collect();
    {
        let mut parts: Vec<&mut Vec<u8>> = Vec::new();
        for row in &mut world.journal {
            parts.extend([&mut row.header, &mut row.salt, &mut row.body, &mut row.link]);
        }
        for row in &mut world.access {
            parts.extend([&mut row.bytes, &mut row.link]);
        }
        parts.extend(world.leaves.iter_mut().map(|leaf| &mut leaf.hash));
        parts.extend(world.checkpoints.iter_mut().map(|row| &mut row.root));
        parts.extend(notes.iter_mut());
        let length = parts.iter().map(|part| part.len()).sum();
        let mut index = at.index(length);
        for part in parts {
            if index < part.len() {
                part[index] ^= 1 << bit;
                break;
            }
            index -= part.len();
        }
    }
    for (row, note) in world.checkpoints.iter_mut().zip(notes) {
        row.note = String::from_utf8_lossy(&note).into_owned();
    }
}

#[test]
fn a_report_can_be_written_as_json() {
    let mut world = World::new();
    world.leaves.pop();
    let json = serde_json::to_value(world.verify()).unwrap();
    assert_eq!(json["findings"][0]["code"], "tree-cut");
    assert_eq!(json["counts"]["leaves"], 10);
    assert!(json["findings"][0]["record"] == Value::Null && sample::AT > 0);
}
