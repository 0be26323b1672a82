//! The first phase: the laboratory looks at raw data and work, analyst and supervisor each by signature; quality
//! concludes whether there was an assignable cause, or an error of transcription or calculation.
//!
//! Each voice counts for what it is about. An analyst speaks for the determinations that they made. Where one cannot
//! speak, whoever directs the laboratory signs so with the reason, and another of the laboratory who did not test
//! speaks in their place: there are always two.

use super::super::act::{actor, no_such};
use super::claim;
use super::standing::Standing;
use crate::domain::ids::PersonId;
use crate::domain::policy::{Authority, Permit};
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::run::Run;
use crate::domain::run::acts::act::may;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::testing::{
    Analyst, ClaimRun, DeterminationRun, InvestigationStep, Speaker, Unavailable,
};
use crate::domain::run::testing_refusal::{
    CLAIM_OVERTAKEN, DOES_NOT_COUNT, LABORATORY_FIRST, NOTHING_TO_INVESTIGATE,
};
use crate::domain::signing::Meaning;
use crate::domain::words::EntryKey;
use std::collections::{BTreeMap, BTreeSet};

/// Who of the laboratory speaks: who tested, as analyst; who directs it and did not test, as supervisor; another who
/// did not test, in the place of an analyst who cannot speak. About a claim the analyst is who made what it corrects.
///
/// # Errors
/// `authority-missing`, `laboratory-first` for who tested something else there.
pub(super) fn speaker(
    run: &Run,
    facts: &RunFacts<'_>,
    standing: &Standing<'_>,
    about: Option<u32>,
    unavailable: bool,
) -> Result<(Speaker, Permit, Meaning), Refusal> {
    let own = actor(facts);
    let judged = about.and_then(|no| claim::find(standing, no)).map(|it| it.told.determination);
    let mine: Vec<_> = standing.all().filter(|tested| tested.tester() == Some(own)).collect();
    let is_judged = |it: &&DeterminationRun| judged.is_none_or(|no| it.told.no == no);
    if !unavailable && mine.iter().any(is_judged) {
        let permit = may(run, facts, &[Authority::Test])?;
        return Ok((Speaker::Analyst, permit, Meaning::Authored));
    }
    let wanted = [Authority::Test, Authority::SuperviseLaboratory];
    let substitutes = !unavailable && mine.is_empty() && is_missed(standing, about, own);
    if let Some(permit) = substitutes.then(|| may(run, facts, &wanted)).transpose()? {
        return Ok((Speaker::Substitute, permit, Meaning::Authored));
    }
    let permit = may(run, facts, &[Authority::SuperviseLaboratory])?;
    if let Some(tested) = mine.first() {
        let (who, no) = (facts.actor.user_name, tested.told.no);
        let detail = format!("{who} made determination {no} there: another directs and judges");
        return Err(Refusal::new(&LABORATORY_FIRST, detail));
    }
    Ok((Speaker::Supervisor, permit, Meaning::Checked))
}

/// Whether somebody else has said of an analyst that they cannot speak.
fn is_missed(standing: &Standing<'_>, about: Option<u32>, own: PersonId) -> bool {
    standing.steps().any(|(_, taken)| {
        let by = taken.signed.as_ref().map(|signed| signed.person);
        matches!(
            &taken.step,
            InvestigationStep::Laboratory { claim, unavailable: Some(_), .. } if *claim == about
        ) && by != Some(own)
    })
}

/// A statement of the laboratory is about a determination, or a claim that waits.
///
/// # Errors
/// `nothing-to-investigate`, `no-such-part`.
pub(super) fn statement(
    run: &Run,
    standing: &Standing<'_>,
    about: Option<u32>,
) -> Result<(), Refusal> {
    if standing.all().next().is_none() {
        let detail = "nothing has been determined there";
        return Err(Refusal::new(&NOTHING_TO_INVESTIGATE, detail));
    }
    match about {
        Some(no) if claim::find(standing, no).is_none() => {
            Err(no_such(run, &format!("claim {no} that waits there")))
        }
        _ => Ok(()),
    }
}

/// The analyst who cannot speak is one who tested there.
///
/// # Errors
/// `malformed`.
pub(super) fn missed(
    facts: &RunFacts<'_>,
    standing: &Standing<'_>,
    said: &mut Unavailable,
) -> Result<(), Refusal> {
    let who = &said.analyst.user_name;
    let tested = |id| standing.all().any(|tested| tested.tester() == Some(id));
    let Some(person) = facts.performer.filter(|person| tested(person.id)) else {
        let detail = format!("{who:?} made no determination there: name the analyst who tested");
        return Err(Refusal::new(&MALFORMED, detail));
    };
    said.analyst = Analyst {
        user_name: person.user_name.to_owned(),
        person: Some(person.id),
        printed_name: person.printed_name.to_owned(),
    };
    Ok(())
}

/// What the laboratory said about a claim, or about what stands outside, since something stands as it does.
struct Heard {
    supervisor: bool,
    /// Who spoke for their own work.
    analysts: BTreeSet<PersonId>,
    /// Analysts who cannot speak, each with who said so.
    missed: BTreeMap<PersonId, BTreeSet<PersonId>>,
    substitutes: BTreeSet<PersonId>,
    raw: bool,
}

impl Heard {
    fn of(
        standing: &Standing<'_>,
        judged: &[&DeterminationRun],
        since: u64,
        about: Option<u32>,
    ) -> Self {
        let mut heard = Self {
            supervisor: false,
            analysts: BTreeSet::new(),
            missed: BTreeMap::new(),
            substitutes: BTreeSet::new(),
            raw: false,
        };
        for (_, taken) in standing.steps().filter(|(_, taken)| taken.seq > since) {
            let InvestigationStep::Laboratory { speaker, raw_data, claim, unavailable, .. } =
                &taken.step
            else {
                continue;
            };
            let Some(who) = taken.signed.as_ref().map(|signed| signed.person) else { continue };
            if *claim != about {
                continue;
            }
            match speaker {
                Some(Speaker::Analyst)
                    if judged.iter().any(|tested| tested.tester() == Some(who)) =>
                {
                    heard.analysts.insert(who);
                }
                Some(Speaker::Supervisor) => heard.supervisor = true,
                Some(Speaker::Substitute) => {
                    heard.substitutes.insert(who);
                }
                Some(Speaker::Analyst) | None => continue,
            }
            heard.raw |= !raw_data.is_empty();
            if let Some(missed) = unavailable.as_ref().and_then(|said| said.analyst.person) {
                heard.missed.entry(missed).or_default().insert(who);
            }
        }
        heard
    }

    fn any(&self) -> bool {
        self.supervisor || !self.analysts.is_empty() || !self.substitutes.is_empty()
    }

    /// What is missing of the voice of who made a determination.
    fn analyst(&self, tested: &DeterminationRun) -> Option<String> {
        let (tester, no) = (tested.tester()?, tested.told.no);
        if self.analysts.contains(&tester) {
            return None;
        }
        let Some(by) = self.missed.get(&tester) else {
            return Some(format!(
                "the analyst who tested (determination {no}): phase laboratory, signed"
            ));
        };
        let replaced = self.substitutes.iter().any(|it| by.iter().any(|other| other != it));
        (!replaced).then(|| {
            format!(
                "another of the laboratory who did not test, in the place of the analyst of determination {no}: \
                 phase laboratory, signed"
            )
        })
    }
}

/// The analyst of each determination and a laboratory supervisor have spoken since, with raw data where it decides.
///
/// # Errors
/// `laboratory-first` naming who is missing.
fn spoken(
    at: &EntryKey,
    heard: &Heard,
    judged: &[&DeterminationRun],
    raw: bool,
) -> Result<(), Refusal> {
    let mut missing: Vec<String> = judged.iter().filter_map(|it| heard.analyst(it)).collect();
    missing.dedup();
    if !heard.supervisor {
        missing
            .push("a laboratory supervisor who did not test: phase laboratory, signed".to_owned());
    }
    if raw && !heard.raw {
        missing.push("the raw data, attached to a statement of the laboratory".to_owned());
    }
    let Some(first) = missing.first() else { return Ok(()) };
    Err(Refusal::new(&LABORATORY_FIRST, format!("{at}: missing: {first}")).missing(missing))
}

/// Looks for an assignable cause. Found, it sets determinations aside, each by name and for ever in
/// view; a result that was reported on them no longer stands.
pub(super) fn cause(
    run: &Run,
    standing: &Standing<'_>,
    at: &EntryKey,
    found: bool,
    invalidates: &[u32],
) -> Result<Option<String>, Refusal> {
    if found == invalidates.is_empty() {
        let detail =
            "a cause that was found names the determinations it sets aside; else there are none";
        return Err(Refusal::new(&MALFORMED, detail));
    }
    let distinct: BTreeSet<_> = invalidates.iter().collect();
    if distinct.len() != invalidates.len() {
        return Err(Refusal::new(&MALFORMED, "a determination is named twice"));
    }
    let mut judged: Vec<&DeterminationRun> = Vec::new();
    for no in invalidates {
        let tested = standing.find(*no);
        let tested = tested.ok_or_else(|| no_such(run, &format!("determination {no} there")))?;
        if let Some(cause) = &tested.invalidated {
            let detail = format!("determination {no} was set aside before: {cause}");
            return Err(Refusal::new(&DOES_NOT_COUNT, detail));
        }
        judged.push(tested);
    }
    if !found && !standing.is_open() {
        let detail = "no determination outside its limits waits for a first phase";
        return Err(Refusal::new(&NOTHING_TO_INVESTIGATE, detail));
    }
    judged.extend(under_judgement(standing, judged.is_empty()));
    let since = judged.iter().map(|tested| standing.since(tested)).max().unwrap_or_default();
    let heard = Heard::of(standing, &judged, since, None);
    spoken(at, &heard, &judged, found)?;
    let numbers: Vec<_> = invalidates.iter().map(u32::to_string).collect();
    let reopens = format!("determination {} was set aside", numbers.join(", "));
    Ok(standing.reported().filter(|_| found).map(|_| reopens))
}

/// What a first phase is about beside what it sets aside: what stands outside and nobody has looked at; where it
/// names nothing itself, else all that stands outside, or what was tested first.
fn under_judgement<'r>(standing: &Standing<'r>, alone: bool) -> Vec<&'r DeterminationRun> {
    let behind = |all: Vec<&'r DeterminationRun>| -> Vec<&'r DeterminationRun> {
        let numbers: BTreeSet<u32> = all.into_iter().flat_map(|it| standing.behind(it)).collect();
        numbers.into_iter().filter_map(|no| standing.find(no)).collect()
    };
    let unexamined = behind(standing.unexamined().collect());
    if !alone || !unexamined.is_empty() {
        return unexamined;
    }
    let outside = behind(standing.against().collect());
    if outside.is_empty() { standing.originals().collect() } else { outside }
}

/// Concludes on a claimed correction. Accepted: with the raw data of the laboratory and its two statements about it,
/// where nothing has changed the determination since it was claimed. Refused: on one voice of the laboratory, as
/// that makes nothing better.
///
/// # Errors
/// `no-such-part`, `laboratory-first`, `claim-overtaken`.
pub(super) fn transcription<'r>(
    run: &Run,
    standing: &Standing<'r>,
    at: &EntryKey,
    claim: u32,
    accepted: bool,
) -> Result<Option<&'r ClaimRun>, Refusal> {
    let found = claim::find(standing, claim);
    let found = found.ok_or_else(|| no_such(run, &format!("claim {claim} that waits there")))?;
    let no = found.told.determination;
    let judged: Vec<_> = standing.find(no).into_iter().collect();
    let heard = Heard::of(standing, &judged, found.seq, Some(claim));
    if !accepted {
        if heard.any() {
            return Ok(None);
        }
        let missing = vec!["analyst or laboratory supervisor: phase laboratory, signed".to_owned()];
        let detail = format!("{at}: nobody of the laboratory has spoken about claim {claim}");
        return Err(Refusal::new(&LABORATORY_FIRST, detail).missing(missing));
    }
    if standing.changed(no) > Some(found.seq) {
        let detail = format!("{at}: determination {no} was corrected after claim {claim} was made");
        return Err(Refusal::new(&CLAIM_OVERTAKEN, detail));
    }
    spoken(at, &heard, &judged, true)?;
    Ok(Some(found))
}
