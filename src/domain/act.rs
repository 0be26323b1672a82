//! What every act asks first, in any noun: an account in standing, authority, a reason, the version that
//! was seen, and of a signed one its signers.

use crate::domain::command::Stamp;
use crate::domain::facts::{Account, SiteFacts};
use crate::domain::policy::{Authority, Permit, Place, permit};
use crate::domain::refusal::{
    ACCOUNTABILITY_MISSING, AUTHORITY_MISSING, PERSON_INACTIVE, REASON_REQUIRED, Refusal,
    SECOND_PERSON_REQUIRED, SIGNATURE_REQUIRED, SIGNER_NOT_SESSION, SIGNING_KEY_MISSING, STALE,
    VERSION_REQUIRED, once, words,
};
use crate::domain::signing::refusal::{
    BOTH_COMPONENTS, LOCKED_OUT, PASSWORD_CHANGE_OWED, SECOND_IS_SIGNER, SERVICE_CANNOT_SIGN,
};
use crate::domain::signing::{Components, Meaning, SignatureRequest};

impl Account<'_> {
    /// Whether this account may act at all: active, not locked, its own password.
    ///
    /// # Errors
    /// `person-inactive`, `account-locked`, `password-change-owed` (P11-10d, A11D-11.4, A11D-11.7).
    pub fn in_standing(self) -> Result<(), Refusal> {
        let who = self.user_name;
        if !self.active {
            return Err(Refusal::new(&PERSON_INACTIVE, format!("{who} is deactivated")));
        }
        if let Some(since) = self.locked {
            return Err(Refusal::new(&LOCKED_OUT, format!("{who} is locked since {since}")));
        }
        if self.must_change_password {
            let detail = format!("{who} uses a password that somebody else set");
            return Err(Refusal::new(&PASSWORD_CHANGE_OWED, detail));
        }
        Ok(())
    }

    /// The permission for an act: the account in standing, and a grant that reaches the place with
    /// the first of `wanted` it holds.
    ///
    /// # Errors
    /// As [`Self::in_standing`], or `authority-missing` naming what is missing (P11-10g).
    pub fn permit(
        self,
        site: SiteFacts<'_>,
        wanted: &[Authority],
        place: Place<'_>,
    ) -> Result<Permit, Refusal> {
        self.in_standing()?;
        permit(self.grants, site.roles, wanted, place).ok_or_else(|| {
            let names = once(wanted.iter().map(|a| a.as_str().to_owned()).collect());
            let (who, needed) = (self.user_name, names.join(" or "));
            let scope = [("product", place.product), ("area", place.area)]
                .iter()
                .filter_map(|(kind, name)| Some(format!(" for {kind} {}", (*name)?)))
                .collect::<String>();
            let detail = format!("{who} does not hold {needed}{scope}");
            Refusal::new(&AUTHORITY_MISSING, detail).missing(names)
        })
    }
}

/// The signature of the person who acts, whoever that is by the session.
///
/// # Errors
/// What is missing for this person to sign: credentials in this very act, an account in standing,
/// accountability acknowledged in its current version, an enrolled key.
pub fn require_signer(
    stamp: &Stamp,
    person: Account<'_>,
    site: SiteFacts<'_>,
    meaning: Meaning,
    role: &str,
) -> Result<SignatureRequest, Refusal> {
    let signer = stamp.signer.as_ref().ok_or_else(|| {
        let detail = format!("it is signed as \"{}\" by {}", meaning.as_str(), person.user_name);
        Refusal::new(&SIGNATURE_REQUIRED, detail).missing(vec!["signature".into()])
    })?;
    let session = stamp.actor.as_ref().map(|actor| actor.person);
    if session != Some(person.id) || signer.person != person.id {
        let detail = format!("{} acts in this session", person.user_name);
        return Err(Refusal::new(&SIGNER_NOT_SESSION, detail));
    }
    able_to_sign(person, site)?;
    Ok(request(person, meaning, role))
}

/// The signature of a second person, who has no session here and always gives both components.
///
/// # Errors
/// `second-person-required`, `second-person-is-the-first`, `both-components-required`, and what
/// [`require_signer`] asks of any signer.
pub fn require_second(
    stamp: &Stamp,
    second: Option<Account<'_>>,
    site: SiteFacts<'_>,
    meaning: Meaning,
    role: &str,
) -> Result<SignatureRequest, Refusal> {
    let missing = || {
        let detail = format!("a second person signs as \"{}\"", meaning.as_str());
        Refusal::new(&SECOND_PERSON_REQUIRED, detail).missing(vec!["second_signature".into()])
    };
    let person = second.ok_or_else(missing)?;
    let signer = stamp.second.as_ref().ok_or_else(missing)?;
    if signer.person != person.id {
        return Err(missing());
    }
    let taken = [stamp.actor.as_ref().map(|a| a.person), stamp.signer.as_ref().map(|s| s.person)];
    if taken.contains(&Some(person.id)) {
        let detail = format!("{} cannot be their own second person", person.user_name);
        return Err(Refusal::new(&SECOND_IS_SIGNER, detail));
    }
    if signer.components != Components::Both {
        return Err(Refusal::new(&BOTH_COMPONENTS, format!("{} gave one", person.user_name)));
    }
    able_to_sign(person, site)?;
    Ok(request(person, meaning, role))
}

/// Whether this person can sign anything here and now.
///
/// # Errors
/// The first thing that is missing.
pub fn able_to_sign(person: Account<'_>, site: SiteFacts<'_>) -> Result<(), Refusal> {
    let who = person.user_name;
    if person.service {
        return Err(Refusal::new(&SERVICE_CANNOT_SIGN, format!("{who} is a service account")));
    }
    person.in_standing()?;
    let current = site.accountability;
    match person.accountability {
        Some(version) if version == current => {}
        Some(version) => {
            let detail = format!("{who} acknowledged version {version}, in force is {current}");
            return Err(Refusal::new(&ACCOUNTABILITY_MISSING, detail));
        }
        None => {
            let detail = format!("{who} has acknowledged no version, in force is {current}");
            return Err(Refusal::new(&ACCOUNTABILITY_MISSING, detail));
        }
    }
    if !person.enrolled {
        return Err(Refusal::new(&SIGNING_KEY_MISSING, format!("{who} is not enrolled")));
    }
    Ok(())
}

fn request(person: Account<'_>, meaning: Meaning, role: &str) -> SignatureRequest {
    SignatureRequest {
        person: person.id,
        printed_name: person.printed_name.to_owned(),
        user_name: person.user_name.to_owned(),
        role: role.to_owned(),
        meaning,
    }
}

/// A reason as it will stand in the journal: trimmed, there, and not endless.
///
/// # Errors
/// `reason-required`.
pub fn reason(text: &str) -> Result<String, Refusal> {
    let text = words(text);
    match text.chars().count() {
        0 => Err(Refusal::new(&REASON_REQUIRED, "no word says why").missing(vec!["reason".into()])),
        1..=2000 => Ok(text.to_owned()),
        n => Err(Refusal::new(&REASON_REQUIRED, format!("{n} characters are too many (2000)"))),
    }
}

/// The role in which the system acts.
pub const SYSTEM: &str = "system";

/// A reason, conclusion or rationale is there.
///
/// # Errors
/// `reason-required` naming the field (A11-09).
pub fn said(text: &str, field: &str) -> Result<(), Refusal> {
    if words(text).is_empty() {
        let detail = format!("the field {field} is empty");
        return Err(Refusal::new(&REASON_REQUIRED, detail).missing(vec![field.to_owned()]));
    }
    Ok(())
}

/// The caller decided on what is there now.
///
/// # Errors
/// `version-required` or `stale-version` (P11-10f).
pub fn seen(expected: Option<u64>, actual: u64, what: &str) -> Result<(), Refusal> {
    match expected {
        None => Err(Refusal::new(&VERSION_REQUIRED, format!("{what} is at version {actual}"))),
        Some(version) if version != actual => {
            let detail = format!("you decided on version {version} of {what}, now it is {actual}");
            Err(Refusal::new(&STALE, detail))
        }
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::Instant;
    use crate::domain::person::Person;
    use crate::domain::scene::{person, site, stamp_of};
    use crate::domain::signing::Signer;
    use crate::domain::site::Site;

    type Spoil = (&'static str, fn(&mut Stamp, &mut Person, &mut Site));

    // shows: P11-10j.a, P11-100b.a, F27.a
    #[test]
    fn a_signature_needs_all_that_is_asked_of_its_signer() {
        let site_now = site();
        let (ada, eve) = (person("ada", 1, &["qa"]), person("eve", 2, &["qa"]));
        let signed = |stamp: &Stamp, person: &Person, site: &Site| {
            let (person, site) = (person.account(), site.facts());
            require_signer(stamp, person, site, Meaning::Approved, "qa").map_err(|r| r.rule.code)
        };
        assert!(signed(&stamp_of(&ada), &ada, &site_now).is_ok());
        assert_eq!(signed(&stamp_of(&eve), &ada, &site_now), Err("signer-is-not-the-session"));
        let spoils: [Spoil; 8] = [
            ("signature-required", |s, _, _| s.signer = None),
            ("signer-is-not-the-session", |s, _, _| s.actor = None),
            ("service-account-cannot-sign", |_, p, _| p.service = true),
            ("person-inactive", |_, p, _| p.active = false),
            ("account-locked", |_, p, _| p.locked = Some(Instant(1))),
            ("password-change-owed", |_, p, _| p.must_change_password = true),
            ("accountability-not-acknowledged", |_, _, s| s.accountability.0 += 1),
            ("signing-key-missing", |_, p, _| p.signing_key = None),
        ];
        for (code, spoil) in spoils {
            let (mut stamp, mut signer, mut site) = (stamp_of(&ada), ada.clone(), site_now.clone());
            spoil(&mut stamp, &mut signer, &mut site);
            assert_eq!(signed(&stamp, &signer, &site), Err(code));
        }
    }

    // shows: P11-200a1i.c, C211-188b11.b
    #[test]
    fn a_second_person_is_somebody_else_and_gives_both_components() {
        let (site, ada, eve) = (site(), person("ada", 1, &["qa"]), person("eve", 2, &["qa"]));
        let with = |second: &Person, components| {
            let mut stamp = stamp_of(&ada);
            stamp.second = Some(Signer { person: second.key.id, components });
            require_second(&stamp, Some(second.account()), site.facts(), Meaning::Witnessed, "qa")
                .map_err(|r| r.rule.code)
        };
        assert!(with(&eve, Components::Both).is_ok());
        assert_eq!(with(&eve, Components::Password), Err("both-components-required"));
        assert_eq!(with(&ada, Components::Both), Err("second-person-is-the-first"));
        let none = require_second(&stamp_of(&ada), None, site.facts(), Meaning::Witnessed, "qa");
        assert_eq!(none.map_err(|r| r.rule.code), Err("second-person-required"));
    }
}
