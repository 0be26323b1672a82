//! Who was who at each place in the log, and might do what: verification holds every act and every signature
//! against it, so that a name, a role or a permission that nobody had is found whoever appended it (RULES 6.1).

use super::permits::Admitted;
use super::person::decide::OWN;
use super::policy::{Authority, Grant, Role};
use super::state::State;
use std::collections::HashMap;
use uuid::Uuid;

/// The persons and the roles of a site, each as they were from a place in the log on.
#[derive(Debug, Default)]
pub struct Roster {
    persons: HashMap<Uuid, Vec<(u64, Known)>>,
    roles: Vec<(u64, Vec<Role>)>,
}

/// A person as an act shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    user_name: String,
    printed_name: String,
    active: bool,
    grants: Vec<Grant>,
}

/// Somebody as an entry's header or one of its signatures shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown<'a> {
    /// Whose record; nothing: the system itself.
    pub person: Option<Uuid>,
    pub user_name: &'a str,
    pub printed_name: &'a str,
    pub role: &'a str,
}

/// An entry as it claims to have been made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed<'a> {
    /// The place in the log where its command began: what counts is what was known before.
    pub from: u64,
    /// Whose record it stands in.
    pub record: Uuid,
    /// With its noun, as in `lot.decided`.
    pub event: &'a str,
    pub actor: Shown<'a>,
    pub authority: Option<&'a str>,
    pub signers: Vec<Shown<'a>>,
}

/// What is wrong with a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Nobody, or nobody in standing, was called so.
    Who,
    /// The person did not hold the role, or the role not the authority.
    Role,
    /// Acts of this sort are not made so.
    Act,
    /// Who acted is not among those who signed.
    Signer,
}

/// What is wrong, and a sentence that says it.
pub type Doubt = (Wrong, String);

impl Roster {
    /// Takes what a record folds to from a leaf on; of other records than persons and site nothing is kept.
    pub fn learn(&mut self, leaf: u64, state: &State) {
        if let Some(person) = state.as_person() {
            let known = Known {
                user_name: person.user_name.clone(),
                printed_name: person.printed_name.clone(),
                active: person.active,
                grants: person.grants.clone(),
            };
            let history = self.persons.entry(person.key.id).or_default();
            if history.last().is_none_or(|(_, last)| *last != known) {
                history.push((leaf, known));
            }
        }
        if let Some(site) = state.as_site()
            && self.roles.last().is_none_or(|(_, last)| *last != site.roles)
        {
            self.roles.push((leaf, site.roles.clone()));
        }
    }

    /// What is wrong with an entry, as far as names, roles and permissions go.
    #[must_use]
    pub fn doubts(&self, claimed: &Claimed<'_>) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        let admitted = State::admitted(claimed.event);
        match claimed.actor.person {
            Some(id) => self.judge_actor(claimed, id, admitted, &mut doubts),
            None => judge_system(claimed, admitted, &mut doubts),
        }
        for signer in &claimed.signers {
            self.judge_shown(claimed, signer, "signed", &mut doubts);
        }
        let by_actor = |signer: &Shown<'_>| signer.person == claimed.actor.person;
        let alone = State::must_be_signed(claimed.event) && claimed.actor.person.is_some();
        if alone && !claimed.signers.is_empty() && !claimed.signers.iter().any(by_actor) {
            let detail = format!("{} acts and has not signed", claimed.actor.user_name);
            doubts.push((Wrong::Signer, detail));
        }
        doubts
    }

    fn judge_actor(
        &self,
        claimed: &Claimed<'_>,
        id: Uuid,
        admitted: Admitted,
        doubts: &mut Vec<Doubt>,
    ) {
        let actor = &claimed.actor;
        self.judge_shown(claimed, actor, "acts", doubts);
        let event = claimed.event;
        let Some(authority) = claimed.authority else {
            let own = admitted.own && actor.role == OWN && claimed.record == id;
            if !own {
                let detail =
                    format!("{event} is not done by {} without an authority", actor.user_name);
                doubts.push((Wrong::Act, detail));
            }
            return;
        };
        let known = Authority::parse(authority).ok();
        if !known.is_some_and(|authority| admitted.authorities.contains(&authority)) {
            doubts.push((Wrong::Act, format!("{authority} does not permit {event}")));
        }
        let roles = at(&self.roles, claimed.from).map_or([].as_slice(), Vec::as_slice);
        let holds = |role: &Role| {
            role.name == actor.role && known.is_some_and(|it| role.authorities.contains(&it))
        };
        if !roles.iter().any(holds) {
            let detail = format!("the role {} did not hold {authority}", actor.role);
            doubts.push((Wrong::Role, detail));
        }
    }

    /// Names, standing and role of somebody who acts or signs.
    fn judge_shown(
        &self,
        claimed: &Claimed<'_>,
        shown: &Shown<'_>,
        does: &str,
        doubts: &mut Vec<Doubt>,
    ) {
        let who = format!("{} ({})", shown.printed_name, shown.user_name);
        let history = shown.person.and_then(|id| self.persons.get(&id));
        let Some(known) = history.and_then(|history| at(history, claimed.from)) else {
            doubts.push((Wrong::Who, format!("{who} {does} and did not exist then")));
            return;
        };
        if known.user_name != shown.user_name || known.printed_name != shown.printed_name {
            let detail = format!(
                "{who} {does}, and was called {} ({}) then",
                known.printed_name, known.user_name
            );
            doubts.push((Wrong::Who, detail));
        }
        if !known.active {
            doubts.push((Wrong::Who, format!("{who} {does} and was deactivated then")));
        }
        let own = shown.role == OWN && shown.person == Some(claimed.record);
        if !own && !known.grants.iter().any(|grant| grant.role == shown.role) {
            let detail = format!("{who} {does} as {} and did not hold that role then", shown.role);
            doubts.push((Wrong::Role, detail));
        }
    }
}

/// What the system itself may do, and a key of the site.
fn judge_system(claimed: &Claimed<'_>, admitted: Admitted, doubts: &mut Vec<Doubt>) {
    let (actor, event) = (&claimed.actor, claimed.event);
    if actor.user_name != "system" || actor.printed_name != "System" {
        let detail = format!("{} ({}) is no person", actor.printed_name, actor.user_name);
        doubts.push((Wrong::Who, detail));
    }
    if !admitted.without_person.contains(&actor.role) || claimed.authority.is_some() {
        doubts
            .push((Wrong::Act, format!("{event} is not done without a person as {}", actor.role)));
    }
}

/// What held just before a place in the log.
fn at<T>(history: &[(u64, T)], from: u64) -> Option<&T> {
    let later = history.partition_point(|(since, _)| *since < from);
    history.get(later.checked_sub(1)?).map(|(_, it)| it)
}
