//! What inspectors have found elsewhere, tried here: by the interface, and in the database by who owns it.

use crate::house::batch::{Batch, lot_of};
use crate::house::client::{Persona, With};
use crate::house::engine::{Database, Engine};
use crate::house::recipes::{changed, effective, step};
use crate::house::world::{Opening, on_each, on_each_opened};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use batchwright::seal::verify::{Code, Finding};
use batchwright::store::verify::verify;
use serde_json::{Value, json};

const WEIGH: &str = "OP-01~1/01.1~1";
const STIR: &str = "OP-01~1/01.2~1";

fn found(database: &Database) -> Vec<Finding> {
    verify(&database.url, None, None).expect("can be read").findings
}

/// Somebody changes evidence behind the program's back: verify names the table and what is wrong there.
fn is_found(database: &Database, change: &str, code: Code, table: &str) {
    database.unguarded(change);
    let found = found(database);
    let named = found.iter().any(|finding| finding.code == code && finding.table == table);
    assert!(named, "{change}: {found:#?}");
}

// shows: F1.a, F1.b
#[test]
fn one_account_for_all_signs_nothing() {
    on_each(|world| {
        let batch = Batch::issued(world, "SHARED-1");
        batch.weigh("0.272");
        let (olga, omar) = (world.person("olga"), world.person("omar"));
        let path = batch.step(WEIGH, "completion");
        let version = With::version(batch.occurrence(WEIGH)["etag"].as_str().expect("an ETag"));
        // Omar works where Olga is signed in: her session does not sign, nor does his password in it.
        olga.post_with(&path, &json!({}), &version).refused(428, "signature-required");
        olga.post_with(&path, &json!({ "signature": omar.both() }), &version)
            .refused(401, "signer-is-not-the-session");
        let hers = json!({ "signature": { "user_name": "olga", "password": omar.password() } });
        olga.post_with(&path, &hers, &version).refused(401, "signing-credentials-wrong");
        // Her token carried to another terminal names her session, and signs no more than it did.
        let carried = olga.elsewhere();
        carried.set_token(olga.token().as_deref());
        carried.post_with(&path, &json!({}), &version).refused(428, "signature-required");
        // An account of the line, for whoever stands there: it is nobody, so nobody comes to sign with it.
        let account = json!({ "user_name": "line-2", "printed_name": "Line 2", "service": true,
            "roles": [], "reason": "for the shift", "temporary_password": "temporary-gravel-Trombone-94" });
        let ada = world.person("ada");
        ada.post("/persons", &account).done();
        let line = Persona::new(&world.line, "line-2", "temporary-gravel-Trombone-94");
        let own =
            json!({ "old_password": line.password(), "new_password": "gravel-shift-Bassoon-554" });
        line.sign_in().done();
        line.post("/persons/current/password", &own).done();
        line.set_password("gravel-shift-Bassoon-554");
        ada.sign_seconded("/persons/line-2/enrolment", &json!({ "method": "by the shift" }), &line)
            .refused(409, "service-account-enrols-no-key");
        line.sign_in().done();
        line.sign_with(&path, &json!({}), &version).refused(403, "signing-key-missing");
    });
}

// shows: P11-10g.b, C211-68b1.a, F2.a, F2.b, F2.c, L8.b
#[test]
fn nobody_has_every_right() {
    let test = |world: &crate::house::world::World| {
        let (ada, olga) = (world.person("ada"), world.person("olga"));
        let all = json!({ "roles": [{ "role": "administrator" }, { "role": "operator" },
            { "role": "qa" }], "reason": "small site" });
        ada.post("/persons/ada/grants", &all).refused(403, "own-account");
        ada.post("/persons/omar/grants", &all).refused(409, "combination-forbidden");
        let mut roles = ada.get("/site").done()["roles"].as_array().expect("roles").clone();
        roles.push(json!({ "name": "superuser", "authorities": ["administer", "execute"] }));
        ada.post("/site/roles", &json!({ "roles": roles, "reason": "small site" }))
            .refused(409, "role-holds-forbidden-pair");
        // Production changes a limit before printing the batch record.
        let easier = changed("BUF-ACETATE", |document| {
            step(document, "01.1")["entries"][2]["limits"] = json!([]);
        });
        olga.post("/masters", &json!({ "content": easier })).refused(403, "authority-missing");
        ada.post("/masters", &json!({ "content": easier })).refused(403, "authority-missing");
        let log = ada.get("/access-log?who=olga&outcome=refused").done();
        assert_eq!(log["entries"][0]["code"], "authority-missing", "the attempt is kept: {log}");
        Batch::issued(world, "RIGHTS-1").weigh("0.272");
    };
    let after = |database: &Database| {
        let grant = "UPDATE journal SET body = replace(body, 'operator', 'qa') WHERE event = 'person.grants-changed'";
        is_found(database, grant, Code::BodyChanged, "journal");
        let blank = match database.engine {
            Engine::Sqlite => "CAST(bytes || X'20' AS BLOB)",
            Engine::Postgres => "bytes || '\\x20'::bytea",
        };
        let limits = format!("UPDATE blobs SET bytes = {blank}");
        is_found(database, &limits, Code::BlobChanged, "blobs");
    };
    on_each_opened(Opening::USUAL, test, after);
}

// shows: P11-10e2.c, A11D-12.3.a, F3.a, F3.b
#[test]
fn nobody_switches_the_trail_off() {
    let test = |world: &crate::house::world::World| {
        let ada = world.person("ada");
        let document = ada.get("/api/openapi.json").done();
        let paths = document["paths"].as_object().expect("paths");
        for (path, verbs) in paths.iter().filter(|(path, _)| {
            ["audit-trail", "access-log", "/log/"].iter().any(|word| path.contains(word))
        }) {
            let verbs: Vec<&String> = verbs.as_object().expect("verbs").keys().collect();
            assert_eq!(verbs, ["get"], "{path} is read and nothing else");
        }
        for verb in ["POST", "DELETE", "PUT", "PATCH"] {
            let body = Some(b"{}".to_vec());
            ada.send(verb, "/audit-trail", body, &With::default()).refused(405, "no-such-verb");
        }
        // What a site can be set to: nothing of it is about the trail, and a word for it is not known.
        let site = ada.get("/site").done();
        let roles = json!({ "roles": site["roles"], "reason": "quiet", "audit_trail": false });
        ada.post("/site/roles", &roles).refused(422, "malformed");
        let text = json!({ "text": "new", "audit_trail": "off" });
        ada.post("/site/accountability", &text).refused(422, "malformed");
        Batch::issued(world, "TRAIL-OFF").weigh("0.272");
    };
    let after = |database: &Database| {
        is_found(
            database,
            "DELETE FROM access_log WHERE leaf = (SELECT min(leaf) FROM access_log)",
            Code::LeafMissing,
            "journal",
        );
        database.unguarded_for_good("journal");
        let found = found(database);
        assert!(found.iter().any(|f| f.code == Code::ProtectionMissing), "{found:#?}");
    };
    on_each_opened(Opening::USUAL, test, after);
}

/// The buffer preparation, its remark beside a file of raw data.
fn with_raw_data(code: &str) -> Value {
    changed(code, |document| {
        let stir = step(document, "01.2");
        let raw = json!({ "id": "raw", "name": "Raw data", "kind": "attachment",
            "media_types": ["text/plain"], "max_files": 1 });
        stir["entries"].as_array_mut().expect("entries").push(raw);
    })
}

fn attached(text: &str) -> Value {
    let file = json!({ "name": "raw.txt", "content": STANDARD.encode(text) });
    json!({ "entry": "raw", "value": { "files": [file] } })
}

// shows: F5.c, F18.a
#[test]
fn no_raw_data_goes_unnoticed() {
    let test = |world: &crate::house::world::World| {
        effective(world, &with_raw_data("BUF-RAW"));
        let batch = Batch::issued_from(world, "RAW-DATA", "BUF-RAW");
        batch.weighed();
        let olga = world.person("olga");
        batch.start(olga, STIR).done();
        batch.record(olga, STIR, &attached("19.8 20.1 20.4")).done();
    };
    let after = |database: &Database| {
        let raw = "FROM blobs WHERE length(bytes) = 14";
        assert_eq!(database.count(&format!("SELECT count(*) AS n {raw}")), 1);
        is_found(database, &format!("DELETE {raw}"), Code::BlobMissing, "journal");
        let worse = "DELETE FROM journal WHERE event = 'run.entry-recorded'";
        database.unguarded(worse);
        let found = found(database);
        let cut = |f: &Finding| f.table == "journal" && f.number.as_deref() == Some("RAW-DATA");
        assert!(found.iter().any(cut), "a result that was deleted: {found:#?}");
    };
    on_each_opened(Opening::USUAL, test, after);
}

// shows: F22.a, F22.b
#[test]
fn nothing_is_decided_elsewhere() {
    let test = |world: &crate::house::world::World| {
        effective(world, &with_raw_data("BUF-MAIL"));
        let batch = Batch::issued_from(world, "MAIL-1", "BUF-MAIL");
        batch.weighed();
        let olga = world.person("olga");
        batch.start(olga, STIR).done();
        // The values came by a message; the raw data did not.
        let temperature = json!({ "entry": "temperature", "value": "20.1", "unit": "Cel" });
        batch.record(olga, STIR, &temperature).done();
        let missing = batch.complete(olga, STIR).refused(409, "entries-missing");
        assert!(missing["missing"].to_string().contains("raw"), "{missing}");
        batch.record(olga, STIR, &attached("20.1")).done();
        batch.complete(olga, STIR).done();
        // Who may release says so in a message, and somebody writes it where lists look.
        let other = Batch::issued(world, "MAIL-2");
        other.filled();
        other.completed();
        let lot = format!("/lots/{}", lot_of("MAIL-2"));
        let qadir = world.person("qadir");
        assert_eq!(qadir.get(&lot).done()["may_ship"], false);
        world.database.change("UPDATE lots SET disposition = 'released'");
        let told = qadir.get(&lot).done();
        assert_eq!(told["may_ship"], false, "the journal decides: {told}");
        other.dispose(world.person("sven"), "released").refused(403, "authority-missing");
        world.database.change("UPDATE lots SET disposition = 'quarantined'");
    };
    let after = |database: &Database| {
        let mail = "UPDATE lots SET disposition = 'released'";
        is_found(database, mail, Code::DerivedDiffers, "lots");
    };
    on_each_opened(Opening::USUAL, test, after);
}

// shows: F25.a
#[test]
fn nothing_is_left_out_of_a_copy() {
    on_each(|world| {
        let batch = Batch::issued(world, "COPY-1");
        batch.weigh("0.300");
        let qadir = world.person("qadir");
        let path = batch.path("reports");
        // For the inspector, without what does not look good.
        for less in [
            json!({ "without": ["exceptions"] }),
            json!({ "steps": ["01.2"] }),
            json!({ "audit_trail": false }),
        ] {
            qadir.post(&path, &less).refused(422, "malformed");
        }
        world.person("sven").sign(&batch.path("abort"), &json!({ "reason": "overdosed" })).done();
        let issued = qadir.post(&path, &json!({})).done();
        let trail = qadir.get(&format!("{}?limit=500", batch.path("audit-trail"))).done();
        let all = trail["entries"].as_array().expect("entries");
        let shown = qadir.get(&path).done()["renditions"][0]["covers_seq"].clone();
        let before = all.iter().filter(|line| line["event"] != "run.rendition-issued").count();
        assert_eq!(shown, before as u64, "it shows every entry until its issue: {issued}");
    });
}

// shows: F29.a, F29.b
#[test]
fn no_copied_signature_signs() {
    let test = |world: &crate::house::world::World| {
        effective(world, &with_raw_data("BUF-SIGN"));
        let batch = Batch::issued_from(world, "SIGN-1", "BUF-SIGN");
        batch.weighed();
        let (olga, audrey) = (world.person("olga"), world.person("audrey"));
        let trail = audrey.get(&format!("{}?limit=500", batch.path("audit-trail"))).done();
        let lines = trail["entries"].as_array().expect("entries");
        let signed = lines.iter().find(|line| line["event"] == "run.step-completed");
        let copied = signed.expect("a signed act")["signatures"][0].clone();
        let other = Batch::issued_from(world, "SIGN-2", "BUF-SIGN");
        other.weigh("0.272");
        let path = other.step(WEIGH, "completion");
        let version = With::version(other.occurrence(WEIGH)["etag"].as_str().expect("an ETag"));
        // What everybody may read of a signature is no signature.
        let value = json!({ "user_name": "olga", "value": copied["value"] });
        for signature in [copied.clone(), value, json!({ "image": STANDARD.encode("Olga") })] {
            let body = json!({ "signature": signature });
            olga.post_with(&path, &body, &version).refused(422, "malformed");
        }
        // A picture of her hand stands as a file, and signs nothing.
        batch.start(olga, STIR).done();
        batch.record(olga, STIR, &attached("Olga Okafor")).done();
        olga.post_with(&path, &json!({}), &version).refused(428, "signature-required");
    };
    let after = |database: &Database| {
        // The signed body of one act stands in place of another's.
        let copy =
            "UPDATE journal SET body = (SELECT body FROM journal WHERE event = 'run.step-completed'
            ORDER BY leaf LIMIT 1) WHERE event = 'run.step-checked'";
        is_found(database, copy, Code::BodyChanged, "journal");
    };
    on_each_opened(Opening::USUAL, test, after);
}

// shows: F11.a, F11.b, F11.c
#[test]
fn no_form_lies_about() {
    on_each(|world| {
        let (sven, qadir) = (world.person("sven"), world.person("qadir"));
        let issue = |number: &str| {
            let body = json!({ "number": number, "master": { "code": "BUF-ACETATE" } });
            sven.sign("/batches", &body)
        };
        let first = issue("FORM-1").done();
        issue("FORM-1").refused(409, "batch-number-taken");
        let second = issue("FORM-2").done();
        let no = |issued: &Value| issued["issue_no"].as_u64().expect("a number");
        assert_eq!(no(&second), no(&first) + 1, "what was refused took no number");
        // One that is not wanted ends with a reason, and stays listed.
        let batch = Batch { world, number: "FORM-2".into() };
        let end = batch.path("abort");
        sven.sign(&end, &json!({ "reason": "" })).refused(428, "reason-required");
        sven.sign(&end, &json!({ "reason": "issued twice" })).done();
        issue("FORM-2").refused(409, "batch-number-taken");
        let listed = sven.get("/batches").done().to_string();
        assert!(listed.contains("FORM-1") && listed.contains("FORM-2"), "{listed}");
        // Each print has its number and its printer, and the older one is known to be old.
        for no in 1..=2 {
            assert_eq!(qadir.post(&batch.path("reports"), &json!({})).done()["no"], no);
        }
        let list = qadir.get(&batch.path("reports")).done()["renditions"].clone();
        let of = |at: usize, member: &str| list[at][member].clone();
        assert_eq!((of(0, "no"), of(0, "superseded_by")), (json!(1), json!(2)), "{list}");
        assert_eq!((of(1, "no"), of(1, "superseded_by")), (json!(2), Value::Null), "{list}");
        assert_eq!(list[0]["by"]["user_name"], "qadir", "{list}");
    });
}
