//! The founding of a site: its first entries.

use super::super::Environment;
use super::super::command::Found;
use super::super::event::SiteEvent;
use super::super::refusal::{ALREADY_FOUNDED, FOUNDING_MALFORMED, SIMULATED_CLOCK};
use super::{some_text, system};
use crate::domain::clock::{ClockKind, Instant, Zone};
use crate::domain::policy::shipped_roles;
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;

/// The accountability statement of a site that writes none of its own (21 CFR 11.10(j)).
pub const DEFAULT_ACCOUNTABILITY: &str = "My electronic signature is the legally binding equivalent of \
my handwritten signature. I am accountable and responsible for every action initiated under it. I keep \
my password to myself, I sign only what I did, saw, checked or decided myself, and I report at once when \
I suspect that somebody else may know my password.";

const USES: [&str; 4] = ["founding", "log", "seal", "token"];

/// Founds the site, with the shipped roles and the first accountability statement.
/// `exists` says whether this database holds a site already.
///
/// # Errors
/// `already-founded`, `simulated-clock-forbidden`, `founding-malformed` naming the field.
pub fn found(command: &Found, exists: bool, at: Instant) -> Result<Ruling<SiteEvent>, Refusal> {
    if exists {
        return Err(Refusal::new(&ALREADY_FOUNDED, "found it elsewhere"));
    }
    if command.clock == ClockKind::Simulated && command.environment != Environment::Demo {
        return Err(Refusal::new(&SIMULATED_CLOCK, "the environment is not demo"));
    }
    well_formed(command, at)?;
    let accountability = match command.accountability.trim() {
        "" => DEFAULT_ACCOUNTABILITY.to_owned(),
        text => some_text(text)?,
    };
    let founded = SiteEvent::Founded {
        site_name: command.site_name.trim().to_owned(),
        origin: command.origin.clone(),
        environment: command.environment,
        clock: command.clock,
        zone: command.zone.clone(),
        keys: command.keys.clone(),
        founding_signature: command.founding_signature.clone(),
    };
    let ruling = Ruling::of(system(), founded)
        .and(SiteEvent::RolesChanged { roles: shipped_roles(), reason: "founding".into() })
        .and(SiteEvent::AccountabilityStated { version: 1, text: accountability });
    match &command.binding_letter {
        None => Ok(ruling),
        Some(letter) => {
            Ok(ruling.and(SiteEvent::BindingLetterFiled { reference: some_text(letter)? }))
        }
    }
}

fn well_formed(command: &Found, at: Instant) -> Result<(), Refusal> {
    let malformed = |detail: String| Err(Refusal::new(&FOUNDING_MALFORMED, detail));
    let name = command.site_name.trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return malformed("the site's name has 1 to 100 characters in one line".into());
    }
    let origin = &command.origin;
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if origin.is_empty() || origin.len() > 200 || origin.chars().any(odd) {
        return malformed("the log's origin has no white space and no '+'".into());
    }
    if let Err(unknown) = Zone::at(&command.zone, at) {
        return malformed(unknown);
    }
    for purpose in USES {
        let count = command.keys.iter().filter(|key| key.purpose == purpose).count();
        if count != 1 {
            return malformed(format!("there are {count} keys for {purpose}, one is needed"));
        }
    }
    if command.keys.len() != USES.len() {
        return malformed("there is a key of no known use".into());
    }
    Ok(())
}
