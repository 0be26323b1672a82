//! Parts of a state: what becomes one row each, cheap to compare without making the row.

use super::row::{DeviationRow, ForeignRow, LotRow, MasterRow, PersonRow, RecordRow, RunRow};
use super::table::Row;
use super::words::word;
use crate::domain::alike::forms;
use crate::domain::deviation::Deviation;
use crate::domain::lot::Lot;
use crate::domain::master::state::Master;
use crate::domain::person::Person;
use crate::domain::run::Run;
use crate::domain::run::parents::ForeignRun;
use crate::domain::state::State;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A part of a state that is one row of a derived table.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// The record itself.
    Record(&'a State),
    /// A run.
    Run(&'a Run),
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
}

/// Visits every part of a state once.
pub(super) fn each<'a>(state: &'a State, visit: &mut impl FnMut(Part<'a>)) {
    visit(Part::Record(state));
    match state {
        State::Site(_) => {}
        State::Person(person) => visit(Part::Person(person)),
        State::Master(master) => visit(Part::Master(master)),
        State::Run(run) => {
            visit(Part::Run(run));
            run.foreign.values().for_each(|it| visit(Part::ForeignLot(run, it)));
        }
        State::Deviation(deviation) => visit(Part::Deviation(deviation)),
        State::Lot(lot) => visit(Part::Lot(lot)),
    }
}

fn mark(key: impl Hash, content: impl Hash) -> (u64, u64) {
    let number = |thing: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        thing(&mut hasher);
        hasher.finish()
    };
    (number(&|hasher| key.hash(hasher)), number(&|hasher| content.hash(hasher)))
}

impl Part<'_> {
    /// Key and content as two numbers: equal marks mean equal rows. Of a run, which has many entries, the
    /// content names just what its rows show; of any other record its sequence does.
    pub(super) fn mark(&self) -> (u64, u64) {
        match *self {
            Self::Record(State::Site(_)) => mark(0_u8, 0_u8),
            Self::Record(State::Run(run)) => mark(0_u8, run.phase as u8),
            Self::Record(state) => mark(0_u8, state.seq()),
            Self::Run(run) => {
                mark(1_u8, (run.phase as u8, run.completed.as_ref().map(|done| done.0.0)))
            }
            Self::Person(person) => mark(6_u8, person.seq),
            Self::Master(master) => mark(7_u8, master.seq),
            Self::Lot(lot) => mark(8_u8, lot.seq),
            Self::Deviation(deviation) => mark(9_u8, deviation.seq),
            Self::ForeignLot(_, decided) => mark(
                (11_u8, &decided.told.lot, &decided.told.supplier),
                (decided.signed.seq, decided.told.accepted),
            ),
        }
    }

    /// The row.
    #[must_use]
    pub fn row(&self) -> Row {
        match *self {
            Self::Record(state) => Row::Record(record(state)),
            Self::Run(run) => Row::Run(run_row(run)),
            Self::Person(person) => Row::Person(person_row(person)),
            Self::Master(master) => Row::Master(master_row(master)),
            Self::Lot(lot) => Row::Lot(lot_row(lot)),
            Self::ForeignLot(run, it) => Row::ForeignLot(foreign_row(run, it)),
            Self::Deviation(deviation) => Row::Deviation(deviation_row(deviation)),
        }
    }
}

fn record(state: &State) -> RecordRow {
    let phase = match state {
        State::Site(_) => "founded".to_owned(),
        State::Person(person) => match (person.active, person.locked) {
            (false, _) => "deactivated".to_owned(),
            (true, Some(_)) => "locked".to_owned(),
            (true, None) => "active".to_owned(),
        },
        State::Master(master) => word(&master.phase),
        State::Run(run) => word(&run.phase),
        State::Deviation(deviation) => word(&deviation.phase),
        State::Lot(lot) => word(&lot.disposition()),
    };
    let key = state.key();
    RecordRow {
        id: key.id.as_bytes().to_vec(),
        kind: key.kind.as_str().to_owned(),
        number: state.number(),
        phase,
    }
}

fn run_row(run: &Run) -> RunRow {
    RunRow {
        id: run.key.id.as_bytes().to_vec(),
        number: run.number.clone(),
        issue_no: i64::try_from(run.issue_no).unwrap_or(i64::MAX),
        purpose: word(&run.purpose),
        phase: word(&run.phase),
        product: run.recipe.product.code.clone(),
        master_code: run.master.code.clone(),
        master_version: i64::from(run.master.version),
        issued_at: run.issued_at.0,
        completed_at: run.completed.as_ref().map(|(at, _)| at.0),
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
        signing_key: person.signing_key.as_ref().map(|key| key.fingerprint.clone()),
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
        lot: told.lot.clone(),
        folded: forms.folded,
        drawn: forms.drawn,
        supplier: told.supplier.clone(),
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
        run_number: lot.run.1.clone(),
        class: lot.class.as_str().to_owned(),
        product: lot.product.clone(),
        disposition: word(&lot.disposition()),
    }
}

fn deviation_row(deviation: &Deviation) -> DeviationRow {
    DeviationRow {
        id: deviation.key.id.as_bytes().to_vec(),
        number: deviation.number.clone(),
        title: deviation.title.clone(),
        phase: word(&deviation.phase),
        class: deviation.class.as_ref().map(word),
        opened_at: deviation.opened.0.0,
    }
}
