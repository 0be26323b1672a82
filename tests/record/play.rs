//! A run built by folding events, as the journal would: what a report is made of, without any rule.

#[path = "../../src/domain/scene.rs"]
#[allow(dead_code)]
mod persons;

use batchwright::domain::clock::{Instant, Zone};
use batchwright::domain::command::Happened;
use batchwright::domain::entry::EntryValue;
use batchwright::domain::exception::{ExceptionKind, Opened, Severity};
use batchwright::domain::ids::{OperationKey, RecordKey, RecordKind, StepKey};
use batchwright::domain::limits::{Purpose, Side, Verdict};
use batchwright::domain::policy::Actor;
use batchwright::domain::quantity::Quantity;
use batchwright::domain::recipe::{MasterRecord, RunPurpose};
use batchwright::domain::ruling::planned;
use batchwright::domain::run::acts::RunEvent;
use batchwright::domain::run::acts::begun::{OperationStarted, Started};
use batchwright::domain::run::acts::complete::StepCompleted;
use batchwright::domain::run::acts::issued::Issued;
use batchwright::domain::run::acts::start::StepStarted;
use batchwright::domain::run::genealogy::Genealogy;
use batchwright::domain::run::obligations::Status;
use batchwright::domain::run::{Run, evolve};
use batchwright::domain::signing::{Meaning, Signed};
use batchwright::domain::site::Site;
use batchwright::domain::words::{EntryKey, MasterRef, OnCritical};
use batchwright::record::model::trail::{TrailLine, describe};
use batchwright::record::model::{BatchRecord, ObligationLine, RenditionLine};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use uuid::Uuid;

/// 2026-03-02 14:05:00 UTC.
pub const BEGIN: Instant = Instant(1_772_460_300_000_000);

/// User name, printed name, role.
pub const OLGA: (&str, &str, &str) = ("olga", "Olga Mendes", "operator");
pub const OMAR: (&str, &str, &str) = ("omar", "Omar Haddad", "operator");
pub const SUE: (&str, &str, &str) = ("sue", "Sue Lindqvist", "supervisor");
pub const QUINN: (&str, &str, &str) = ("quinn", "Quinn Abara", "qc-analyst");
pub const QUELLA: (&str, &str, &str) = ("quella", "Quella Tanaka", "qa");

pub type Person = (&'static str, &'static str, &'static str);

/// A run with its audit trail.
pub struct Play {
    pub run: Run,
    pub trail: Vec<TrailLine>,
    pub now: Instant,
}

fn actor(person: Person) -> Actor {
    let id = person.0.bytes().fold(7u128, |sum, byte| sum * 31 + u128::from(byte));
    Actor { person: Uuid::from_u128(id), user_name: person.0.into(), printed_name: person.1.into() }
}

impl Play {
    pub fn issued(recipe: MasterRecord) -> Self {
        let key = RecordKey::new(RecordKind::Run, Uuid::from_u128(0xB));
        let master = MasterRef {
            record: RecordKey::new(RecordKind::Master, Uuid::from_u128(0xA)),
            code: recipe.code.clone(),
            version: 2,
            content_hash: "5a".repeat(32),
        };
        let event = RunEvent::Issued(Issued {
            number: "AMAB-26-014".into(),
            printed: None,
            issue_no: 14,
            purpose: RunPurpose::Production,
            master,
            product: "AMAB".into(),
        });
        let (run, line) = fold(
            None,
            Some(Arc::new(recipe)),
            key,
            (1, BEGIN),
            (SUE, &event),
            &[(SUE, Meaning::IssuedAndChecked)],
        );
        let mut play = Play { run, trail: vec![line], now: BEGIN };
        play.act(SUE, RunEvent::Started(Started {}), &[]);
        play
    }

    pub fn later(&mut self, minutes: i64) -> &mut Self {
        self.now = self.now.plus_minutes(minutes);
        self
    }

    pub fn act(&mut self, who: Person, event: RunEvent, signs: &[(Person, Meaning)]) -> &mut Self {
        self.now = Instant(self.now.0 + 7_000_000);
        let (key, seq) = (self.run.key, self.run.seq + 1);
        let run = self.run.clone();
        let (run, line) = fold(Some(run), None, key, (seq, self.now), (who, &event), signs);
        self.run = run;
        self.trail.push(line);
        self
    }

    pub fn operation(&mut self, op: &str) -> &mut Self {
        self.act(
            OLGA,
            RunEvent::OperationStarted(OperationStarted { operation: operation(op) }),
            &[],
        )
    }

    pub fn start(&mut self, step: &StepKey) -> &mut Self {
        let event = RunEvent::StepStarted(StepStarted {
            step: step.clone(),
            under_exceptions: vec![],
            oversight: false,
        });
        self.act(OLGA, event, &[])
    }

    pub fn record(&mut self, who: Person, at: &EntryKey, value: EntryValue) -> &mut Self {
        self.judged(who, at, value, vec![], vec![])
    }

    pub fn judged(
        &mut self,
        who: Person,
        at: &EntryKey,
        value: EntryValue,
        verdicts: Vec<Verdict>,
        exceptions: Vec<u32>,
    ) -> &mut Self {
        let data = json!({ "at": at, "raw": value.data.to_string(), "value": value, "verdicts": verdicts,
            "basis": { "kind": "direct" }, "under_exceptions": [], "check_owed": false,
            "exceptions": exceptions });
        let event = event("entry-recorded", data);
        self.act(who, event, &[])
    }

    pub fn complete(&mut self, step: &StepKey) -> &mut Self {
        let event = RunEvent::StepCompleted(StepCompleted { step: step.clone(), oversight: false });
        self.act(OLGA, event, &[(OLGA, Meaning::Performed), (OMAR, Meaning::Witnessed)])
    }

    pub fn exception(&mut self, kind: ExceptionKind, at: Option<EntryKey>, detail: &str) -> u32 {
        let no = self.run.exceptions.len() as u32 + 1;
        let opened = Opened {
            no,
            kind,
            severity: Severity::Major,
            effect: OnCritical::Continue,
            at,
            detail: detail.into(),
        };
        self.act(OLGA, RunEvent::ExceptionOpened(opened), &[]);
        no
    }
}

/// An event as the journal holds it: members that are absent have their defaults.
pub fn event(name: &str, data: Value) -> RunEvent {
    serde_json::from_value(json!({ "name": name, "data": data })).expect(name)
}

pub fn operation(op: &str) -> OperationKey {
    OperationKey { op: op.into(), n: 1 }
}

pub fn number(value: &str, unit: &str, shown: &str) -> EntryValue {
    let decimal = value.parse().expect("a decimal");
    EntryValue {
        kind: "number".into(),
        data: json!({ "value": value, "unit": unit }),
        shown: shown.into(),
        number: Some(Quantity { value: decimal, unit: unit.into() }),
    }
}

pub fn other(kind: &str, data: Value, shown: &str) -> EntryValue {
    EntryValue { kind: kind.into(), data, shown: shown.into(), number: None }
}

pub fn verdict(purpose: Purpose, side: Side, limit: &str) -> Vec<Verdict> {
    vec![Verdict { purpose, side, limit: limit.into() }]
}

fn fold(
    current: Option<Run>,
    recipe: Option<Arc<MasterRecord>>,
    key: RecordKey,
    (seq, at): (u64, Instant),
    (who, event): (Person, &RunEvent),
    signs: &[(Person, Meaning)],
) -> (Run, TrailLine) {
    let zone = Zone::utc();
    let planned = planned(key, "run", None, event, Vec::new());
    let sign = |(person, meaning): &(Person, Meaning)| Signed {
        person: actor(*person).person,
        printed_name: person.1.into(),
        user_name: person.0.into(),
        role: person.2.into(),
        meaning: *meaning,
        at,
        zone: zone.clone(),
        seq,
    };
    let signatures: Vec<Signed> = signs.iter().map(sign).collect();
    let acting = actor(who);
    let happened = Happened {
        record: key,
        seq,
        at,
        zone: &zone,
        actor: Some(&acting),
        role: who.2,
        name: &planned.name,
        version: planned.version,
        data: (&planned.data).into(),
        signatures: &signatures,
        link: [seq as u8; 32],
    };
    let run = evolve(current, &happened, recipe.map(Into::into)).expect("the event folds");
    let line = TrailLine {
        seq,
        at,
        zone: zone.clone(),
        clock_apart: false,
        printed_name: who.1.into(),
        user_name: who.0.into(),
        role: who.2.into(),
        described: describe(&planned.name, &planned.data),
        signatures: vec![],
        link: "00".repeat(32),
    };
    (run, line)
}

static SITE: LazyLock<Site> = LazyLock::new(|| Site {
    name: "Riverside Biologics, Building 4".into(),
    zone: "Europe/Berlin".into(),
    ..persons::site()
});

/// Hands what a report is made of to whoever builds it.
pub fn with_record<'a, T>(
    play: &'a Play,
    change: impl FnOnce(&mut BatchRecord<'a>),
    build: impl FnOnce(&BatchRecord<'a>) -> T,
) -> T {
    let genealogy = Genealogy::default();
    let parents = play.run.lots.iter();
    let parents = parents.map(|lot| (lot.number.clone(), genealogy.standing(&play.run, lot)));
    let mut record = BatchRecord {
        parents: parents.collect(),
        components: genealogy.named(&play.run),
        standings: Vec::new(),
        site: &SITE,
        run: &play.run,
        deviations: vec![],
        lots: vec![],
        obligations: vec![ObligationLine {
            id: "run/completed".into(),
            rule: "C211-188".into(),
            clause: "21 CFR 211.188".into(),
            what: "Every step is complete".into(),
            standing: Status::Open,
            waivable: true,
            evidence: None,
        }],
        limits: batchwright::domain::run::time::limits(&play.run, play.now),
        pictures: BTreeMap::new(),
        trail: play.trail.clone(),
        checkpoint: None,
        founding: "ab".repeat(16),
        keys: BTreeMap::new(),
        rendition: RenditionLine {
            no: 1,
            at: play.now,
            zone: Zone::utc(),
            printed_name: QUELLA.1.into(),
            user_name: QUELLA.0.into(),
        },
    };
    change(&mut record);
    build(&record)
}
