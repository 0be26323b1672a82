//! A run in each of its phases, and the orders that lead from one to the next.

use super::scene::{master, note, ph, step};
use super::world::{World, by};
use batchwright::domain::ids::OperationKey;
use batchwright::domain::quantity::Quantity;
use batchwright::domain::run::Phase;
use batchwright::domain::run::acts::outcome::LotDecided;
use batchwright::domain::run::acts::{
    AbortRun, AcknowledgeAlerts, CloseRun, CompleteRun, PassGate, ReviewRun, RunCommand, RunEvent,
    YieldLot,
};
use rust_decimal::Decimal;
use serde_json::json;

pub fn issued() -> World {
    let trail = json!([{ "id": "acid", "name": "Titration", "kind": "adjust-to-target",
        "unit": "[pH]", "set_point": "3.5", "addition": { "material": "acid", "unit": "kg" } }]);
    let operation = json!({ "id": "OP", "name": "All", "steps": [
        step("one", json!([ph("ph"), note("note", false)]), json!({})),
        step("two", json!([]), json!({ "after": ["one"], "significant": true })),
        step("care", json!([ph("ph")]), json!({ "care": true, "on_demand": true })),
        step("more", trail, json!({ "on_demand": true, "significant": true })),
    ] });
    let gate = json!([{ "id": "G", "name": "Two", "before": ["two"], "at_risk_minutes": 60 }]);
    let pure = json!([{ "id": "pure", "name": "Purity", "kind": "text", "due": "release" }]);
    World::new(master(json!([operation]), gate, pure))
}

pub fn running() -> World {
    let mut w = issued();
    w.does(by("ana"), w.start("OP~1/one~1"));
    w.does(by("ana"), w.record("OP~1/one~1/ph", "6.65"));
    w.does(by("ana"), w.complete("OP~1/one~1"));
    w
}

/// Everything done but the end of execution.
pub fn executed() -> World {
    let mut w = ready_to_close();
    w.does(by("ana"), w.close("OP~1"));
    w.does(by("sue"), yields("LOT-1"));
    w
}

pub fn ready_to_close() -> World {
    let mut w = running();
    w.does(by("sue"), PassGate { gate: "G".into() }.into());
    w.does(by("ana"), w.start("OP~1/two~1"));
    w.does(by("ana"), w.complete("OP~1/two~1"));
    w.later(1);
    w.does(by("ben"), w.check("OP~1/two~1"));
    w.does(by("sue"), acknowledge());
    w
}

pub fn complete() -> World {
    let mut w = executed();
    w.does(by("sue"), finish(&w));
    w
}

pub fn reviewed() -> World {
    let mut w = complete();
    w.does(by("quinn"), review(&w));
    w
}

pub fn closed() -> World {
    let mut w = reviewed();
    result(&mut w);
    w.hears(by("quinn"), decided());
    w.does(by("quinn"), CloseRun {}.into());
    w
}

pub fn aborted() -> World {
    let mut w = running();
    w.does(by("sue"), AbortRun { reason: "contaminated".into() }.into());
    w
}

pub fn yields(number: &str) -> RunCommand {
    YieldLot {
        number: number.into(),
        material: "Product".into(),
        output: None,
        quantity: Quantity { value: Decimal::ONE, unit: "L".into() },
        parents: Vec::new(),
    }
    .into()
}

pub fn acknowledge() -> RunCommand {
    let operation = OperationKey { op: "OP".into(), n: 1 };
    AcknowledgeAlerts { operation, comment: "seen".into() }.into()
}

pub fn finish(w: &World) -> RunCommand {
    CompleteRun { expected: Some(w.run.seq) }.into()
}

pub fn review(w: &World) -> RunCommand {
    ReviewRun { conclusion: "in order".into(), expected: Some(w.run.seq) }.into()
}

pub fn decided() -> RunEvent {
    RunEvent::LotDecided(LotDecided {
        lot: "LOT-1".into(),
        disposition: "rejected".into(),
        lot_seq: 2,
    })
}

/// The result that release waits for, so that release asks for the phase alone.
pub fn result(w: &mut World) {
    if w.run.phase == Phase::Reviewed {
        w.does(by("lab"), w.record("pure", "pure"));
        w.does(by("quinn"), review(w));
    }
}
