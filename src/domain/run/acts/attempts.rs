//! Values that were sent and not confirmed: each is kept, owes its reason and the look of somebody else, and the second
//! one of an entry opens an exception that names them all (rule 2.5).

use super::act::actor;
use super::recorded::ImplausibleValueKept;
use super::spot::{self, Spot};
use super::story::Story;
use super::{access, act};
use crate::domain::act::said;
use crate::domain::clock::Instant;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::entry::spec::Classification;
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::ids::PersonId;
use crate::domain::limits::Verdict;
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::{Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Late, Order, order_of};
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::attempt::{Attempt, Explained, Mistake, last_shown};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::quality_refusal::NO_SUCH_PART;
use crate::domain::run::reading::ReadingSource;
use crate::domain::words::{Basis, EntryKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A value as it came, before anybody confirmed it.
pub(super) struct Tried {
    /// The input as sent, canonical JSON.
    pub raw: String,
    /// As people read it.
    pub shown: String,
    pub verdicts: Vec<Verdict>,
    /// Performed at, where declared.
    pub performed_at: Option<Instant>,
    pub basis: Basis,
    pub source: Option<ReadingSource>,
    /// Who did it, where a scribe sent it.
    pub performer: Option<PersonId>,
}

/// Keeps a value that its author has not confirmed, with who performed and where it came from, and opens the
/// exception that names all of them.
pub(super) fn keep(run: &Run, spot: &Spot<'_>, at: &EntryKey, tried: Tried, story: &mut Story<'_>) {
    let Tried { raw, shown, verdicts, performed_at, basis, source, performer } = tried;
    let before: Vec<&Attempt> =
        spot.entry.map(|entry| entry.unconfirmed().collect()).unwrap_or_default();
    let undecided =
        |no: &u32| run.exceptions.iter().any(|it| it.opened.no == *no && it.triage.is_none());
    let standing = before.iter().rev().find_map(|attempt| attempt.exception).filter(undecided);
    let opened = (!before.is_empty() && standing.is_none()).then(|| {
        let earlier = before.iter().map(|attempt| attempt.shown.as_str());
        let all: Vec<_> = earlier.chain([shown.as_str()]).collect();
        let all = last_shown(&all);
        let name = &spot.spec.name;
        let detail = format!("{name} ({at}): sent and not confirmed were {all}");
        let severity = severity(spot.spec.classification);
        story.gating(ExceptionKind::Implausible, severity, false, spot.step, at, detail)
    });
    let exception = opened.as_ref().map(|opened| opened.no).or(standing);
    story.tell(RunEvent::ImplausibleValueKept(ImplausibleValueKept {
        at: at.clone(),
        raw,
        shown,
        verdicts,
        performed_at,
        basis,
        source,
        performer,
        exception,
    }));
    story.open(opened.into_iter().collect());
}

/// How many one explanation names, the first that wait: the rest is explained by the next.
const MOST: usize = 2000;

/// How grave it is that one value after the other was tried.
fn severity(class: Option<Classification>) -> Severity {
    let critical = [
        Classification::Cpp,
        Classification::WcCpp,
        Classification::ReleaseIpc,
        Classification::Specification,
    ];
    match class.is_some_and(|class| critical.contains(&class)) {
        true => Severity::Major,
        false => Severity::Minor,
    }
}

/// Says why values were sent that do not count: their author of their own, a supervisor of all of them.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `no-such-part` where none waits for a reason, `reason-required` for
/// *other* without words.
pub fn explain(
    run: &Run,
    facts: &RunFacts<'_>,
    order: &ExplainAttempts,
) -> Result<Ruling<RunEvent>, Refusal> {
    let ExplainAttempts { at, why, words: in_words } = order;
    let spot = spot::entry(run, at)?;
    let place = access::place(run, spot.operation);
    let open: Vec<&Attempt> = spot
        .entry
        .into_iter()
        .flat_map(|entry| entry.unconfirmed())
        .filter(|attempt| attempt.explained.is_none())
        .collect();
    let own = |attempt: &&&Attempt| attempt.by.person == Some(actor(facts));
    let mut explained: Vec<_> = open.iter().filter(own).map(|attempt| attempt.no).collect();
    let of_others = explained.is_empty() && !open.is_empty();
    let wanted = if of_others { &[Authority::Supervise] } else { access::RECORDING };
    let permit = facts.actor.permit(facts.site, wanted, place)?;
    if of_others {
        explained = open.iter().map(|attempt| attempt.no).collect();
    }
    explained.truncate(MOST);
    if explained.is_empty() {
        return Err(act::no_such(run, &format!("attempt at {at} that waits for its reason")));
    }
    let in_words = in_words.as_deref().map(words).filter(|it| !it.is_empty());
    if *why == Mistake::Other {
        said(in_words.unwrap_or_default(), "words")?;
    }
    let event = AttemptsExplained {
        at: at.clone(),
        attempts: explained,
        why: *why,
        words: in_words.map(str::to_owned),
    };
    Ok(Ruling::of(permit, RunEvent::AttemptsExplained(event)))
}

/// An attempt of an entry by its number.
///
/// # Errors
/// `no-such-part`.
pub(super) fn find<'r>(spot: &Spot<'r>, at: &EntryKey, no: u32) -> Result<&'r Attempt, Refusal> {
    let found = spot.entry.and_then(|entry| entry.attempts.iter().find(|it| it.no == no));
    found.ok_or_else(|| Refusal::new(&NO_SUCH_PART, format!("{at} has no attempt {no}")))
}

/// Report: why values were sent that do not count.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainAttempts {
    /// Where.
    #[schema(ignore)]
    pub at: EntryKey,
    /// The coded reason.
    pub why: Mistake,
    /// In words; needed where the coded reason is `other`.
    #[serde(default)]
    pub words: Option<String>,
}

impl Order for ExplainAttempts {
    const NAME: &'static str = "explain-attempts";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        _stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        explain(run, facts, self)
    }

    fn late(&self) -> Late<'_> {
        Late::Addendum(self.words.as_deref())
    }

    order_of!(entry, alone, unversioned);
}

/// It was said why values were sent that do not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptsExplained {
    /// Where.
    pub at: EntryKey,
    /// Which, by number.
    pub attempts: Vec<u32>,
    /// The coded reason.
    pub why: Mistake,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

impl Event for AttemptsExplained {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let explained = Explained {
            why: self.why,
            words: self.words.clone(),
            by: written.who.clone(),
            at: written.happened.at,
        };
        let entry = written.bare(run, &self.at)?;
        let all: BTreeSet<u32> = self.attempts.iter().copied().collect();
        let named = |attempt: &Attempt| all.contains(&attempt.no);
        entry.attempts.change(named, |attempt| attempt.explained = Some(explained.clone()));
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::entry(&self.at, "explained")
    }

    fn changed(&self) -> Changed<'_> {
        Changed::within(&self.at)
    }

    nothing_in!(moves, bears);
}
