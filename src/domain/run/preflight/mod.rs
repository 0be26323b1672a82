//! Preflight: what will be possible, refused, due or overdue, and when, if nothing else is done.
//!
//! The rules are pure and take time and facts as arguments, so they can be asked about tomorrow. Nothing
//! is decided here: every answer is that of the rule which decides when somebody acts.

mod acts;
pub mod time;
mod who;

pub use acts::{Act, Candidate};

use crate::domain::clock::{Instant, Zone};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::run::Run;
use crate::domain::run::acts::{passage, start};
use crate::domain::run::obligations::ObligationFacts;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The longest look ahead, in hours.
pub const LONGEST_HOURS: u32 = 336;

/// What sort of thing is foreseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// From this moment on nothing but persons stands in the way.
    Possible,
    /// From this moment on it would be refused.
    Refused,
    /// To be done by this moment.
    Due,
    /// It has run out at this moment, where nothing was done.
    Overdue,
    /// From this moment on something no longer counts.
    Expires,
}

/// One thing foreseen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreseen {
    /// When.
    pub at: Instant,
    /// What sort.
    pub sort: Sort,
    /// Which act it concerns, where it concerns one.
    pub act: Option<Act>,
    /// Where: an occurrence, entry or gate; `run` for the whole.
    pub place: String,
    /// The area it happens in: what grants are held against.
    pub area: Option<String>,
    /// Code of the refusal, where it would be one.
    pub code: Option<&'static str>,
    /// Requirement id.
    pub rule: String,
    /// Clause behind it.
    pub clause: String,
    /// What, for people.
    pub what: String,
    /// What is missing, one thing a line.
    pub missing: Vec<String>,
    /// Which authorities can do or resolve it; empty: nobody, it waits for the time.
    pub who_can: Vec<Authority>,
}

impl Foreseen {
    /// Who can, in words.
    #[must_use]
    pub fn who(&self) -> String {
        who::words(&self.who_can)
    }
}

/// What stands in the way of a candidate, or nothing.
type Verdict = Result<(), Refusal>;

/// From where somebody looks ahead, and how far.
#[derive(Debug, Clone, Copy)]
pub struct Look<'z> {
    /// From this moment.
    pub at: Instant,
    /// So many hours.
    pub hours: u32,
    /// The site's zone: times stand in texts.
    pub zone: &'z Zone,
}

/// Looks ahead: what may be done now and what is refused, each later change of that by time alone, and
/// every limit of time that runs out. In order of time, then of the process.
///
/// At each moment the run stands as the watch leaves it: what has run out by then is noticed, with its
/// exception.
#[must_use]
pub fn preflight(run: &Run, facts: &ObligationFacts<'_>, look: &Look<'_>) -> Vec<Foreseen> {
    let at = look.at;
    let until = at.plus_minutes(i64::from(look.hours) * 60);
    let limits: Vec<_> =
        time::limits(run, at).into_iter().filter(|limit| limit.due <= until).collect();
    let mut foreseen = Vec::new();
    let mut before = BTreeMap::new();
    let mut then = Cow::Borrowed(run);
    for moment in std::iter::once(at).chain(time::moments(&limits, at, until)) {
        if let Some(noticed) = time::noticed(&then, moment, look.zone) {
            then = Cow::Owned(noticed);
        }
        let mut now = BTreeMap::new();
        for candidate in acts::candidates(&then) {
            let verdict = acts::verdict(&then, facts, &candidate, moment);
            if before.get(&candidate) != Some(&verdict) {
                foreseen.push(told(&then, facts, &candidate, &verdict, moment));
            }
            now.insert(candidate, verdict);
        }
        before = now;
    }
    foreseen.extend(limits.into_iter().map(|limit| limit.foreseen(at)));
    // Stable: what is foreseen for one moment stays in the order of the process.
    foreseen.sort_by_key(|row| row.at);
    foreseen
}

/// What can come next at a moment, in the order of the process: acts that nothing but persons stands in the way
/// of, and with them every occurrence of a step that goes on, whether or not it can be completed now.
#[must_use]
pub fn possible(run: &Run, facts: &ObligationFacts<'_>, at: Instant) -> Vec<(Candidate, bool)> {
    let of = |candidate: Candidate| {
        let ready = acts::verdict(run, facts, &candidate, at).is_ok();
        let goes_on = matches!(candidate, Candidate::Complete(_));
        (ready || goes_on).then_some((candidate, ready))
    };
    acts::candidates(run).into_iter().filter_map(of).collect()
}

/// A verdict as a line.
fn told(
    run: &Run,
    facts: &ObligationFacts<'_>,
    candidate: &Candidate,
    verdict: &Verdict,
    at: Instant,
) -> Foreseen {
    let (sort, code, rule, clause, what, missing) = match verdict {
        Ok(()) => {
            let what = format!("{} is possible", candidate.words(run));
            (Sort::Possible, None, "P11-10f", "21 CFR 11.10(f)", what, Vec::new())
        }
        Err(refusal) => {
            let Refusal { rule, detail, missing } = refusal;
            let what = format!("{} is refused: {detail}", candidate.words(run));
            (Sort::Refused, Some(rule.code), rule.rule, rule.clause, what, missing.clone())
        }
    };
    Foreseen {
        at,
        sort,
        act: Some(candidate.act()),
        place: candidate.place(),
        area: candidate.area(run),
        code,
        rule: rule.to_owned(),
        clause: clause.to_owned(),
        what,
        missing,
        who_can: match verdict {
            Ok(()) => candidate.doers(run),
            Err(refusal) => resolvers(run, facts, candidate, refusal, at),
        },
    }
}

/// Who can resolve what is foreseen as refused; of a gate whose turn has not come, also who does what comes
/// before it.
fn resolvers(
    run: &Run,
    facts: &ObligationFacts<'_>,
    candidate: &Candidate,
    refusal: &Refusal,
    at: Instant,
) -> Vec<Authority> {
    let mut found = who::resolves(run, facts, candidate, refusal, at);
    let gate = match candidate {
        Candidate::Pass(id) => acts::gate_of(run, id),
        _ => None,
    };
    if let Some((guarded, missing)) = gate.and_then(|gate| passage::awaits(run, gate)) {
        let waits = start::out_of_order(&guarded, missing);
        found.extend(who::resolves(run, facts, &Candidate::Start(guarded), &waits, at));
        found.sort_unstable();
        found.dedup();
    }
    found
}
