//! What released lots in question owe: quality's decision that each stands, or its withdrawal.

use super::{Found, Law, Obligation, ObligationFacts, Stage, law, owe, signature};
use crate::domain::run::Run;

const QUESTION: Law = law("C211-192b", "21 CFR 211.192, 211.180(e)", Stage::AfterRelease);

/// Appends the decision that each lot of the run owes that is, or was, in question.
pub(super) fn collect(run: &Run, facts: &ObligationFacts<'_>, list: &mut Vec<Obligation>) {
    for lot in facts.lots.iter().filter(|lot| lot.run == run.key) {
        let now = facts.standings.iter().find(|standing| standing.record == lot.record);
        let open = now.filter(|standing| standing.questioned());
        let answered = lot.stands.iter().rfind(|stand| stand.after == lot.decisions.len());
        let found = match (open, answered) {
            (Some(now), _) => {
                Found::Open(Some(format!("{}: {}", now.word(), now.because().join("; "))))
            }
            (None, Some(stand)) => {
                let by = stand.signed.as_ref().map_or_else(|| stand.at.to_string(), signature);
                Found::Met(format!("stands: {}; {by}", stand.reason))
            }
            (None, None) => continue,
        };
        let id = format!("lot/{}/question", lot.number);
        let what = format!("Lot {} in question: it stands, or is withdrawn", lot.number);
        let who = "release, neither who released it nor who took part";
        owe(list, QUESTION, id, what, Some(lot.number.to_owned()), who, found);
    }
}
