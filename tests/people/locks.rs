//! Locks: five failures anywhere, no time that lifts them, people who do.

use super::world::{World, both, code, on_each, own, signed};
use batchwright::app::person::Enrol;

fn fail(world: &World, user_name: &str, times: usize) -> Vec<&'static str> {
    (0..times).map(|_| code(world.enter(user_name, "wrong password"))).collect()
}

// shows: P11-300d.a, A11D-11.7.b, A11D-11.7.c
#[test]
fn five_failures_lock_and_only_an_unlocking_after_an_identity_check_lets_in_again() {
    on_each(|world| {
        world.hire("olga", &["operator"]);
        let token = world.token("olga", &own("olga")).expect("signs in");
        assert_eq!(fail(world, "olga", 4), ["sign-in-refused"; 4]);
        assert_eq!(fail(world, "olga", 1), ["account-locked"]);
        assert_eq!(code(world.enters("olga")), "account-locked", "the right one too");
        assert_eq!(code(world.desk.authenticate(&token)), "session-revoked", "at once");
        let person = world.desk.person_named("olga").expect("there");
        let key = person.signing_key.expect("kept");
        assert!(person.locked.is_some());

        let unlock = |check: &str| {
            let envelope = world.of(&world.ada());
            world.desk.unlock_person(envelope, "olga", check.into(), "mistyped".into())
        };
        assert_eq!(code(unlock(" ")), "identity-check-missing");
        unlock("badge and face compared").expect("unlocked");
        assert_eq!(code(unlock("again")), "account-not-locked");
        world.enters("olga").expect("signs in");
        let person = world.desk.person_named("olga").expect("there");
        assert_eq!(person.signing_key, Some(key), "unlocking touches no key");
    });
}

// shows: P11-300d.a
#[test]
fn failed_signings_count_as_failed_sign_ins_do() {
    on_each(|world| {
        world.account("olga", &["operator"]).expect("an account");
        world.choose("olga", World::temporary()).expect("an own password");
        let wrong = || {
            let order = Enrol {
                user_name: "olga".into(),
                method: "seen".into(),
                person: both("olga", "wrong password"),
            };
            let envelope = world.of(&world.ada()).signed(Some(signed("ada")), None);
            code(world.desk.enrol_person(envelope, order))
        };
        assert_eq!(fail(world, "olga", 2), ["sign-in-refused"; 2]);
        assert_eq!([wrong(), wrong()], ["signing-credentials-wrong"; 2]);
        assert_eq!(wrong(), "account-locked");
        assert_eq!(code(world.enters("olga")), "account-locked");
    });
}

// shows: P11-300d.a
#[test]
fn guesses_in_one_moment_are_all_counted() {
    on_each(|world| {
        world.hire("olga", &["operator"]);
        std::thread::scope(|scope| {
            for _ in 0..12 {
                scope.spawn(|| code(world.enter("olga", "wrong password")));
            }
        });
        assert!(world.desk.person_named("olga").expect("there").locked.is_some());
        assert_eq!(code(world.enters("olga")), "account-locked");
    });
}

// shows: A11D-11.7.b
#[test]
fn a_supervisor_unlocks_only_with_a_second_person() {
    on_each(|world| {
        for (name, role) in [("olga", "operator"), ("omar", "operator"), ("sven", "supervisor")] {
            world.hire(name, &[role]);
        }
        fail(world, "olga", 5);
        let sven = world.enters("sven").expect("signs in");
        let unlock = |signature, second| {
            let envelope = world.of(&sven).signed(signature, second);
            world.desk.unlock_person(envelope, "olga", "seen, badge 17".into(), "mistyped".into())
        };
        let own = || Some(signed("sven"));
        assert_eq!(code(unlock(own(), None)), "unlock-needs-second-person");
        assert_eq!(code(unlock(own(), Some(signed("olga")))), "account-locked");
        assert_eq!(code(unlock(None, Some(signed("omar")))), "signature-required");
        unlock(own(), Some(signed("omar"))).expect("unlocked");
        world.enters("olga").expect("signs in");
    });
}

#[test]
fn a_lock_that_did_not_reach_the_journal_reaches_it_at_the_next_attempt() {
    on_each(|world| {
        world.hire("olga", &["operator"]);
        let id = world.desk.person_named("olga").expect("there").key.id;
        let at = batchwright::store::clock::real_time();
        // As if the server had died between counting and locking.
        let write = move |conn: &mut batchwright::store::db::Db| {
            batchwright::store::operational::credentials::put_lockout(conn, id, 5, Some(at))
        };
        world.desk.store().write_operational(write).expect("written");
        assert_eq!(code(world.enters("olga")), "account-locked");
        let ada = world.of(&world.ada());
        world.desk.unlock_person(ada, "olga", "face".into(), "died".into()).expect("unlocked");
        world.enters("olga").expect("signs in");
    });
}

// shows: C211-188b11.b
#[test]
fn nobody_is_their_own_second_person() {
    on_each(|world| {
        world.hire("olga", &["operator"]);
        world.hire("sven", &["supervisor"]);
        fail(world, "olga", 5);
        let sven = world.enters("sven").expect("signs in");
        let envelope =
            world.of(&sven).signed(Some(signed("sven")), Some(both("SVEN", &own("sven"))));
        let twice =
            world.desk.unlock_person(envelope, "olga", "seen, badge 17".into(), "mistyped".into());
        assert_eq!(code(twice), "second-person-is-the-first");
    });
}
