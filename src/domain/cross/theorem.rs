//! The theorem of fitness, over everything that can be done to a run, its results, its lots and their parents:
//!
//! **No sequence of orders leaves a lot released and unblocked while a specification it owes lacks a conforming
//! reportable result (or the decision of two about an inconclusive one), while a result of it fails, while its
//! yield is unjudged, or while a parent is not released.**
//!
//! Covered: a release specification owed by each lot, by single determinations; one owed by the run, by the mean
//! of two with a limit of their spread and a limit of the single; an in-process one in a step, which a redline may
//! try to loosen and a reprocessing asks anew; one that quality may skip at issue. Two lots; a parent of this
//! house, itself of a run that may turn out to fail; a lot of a supplier; what an entry names, what is added later
//! and what is taken away. Corrections better and worse, claims, absences, both phases of the laboratory with
//! retests, resampling and what is inconclusive, triage, deviations, redlines, reprocessing, early ends, holds,
//! events, aborts, late results after review, closure and abort, withdrawal and a whole new release.
//!
//! The lives also take samples, say them to be of the other lot, and determine on them.
//!
//! Each family of acts runs through every state it can reach; all of them together through guided lives of
//! everybody; and of every two persons, with whatever roles, no two bring a failing result out of the world.
//!
//! Not covered: more than one generation upstream and lots of more than two runs (`genealogy`, `tests/http/lots`),
//! devices, computed values, conditions, times that run out, and three who lie.

mod acts;
mod investigations;
mod oracle;
mod orders;
mod world;

use super::dice::Dice;
use crate::domain::disposition::Disposition;
use acts::{Act, Word, apt, perform};
use oracle::unfit;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use world::World;

/// What holds in every state: what is released and not fit is blocked, as its answers say.
fn holds(world: &World, way: &dyn std::fmt::Debug) -> [bool; 2] {
    let mut failing = [false; 2];
    for (index, failing) in failing.iter_mut().enumerate().take(world.child.lots.len()) {
        let Some(why) = unfit(world, index) else { continue };
        *failing = true;
        if world.child.lots[index].disposition() != Disposition::Released {
            continue;
        }
        let now = world.standing(index);
        assert!(!now.fit(), "lot {} is {}, though {why}: {way:?}", now.number, now.word());
    }
    failing
}

/// Every act by whoever would do it, in every state that can be reached; how often each was let.
fn walk(begin: World, acts: &[Act], most: usize) -> (usize, BTreeMap<String, u32>) {
    let mut waiting = VecDeque::from([(begin, Vec::new())]);
    let (mut seen, mut outcomes) = (BTreeSet::new(), BTreeMap::new());
    let mut failing = 0;
    while let Some((world, way)) = waiting.pop_front() {
        if !seen.insert(world.mark()) {
            continue;
        }
        failing += usize::from(holds(&world, &way).contains(&true));
        for act in acts.iter().filter(|act| world.bounded(act)) {
            for who in apt(*act) {
                let mut next = world.clone();
                match perform(&mut next, who, *act) {
                    Ok(()) => {
                        *outcomes.entry(format!("{act:?}")).or_default() += 1;
                        let mut way: Vec<Act> = way.clone();
                        way.push(*act);
                        waiting.push_back((next, way));
                    }
                    Err(code) => *outcomes.entry(code.to_owned()).or_default() += 1,
                }
            }
        }
        assert!(seen.len() < most, "the model has outgrown its test: {outcomes:?}");
    }
    println!("{} states, {failing} of them with a failing lot, {outcomes:?}", seen.len());
    assert!(failing > 10, "hardly anything fails: {outcomes:?}");
    for act in acts.iter().filter(|act| !acts::REFUSED.contains(act)) {
        assert!(outcomes.contains_key(&format!("{act:?}")), "{act:?} was never let: {outcomes:?}");
    }
    (seen.len(), outcomes)
}

// shows: C211-165.a, F6.c
#[test]
fn results_and_corrections_of_two_lots_in_every_reachable_state() {
    let (states, outcomes) = walk(World::released(), acts::RESULTS, 60_000);
    assert!(states > 300, "{states} states");
    assert!(outcomes.contains_key("only-withdrawal"), "{outcomes:?}");
}

// shows: C211-165.a
#[test]
fn parents_and_releases_in_every_reachable_state() {
    let (states, outcomes) = walk(World::reviewed(), acts::PARENTS, 60_000);
    assert!(states > 300, "{states} states");
    assert!(outcomes.contains_key("not-ready-for-release"), "{outcomes:?}");
}

// shows: C211-165.a
#[test]
fn changes_ends_and_yields_in_every_reachable_state() {
    let (states, outcomes) = walk(World::planned(), acts::CHANGES, 60_000);
    assert!(states > 300, "{states} states");
    assert!(outcomes.contains_key("specification-stands"), "{outcomes:?}");
}

/// Does the first thing that carries the run on towards a release.
fn get_on(world: &mut World, dice: &mut Dice) -> Option<Act> {
    let from = if dice.roll(3) == 0 { dice.roll(acts::FORWARD.len()) } else { 0 };
    let forward = acts::FORWARD.iter().cycle().skip(from).take(acts::FORWARD.len());
    let mut bounded =
        forward.filter(|act| world.bounded(act)).copied().collect::<Vec<_>>().into_iter();
    bounded.find(|act| apt(*act).iter().any(|who| perform(world, who, *act).is_ok()))
}

// shows: C211-165.a, T22.a
#[test]
fn over_guided_lives_nothing_unfit_is_released_and_unblocked() {
    let (mut releases, mut blocked, mut met) = (0, 0, BTreeMap::<String, u32>::new());
    let (all, people) = (acts::all(), World::people());
    for seed in 0..120u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9));
        let mut world = match seed % 4 {
            0 => World::planned(),
            1 => World::running(),
            2 => World::reviewed(),
            _ => World::released(),
        };
        let mut way = Vec::new();
        for _ in 0..50 {
            if dice.roll(4) > 0 {
                if let Some(act) = get_on(&mut world, &mut dice) {
                    way.push(("somebody", act));
                    *met.entry(format!("{act:?}")).or_default() += 1;
                }
            } else {
                let act = dice.pick(&all);
                let fitting = apt(act);
                let who = if dice.roll(8) == 0 { dice.pick(&people) } else { dice.pick(fitting) };
                match perform(&mut world, who, act) {
                    Ok(()) => way.push((who, act)),
                    Err(code) => {
                        *met.entry(code.to_owned()).or_default() += 1;
                        continue;
                    }
                }
                *met.entry(format!("{act:?}")).or_default() += 1;
            }
            let failing = holds(&world, &(seed, &way));
            for (index, failing) in failing.iter().enumerate().take(world.child.lots.len()) {
                let now = world.standing(index);
                releases += u32::from(now.fit());
                blocked += u32::from(*failing && now.blocked());
            }
        }
    }
    println!("{releases} states with a fit lot, {blocked} with a blocked one, {met:?}");
    assert!(releases > 500 && blocked > 300, "{releases} {blocked}");
    let (tried, never): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|act| met.contains_key(&format!("{act:?}")));
    println!("never let by chance: {never:?}");
    assert!(tried.len() > 2 * never.len(), "the lives reach too little: {never:?}");
}

// shows: C211-165.a
#[test]
fn an_inconclusive_result_that_two_decided_is_fit_and_nothing_before_it_is() {
    let mut world = World::failing();
    let (lot, purity) = (acts::Of::One, acts::Spec::Purity);
    let decides = |word| Act::Conclude(purity, lot, word);
    let way = [
        ("qadir", Act::Deviates),
        ("quinn", Act::Spoken(purity, lot)),
        ("qadir", decides(Word::NoCause)),
        ("quella", decides(Word::Plan)),
        ("quentin", Act::Test(purity, lot, "6.80")),
        ("sven", decides(Word::Production)),
        ("quella", decides(Word::Inconclusive)),
        ("quella", decides(Word::Decides)),
    ];
    for (who, act) in way {
        assert!(unfit(&world, 0).is_some_and(|why| why.starts_with("purity")), "before {act:?}");
        assert_eq!(perform(&mut world, who, act), Ok(()), "{who} {act:?}");
    }
    assert!(unfit(&world, 0).is_none_or(|why| !why.starts_with("purity")));
}

// shows: C211-192a.c, C211-165.a
#[test]
fn no_two_persons_bring_a_failing_result_out_of_the_world() {
    let alone = |act: &Act| !acts::TOGETHER.contains(act);
    let (all, people) =
        (acts::all().into_iter().filter(alone).collect::<Vec<_>>(), World::people());
    let mut acted = 0u32;
    for (i, one) in people.iter().enumerate() {
        for (j, other) in people.iter().enumerate().skip(i + 1) {
            let seed = u64::try_from(i * people.len() + j).unwrap_or(0);
            for round in 0..6 {
                let mut dice = Dice(seed * 31 + round);
                let mut world = World::failing();
                world.colludes(one, other, round, &mut |sides| dice.roll(sides));
                let mut way = Vec::new();
                for _ in 0..60 {
                    let (who, act) = (dice.pick(&[*one, *other]), dice.pick(&all));
                    world.child.second = Some(if who == *one { other } else { one });
                    world.parent.second = world.child.second;
                    if perform(&mut world, who, act).is_ok() {
                        acted += 1;
                        way.push((who, act));
                    }
                    holds(&world, &way);
                    assert!(oracle::fails_still(&world), "{one} and {other}: {way:?}");
                    let now = world.standing(0);
                    assert!(!now.fit(), "{one} and {other} released what fails: {way:?}");
                }
            }
        }
    }
    assert!(acted > 1_000, "{acted} acts were let");
}
