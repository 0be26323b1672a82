//! What anybody can do in the world of the theorem, and who would.

use super::orders;
use super::world::{FOREIGN, PARENT, World};
use crate::domain::cross::scene::step;
use crate::domain::lot::Disposition;
use crate::domain::words::EntryKey;

/// Done, or the code of the refusal.
pub type Done = Result<(), &'static str>;

/// A specification of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spec {
    Purity,
    Potency,
    Endotoxin,
    Virus,
}

impl Spec {
    pub fn at(self) -> EntryKey {
        let release = |id: &str| EntryKey { step: None, entry: id.into() };
        match self {
            Self::Purity => release("purity"),
            Self::Potency => release("potency"),
            Self::Endotoxin => release("endotoxin"),
            Self::Virus => EntryKey { step: Some(step("grow")), entry: "virus".into() },
        }
    }
}

/// Of which lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    One,
    Two,
}

impl Of {
    pub fn index(self) -> usize {
        match self {
            Self::One => 0,
            Self::Two => 1,
        }
    }

    /// The sample of its place.
    pub fn sample(self) -> (&'static str, &'static str) {
        match self {
            Self::One => ("draw-1", "S-1"),
            Self::Two => ("draw-2", "S-2"),
        }
    }

    pub fn number(self) -> &'static str {
        match self {
            Self::One => "L-1",
            Self::Two => "L-2",
        }
    }
}

/// A step that quality or production takes in an investigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    Accepts,
    Cause,
    NoCause,
    Plan,
    Resampling,
    Production,
    Reports,
    Inconclusive,
    Decides,
}

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Skip,
    Execute,
    /// Everything that release asks, where nothing was tested yet; of the first lot this purity.
    Tests(&'static str),
    Yield(Of, &'static str),
    Test(Spec, Of, &'static str),
    Correct(Spec, Of, &'static str),
    /// The sample of this place is taken, or said to be, of that lot.
    Drawn(Of, Of),
    /// The purity is determined on the sample of this place.
    TestDrawn(Of, &'static str),
    Check(Spec),
    Laboratory(Spec, Of, bool),
    /// The same by the analyst and by the supervisor.
    Spoken(Spec, Of),
    Conclude(Spec, Of, Word),
    Absent(Spec),
    NotPerformed,
    Triage,
    Deviates,
    Investigates,
    Impact,
    Closes,
    Redline,
    Reprocess,
    Approve,
    Again,
    EndEarly,
    Complete,
    Review,
    Close,
    Hold,
    Lift,
    Event,
    Complaint,
    Abort,
    AbortAndWithdraw,
    Dispose(Of, Disposition),
    Stand(Of),
    Named(Of, &'static str),
    Taken(Of, &'static str),
    Enters(&'static str),
    Foreign(bool),
    Parent(Disposition),
    ParentCorrected(&'static str),
}

use Disposition::{Quarantined, Rejected, Released, Withdrawn};
use Spec::{Endotoxin, Potency, Purity, Virus};

/// Results of both lots, what becomes of them, and the decisions on the lots.
pub const RESULTS: &[Act] = &[
    Act::Test(Purity, Of::One, "7.50"),
    Act::Correct(Purity, Of::Two, "7.60"),
    Act::Correct(Purity, Of::Two, "6.90"),
    Act::Complaint,
    Act::Triage,
    Act::Review,
    Act::Dispose(Of::One, Withdrawn),
    Act::Dispose(Of::Two, Released),
    Act::Dispose(Of::Two, Withdrawn),
    Act::Stand(Of::One),
    Act::Stand(Of::Two),
];

/// What goes in, what becomes of it, and the decisions on the lots.
pub const PARENTS: &[Act] = &[
    Act::Dispose(Of::One, Released),
    Act::Dispose(Of::One, Withdrawn),
    Act::Stand(Of::One),
    Act::Dispose(Of::Two, Released),
    Act::Stand(Of::Two),
    Act::Named(Of::Two, FOREIGN),
    Act::Taken(Of::One, PARENT),
    Act::Foreign(true),
    Act::Foreign(false),
    Act::Parent(Withdrawn),
    Act::Parent(Released),
    Act::ParentCorrected("5.00"),
    Act::Review,
];

/// Changes of the recipe, absences, ends, yields, before and after everything is tested.
pub const CHANGES: &[Act] = &[
    Act::Redline,
    Act::Reprocess,
    Act::Approve,
    Act::Execute,
    Act::Yield(Of::One, "100"),
    Act::Again,
    Act::Absent(Virus),
    Act::Test(Virus, Of::One, "7.50"),
    Act::Tests("6.80"),
    Act::Triage,
    Act::Complete,
    Act::Review,
    Act::Dispose(Of::One, Released),
];

/// What takes more hands than one, in one go.
pub const TOGETHER: &[Act] = &[
    Act::Execute,
    Act::Tests("6.80"),
    Act::Spoken(Purity, Of::One),
    Act::Spoken(Purity, Of::Two),
    Act::Spoken(Potency, Of::One),
    Act::Spoken(Endotoxin, Of::One),
    Act::Spoken(Virus, Of::One),
];

/// What nobody is ever let do here: a specification is not loosened, in whatever state.
pub const REFUSED: &[Act] = &[Act::Redline];

/// What carries a run on towards a release, in the order in which one would try.
pub const FORWARD: &[Act] = &[
    Act::Execute,
    Act::Yield(Of::One, "50"),
    Act::Yield(Of::Two, "50"),
    Act::Complete,
    Act::Lift,
    Act::Tests("6.80"),
    Act::Check(Purity),
    Act::Check(Potency),
    Act::Check(Endotoxin),
    Act::Check(Virus),
    Act::Triage,
    Act::Deviates,
    Act::Spoken(Purity, Of::One),
    Act::Conclude(Purity, Of::One, Word::NoCause),
    Act::Conclude(Purity, Of::One, Word::Plan),
    Act::Test(Purity, Of::One, "6.80"),
    Act::Conclude(Purity, Of::One, Word::Production),
    Act::Conclude(Purity, Of::One, Word::Inconclusive),
    Act::Conclude(Purity, Of::One, Word::Decides),
    Act::Spoken(Potency, Of::One),
    Act::Conclude(Potency, Of::One, Word::Cause),
    Act::Conclude(Potency, Of::One, Word::Plan),
    Act::Test(Potency, Of::One, "6.80"),
    Act::Conclude(Potency, Of::One, Word::Reports),
    Act::Spoken(Virus, Of::One),
    Act::Conclude(Virus, Of::One, Word::Cause),
    Act::Investigates,
    Act::Impact,
    Act::Closes,
    Act::Foreign(true),
    Act::ParentCorrected("6.80"),
    Act::Parent(Released),
    Act::Review,
    Act::Stand(Of::One),
    Act::Stand(Of::Two),
    Act::Dispose(Of::One, Released),
    Act::Dispose(Of::Two, Released),
];

/// Everything that a life may try.
pub fn all() -> Vec<Act> {
    let mut all: Vec<Act> = [RESULTS, PARENTS, CHANGES, FORWARD, TOGETHER].concat();
    for spec in [Purity, Potency, Endotoxin, Virus] {
        all.extend([
            Act::Test(spec, Of::One, "6.80"),
            Act::Test(spec, Of::One, "7.50"),
            Act::Correct(spec, Of::One, "6.90"),
            Act::Correct(spec, Of::One, "8.50"),
            Act::Laboratory(spec, Of::One, false),
            Act::Laboratory(spec, Of::One, true),
            Act::Conclude(spec, Of::One, Word::Accepts),
            Act::Conclude(spec, Of::One, Word::Cause),
            Act::Conclude(spec, Of::One, Word::NoCause),
            Act::Conclude(spec, Of::One, Word::Plan),
            Act::Conclude(spec, Of::One, Word::Reports),
            Act::Absent(spec),
        ]);
    }
    all.extend([
        Act::Drawn(Of::One, Of::One),
        Act::Drawn(Of::One, Of::Two),
        Act::Drawn(Of::Two, Of::Two),
        Act::TestDrawn(Of::One, "6.80"),
        Act::TestDrawn(Of::Two, "6.80"),
        Act::TestDrawn(Of::Two, "7.50"),
        Act::Skip,
        Act::Abort,
        Act::Yield(Of::One, "5"),
        Act::Yield(Of::Two, "5"),
        Act::Dispose(Of::One, Rejected),
        Act::NotPerformed,
        Act::EndEarly,
        Act::Close,
        Act::Hold,
        Act::Event,
        Act::Complaint,
        Act::AbortAndWithdraw,
        Act::Enters(PARENT),
        Act::Enters(FOREIGN),
        Act::Named(Of::One, FOREIGN),
        Act::Taken(Of::Two, FOREIGN),
        Act::Dispose(Of::One, Quarantined),
        Act::Parent(Quarantined),
        Act::ParentCorrected("6.80"),
        Act::Conclude(Purity, Of::One, Word::Resampling),
    ]);
    let mut distinct: Vec<Act> = Vec::new();
    for act in all {
        if !distinct.contains(&act) {
            distinct.push(act);
        }
    }
    distinct
}

/// Who would do such a thing on a good day, one after the other.
pub fn apt(act: Act) -> &'static [&'static str] {
    match act {
        Act::Yield(..) | Act::Complete | Act::NotPerformed | Act::EndEarly | Act::Abort => {
            &["sven"]
        }
        Act::Test(..) | Act::Tests(_) | Act::TestDrawn(..) => &["quinn", "quentin"],
        Act::Correct(..) => &["quinn"],
        Act::Absent(_) => &["sven", "quinn"],
        Act::Check(_) => &["quill", "quentin"],
        Act::Laboratory(..) | Act::Spoken(..) => &["quinn"],
        Act::Conclude(_, _, Word::Production) => &["sven"],
        Act::Conclude(_, _, Word::Cause | Word::NoCause | Word::Accepts) => &["qadir"],
        Act::Conclude(..) => &["quella"],
        Act::Redline | Act::Reprocess | Act::Investigates => &["petra"],
        Act::Approve => &["sven", "quella"],
        Act::Drawn(..)
        | Act::Execute
        | Act::Again
        | Act::Event
        | Act::Named(..)
        | Act::Enters(_) => &["opal"],
        Act::Dispose(..) | Act::Parent(_) => &["pia", "quella"],
        Act::Stand(_) => &["qadir", "quella"],
        Act::Skip | Act::Review | Act::Hold => &["qadir"],
        Act::Triage | Act::Deviates | Act::Impact => &["qadir"],
        Act::Closes | Act::Taken(..) | Act::Foreign(_) | Act::Complaint | Act::Close => &["quella"],
        Act::Lift | Act::AbortAndWithdraw => &["qadir"],
        Act::ParentCorrected(_) => &["quinn"],
    }
}

/// Tries an act; the code of its refusal.
pub fn perform(world: &mut World, who: &'static str, act: Act) -> Done {
    let done = orders::perform(world, who, act);
    world.on_parent();
    done
}
