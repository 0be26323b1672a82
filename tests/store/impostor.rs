//! Acts and signatures under names, roles and permissions that nobody had, by somebody who holds the database
//! and an own key: `verify` names each for what it is, beside that its row stands behind the head.

use super::forger::{Signing, appended};
use super::world::{ROLE, World, done, on_each};
use batchwright::domain::ids::{RecordKey, RecordKind};
use batchwright::domain::person::event::PersonEvent;
use batchwright::domain::ruling::planned;
use batchwright::seal::entry::{Actor, HeaderParts};
use batchwright::seal::verify::Code;
use batchwright::store::verify::verify;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Thirty days in microseconds.
const MONTH: i64 = 30 * 24 * 3600 * 1_000_000;

/// Kim as an administrator: nothing of it is wrong.
fn kim(world: &World, parts: &mut HeaderParts) {
    parts.actor = Actor {
        person: Some(world.kim),
        user_name: "kim".into(),
        printed_name: "Kim Larsen".into(),
    };
    parts.role = ROLE.into();
    parts.authority = Some("administer".into());
}

/// What is found beside the row behind the head, when somebody appended what this makes of an honest entry.
fn found(forge: impl Fn(&World, &mut HeaderParts) -> Vec<Signing>) -> BTreeSet<Code> {
    let seen = std::cell::RefCell::new(Vec::new());
    on_each(|world| {
        let sql = appended(world, true, |parts| {
            kim(world, parts);
            forge(world, parts)
        });
        world.sql(&sql).expect("whoever owns the database can append");
        let report = verify(&world.url, None, None).expect("can be read");
        assert!(report.has(Code::RowForged), "{:#?}", report.findings);
        // The derived rows do not know of the entry either.
        let beside = [Code::RowForged, Code::DerivedDiffers];
        let codes = report.findings.iter().map(|it| it.code).filter(|code| !beside.contains(code));
        seen.borrow_mut().push(codes.collect::<BTreeSet<_>>());
    });
    let seen = seen.into_inner();
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "the engines differ: {seen:?}");
    seen.into_iter().next().expect("an engine")
}

fn as_kim() -> Signing {
    Signing { printed_name: "Kim Larsen", user_name: "kim", role: ROLE }
}

// finding: A0
// shows: P11-10a.c
#[test]
fn an_act_under_a_name_a_role_or_a_permission_that_nobody_had_is_found_for_what_it_is() {
    let none: BTreeSet<Code> = BTreeSet::new();
    assert_eq!(found(|_, _| Vec::new()), none, "an honest entry is not doubted");
    type Forge = fn(&World, &mut HeaderParts);
    let forgeries: [(&str, Forge, Code); 8] = [
        ("nobody", |_, it| it.actor.person = Some(Uuid::from_u128(5)), Code::WhoDiffers),
        ("printed", |_, it| it.actor.printed_name = "Quella Quirk".into(), Code::WhoDiffers),
        ("user name", |_, it| it.actor.user_name = "quella".into(), Code::WhoDiffers),
        ("role", |_, it| it.role = "qa".into(), Code::RoleNotHeld),
        ("authority", |_, it| it.authority = Some("release".into()), Code::ActNotPermitted),
        ("no authority", |_, it| it.authority = None, Code::ActNotPermitted),
        (
            "own account",
            |_, it| (it.role, it.authority) = ("own account".into(), None),
            Code::ActNotPermitted,
        ),
        (
            "the system",
            |_, it| (it.actor, it.role, it.authority) = (Actor::system(), "system".into(), None),
            Code::ActNotPermitted,
        ),
    ];
    for (name, forge, code) in forgeries {
        let codes = found(|world, parts| {
            forge(world, parts);
            Vec::new()
        });
        assert!(codes.contains(&code), "{name}: {codes:?}");
    }
}

// finding: A0
#[test]
fn a_signature_that_shows_a_name_or_a_role_that_the_signer_had_not_is_found() {
    let none: BTreeSet<Code> = BTreeSet::new();
    assert_eq!(found(|_, _| vec![as_kim()]), none, "an honest signature is not doubted");
    let quella = || Signing { printed_name: "Quella Quirk", ..as_kim() };
    let named = || Signing { user_name: "quella", ..as_kim() };
    let released = || Signing { role: "qa", ..as_kim() };
    let who = BTreeSet::from([Code::WhoDiffers]);
    assert_eq!(found(|_, _| vec![quella()]), who);
    assert_eq!(found(|_, _| vec![named()]), who);
    assert_eq!(found(|_, _| vec![released()]), BTreeSet::from([Code::RoleNotHeld]));
}

// finding: A0
#[test]
fn an_act_is_found_that_is_dated_before_what_stands_before_it() {
    let dated = |by: i64| {
        found(move |_, it| {
            it.at += by;
            Vec::new()
        })
    };
    assert_eq!(dated(-MONTH), BTreeSet::from([Code::TimeFalls]));
    assert_eq!(dated(1), BTreeSet::new());
}

// finding: A0
#[test]
fn nobody_acts_after_being_deactivated_nor_under_a_name_of_later() {
    on_each(|world| {
        let person = RecordKey::new(RecordKind::Person, world.kim);
        done(world.kim_does(vec![world.renamed("Kim Larsen", "Kim Berg")]));
        let event = PersonEvent::Deactivated { reason: "left".into() };
        done(world.kim_does(vec![planned(person, "person", None, &event, Vec::new())]));
        assert!(verify(&world.url, None, None).expect("can be read").is_whole());
        let sql = appended(world, true, |parts| {
            kim(world, parts);
            Vec::new()
        });
        world.sql(&sql).expect("whoever owns the database can append");
        let report = verify(&world.url, None, None).expect("can be read");
        let doubts: Vec<&str> = report
            .findings
            .iter()
            .filter(|it| it.code == Code::WhoDiffers)
            .map(|it| it.detail.as_str())
            .collect();
        assert_eq!(
            doubts,
            [
                "Kim Larsen (kim) acts, and was called Kim Berg (kim) then",
                "Kim Larsen (kim) acts and was deactivated then",
            ]
        );
    });
}
