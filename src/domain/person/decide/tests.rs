//! Rules about persons, each refused once and allowed once.

use super::*;
use crate::domain::clock::Instant;
use crate::domain::policy::{Grant, excludes, shipped_roles};
use crate::domain::scene::{person, site, stamp_of};
use crate::domain::signing::{Components, Signer};

/// Spoils a person in one way.
type Spoil = fn(&mut Person);

fn code<T>(result: Result<T, Refusal>) -> Option<&'static str> {
    result.err().map(|refusal| refusal.rule.code)
}

fn grant(role: &str, area: Option<&str>) -> Grant {
    Grant { role: role.into(), product: None, area: area.map(str::to_owned) }
}

/// Decides with an actor on a subject, the actor having given both components.
fn by(
    actor: &Person,
    subject: &Person,
    command: &PersonCommand,
) -> Result<Vec<PersonEvent>, Refusal> {
    let site = site();
    let facts =
        Facts { site: site.facts(), actor: Some(actor), second: None, subject: Some(subject) };
    let ruling = decide(command, facts, &stamp_of(actor))?;
    Ok(ruling.events.into_iter().map(|(event, _)| event).collect())
}

fn adm() -> Person {
    person("adm", 1, &["administrator"])
}

fn because(text: &str) -> String {
    text.into()
}

// shows: P11-100a.a
#[test]
fn an_account_is_created_by_an_administrator_under_a_name_nobody_ever_had() {
    let create = |printed: &str| PersonCommand::Create {
        user_name: "Ada".into(),
        number: "ada".into(),
        printed_name: printed.into(),
        service: false,
        grants: vec![grant("operator", None)],
        reason: because("joins"),
    };
    let (site, adm) = (site(), adm());
    let free = Facts { site: site.facts(), actor: Some(&adm), second: None, subject: None };
    let stamp = stamp_of(&adm);
    assert!(decide(&create("Ada Lovelace"), free, &stamp).is_ok());
    let with = |roles: &[&str], why: &str| {
        let mut command = create("Ada Lovelace");
        if let PersonCommand::Create { grants, reason, .. } = &mut command {
            *grants = roles.iter().map(|role| grant(role, None)).collect();
            why.clone_into(reason);
        }
        code(decide(&command, free, &stamp))
    };
    assert_eq!(with(&[], ""), None);
    assert_eq!(with(&["operator"], ""), Some("reason-required"));
    assert_eq!(with(&["operator", "qa"], "joins"), Some("combination-forbidden"));
    assert_eq!(code(decide(&create(" "), free, &stamp)), Some("printed-name-malformed"));
    assert_eq!(code(decide(&create("A\nB"), free, &stamp)), Some("printed-name-malformed"));
    for steers in ["Olga \u{202e}regnaM", "A\u{200b}B", "\u{2066}A\u{2069} B", "A\u{feff}"] {
        assert_eq!(code(decide(&create(steers), free, &stamp)), Some("printed-name-malformed"));
    }
    let mut gone = person("ada", 9, &[]);
    gone.active = false;
    let taken = Facts { subject: Some(&gone), ..free };
    assert_eq!(code(decide(&create("Ada"), taken, &stamp)), Some("user-name-taken"));
    let qa = person("qa", 2, &["qa"]);
    let wrong = Facts { actor: Some(&qa), ..free };
    assert_eq!(code(decide(&create("Ada"), wrong, &stamp_of(&qa))), Some("authority-missing"));
    let nobody = Facts { actor: None, ..free };
    assert_eq!(code(decide(&create("Ada"), nobody, &stamp)), Some("person-inactive"));
}

// shows: P11-100b.b, P11-200a3.c
#[test]
fn a_key_is_enrolled_by_somebody_else_who_signs_for_the_identity() {
    let enrol = |method: &str, key: &str| PersonCommand::Enrol {
        method: method.into(),
        key: key.into(),
        public_key: "AAAA".into(),
    };
    let fresh = "ab".repeat(32);
    let good = enrol("passport seen", &fresh);
    let mut ada = person("ada", 2, &["operator"]);
    ada.signing_key = None;
    assert_eq!(by(&adm(), &ada, &good).expect("enrolled").len(), 2);
    assert_eq!(code(by(&adm(), &ada, &enrol(" ", &fresh))), Some("identity-method-missing"));
    assert_eq!(code(by(&adm(), &ada, &enrol("seen", "short"))), Some("key-malformed"));
    assert_eq!(code(by(&adm(), &adm(), &good)), Some("own-account"));
    assert_eq!(code(by(&person("op", 3, &["operator"]), &ada, &good)), Some("authority-missing"));
    let spoils: [(&str, Spoil); 5] = [
        ("already-enrolled", |p| p.signing_key = adm().signing_key),
        ("password-not-own", |p| p.must_change_password = true),
        ("service-account-enrols-no-key", |p| p.service = true),
        ("account-deactivated", |p| p.active = false),
        ("key-malformed", |p| {
            p.former_keys = adm().signing_key.into_iter().collect();
            for key in &mut p.former_keys {
                key.fingerprint = "ab".repeat(32);
            }
        }),
    ];
    for (expected, spoil) in spoils {
        let mut subject = ada.clone();
        spoil(&mut subject);
        assert_eq!(code(by(&adm(), &subject, &good)), Some(expected));
    }
    let (site, adm) = (site(), adm());
    let facts = Facts { site: site.facts(), actor: Some(&adm), second: None, subject: Some(&ada) };
    let mut unsigned = stamp_of(&adm);
    unsigned.signer = None;
    assert_eq!(code(decide(&good, facts, &unsigned)), Some("signature-required"));
}

// shows: P11-100b.b, P11-200a3.c
#[test]
fn whoever_reset_a_password_vouches_for_no_key_until_somebody_else_has() {
    let (adm, other) = (adm(), person("oth", 4, &["administrator"]));
    let enrol = PersonCommand::Enrol {
        method: "seen".into(),
        key: "ab".repeat(32),
        public_key: "AAAA".into(),
    };
    let mut ada = person("ada", 2, &["operator"]);
    ada.former_keys.extend(ada.signing_key.take());
    ada.accountability = None;
    ada.reset_by = Some(adm.key.id);
    assert_eq!(code(by(&adm, &ada, &enrol)), Some("voucher-reset-the-password"));
    let acknowledge = PersonCommand::Acknowledge { version: 1 };
    assert_eq!(code(by(&ada, &ada, &acknowledge)), Some("signing-key-missing"));
    assert!(by(&other, &ada, &enrol).is_ok());
    // A new account has its first password from whoever brings it in.
    ada.former_keys.clear();
    assert!(by(&adm, &ada, &enrol).is_ok());
}

// shows: P11-10k2.a
#[test]
fn grants_are_changed_by_another_with_a_reason_and_never_to_a_forbidden_combination() {
    let set = |grants: Vec<Grant>, why: &str| PersonCommand::ChangeGrants {
        grants,
        reason: why.into(),
        expected: None,
    };
    let ada = person("ada", 2, &["operator"]);
    let give = |grants: Vec<Grant>| code(by(&adm(), &ada, &set(grants, "new task")));
    assert_eq!(give(vec![grant("supervisor", None)]), None);
    assert_eq!(give(vec![grant("operator", None)]), Some("unchanged"));
    assert_eq!(give(vec![grant("wizard", None)]), Some("role-unknown"));
    let both = |a, b| vec![grant("operator", a), grant("qa", b)];
    assert_eq!(give(both(None, None)), Some("combination-forbidden"));
    assert_eq!(give(both(Some("USP"), None)), Some("combination-forbidden"));
    assert_eq!(give(both(Some("USP"), Some("USP"))), Some("combination-forbidden"));
    assert_eq!(give(both(Some("USP"), Some("DSP"))), Some("combination-forbidden"));
    let admin = vec![grant("administrator", Some("IT")), grant("auditor", Some("DSP"))];
    assert_eq!(give(admin), Some("combination-forbidden"));
    let reasonless = by(&adm(), &ada, &set(vec![], " "));
    assert_eq!(code(reasonless), Some("reason-required"));
    assert_eq!(code(by(&adm(), &adm(), &set(vec![], "why"))), Some("own-account"));
    let stale = PersonCommand::ChangeGrants {
        grants: vec![],
        reason: because("left"),
        expected: Some(ada.seq - 1),
    };
    assert_eq!(code(by(&adm(), &ada, &stale)), Some("stale-version"));
    let mut robot = ada.clone();
    robot.service = true;
    let give = |role| code(by(&adm(), &robot, &set(vec![grant(role, None)], "interface")));
    assert_eq!(give("supervisor"), Some("service-grant-forbidden"));
    assert_eq!(give("auditor"), None);
}

// shows: Q7-2.1.a, A11D-11.10.a
#[test]
fn every_pair_of_roles_in_every_scope_is_judged_as_its_authorities_are() {
    let roles = shipped_roles();
    for first in &roles {
        for second in &roles {
            let expected = first
                .authorities
                .iter()
                .any(|x| second.authorities.iter().any(|y| excludes(*x, *y).is_some()));
            for (a, b) in [(None, None), (Some("X"), None), (Some("X"), Some("Y"))] {
                let grants = [grant(&first.name, a), grant(&second.name, b)];
                let found = forbidden_together(&grants, &roles).is_some();
                assert_eq!(found, expected, "{} {} {a:?} {b:?}", first.name, second.name);
            }
        }
    }
}

// shows: P11-200a3.a
#[test]
fn a_reset_destroys_the_key_and_an_own_change_does_not() {
    let ada = person("ada", 2, &["operator"]);
    let reset = PersonCommand::ResetPassword { reason: because("forgot it") };
    let events = by(&adm(), &ada, &reset).expect("reset");
    assert!(matches!(
        events[..],
        [PersonEvent::KeyDestroyed { .. }, PersonEvent::PasswordReset { .. }]
    ));
    assert_eq!(code(by(&adm(), &adm(), &reset)), Some("own-account"));
    assert_eq!(code(by(&ada, &adm(), &reset)), Some("authority-missing"));
    let mut keyless = adm();
    keyless.signing_key = None;
    assert_eq!(code(by(&keyless, &ada, &reset)), Some("signing-key-missing"));

    let change = PersonCommand::ChangePassword;
    assert_eq!(by(&ada, &ada, &change).expect("changed"), [PersonEvent::PasswordChanged {}]);
    assert_eq!(code(by(&adm(), &ada, &change)), Some("another-account"));
    let mut owing = ada.clone();
    owing.must_change_password = true;
    assert!(by(&owing, &owing, &change).is_ok());
    owing.locked = Some(Instant(1));
    assert_eq!(code(by(&owing, &owing, &change)), Some("account-locked"));
}

// shows: P11-10j.a
#[test]
fn only_the_statement_in_force_is_acknowledged_and_only_by_oneself() {
    let mut ada = person("ada", 2, &["operator"]);
    let acknowledge = |version| PersonCommand::Acknowledge { version };
    let known = by(&ada, &ada, &acknowledge(1));
    assert_eq!(code(known), Some("statement-already-acknowledged"));
    ada.accountability = None;
    assert!(by(&ada, &ada, &acknowledge(1)).is_ok());
    assert_eq!(code(by(&ada, &ada, &acknowledge(2))), Some("statement-not-current"));
    assert_eq!(code(by(&adm(), &ada, &acknowledge(1))), Some("another-account"));
}

// shows: A11D-11.7.b
#[test]
fn the_system_locks_and_people_unlock_after_an_identity_check() {
    let (site, ada) = (site(), person("ada", 2, &["operator"]));
    let lock = PersonCommand::LockOut { failures: 5, last: "signing".into() };
    let system = Facts { site: site.facts(), actor: None, second: None, subject: Some(&ada) };
    assert!(decide(&lock, system, &stamp_of(&ada)).is_ok());
    assert_eq!(code(by(&adm(), &ada, &lock)), Some("system-act"));
    let mut locked = ada.clone();
    locked.locked = Some(Instant(1));
    let again = Facts { subject: Some(&locked), ..system };
    assert_eq!(code(decide(&lock, again, &stamp_of(&ada))), Some("account-locked-already"));

    let unlock = |check: &str| PersonCommand::Unlock {
        identity_check: check.into(),
        reason: because("mistyped"),
    };
    assert_eq!(by(&adm(), &locked, &unlock("badge and face")).expect("unlocked").len(), 1);
    assert_eq!(code(by(&adm(), &locked, &unlock(" "))), Some("identity-check-missing"));
    assert_eq!(code(by(&adm(), &ada, &unlock("face"))), Some("account-not-locked"));
    let op = person("op", 3, &["operator"]);
    assert_eq!(code(by(&op, &locked, &unlock("face"))), Some("authority-missing"));
    assert_eq!(code(by(&locked, &locked, &unlock("face"))), Some("account-locked"));
}

#[test]
fn a_supervisor_unlocks_only_together_with_a_second_person() {
    let (site, sup) = (site(), person("sup", 4, &["supervisor"]));
    let mut locked = person("ada", 2, &["operator"]);
    locked.locked = Some(Instant(1));
    let unlock =
        PersonCommand::Unlock { identity_check: "face".into(), reason: because("mistyped") };
    assert_eq!(code(by(&sup, &locked, &unlock)), Some("unlock-needs-second-person"));
    let with = |second: &Person| {
        let mut stamp = stamp_of(&sup);
        stamp.second = Some(Signer { person: second.key.id, components: Components::Both });
        let facts = Facts {
            site: site.facts(),
            actor: Some(&sup),
            second: Some(second),
            subject: Some(&locked),
        };
        decide(&unlock, facts, &stamp)
    };
    let ruling = with(&person("op", 3, &["operator"])).expect("unlocked");
    assert_eq!(ruling.events.first().map(|(_, signatures)| signatures.len()), Some(2));
    assert_eq!(code(with(&sup)), Some("second-person-is-the-first"));
    assert_eq!(code(with(&locked)), Some("own-account"));
}

// shows: P11-10d.b
#[test]
fn deactivation_ends_account_and_key_and_renaming_keeps_both() {
    let ada = person("ada", 2, &["operator"]);
    let end = PersonCommand::Deactivate { reason: because("left the company") };
    let events = by(&adm(), &ada, &end).expect("ended");
    assert!(matches!(
        events[..],
        [PersonEvent::KeyDestroyed { .. }, PersonEvent::Deactivated { .. }]
    ));
    assert_eq!(code(by(&adm(), &adm(), &end)), Some("own-account"));
    let mut gone = ada.clone();
    gone.active = false;
    assert_eq!(code(by(&adm(), &gone, &end)), Some("account-deactivated"));
    let rename =
        |to: &str| PersonCommand::Rename { printed_name: to.into(), reason: because("married") };
    assert_eq!(by(&adm(), &ada, &rename("Ada King")).expect("renamed").len(), 1);
    assert_eq!(code(by(&adm(), &ada, &rename("Printed ada"))), Some("unchanged"));
}

#[test]
fn the_first_administrator_can_administer_and_sign() {
    let first = FirstAdministrator {
        user_name: "root.a".into(),
        number: "root.a".into(),
        printed_name: "Root A".into(),
        method: "founder".into(),
        key: "cd".repeat(32),
        public_key: "AAAA".into(),
    };
    let events = first_administrator(&first, &shipped_roles()).expect("begins");
    assert_eq!(events.len(), 5);
    assert_eq!(code(first_administrator(&first, &[])), Some("authority-missing"));
}
