//! Exceptions, deviations, holds, gates and risks; the living culture is never stopped by a form.

use super::life::{adjust, close_operation, stir, weigh, weigh_out};
use super::world::{BATCH, World, batch, on_each, on_one, step};
use serde_json::json;

fn to_the_gate(world: &World) {
    world.issued();
    // 0.300 kg lies outside acceptance: stored, and an exception opens.
    weigh_out(world, "0.300");
    stir(world, 1, "21");
}

// shows: F30, C211-192b, T21
#[test]
fn an_exception_closes_the_gate_until_quality_has_concluded_its_impact() {
    on_each(|world| {
        to_the_gate(world);
        // Care goes on in every state.
        stir(world, 2, "21");
        let picture = world.picture();
        assert_eq!(picture["gates"][0]["open"], false, "{:#}", picture["gates"]);
        assert!(
            picture["gates"][0]["because"][0].as_str().is_some_and(|why| why.contains("exception"))
        );
        close_operation(world, "OP-01~1");
        adjust(world);
        let open = picture["exceptions"][0]["no"].as_u64().expect("an exception");
        let sven = world.person("sven");
        let pass = json!({ "signature": sven.signature() });
        sven.post(&batch("gates/G-FILL/passage"), &pass).refused(409, "gate-closed");
        let risk =
            json!({ "reason": "culture healthy", "minutes": 600, "signature": sven.signature() });
        let reply = sven.post(&batch("gates/G-FILL/risk-acceptance"), &risk);
        assert_eq!(reply.code(), "risk-too-long", "{}", reply.json);
        let risk = json!({ "reason": "within the range studied", "minutes": 60, "signature": sven.signature() });
        sven.post(&batch("gates/G-FILL/risk-acceptance"), &risk).ok();
        let qadir = world.person("qadir");
        let triage = json!({ "outcome": "deviation", "title": "Too much acetate", "class": "critical", "signature": qadir.signature() });
        let number = qadir.post(&batch(&format!("exceptions/{open}/triage")), &triage).ok().json["deviation"].clone();
        let number = number.as_str().expect("a number").to_owned();
        let path = format!("/api/v1/deviations/{number}");
        qadir
            .post(&format!("{path}/investigation"), &json!({ "text": "balance read in a draught" }))
            .ok();
        let impact = |other| json!({ "conclusion": "none", "other_batches": other, "signature": qadir.signature() });
        qadir
            .post(&format!("{path}/impact"), &impact(""))
            .refused(428, "other-batches-not-assessed");
        qadir.post(&format!("{path}/impact"), &impact("none on this skid")).ok();
        let conclude = json!({ "conclusion": "valve replaced", "signature": qadir.signature() });
        qadir.post(&format!("{path}/closure"), &conclude).refused(403, "requester-is-approver");
        let quella = world.person("quella");
        let ratify =
            json!({ "conclusion": "nothing irreversible done", "signature": quella.signature() });
        quella.post(&batch("gates/G-FILL/risk-acceptances/0/ratification"), &ratify).ok();
        let report = json!({ "text": "balance read in a draught", "root_cause": "an open door",
            "capa": "a draught shield", "signature": qadir.signature() });
        qadir.post(&format!("{path}/investigation-report"), &report).ok();
        let proposed = quella.get(&format!("{path}/other-batches")).ok().json["batches"].clone();
        let others: Vec<_> = proposed
            .as_array()
            .expect("batches")
            .iter()
            .map(|other| json!({ "batch": other["batch"], "word": "read without a draught" }))
            .collect();
        let conclude = json!({ "conclusion": "valve replaced", "other_batches": others,
            "signature": quella.signature() });
        quella.post(&format!("{path}/closure"), &conclude).ok();
        assert_eq!(quella.get(&path).ok().json["phase"], "closed");
        let listed = quella.get("/api/v1/deviations").ok().json;
        assert_eq!(listed["deviations"][0]["number"], number.as_str());
        let oscar = world.hire("oscar", &[json!({ "role": "operator", "product": "OTHER" })]);
        oscar.get(&path).refused(404, "not-found");
        assert_eq!(oscar.get("/api/v1/deviations").ok().json["deviations"], json!([]));
        let trail = format!("/api/v1/audit-trail?record_kind=deviation&record={number}");
        oscar.get(&trail).refused(404, "not-found");
        let seen = oscar.get("/api/v1/audit-trail?what=deviation.").ok().json;
        assert_eq!(seen["entries"], json!([]));
        assert_eq!(world.picture()["deviations"][0]["closed"], true);
    });
}

// shows: T40, P11-10f
#[test]
fn holds_stop_requests_and_are_lifted_by_whom_they_name() {
    on_one(|world| {
        world.issued();
        let (olga, sven, qadir) =
            (world.person("olga"), world.person("sven"), world.person("qadir"));
        let hold = json!({ "scope": { "kind": "run" }, "reason": "label question" });
        olga.post(&batch("holds"), &hold).refused(403, "authority-missing");
        let placed = qadir.post(&batch("holds"), &hold).ok();
        let no = placed.json["hold"].as_u64().expect("a number");
        olga.post(&format!("{}/start", step("OP-01~1/01.1~1")), &json!({})).refused(409, "on-hold");
        let lift = json!({ "reason": "settled", "signature": qadir.signature() });
        let path = batch(&format!("holds/{no}/lifting"));
        sven.on(placed.version(), &path, &json!({ "reason": "now" }))
            .refused(403, "authority-missing");
        qadir.post(&path, &lift).refused(428, "version-required");
        qadir.on(placed.version(), &path, &lift).ok();
        olga.post(&format!("{}/start", step("OP-01~1/01.1~1")), &json!({})).ok();
        let odd = json!({ "scope": { "kind": "moon" }, "reason": "x" });
        qadir.post(&batch("holds"), &odd).refused(422, "malformed");
    });
}

// shows: F12, T39
#[test]
fn an_abort_keeps_everything_and_what_comes_after_is_recordable() {
    on_one(|world| {
        world.issued();
        weigh(world);
        let (olga, sven) = (world.person("olga"), world.person("sven"));
        olga.post(&batch("abort"), &json!({ "reason": "x", "signature": olga.signature() }))
            .refused(403, "authority-missing");
        sven.post(&batch("abort"), &json!({ "reason": "bag torn", "signature": sven.signature() }))
            .ok();
        olga.post(&batch("aftermath"), &json!({ "kind": "destruction", "text": "bag emptied" }))
            .ok();
        let picture = world.picture();
        assert_eq!(
            (picture["phase"].as_str(), picture["number"].as_str()),
            (Some("aborted"), Some(BATCH))
        );
        assert_eq!(picture["aborted"], "bag torn");
        assert!(picture["steps"][0]["performed"]["printed_name"].is_string());
    });
}
