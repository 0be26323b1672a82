//! May this be done to the site now, by whom, and what follows.

mod clock;
mod founding;
mod keys;
mod roles;

pub use founding::{DEFAULT_ACCOUNTABILITY, found};

use super::Site;
use super::command::SiteCommand;
use super::event::SiteEvent;
use super::refusal::{TEXT_MISSING, UNCHANGED};
use crate::domain::act::SYSTEM;
use crate::domain::command::Stamp;
use crate::domain::facts::Account;
use crate::domain::policy::{Authority, Permit, Place};
use crate::domain::refusal::{PERSON_INACTIVE, Refusal, words};
use crate::domain::ruling::Ruling;

/// Decides a command about a founded site. `by_two`: who acts, `None` at the command line, where whoever holds the
/// site's key files acts; and the second person, where one signs.
///
/// # Errors
/// The rule that forbids.
pub fn decide(
    command: &SiteCommand,
    site: &Site,
    by_two: (Option<Account<'_>>, Option<Account<'_>>),
    stamp: &Stamp,
) -> Result<Ruling<SiteEvent>, Refusal> {
    let (actor, _) = by_two;
    match command {
        SiteCommand::ChangeRoles { roles, reason, expected } => {
            roles::change(site, administrator(site, actor)?, roles, reason, *expected)
        }
        SiteCommand::StateAccountability { text } => {
            let (_, permit) = administrator(site, actor)?;
            let (version, text) = (site.accountability.0 + 1, some_text(text)?);
            if text == site.accountability.1 {
                return Err(Refusal::new(&UNCHANGED, "the statement in force says the same"));
            }
            Ok(Ruling::of(permit, SiteEvent::AccountabilityStated { version, text }))
        }
        SiteCommand::FileBindingLetter { reference } => {
            let (_, permit) = administrator(site, actor)?;
            let reference = some_text(reference)?;
            Ok(Ruling::of(permit, SiteEvent::BindingLetterFiled { reference }))
        }
        SiteCommand::RotateKey { new, replaces } => keys::rotate(site, actor, new, replaces),
        SiteCommand::SetClock { by, reason } => clock::set(site, by_two, *by, reason, stamp),
    }
}

fn system() -> Permit {
    Permit { role: SYSTEM.into(), authority: None }
}

fn administrator<'a>(
    site: &Site,
    actor: Option<Account<'a>>,
) -> Result<(Account<'a>, Permit), Refusal> {
    let actor = actor.ok_or_else(|| Refusal::new(&PERSON_INACTIVE, "nobody is signed in"))?;
    let permit = actor.permit(site.facts(), &[Authority::Administer], Place::default())?;
    Ok((actor, permit))
}

fn some_text(text: &str) -> Result<String, Refusal> {
    let text = words(text);
    let length = text.chars().count();
    if (1..=8000).contains(&length) {
        return Ok(text.to_owned());
    }
    Err(Refusal::new(&TEXT_MISSING, format!("{length} characters")))
}

#[cfg(test)]
mod tests;
