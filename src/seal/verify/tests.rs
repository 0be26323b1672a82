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
}

// shows: P11-10a.a
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
    assert!(finding.row.as_deref().is_some_and(|row| row.ends_with("entry 4")), "{finding}");
    assert!(finding.to_string().starts_with("body-changed: "), "{finding}");
}

// shows: P11-10a.a, T13.a
#[test]
fn a_chain_hashed_again_after_an_edit_differs_from_the_log() {
    let mut world = World::new();
    let row = world.run(4);
    let body = String::from_utf8(world.journal[row].body.clone()).unwrap();
    world.journal[row].body = body.replace("6.60", "6.90").into_bytes();
    world.rehash_from(4);
    let report = world.verify();
    // The signed roots speak: of the first checkpoint over it, and of the head.
    let found = report.findings.iter().find(|finding| finding.code == Code::TreeDiffers).unwrap();
    assert_eq!((found.table.as_str(), found.seq), ("checkpoints", Some(2)));
    assert!(found.detail.contains("leaves 4 to 8") && found.detail.contains("2 checkpoints"));
    assert!(report.findings.iter().any(|f| f.code == Code::TreeDiffers && f.table == "log_head"));
    // The later signatures stood on another chain head.
    assert!(report.has(Code::SignatureMoved), "{report:?}");
}

// shows: T13.a, T13.b
#[test]
fn a_rewrite_with_the_log_key_is_found_by_signatures_or_a_kept_checkpoint() {
    let whole = World::new();
    let mut world = whole.clone();
    let row = world.run(6);
    let body = String::from_utf8(world.journal[row].body.clone()).unwrap();
    world.journal[row].body = body.replace("7.00", "7.10").into_bytes();
    world.rehash_from(6);
    world.sign_anew();
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
    world.sign_anew();
    assert_eq!(world.codes(), vec![Code::SignatureMoved]);
}

// shows: P11-10a.b, T13.b
#[test]
fn a_log_cut_back_is_found_with_a_kept_checkpoint() {
    let whole = World::new();
    let kept =
        Options { kept_checkpoint: Some(whole.checkpoints[2].note.clone()), ..Options::default() };
    let mut world = whole.clone();
    let size = world.checkpoints[1].size;
    world.checkpoints.truncate(2);
    world.journal.retain(|row| row.leaf < size);
    world.access.retain(|row| row.leaf < size);
    world.sign_head();
    assert!(world.verify().is_whole());
    let report = world.verify_with(kept);
    assert_eq!(world::codes(&report), vec![Code::KeptCheckpointDiffers]);
    assert!(report.findings[0].detail.contains("cut back"), "{report:?}");
    // A head kept elsewhere serves as well.
    let head = |note: &str| Options { kept_checkpoint: Some(note.into()), ..Options::default() };
    let newest = whole.head.clone().unwrap().note;
    assert!(whole.verify_with(head(&newest)).is_whole());
    let report = world.verify_with(head(&newest));
    assert_eq!(world::codes(&report), vec![Code::KeptCheckpointDiffers]);
    let rubbish = Options { kept_checkpoint: Some("no".into()), ..Options::default() };
    assert_eq!(world::codes(&whole.verify_with(rubbish)), vec![Code::KeptCheckpoint]);
}

#[test]
fn deleted_rows_are_found_in_the_middle_and_at_the_end() {
    for seq in [1, 3] {
        let mut world = World::new();
        let row = world.run(seq);
        world.journal.remove(row);
        let report = world.verify();
        let chain = report.findings.iter().find(|f| f.code == Code::EntriesMissing).unwrap();
        assert_eq!((chain.record, chain.seq), (Some(RUN), Some(seq)), "{report:?}");
        assert!(report.has(Code::LeafMissing), "{report:?}");
    }
    let mut world = World::new();
    world.journal.remove(world.run(6));
    assert_eq!(world.codes(), vec![Code::TreeCut], "the newest of all");
    let mut world = World::new();
    world.access.remove(0);
    assert_eq!(world.codes(), vec![Code::EntriesMissing, Code::LeafMissing]);
    let mut world = World::new();
    world.access.pop();
    assert_eq!(world.codes(), vec![Code::LeafMissing]);
    let mut world = World::new();
    world.journal.retain(|row| row.record_id != RUN);
    assert!(world.verify().has(Code::LeafMissing));
}

// shows: P11-10a.c
#[test]
fn a_row_behind_the_head_is_forged_with_right_hashes_and_without() {
    let head = |world: &World| world.head.clone();
    let mut world = World::new();
    let before = head(&world);
    world.act("run", RUN, "run.noted", serde_json::json!({}), &[]);
    world.head = before.clone();
    let report = world.verify();
    assert_eq!(world::codes(&report), vec![Code::RowForged]);
    assert_eq!(report.findings[0].table, "journal");
    assert_eq!(report.findings[0].row.as_deref(), Some("leaf 11"));
    let mut world = World::new();
    world.sign_in("mallory");
    world.head = before.clone();
    let report = world.verify();
    assert_eq!(world::codes(&report), vec![Code::RowForged]);
    assert_eq!(report.findings[0].table, "access_log");
    let mut world = World::new();
    let rubbish = JournalRow { seq: 9, header: vec![b'x'], ..world.journal[3].clone() };
    world.push(rubbish);
    world.head = before;
    assert!(world.verify().has(Code::RowForged));
}

#[test]
fn every_change_of_the_head_is_found() {
    type Change = fn(&mut World);
    let changes: [(Code, Change); 9] = [
        (Code::HeadMissing, |world| world.head = None),
        (Code::ColumnDiffers, |world| world.head.as_mut().unwrap().size += 1),
        (Code::ColumnDiffers, |world| world.head.as_mut().unwrap().checkpoint -= 1),
        (Code::ColumnDiffers, |world| world.head.as_mut().unwrap().at += 1),
        (Code::ColumnDiffers, |world| world.head.as_mut().unwrap().root[7] ^= 1),
        (Code::ColumnDiffers, |world| world.head.as_mut().unwrap().frontier[7] ^= 1),
        (Code::HeadForged, |world| {
            let head = world.head.as_mut().unwrap();
            head.note = head.note.replace("head 3", "head 2");
        }),
        (Code::HeadForged, |world| {
            world.head.as_mut().unwrap().note = world.checkpoints[2].note.clone();
        }),
        // Put back, with the rows behind it left.
        (Code::RowForged, |world| world.head = Some(world.head_at(10))),
    ];
    for (code, change) in changes {
        let mut world = World::new();
        change(&mut world);
        assert_eq!(world.codes()[0], code);
    }
    // Put back, with the rows behind it cut: the checkpoints speak, and without them the head's count of them.
    let mut world = World::new();
    world.head = Some(world.head_at(10));
    world.journal.remove(world.run(6));
    assert_eq!(world.codes(), vec![Code::TreeCut]);
    world.checkpoints.pop();
    assert_eq!(world.codes(), vec![Code::CheckpointMissing]);
}

#[test]
fn renumbered_swapped_doubled_and_missing_leaves_are_found() {
    let mut world = World::new();
    let (a, b) = (world.run(2), world.run(3));
    (world.journal[a].leaf, world.journal[b].leaf) = (world.journal[b].leaf, world.journal[a].leaf);
    assert_eq!(world.codes(), vec![Code::LeafOrder, Code::TreeDiffers]);
    let mut world = World::new();
    let (entry, attempt) = (world.run(4), 1);
    let leaf = world.journal[entry].leaf;
    world.journal[entry].leaf = std::mem::replace(&mut world.access[attempt].leaf, leaf);
    assert_eq!(world.codes(), vec![Code::TreeDiffers], "no chain is out of order, the roots are");
    let mut world = World::new();
    world.access[1].leaf = world.journal[world.run(4)].leaf;
    assert_eq!(world.codes(), vec![Code::LeafMissing, Code::LeafTwice]);
    let mut world = World::new();
    let last = world.run(6);
    world.journal[last].leaf = 40;
    assert_eq!(world.codes(), vec![Code::RowForged, Code::TreeCut]);
}

#[test]
fn removed_and_swapped_checkpoints_are_found() {
    let mut world = World::new();
    world.checkpoints.remove(1);
    assert_eq!(world.codes(), vec![Code::CheckpointMissing]);
    let mut world = World::new();
    world.checkpoints.pop();
    assert_eq!(world.codes(), vec![Code::CheckpointMissing], "the head names the newest");
    let mut world = World::new();
    world.checkpoints.swap(0, 1);
    let codes = world.codes();
    assert!(codes.starts_with(&[Code::CheckpointMissing]), "{codes:?}");
    let mut world = World::new();
    let (one, other) = (world.checkpoints[0].clone(), world.checkpoints[1].clone());
    world.checkpoints[0] = CheckpointRow { number: 1, ..other };
    world.checkpoints[1] = CheckpointRow { number: 2, ..one };
    assert!(world.verify().has(Code::ColumnDiffers));
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
    assert!(codes.contains(&Code::LeafOrder), "{codes:?}");
}

#[test]
fn every_copied_column_is_compared() {
    type Change = fn(&mut JournalRow);
    let changes: [(&str, Change); 6] = [
        ("record_kind", |row| row.record_kind = "master".into()),
        ("at", |row| row.at = Some(1)),
        ("at", |row| row.at = None),
        ("event", |row| row.event = "run.released".into()),
        ("actor", |row| row.actor = None),
        ("actor", |row| row.actor = Some(vec![7; 16])),
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
    let attempts: [fn(&mut AccessRowStored); 5] = [
        |row| row.at = Some(1),
        |row| row.what = "sign-out".into(),
        |row| row.user_name = Some("anna".into()),
        |row| row.person = Some(vec![7; 16]),
        |row| row.outcome = "failed".into(),
    ];
    for change in attempts {
        let mut world = World::new();
        change(&mut world.access[1]);
        assert_eq!(world.codes(), vec![Code::ColumnDiffers]);
    }
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
    // shows: P11-10a.a
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
        parts.extend(world.head.iter_mut().flat_map(|head| [&mut head.root, &mut head.frontier]));
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
    world.journal.remove(world.run(6));
    let json = serde_json::to_value(world.verify()).unwrap();
    assert_eq!(json["findings"][0]["code"], "tree-cut");
    assert_eq!(json["counts"]["leaves"], 10);
    assert!(json["findings"][0]["record"] == Value::Null && sample::AT > 0);
}
