//! Rules about the site, each refused once and allowed once.

use super::*;
use crate::domain::clock::ClockKind;
use crate::domain::person::Person;
use crate::domain::policy::Role;
use crate::domain::scene::{AT, person, site, stamp_of};
use crate::domain::site::command::Found;
use crate::domain::site::{Environment, SiteKey};

fn key(purpose: &str, seed: u8) -> SiteKey {
    let fingerprint = hex::encode([seed; 32]);
    SiteKey { purpose: purpose.into(), fingerprint, public: "AAAA".into() }
}

fn founding() -> Found {
    Found {
        site_name: "Plant".into(),
        origin: "plant.example/log".into(),
        environment: Environment::Production,
        clock: ClockKind::System,
        zone: "Europe/Berlin".into(),
        keys: vec![key("founding", 1), key("log", 2), key("seal", 3), key("token", 4)],
        founding_signature: "AAAA".into(),
        accountability: String::new(),
        binding_letter: None,
    }
}

fn code<T>(result: Result<T, Refusal>) -> Option<&'static str> {
    result.err().map(|refusal| refusal.rule.code)
}

#[test]
fn a_site_is_founded_once_and_only_a_demo_simulates_time() {
    let ruling = found(&founding(), false, AT).expect("founded");
    assert_eq!(ruling.events.len(), 3);
    assert_eq!(code(found(&founding(), true, AT)), Some("already-founded"));
    for environment in [Environment::Production, Environment::Training] {
        let command = Found { clock: ClockKind::Simulated, environment, ..founding() };
        assert_eq!(code(found(&command, false, AT)), Some("simulated-clock-forbidden"));
    }
    let demo = Found { clock: ClockKind::Simulated, environment: Environment::Demo, ..founding() };
    assert!(found(&demo, false, AT).is_ok());
    let letter = Found { binding_letter: Some("FDA letter 2026-01-02".into()), ..founding() };
    assert_eq!(found(&letter, false, AT).expect("founded").events.len(), 4);
    let spoils: [fn(&mut Found); 6] = [
        |f| f.site_name = " ".into(),
        |f| f.origin = "two words".into(),
        |f| f.zone = "Mars/Olympus".into(),
        |f| drop(f.keys.pop()),
        |f| f.keys.push(key("log", 9)),
        |f| f.keys.push(key("other", 9)),
    ];
    for (i, spoil) in spoils.iter().enumerate() {
        let mut command = founding();
        spoil(&mut command);
        assert_eq!(code(found(&command, false, AT)), Some("founding-malformed"), "{i}");
    }
}

fn change(roles: Vec<Role>, reason: &str) -> Result<Ruling<SiteEvent>, Refusal> {
    let command = SiteCommand::ChangeRoles { roles, reason: reason.into(), expected: Some(3) };
    {
        let adm = person("adm", 1, &["administrator"]);
        decide(&command, &site(), (Some(adm.account()), None), &stamp_of(&adm))
    }
}

fn with(name: &str, authorities: &[Authority]) -> Vec<Role> {
    let mut roles = site().roles;
    roles.retain(|role| role.name != name);
    roles.push(Role { name: name.into(), authorities: authorities.iter().copied().collect() });
    roles
}

#[test]
fn roles_change_only_so_that_nobody_comes_to_hold_what_nobody_may() {
    use Authority::{Administer, Check, Execute, Read, Release, Test, Unlock};
    assert!(change(with("cleaner", &[Execute, Read]), "a new task").is_ok());
    let cases = [
        ("reason-required", change(with("cleaner", &[Execute]), " ")),
        ("role-holds-forbidden-pair", change(with("chief", &[Execute, Release]), "r")),
        ("role-holds-forbidden-pair", change(with("chief", &[Administer, Read]), "r")),
        ("roles-malformed", change(with("Chief!", &[Read]), "r")),
        ("site-unchanged", change(site().roles, "r")),
        // An auditor may be an operator today; with release in the role a holder of both would be wrong.
        ("roles-collide", change(with("auditor", &[Read, Release]), "r")),
        ("no-role-administers", change(with("administrator", &[Unlock]), "r")),
    ];
    for (expected, result) in cases {
        assert_eq!(code(result), Some(expected));
    }
    // An auditor may be an operator today.
    assert_eq!(code(change(with("operator", &[Administer]), "r")), Some("roles-collide"));
    let twice = [with("x", &[Read]), with("x", &[Test])].concat();
    assert_eq!(code(change(twice, "r")), Some("roles-malformed"));
    let fewer = site().roles.into_iter().skip(1).collect();
    assert_eq!(code(change(fewer, "r")), Some("role-removed"));
    // Emptying is allowed; filling again with another family is not.
    assert!(change(with("operator", &[]), "no longer used").is_ok());
    let command = SiteCommand::ChangeRoles {
        roles: with("cleaner", &[Check]),
        reason: "r".into(),
        expected: Some(2),
    };
    let adm = person("adm", 1, &["administrator"]);
    assert_eq!(
        code(decide(&command, &site(), (Some(adm.account()), None), &stamp_of(&adm))),
        Some("stale-version")
    );
    let qa = person("qa", 2, &["qa"]);
    assert_eq!(
        code(decide(&command, &site(), (Some(qa.account()), None), &stamp_of(&qa))),
        Some("authority-missing")
    );
    assert_eq!(
        code(decide(&command, &site(), (None, None), &stamp_of(&adm))),
        Some("person-inactive")
    );
}

// shows: P11-100c.a
#[test]
fn statements_rise_by_one_and_letters_are_filed() {
    let adm = person("adm", 1, &["administrator"]);
    let state = |text: &str| {
        let command = SiteCommand::StateAccountability { text: text.into() };
        decide(&command, &site(), (Some(adm.account()), None), &stamp_of(&adm))
    };
    let ruling = state("I answer for everything I sign.").expect("stated");
    assert!(matches!(
        ruling.events.first(),
        Some((SiteEvent::AccountabilityStated { version: 2, .. }, _))
    ));
    assert_eq!(code(state("")), Some("text-missing"));
    assert_eq!(code(state(&site().accountability.1)), Some("site-unchanged"));
    let command = SiteCommand::FileBindingLetter { reference: "letter".into() };
    assert!(decide(&command, &site(), (Some(adm.account()), None), &stamp_of(&adm)).is_ok());
}

#[test]
fn a_key_is_replaced_by_one_for_the_same_use_and_the_founding_key_never() {
    let mut site = site();
    site.keys = founding().keys;
    let rotate = |new: SiteKey, old: u8| {
        let command = SiteCommand::RotateKey { new, replaces: hex::encode([old; 32]) };
        code(decide(
            &command,
            &site,
            (None, None),
            &stamp_of(&person("adm", 1, &["administrator"])),
        ))
    };
    assert_eq!(rotate(key("log", 9), 2), None);
    for (new, old) in
        [(key("founding", 9), 1), (key("log", 9), 3), (key("log", 2), 2), (key("odd", 9), 2)]
    {
        assert_eq!(rotate(new, old), Some("key-rotation-refused"));
    }
}

// shows: A11D-12.3.b
// finding: A6
#[test]
fn an_administrator_and_one_of_quality_set_the_clock_together() {
    let (adm, qa, op) = (
        person("adm", 1, &["administrator"]),
        person("qa", 2, &["qa"]),
        person("op", 3, &["operator"]),
    );
    let set = |actor: &Person, second: Option<&Person>, by: Option<i64>, why: &str| {
        let mut stamp = stamp_of(actor);
        stamp.second = second.and_then(|second| stamp_of(second).signer);
        let command = SiteCommand::SetClock { by, reason: why.into() };
        let two = (Some(actor.account()), second.map(Person::account));
        decide(&command, &site(), two, &stamp)
    };
    let why = "the time server was wrong";
    for (actor, second) in [(&adm, &qa), (&qa, &adm)] {
        let back = set(actor, Some(second), Some(-7), why).expect("set");
        assert!(matches!(back.events[0].0, SiteEvent::ClockSetBack { by: -7, .. }));
        assert_eq!(back.events[0].1.len(), 2, "both sign");
        let forward = set(actor, Some(second), Some(7), why).expect("set");
        assert!(matches!(forward.events[0].0, SiteEvent::ClockSetForward { by: 7, .. }));
    }
    let cases = [
        ("second-person-required", set(&adm, None, Some(-7), why)),
        ("authority-missing", set(&adm, Some(&op), Some(-7), why)),
        ("authority-missing", set(&op, Some(&adm), Some(-7), why)),
        ("authority-missing", set(&adm, Some(&adm), Some(-7), why)),
        ("reason-required", set(&adm, Some(&qa), Some(-7), " ")),
        ("clock-agrees", set(&adm, Some(&qa), None, why)),
    ];
    for (expected, result) in cases {
        assert_eq!(code(result), Some(expected));
    }
    let command = SiteCommand::SetClock { by: Some(-7), reason: why.into() };
    assert_eq!(
        code(decide(&command, &site(), (None, None), &stamp_of(&adm))),
        Some("person-inactive")
    );
}

#[test]
fn an_announced_key_stands_in_the_journal_as_verification_reads_it() {
    let event = SiteEvent::KeyAnnounced { key: key("log", 9), replaces: "ab".into() };
    let json = serde_json::to_value(&event).expect("plain data");
    let expected = serde_json::json!({
        "name": "key-announced",
        "data": {
            "use": "log", "fingerprint": hex::encode([9; 32]), "public": "AAAA", "replaces": "ab",
        },
    });
    assert_eq!(json, expected);
    assert_eq!(serde_json::from_value::<SiteEvent>(json).expect("reads back"), event);
}
