//! What quality decides, as reports show it: lots, deviations, exceptions of each severity.

use crate::play::*;
use batchwright::domain::clock::Zone;
use batchwright::domain::deviation::content::{
    Assigned, Closing, Concluded, LotImpact, Owner, Report,
};
use batchwright::domain::deviation::{Deviation, DeviationPhase};
use batchwright::domain::disposition::{Decision, Disposition};
use batchwright::domain::exception::{ExceptionKind, Opened, Severity};
use batchwright::domain::ids::{RecordKey, RecordKind};
use batchwright::domain::lot::Lot;
use batchwright::domain::quantity::Quantity;
use batchwright::domain::recipe::OutputClass;
use batchwright::domain::run::acts::RunEvent;
use batchwright::domain::run::acts::lot::LotYielded;
use batchwright::domain::run::acts::triage::ExceptionNotDeviation;
use batchwright::domain::signing::{Meaning, Signed};
use batchwright::domain::tally::Tally;
use batchwright::domain::words::{EntryKey, OnCritical, Who};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub const QADIR: Person = ("qadir", "Qadir Qureshi", "qa");
pub const LOT: &str = "AMAB-26-014-DS";

pub fn signed(who: Person, meaning: Meaning, play: &Play) -> Signed {
    Signed {
        person: Uuid::from_u128(who.0.bytes().fold(7, |sum, byte| sum * 31 + u128::from(byte))),
        printed_name: who.1.into(),
        user_name: who.0.into(),
        role: who.2.into(),
        meaning,
        at: play.now,
        zone: Zone::utc(),
        seq: 2,
    }
}

fn kilograms() -> Quantity {
    Quantity { value: "52.7".parse().expect("a decimal"), unit: "kg".into() }
}

/// A lot comes out.
pub fn yielded(play: &mut Play) {
    let event = RunEvent::LotYielded(LotYielded {
        record: RecordKey::new(RecordKind::Lot, Uuid::from_u128(0xD)),
        number: LOT.into(),
        printed: None,
        output: "ds".into(),
        class: OutputClass::Product,
        material: "A-Mab, frozen bulk".into(),
        quantity: kilograms(),
        parents: vec![],
    });
    play.act(SUE, event, &[]);
}

/// The lot as quality decided it.
pub fn lot(play: &Play, disposition: Disposition, reason: &str) -> Lot {
    let decision = Decision {
        disposition,
        reason: reason.into(),
        at: play.now,
        seq: 2,
        signed: Some(signed(QUELLA, disposition.meaning(), play)),
        obligations: Tally::default(),
        covers: vec![],
    };
    Lot {
        key: RecordKey::new(RecordKind::Lot, Uuid::from_u128(0xD)),
        number: LOT.into(),
        printed: None,
        run: (play.run.key, play.run.number.clone()),
        output: "ds".into(),
        class: OutputClass::Product,
        material: "A-Mab, frozen bulk".into(),
        quantity: kilograms(),
        parents: vec![],
        product: "AMAB".into(),
        decisions: vec![decision],
        signed: vec![],
        stands: vec![],
        seq: 2,
        head: [0; 32],
    }
}

/// An exception of a severity.
pub fn opened(
    play: &mut Play,
    (kind, severity): (ExceptionKind, Severity),
    at: Option<EntryKey>,
    detail: &str,
) -> u32 {
    let no = u32::try_from(play.run.exceptions.len()).expect("few") + 1;
    let effect = OnCritical::Continue;
    let detail = detail.to_owned();
    let event = RunEvent::ExceptionOpened(Opened { no, kind, severity, effect, at, detail });
    play.act(OLGA, event, &[]);
    no
}

/// Quality decides that an exception is no deviation.
pub fn dismissed(play: &mut Play, exception: u32, rationale: &str) {
    let event = RunEvent::ExceptionNotDeviation(ExceptionNotDeviation {
        exception,
        rationale: rationale.into(),
        together: vec![],
    });
    play.act(QADIR, event, &[(QADIR, Meaning::Triaged)]);
}

/// An exception becomes part of a deviation.
pub fn deviates(play: &mut Play, exceptions: &[u32], number: &str) {
    let data = serde_json::json!({ "exceptions": exceptions, "deviation": number,
        "record": RecordKey::new(RecordKind::Deviation, Uuid::from_u128(0xE)) });
    play.act(QADIR, event("exceptions-to-deviation", data), &[(QADIR, Meaning::Triaged)]);
}

/// A deviation, closed with a conclusion.
pub fn deviation(play: &Play, number: &str, title: &str, conclusion: &str) -> Deviation {
    let who = |person: Person| Who {
        person: None,
        printed_name: person.1.into(),
        user_name: person.0.into(),
        role: person.2.into(),
    };
    let run = (play.run.number.clone(), BTreeSet::new());
    Deviation {
        key: RecordKey::new(RecordKind::Deviation, Uuid::from_u128(0xE)),
        number: number.into(),
        title: title.into(),
        phase: DeviationPhase::Closed,
        class: Some(Severity::Critical),
        runs: BTreeMap::from([(play.run.key, run)]),
        opened: (play.now, who(QADIR)),
        owner: Owner::of(&who(QUELLA)),
        due: Some(play.now),
        assigned: vec![Assigned {
            at: play.now,
            by: who(QADIR),
            owner: Owner::of(&who(QUELLA)),
            due: play.now,
            reason: "she knows the probe".into(),
        }],
        requesters: BTreeSet::new(),
        investigation: vec![],
        impact: None,
        report: Some(Report {
            text: "probe and pump looked at".into(),
            root_cause: Concluded::Found("the tube of the base pump was worn".into()),
            capa: Concluded::Found("tubes are changed by running hours".into()),
            signed: Some(signed(SUE, Meaning::Authored, play)),
        }),
        superseded: vec![],
        classes: vec![],
        closed: Some(Closing {
            conclusion: conclusion.into(),
            lots: vec![LotImpact { lot: LOT.into(), impact: "none".into() }],
            others: vec![],
            signed: Some(signed(QUELLA, Meaning::Approved, play)),
        }),
        reopened: vec![],
        seq: 5,
        head: [0; 32],
    }
}
