//! A run of the buffer preparation, and the acts that bring it forward.

use super::client::{Answer, Persona, With};
use super::world::World;
use serde_json::{Value, json};

/// The lot that comes out of a run.
pub fn lot_of(number: &str) -> String {
    format!("{number}-L1")
}

/// A run in a world.
pub struct Batch<'w> {
    pub world: &'w World,
    pub number: String,
}

impl<'w> Batch<'w> {
    /// Issued from the effective buffer recipe.
    pub fn issued(world: &'w World, number: &str) -> Self {
        Self::issued_from(world, number, "BUF-ACETATE")
    }

    /// Issued from the effective version of this recipe.
    pub fn issued_from(world: &'w World, number: &str, code: &str) -> Self {
        let body = json!({ "number": number, "master": { "code": code } });
        let answer = world.person("sven").sign("/batches", &body);
        assert_eq!(answer.status, 201, "{}", answer.text());
        Self { world, number: number.to_owned() }
    }

    pub fn path(&self, rest: &str) -> String {
        format!("/batches/{}/{rest}", self.number)
    }

    /// Path of a step's occurrence: operation and step, as in `OP-01~1`, `01.1~1`.
    pub fn step(&self, at: &str, rest: &str) -> String {
        let (operation, step) = at.split_once('/').expect("operation/step");
        format!("/batches/{}/operations/{operation}/steps/{step}/{rest}", self.number)
    }

    /// The whole picture, as an operator sees it.
    pub fn picture(&self) -> Value {
        self.world.person("olga").get(&format!("/batches/{}", self.number)).done()
    }

    /// The ETag of the run.
    pub fn etag(&self) -> String {
        let answer = self.world.person("olga").get(&format!("/batches/{}", self.number));
        assert!(!answer.header("etag").is_empty(), "a run has an ETag");
        answer.header("etag").to_owned()
    }

    /// The picture of a step's occurrence; null when it has not begun.
    pub fn occurrence(&self, at: &str) -> Value {
        let picture = self.picture();
        let steps = picture["steps"].as_array().cloned().unwrap_or_default();
        steps.into_iter().find(|step| step["step"] == at).unwrap_or(Value::Null)
    }

    /// The picture of an entry: of a step's occurrence, or a release specification.
    pub fn entry(&self, at: Option<&str>, entry: &str) -> Value {
        let list = match at {
            Some(at) => self.occurrence(at)["entries"].clone(),
            None => self.picture()["release_entries"].clone(),
        };
        let found = list.as_array().into_iter().flatten().find(|e| e["entry"] == entry);
        found.cloned().unwrap_or_else(|| panic!("no entry {entry} at {at:?}: {list}"))
    }

    /// The current version's ETag of an entry.
    pub fn entry_etag(&self, at: &str, entry: &str) -> String {
        self.entry(Some(at), entry)["etag"].as_str().expect("an ETag").to_owned()
    }

    pub fn start(&self, who: &Persona, at: &str) -> Answer {
        who.post(&self.step(at, "start"), &json!({}))
    }

    pub fn record(&self, who: &Persona, at: &str, body: &Value) -> Answer {
        who.post(&self.step(at, "entries"), body)
    }

    /// Completes an occurrence, signed (a signature where none is asked is no harm).
    pub fn complete(&self, who: &Persona, at: &str) -> Answer {
        let version = self.occurrence(at)["etag"].as_str().map(str::to_owned);
        let with = With { if_match: version, ..With::default() };
        if at.contains("01.1~") {
            return who.sign_with(&self.step(at, "completion"), &json!({}), &with);
        }
        who.post_with(&self.step(at, "completion"), &json!({}), &with)
    }

    /// Verifies a completed occurrence.
    pub fn check(&self, who: &Persona, at: &str) -> Answer {
        let version = self.occurrence(at)["etag"].as_str().map(str::to_owned);
        let with = With { if_match: version, ..With::default() };
        who.sign_with(&self.step(at, "check"), &json!({}), &with)
    }

    /// Closes an operation's occurrence.
    pub fn close(&self, who: &Persona, operation: &str) -> Answer {
        let picture = self.picture();
        let list = picture["operations"].as_array().cloned().unwrap_or_default();
        let found = list.iter().find(|op| op["operation"] == operation);
        let if_match = found.and_then(|op| op["etag"].as_str()).map(str::to_owned);
        let path = self.path(&format!("operations/{operation}/closure"));
        who.sign_with(&path, &json!({}), &With { if_match, ..With::default() })
    }

    /// The exceptions of the run.
    pub fn exceptions(&self) -> Vec<Value> {
        self.picture()["exceptions"].as_array().cloned().unwrap_or_default()
    }

    /// Kinds of the exceptions of the run, in order.
    pub fn exception_kinds(&self) -> Vec<String> {
        let kinds = self.exceptions().into_iter();
        kinds.map(|e| e["kind"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Whether a gate is open, and why not.
    pub fn gate(&self, gate: &str) -> Value {
        let picture = self.picture();
        let gates = picture["gates"].as_array().cloned().unwrap_or_default();
        gates.into_iter().find(|g| g["gate"] == gate).unwrap_or(Value::Null)
    }

    /// QA decides an exception as no deviation.
    pub fn wave_through(&self, no: u64) -> Answer {
        let body = json!({ "outcome": "not-a-deviation", "rationale": "assessed, no effect on the product" });
        let critical = self.exceptions()[no as usize - 1]["severity"] == "critical";
        let (path, qadir) =
            (self.path(&format!("exceptions/{no}/triage")), self.world.person("qadir"));
        if critical {
            return qadir.sign_seconded(&path, &body, self.world.person("quella"));
        }
        qadir.sign(&path, &body)
    }

    /// The investigation of a deviation signed by petra, then closed by quella over every lot of this batch
    /// and every batch that is proposed.
    pub fn close_deviation(&self, path: &str, conclusion: &str) -> Answer {
        let report =
            json!({ "text": "looked into", "root_cause": "a worn tube", "capa": "replaced" });
        self.world.person("petra").sign(&format!("{path}/investigation-report"), &report).done();
        self.world
            .person("quella")
            .sign(&format!("{path}/closure"), &self.closing(path, conclusion))
    }

    /// What closes a deviation of this batch.
    pub fn closing(&self, path: &str, conclusion: &str) -> Value {
        let quella = self.world.person("quella");
        let picture = self.picture();
        let lots = picture["lots"].as_array().cloned().unwrap_or_default();
        let lots = lots.iter().map(|lot| json!({ "lot": lot["number"], "impact": "none" }));
        let proposed = quella.get(&format!("{path}/other-batches")).done()["batches"].clone();
        let proposed = proposed.as_array().cloned().unwrap_or_default();
        let others = proposed.iter().map(|o| json!({ "batch": o["batch"], "word": "looked at" }));
        json!({ "conclusion": conclusion, "lots": lots.collect::<Vec<_>>(),
            "other_batches": others.collect::<Vec<_>>() })
    }

    /// The first step, weighed with this weight.
    pub fn weigh(&self, weight: &str) {
        let olga = self.world.person("olga");
        let at = "OP-01~1/01.1~1";
        self.start(olga, at).done();
        self.record(olga, at, &json!({ "entry": "lot", "value": "NA-2026-01" })).done();
        self.record(olga, at, &json!({ "entry": "balance", "value": "BAL-07" })).done();
        self.record(olga, at, &json!({ "entry": "weight", "value": weight, "unit": "kg" })).done();
    }

    /// Weighed, completed, verified.
    pub fn weighed(&self) {
        self.weigh("0.272");
        self.complete(self.world.person("olga"), "OP-01~1/01.1~1").done();
        self.check(self.world.person("omar"), "OP-01~1/01.1~1").done();
    }

    /// The k-th stirring, complete.
    pub fn stirred(&self, k: u32, temperature: &str) {
        let olga = self.world.person("olga");
        let at = format!("OP-01~1/01.2~{k}");
        self.start(olga, &at).done();
        let body = json!({ "entry": "temperature", "value": temperature, "unit": "Cel" });
        self.record(olga, &at, &body).done();
        self.complete(olga, &at).done();
    }

    /// The first operation closed.
    pub fn dissolved(&self) {
        self.weighed();
        self.stirred(1, "20");
        self.close(self.world.person("olga"), "OP-01~1").done();
    }

    /// pH adjusted: the gate before filling can be passed.
    pub fn adjusted(&self) {
        self.dissolved();
        self.at_ph();
    }

    /// The pH of what is dissolved adjusted, complete.
    pub fn at_ph(&self) {
        let olga = self.world.person("olga");
        let at = "OP-02~1/02.1~1";
        self.start(olga, at).done();
        self.record(olga, at, &json!({ "entry": "ph", "value": "5.30", "unit": "[pH]" })).done();
        self.record(olga, at, &json!({ "entry": "appearance", "value": "clear" })).done();
        self.complete(olga, at).done();
        self.look(self.world.person("omar"), at).done();
    }

    /// A second look at everything that waits for one at a step's occurrence.
    pub fn look(&self, who: &Persona, at: &str) -> Answer {
        let waiting = who.get(&self.path("second-looks")).done();
        let of = |list: &str, number: &str| -> Vec<Value> {
            let all = waiting[list].as_array().cloned().unwrap_or_default();
            let here = all.into_iter().filter(|it| it["step"] == at);
            here.map(|it| json!({ "step": at, "entry": it["entry"], number: it[number] })).collect()
        };
        let body = json!({ "against": "display", "values": of("values", "version"),
            "attempts": of("attempts", "no") });
        who.sign(&self.path("second-looks"), &body)
    }

    /// Filled and closed: everything of execution but the results due at release.
    pub fn filled(&self) {
        let olga = self.world.person("olga");
        self.adjusted();
        olga.sign(&self.path("gates/G-FILL/passage"), &json!({})).done();
        self.fill(olga);
    }

    /// The filling step itself and the closing of its operation.
    pub fn fill(&self, olga: &Persona) {
        let at = "OP-02~1/02.2~1";
        self.start(olga, at).done();
        self.record(olga, at, &json!({ "entry": "closed", "value": true })).done();
        let now = self.world.clock.time().to_rfc3339();
        let when = json!({ "entry": "filled-at", "value": now });
        self.record(olga, at, &when).done();
        self.complete(olga, at).done();
        self.close(olga, "OP-02~1").done();
    }

    /// Results due at release.
    pub fn tested(&self) {
        let quinn = self.world.person("quinn");
        let body = json!({ "entry": "bioburden", "unit": "[CFU]/mL",
                "value": { "value": "2", "method_version": "4", "item": "BAG-1" } });
        self.record(quinn, "OP-02~1/02.2~1", &body).done();
        quinn
            .post(
                &self.path("entries"),
                &json!({ "entry": "identity",
                "value": { "value": "conforms", "method_version": "2", "item": "BAG-1" } }),
            )
            .done();
        self.looked_over();
    }

    /// A second person looks over the results that owe it: quality, which is no part in the work.
    pub fn looked_over(&self) {
        let qadir = self.world.person("qadir");
        let at = "OP-02~1/02.2~1";
        let version = With::version(&self.entry_etag(at, "bioburden"));
        let path = self.step(at, "entries/bioburden/checks");
        qadir.post_with(&path, &json!({}), &version).done();
        let etag = self.entry(None, "identity")["etag"].as_str().expect("an ETag").to_owned();
        let path = self.path("entries/identity/checks");
        qadir.post_with(&path, &json!({}), &With::version(&etag)).done();
    }

    /// Execution declared complete, with one lot.
    pub fn completed(&self) {
        let sven = self.world.person("sven");
        let lot = json!({ "number": lot_of(&self.number), "material": "Acetate buffer",
                          "quantity": { "value": "98", "unit": "L" }, "parents": [] });
        sven.post(&self.path("lots"), &lot).done();
        self.accept(&["NA-2026-01"]).done();
        let version = With::version(&self.etag());
        sven.sign_with(&self.path("completion"), &json!({}), &version).done();
    }

    /// QA accepts lots of suppliers that went in.
    pub fn accept(&self, lots: &[&str]) -> Answer {
        self.decide_foreign(lots, true)
    }

    /// QA accepts or refuses lots of suppliers that went in.
    pub fn decide_foreign(&self, lots: &[&str], accepted: bool) -> Answer {
        let of =
            |lot: &&str| json!({ "lot": lot, "supplier": "Salt works", "document": "QC-IN-77" });
        let lots: Vec<Value> = lots.iter().map(of).collect();
        let body = json!({ "lots": lots, "accepted": accepted });
        self.world.person("qadir").sign(&self.path("foreign-lots"), &body)
    }

    /// QA's review of record and audit trail.
    pub fn review(&self, who: &Persona) -> Answer {
        let body = json!({ "conclusion": "record and audit trail complete" });
        who.sign_with(&self.path("review"), &body, &With::version(&self.etag()))
    }

    /// A decision on the run's lot.
    pub fn dispose(&self, who: &Persona, disposition: &str) -> Answer {
        let path = format!("/lots/{}", lot_of(&self.number));
        let etag = self.world.person("qadir").get(&path).header("etag").to_owned();
        let body = json!({ "disposition": disposition, "reason": "decided on the whole record" });
        who.sign_with(&format!("{path}/dispositions"), &body, &With::version(&etag))
    }

    /// All of execution, with results.
    pub fn executed(&self) {
        self.filled();
        self.tested();
        self.completed();
    }
}
