//! Times that somebody claims: what is within its limits only by them waits for a second person.

use super::owed::Owed;
use super::{Found, Obligation, Stage, law, owe};
use crate::domain::exception::{Exception, ExceptionKind};
use crate::domain::limits::Side;
use crate::domain::run::time::measured::SET_BACK;
use crate::domain::run::{EntryRun, Run};

/// Whether quality has decided what a doubt of the clock means for the batch.
fn is_decided(exception: &Exception) -> bool {
    exception.opened.kind != ExceptionKind::ClockJump || exception.triage.is_some()
}

impl Owed<'_> {
    /// A time is within its limits only once every claim in it was checked (rule 5.3).
    pub(super) fn claims(&self, run: &Run, place: &str, list: &mut Vec<Obligation>) {
        let version = self.run_entry.and_then(EntryRun::current).filter(|version| {
            let within = version.verdicts.iter().all(|verdict| verdict.side == Side::Within);
            within && !version.verdicts.is_empty()
        });
        for claim in version.into_iter().flat_map(|version| &version.unchecked) {
            let law = law("C211-111", "21 CFR 211.111, 211.68(b)", Stage::Review);
            let name = &self.entry.name;
            let what = if claim == SET_BACK {
                if run.exceptions.iter().all(is_decided) {
                    continue;
                }
                format!("{name}: judged by quality, for {claim} within it")
            } else {
                format!("{name}: the time claimed at {claim} checked by a second person")
            };
            let id = format!("entry/{place}/claimed/{claim}");
            let why = "within, not checked".to_owned();
            owe(list, law, id, what, Some(place.to_owned()), "check", Found::Open(Some(why)));
        }
    }
}
