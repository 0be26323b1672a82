//! May this be done to a version of a master record now, by whom, and what follows.

mod approval;
mod life;
mod matrix;
mod writing;

#[cfg(test)]
mod tests;

pub use matrix::{leads_to, matrix};

use super::command::MasterCommand;
use super::refusal::WRONG_PHASE;
use super::state::{Master, MasterEvent};
use crate::domain::clock::Instant;
use crate::domain::command::{Planned, Stamp};
use crate::domain::facts::{Account, SiteFacts};
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::policy::{Authority, Permit, Place};
use crate::domain::refusal::{NOT_FOUND, PERSON_INACTIVE, REASON_REQUIRED, Refusal, STALE, words};
use crate::domain::ruling::{Ruling, planned};

/// What the decision looks at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The site: roles, accountability statement.
    pub site: SiteFacts<'a>,
    /// The session's person.
    pub actor: Option<Account<'a>>,
    /// The version it is about; for a new version, whatever stands under its number.
    pub subject: Option<&'a Master>,
    /// All earlier versions of the code.
    pub earlier: &'a [&'a Master],
}

/// What was decided: events of this version, and of versions that it supersedes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MasterRuling {
    /// The version itself.
    pub own: Ruling<MasterEvent>,
    /// Other versions, each with its event.
    pub others: Vec<(RecordKey, MasterEvent)>,
}

impl MasterRuling {
    /// The events as the journal takes them, this version's first.
    #[must_use]
    pub fn into_planned(self, record: RecordKey) -> (Permit, Vec<Planned>) {
        let permit = self.own.permit.clone();
        let mut all = self.own.into_planned(record, "master", None);
        let others = self.others.iter();
        all.extend(others.map(|(key, event)| planned(*key, "master", None, event, Vec::new())));
        (permit, all)
    }
}

/// The keys a command about `code~version` reads: the version itself, then all earlier ones.
#[must_use]
pub fn reads(code: &str, version: u32) -> Vec<Key> {
    (1..=version).rev().map(|n| Key::Number(RecordKind::Master, format!("{code}~{n}"))).collect()
}

/// Decides a command about a version of a master record.
///
/// # Errors
/// The rule that forbids.
pub fn decide(
    command: &MasterCommand,
    facts: Facts<'_>,
    stamp: &Stamp,
) -> Result<MasterRuling, Refusal> {
    let subject = || facts.subject(command);
    let own = match command {
        MasterCommand::Draft { code, version, content } => {
            writing::draft(facts, code, *version, content, stamp)
        }
        MasterCommand::Edit { content, reason, .. } => {
            writing::edit(facts, subject()?, content, reason, stamp)
        }
        MasterCommand::Submit { content, examined, .. } => {
            writing::submit(facts, subject()?, content, examined, stamp)
        }
        MasterCommand::Check { .. } => approval::check(facts, subject()?, stamp),
        MasterCommand::Approve { effective_from, .. } => {
            return approval::approve(facts, subject()?, *effective_from, stamp);
        }
        MasterCommand::Return { reason, .. } => {
            return approval::send_back(facts, subject()?, reason, stamp);
        }
        MasterCommand::MakeEffective { .. } => life::make_effective(facts, subject()?, stamp),
        MasterCommand::Suspend { reason, .. } => life::suspend(facts, subject()?, reason, stamp),
        MasterCommand::Reinstate { reason, .. } => {
            life::reinstate(facts, subject()?, reason, stamp)
        }
        MasterCommand::Retire { reason, .. } => {
            return life::retire(facts, subject()?, reason, stamp);
        }
    };
    own.map(|own| MasterRuling { own, others: Vec::new() })
}

impl<'a> Facts<'a> {
    fn actor(&self) -> Result<Account<'a>, Refusal> {
        self.actor.ok_or_else(|| Refusal::new(&PERSON_INACTIVE, "nobody is signed in"))
    }

    /// The actor with the permission for an act on this product.
    fn permitted(
        &self,
        wanted: &[Authority],
        product: &str,
    ) -> Result<(Account<'a>, Permit), Refusal> {
        let actor = self.actor()?;
        let place = Place { product: Some(product), area: None };
        let permit = actor.permit(self.site, wanted, place)?;
        Ok((actor, permit))
    }

    /// The version it is about, as the caller saw it.
    fn subject(&self, command: &MasterCommand) -> Result<&'a Master, Refusal> {
        let missing = || Refusal::new(&NOT_FOUND, "there is no such version of a master record");
        let subject = self.subject.ok_or_else(missing)?;
        match command.expected().filter(|seen| *seen != subject.seq) {
            Some(seen) => {
                let detail = format!("you saw entry {seen}, {} is the newest", subject.seq);
                Err(Refusal::new(&STALE, detail))
            }
            None => Ok(subject),
        }
    }
}

/// Refuses an act that the version's phase at this moment does not know.
fn in_phase(subject: &Master, act: super::command::Act, at: Instant) -> Result<(), Refusal> {
    let phase = subject.phase_at(at);
    if leads_to(phase, act).is_some() {
        return Ok(());
    }
    let possible = matrix::possible(phase);
    let detail = format!(
        "{}~{} is {}: it cannot {}",
        subject.code,
        subject.version,
        phase.as_str(),
        act.as_str()
    );
    Err(Refusal::new(&WRONG_PHASE, detail).missing(possible))
}

/// A reason as it will stand in the journal.
fn reason(text: &str) -> Result<String, Refusal> {
    let text = words(text);
    match text.chars().count() {
        0 => Err(Refusal::new(&REASON_REQUIRED, "no word says why").missing(vec!["reason".into()])),
        1..=2000 => Ok(text.to_owned()),
        n => Err(Refusal::new(&REASON_REQUIRED, format!("{n} characters are too many (2000)"))),
    }
}
