//! Gaps, swaps and re-linked entries are each named.

use proptest::prelude::*;

use super::*;
use crate::seal::entry::Entry;
use crate::seal::sample;

fn opened(entries: &[Entry]) -> Vec<(Header, Hash)> {
    entries.iter().map(|entry| (Header::read(&entry.header).unwrap(), entry.link)).collect()
}

fn faults(entries: &[(Header, Hash)]) -> Vec<ChainFault> {
    check_chain(entries.iter().map(|(header, link)| (header, link)))
}

#[test]
fn a_whole_chain_has_no_fault() {
    assert_eq!(faults(&opened(&sample::chain(12))), vec![]);
    assert_eq!(faults(&[]), vec![]);
}

#[test]
fn a_missing_beginning_or_middle_is_named() {
    let chain = opened(&sample::chain(9));
    assert_eq!(faults(&chain[2..]), vec![ChainFault::Missing { from: 1, to: 2 }]);
    let mut cut = chain.clone();
    cut.drain(3..5);
    assert_eq!(faults(&cut), vec![ChainFault::Missing { from: 4, to: 5 }]);
}

#[test]
fn swapped_and_doubled_entries_are_named() {
    let mut chain = opened(&sample::chain(5));
    chain.swap(1, 2);
    let found = faults(&chain);
    assert!(found.contains(&ChainFault::OutOfOrder { seq: 2, after: 3 }), "{found:?}");
    let mut chain = opened(&sample::chain(3));
    chain.insert(1, chain[0].clone());
    assert_eq!(faults(&chain), vec![ChainFault::OutOfOrder { seq: 1, after: 1 }]);
}

#[test]
fn an_exchanged_entry_shows_at_the_next_one() {
    let mut chain = opened(&sample::chain(5));
    chain[2].1 = [9; 32];
    let found = faults(&chain);
    assert!(matches!(found[..], [ChainFault::PreviousDiffers { seq: 4, .. }]), "{found:?}");
    let mut first = opened(&sample::chain(1));
    first[0].0.previous = "11".repeat(32);
    assert!(matches!(faults(&first)[..], [ChainFault::PreviousDiffers { seq: 1, .. }]));
}

#[test]
fn an_entry_of_another_record_is_named() {
    let mut chain = opened(&sample::chain(3));
    chain[1].0.record_id = sample::ANNA;
    chain[2].0.record_kind = "master".into();
    assert_eq!(
        faults(&chain),
        vec![
            ChainFault::OtherRecord { seq: 2, what: "record" },
            ChainFault::OtherRecord { seq: 3, what: "record kind" },
        ]
    );
}

#[test]
fn an_unreadable_entry_is_no_second_fault() {
    let chain = opened(&sample::chain(4));
    for link in [Some(chain[1].1), None] {
        let mut checked = Chain::new();
        assert!(checked.take(&chain[0].0, &chain[0].1).is_empty());
        checked.take_unreadable(2, link.as_ref());
        assert!(checked.take(&chain[2].0, &chain[2].1).is_empty());
        assert!(checked.take(&chain[3].0, &chain[3].1).is_empty());
        assert_eq!(checked.last_seq(), 4);
    }
}

proptest! {
    #[test]
    fn any_reordering_or_loss_before_the_end_is_found(order in Just((0..8_usize).collect::<Vec<_>>()).prop_shuffle(), keep in 1_usize..8) {
        let chain = opened(&sample::chain(8));
        let kept: Vec<_> = order[..keep].iter().map(|&index| chain[index].clone()).collect();
        let is_beginning = order[..keep].iter().enumerate().all(|(place, &index)| place == index);
        prop_assert_eq!(faults(&kept).is_empty(), is_beginning);
    }
}
