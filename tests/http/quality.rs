//! Quality decides: exceptions, deviations, reviews that lapse; nobody approves what they asked for.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::world::on_each;
use serde_json::json;

const WEIGH: &str = "OP-01~1/01.1~1";

// shows: C211-192b.b, Q7-8.1.a, A16-3.a, F19.b, F30.a
#[test]
fn a_deviation_is_investigated_concluded_and_closed_by_somebody_else() {
    on_each(|world| {
        let batch = Batch::issued(world, "DEV-A");
        let (qadir, quella, olga) =
            (world.person("qadir"), world.person("quella"), world.person("olga"));
        batch.weigh("0.300");
        let triage = batch.path("exceptions/1/triage");
        let open = json!({ "outcome": "deviation", "title": "too much acetate", "class": "major" });
        olga.sign(&triage, &open).refused(403, "authority-missing");
        qadir.post(&triage, &open).refused(428, "signature-required");
        qadir
            .sign(&triage, &json!({ "outcome": "deviation", "title": "x", "class": "huge" }))
            .refused(422, "malformed");
        qadir.sign(&triage, &json!({ "outcome": "perhaps" })).refused(422, "malformed");
        qadir
            .sign(&triage, &json!({ "outcome": "deviation", "title": "", "class": "major" }))
            .refused(428, "reason-required");
        qadir.sign(&batch.path("exceptions/9/triage"), &open).refused(404, "no-such-part");
        let answer = qadir.sign(&triage, &open).done();
        let number = answer["deviation"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        assert!(number.starts_with("DEV-2026-"), "{number}");
        qadir.sign(&triage, &open).refused(409, "exception-already-linked");
        batch.wave_through(1).refused(409, "already-triaged");
        let path = format!("/deviations/{number}");
        let act = |what: &str| format!("{path}/{what}");
        qadir.post(&act("investigation"), &json!({ "text": "" })).refused(428, "reason-required");
        qadir.post(&act("investigation"), &json!({ "text": "balance drifted" })).done();
        let class = json!({ "class": "critical", "reason": "critical quality attribute" });
        let answer = quella.sign(&act("classification"), &class);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let impact = json!({ "conclusion": "within the range studied", "other_batches": "" });
        qadir
            .sign(&act("closure"), &json!({ "conclusion": "x" }))
            .refused(403, "requester-is-approver");
        quella
            .sign(&act("closure"), &json!({ "conclusion": "x" }))
            .refused(409, "impact-not-concluded");
        qadir.sign(&act("impact"), &impact).refused(428, "other-batches-not-assessed");
        let closed_by_it = || batch.gate("G-FILL")["because"].to_string().contains("exception 1:");
        assert!(closed_by_it());
        let impact = json!({ "conclusion": "within the range studied", "other_batches": "none since calibration" });
        qadir.sign(&act("impact"), &impact).done();
        qadir.sign(&act("impact"), &impact).refused(409, "impact-already-concluded");
        assert!(!closed_by_it(), "the process may go on");
        let owed = qadir.get(&batch.path("obligations")).done();
        assert!(owed.to_string().contains(&format!("deviation/{number}/closed")), "{owed}");
        batch.close_deviation(&path, "balance replaced").done();
        quella
            .sign(&act("closure"), &json!({ "conclusion": "again" }))
            .refused(423, "deviation-closed");
        let listed = qadir.get("/deviations").done();
        assert_eq!(listed["deviations"].as_array().unwrap().len(), 1, "{listed}");
        let view = qadir.get(&path).done();
        assert_eq!(view["phase"], "closed", "{view}");
    });
}

// shows: C211-192b.b
#[test]
fn a_deviation_extends_to_other_batches() {
    on_each(|world| {
        let (first, second) = (Batch::issued(world, "EXT-1"), Batch::issued(world, "EXT-2"));
        let qadir = world.person("qadir");
        first.weigh("0.300");
        second.weigh("0.301");
        let open = json!({ "outcome": "deviation", "title": "balance drifts", "class": "major" });
        let answer = qadir.sign(&first.path("exceptions/1/triage"), &open).done();
        let number = answer["deviation"].as_str().unwrap().to_owned();
        let link = format!("/deviations/{number}/runs");
        let body = |exceptions: &[u32]| json!({ "batch": "EXT-2", "exceptions": exceptions });
        qadir.sign(&link, &body(&[])).refused(428, "no-exception-named");
        qadir.sign(&link, &body(&[7])).refused(404, "no-such-part");
        qadir.sign(&link, &body(&[1])).done();
        qadir.sign(&link, &body(&[1])).refused(409, "exception-already-linked");
        let picture = second.picture();
        assert_eq!(picture["deviations"][0]["number"], number.as_str(), "{picture}");
        let trail = qadir.get(&second.path("audit-trail")).done();
        assert!(
            trail.to_string().contains("run.exceptions-to-deviation"),
            "the run's chain says so"
        );
    });
}

// shows: C211-192a.a, F17.a, T21.a
#[test]
fn a_change_after_the_review_makes_it_lapse_visibly() {
    on_each(|world| {
        let batch = Batch::issued(world, "REV-1");
        let (qadir, quella) = (world.person("qadir"), world.person("quella"));
        batch.executed();
        let early = Batch::issued(world, "REV-2");
        early.review(qadir).refused(409, "phase-forbids");
        let path = batch.path("review");
        let ok = json!({ "conclusion": "complete" });
        qadir.sign(&path, &ok).refused(428, "version-required");
        qadir.sign_with(&path, &ok, &With::version("\"1\"")).refused(412, "stale-version");
        batch.review(qadir).done();
        batch.review(quella).refused(409, "already-reviewed");
        let body = json!({ "value": "0.271", "unit": "kg", "reason": "printout says so" });
        let version = With::version(&batch.entry_etag(WEIGH, "weight"));
        world
            .person("olga")
            .post_with(&batch.step(WEIGH, "entries/weight/corrections"), &body, &version)
            .done();
        let reviews = batch.picture()["reviews"].clone();
        assert!(reviews[0]["lapsed"].is_string(), "{reviews}");
        batch.dispose(quella, "released").refused(409, "not-ready-for-release");
        batch.review(qadir).refused(409, "obligations-open");
        let checks = batch.step(WEIGH, "entries/weight/checks");
        let version = With::version(&batch.entry_etag(WEIGH, "weight"));
        world.person("omar").post_with(&checks, &json!({}), &version).done();
        batch.check(world.person("omar"), WEIGH).done();
        for exception in batch.exceptions() {
            batch.wave_through(exception["no"].as_u64().unwrap()).done();
        }
        batch.review(qadir).done();
        batch.dispose(quella, "released").done();
    });
}

// shows: P11-10f.c, F13.a
#[test]
fn a_run_is_complete_only_when_it_owes_nothing_of_execution() {
    on_each(|world| {
        let batch = Batch::issued(world, "OWE-1");
        batch.weighed();
        let sven = world.person("sven");
        let path = batch.path("completion");
        let version = With::version(&batch.etag());
        sven.sign(&path, &json!({})).refused(428, "version-required");
        let problem = sven.sign_with(&path, &json!({}), &version).refused(409, "obligations-open");
        let missing = problem["missing"].as_array().unwrap();
        assert!(missing.iter().any(|line| line.to_string().contains("Fill")), "{problem}");
        let owed = sven.get(&batch.path("obligations")).done();
        let (met, of) = (owed["met"].as_u64().unwrap(), owed["of"].as_u64().unwrap());
        assert!(met > 0 && met < of, "{met} of {of}");
        let open = owed["obligations"].as_array().unwrap().iter().filter(|o| o["status"] == "open");
        let open = open.count() as u64;
        assert_eq!(open, of - met);
        assert_eq!(owed["tally"]["open"], open, "{owed}");
        assert!(
            problem["detail"].to_string().contains(&format!("{met} met, 0 waived, {open} open"))
        );
    });
}
