//! Somebody else looks over what was typed, for one step or for many in one act: typed critical values, corrections,
//! late entries, values that were sent and not confirmed (rules 2.5 and 2.7).

use super::act::{actor, sign};
use super::check::{How, Which, check_entry};
use super::{access, attempts, spot, together};
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::ids::StepKey;
use crate::domain::permits::{Admitted, GMP, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::Lapsing;
use crate::domain::run::acts::orders::{Order, order_of};
use crate::domain::run::acts::versions::Changed;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::looks::{Against, value_line};
use crate::domain::run::refusal::ALREADY_CHECKED;
use crate::domain::signing::Meaning;
use crate::domain::words::EntryKey;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One of the things that are looked at.
enum Item<'o> {
    Value(&'o SeenValue, EntryKey),
    Attempt(&'o SeenAttempt, EntryKey),
}

impl Item<'_> {
    /// As the signature lists it; what is not there is refused where it is decided.
    fn line(&self, run: &Run) -> String {
        match self {
            Self::Value(seen, at) => {
                let entry = run.entry(at);
                let found =
                    entry.and_then(|it| it.versions.iter().find(|v| v.version == seen.version));
                found.map_or_else(
                    || format!("{at} version {}", seen.version),
                    |it| value_line(at, it),
                )
            }
            Self::Attempt(seen, at) => {
                let entry = run.entry(at);
                let found = entry.and_then(|it| it.attempts.iter().find(|a| a.no == seen.no));
                found.map_or_else(|| format!("{at} attempt {}", seen.no), |it| it.line(at))
            }
        }
    }
}

/// Looks over values and attempts, all under one signature that lists them.
///
/// # Errors
/// `malformed` for no or too many, and of each what a check asks, naming it.
pub fn look_over(
    run: &Run,
    facts: &RunFacts<'_>,
    order: &LookOver,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let at = |step: &Option<StepKey>, entry: &String| EntryKey {
        step: step.clone(),
        entry: entry.clone(),
    };
    let values = order.values.iter().map(|it| Item::Value(it, at(&it.step, &it.entry)));
    let tries = order.attempts.iter().map(|it| Item::Attempt(it, at(&it.step, &it.entry)));
    let items: Vec<_> = values.chain(tries).collect();
    let lines: Vec<_> = items.iter().map(|item| item.line(run)).collect();
    together::each(run, &items, &lines, stamp, |run, item| match item {
        Item::Value(seen, at) => {
            let against = Some(seen.against.unwrap_or(order.against));
            let how = How { against, together: &lines };
            check_entry(run, facts, at, Which::Version(seen.version), how, stamp)
        }
        Item::Attempt(seen, at) => {
            let against = seen.against.unwrap_or(order.against);
            look_at(run, facts, (at, seen.no), (against, &lines), stamp)
        }
    })
}

fn look_at(
    run: &Run,
    facts: &RunFacts<'_>,
    (at, no): (&EntryKey, u32),
    (against, lines): (Against, &[String]),
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let spot = spot::entry(run, at)?;
    let wanted = [access::checking_entry(&spot), Authority::Review];
    let permit = facts.actor.permit(facts.site, &wanted, access::place(run, spot.operation))?;
    let attempt = attempts::find(&spot, at, no)?;
    if let Some(look) = &attempt.looked {
        let detail = format!("{} looked at it at {}", look.by.printed_name, look.at);
        return Err(Refusal::new(&ALREADY_CHECKED, detail));
    }
    if attempt.authors().contains(&actor(facts)) {
        return Err(access::is_performer(facts.actor.user_name, &at.to_string()));
    }
    let signatures = sign(facts, stamp, &permit, Meaning::Checked)?;
    let event = AttemptLookedAt {
        at: at.clone(),
        no,
        shown: attempt.shown.clone(),
        against,
        oversight: access::is_oversight(&permit),
        together: lines.to_vec(),
    };
    Ok(Ruling::signed(permit, RunEvent::AttemptLookedAt(event), signatures))
}

/// A version of an entry that was looked at.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenValue {
    /// The step's occurrence, as in `OP-01.1~1/01.1.1~1`; absent for a release specification.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub step: Option<StepKey>,
    /// The entry.
    pub entry: String,
    /// The version that was seen, from 1.
    pub version: u32,
    /// Against what, where that differs.
    #[serde(default)]
    pub against: Option<Against>,
}

/// A value that was sent and not confirmed, and looked at.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenAttempt {
    /// The step's occurrence, as in `OP-01.1~1/01.1.1~1`; absent for a release specification.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub step: Option<StepKey>,
    /// The entry.
    pub entry: String,
    /// The attempt, from 1.
    pub no: u32,
    /// Against what, where that differs.
    #[serde(default)]
    pub against: Option<Against>,
}

/// Request: look over what others typed, under one signature that lists it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LookOver {
    /// Against what it was held.
    pub against: Against,
    /// Values: critical ones, corrections, late entries.
    #[serde(default)]
    pub values: Vec<SeenValue>,
    /// Values that were sent and not confirmed.
    #[serde(default)]
    pub attempts: Vec<SeenAttempt>,
}

impl Order for LookOver {
    const NAME: &'static str = "look-over";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        look_over(run, facts, self, stamp)
    }

    order_of!(run, alone, request, unversioned);
}

/// Somebody else looked at a value that was sent and not confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptLookedAt {
    /// Where.
    pub at: EntryKey,
    /// Which, from 1.
    pub no: u32,
    /// As people read it.
    pub shown: String,
    /// Against what.
    pub against: Against,
    /// Whoever looked acted under quality oversight, which is no part in the work.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub oversight: bool,
    /// Everything that was looked at under the same signature.
    pub together: Vec<String>,
}

impl Event for AttemptLookedAt {
    const ADMITTED: Admitted = by(GMP);
    const SIGNED: bool = true;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let look = written.look(Some(self.against));
        let entry = written.bare(run, &self.at)?;
        let found = entry.attempts.find_mut(|attempt| attempt.no == self.no);
        let found = found
            .ok_or_else(|| written.fault(format!("{} has no attempt {}", self.at, self.no)))?;
        found.looked = Some(look);
        Ok(())
    }

    fn part(&self) -> Part {
        Part::unless(self.oversight)
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        lapses::entry(&self.at, "looked at")
    }

    fn changed(&self) -> Changed<'_> {
        Changed::within(&self.at)
    }

    nothing_in!(moves, bears);
}
