//! A small run for tests of the quality rules, built through `evolve` of events and of rulings.

mod fold;
mod recipe;

pub use fold::request;
pub use recipe::{entry, recipe, step};

use super::decide::RunFacts;
use super::decide::lot::LotRuling;
use super::event::{Basis, EntryKey, MasterRef, RunEvent};
use super::{Run, evolve};
use crate::domain::clock::{Instant, MINUTE};
use crate::domain::command::{Planned, Stamp};
use crate::domain::deviation::decide::DeviationRuling;
use crate::domain::deviation::{self, Deviation};
use crate::domain::entry::Input;
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::ids::{OperationKey, RecordKey, RecordKind};
use crate::domain::lot::{self, Lot};
use crate::domain::master::{OnCritical, RunPurpose};
use crate::domain::person::Person;
use crate::domain::person::scene::{AT, person, site, stamp_of};
use crate::domain::policy::Grant;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::{Ruling, planned};
use crate::domain::signing::Meaning;
use crate::domain::site::{self as site_noun, Site};
use fold::{fold, keep_in, passage};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// User names and roles of everybody in these scenes.
const PEOPLE: &[(&str, &str)] = &[
    ("opal", "operator"),
    ("omar", "operator"),
    ("sven", "supervisor"),
    ("petra", "process-engineer"),
    ("quinn", "qc-analyst"),
    ("quentin", "qc-analyst"),
    ("quill", "qc-supervisor"),
    ("qadir", "qa"),
    ("quella", "qa"),
    ("pia", "qualified-person"),
    ("adam", "administrator"),
];

/// One run with its lots and deviations, the site and the people.
#[derive(Clone)]
pub struct Scene {
    /// The run.
    pub run: Run,
    /// Its lots.
    pub lots: Vec<Lot>,
    /// Its deviations.
    pub deviations: Vec<Deviation>,
    /// The site.
    pub site: Site,
    /// The moment of the next act.
    pub at: Instant,
    people: BTreeMap<&'static str, Person>,
}

impl Scene {
    /// A run just issued by sven.
    #[must_use]
    pub fn issued() -> Self {
        let record = |kind, id| RecordKey::new(kind, Uuid::from_u128(id));
        let master = MasterRef {
            record: record(RecordKind::Master, 0xA),
            code: "SMALL".into(),
            version: 1,
            content_hash: "00".repeat(32),
        };
        let event = RunEvent::Issued {
            number: "B-1".into(),
            issue_no: 1,
            purpose: RunPurpose::Production,
            master,
            product: "AMAB".into(),
        };
        let people: BTreeMap<_, _> = (1..)
            .zip(PEOPLE)
            .map(|(id, (name, role))| (*name, person(name, id, &[role])))
            .collect();
        let sven = &people["sven"];
        let sign = request(sven, Meaning::IssuedAndChecked);
        let key = record(RecordKind::Run, 0xB);
        let planned = planned(key, "run", None, &event, vec![sign]);
        let recipe = Arc::new(recipe());
        let run = fold(&planned, 1, AT, sven, |happened| evolve(None, happened, Some(recipe)));
        Self { run, lots: Vec::new(), deviations: Vec::new(), site: site(), at: AT, people }
    }

    /// A run whose execution has all that completion asks, by opal, verified by omar.
    #[must_use]
    pub fn executed() -> Self {
        let mut scene = Self::issued();
        scene.happens("opal", RunEvent::Started {});
        let operation = OperationKey { op: "OP".into(), n: 1 };
        scene.happens("opal", RunEvent::OperationStarted { operation });
        scene.start("grow");
        scene.record("opal", "pH", "6.85");
        scene.record("opal", "density", "6.90");
        scene.finish("grow");
        scene.signed("sven", passage("G"), Meaning::PassedGate);
        scene.signed("sven", passage("H"), Meaning::PassedGate);
        scene.start("transfer");
        scene.finish("transfer");
        let operation = OperationKey { op: "OP".into(), n: 1 };
        scene.signed("opal", RunEvent::OperationClosed { operation }, Meaning::ClosedOperation);
        scene
    }

    /// A run that lacks nothing but release: lot L-1 yielded, complete, results in, reviewed.
    #[must_use]
    pub fn releasable() -> Self {
        let mut scene = Self::executed();
        scene.yield_lot("L-1", "100").expect("a lot can be yielded");
        scene.signed("sven", RunEvent::Completed {}, Meaning::Completed);
        scene.record("quinn", "virus", "6.80");
        scene.record("quinn", "purity", "6.80");
        scene.review("qadir").expect("nothing is owed before review");
        scene
    }

    /// Somebody of the scene.
    #[must_use]
    pub fn person(&self, name: &str) -> &Person {
        self.people.get(name).expect("the scene names only its people")
    }

    /// Gives somebody another role instead of the one they had.
    pub fn appoint(&mut self, name: &str, role: &str) {
        let person = self.people.get_mut(name).expect("the scene names only its people");
        person.grants = vec![Grant { role: role.to_owned(), product: None, area: None }];
    }

    /// A stamp of an act of this person now, signed with both components.
    #[must_use]
    pub fn stamp(&self, name: &str) -> Stamp {
        Stamp { at: self.at, ..stamp_of(self.person(name)) }
    }

    /// Decides as this person and keeps what follows; the code of the refusal otherwise.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn rules(
        &mut self,
        name: &str,
        decide: impl FnOnce(&Run, &RunFacts<'_>, &Stamp) -> Result<Ruling<RunEvent>, Refusal>,
    ) -> Result<(), &'static str> {
        let actor = self.person(name).clone();
        // Another of quality is at hand, where an act asks for two.
        let second = self.person(if name == "quella" { "qadir" } else { "quella" });
        let stamp = Stamp { second: stamp_of(second).signer, ..self.stamp(name) };
        let deviations: Vec<_> = self.deviations.iter().collect();
        let lots: Vec<_> = self.lots.iter().collect();
        let facts = RunFacts {
            deviations: &deviations,
            lots: &lots,
            // Whoever an order names here: the analyst of a retest plan.
            performer: self.people.get("quentin"),
            ..RunFacts::new(&self.site, &actor, Some(second))
        };
        let ruling = decide(&self.run, &facts, &stamp).map_err(|refusal| refusal.rule.code)?;
        let planned = ruling.into_planned(self.run.key, "run", None);
        self.keep(&actor, &planned);
        Ok(())
    }

    /// Decides about a deviation of the run as this person and keeps what follows.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn deviates(
        &mut self,
        name: &str,
        decide: impl FnOnce(&Self, &RunFacts<'_>, &Stamp) -> Result<DeviationRuling, Refusal>,
    ) -> Result<(), &'static str> {
        self.deviates_with(name, None, decide)
    }

    /// The same with a second person's signature.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn deviates_with(
        &mut self,
        name: &str,
        second: Option<&str>,
        decide: impl FnOnce(&Self, &RunFacts<'_>, &Stamp) -> Result<DeviationRuling, Refusal>,
    ) -> Result<(), &'static str> {
        let (actor, second) = (self.person(name).clone(), second.map(|name| self.person(name)));
        let mut stamp = self.stamp(name);
        stamp.second = second.and_then(|second| stamp_of(second).signer);
        let facts = RunFacts::new(&self.site, &actor, second);
        let ruling = decide(self, &facts, &stamp).map_err(|refusal| refusal.rule.code)?;
        self.keep(&actor, &ruling.into_planned());
        Ok(())
    }

    /// Decides about lots as this person and keeps what follows.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn lots(
        &mut self,
        name: &str,
        decide: impl FnOnce(&Self, &RunFacts<'_>, &Stamp) -> Result<LotRuling, Refusal>,
    ) -> Result<(), &'static str> {
        let actor = self.person(name).clone();
        let deviations: Vec<_> = self.deviations.iter().collect();
        let facts = RunFacts { deviations: &deviations, ..RunFacts::new(&self.site, &actor, None) };
        let ruling =
            decide(self, &facts, &self.stamp(name)).map_err(|refusal| refusal.rule.code)?;
        self.keep(&actor, &ruling.into_planned());
        Ok(())
    }

    /// An event without asking any rule.
    pub fn happens(&mut self, name: &str, event: RunEvent) {
        let actor = self.person(name).clone();
        let planned = planned(self.run.key, "run", None, &event, Vec::new());
        self.keep(&actor, &[planned]);
    }

    /// A signed event without asking any rule.
    pub fn signed(&mut self, name: &str, event: RunEvent, meaning: Meaning) {
        let actor = self.person(name).clone();
        let signs = vec![request(&actor, meaning)];
        let planned = planned(self.run.key, "run", None, &event, signs);
        self.keep(&actor, &[planned]);
    }

    /// A critical exception opens by somebody's act; its number.
    pub fn opens(
        &mut self,
        name: &str,
        kind: ExceptionKind,
        effect: OnCritical,
        at: Option<EntryKey>,
    ) -> u32 {
        self.opens_as(name, kind, Severity::Critical, effect, at)
    }

    /// An exception of this severity opens by somebody's act; its number.
    pub fn opens_as(
        &mut self,
        name: &str,
        kind: ExceptionKind,
        severity: Severity,
        effect: OnCritical,
        at: Option<EntryKey>,
    ) -> u32 {
        let no = super::decide::exception::next_no(&self.run);
        let detail = format!("{kind:?}");
        let opened = Opened { no, kind, severity, effect, at, detail };
        self.happens(name, RunEvent::ExceptionOpened(opened));
        no
    }

    /// Starts a step as opal.
    pub fn start(&mut self, id: &str) {
        let event =
            RunEvent::StepStarted { step: step(id), under_exceptions: vec![], oversight: false };
        self.happens("opal", event);
    }

    /// Completes a step as opal; omar verifies *grow*.
    pub fn finish(&mut self, id: &str) {
        let event = RunEvent::StepCompleted { step: step(id), oversight: false };
        self.signed("opal", event, Meaning::Performed);
        if id == "grow" {
            let event = RunEvent::StepChecked { step: step(id), oversight: false };
            self.signed("omar", event, Meaning::Verified);
        }
    }

    /// Records a value as this person, judged by the recipe; no exception opens by itself.
    pub fn record(&mut self, name: &str, id: &str, value: &str) {
        let recipe = Arc::clone(&self.run.recipe);
        let specs = recipe.steps().flat_map(|(_, step)| step.entries.iter());
        let spec = specs
            .chain(&recipe.release_specifications)
            .find(|spec| spec.id == id)
            .expect("the recipe has the entry");
        let input = Input { value: json!(value), unit: Some("[pH]".into()) };
        let value = spec.parse(&input).expect("the value is well formed");
        let exceptions = match self.run.exceptions.last() {
            Some(last) if last.opened.at == Some(entry(id)) => vec![last.opened.no],
            _ => vec![],
        };
        self.happens(
            name,
            RunEvent::EntryRecorded {
                at: entry(id),
                verdicts: spec.judge(&value),
                raw: value.data.to_string(),
                value,
                performed_at: None,
                basis: Basis::Direct,
                source: None,
                performer: None,
                reason: None,
                under_exceptions: vec![],
                check_owed: false,
                exceptions,
            },
        );
    }

    /// Yields a lot as sven.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn yield_lot(&mut self, number: &str, amount: &str) -> Result<(), &'static str> {
        self.yield_lot_as("sven", number, amount)
    }

    /// Yields a lot as this person.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn yield_lot_as(
        &mut self,
        name: &str,
        number: &str,
        amount: &str,
    ) -> Result<(), &'static str> {
        let quantity =
            serde_json::from_value(json!({ "value": amount, "unit": "[pH]" })).expect("a quantity");
        let id = 0xC0 + self.lots.len() as u128;
        self.lots(name, |scene, facts, stamp| {
            let new = super::decide::lot::NewLot {
                record: RecordKey::new(RecordKind::Lot, Uuid::from_u128(id)),
                number,
                number_taken: scene.lots.iter().any(|lot| lot.number == number),
                material: "bulk",
                output: None,
                quantity: &quantity,
                parents: &[],
            };
            super::decide::lot::yield_lot(&scene.run, facts, &new, stamp)
        })
    }

    /// Reviews as this person.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn review(&mut self, name: &str) -> Result<(), &'static str> {
        self.rules(name, |run, facts, stamp| {
            super::decide::review::review(run, facts, "in order", Some(run.seq), stamp)
        })
    }

    /// Keeps planned events: each folds into the record it belongs to.
    pub fn keep(&mut self, actor: &Person, all: &[Planned]) {
        for planned in all {
            self.at = Instant(self.at.0 + MINUTE);
            match planned.record.kind {
                RecordKind::Run => {
                    let run = self.run.clone();
                    self.run = fold(planned, run.seq + 1, self.at, actor, |happened| {
                        evolve(Some(run), happened, None)
                    });
                }
                RecordKind::Lot => keep_in(
                    &mut self.lots,
                    |lot| (lot.key, lot.seq),
                    (planned, self.at, actor),
                    |current, happened| lot::evolve(current, happened).expect("a lot folds"),
                ),
                RecordKind::Deviation => keep_in(
                    &mut self.deviations,
                    |deviation| (deviation.key, deviation.seq),
                    (planned, self.at, actor),
                    |current, happened| {
                        deviation::evolve(current, happened).expect("a deviation folds")
                    },
                ),
                RecordKind::Site => {
                    let site = self.site.clone();
                    self.site = fold(planned, site.seq + 1, self.at, actor, |happened| {
                        site_noun::evolve(Some(site), happened)
                    });
                }
                other => panic!("nothing here keeps a {other}"),
            }
        }
    }
}
