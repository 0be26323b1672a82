//! Packaging: lines cleared by two, labels reconciled, files kept with the record, yields computed.

use crate::house::batch::Batch;
use crate::house::client::{Answer, Persona, With};
use crate::house::recipes::{changed, effective, step};
use crate::house::world::{World, on_each, on_one};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

const CLEAR: &str = "OP-01~1/01.1~1";
const PACK: &str = "OP-01~1/01.2~1";
/// A picture of one point: its head, a comment, its end.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0....\
    \0\0\0\x08tEXtspecimen....\0\0\0\0IEND....";

/// The buffer preparation as a packaging: clearance before by two, then labels, specimen, clearance after.
fn recipe() -> Value {
    changed("BUF-PACK", |document| {
        let clear = step(document, "01.1");
        clear["second_person"] = json!({ "mode": "witness-during" });
        clear["entries"] = json!([{ "id": "before", "name": "Line clearance", "kind": "line-clearance",
            "place": "Line 2", "moment": "before",
            "checks": ["No label of another lot is left.", "No container of another lot is left."] }]);
        let pack = step(document, "01.2");
        pack.as_object_mut().expect("a step").remove("occurs");
        pack.as_object_mut().expect("a step").remove("care");
        pack["entries"] = json!([
            { "id": "labels", "name": "Labels", "kind": "label-count", "label": "L-BUF",
              "limits": [{ "purpose": "acceptance",
                  "low": { "value": "-1", "inclusive": true },
                  "high": { "value": "1", "inclusive": true } }] },
            { "id": "specimen", "name": "Label specimen", "kind": "attachment",
              "media_types": ["image/png", "application/pdf", "text/plain"], "max_files": 2 },
            { "id": "after", "name": "Line clearance", "kind": "line-clearance", "place": "Line 2",
              "moment": "after", "checks": ["Nothing of this lot is left."] },
        ]);
    })
}

fn begun<'w>(world: &'w World, number: &str) -> Batch<'w> {
    begun_from(world, number, "BUF-PACK")
}

fn begun_from<'w>(world: &'w World, number: &str, code: &str) -> Batch<'w> {
    let batch = Batch::issued_from(world, number, code);
    let olga = world.person("olga");
    batch.start(olga, CLEAR).done();
    batch.record(olga, CLEAR, &json!({ "entry": "before", "value": [true, true] })).done();
    let etag = batch.occurrence(CLEAR)["etag"].as_str().expect("an etag").to_owned();
    let mut body =
        json!({ "signature": olga.both(), "second_person": world.person("omar").both() });
    olga.post_with(&batch.step(CLEAR, "completion"), &body, &With::version(&etag)).done();
    looked_after(&batch);
    body = json!({});
    olga.post(&batch.step(PACK, "start"), &body).done();
    batch
}

/// The second person's look at the clearance.
fn looked_after(batch: &Batch<'_>) {
    let checks = batch.step(CLEAR, "entries/before/checks");
    let version = With::version(&batch.entry_etag(CLEAR, "before"));
    batch
        .world
        .person("olga")
        .post_with(&checks, &json!({}), &version)
        .refused(403, "witness-is-performer");
    batch.world.person("omar").post_with(&checks, &json!({}), &version).done();
}

fn file(name: &str, bytes: &[u8]) -> Value {
    json!({ "name": name, "content": STANDARD.encode(bytes) })
}

fn send(batch: &Batch<'_>, who: &Persona, files: &[Value]) -> Answer {
    batch.record(who, PACK, &json!({ "entry": "specimen", "value": { "files": files } }))
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

// shows: C211-122.a, C211-188b6.a
// finding: N12
#[test]
fn packaging_begins_after_a_clearance_signed_by_two_and_ends_with_another() {
    on_each(|world| {
        effective(world, &recipe());
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        let batch = Batch::issued_from(world, "CLEAR-1", "BUF-PACK");
        batch.start(olga, PACK).refused(409, "out-of-order");
        batch.start(olga, CLEAR).done();
        let short = json!({ "entry": "before", "value": [true] });
        batch.record(olga, CLEAR, &short).refused(422, "malformed");
        let answer =
            batch.record(olga, CLEAR, &json!({ "entry": "before", "value": [true, true] })).done();
        assert_eq!(answer["check_owed"], true, "a second person looks too");
        batch.start(olga, PACK).refused(409, "out-of-order");
        let etag = batch.occurrence(CLEAR)["etag"].as_str().unwrap().to_owned();
        let path = batch.step(CLEAR, "completion");
        let alone = json!({ "signature": olga.both() });
        olga.post_with(&path, &alone, &With::version(&etag)).refused(428, "second-person-required");
        let two = json!({ "signature": olga.both(), "second_person": omar.both() });
        olga.post_with(&path, &two, &With::version(&etag)).done();
        // Whoever witnessed the step is the clearance's second person.
        batch.start(olga, PACK).done();
        let labels = json!({ "entry": "labels", "value": { "issued": 5, "used": 5, "returned": 0,
            "destroyed": 0, "sampled": 0 } });
        batch.record(olga, PACK, &labels).done();
        send(&batch, olga, &[file("specimen.png", PNG)]).done();
        batch.complete(olga, PACK).refused(409, "entries-missing");
        batch.record(olga, PACK, &json!({ "entry": "after", "value": [true] })).done();
        batch.complete(olga, PACK).done();
        assert!(batch.exceptions().is_empty());
    });
}

// finding: N12
#[test]
fn a_line_that_was_not_clear_is_an_exception_of_its_own_kind() {
    on_one(|world| {
        effective(world, &recipe());
        let olga = world.person("olga");
        let batch = Batch::issued_from(world, "CLEAR-2", "BUF-PACK");
        batch.start(olga, CLEAR).done();
        let not = json!({ "so": false, "remark": "one label under the belt" });
        batch.record(olga, CLEAR, &json!({ "entry": "before", "value": [not, true] })).done();
        assert_eq!(batch.exception_kinds(), ["line-clearance"]);
        let shown = batch.entry(Some(CLEAR), "before")["versions"][0]["shown"].clone();
        assert!(shown.as_str().unwrap().contains("one label under the belt"), "{shown}");
        let etag = batch.occurrence(CLEAR)["etag"].as_str().unwrap().to_owned();
        let two = json!({ "signature": olga.both(), "second_person": world.person("omar").both() });
        olga.post_with(&batch.step(CLEAR, "completion"), &two, &With::version(&etag)).done();
        looked_after(&batch);
        let waits = batch.start(olga, PACK).refused(409, "out-of-order");
        assert!(waits["missing"].to_string().contains("is not clear"), "{waits}");
        // A triage makes no line clear; clearing it does, and somebody who looks again.
        batch.wave_through(1).done();
        batch.start(olga, PACK).refused(409, "out-of-order");
        let version = With::version(&batch.entry_etag(CLEAR, "before"));
        let cleared = json!({ "value": [true, true], "reason": "label taken away" });
        olga.post_with(&batch.step(CLEAR, "entries/before/corrections"), &cleared, &version).done();
        batch.start(olga, PACK).refused(409, "out-of-order");
        looked_after(&batch);
        batch.start(olga, PACK).done();
    });
}

// shows: C211-125.a, C211-125.b
#[test]
fn labels_reconcile_or_open_an_exception_and_destruction_owes_a_witness() {
    on_each(|world| {
        effective(world, &recipe());
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        let count = |used: Value, destroyed: u64| {
            json!({ "entry": "labels", "value": { "issued": 500, "printed": 502, "reprinted": 2,
                "used": used, "damaged": 2, "returned": 0, "destroyed": destroyed, "sampled": 3 } })
        };
        let batch = begun(world, "LABEL-1");
        batch.record(olga, PACK, &count(json!(-1), 0)).refused(422, "malformed");
        let answer = batch.record(olga, PACK, &count(json!(490), 7)).done();
        assert_eq!((&answer["check_owed"], batch.exceptions().len()), (&json!(true), 0));
        let checks = batch.step(PACK, "entries/labels/checks");
        let version = With::version(&batch.entry_etag(PACK, "labels"));
        olga.post_with(&checks, &json!({}), &version).refused(403, "witness-is-performer");
        omar.post_with(&checks, &json!({}), &version).done();
        let lost = begun(world, "LABEL-2");
        let answer = lost.record(olga, PACK, &count(json!(495), 0)).done();
        assert_eq!(
            (&answer["check_owed"], lost.exception_kinds()),
            (&json!(false), vec!["labels".into()])
        );
        let shown = lost.entry(Some(PACK), "labels")["versions"][0]["shown"].clone();
        assert!(shown.as_str().unwrap().contains("difference 2 labels"), "{shown}");
    });
}

// finding: G10
#[test]
fn labels_with_a_lot_number_that_come_back_are_an_exception_whatever_the_difference() {
    on_each(|world| {
        effective(world, &recipe());
        let mut plain = recipe();
        plain["code"] = "BUF-PLAIN".into();
        step(&mut plain, "01.2")["entries"][0]["lot_coded"] = false.into();
        effective(world, &plain);
        let olga = world.person("olga");
        let count = |returned: u64, destroyed: u64| {
            json!({ "entry": "labels", "value": { "issued": 10, "used": 5, "returned": returned,
                "destroyed": destroyed, "sampled": 0 } })
        };
        let opened = |number: &str, code: &str, returned, destroyed| {
            let batch = begun_from(world, number, code);
            batch.record(olga, PACK, &count(returned, destroyed)).done();
            batch.exception_kinds()
        };
        // Returned, all: the difference is nothing, and still they are not destroyed.
        assert_eq!(opened("CODED-1", "BUF-PACK", 5, 0), ["labels"]);
        // Destroyed, fewer than the excess, whether the rest came back or is not told of.
        assert_eq!(opened("CODED-2", "BUF-PACK", 2, 3), ["labels"]);
        assert_eq!(opened("CODED-3", "BUF-PACK", 0, 3), ["labels"]);
        assert_eq!(opened("CODED-4", "BUF-PACK", 0, 5), Vec::<String>::new());
        // Labels without a lot number may go back to stock.
        assert_eq!(opened("PLAIN-1", "BUF-PLAIN", 5, 0), Vec::<String>::new());
        assert_eq!(opened("PLAIN-2", "BUF-PLAIN", 2, 1), ["labels"]);
    });
}

// shows: C211-188b8.a, CH4D-2.a, DI-Q9.b
#[test]
fn a_file_comes_back_byte_for_byte_named_by_its_hash_and_only_from_its_own_batch() {
    on_each(|world| {
        effective(world, &recipe());
        let (olga, quinn) = (world.person("olga"), world.person("quinn"));
        let batch = begun(world, "FILE-1");
        // The same with a comment of three million bytes before its end.
        let (begins, ends) = PNG.split_at(PNG.len() - 12);
        let comment = [&3_000_000_u32.to_be_bytes()[..], b"tEXt", &vec![7; 3_000_004]].concat();
        let large = [begins, &comment, ends].concat();
        let files = [file("specimen.png", PNG), file("scan of the label ✓.png", &large)];
        let answer = send(&batch, olga, &files).done();
        assert!(answer["shown"].as_str().unwrap().contains(&hash(PNG)[..16]), "{answer}");
        let value = batch.entry(Some(PACK), "specimen")["versions"][0]["value"].clone();
        assert_eq!(value["files"][0]["sha256"], hash(PNG));
        assert_eq!(value["files"][1]["bytes"], large.len());
        for bytes in [PNG, &large] {
            let back = quinn.get(&batch.path(&format!("attachments/{}", hash(bytes))));
            assert_eq!((back.status, back.bytes == bytes), (200, true));
            assert_eq!(back.header("content-type"), "image/png");
            assert!(back.header("content-disposition").starts_with("attachment;"));
            assert_eq!(back.header("x-content-type-options"), "nosniff");
            assert!(back.header("content-security-policy").starts_with("sandbox"));
        }
        let other = begun(world, "FILE-2");
        let foreign = other.path(&format!("attachments/{}", hash(PNG)));
        olga.get(&foreign).refused(404, "not-found");
        olga.get(&batch.path(&format!("attachments/{}", hash(b"other")))).refused(404, "not-found");
        olga.get(&batch.path("attachments/..%2f..%2fpasswd")).refused(404, "not-found");
        world.stranger().get(&foreign).refused(401, "not-signed-in");
        let trail = olga.get(&batch.path("audit-trail?limit=500")).done().to_string();
        assert!(trail.contains(&hash(PNG)[..16]) && !trail.contains(&STANDARD.encode(PNG)));
    });
}

#[test]
fn nothing_hostile_comes_in_as_a_file() {
    on_one(|world| {
        effective(world, &recipe());
        let olga = world.person("olga");
        let batch = begun(world, "HOSTILE-1");
        let refused = |files: &[Value], code: &str| {
            send(&batch, olga, files).refused(422, code);
        };
        for (name, bytes) in [
            ("label.png", &b"<!DOCTYPE html><script>alert(1)</script>"[..]),
            ("label.png", b"\x7fELF\x02\x01\x01\0"),
            ("label.png", b"MZ\x90\0\x03"),
            ("label.txt", b"#!/bin/sh\necho owned"),
            ("label.svg", PNG),
            ("label.png", b"<svg onload='alert(1)'/>"),
            ("plan.xlsx", b"PK\x03\x04[Content_Types].xml xl/workbook.xml xl/vbaProject.bin"),
            ("bomb.zip", b"PK\x03\x04 42.zip"),
            ("label.png", b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"),
            ("label.png", &[PNG, b"<script>"].concat()),
            ("photo.jpg", b"\xff\xd8\xff\xe0 picture"),
            ("trace.pdf", b"%PDF-1.7 <</S/J#61vaScript>>"),
            ("data.xml", b"<a:script xmlns:a='http://www.w3.org/1999/xhtml'>x</a:script>"),
            ("note.txt", b"<video src=x onerror=alert(1)>"),
            ("module.psm1", b"text"),
            ("link.url", b"text"),
            ("label.txt", PNG),
            ("../../label.png", PNG),
            ("C:\\label.png", PNG),
            ("label.png", b""),
        ] {
            refused(&[file(name, bytes)], "file-refused");
        }
        let told = send(&batch, olga, &[file("raw.bin", b"\x01\x02")]).refused(422, "file-refused");
        assert!(told["detail"].as_str().unwrap().contains("taken are pictures (.png"), "{told}");
        refused(&[file("run.json", b"{}")], "malformed");
        refused(&[file("a.png", PNG), file("b.png", PNG)], "file-refused");
        refused(&[json!({ "name": "label.png", "content": "not base64!" })], "file-refused");
        refused(&[json!({ "name": "label.png", "content": "AAAA====" })], "file-refused");
        let nine = vec![b'x'; 9 * 1024 * 1024];
        refused(&[file("large.txt", &nine)], "file-refused");
        let bomb = json!({ "name": "bomb.txt", "content": "A".repeat(20 * 1024 * 1024) });
        refused(&[bomb], "file-refused");
        let forged =
            json!({ "name": "a.png", "sha256": hash(PNG), "bytes": 3, "media_type": "image/png" });
        refused(&[forged], "file-refused");
        refused(&[], "malformed");
        let much = json!({ "entry": "specimen", "value": { "files": [] }, "reason": "A".repeat(25 * 1024 * 1024) });
        batch.record(olga, PACK, &much).refused(413, "request-too-large");
        let elsewhere = json!({ "scope": { "kind": "run" }, "reason": "A".repeat(300 * 1024) });
        olga.post(&batch.path("holds"), &elsewhere).refused(413, "request-too-large");
        assert!(batch.entry(Some(PACK), "specimen")["versions"].as_array().unwrap().is_empty());
    });
}

#[test]
fn few_large_bodies_are_read_at_once_and_the_next_is_told_to_wait() {
    on_one(|world| {
        effective(world, &recipe());
        let olga = world.person("olga");
        let batch = begun(world, "LARGE-1");
        let address = world.line.base.trim_start_matches("http://").split('/').next().expect("it");
        // Four heads that promise much and send nothing yet.
        let head = format!(
            "POST /api/v1/events HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: 2000000\r\nIdempotency-Key: promised\r\n\r\n{{",
            olga.token().expect("a token")
        );
        let waiting: Vec<TcpStream> = (0..4)
            .map(|_| {
                let mut stream = TcpStream::connect(address).expect("a connection");
                stream.write_all(head.as_bytes()).expect("sent");
                stream
            })
            .collect();
        let text = vec![b'x'; 1_500_000];
        let large = [file("log.txt", &text)];
        let nowhere = json!({ "place": { "kind": "moon" }, "what": "x", "files": large });
        let answers = |status: u16, sending: &dyn Fn() -> Answer| {
            (0..100).find_map(|_| {
                std::thread::sleep(Duration::from_millis(20));
                let answer = sending();
                (answer.status == status).then_some(answer)
            })
        };
        let told = answers(503, &|| olga.post("/events", &nowhere)).expect("the fifth waits");
        assert_eq!((told.code(), told.header("retry-after")), ("busy", "1"));
        batch
            .record(olga, PACK, &json!({ "entry": "labels", "value": {} }))
            .refused(422, "malformed");
        drop(waiting);
        answers(201, &|| send(&batch, olga, &large)).expect("there is a place again");
    });
}

// shows: C211-103.c
#[test]
fn a_yield_waits_for_its_input_is_computed_and_checked_and_follows_a_correction() {
    on_each(|world| {
        let yielding = changed("BUF-YIELD", |document| {
            let entries = step(document, "01.2")["entries"].as_array_mut().expect("entries");
            entries.push(json!({ "id": "out", "name": "Filled", "kind": "number", "unit": "kg" }));
            entries.push(json!({ "id": "yield", "name": "Yield", "kind": "yield", "unit": "kg",
                "theoretical": { "value": "100", "unit": "kg" }, "of": ["out"],
                "min_percent": "90.0", "max_percent": "102.0" }));
        });
        effective(world, &yielding);
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        let batch = Batch::issued_from(world, "YIELD-1", "BUF-YIELD");
        batch.weighed();
        batch.start(olga, PACK).done();
        let typed = json!({ "entry": "yield", "value": "97.0", "unit": "%" });
        batch.record(olga, PACK, &typed).refused(422, "malformed");
        let pending = batch.entry(Some(PACK), "yield");
        assert!(pending["versions"].as_array().unwrap().is_empty(), "awaited: {pending}");
        batch.record(olga, PACK, &json!({ "entry": "out", "value": "97", "unit": "kg" })).done();
        let first = batch.entry(Some(PACK), "yield")["versions"][0].clone();
        assert_eq!(first["shown"], "97.0 % (97 of 100 kg)", "{first}");
        assert_eq!((&first["check_owed"], batch.exceptions().len()), (&json!(true), 0));
        let checks = batch.step(PACK, "entries/yield/checks");
        let version = With::version(&batch.entry_etag(PACK, "yield"));
        omar.post_with(&checks, &json!({}), &version).done();
        let version = With::version(&batch.entry_etag(PACK, "out"));
        let why = json!({ "value": "89.9", "unit": "kg", "reason": "tare was forgotten" });
        olga.post_with(&batch.step(PACK, "entries/out/corrections"), &why, &version).done();
        let second = batch.entry(Some(PACK), "yield")["versions"][1].clone();
        assert_eq!(second["shown"], "89.9 % (89.9 of 100 kg)", "{second}");
        assert!(batch.exception_kinds().contains(&"out-of-acceptance".to_owned()));
    });
}
