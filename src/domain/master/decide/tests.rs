//! Rules about master records: each refusal once, and every short life exhaustively.

use super::super::command::{Examined, MasterCommand, Written};
use super::super::{evolve, state::Master, state::MasterEvent, state::MasterPhase};
use super::*;
use crate::domain::clock::{Instant, Zone};
use crate::domain::command::Happened;
use crate::domain::person::Person;
use crate::domain::scene::{AT, person, site, stamp_of};
use crate::domain::signing::{Meaning, Signed};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const BUFFER: &str = include_str!("../../../../schemas/examples/buffer-preparation.json");
const CODE: &str = "BUF-ACETATE";

fn document() -> Value {
    serde_json::from_str(BUFFER).expect("JSON")
}

fn written(hash: &str) -> Written {
    Written { document: document(), hash: hash.into() }
}

fn fine(hash: &str) -> Examined {
    Examined { hash: hash.into(), findings: Vec::new() }
}

fn draft(version: u32) -> MasterCommand {
    MasterCommand::Draft { code: CODE.into(), version, content: written("aa") }
}

fn submit(hash: &str) -> MasterCommand {
    MasterCommand::Submit { content: written(hash), examined: fine(hash), expected: None }
}

fn edit(hash: &str) -> MasterCommand {
    MasterCommand::Edit { content: written(hash), reason: "typing".into(), expected: None }
}

const CHECK: MasterCommand = MasterCommand::Check { expected: None };
const APPROVE: MasterCommand = MasterCommand::Approve { effective_from: None, expected: None };
const EFFECT: MasterCommand = MasterCommand::MakeEffective { expected: None };

fn send_back() -> MasterCommand {
    MasterCommand::Return { reason: "page 3 is missing".into(), expected: None }
}

/// All versions of one code, with their records.
#[derive(Clone, Default)]
struct World(Vec<Master>);

/// Folds an event that a person brought about, with the signatures it asked for.
fn happen(
    current: Option<Master>,
    record: RecordKey,
    event: &MasterEvent,
    signatures: &[(&Person, Meaning)],
    actor: &Person,
) -> Master {
    let planned = planned(record, "master", None, event, Vec::new());
    let seq = current.as_ref().map_or(0, |master| master.seq) + 1;
    let zone = Zone::utc();
    let signed: Vec<Signed> = signatures
        .iter()
        .map(|(person, meaning)| Signed {
            person: person.key.id,
            printed_name: person.printed_name.clone(),
            user_name: person.user_name.clone(),
            role: "r".into(),
            meaning: *meaning,
            at: AT,
            zone: zone.clone(),
            seq,
        })
        .collect();
    let actor = actor.actor();
    let happened = Happened {
        record,
        seq,
        at: AT,
        zone: &zone,
        actor: Some(&actor),
        role: "r",
        name: &planned.name,
        version: 1,
        data: (&planned.data).into(),
        signatures: &signed,
        link: [1; 32],
    };
    evolve(current, &happened).expect("what was decided can be folded")
}

impl World {
    fn version(&self, n: u32) -> Option<&Master> {
        self.0.iter().find(|master| master.version == n)
    }

    /// Decides and folds; the code of the refusal otherwise.
    fn act(&mut self, by: &Person, n: u32, command: &MasterCommand) -> Result<(), &'static str> {
        let site = site();
        let earlier: Vec<&Master> = self.0.iter().filter(|master| master.version < n).collect();
        let (site, actor, subject) = (site.facts(), Some(by.account()), self.version(n));
        let facts = Facts { site, actor, subject, earlier: &earlier };
        let ruling = decide(command, facts, &stamp_of(by)).map_err(|r| r.rule.code)?;
        let record = self.version(n).map_or_else(
            || RecordKey::new(RecordKind::Master, Uuid::from_u128(u128::from(n))),
            |master| master.key,
        );
        let current = self.version(n).cloned();
        let mut after = Vec::new();
        for (event, signatures) in &ruling.own.events {
            let signers: Vec<_> = signatures.iter().map(|s| (by, s.meaning)).collect();
            after.push(happen(current.clone(), record, event, &signers, by));
        }
        for (key, event) in &ruling.others {
            let other = self.0.iter().find(|master| master.key == *key).cloned();
            after.push(happen(other, *key, event, &[], by));
        }
        for master in after {
            self.0.retain(|old| old.key != master.key);
            self.0.push(master);
        }
        self.0.sort_by_key(|master| master.version);
        Ok(())
    }

    /// Whether its effective date is reached.
    fn begun(&self, n: u32) -> bool {
        let from = self.version(n).and_then(|master| master.effective_from);
        from.is_some_and(|from| from <= AT)
    }

    fn phase(&self, n: u32) -> Option<MasterPhase> {
        self.version(n).map(|master| master.phase_at(AT))
    }
}

struct People {
    ann: Person,
    ben: Person,
    qa: Person,
    /// Held every authority over the years: only the rules of this room keep her apart.
    zoe: Person,
}

fn people() -> People {
    People {
        ann: person("ann", 1, &["process-engineer"]),
        ben: person("ben", 2, &["process-engineer"]),
        qa: person("qa", 3, &["qa"]),
        zoe: person("zoe", 4, &["process-engineer", "qa"]),
    }
}

fn effective(world: &mut World, people: &People, n: u32) {
    let all = [
        (&people.ann, draft(n)),
        (&people.ann, submit("aa")),
        (&people.ben, CHECK),
        (&people.qa, APPROVE),
    ];
    for (who, command) in all {
        assert_eq!(world.act(who, n, &command), Ok(()), "{command:?}");
    }
}

// shows: C211-186a.b
#[test]
fn a_version_becomes_effective_through_three_persons_and_supersedes_the_one_before() {
    let (mut world, people) = (World::default(), people());
    effective(&mut world, &people, 1);
    assert_eq!(world.phase(1), Some(MasterPhase::Effective));
    effective(&mut world, &people, 2);
    assert_eq!(world.phase(1), Some(MasterPhase::Superseded));
    assert_eq!(world.phase(2), Some(MasterPhase::Effective));
    assert_eq!(world.act(&people.qa, 1, &EFFECT), Err("master-phase"));
}

// shows: C211-186a.a, C211-186a.b, C211-186a.c
#[test]
fn author_checker_and_approver_are_three_and_an_edit_voids_what_was_signed() {
    let (mut world, people) = (World::default(), people());
    let People { ann, ben, qa, zoe } = &people;
    assert_eq!(world.act(qa, 1, &draft(1)), Err("authority-missing"));
    assert_eq!(world.act(ann, 1, &draft(1)), Ok(()));
    assert_eq!(world.act(ben, 1, &submit("aa")), Err("submitter-is-not-the-author"));
    assert_eq!(world.act(ann, 1, &submit("bb")), Err("master-content-differs"));
    assert_eq!(world.act(ann, 1, &submit("aa")), Ok(()));
    assert_eq!(world.act(ann, 1, &CHECK), Err("checker-is-author"));
    assert_eq!(world.act(zoe, 1, &CHECK), Ok(()));
    assert_eq!(world.act(zoe, 1, &APPROVE), Err("approver-took-part"));
    // Ben edits: two signatures void, and he is an author from now on.
    assert_eq!(world.act(ben, 1, &edit("bb")), Ok(()));
    let master = world.version(1).expect("it is there");
    assert_eq!((master.phase, master.voided.len()), (MasterPhase::Draft, 2));
    assert_eq!(master.authored.as_ref().or(master.checked.as_ref()), None);
    assert_eq!(world.act(ann, 1, &submit("bb")), Ok(()));
    assert_eq!(world.act(ben, 1, &CHECK), Err("checker-is-author"));
    assert_eq!(world.act(zoe, 1, &CHECK), Ok(()));
    assert_eq!(world.act(qa, 1, &send_back()), Ok(()));
    assert_eq!(world.phase(1), Some(MasterPhase::Draft));
    assert_eq!(world.version(1).map(|m| m.voided.len()), Some(4));
}

// shows: C211-68b1.b
#[test]
fn versions_follow_each_other_and_only_one_is_prepared() {
    let (mut world, people) = (World::default(), people());
    assert_eq!(world.act(&people.ann, 2, &draft(2)), Err("master-version-gap"));
    assert_eq!(world.act(&people.ann, 1, &draft(1)), Ok(()));
    assert_eq!(world.act(&people.ann, 1, &draft(1)), Err("master-version-exists"));
    assert_eq!(world.act(&people.ann, 2, &draft(2)), Err("master-version-in-preparation"));
    let why = || "given up".to_owned();
    let retire = MasterCommand::Retire { reason: why(), expected: None };
    assert_eq!(world.act(&people.ann, 1, &retire), Ok(()));
    effective(&mut world, &people, 2);
    let suspend = MasterCommand::Suspend { reason: why(), expected: None };
    let reinstate = MasterCommand::Reinstate { reason: why(), expected: None };
    assert_eq!(world.act(&people.ann, 2, &suspend), Err("authority-missing"));
    assert_eq!(world.act(&people.qa, 2, &suspend), Ok(()));
    assert_eq!(world.act(&people.qa, 2, &reinstate), Ok(()));
    assert_eq!(world.act(&people.qa, 2, &retire), Ok(()));
    assert_eq!(world.phase(2), Some(MasterPhase::Retired));
}

#[test]
fn what_is_refused_says_which_rule() {
    let (mut world, people) = (World::default(), people());
    assert_eq!(world.act(&people.ann, 1, &CHECK), Err("not-found"));
    let other = MasterCommand::Draft { code: "OTHER".into(), version: 1, content: written("aa") };
    assert_eq!(world.act(&people.ann, 1, &other), Err("master-code-differs"));
    let mut faulty = document();
    faulty["labels"] = serde_json::json!([]);
    let content = Written { document: faulty.clone(), hash: "cc".into() };
    let begun = MasterCommand::Draft { code: CODE.into(), version: 1, content: content.clone() };
    assert_eq!(world.act(&people.ann, 1, &begun), Ok(()), "a draft may be incomplete");
    let sent = MasterCommand::Submit { content, examined: fine("cc"), expected: None };
    assert_eq!(world.act(&people.ann, 1, &sent), Err("master-faulty"));
    faulty["expires_after"] = serde_json::json!("P30D");
    let content = Written { document: faulty, hash: "cc".into() };
    let sent = MasterCommand::Submit { content, examined: fine("cc"), expected: None };
    assert_eq!(world.act(&people.ann, 1, &sent), Err("not-yet-supported"));
    let silent = MasterCommand::Edit { content: written("dd"), reason: " ".into(), expected: None };
    assert_eq!(world.act(&people.ann, 1, &silent), Err("reason-required"));
    let stale =
        MasterCommand::Edit { content: written("dd"), reason: "x".into(), expected: Some(9) };
    assert_eq!(world.act(&people.ann, 1, &stale), Err("stale-version"));
    assert_eq!(world.act(&people.ann, 1, &edit("aa")), Ok(()));
    assert_eq!(world.act(&people.ann, 1, &submit("aa")), Ok(()));
    assert_eq!(world.act(&people.ben, 1, &CHECK), Ok(()));
    let at = |effective_from| MasterCommand::Approve { effective_from, expected: None };
    assert_eq!(world.act(&people.qa, 1, &at(Some(Instant(1)))), Err("effective-date-past"));
    assert_eq!(world.act(&people.qa, 1, &at(Some(AT.plus_minutes(1)))), Ok(()));
    assert_eq!(world.act(&people.qa, 1, &EFFECT), Err("effective-date-not-reached"));
}

/// The versions that are effective at a moment.
fn in_force(world: &World, moment: Instant) -> Vec<u32> {
    let of = |master: &&Master| master.phase_at(moment) == MasterPhase::Effective;
    world.0.iter().filter(of).map(|master| master.version).collect()
}

#[test]
fn dates_bring_versions_into_effect_and_never_two_together() {
    let (mut world, people) = (World::default(), people());
    effective(&mut world, &people, 1);
    let minutes = |n| AT.plus_minutes(n);
    let approved = |world: &mut World, n: u32, from: i64| {
        let approve =
            MasterCommand::Approve { effective_from: Some(minutes(from)), expected: None };
        for (who, command) in [
            (&people.ann, draft(n)),
            (&people.ann, submit("aa")),
            (&people.ben, CHECK),
            (&people.qa, approve),
        ] {
            assert_eq!(world.act(who, n, &command), Ok(()), "{command:?}");
        }
    };
    approved(&mut world, 2, 20);
    // The third comes before the second: the second never comes into effect.
    let mut crossed = world.clone();
    approved(&mut crossed, 3, 10);
    let at = |world: &World| [0, 9, 10, 19, 20, 30].map(|n| in_force(world, minutes(n)));
    assert_eq!(at(&crossed), [vec![1], vec![1], vec![3], vec![3], vec![3], vec![3]]);
    approved(&mut world, 3, 30);
    assert_eq!(at(&world), [vec![1], vec![1], vec![1], vec![1], vec![2], vec![3]]);
    let retire = MasterCommand::Retire { reason: "given up".into(), expected: None };
    let mut retired = world.clone();
    assert_eq!(retired.act(&people.qa, 2, &retire), Ok(()));
    assert_eq!(at(&retired), [vec![1], vec![1], vec![1], vec![1], vec![1], vec![3]]);
    assert_eq!(retired.act(&people.qa, 3, &send_back()), Ok(()));
    assert_eq!(at(&retired), [0; 6].map(|_| vec![1]));
    assert_eq!(world.act(&people.qa, 1, &retire), Ok(()));
    assert_eq!(at(&world), [vec![], vec![], vec![], vec![], vec![2], vec![3]]);
}

/// What of a version decides about its future.
fn essence(master: &Master) -> String {
    let who = |signed: &Option<Signed>| signed.as_ref().map(|s| s.user_name.clone());
    format!(
        "{:?} {} {:?} {:?} {:?} {:?}",
        master.phase_at(AT),
        master.content_hash,
        master.authors,
        who(&master.authored),
        who(&master.checked),
        who(&master.approved)
    )
}

/// Every act of every person in every state that one version can reach.
// shows: C211-100a.a
#[test]
fn no_life_leads_to_an_approval_by_fewer_than_three_persons() {
    let people = people();
    let everyone = [&people.ann, &people.ben, &people.qa, &people.zoe];
    let why = || "a reason".to_owned();
    let later = Some(AT.plus_minutes(1));
    let commands = [
        MasterCommand::Approve { effective_from: later, expected: None },
        edit("aa"),
        edit("bb"),
        submit("aa"),
        submit("bb"),
        CHECK,
        APPROVE,
        send_back(),
        EFFECT,
        MasterCommand::Suspend { reason: why(), expected: None },
        MasterCommand::Reinstate { reason: why(), expected: None },
        MasterCommand::Retire { reason: why(), expected: None },
    ];
    let mut open = Vec::new();
    for who in [&people.ann, &people.zoe] {
        let mut world = World::default();
        assert_eq!(world.act(who, 1, &draft(1)), Ok(()));
        open.push(world);
    }
    let mut seen: BTreeMap<String, ()> = BTreeMap::new();
    let mut phases = BTreeSet::new();
    let mut refused = BTreeSet::new();
    while let Some(world) = open.pop() {
        let master = world.version(1).expect("it was begun");
        if seen.insert(essence(master), ()).is_some() {
            continue;
        }
        phases.insert(master.phase_at(AT));
        three_signed(master);
        for who in everyone {
            for command in &commands {
                let mut next = world.clone();
                let answer = next.act(who, 1, command);
                let to = command.act().and_then(|act| leads_to(master.phase_at(AT), act));
                match answer {
                    Ok(()) => {
                        // Approved with a date that is reached: effective, and nobody has pressed anything.
                        let to = to.map(|to| match to {
                            MasterPhase::Approved if next.begun(1) => MasterPhase::Effective,
                            to => to,
                        });
                        assert_eq!(next.phase(1), to, "{command:?}");
                        open.push(next);
                    }
                    Err(code) => {
                        refused.insert(code);
                    }
                }
            }
        }
    }
    assert_eq!(phases.len(), 7, "all but superseded: {phases:?}");
    let met = ["master-phase", "checker-is-author", "approver-took-part", "authority-missing"];
    assert!(met.iter().all(|code| refused.contains(code)), "{refused:?}");
    assert!(seen.len() > 100, "{} states", seen.len());
}

fn three_signed(master: &Master) {
    let approved = matches!(
        master.phase,
        MasterPhase::Approved | MasterPhase::Effective | MasterPhase::Suspended
    );
    if !approved {
        return;
    }
    let signers: BTreeSet<_> = [&master.authored, &master.checked, &master.approved]
        .into_iter()
        .flatten()
        .map(|signed| signed.person)
        .collect();
    assert_eq!(signers.len(), 3, "{}", essence(master));
    let wrote = |signed: &Option<Signed>| {
        signed.as_ref().is_some_and(|signed| master.authors.contains(&signed.person))
    };
    assert!(wrote(&master.authored) && !wrote(&master.checked) && !wrote(&master.approved));
}
