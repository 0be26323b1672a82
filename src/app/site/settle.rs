//! Decisions about the founded site: roles, accountability statement, binding letter.

use crate::app::answer::{Core, SiteAnswer, Tells, told};
use crate::app::desk::{Desk, Done, Envelope, Failure};
use crate::domain::command::{Decision, Stamp};
use crate::domain::ids::Key;
use crate::domain::loaded::{Command, Loaded};
use crate::domain::policy::Role;
use crate::domain::refusal::Refusal;
use crate::domain::site::command::SiteCommand;
use crate::domain::site::decide;

/// A command about the site, as the lane takes it.
pub struct SiteAct(pub SiteCommand);

impl Command for SiteAct {
    fn name(&self) -> &'static str {
        match &self.0 {
            SiteCommand::ChangeRoles { .. } => "change-roles",
            SiteCommand::StateAccountability { .. } => "state-accountability",
            SiteCommand::FileBindingLetter { .. } => "file-binding-letter",
            SiteCommand::RotateKey { .. } => "rotate-site-key",
            SiteCommand::SetClock { .. } => "set-clock",
        }
    }

    fn reads(&self) -> Vec<Key> {
        vec![Key::Site]
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let site = loaded.site()?;
        let actor = match &stamp.actor {
            None => None,
            Some(actor) => Some(loaded.person(actor.person)?.account()),
        };
        let second = loaded.second(stamp).map(|person| person.account());
        let ruling = decide(&self.0, site, (actor, second), stamp)?;
        let permit = ruling.permit.clone();
        let events = ruling.into_planned(site.key, "site", None);
        let answer = SiteAnswer::new(Core::of(site.key, (None, site.seq), loaded, &events));
        Ok(Decision { permit, events, answer: told::<Self>(&answer) })
    }
}

impl Tells for SiteAct {
    type Answer = SiteAnswer;
}

impl Desk {
    /// Sets the site's roles. Blocks.
    ///
    /// # Errors
    /// `role-holds-forbidden-pair`, `roles-collide`, `reason-required`, `stale-version` and their kin.
    pub fn change_roles(
        &self,
        envelope: Envelope,
        roles: Vec<Role>,
        reason: String,
        expected: Option<u64>,
    ) -> Result<Done<SiteAnswer>, Failure> {
        let command = SiteCommand::ChangeRoles { roles, reason, expected };
        self.order(envelope, Box::new(SiteAct(command)))
    }

    /// States the accountability statement anew: nobody signs before acknowledging it. Blocks.
    ///
    /// # Errors
    /// `text-missing`, `site-unchanged`, `authority-missing`.
    pub fn state_accountability(
        &self,
        envelope: Envelope,
        text: String,
    ) -> Result<Done<SiteAnswer>, Failure> {
        self.order(envelope, Box::new(SiteAct(SiteCommand::StateAccountability { text })))
    }

    /// Files the reference of the letter that signatures are binding (21 CFR 11.100(c)). Blocks.
    ///
    /// # Errors
    /// `text-missing`, `authority-missing`.
    pub fn file_binding_letter(
        &self,
        envelope: Envelope,
        reference: String,
    ) -> Result<Done<SiteAnswer>, Failure> {
        self.order(envelope, Box::new(SiteAct(SiteCommand::FileBindingLetter { reference })))
    }
}
