//! The site's log by its frontier: the hashes of the full subtrees, at most one a level.
//!
//! Enough to append leaves and to give the root; a log of a million leaves has at most twenty hashes.
//! What proves single leaves, and holds all hashes for it, is [`Tree`](super::tree::Tree).

use super::digest::Hash;
use tlog_tiles::{EMPTY_HASH, Hash as Node, tlog};

/// How many of the newest leaves [`Frontier::earlier`] goes back at most.
const BACK: u64 = 8192;

/// The full subtrees of a log, the largest and oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The frontier of a log that has no leaf yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the bytes of [`Frontier::to_bytes`]; `None` when a log of this size has another number of
    /// full subtrees.
    #[must_use]
    pub fn read(size: u64, bytes: &[u8]) -> Option<Self> {
        let (peaks, rest) = bytes.as_chunks::<32>();
        let fits = rest.is_empty() && peaks.len() as u64 == u64::from(size.count_ones());
        fits.then(|| Self { size, peaks: peaks.to_vec() })
    }

    /// The hashes, one after the other.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.peaks.concat()
    }

    /// How many leaves there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf and gives its number.
    pub fn push(&mut self, link: &Hash) -> u64 {
        let index = self.size;
        let mut node = tlog::record_hash(link);
        // Each trailing one of the size is a full subtree that the new one completes.
        for _ in 0..index.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                node = tlog::node_hash(Node(left), node);
            }
        }
        self.peaks.push(node.0);
        self.size += 1;
        index
    }

    /// The root over all leaves; for the empty log SHA-256 of nothing, as RFC 6962 says.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(newest) = peaks.next() else { return EMPTY_HASH.0 };
        peaks.fold(Node(*newest), |right, left| tlog::node_hash(Node(*left), right)).0
    }

    /// The frontier as it was before some of the newest leaves, at most some thousand: appending them
    /// again must lead back to this one. The same frontier where one great subtree holds them all.
    #[must_use]
    pub fn earlier(&self) -> Self {
        let mut earlier = self.clone();
        loop {
            let newest = earlier.size & earlier.size.wrapping_neg();
            if newest == 0 || self.size - earlier.size + newest > BACK {
                return earlier;
            }
            earlier.size -= newest;
            earlier.peaks.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::digest::sha256;
    use crate::seal::tree::Tree;
    use proptest::prelude::*;

    fn links(count: u64) -> Vec<Hash> {
        (0..count).map(|n| sha256(&[&n.to_be_bytes()])).collect()
    }

    // shows: P11-10a.b
    #[test]
    fn the_frontier_of_every_size_is_the_tree_of_that_size() {
        let (mut frontier, mut tree) = (Frontier::new(), Tree::new());
        assert_eq!(frontier.root(), tree.root());
        for link in links(600) {
            assert_eq!(frontier.push(&link), tree.push(&link));
            assert_eq!(frontier.root(), tree.root());
            let read = Frontier::read(frontier.size(), &frontier.to_bytes());
            assert_eq!(read.as_ref(), Some(&frontier));
            assert!(frontier.to_bytes().len() <= 32 * 10);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn an_earlier_frontier_and_the_leaves_since_lead_to_the_later_one(count in 0_u64..12_000) {
            let all = links(count);
            let mut whole = Frontier::new();
            all.iter().for_each(|link| { whole.push(link); });
            let mut again = whole.earlier();
            prop_assert!(count - again.size() <= BACK);
            for link in &all[usize::try_from(again.size()).unwrap()..] {
                again.push(link);
            }
            prop_assert_eq!(again, whole);
        }

        #[test]
        fn bytes_of_another_size_are_no_frontier(size in 0_u64..5_000, bytes in 0_usize..500) {
            let fits = bytes == 32 * size.count_ones() as usize;
            prop_assert_eq!(Frontier::read(size, &vec![7; bytes]).is_some(), fits);
        }
    }

    #[test]
    fn a_changed_leaf_or_hash_changes_the_root() {
        let all = links(77);
        let mut whole = Frontier::new();
        all.iter().for_each(|link| {
            whole.push(link);
        });
        for index in 0..all.len() {
            let mut changed = Frontier::new();
            for (n, link) in all.iter().enumerate() {
                changed.push(&if n == index { [9; 32] } else { *link });
            }
            assert_ne!(changed.root(), whole.root(), "leaf {index}");
        }
        for place in 0..whole.to_bytes().len() {
            let mut bytes = whole.to_bytes();
            bytes[place] ^= 1;
            let changed = Frontier::read(77, &bytes).expect("a frontier of that size");
            assert_ne!(changed.root(), whole.root(), "byte {place}");
        }
    }
}
