//! How a deviation ends: the investigation that its investigator signs, the closing that quality signs over
//! everything it must say, and the reopening that voids both.

use super::{
    DeviationRuling, RUN_NOT_GIVEN, all_given, may_in_all, quality_of_all, said, sign, still_open,
    told,
};
use crate::domain::alike::alike;
use crate::domain::command::Stamp;
use crate::domain::deviation::command::DeviationCommand;
use crate::domain::deviation::content::{Concluded, Looked, LotImpact};
use crate::domain::deviation::event::DeviationEvent;
use crate::domain::deviation::ground::Proposal;
use crate::domain::deviation::refusal::{CONTENT_MISSING, IMPACT_MISSING, NOT_CLOSED, NOT_ITS_LOT};
use crate::domain::deviation::{Deviation, DeviationPhase};
use crate::domain::exception::Severity;
use crate::domain::permits::GMP;
use crate::domain::policy::Authority;
use crate::domain::refusal::{Refusal, words};
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::act::actor;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::quality_refusal::REQUESTER_IS_APPROVER;
use crate::domain::signing::Meaning;

/// What the closing says, and what the system proposed to be looked at.
pub(super) struct Asked<'a> {
    pub conclusion: &'a str,
    pub lots: &'a [LotImpact],
    pub others: &'a [(String, String)],
    pub proposed: &'a [Proposal],
}

/// The investigator's signed conclusion: anybody with a part in making or judging the runs may be the investigator,
/// but not close what they investigated.
pub(super) fn report(
    deviation: &Deviation,
    runs: &[&Run],
    facts: &RunFacts<'_>,
    command: &DeviationCommand,
    stamp: &Stamp,
) -> Result<DeviationRuling, Refusal> {
    let permit = may_in_all(runs, facts, GMP)?;
    still_open(deviation)?;
    let DeviationCommand::ConcludeInvestigation { text, root_cause, no_root_cause, capa, no_capa } =
        command
    else {
        return Err(Refusal::new(&RUN_NOT_GIVEN, "this is no conclusion of an investigation"));
    };
    let root = Concluded::of(root_cause.as_deref(), no_root_cause.as_deref());
    let action = Concluded::of(capa.as_deref(), no_capa.as_deref());
    let mut missing = Vec::new();
    if words(text).is_empty() {
        missing.push("investigation: the text says nothing".to_owned());
    }
    if root.is_none() {
        missing.push("root_cause, or no_root_cause saying why none was found, not both".to_owned());
    }
    if action.is_none() {
        missing.push("capa, or no_capa saying why none is needed, not both".to_owned());
    }
    let (Some(root_cause), Some(capa), true) = (root, action, missing.is_empty()) else {
        let detail = format!("the investigation of {} is not whole", deviation.number);
        return Err(Refusal::new(&CONTENT_MISSING, detail).missing(missing));
    };
    let signatures = sign(facts, stamp, &permit, Meaning::Authored)?;
    let event = DeviationEvent::InvestigationConcluded { text: text.to_owned(), root_cause, capa };
    Ok(DeviationRuling::only(deviation.key, Ruling::signed(permit, event, signatures)))
}

/// Closes, signed by QA who neither asked for it nor investigated it (F30), over all that its class asks.
pub(super) fn close(
    deviation: &Deviation,
    runs: &[&Run],
    facts: &RunFacts<'_>,
    asked: &Asked<'_>,
    stamp: &Stamp,
) -> Result<DeviationRuling, Refusal> {
    let permit = quality_of_all(runs, facts, &[Authority::Triage, Authority::Release])?;
    still_open(deviation)?;
    all_given(deviation, runs)?;
    if deviation.requesters.contains(&actor(facts)) {
        let detail =
            format!("{} opened or investigated {}", facts.actor.user_name, deviation.number);
        return Err(Refusal::new(&REQUESTER_IS_APPROVER, detail));
    }
    let minor = deviation.class == Some(Severity::Minor);
    if !minor && deviation.phase != DeviationPhase::ImpactConcluded {
        let detail = format!("the impact of {} is not concluded", deviation.number);
        return Err(Refusal::new(&IMPACT_MISSING, detail));
    }
    said(asked.conclusion, "conclusion")?;
    let lots = of_its_runs(deviation, runs, asked)?;
    let missing = missing(deviation, runs, asked);
    if !missing.is_empty() {
        let detail = format!("{} closes with everything its class asks", deviation.number);
        return Err(Refusal::new(&CONTENT_MISSING, detail).missing(missing));
    }
    let signatures = sign(facts, stamp, &permit, Meaning::Approved)?;
    let event = DeviationEvent::Closed {
        conclusion: asked.conclusion.to_owned(),
        lots,
        others: looked(asked),
    };
    let on_runs = told(deviation, runs, &permit, "closed", true, true);
    let on_deviation = Ruling::signed(permit, event, signatures);
    Ok(DeviationRuling { deviation: deviation.key, on_deviation, on_runs })
}

/// The impact on each lot that was named, once: all of them lots of its runs.
fn of_its_runs(
    deviation: &Deviation,
    runs: &[&Run],
    asked: &Asked<'_>,
) -> Result<Vec<LotImpact>, Refusal> {
    let own = |lot: &str| {
        let mut own = runs.iter().flat_map(|run| run.lots.iter());
        own.find(|own| alike(&own.number, lot)).map(|own| own.number.clone())
    };
    let mut lots: Vec<LotImpact> = Vec::new();
    for named in asked.lots {
        let own = own(&named.lot);
        let how = match &own {
            None => "is no lot of its runs",
            Some(own) if lots.iter().any(|earlier| earlier.lot == *own) => "is named twice",
            Some(own) => {
                lots.push(LotImpact { lot: own.clone(), ..named.clone() });
                continue;
            }
        };
        let detail = format!("{}: lot {} {how}", deviation.number, named.lot);
        return Err(Refusal::new(&NOT_ITS_LOT, detail).missing(vec![named.lot.clone()]));
    }
    Ok(lots)
}

/// Everything that the class asks and nobody has said.
fn missing(deviation: &Deviation, runs: &[&Run], asked: &Asked<'_>) -> Vec<String> {
    let mut missing = Vec::new();
    let minor = deviation.class == Some(Severity::Minor);
    if !minor && deviation.report.is_none() {
        let owed = [
            "investigation: what was found",
            "root_cause, or why none was found",
            "capa, or why none is needed",
            "the investigator's signature",
        ];
        missing.extend(owed.map(str::to_owned));
    }
    for lot in runs.iter().flat_map(|run| &run.lots) {
        let said = |named: &LotImpact| named.lot == lot.number && !words(&named.impact).is_empty();
        if !asked.lots.iter().any(said) {
            missing.push(format!("impact on lot {}", lot.number));
        }
    }
    if !minor {
        for proposal in asked.proposed {
            if word_on(asked, &proposal.batch).is_none() {
                let grounds: Vec<_> = proposal.grounds.iter().map(ToString::to_string).collect();
                missing.push(format!("other batch {} ({})", proposal.batch, grounds.join(", ")));
            }
        }
    }
    missing
}

/// What was said of another batch.
fn word_on<'a>(asked: &Asked<'a>, batch: &str) -> Option<&'a str> {
    let named = asked.others.iter().filter(|(named, _)| named == batch);
    named.map(|(_, word)| words(word)).find(|word| !word.is_empty())
}

/// The other batches that were looked at, with why they were proposed.
fn looked(asked: &Asked<'_>) -> Vec<Looked> {
    let named = asked.others.iter().filter(|(_, word)| !words(word).is_empty());
    named
        .map(|(batch, word)| {
            let proposal = asked.proposed.iter().find(|proposal| proposal.batch == *batch);
            let grounds = proposal.map(|proposal| proposal.grounds.clone()).unwrap_or_default();
            Looked { batch: batch.clone(), word: words(word).to_owned(), grounds }
        })
        .collect()
}

/// Opens it again: investigation, impact and closing no longer count, and stay readable.
pub(super) fn reopen(
    deviation: &Deviation,
    runs: &[&Run],
    facts: &RunFacts<'_>,
    reason: &str,
    stamp: &Stamp,
) -> Result<DeviationRuling, Refusal> {
    let permit = quality_of_all(runs, facts, &[Authority::Triage])?;
    all_given(deviation, runs)?;
    if deviation.phase != DeviationPhase::Closed {
        return Err(Refusal::new(&NOT_CLOSED, format!("{} is open", deviation.number)));
    }
    said(reason, "reason")?;
    let signatures = sign(facts, stamp, &permit, Meaning::Triaged)?;
    let event = DeviationEvent::Reopened { reason: reason.to_owned() };
    let on_runs = told(deviation, runs, &permit, "opened again", false, false);
    let on_deviation = Ruling::signed(permit, event, signatures);
    Ok(DeviationRuling { deviation: deviation.key, on_deviation, on_runs })
}
