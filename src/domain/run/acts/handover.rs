//! Handover from shift to shift: computed, signed by two.

use super::access;
use super::act::phase;
use super::story::Story;
use crate::domain::act::{require_second, require_signer};
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::refusal::{Refusal, SECOND_PERSON_REQUIRED};
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::orders::{Beside, Order, order_of};
use crate::domain::run::acts::written::Written;
use crate::domain::run::facts::RunFacts;
pub use crate::domain::run::floor::HandedOver;
use crate::domain::run::floor::HandoverRun;
use crate::domain::run::handover::handover;
use crate::domain::run::obligations::ObligationFacts;
use crate::domain::run::{Phase, Run};
use crate::domain::signing::Meaning;
use serde::Deserialize;
use utoipa::ToSchema;

/// While there is work to hand over.
const AT_WORK: &[Phase] = &[Phase::Issued, Phase::Running, Phase::Complete, Phase::Aborted];

/// Hands the work over. What is handed over is computed here and kept with the act; the outgoing person
/// signs it as handed over, the incoming one, who gives both components, as taken over. Both may record
/// here.
///
/// # Errors
/// Authority of either, phase, `second-person-required`, `second-person-is-the-first`, signatures.
pub fn hand_over(
    run: &Run,
    facts: &RunFacts<'_>,
    remark: &str,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let place = access::place(run, None);
    let permit = facts.actor.permit(facts.site, access::RECORDING, place)?;
    phase(run, AT_WORK, "hand the work over")?;
    let outgoing =
        require_signer(stamp, facts.actor, facts.site, Meaning::HandedOver, &permit.role)?;
    let second = facts.second.ok_or_else(|| {
        let detail = "whoever takes the work over signs too";
        Refusal::new(&SECOND_PERSON_REQUIRED, detail).missing(vec!["second_signature".into()])
    })?;
    let theirs = second.permit(facts.site, access::RECORDING, place)?;
    let incoming =
        require_second(stamp, Some(second), facts.site, Meaning::TookOver, &theirs.role)?;
    let told = HandedOver {
        no: u32::try_from(run.handovers.len()).unwrap_or(u32::MAX).saturating_add(1),
        to: second.id,
        sections: handover(run, &ObligationFacts::of(facts), stamp.at, &stamp.zone),
        remark: remark.trim().to_owned(),
    };
    let mut story = Story::new(run);
    story.tell_signed(RunEvent::HandedOver(told), vec![outgoing, incoming]);
    Ok(story.ends(permit))
}

/// Request: hand the work over; the second person takes it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// What the outgoing person adds to what is computed.
    #[serde(default)]
    pub remark: String,
}

impl Order for HandOver {
    const NAME: &'static str = "hand-over";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        hand_over(run, facts, &self.remark, stamp)
    }

    fn beside(&self) -> Beside {
        Beside::Ancestry
    }

    order_of!(run, request, unversioned);
}

impl Event for HandedOver {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = true;

    weighs!(Nothing);

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let (at, by) = (written.happened.at, written.who.clone());
        let signed = written.happened.signatures.to_vec();
        run.handovers.push(HandoverRun { told: self.clone(), at, by, signed });
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        (Lapses::FinalOnly, "the work was handed over".into())
    }

    nothing_in!(moves, bears, changed);
}
