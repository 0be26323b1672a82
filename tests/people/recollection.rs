//! Who orders is recollected from a moment ago, and forgotten with whatever ends them.

use super::world::{World, code, on_each, own, signed};
use batchwright::app::desk::Caller;

/// Authenticated and recollected. The log's own writing makes the desk look again now and then.
fn recollected(world: &World, token: &str) -> Caller {
    for _ in 0..100 {
        let caller = world.desk.authenticate(token).expect("somebody");
        if let Some(again) = world.desk.recollect(token) {
            assert_eq!(again, caller);
            return caller;
        }
    }
    panic!("nobody is ever recollected");
}

#[test]
fn whoever_signed_out_is_not_recollected() {
    on_each(|world| {
        world.hire("olga", &["operator"]);
        let token = world.token("olga", &own("olga")).expect("signs in");
        assert_eq!(world.desk.recollect(&token), None, "nobody was looked up yet");
        let caller = recollected(world, &token);
        let other = world.token("olga", &own("olga")).expect("signs in elsewhere");
        world.desk.authenticate(&other).expect("stands");
        world.desk.sign_out(&caller, "r-3").expect("signed out");
        assert_eq!(world.desk.recollect(&token), None);
        assert_eq!(code(world.desk.authenticate(&token)), "session-revoked");
        recollected(world, &other);
    });
}

// shows: P11-10d.b
#[test]
fn whoever_was_deactivated_is_not_recollected() {
    on_each(|world| {
        world.hire("olga", &["operator"]);
        let token = world.token("olga", &own("olga")).expect("signs in");
        recollected(world, &token);
        let envelope = world.of(&world.ada()).signed(Some(signed("ada")), None);
        world.desk.deactivate_person(envelope, "olga", "left".into()).expect("deactivated");
        assert_eq!(world.desk.recollect(&token), None);
        assert!(world.desk.authenticate(&token).is_err());
    });
}

#[test]
fn a_token_changed_by_a_letter_is_nobody() {
    on_each(|world| {
        let token = world.token("ada", &own("ada")).expect("signs in");
        recollected(world, &token);
        let changed = format!("{token}A");
        assert_eq!(world.desk.recollect(&changed), None);
        assert_eq!(code(world.desk.authenticate(&changed)), "token-invalid");
    });
}
