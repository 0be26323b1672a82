//! Parts of a state: what becomes one row each, cheap to compare without making the row.

use super::row::{DeviationRow, ForeignRow, LotRow, MasterRow, PersonRow, RecordRow, SignatureRow};
use super::run;
use super::table::Row;
use super::words::{json, word};
use crate::domain::deviation::Deviation;
use crate::domain::exception::Exception;
use crate::domain::ids::{RecordKey, StepKey};
use crate::domain::lot::Lot;
use crate::domain::lot::alike::forms;
use crate::domain::master::state::Master;
use crate::domain::person::Person;
use crate::domain::run::parents::ForeignRun;
use crate::domain::run::{EntryRun, EntryVersion, Hold, Run, StepRun};
use crate::domain::signing::Signed;
use crate::domain::state::State;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A part of a state that is one row of a derived table.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// The record with its head.
    Record(&'a State),
    /// A run.
    Run(&'a Run),
    /// A step's occurrence.
    Step(&'a Run, &'a StepKey, &'a StepRun),
    /// A version of an entry; the flag says whether it counts.
    Entry(&'a Run, Option<&'a StepKey>, &'a str, &'a EntryVersion, bool),
    /// An exception.
    Exception(&'a Run, &'a Exception),
    /// A hold.
    Hold(&'a Run, &'a Hold),
    /// A person.
    Person(&'a Person),
    /// A master record's version.
    Master(&'a Master),
    /// A lot.
    Lot(&'a Lot),
    /// A decision on a lot of somebody else's.
    ForeignLot(&'a Run, &'a ForeignRun),
    /// A deviation.
    Deviation(&'a Deviation),
    /// A signature; the flag says whether it was voided.
    Signature(RecordKey, &'a Signed, bool),
}

/// Visits every part of a state once.
pub(super) fn each<'a>(state: &'a State, visit: &mut impl FnMut(Part<'a>)) {
    if let State::Run(run) = state {
        run.steps.iter().for_each(|(key, step)| each_of_step(run, key, step, visit));
    }
    each_but_steps(state, visit);
}

/// Visits every part of a state but those of a run's steps.
pub(super) fn each_but_steps<'a>(state: &'a State, visit: &mut impl FnMut(Part<'a>)) {
    visit(Part::Record(state));
    match state {
        State::Site(_) => {}
        State::Person(person) => {
            visit(Part::Person(person));
            let signed = person.identity.as_ref().and_then(|check| check.signed.as_ref());
            signatures(person.key, signed.into_iter(), visit);
        }
        State::Master(master) => {
            visit(Part::Master(master));
            let standing = [&master.authored, &master.checked, &master.approved];
            signatures(master.key, standing.into_iter().flatten(), visit);
            master.voided.iter().for_each(|s| visit(Part::Signature(master.key, s, true)));
        }
        State::Run(run) => each_of_run(run, visit),
        State::Deviation(deviation) => {
            visit(Part::Deviation(deviation));
            let impact = deviation.impact.as_ref().and_then(|impact| impact.2.as_ref());
            let closed = deviation.closed.as_ref().and_then(|closed| closed.signed.as_ref());
            let report = deviation.report.as_ref().and_then(|report| report.signed.as_ref());
            let classes = deviation.classes.iter().flat_map(|changed| &changed.signed);
            let standing = impact.into_iter().chain(closed).chain(report).chain(classes);
            signatures(deviation.key, standing, visit);
            let before = deviation.reopened.iter().filter_map(|again| again.closing.as_ref());
            let closings = before.filter_map(|closing| closing.signed.as_ref());
            let reports = deviation.superseded.iter().filter_map(|report| report.signed.as_ref());
            closings.chain(reports).for_each(|s| visit(Part::Signature(deviation.key, s, true)));
        }
        State::Lot(lot) => {
            visit(Part::Lot(lot));
            signatures(
                lot.key,
                lot.decisions.iter().filter_map(|d| d.signed.as_ref()).chain(&lot.signed),
                visit,
            );
        }
    }
}

fn signatures<'a>(
    key: RecordKey,
    signed: impl Iterator<Item = &'a Signed>,
    visit: &mut impl FnMut(Part<'a>),
) {
    signed.for_each(|signed| visit(Part::Signature(key, signed, false)));
}

fn each_of_run<'a>(run: &'a Run, visit: &mut impl FnMut(Part<'a>)) {
    visit(Part::Run(run));
    for (id, entry) in &run.release_entries {
        each_of_entry(run, None, id, entry, visit);
    }
    run.exceptions.iter().for_each(|exception| visit(Part::Exception(run, exception)));
    run.holds.iter().for_each(|hold| visit(Part::Hold(run, hold)));
    run.foreign.values().for_each(|it| visit(Part::ForeignLot(run, it)));
    signatures(run.key, run.signatures.iter(), visit);
}

/// Visits the parts of a step's occurrence: itself and its entries.
pub(super) fn each_of_step<'a>(
    run: &'a Run,
    key: &'a StepKey,
    step: &'a StepRun,
    visit: &mut impl FnMut(Part<'a>),
) {
    visit(Part::Step(run, key, step));
    for (id, entry) in &step.entries {
        each_of_entry(run, Some(key), id, entry, visit);
    }
}

fn each_of_entry<'a>(
    run: &'a Run,
    step: Option<&'a StepKey>,
    id: &'a str,
    entry: &'a EntryRun,
    visit: &mut impl FnMut(Part<'a>),
) {
    let last = entry.versions.len();
    for (index, version) in entry.versions.iter().enumerate() {
        visit(Part::Entry(run, step, id, version, index + 1 == last));
    }
}

/// Key and content of a part as two numbers.
type Mark = (u64, u64);

fn mark(key: impl Hash, content: impl Hash) -> Mark {
    let number = |thing: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        thing(&mut hasher);
        hasher.finish()
    };
    (number(&|hasher| key.hash(hasher)), number(&|hasher| content.hash(hasher)))
}

impl Part<'_> {
    /// Key and content as two numbers: equal marks mean equal rows. What an entry of the journal wrote
    /// once and nothing changes later stands in the mark by that entry's sequence.
    pub(super) fn mark(&self) -> (u64, u64) {
        match *self {
            Self::Record(state) => mark(0_u8, (state.seq(), state.head())),
            Self::Run(run) => mark(
                1_u8,
                (run.phase as u8, run.completed.as_ref().map(|c| c.0.0), run.corrections),
            ),
            Self::Step(_, key, step) => mark(
                (2_u8, key),
                (
                    (step.phase as u8, step.version, step.started_at.0, &step.started_by.user_name),
                    step.completed_at.map(|at| at.0),
                    step.completed_by.as_ref().map(|who| &who.user_name),
                    step.checked.as_ref().map(|signed| (signed.seq, &signed.user_name)),
                ),
            ),
            Self::Entry(_, step, id, version, current) => mark(
                (3_u8, step, id, version.version),
                (
                    (current, version.seq, version.at.0),
                    version.checked.as_ref().map(|(at, who)| (at.0, &who.user_name)),
                ),
            ),
            Self::Exception(_, exception) => mark(
                (4_u8, exception.opened.no),
                (
                    exception.seq,
                    exception.triage.as_ref().map(|(at, triage)| (at.0, run::triage_word(triage))),
                ),
            ),
            Self::Hold(_, hold) => {
                mark((5_u8, hold.no), (hold.version, hold.lifted.as_ref().map(|l| l.0.0)))
            }
            Self::Person(person) => mark(6_u8, person.seq),
            Self::Master(master) => mark(7_u8, master.seq),
            Self::Lot(lot) => mark(8_u8, lot.seq),
            Self::ForeignLot(_, decided) => mark(
                (11_u8, &decided.told.lot, &decided.told.supplier),
                (decided.signed.seq, decided.told.accepted),
            ),
            Self::Deviation(deviation) => mark(9_u8, deviation.seq),
            Self::Signature(_, signed, voided) => {
                mark((10_u8, signed.seq, signed.person, signed.meaning as u8), voided)
            }
        }
    }

    /// The row.
    #[must_use]
    pub fn row(&self) -> Row {
        match *self {
            Self::Record(state) => Row::Record(record(state)),
            Self::Run(run) => Row::Run(run::run_row(run)),
            Self::Step(run, key, step) => Row::Step(run::step_row(run, key, step)),
            Self::Entry(run, step, id, version, current) => {
                Row::Entry(run::entry_row(run, step, id, version, current))
            }
            Self::Exception(run, exception) => Row::Exception(run::exception_row(run, exception)),
            Self::Hold(run, hold) => Row::Hold(run::hold_row(run, hold)),
            Self::Person(person) => Row::Person(person_row(person)),
            Self::Master(master) => Row::Master(master_row(master)),
            Self::Lot(lot) => Row::Lot(lot_row(lot)),
            Self::ForeignLot(run, it) => Row::ForeignLot(foreign_row(run, it)),
            Self::Deviation(deviation) => Row::Deviation(deviation_row(deviation)),
            Self::Signature(key, signed, voided) => {
                Row::Signature(signature_row(key, signed, voided))
            }
        }
    }
}

/// A sequence as a column: no record ever has more entries than fit.
pub(super) fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

fn record(state: &State) -> RecordRow {
    let (phase, title) = match state {
        State::Site(site) => ("founded".to_owned(), site.name.clone()),
        State::Person(person) => {
            let phase = match (person.active, person.locked) {
                (false, _) => "deactivated",
                (true, Some(_)) => "locked",
                (true, None) => "active",
            };
            (phase.to_owned(), person.printed_name.clone())
        }
        State::Master(master) => (word(&master.phase), master.title.clone()),
        State::Run(run) => (word(&run.phase), run.recipe.title.clone()),
        State::Deviation(deviation) => (word(&deviation.phase), deviation.title.clone()),
        State::Lot(lot) => (word(&lot.disposition()), lot.material.clone()),
    };
    let key = state.key();
    RecordRow {
        kind: key.kind.as_str().to_owned(),
        id: key.id.as_bytes().to_vec(),
        number: state.number(),
        head_seq: number(state.seq()),
        head_link: state.head().to_vec(),
        phase,
        title,
    }
}

fn person_row(person: &Person) -> PersonRow {
    PersonRow {
        id: person.key.id.as_bytes().to_vec(),
        user_name: person.user_name.clone(),
        number: person.number.clone(),
        printed_name: person.printed_name.clone(),
        active: person.active,
        locked_at: person.locked.map(|at| at.0),
        must_change_password: person.must_change_password,
        service: person.service,
        signing_key: person.signing_key.as_ref().map(|key| key.fingerprint.clone()),
        grants: json(&person.grants),
    }
}

fn master_row(master: &Master) -> MasterRow {
    MasterRow {
        id: master.key.id.as_bytes().to_vec(),
        code: master.code.clone(),
        version: i64::from(master.version),
        title: master.title.clone(),
        product: master.product.clone(),
        phase: word(&master.phase),
        content_hash: master.content_hash.clone(),
        effective_from: master.effective_from.map(|at| at.0),
        superseded_from: master.superseded_from().map(|at| at.0),
    }
}

fn foreign_row(run: &Run, decided: &ForeignRun) -> ForeignRow {
    let told = &decided.told;
    let forms = forms(&told.lot);
    ForeignRow {
        run: run.key.id.as_bytes().to_vec(),
        number: run.number.clone(),
        lot: told.lot.clone(),
        folded: forms.folded,
        drawn: forms.drawn,
        supplier: told.supplier.clone(),
        document: told.document.clone(),
        accepted: told.accepted,
        at: decided.at.0,
    }
}

fn lot_row(lot: &Lot) -> LotRow {
    let forms = forms(&lot.number);
    LotRow {
        id: lot.key.id.as_bytes().to_vec(),
        number: lot.number.clone(),
        folded: forms.folded,
        drawn: forms.drawn,
        run: lot.run.0.id.as_bytes().to_vec(),
        run_number: lot.run.1.clone(),
        output: lot.output.clone(),
        class: lot.class.as_str().to_owned(),
        material: lot.material.clone(),
        quantity: lot.quantity.value.to_string(),
        unit: lot.quantity.unit.clone(),
        product: lot.product.clone(),
        disposition: word(&lot.disposition()),
        decided_at: lot.decisions.last().map(|decision| decision.at.0),
    }
}

fn deviation_row(deviation: &Deviation) -> DeviationRow {
    let runs: Vec<_> = deviation
        .runs
        .iter()
        .map(|(key, (number, exceptions))| {
            serde_json::json!({"run": key.id, "number": number, "exceptions": exceptions})
        })
        .collect();
    DeviationRow {
        id: deviation.key.id.as_bytes().to_vec(),
        number: deviation.number.clone(),
        title: deviation.title.clone(),
        phase: word(&deviation.phase),
        class: deviation.class.as_ref().map(word),
        opened_at: deviation.opened.0.0,
        runs: json(&runs),
    }
}

fn signature_row(key: RecordKey, signed: &Signed, voided: bool) -> SignatureRow {
    SignatureRow {
        kind: key.kind.as_str().to_owned(),
        id: key.id.as_bytes().to_vec(),
        seq: number(signed.seq),
        person: signed.person.as_bytes().to_vec(),
        meaning: word(&signed.meaning),
        printed_name: signed.printed_name.clone(),
        user_name: signed.user_name.clone(),
        role: signed.role.clone(),
        at: signed.at.0,
        voided,
    }
}
