//! A small run for tests of the quality rules, built through `evolve` of events and of rulings.

mod fold;
mod orders;
mod recipe;

pub use fold::request;
pub use recipe::{entry, recipe, step};

use crate::domain::clock::{Instant, MINUTE};
use crate::domain::command::{Planned, Stamp};
use crate::domain::deviation::{self, Deviation};
use crate::domain::disposition::standing::Standing;
use crate::domain::entry::Input;
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::ids::{OperationKey, RecordKey, RecordKind};
use crate::domain::lot::{self, Lot};
use crate::domain::person::Person;
use crate::domain::policy::Grant;
use crate::domain::recipe::plan::Recipe;
use crate::domain::recipe::{MasterRecord, RunPurpose};
use crate::domain::ruling::planned;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::begun::{OperationStarted, Started};
use crate::domain::run::acts::check::StepChecked;
use crate::domain::run::acts::complete::StepCompleted;
use crate::domain::run::acts::exception::next_no;
use crate::domain::run::acts::finish::Completed;
use crate::domain::run::acts::issued::Issued;
use crate::domain::run::acts::operation::OperationClosed;
use crate::domain::run::acts::recorded::EntryRecorded;
use crate::domain::run::acts::start::StepStarted;
use crate::domain::run::{Run, evolve};
use crate::domain::scene::{AT, person, site, stamp_of};
use crate::domain::signing::Meaning;
use crate::domain::site::{self as site_noun, Site};
use crate::domain::words::{Basis, EntryKey, MasterRef, OnCritical};
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
    pub run: Run,
    pub lots: Vec<Lot>,
    pub deviations: Vec<Deviation>,
    pub site: Site,
    /// The moment of the next act.
    pub at: Instant,
    /// Own lots of other runs that may have gone in, each with its run.
    pub upstream: Vec<(Lot, Run)>,
    /// How these stand.
    pub standings: Vec<Standing>,
    /// Who signs as the second person; else another of quality is at hand.
    pub second: Option<&'static str>,
    people: BTreeMap<&'static str, Person>,
}

impl Scene {
    /// A run just issued by sven.
    #[must_use]
    pub fn issued() -> Self {
        Self::of("B-1", 0xB, recipe())
    }

    /// The same of another number, id and master record.
    #[must_use]
    pub fn of(number: &str, id: u128, recipe: MasterRecord) -> Self {
        let record = |kind, id| RecordKey::new(kind, Uuid::from_u128(id));
        let master = MasterRef {
            record: record(RecordKind::Master, 0xA),
            code: "SMALL".into(),
            version: 1,
            content_hash: "00".repeat(32),
        };
        let event = RunEvent::Issued(Issued {
            number: number.into(),
            printed: None,
            issue_no: 1,
            purpose: RunPurpose::Production,
            master,
            product: "AMAB".into(),
        });
        let people: BTreeMap<_, _> = (1..)
            .zip(PEOPLE)
            .map(|(id, (name, role))| (*name, person(name, id, &[role])))
            .collect();
        let sven = &people["sven"];
        let sign = request(sven, Meaning::IssuedAndChecked);
        let key = record(RecordKind::Run, id);
        let planned = planned(key, "run", None, &event, vec![sign]);
        let recipe = Recipe::new(Arc::new(recipe));
        let run = fold(&planned, 1, AT, sven, |happened| evolve(None, happened, Some(recipe)));
        let (lots, deviations, upstream) = (Vec::new(), Vec::new(), Vec::new());
        let (site, at, second, standings) = (site(), AT, None, Vec::new());
        Self { run, lots, deviations, site, at, upstream, standings, second, people }
    }

    /// A run whose execution has all that completion asks, by opal, verified by omar.
    #[must_use]
    pub fn executed() -> Self {
        Self::issued().execute()
    }

    /// The same run, executed.
    #[must_use]
    pub fn execute(self) -> Self {
        let mut scene = self;
        scene.begin();
        scene.start("grow");
        scene.record("opal", "pH", "6.85");
        scene.record("opal", "density", "6.90");
        scene.finish("grow");
        scene.signed("sven", passage("G"), Meaning::PassedGate);
        scene.signed("sven", passage("H"), Meaning::PassedGate);
        scene.start("transfer");
        scene.finish("transfer");
        let operation = OperationKey { op: "OP".into(), n: 1 };
        scene.signed(
            "opal",
            RunEvent::OperationClosed(OperationClosed { operation }),
            Meaning::ClosedOperation,
        );
        scene
    }

    /// Starts the run and its operation as opal.
    pub fn begin(&mut self) {
        self.happens("opal", RunEvent::Started(Started {}));
        let operation = OperationKey { op: "OP".into(), n: 1 };
        self.happens("opal", RunEvent::OperationStarted(OperationStarted { operation }));
    }

    /// A run that lacks nothing but release: lot L-1 yielded, complete, results in, reviewed.
    #[must_use]
    pub fn releasable() -> Self {
        let mut scene = Self::executed();
        scene.yield_lot("L-1", "100").expect("a lot can be yielded");
        scene.finish_and_test();
        scene
    }

    /// Completes, records what release asks, reviews.
    pub fn finish_and_test(&mut self) {
        self.signed("sven", RunEvent::Completed(Completed {}), Meaning::Completed);
        self.record("quinn", "virus", "6.80");
        self.record("quinn", "purity", "6.80");
        self.review("qadir").expect("nothing is owed before review");
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
        let no = next_no(&self.run);
        let detail = format!("{kind:?}");
        let opened = Opened { no, kind, severity, effect, at, detail };
        self.happens(name, RunEvent::ExceptionOpened(opened));
        no
    }

    /// Starts a step as opal.
    pub fn start(&mut self, id: &str) {
        let event = RunEvent::StepStarted(StepStarted {
            step: step(id),
            under_exceptions: vec![],
            oversight: false,
        });
        self.happens("opal", event);
    }

    /// Completes a step as opal; omar verifies *grow*.
    pub fn finish(&mut self, id: &str) {
        let event = RunEvent::StepCompleted(StepCompleted { step: step(id), oversight: false });
        self.signed("opal", event, Meaning::Performed);
        if id == "grow" {
            let event = RunEvent::StepChecked(StepChecked {
                step: step(id),
                oversight: false,
                covers: Vec::new(),
            });
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
            RunEvent::EntryRecorded(EntryRecorded {
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
            }),
        );
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
