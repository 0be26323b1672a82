//! What is owed of what somebody typed: a second look at critical values, the reason of each attempt and a look at
//! it, a check of what its author struck (rules 2.5, 2.7, 2.9). All of it until review, and nothing of it blocks work.

use super::{Found, Law, Obligation, Stage, law, owe};
use crate::domain::run::acts::access::checking;
use crate::domain::run::{EntryRun, Run, StepRun, looks};
use crate::domain::words::EntryKey;

const LOOK: Law = law("C211-68b2", "21 CFR 211.68(b)", Stage::Review);
const ATTEMPT: Law = law("A11D-10a", "EU GMP Annex 11 (draft 2025) 10", Stage::Review);
const STRUCK: Law = law("P11-10e3", "21 CFR 11.10(e)", Stage::Review);

/// Appends what is owed of what was typed.
pub(super) fn collect(run: &Run, list: &mut Vec<Obligation>) {
    for (key, state) in &run.steps {
        let Some((_, step)) = run.recipe.step(&key.step) else { continue };
        let who = checking(Some(step)).as_str();
        for spec in &step.entries {
            let Some(entry) = state.entries.get(&spec.id) else { continue };
            let at = EntryKey { step: Some(key.clone()), entry: spec.id.clone() };
            let place = Place { at: at.to_string(), name: &spec.name, who };
            if let Some(version) = entry.current().filter(|version| looks::owes(spec, version)) {
                let no = version.version;
                let what = format!("{}: second look at version {no}", spec.name);
                let given = looks::given(Some(state), version);
                place.owe(LOOK, &format!("second-look/{no}"), what, Found::of(given), list);
            }
            attempts(entry, &place, list);
            struck(entry, state, &place, list);
        }
    }
}

struct Place<'a> {
    at: String,
    name: &'a str,
    who: &'a str,
}

impl Place<'_> {
    fn owe(&self, law: Law, id: &str, what: String, found: Found, list: &mut Vec<Obligation>) {
        let id = format!("entry/{}/{id}", self.at);
        owe(list, law, id, what, Some(self.at.clone()), self.who, found);
    }
}

fn attempts(entry: &EntryRun, place: &Place<'_>, list: &mut Vec<Obligation>) {
    for attempt in entry.unconfirmed() {
        let (no, shown) = (attempt.no, &attempt.shown);
        let reason = attempt.explained.as_ref().map(|it| it.line());
        let look = attempt.looked.as_ref().map(|it| it.line());
        let found = match (reason, look) {
            (Some(reason), Some(look)) => Found::Met(format!("{reason}; {look}")),
            (Some(reason), None) => Found::Open(Some(format!("{reason}; nobody else looked"))),
            (None, Some(look)) => Found::Open(Some(format!("no reason yet; {look}"))),
            (None, None) => Found::Open(Some("no reason yet, and nobody else looked".into())),
        };
        let what = format!(
            "{}: attempt {no}, {shown}, explained by its author and looked at by somebody else",
            place.name
        );
        place.owe(ATTEMPT, &format!("attempt/{no}"), what, found, list);
    }
}

/// Its author struck it: somebody else checks that, by itself or with the verification of the step after it.
fn struck(entry: &EntryRun, state: &StepRun, place: &Place<'_>, list: &mut Vec<Obligation>) {
    for version in entry.versions.iter().filter(|it| it.strikes() && it.check_owed) {
        let checked = version
            .checked
            .as_ref()
            .map(|(at, by)| format!("checked by {} ({}), {at}", by.printed_name, by.user_name));
        let signed = state.checked.as_ref().filter(|signed| signed.seq > version.seq);
        let found = Found::of(checked.or_else(|| signed.map(super::signature)));
        let no = version.version;
        let what = format!("{}: that it was struck, version {no}, checked by another", place.name);
        place.owe(STRUCK, &format!("struck/{no}"), what, found, list);
    }
}
