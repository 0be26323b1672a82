//! The shared containers beside those of the standard library, and what copies of them share.

use super::{List, Map, Set};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What is done to a container and to its twin.
#[derive(Debug, Clone)]
enum Act {
    Put(u16, u32),
    Take(u16),
    Change(u16, u32),
    Keep(u32),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        6 => (0..400_u16, any::<u32>()).prop_map(|(key, value)| Act::Put(key, value)),
        3 => (0..400_u16).prop_map(Act::Take),
        3 => (0..400_u16, any::<u32>()).prop_map(|(key, value)| Act::Change(key, value)),
        1 => (2..9_u32).prop_map(Act::Keep),
    ];
    prop::collection::vec(act, 0..600)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_map_is_what_a_sorted_map_is_and_its_copies_stay(acts in acts()) {
        let (mut map, mut twin) = (Map::new(), BTreeMap::new());
        let mut kept = Vec::new();
        for (no, act) in acts.into_iter().enumerate() {
            match act {
                Act::Put(key, value) => prop_assert_eq!(map.insert(key, value), twin.insert(key, value)),
                Act::Take(key) => prop_assert_eq!(map.remove(&key), twin.remove(&key)),
                Act::Change(key, value) => {
                    *map.entry(key).or_default() = value;
                    *twin.entry(key).or_default() = value;
                }
                Act::Keep(by) => {
                    map.retain(|_, value| value % by != 0);
                    twin.retain(|_, value| *value % by != 0);
                }
            }
            if no % 50 == 0 {
                kept.push((map.clone(), twin.clone()));
            }
        }
        for (before, known) in &kept {
            let apart: BTreeMap<_, _> = map.apart(before).into_iter().collect();
            let others = twin.iter().filter(|(key, value)| known.get(key) != Some(value));
            for (key, value) in others {
                prop_assert_eq!(apart.get(key), Some(&value));
            }
        }
        kept.push((map, twin));
        for (map, twin) in kept {
            prop_assert!(map.iter().eq(twin.iter()) && map.len() == twin.len());
            prop_assert!(map.iter().rev().eq(twin.iter().rev()));
            prop_assert!(map.span(|key| *key < 50, |key| *key <= 250).eq(twin.range(50..=250)));
            prop_assert!(map.span(|_| false, |key| *key < 77).rev().eq(twin.range(..77).rev()));
            prop_assert_eq!(format!("{map:?}"), format!("{twin:?}"));
            for key in 0..400 {
                prop_assert_eq!(map.get(&key), twin.get(&key));
                prop_assert_eq!(map.keys().nth(key.into()), twin.keys().nth(key.into()));
            }
        }
    }

    #[test]
    fn a_list_is_what_a_vector_is_and_its_copies_stay(acts in acts()) {
        let (mut list, mut twin) = (List::new(), Vec::new());
        let mut kept = Vec::new();
        for (no, act) in acts.into_iter().enumerate() {
            match act {
                Act::Put(_, value) | Act::Change(0, value) => {
                    list.push(value);
                    twin.push(value);
                }
                Act::Take(index) => {
                    let value = twin.get(usize::from(index)).copied();
                    prop_assert_eq!(list.get(index.into()).copied(), value);
                    let found = list.find_mut(|it| Some(*it) == value);
                    found.into_iter().for_each(|it| *it /= 2);
                    let found = twin.iter_mut().find(|it| Some(**it) == value);
                    found.into_iter().for_each(|it| *it /= 2);
                }
                Act::Change(_, by) => {
                    let by = by % 9 + 2;
                    list.change(|it| *it % by == 0, |it| *it += 1);
                    twin.iter_mut().filter(|it| **it % by == 0).for_each(|it| *it += 1);
                }
                Act::Keep(by) => {
                    list.retain(|value| value % by != 0);
                    twin.retain(|value| *value % by != 0);
                }
            }
            if no % 50 == 0 {
                kept.push((list.clone(), twin.clone()));
            }
        }
        kept.push((list, twin));
        for (list, twin) in kept {
            prop_assert!(list.iter().eq(&twin) && list.len() == twin.len());
            prop_assert!(list.iter().rev().eq(twin.iter().rev()));
            prop_assert!(list.since(40).eq(twin.iter().skip(40)));
            prop_assert_eq!((list.first(), list.last()), (twin.first(), twin.last()));
            prop_assert_eq!(format!("{list:?}"), format!("{twin:?}"));
        }
    }

    #[test]
    fn a_set_is_what_a_sorted_set_is(items in prop::collection::vec(0..500_u16, 0..700)) {
        let (mut set, mut twin) = (Set::new(), BTreeSet::new());
        for item in items {
            prop_assert_eq!(set.insert(item), twin.insert(item));
        }
        prop_assert!(set.iter().eq(twin.iter()));
        prop_assert!((0..500).all(|item| set.contains(&item) == twin.contains(&item)));
    }
}

/// Nodes that a change may copy: those on one way down, and a neighbour that takes what has no room.
const A_WAY: usize = 2 * 4;

#[test]
fn one_push_copies_one_way_down_whoever_reads() {
    for grown in [100_u32, 1_000, 10_000, 100_000] {
        let before: List<u32> = (0..grown).collect();
        let mut after = before.clone();
        after.push(grown);
        let own = after.apart_from(&before);
        assert!(own.items == 1 && own.nodes <= A_WAY, "{grown}: {own:?}");
        if let Some(first) = after.get_mut(0) {
            *first = 7;
        }
        assert_eq!(after.apart_from(&before).items, 2);
        assert_eq!((before.len() as u32, before[0]), (grown, 0));
    }
}

#[test]
fn one_value_changed_or_put_copies_one_way_down() {
    for grown in [100_u32, 1_000, 10_000, 100_000] {
        let before: Map<u32, u32> = (0..grown).map(|key| (key * 2, key)).collect();
        let mut after = before.clone();
        after.insert(grown | 1, 0);
        *after.entry(grown).or_default() += 1;
        let own = after.apart_from(&before);
        assert!(own.items == 2 && own.nodes <= A_WAY, "{grown}: {own:?}");
        let apart = after.apart(&before);
        // Where a node was halved, what stands under one beside it is visited too.
        assert!(apart.contains(&(&(grown | 1), &0)) && apart.len() <= 33 * 32, "{}", apart.len());
    }
}
