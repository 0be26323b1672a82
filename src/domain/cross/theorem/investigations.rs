//! What is said and decided of a result, in the theorem's world.

use super::acts::{Act, Spec, Word};
use super::orders::why;
use super::world::World;
use crate::domain::run::acts::{InvestigateResult, RunCommand};
use crate::domain::run::testing::{Analyst, InvestigationStep};
use serde_json::json;

/// What laboratory, quality or production says of a result.
pub fn investigation(world: &World, act: Act) -> Option<RunCommand> {
    let (Act::Laboratory(spec, of, _) | Act::Conclude(spec, of, _)) = act else { return None };
    let at = spec.at();
    let of = (spec == Spec::Purity).then(|| of.number().to_owned());
    let found = world.child.run.entry(&at)?;
    let mine = || found.determinations.iter().filter(|tested| tested.told.of == of);
    let claim = || {
        let mut claims = found.claims.iter().rev();
        claims.find(|claim| claim.told.claimed && claim.told.of == of).map(|claim| claim.told.no)
    };
    let first = mine().find(|tested| tested.invalidated.is_none()).map(|tested| tested.told.no);
    let step = match act {
        Act::Laboratory(_, _, about) => {
            let raw =
                json!({ "name": "run.csv", "sha256": "00", "bytes": 1, "media_type": "text/csv" });
            let raw_data = vec![serde_json::from_value(raw).expect("a file")];
            let claim = if about { Some(claim()?) } else { None };
            let (speaker, finding, unavailable) = (None, why(), None);
            InvestigationStep::Laboratory { speaker, finding, raw_data, claim, unavailable }
        }
        Act::Conclude(_, _, word) => match word {
            Word::Accepts => InvestigationStep::Transcription {
                claim: claim()?,
                accepted: true,
                conclusion: why(),
            },
            Word::Cause => InvestigationStep::AssignableCause {
                found: true,
                cause: why(),
                invalidates: vec![first?],
            },
            Word::NoCause => InvestigationStep::AssignableCause {
                found: false,
                cause: why(),
                invalidates: vec![],
            },
            Word::Plan => {
                let (user_name, person) = ("quentin".to_owned(), None);
                let analyst = Analyst { user_name, person, printed_name: String::new() };
                let retests = if spec == Spec::Potency { 2 } else { 1 };
                InvestigationStep::RetestPlan { retests, rationale: why(), analyst }
            }
            Word::Resampling => InvestigationStep::Resampling { reason: why() },
            Word::Production => InvestigationStep::ProductionReview { finding: why() },
            Word::Reports => {
                let determination = mine().next_back()?.told.no;
                InvestigationStep::Reportable { determination, conclusion: why() }
            }
            Word::Inconclusive => InvestigationStep::Inconclusive { conclusion: why() },
            Word::Decides => InvestigationStep::DecidedInconclusive {
                investigation: why(),
                production_review: why(),
                process_history: why(),
                retests: mine().filter(|it| it.told.plan.is_some()).map(|it| it.told.no).collect(),
            },
        },
        _ => return None,
    };
    Some(RunCommand::InvestigateResult(InvestigateResult { at, of, step }))
}
