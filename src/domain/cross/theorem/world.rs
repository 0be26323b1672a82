//! The world of the theorem: a run with its lots, and the run of a lot that may have gone in.

use super::acts::{Act, Of, Spec, Word, perform};
use super::oracle;
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::cross::question::standing;
use crate::domain::cross::scene::{Scene, entry, recipe, step};
use crate::domain::deviation::Deviation;
use crate::domain::disposition::standing::Standing;
use crate::domain::exception::Severity;
use crate::domain::lot::{Disposition, Lot};
use crate::domain::policy::shipped_roles;
use crate::domain::recipe::MasterRecord;
use crate::domain::run::obligations::{ObligationFacts, Stage, open_until};
use crate::domain::run::testing::InvestigationStep;
use crate::domain::run::{EntryRun, review};
use crate::domain::words::EntryKey;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

/// Number of the parent, a lot of this house.
pub const PARENT: &str = "P-1";
/// Number of a lot of a supplier.
pub const FOREIGN: &str = "F-77";

/// Everything that the orders change, with the world's own book of what went in.
#[derive(Clone)]
pub struct World {
    pub child: Scene,
    pub parent: Scene,
    pub named: [BTreeSet<String>; 2],
}

fn result(id: &str, more: Value) -> Value {
    let limit = |low: &str, high: &str| {
        json!([{ "purpose": "acceptance", "low": { "value": low, "inclusive": true },
                 "high": { "value": high, "inclusive": true } }])
    };
    let mut spec = json!({
        "id": id, "name": id, "kind": "result", "due": "release", "classification": "specification",
        "method": "AM-1", "item": "bulk",
        "result": { "type": "number", "unit": "[pH]", "limits": limit("6.60", "7.10") }
    });
    if more["reportable"] == "mean" {
        spec["single"] = limit("6.00", "7.80");
    }
    for (member, value) in more.as_object().into_iter().flatten() {
        spec[member] = value.clone();
    }
    spec
}

/// A step with an in-process specification and a lot that goes in, three release specifications.
fn child() -> MasterRecord {
    let mut recipe = serde_json::to_value(recipe()).expect("JSON");
    recipe["release_specifications"] = json!([
        result("purity", json!({})),
        result(
            "potency",
            json!({ "per": "run", "replicates": 2, "reportable": "mean",
            "spread": { "range": "0.60", "repeats": 1 } })
        ),
        result("endotoxin", json!({ "per": "run", "skippable": true })),
    ]);
    let grow = &mut recipe["unit_procedures"][0]["operations"][0]["steps"][0];
    grow["authorities"] = json!(["execute", "test"]);
    let entries = &mut grow["entries"];
    entries[2] = result("virus", json!({}));
    let seed = json!({ "id": "seed", "name": "Seed", "kind": "lot", "material": "AMAB-CELLS",
                       "due": "step", "mandatory": false });
    let entries = entries.as_array_mut().expect("entries");
    entries.push(seed);
    for id in ["draw-1", "draw-2"] {
        entries.push(json!({ "id": id, "name": id, "kind": "sample", "point": "vessel",
                             "due": "step", "mandatory": false }));
    }
    serde_json::from_value(recipe).expect("the master record of the theorem is well formed")
}

impl World {
    /// Just issued; the parent is released.
    pub fn planned() -> Self {
        let mut parent = Scene::of("B-0", 0xA0, recipe()).execute();
        parent.yield_lot(PARENT, "100").expect("a lot can be yielded");
        parent.finish_and_test();
        let named = [BTreeSet::new(), BTreeSet::new()];
        let mut world = Self { child: Scene::of("B-1", 0xB, child()), parent, named };
        world.on_parent();
        world.does("pia", Act::Parent(Disposition::Released));
        world
    }

    /// Two lots are out, of which one has the parent in it.
    pub fn running() -> Self {
        let mut world = Self::planned();
        world.does("opal", Act::Execute);
        world.does("sven", Act::Yield(Of::One, "50"));
        world.does("sven", Act::Yield(Of::Two, "50"));
        world.does("opal", Act::Named(Of::One, PARENT));
        world
    }

    /// Tested and reviewed: nothing is owed but the decision on the lots.
    pub fn reviewed() -> Self {
        let mut world = Self::running();
        world.does("sven", Act::Complete);
        world.does("quinn", Act::Tests("6.80"));
        world.does("qadir", Act::Review);
        world
    }

    /// Both lots are released.
    pub fn released() -> Self {
        let mut world = Self::reviewed();
        for of in [Of::One, Of::Two] {
            world.does("pia", Act::Dispose(of, Disposition::Released));
        }
        world
    }

    /// Everything is done, and the first determination of the first lot is outside.
    pub fn failing() -> Self {
        let mut world = Self::running();
        world.does("sven", Act::Complete);
        world.does("quinn", Act::Tests("7.50"));
        world
    }

    fn does(&mut self, who: &'static str, act: Act) {
        let done = perform(self, who, act);
        assert_eq!(done, Ok(()), "{who} {act:?}");
    }

    /// Everybody of the world.
    pub fn people() -> Vec<&'static str> {
        vec![
            "opal", "omar", "sven", "petra", "quinn", "quentin", "quill", "qadir", "quella", "pia",
            "adam",
        ]
    }

    /// Two persons of whatever roles; in the first round their own.
    pub fn colludes(
        &mut self,
        one: &'static str,
        other: &'static str,
        round: u64,
        roll: &mut dyn FnMut(usize) -> usize,
    ) {
        for who in [one, other].into_iter().filter(|_| round > 0) {
            let roles = shipped_roles();
            let role = &roles[roll(roles.len())].name;
            self.child.appoint(who, role);
            self.parent.appoint(who, role);
        }
    }

    /// What the parent became is seen by its child.
    pub fn on_parent(&mut self) {
        let run = self.parent.run.clone();
        let all = self.parent.lots.iter().map(|lot| (lot.clone(), run.clone()));
        self.child.hears_of(all.collect());
        let latest = Instant(self.child.at.max(self.parent.at).0 + MINUTE);
        (self.child.at, self.parent.at) = (latest, latest);
    }

    /// How a lot stands, as every answer says.
    pub fn standing(&self, index: usize) -> Standing {
        let scene = &self.child;
        let (genealogy, standings) = (scene.genealogy(), &scene.standings);
        let deviations: Vec<_> = scene.deviations.iter().map(Deviation::facts).collect();
        let lots: Vec<_> = scene.lots.iter().map(Lot::facts).collect();
        let owed = ObligationFacts {
            deviations: &deviations,
            lots: &lots,
            genealogy: Some(&genealogy),
            standings,
        };
        standing(&scene.lots[index], &scene.run, &owed)
    }

    /// Whether the model follows an act from here: it is bounded, the rules are not.
    pub fn bounded(&self, act: &Act) -> bool {
        let tests = |spec: Spec| {
            let entry = self.child.run.entry(&spec.at());
            entry.map_or(0, |entry| entry.determinations.len())
        };
        let run = &self.child.run;
        match act {
            Act::Test(spec, ..) => tests(*spec) < 3,
            Act::Correct(spec, ..) => {
                run.entry(&spec.at()).is_none_or(|entry| entry.claims.is_empty())
            }
            Act::Conclude(spec, _, Word::Cause) => {
                run.entry(&spec.at()).is_some_and(oracle::is_failing)
            }
            Act::Conclude(spec, _, Word::NoCause) => run.entry(&spec.at()).is_some_and(|entry| {
                let cause = |step| matches!(step, &InvestigationStep::AssignableCause { .. });
                !entry.investigation.iter().any(|it| cause(&it.step))
            }),
            Act::Conclude(spec, ..) | Act::Laboratory(spec, ..) => {
                run.entry(&spec.at()).is_none_or(|it| it.investigation.len() < 12)
            }
            Act::Spoken(spec, _) => {
                run.entry(&spec.at()).is_none_or(|it| it.investigation.len() < 2)
            }
            Act::TestDrawn(..) => tests(Spec::Purity) < 3,
            Act::Drawn(of, _) => {
                let at = EntryKey { step: Some(step("grow")), entry: of.sample().0.into() };
                run.entry(&at).is_none_or(|it| it.versions.len() < 2)
            }
            Act::Hold => run.holds.is_empty(),
            Act::Event => run.happenings.is_empty(),
            Act::Complaint => run.notices.is_empty(),
            Act::Redline | Act::Reprocess => run.amendments.is_empty(),
            Act::Named(..) | Act::Taken(..) => self.child.lots.iter().all(|lot| lot.seq < 7),
            Act::Dispose(..) | Act::Stand(..) => {
                self.child.lots.iter().all(|lot| lot.decisions.len() < 3)
            }
            Act::ParentCorrected(_) => {
                let purity = self.parent.run.entry(&entry("purity"));
                purity.is_none_or(|it| it.versions.len() < 4)
            }
            Act::Investigates => {
                self.child.deviations.iter().any(|it| it.closed.is_none() && it.report.is_none())
            }
            Act::Foreign(accepted) => run.foreign.values().all(|it| it.told.accepted != *accepted),
            Act::Parent(_) => self.parent.lots[0].decisions.len() < 3,
            Act::Deviates => self.child.deviations.len() < 2,
            _ => true,
        }
    }

    /// What of a state decides what may follow.
    pub fn mark(&self) -> String {
        let (run, mut text) = (&self.child.run, String::new());
        let steps = run.steps.values().flat_map(|step| step.entries.iter());
        for (id, entry) in steps.chain(&run.release_entries) {
            results(id, entry, &mut text);
        }
        let open: Vec<_> = run
            .exceptions
            .iter()
            .filter(|e| e.triage.is_none())
            .map(|e| (e.opened.kind, e.opened.severity == Severity::Critical))
            .collect();
        let owed = ObligationFacts::default();
        let owes = open_until(run, &owed, Stage::Review, self.child.at).len();
        for index in 0..self.child.lots.len() {
            let (lot, named) = (&self.child.lots[index], &self.named[index]);
            let open = run.questions.iter().filter(|fact| fact.seq > lot.covers(run.key));
            let open: BTreeSet<_> = open.map(|fact| fact.blocks).collect();
            let parent = lot.covers(self.parent.run.key) >= self.parent.run.seq;
            let _ = write!(text, "|{} {named:?} {open:?} {parent}", lot.disposition().as_str());
        }
        let (reviewed, holds) = (review::standing(run).is_some(), run.holds.len());
        let foreign: Vec<_> = run.foreign.values().map(|it| it.told.accepted).collect();
        let phase = (run.phase, run.aborted.is_some(), reviewed, owes, holds);
        let sides: Vec<_> =
            run.amendments.iter().map(|it| (it.decisions.len(), it.in_force.is_some())).collect();
        let _ = write!(text, "|{phase:?} {open:?} {foreign:?} {sides:?}");
        let deviations: Vec<_> = self
            .child
            .deviations
            .iter()
            .map(|it| (it.phase, it.report.is_some(), it.closed.is_some()))
            .collect();
        let steps: Vec<_> = run.steps.iter().map(|(key, step)| (key, step.phase)).collect();
        let _ = write!(text, "|{deviations:?} {steps:?}");
        let parent = &self.parent;
        let purity = parent.run.entry(&entry("purity"));
        let value = purity.and_then(EntryRun::current).map(|version| &version.content);
        let _ = write!(text, "|{:?} {value:?}", parent.lots[0].disposition());
        text
    }
}

fn results(id: &str, entry: &EntryRun, text: &mut String) {
    let tests = entry.determinations.iter().map(|it| {
        let set = (it.told.plan.is_some(), it.told.repeat, it.invalidated.is_some());
        (&it.value().shown, it.told.of.as_deref(), set)
    });
    let claims = entry.claims.iter().map(|it| (it.told.claimed, it.accepted));
    let speaker = |step: &InvestigationStep| match step {
        InvestigationStep::Laboratory { speaker, .. } => *speaker,
        _ => None,
    };
    let steps = entry.investigation.iter();
    let steps = steps.map(|it| (it.step.as_str(), it.of.as_deref(), speaker(&it.step)));
    let current = entry.current().map(|version| (&version.content, version.check_owed));
    let checked = entry.current().is_some_and(|version| version.checked.is_some());
    let _ = write!(
        text,
        "|{id} {:?} {:?} {:?} {current:?} {checked}",
        tests.collect::<Vec<_>>(),
        claims.collect::<Vec<_>>(),
        steps.collect::<Vec<_>>()
    );
}

/// The recipe that a redline of the in-process specification would bring about.
pub fn loosened(world: &World) -> crate::domain::entry::spec::EntrySpec {
    let recipe = Arc::clone(&world.child.run.recipe);
    let (_, step) = recipe.step("grow").expect("the step");
    let virus = step.entries.iter().find(|spec| spec.id == "virus").expect("the entry");
    let mut spec = serde_json::to_value(virus).expect("JSON");
    spec["result"]["limits"][0]["high"]["value"] = json!("9.00");
    serde_json::from_value(spec).expect("an entry")
}
