//! What a batch of the whole A-Mab process owes from its first moment on.

use super::world::World;
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::obligations::{
    ObligationFacts, Stage, Status, Tally, obligations, open_until,
};
use std::collections::BTreeSet;

fn process() -> MasterRecord {
    let text = include_str!("../../../schemas/examples/amab-drug-substance.json");
    serde_json::from_str(text).expect("the example is a master record")
}

#[test]
fn the_whole_process_is_owed_before_it_has_begun() {
    let recipe = process();
    let w = World::new(recipe.clone());
    let list = obligations(&w.run, &ObligationFacts::default(), w.now);
    let ids: BTreeSet<_> = list.iter().map(|obligation| obligation.id.as_str()).collect();
    assert_eq!(ids.len(), list.len(), "an id is used twice");
    let tally = Tally::of(&list);
    let of = tally.all();
    assert_eq!((tally.met, tally.waived), (1, 0), "only the issue is met");
    assert!(of > 150, "{of} is too few for {} steps", recipe.steps().count());
    for operation in recipe.operations().filter(|op| op.order.occurs().min > 0) {
        let closed = format!("operation/{}~1/closed", operation.id);
        assert!(ids.contains(closed.as_str()), "{closed}");
        for step in operation.steps.iter().filter(|step| step.order.occurs().min > 0) {
            let place = format!("{}~1/{}~1", operation.id, step.id);
            assert!(ids.contains(format!("step/{place}/complete").as_str()), "{place}");
            for entry in step.entries.iter().filter(|entry| entry.mandatory) {
                let recorded = format!("entry/{place}/{}/recorded", entry.id);
                assert!(ids.contains(recorded.as_str()), "{recorded}");
            }
        }
    }
    for specification in &recipe.release_specifications {
        let conforms = format!("entry/release/{}/conforms", specification.id);
        assert!(ids.contains(conforms.as_str()), "{conforms}");
    }
    for obligation in &list {
        let whole = !obligation.rule.is_empty() && !obligation.clause.is_empty();
        assert!(whole && !obligation.who_can.is_empty(), "{obligation:?}");
        assert_eq!(obligation.status == Status::Open, !obligation.settled());
    }
    // What is due at completion is due at review and release too.
    let open = |stage| open_until(&w.run, &ObligationFacts::default(), stage, w.now).len();
    assert!(open(Stage::Completion) < open(Stage::Review));
    assert!(open(Stage::Review) < open(Stage::Release));
}
