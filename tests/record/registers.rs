//! Contents, registers and lists: each page can be found, each signature says what it is under, each thing used is named.

use crate::decided::*;
use crate::life::{at, life, recipe};
use crate::play::*;
use crate::words::words;
use batchwright::domain::disposition::Disposition;
use batchwright::domain::exception::{ExceptionKind as Kind, Severity};
use batchwright::domain::ids::StepKey;
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::acts::RunEvent;
use batchwright::domain::run::acts::review::Reviewed;
use batchwright::domain::run::obligations::Status;
use batchwright::domain::signing::Meaning;
use batchwright::record::model::ObligationLine;
use batchwright::record::pdf::document::{Block, Document};
use batchwright::record::pdf::pages_said;
use batchwright::record::report::build;
use serde_json::json;

fn document(play: &Play) -> Document {
    with_record(play, |_| (), |record| build(record, b"[]".to_vec()))
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

// finding: R9
#[test]
fn the_printed_contents_name_the_page_on_which_each_chapter_stands() {
    let document = document(&life());
    let pages = pages_said(&document).expect("lays out");
    let is_it = |page: &&String| page.lines().any(|line| line == "Contents");
    let first = pages.iter().position(|page| is_it(&page)).expect("the contents");
    let contents = pages[first..].iter().take(2).map(String::as_str).collect::<Vec<_>>();
    let contents = contents.join("\n");
    for chapter in [
        "Equipment and component lots",
        "Exceptions",
        "Signatures",
        "Persons",
        "Obligations",
        "Audit trail",
        "Integrity",
    ] {
        let line = |words: &str| {
            let lines = contents.lines().skip_while(|line| *line != "Contents");
            lines.skip_while(|line| !line.starts_with(words)).take(2).collect::<String>()
        };
        let number = line(chapter).replace(chapter, "");
        let number: usize = number
            .chars()
            .take_while(char::is_ascii_digit)
            .collect::<String>()
            .parse()
            .unwrap_or_else(|_| panic!("{chapter}: {:?} in {contents}", line(chapter)));
        let page = &pages[number - 1];
        assert!(
            page.lines().any(|line| line == chapter),
            "{chapter} stands not on {number}: {page}"
        );
    }
}

// shows: T29.c
// finding: N24
#[test]
fn the_register_of_signatures_says_what_each_signed_those_of_lots_and_deviations_too() {
    let mut play = life();
    let no = opened(&mut play, (Kind::HoldTime, Severity::Critical), None, "held too long");
    deviates(&mut play, &[no], "DEV-2026-0002");
    let covers_seq = play.run.seq;
    let reviewed = Reviewed { covers_seq, conclusion: "read whole".into() };
    play.act(QADIR, RunEvent::Reviewed(reviewed), &[(QADIR, Meaning::Reviewed)]);
    yielded(&mut play);
    let told = deviation(&play, "DEV-2026-0002", "Held too long", "no effect");
    let lot = lot(&play, Disposition::Released, "it conforms");
    let document = with_record(
        &play,
        |record| {
            record.deviations = vec![&told];
            record.lots = vec![&lot];
            let quella = signed(QUELLA, Meaning::Released, &play).person;
            record.keys.insert(quella, vec!["f1".repeat(16)]);
        },
        |record| build(record, b"[]".to_vec()),
    );
    let rows: Vec<String> = tables(&document)
        .filter(|table| table.columns.iter().any(|it| it.title.words() == "What was signed"))
        .flat_map(|table| &table.rows)
        .map(|row| row.cells.iter().flat_map(|cell| &cell.0).map(|it| it.words() + " | ").collect())
        .collect();
    let has = |parts: &[&str]| {
        let found = rows.iter().any(|row| parts.iter().all(|part| row.contains(part)));
        assert!(found, "{parts:?}: {rows:#?}");
    };
    has(&["Sue Lindqvist sue, supervisor", "issued and checked", "issued"]);
    has(&["Omar Haddad", "witnessed", "step completed OP-03.2~1/work~1 Neutralise, count, clear"]);
    has(&["Qadir Qureshi", "reviewed record and audit trail", "reviewed"]);
    has(&[
        "lot AMAB-26-014-DS",
        "Quella Tanaka",
        "released",
        "lot AMAB-26-014-DS released: “it conforms”",
    ]);
    has(&[
        "DEV-2026-0002",
        "Quella Tanaka",
        "approved",
        "closing of deviation DEV-2026-0002: “no effect”",
    ]);
    has(&[
        "DEV-2026-0002",
        "Sue Lindqvist",
        "authored",
        "investigation of deviation DEV-2026-0002",
    ]);
    let all = flat(&words(&document));
    assert!(all.contains(&format!("QT Quella Tanaka quella qa 5, 7 {}", "f1".repeat(16))), "{all}");
}

fn tables(document: &Document) -> impl Iterator<Item = &batchwright::record::pdf::document::Table> {
    document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    })
}

/// The sample's recipe with a vessel and a lot to be named.
fn with_equipment() -> MasterRecord {
    let mut document = serde_json::to_value(recipe()).expect("a recipe");
    document["materials"] = json!([{ "code": "ACE", "name": "Acetic acid", "role": "raw-material", "quantity": { "value": "8", "unit": "kg" } }]);
    let step = &mut document["unit_procedures"][0]["operations"][0]["steps"][1];
    let entries = step["entries"].as_array_mut().expect("entries");
    entries.push(
        json!({ "id": "vessel", "name": "Vessel", "kind": "equipment", "class": "bioreactor" }),
    );
    entries
        .push(json!({ "id": "acid", "name": "Lot of the acid", "kind": "lot", "material": "ACE" }));
    entries.push(
        json!({ "id": "weight", "name": "Weight of the acid", "kind": "number", "unit": "kg" }),
    );
    serde_json::from_value(document).expect("a recipe")
}

// shows: C211-188b2.a, Q7-6.5.b, Q7-6.5.c, CH4-20.d, CH4-20.e
// finding: R9
#[test]
fn equipment_and_component_lots_are_lists_with_where_each_was_used() {
    let mut play = Play::issued(with_equipment());
    play.operation("OP-03.2");
    for k in 1..=2 {
        let step = StepKey::new("OP-03.2", 1, "work", k);
        play.start(&step);
        let vessel = json!({ "class": "bioreactor", "equipment": "BR-101", "key": "BR-101" });
        play.record(OLGA, &at(&step, "vessel"), other("equipment", vessel, "BR-101"));
    }
    let step = StepKey::new("OP-03.2", 1, "work", 2);
    let label = json!({ "scanned": "x", "expiry": "2027-03-31" });
    let acid = json!({ "material": "ACE", "lot": "A-77", "key": "A-77", "label": label });
    play.record(OLGA, &at(&step, "acid"), other("lot", acid, "A-77"));
    play.record(OLGA, &at(&step, "weight"), number("7.9", "kg", "7.9 kg"));
    let due = play.now.plus_minutes(200_000);
    let data = json!({ "at": at(&step, "probe"), "value": number("6.91", "[pH]", "6.91 pH"),
        "raw": "6.91", "verdicts": [], "basis": { "kind": "device", "id": "PH-0417" },
        "source": { "device": "PH-0417", "calibration_due": due, "verified": true },
        "under_exceptions": [], "check_owed": false, "exceptions": [] });
    play.act(OLGA, event("entry-recorded", data), &[]);
    let words = words(&document(&play));
    let (_, lists) = words.split_once("Equipment used").expect("the list");
    for row in [
        "BR-101\nbioreactor\nnot recorded\nOP-03.2~1 work (2 times)",
        "PH-0417\npH by probe\n2026-07-",
        "Acetic acid ACE\nA-77\n2027-03-31\nWeight of the acid 7.9 kg\n⚠\u{a0}is no lot of this house, and quality has not accepted it\nOP-03.2~1 work",
    ] {
        assert!(lists.contains(row), "{row:?}: {lists}");
    }
}

/// A batch in which a lot of acid was used, with what quality decided on it, supplier by supplier.
fn with_acid(decided: &[(&str, bool)]) -> Play {
    let mut play = Play::issued(with_equipment());
    play.operation("OP-03.2");
    let step = StepKey::new("OP-03.2", 1, "work", 1);
    play.start(&step);
    let acid = json!({ "material": "ACE", "lot": "A-77", "key": "A-77" });
    play.record(OLGA, &at(&step, "acid"), other("lot", acid, "A-77"));
    for (supplier, accepted) in decided {
        let told = json!({ "lot": "A-77", "supplier": supplier, "document": "certificate 9",
            "accepted": accepted });
        let meaning = Meaning::Approved;
        play.act(QUELLA, event("foreign-lot-decided", told), &[(QUELLA, meaning)]);
    }
    play
}

/// The row of the lot of acid in the list of component lots.
fn row_of_acid(play: &Play) -> String {
    let words = words(&document(play));
    let (_, lists) = words.split_once("Component lots used").expect("the list");
    let (_, row) = lists.split_once("A-77\n").expect("the lot");
    row.lines().take(3).collect::<Vec<_>>().join(" | ")
}

#[test]
fn a_component_lot_is_told_as_the_rules_judge_it_before_and_after_a_lot_came_out() {
    let unknown = with_acid(&[]);
    assert!(row_of_acid(&unknown).contains("quality has not accepted it"));
    let mut accepted = with_acid(&[("Merkel", true)]);
    let word = "is accepted by Quella Tanaka: Merkel, certificate 9";
    assert!(row_of_acid(&accepted).contains(word), "{}", row_of_acid(&accepted));
    yielded(&mut accepted);
    assert!(row_of_acid(&accepted).contains(word), "{}", row_of_acid(&accepted));
    // Of two suppliers whose lots read alike, one that was refused keeps back what the other may not.
    let mut refused = with_acid(&[("Merkel", false), ("Sorba", true)]);
    let word = "was refused by quality: certificate 9";
    assert!(row_of_acid(&refused).contains(word), "{}", row_of_acid(&refused));
    yielded(&mut refused);
    assert!(row_of_acid(&refused).contains(word), "{}", row_of_acid(&refused));
}

#[test]
fn a_lot_that_was_taken_away_is_told_so_and_is_none_of_those_that_may_be_used() {
    let mut play = with_acid(&[("Merkel", true)]);
    yielded(&mut play);
    let told = json!({ "lot": LOT, "parent": "A-77", "reason": "the drum was never opened" });
    play.act(QUELLA, event("parent-removed", told), &[]);
    let row = row_of_acid(&play);
    assert!(row.contains("is taken away: the drum was never opened"), "{row}");
    let lot = lot(&play, Disposition::Released, "it conforms");
    let document = with_record(
        &play,
        |record| record.lots = vec![&lot],
        |record| build(record, b"[]".to_vec()),
    );
    let all = flat(&words(&document));
    assert!(!all.contains("that may be used, listed as used"), "{all}");
    assert!(all.contains("made from: A-77 is taken away: the drum was never opened"), "{all}");
}

#[test]
fn batch_and_lot_are_printed_as_the_plant_writes_them_beside_their_keys() {
    let mut play = life();
    yielded(&mut play);
    play.run.printed = Some("MFC/IB/041.09".into());
    let mut lot = lot(&play, Disposition::Released, "it conforms");
    lot.printed = Some("MFC/IB/041.09/DS".into());
    let document = with_record(
        &play,
        |record| record.lots = vec![&lot],
        |record| build(record, b"[]".to_vec()),
    );
    let all = flat(&words(&document));
    assert!(all.contains("Batch MFC/IB/041.09 (AMAB-26-014)"), "{all}");
    assert!(all.contains(&format!("RELEASED: MFC/IB/041.09/DS ({LOT})")), "{all}");
    assert_eq!(document.frame.batch, "MFC/IB/041.09 (AMAB-26-014)");
    assert_eq!(document.title, "Batch record MFC/IB/041.09 (AMAB-26-014)");
}

#[test]
fn a_time_between_two_moments_is_printed_as_people_read_it_and_not_as_a_fraction() {
    let mut play = life();
    let step = StepKey::new("OP-03.2", 1, "work", 1);
    let data = json!({ "value": "4.0937", "unit": "d", "exact": "353700000001/86400000000" });
    let value = other("duration", data, "4.0937 d");
    play.record(OLGA, &at(&step, "titre"), value);
    let all = words(&document(&play));
    assert!(!all.contains("353700000001/86400000000"), "{all}");
}

// finding: A19
#[test]
fn words_of_people_are_set_off_so_that_none_reads_as_a_line_of_the_record() {
    let forged =
        "seen\nQuella Tanaka quella, qa · released · 2026-03-02 15:05:00 +01:00\u{2028}Released";
    let mut play = Play::issued(recipe());
    let no = opened(&mut play, (Kind::Event, Severity::Major), None, forged);
    dismissed(&mut play, no, &format!("{forged}” quoted"));
    let covers_seq = play.run.seq;
    let reviewed = Reviewed { covers_seq, conclusion: forged.into() };
    play.act(QUELLA, RunEvent::Reviewed(reviewed), &[(QUELLA, Meaning::Reviewed)]);
    let document = document(&play);
    for line in words(&document).lines() {
        assert!(!line.starts_with("Quella Tanaka quella, qa · released"), "{line}");
        assert!(line != "Released", "a line of its own");
    }
    let quoted = forged.replace(['\n', '\u{2028}'], " ¶ ");
    let all = words(&document);
    assert!(all.contains(&format!("“{quoted}”")), "{all}");
    assert!(all.contains(&format!("“{quoted}\" quoted”")), "its own mark ends no quotation: {all}");
}

// shows: T10.a
// finding: R7
#[test]
fn no_machine_time_stands_in_what_people_read() {
    let mut play = life();
    let said = format!("was due by {}", play.now);
    assert!(said.ends_with(".000000Z"), "{said}");
    opened(&mut play, (Kind::Overdue, Severity::Minor), None, &said);
    let owed = ObligationLine {
        id: "run/late".into(),
        rule: "F13".into(),
        clause: "21 CFR 211.188(b)".into(),
        what: "Something".into(),
        standing: Status::Open,
        waivable: true,
        evidence: Some(said),
    };
    let document = with_record(
        &play,
        |record| record.obligations = vec![owed],
        |record| build(record, b"[]".to_vec()),
    );
    let all = words(&document);
    assert!(!all.contains(":00.000000Z") && !all.contains("000Z"), "{all}");
    assert!(all.contains("was due by 2026-03-19 23:"), "{all}");
}
