//! By which permissions each event comes about: what verification holds the permit in a header against. A row
//! says what may ever be; who may do it to this very record is the rule's own question.

use super::policy::Authority::{
    self, Administer, ApproveMaster, AuthorMaster, Certify, Check, CheckMaster, Enrol, Evaluate,
    Execute, Export, Hold, Issue, Release, Review, Supervise, SuperviseLaboratory, Test, Triage,
    Unlock,
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

const NOTHING: Admitted = Admitted { authorities: &[], own: false, without_person: &[] };

/// Whoever works at a batch; a step may ask for any of them.
const WORK: &[Authority] = &[Execute, Supervise, Test, SuperviseLaboratory, Evaluate];
/// Whoever may be asked to look again at what others did.
const CHECKS: &[Authority] =
    &[Check, Review, Execute, Supervise, Test, SuperviseLaboratory, Evaluate];
/// What follows of another event, by whomever that came about.
const GMP: &[Authority] = &[
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
const ANYONE: &[Authority] = &[
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
const QUALITY: &[Authority] = &[Review, Triage, Hold, Release, Certify];
/// The system itself.
const SYSTEM: &[&str] = &["system"];
/// A key of the site, when it is founded or restored, or the system.
const KEYS: &[&str] = &["system", "founding key", "log key"];

/// The rows: events with their noun, and how they come about.
type Row = (&'static [&'static str], Admitted);

const fn by(authorities: &'static [Authority]) -> Admitted {
    Admitted { authorities, own: false, without_person: &[] }
}

const fn or_system(authorities: &'static [Authority]) -> Admitted {
    Admitted { authorities, own: false, without_person: SYSTEM }
}

const fn or_key(authorities: &'static [Authority]) -> Admitted {
    Admitted { authorities, own: false, without_person: KEYS }
}

const ROWS: &[Row] = &[
    // --- the site ---
    (&["site.founded", "site.restored", "site.key-announced"], or_key(&[])),
    (&["site.clock-jumped", "site.clock-stepped"], or_system(&[])),
    (&["site.roles-changed", "site.accountability-stated"], or_key(&[Administer])),
    (&["site.binding-letter-filed"], by(&[Administer])),
    (
        &["site.clock-set-forward", "site.clock-set-back"],
        by(&[Administer, Review, Triage, Release]),
    ),
    (&["site.happening-reported"], by(GMP)),
    // --- persons ---
    (&["person.created", "person.grants-changed"], or_key(&[Administer])),
    (&["person.identity-verified", "person.key-enrolled"], or_key(&[Enrol])),
    (&["person.key-destroyed", "person.password-reset"], by(&[Administer])),
    (&["person.renamed", "person.deactivated"], by(&[Administer])),
    (&["person.unlocked"], by(&[Unlock, Supervise])),
    (&["person.locked-out"], or_system(&[])),
    (
        &["person.password-changed", "person.accountability-acknowledged"],
        Admitted { authorities: &[], own: true, without_person: KEYS },
    ),
    // --- devices ---
    (&["device.registered", "device.calibrated", "device.retired"], by(&[Administer])),
    // --- master records ---
    (&["master.drafted", "master.edited", "master.submitted"], by(&[AuthorMaster])),
    (&["master.checked"], by(&[CheckMaster])),
    (&["master.approved", "master.made-effective", "master.suspended"], by(&[ApproveMaster])),
    (&["master.reinstated", "master.retired", "master.superseded"], by(&[ApproveMaster])),
    (&["master.supersession-lifted"], by(&[ApproveMaster])),
    (&["master.returned"], by(&[AuthorMaster, CheckMaster, ApproveMaster])),
    // --- numbers ---
    (&["series.number-taken"], by(GMP)),
    // --- lots ---
    (&["lot.yielded"], by(WORK)),
    (&["lot.parent-added"], by(WORK)),
    (&["lot.parent-removed"], by(&[Review, Triage, Release])),
    (&["lot.decided"], by(&[Release, Hold, Certify])),
    (&["lot.found-to-stand"], by(QUALITY)),
    // --- deviations ---
    (&["deviation.opened", "deviation.classified", "deviation.run-linked"], by(&[Triage])),
    (&["deviation.impact-concluded", "deviation.reopened"], by(&[Triage])),
    (&["deviation.closed"], by(&[Triage, Release])),
    (&["deviation.investigated", "deviation.investigation-concluded"], by(GMP)),
    // --- batches: work ---
    (&["run.issued"], by(&[Issue])),
    (&["run.started", "run.operation-started", "run.step-started"], by(WORK)),
    (&["run.step-completed", "run.step-not-performed", "run.step-taken-back"], by(WORK)),
    (&["run.entry-recorded", "run.entry-corrected", "run.entry-struck"], by(WORK)),
    (&["run.determination-recorded", "run.determination-corrected"], by(WORK)),
    (&["run.entry-absent", "run.attempts-explained", "run.implausible-value-kept"], by(WORK)),
    (&["run.trail-point-recorded", "run.happened", "run.aftermath-recorded"], by(WORK)),
    (&["run.alarm-raised", "run.alarm-acknowledged", "run.alerts-acknowledged"], by(WORK)),
    (&["run.handed-over", "run.emergency-acted", "run.operation-closed"], by(WORK)),
    (&["run.operation-ended", "run.completed", "run.risk-accepted"], by(WORK)),
    (&["run.step-found-running", "run.parent-added", "run.lot-yielded"], by(WORK)),
    (&["run.amendment-proposed"], by(&[Supervise, Evaluate])),
    (&["run.amendment-decided"], by(&[Supervise, ApproveMaster])),
    (&["run.aborted", "run.hold-placed", "run.hold-lifted"], by(&[Supervise, Hold])),
    (&["run.gate-passed", "run.gate-waived"], by(CHECKS_AND_TRIAGE)),
    // --- batches: others look ---
    (&["run.entry-checked", "run.step-checked", "run.attempt-looked-at"], by(CHECKS)),
    (&["run.result-investigated"], by(&[Triage, Test, SuperviseLaboratory, Supervise])),
    (&["run.test-skipped"], by(&[Review, ApproveMaster])),
    (&["run.operation-reviewed", "run.reviewed"], by(&[Review])),
    (&["run.closed"], by(&[Release, Review])),
    (&["run.notice-recorded", "run.foreign-lot-decided"], by(QUALITY)),
    (&["run.emergency-ratified", "run.risk-ratified"], by(&[Triage])),
    (&["run.exception-not-deviation", "run.exceptions-to-deviation"], by(&[Triage])),
    (&["run.deviation-changed"], by(GMP)),
    (&["run.lot-decided"], by(&[Release, Hold, Certify])),
    (&["run.lot-found-to-stand"], by(QUALITY)),
    (&["run.parent-removed"], by(&[Review, Triage, Release])),
    (&["run.rendition-issued"], by(&[Export])),
    (&["run.addended"], by(GMP)),
    // --- batches: what follows ---
    (&["run.exception-opened", "run.overdue-noticed"], or_system(ANYONE)),
    (&["run.entry-computed", "run.step-check-lapsed"], or_system(ANYONE)),
    (&["run.review-lapsed", "run.operation-review-lapsed"], or_system(ANYONE)),
    (&["run.clock-set-back"], by(&[Administer, Review, Triage, Release])),
];

/// A gate is passed at the line, or waived by quality.
const CHECKS_AND_TRIAGE: &[Authority] =
    &[Check, Review, Triage, Execute, Supervise, Test, SuperviseLaboratory, Evaluate];

/// How an event, named with its noun, may come about: nothing, where no row names it.
#[must_use]
pub fn admitted(event: &str) -> Admitted {
    let row = ROWS.iter().find(|(events, _)| events.contains(&event));
    row.map_or(NOTHING, |(_, admitted)| *admitted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::state::State;
    use std::collections::BTreeSet;

    // shows: P11-10g.a
    #[test]
    fn every_event_has_one_row_and_every_row_is_an_event() {
        let rows: Vec<&str> = ROWS.iter().flat_map(|(events, _)| *events).copied().collect();
        let named: BTreeSet<&str> = rows.iter().copied().collect();
        assert_eq!(named.len(), rows.len(), "an event stands in two rows");
        assert_eq!(named, every().iter().map(String::as_str).collect());
    }

    /// Every event of every noun, as the refusal of one that is none names them.
    fn every() -> BTreeSet<String> {
        let refused = |name: &str| State::has_events(name).expect_err("no event");
        let nouns = refused("never.heard-of");
        let (_, nouns) = nouns.split_once("one of ").expect("names the nouns");
        let of_noun = |noun: &str| {
            let told = refused(&format!("{noun}never-heard-of"));
            let (_, known) = told.split_once("expected ").expect("names the events");
            let names: Vec<_> = known.split('`').skip(1).step_by(2).collect();
            names.into_iter().map(|name| format!("{noun}{name}")).collect::<Vec<_>>()
        };
        nouns.split(", ").flat_map(of_noun).collect()
    }

    // shows: Q7-2.1.a
    #[test]
    fn what_decides_on_a_lot_is_admitted_to_quality_alone() {
        use crate::domain::policy::Family;
        for event in ["lot.decided", "run.reviewed", "run.lot-decided", "lot.found-to-stand"] {
            let admitted = admitted(event);
            assert!(
                admitted.authorities.iter().all(|it| it.family() == Family::Quality),
                "{event}"
            );
            assert!(!admitted.own && admitted.without_person.is_empty(), "{event}");
        }
        assert_eq!(admitted("lot.never-heard-of"), NOTHING);
    }
}
