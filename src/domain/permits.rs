//! By which permissions an event comes about: what verification holds the permit in a header against. Each event
//! says it for itself; that is what may ever be. Who may do it to this very record is the rule's own question.

use super::policy::Authority::{
    self, Administer, ApproveMaster, AuthorMaster, Certify, Check, CheckMaster, Evaluate, Execute,
    Export, Hold, Issue, Release, Review, Supervise, SuperviseLaboratory, Test, Triage,
};

/// How an event may come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admitted {
    /// By a person who holds one of these.
    pub authorities: &'static [Authority],
    /// By persons on their own account, who need no authority for it.
    pub own: bool,
    /// Without a person, in one of these roles.
    pub without_person: &'static [&'static str],
}

/// Of what is no event: in no way at all.
pub const NOTHING: Admitted = Admitted { authorities: &[], own: false, without_person: &[] };

/// Whoever works at a batch: a step may ask for any of them to record it.
pub const WORK: &[Authority] = &[Execute, Supervise, Test, SuperviseLaboratory, Evaluate];
/// Whoever has a part in making and judging batches: a master record may ask for any of them to check a step or to pass
/// a gate, and what follows of another event comes about by any of them.
pub const GMP: &[Authority] = &[
    Execute,
    Check,
    Supervise,
    Issue,
    Test,
    SuperviseLaboratory,
    Evaluate,
    AuthorMaster,
    CheckMaster,
    ApproveMaster,
    Review,
    Triage,
    Hold,
    Release,
    Certify,
    Export,
];
/// The same where a clock was set as well.
pub const ANYONE: &[Authority] = &[
    Execute,
    Check,
    Supervise,
    Issue,
    Test,
    SuperviseLaboratory,
    Evaluate,
    AuthorMaster,
    CheckMaster,
    ApproveMaster,
    Review,
    Triage,
    Hold,
    Release,
    Certify,
    Export,
    Administer,
];
/// The quality unit.
pub const QUALITY: &[Authority] = &[Review, Triage, Hold, Release, Certify];
/// The system itself.
const SYSTEM: &[&str] = &["system"];
/// A key of the site, when it is founded or restored, or the system.
pub const KEYS: &[&str] = &["system", "founding key", "log key"];

/// Events of one noun, named without it, and how they come about.
pub type Row = (&'static [&'static str], Admitted);

/// By a person who holds one of these.
#[must_use]
pub const fn by(authorities: &'static [Authority]) -> Admitted {
    Admitted { authorities, own: false, without_person: &[] }
}

/// By such a person, or by the system itself.
#[must_use]
pub const fn or_system(authorities: &'static [Authority]) -> Admitted {
    Admitted { authorities, own: false, without_person: SYSTEM }
}

/// By such a person, the system, or a key of the site.
#[must_use]
pub const fn or_key(authorities: &'static [Authority]) -> Admitted {
    Admitted { authorities, own: false, without_person: KEYS }
}

/// How an event, named without its noun, may come about: nothing, where no row names it.
#[must_use]
pub fn in_rows(rows: &[Row], event: &str) -> Admitted {
    let row = rows.iter().find(|(events, _)| events.contains(&event));
    row.map_or(NOTHING, |(_, admitted)| *admitted)
}
