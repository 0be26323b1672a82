//! Accounts: created, enrolled, granted, reset, ended.

use super::world::{World, both, code, grants, on_each, own, secret, signed};
use crate::house::engine::engines;
use crate::house::site;
use batchwright::app::desk::Failure;
use batchwright::app::person::{ChangeGrants, ChangePassword, Enrol};
use batchwright::app::site::found;
use batchwright::store::clock::SimulatedClock;

#[test]
fn a_site_is_founded_once() {
    for engine in engines() {
        let database = site::founded(engine);
        let again = found(site::founding(&database, &SimulatedClock::starting(site::FOUNDED)));
        assert!(matches!(again, Err(Failure::Broken(_))), "{again:?}");
    }
}

// shows: P11-10j.a, P11-100b.a
#[test]
fn a_person_comes_to_sign_only_by_own_password_identity_check_and_statement() {
    on_each(|world| {
        world.account("Olga", &["operator"]).expect("an account");
        for twin in ["olga", "OLGA", "\u{ff2f}lga"] {
            assert_eq!(code(world.account(twin, &[])), "user-name-taken", "{twin}");
        }
        let early = world.enter("olga", World::temporary()).expect("signs in");
        assert!(early.password_change_owed);
        // With the temporary password nothing but choosing an own one is possible.
        let temporary = Enrol {
            user_name: "olga".into(),
            method: "passport seen".into(),
            person: both("olga", World::temporary()),
        };
        let by_ada = || world.of(&world.ada()).signed(Some(signed("ada")), None);
        assert_eq!(code(world.desk.enrol_person(by_ada(), temporary)), "password-not-own");
        let weak = ChangePassword { old: secret(World::temporary()), new: secret("olga") };
        let refused = code(world.desk.change_password(world.of(&early), &weak));
        assert!(refused.starts_with("password-"), "{refused}");
        world.choose("olga", World::temporary()).expect("an own password");
        assert_eq!(code(world.enter("olga", World::temporary())), "sign-in-refused");

        let olga = || signed("olga");
        let enrol = |person, method: &str| Enrol {
            user_name: "olga".into(),
            method: method.into(),
            person,
        };
        let unsigned = world.desk.enrol_person(world.of(&world.ada()), enrol(olga(), "seen"));
        assert_eq!(code(unsigned), "signature-required");
        let other = world.desk.enrol_person(by_ada(), enrol(signed("ada"), "seen"));
        assert_eq!(code(other), "signer-is-not-the-session");
        let nothing = world.desk.enrol_person(by_ada(), enrol(olga(), ""));
        assert_eq!(code(nothing), "identity-method-missing");
        let wrong = world.desk.enrol_person(by_ada(), enrol(both("olga", "wrong"), "seen"));
        assert_eq!(code(wrong), "signing-credentials-wrong");
        world.enrolled("olga").expect("enrolled");
        assert_eq!(code(world.enrolled("olga")), "already-enrolled");

        let caller = world.enters("olga").expect("signs in");
        let stale = world.desk.acknowledge_accountability(world.of(&caller), 2);
        assert_eq!(code(stale), "statement-not-current");
        world.desk.acknowledge_accountability(world.of(&caller), 1).expect("acknowledged");
        let person = world.desk.person_named("OLGA").expect("there");
        assert!(person.account().in_standing().is_ok() && person.signing_key.is_some());
        let verifier = person.identity.and_then(|check| check.signed).expect("countersigned");
        assert_eq!(verifier.user_name, "ada");
    });
}

// shows: P11-10d.c, P11-10g.c, Q7-2.1.a, A11D-11.2.a
#[test]
fn grants_hold_from_the_next_call_on_and_never_in_a_forbidden_combination() {
    on_each(|world| {
        world.hire("olga", &["operator"]);
        let change = |user: &str, roles: &[&str], reason: &str| {
            let order = ChangeGrants {
                user_name: user.into(),
                grants: grants(roles),
                reason: reason.into(),
                expected: None,
            };
            world.desk.change_grants(world.of(&world.ada()), order)
        };
        assert_eq!(code(change("olga", &["operator", "qa"], "both")), "combination-forbidden");
        assert_eq!(
            code(change("olga", &["administrator", "auditor"], "b")),
            "combination-forbidden"
        );
        assert_eq!(code(change("olga", &["qa"], " ")), "reason-required");
        assert_eq!(code(change("ada", &["qa"], "mine")), "own-account");
        assert_eq!(code(change("nobody", &["qa"], "who")), "not-found");
        change("olga", &["qa"], "moved to quality").expect("granted");
        let person = world.desk.person_named("olga").expect("there");
        assert_eq!(person.grants, grants(&["qa"]));
        let olga = world.enters("olga").expect("signs in");
        let order = ChangeGrants {
            user_name: "ada".into(),
            grants: grants(&["qa"]),
            reason: "r".into(),
            expected: None,
        };
        let refused = world.desk.change_grants(world.of(&olga), order);
        assert_eq!(code(refused), "authority-missing");
    });
}

// shows: P11-200a3.a, T26.a
#[test]
fn a_reset_ends_sessions_and_key_and_whoever_reset_cannot_sign() {
    on_each(|world| {
        world.hire("olga", &["operator"]);
        let token = world.token("olga", &own("olga")).expect("signs in");
        world.desk.authenticate(&token).expect("stands");
        let issued = world
            .desk
            .reset_password(world.of(&world.ada()), "olga", None, "forgot it".into())
            .expect("reset");
        assert_eq!(code(world.desk.authenticate(&token)), "session-revoked");
        assert_eq!(code(world.enters("olga")), "sign-in-refused");
        let temporary = issued.temporary_password.expect("drawn");
        let caller = world.enter("olga", &temporary).expect("signs in");
        assert!(caller.password_change_owed);
        let person = world.desk.person_named("olga").expect("there");
        assert!(person.signing_key.is_none() && person.former_keys.len() == 1);
        world.choose("olga", &temporary).expect("an own password");
        // Whoever reset it does not vouch for what comes after; another administrator does.
        assert_eq!(code(world.enrolled("olga")), "voucher-reset-the-password");
        world.hire("bert", &["administrator"]);
        let caller = world.enters("olga").expect("signs in");
        let early = world.desk.acknowledge_accountability(world.of(&caller), 1);
        assert_eq!(code(early), "signing-key-missing");
        world.enrolled_by("bert", "olga").expect("a new key");
        let caller = world.enters("olga").expect("signs in");
        let person = world.desk.person_named("olga").expect("there");
        assert!(person.accountability.is_none(), "the statement is owed again");
        world.desk.acknowledge_accountability(world.of(&caller), 1).expect("acknowledged");
    });
}

#[test]
fn a_new_account_whose_first_password_was_lost_is_enrolled_by_whoever_brings_it_in() {
    on_each(|world| {
        world.account("olga", &["operator"]).expect("an account");
        let issued = world
            .desk
            .reset_password(world.of(&world.ada()), "olga", None, "slip lost".into())
            .expect("reset");
        let temporary = issued.temporary_password.expect("drawn");
        world.choose("olga", &temporary).expect("an own password");
        world.enrolled("olga").expect("a first key");
    });
}

// shows: P11-10d.b, P11-100a.a
#[test]
fn a_deactivated_person_is_out_at_once_and_the_name_stays_taken() {
    on_each(|world| {
        world.hire("olga", &["operator"]);
        let token = world.token("olga", &own("olga")).expect("signs in");
        let own = world.desk.deactivate_person(world.of(&world.ada()), "ada", "me".into());
        assert_eq!(code(own), "own-account");
        world
            .desk
            .deactivate_person(world.of(&world.ada()), "olga", "left the company".into())
            .expect("deactivated");
        assert!(matches!(world.desk.authenticate(&token), Err(Failure::Refused(_))));
        assert_eq!(code(world.enters("olga")), "sign-in-refused");
        assert_eq!(code(world.account("Olga", &[])), "user-name-taken");
        let again = world.desk.reset_password(world.of(&world.ada()), "olga", None, "back".into());
        assert_eq!(code(again), "account-deactivated");
    });
}

// shows: P11-10j.b
#[test]
fn a_changed_password_opens_the_same_key_and_a_new_statement_stops_signing() {
    on_each(|world| {
        world.hire("olga", &["operator"]);
        let key = world.desk.person_named("olga").expect("there").signing_key.expect("a key");
        let caller = world.enters("olga").expect("signs in");
        let order =
            ChangePassword { old: secret(&own("olga")), new: secret("teal anvil 41 mosses grow") };
        world.desk.change_password(world.of(&caller), &order).expect("changed");
        let after = world.desk.person_named("olga").expect("there").signing_key.expect("a key");
        assert_eq!(key, after);

        let text = "I answer for all that I sign, and I read this twice.";
        world.desk.state_accountability(world.of(&world.ada()), text.into()).expect("stated");
        world.account("omar", &["operator"]).expect("an account");
        world.choose("omar", World::temporary()).expect("an own password");
        assert_eq!(code(world.enrolled("omar")), "accountability-not-acknowledged");
        let ada = world.ada();
        world.desk.acknowledge_accountability(world.of(&ada), 2).expect("acknowledged");
        world.enrolled("omar").expect("enrolled");
    });
}
