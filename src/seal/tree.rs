//! The site's log as an RFC 6962 tree: a leaf's data is the 32-byte link of an entry or access-log row.
//!
//! Pushing costs under two hashes on average, a root at most one hash per level.

use tlog_tiles::{Hash as Node, HashReader, tlog};

use super::digest::Hash;

/// A proof: hashes in the order RFC 6962 gives them, 32 bytes each.
pub type Proof = Vec<Hash>;

/// What is wrong with a proof or a question to the tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeFault {
    /// Asked for a leaf or size that the tree does not have.
    #[error("the tree has {size} leaves; {asked} lies beyond it")]
    Beyond {
        /// The tree's size.
        size: u64,
        /// The leaf or size asked for.
        asked: u64,
    },
    /// The proof does not lead to the root.
    #[error("the proof does not lead to the root")]
    Invalid,
}

/// The whole tree in memory: 64 bytes a leaf.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    size: u64,
    nodes: Nodes,
}

#[derive(Debug, Clone, Default)]
struct Nodes(Vec<Node>);

impl HashReader for Nodes {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Node>, tlog_tiles::Error> {
        let read =
            |&index: &u64| usize::try_from(index).ok().and_then(|index| self.0.get(index)).copied();
        indexes
            .iter()
            .map(read)
            .collect::<Option<Vec<Node>>>()
            .ok_or(tlog_tiles::Error::IndexesNotInTree)
    }
}

impl Tree {
    /// An empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The tree of these links, in order.
    pub fn of<'a>(links: impl IntoIterator<Item = &'a Hash>) -> Self {
        let mut tree = Self::new();
        for link in links {
            tree.push(link);
        }
        tree
    }

    /// Appends a leaf and gives its index.
    pub fn push(&mut self, link: &Hash) -> u64 {
        let index = self.size;
        let added = tlog::stored_hashes(index, link, &self.nodes)
            .expect("the tree holds every hash below its own size");
        self.nodes.0.extend(added);
        self.size += 1;
        index
    }

    /// How many leaves there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root over all leaves; for the empty tree SHA-256 of nothing, as RFC 6962 says.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.root_at(self.size).expect("a tree has its own size")
    }

    /// The root as it was when there were `size` leaves.
    ///
    /// # Errors
    /// [`TreeFault::Beyond`].
    pub fn root_at(&self, size: u64) -> Result<Hash, TreeFault> {
        if size > self.size {
            return Err(TreeFault::Beyond { size: self.size, asked: size });
        }
        tlog::tree_hash(size, &self.nodes).map(|node| node.0).map_err(|_| TreeFault::Invalid)
    }

    /// The proof that leaf `index` is in the tree of `size` leaves.
    ///
    /// # Errors
    /// [`TreeFault::Beyond`].
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Result<Proof, TreeFault> {
        if size > self.size {
            return Err(TreeFault::Beyond { size: self.size, asked: size });
        }
        if index >= size {
            return Err(TreeFault::Beyond { size, asked: index });
        }
        proof(tlog::prove_record(size, index, &self.nodes))
    }

    /// The proof that the tree of `new` leaves begins with the tree of `old` leaves.
    ///
    /// # Errors
    /// [`TreeFault::Beyond`].
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Proof, TreeFault> {
        if new > self.size {
            return Err(TreeFault::Beyond { size: self.size, asked: new });
        }
        if old > new {
            return Err(TreeFault::Beyond { size: new, asked: old });
        }
        if old == 0 {
            return Ok(Proof::new());
        }
        proof(tlog::prove_tree(new, old, &self.nodes))
    }
}

fn proof(made: Result<Vec<Node>, tlog_tiles::Error>) -> Result<Proof, TreeFault> {
    made.map(|nodes| nodes.into_iter().map(|node| node.0).collect()).map_err(|_| TreeFault::Invalid)
}

fn nodes(proof: &[Hash]) -> Vec<Node> {
    proof.iter().map(|hash| Node(*hash)).collect()
}

/// Whether `proof` shows that `link` is leaf `index` of the tree of `size` leaves with this root.
///
/// # Errors
/// [`TreeFault`].
pub fn check_inclusion(
    proof: &[Hash],
    size: u64,
    root: &Hash,
    index: u64,
    link: &Hash,
) -> Result<(), TreeFault> {
    if index >= size {
        return Err(TreeFault::Beyond { size, asked: index });
    }
    tlog::check_record(&nodes(proof), size, Node(*root), index, tlog::record_hash(link))
        .map_err(|_| TreeFault::Invalid)
}

/// Whether `proof` shows that the tree of `new` leaves begins with the tree of `old` leaves.
///
/// # Errors
/// [`TreeFault`].
pub fn check_consistency(
    proof: &[Hash],
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
) -> Result<(), TreeFault> {
    if old > new {
        return Err(TreeFault::Beyond { size: new, asked: old });
    }
    if old == 0 {
        let right = proof.is_empty() && *old_root == tlog_tiles::EMPTY_HASH.0;
        return if right { Ok(()) } else { Err(TreeFault::Invalid) };
    }
    tlog::check_tree(&nodes(proof), new, Node(*new_root), old, Node(*old_root))
        .map_err(|_| TreeFault::Invalid)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::seal::digest::{from_hex, to_hex};

    /// The recursive definition of RFC 6962 §2.1, as an independent oracle.
    fn by_definition(links: &[Hash]) -> Hash {
        use crate::seal::digest::sha256;
        match links.len() {
            0 => sha256(&[]),
            1 => sha256(&[&[0], &links[0]]),
            length => {
                let mut split = 1;
                while split * 2 < length {
                    split *= 2;
                }
                let (left, right) = links.split_at(split);
                sha256(&[&[1], &by_definition(left), &by_definition(right)])
            }
        }
    }

    fn links(count: u16) -> Vec<Hash> {
        (0..count).map(|n| crate::seal::digest::sha256(&[&n.to_be_bytes()])).collect()
    }

    #[test]
    fn known_roots() {
        let empty = from_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(Some(Tree::new().root()), empty);
        // SHA-256(00 ‖ 32 zero bytes), and that node twice under 01: computed with sha256sum.
        let one = Tree::of(&[[0; 32]]);
        assert_eq!(
            to_hex(&one.root()),
            "7f9c9e31ac8256ca2f258583df262dbc7d6f68f2a03043d5c99a4ae5a7396ce9"
        );
    }

    // shows: P11-10a.b
    #[test]
    fn root_and_proofs_agree_with_the_definition_at_every_size() {
        let all = links(70);
        let tree = Tree::of(&all);
        for size in 0..=all.len() {
            let root = by_definition(&all[..size]);
            assert_eq!(tree.root_at(size as u64), Ok(root));
            for index in 0..size as u64 {
                let proof = tree.inclusion_proof(index, size as u64).unwrap();
                let leaf = &all[index as usize];
                assert_eq!(check_inclusion(&proof, size as u64, &root, index, leaf), Ok(()));
                assert!(check_inclusion(&proof, size as u64, &root, index, &[9; 32]).is_err());
            }
            for old in 0..=size {
                let proof = tree.consistency_proof(old as u64, size as u64).unwrap();
                let old_root = by_definition(&all[..old]);
                let check =
                    |old_root| check_consistency(&proof, old as u64, old_root, size as u64, &root);
                assert_eq!(check(&old_root), Ok(()));
                assert!(check(&[9; 32]).is_err());
            }
        }
    }

    #[test]
    fn asks_beyond_the_tree_are_named() {
        let tree = Tree::of(&links(3));
        assert_eq!(tree.root_at(4), Err(TreeFault::Beyond { size: 3, asked: 4 }));
        assert_eq!(tree.inclusion_proof(3, 3), Err(TreeFault::Beyond { size: 3, asked: 3 }));
        assert_eq!(tree.inclusion_proof(0, 4), Err(TreeFault::Beyond { size: 3, asked: 4 }));
        assert_eq!(tree.consistency_proof(3, 2), Err(TreeFault::Beyond { size: 2, asked: 3 }));
        assert!(check_inclusion(&[], 0, &[0; 32], 0, &[0; 32]).is_err());
    }

    proptest! {
        #[test]
        fn a_changed_leaf_changes_the_root(count in 1_u16..60, at in any::<prop::sample::Index>(), bit in 0_usize..256) {
            let mut all = links(count);
            let root = Tree::of(&all).root();
            let index = at.index(all.len());
            all[index][bit / 8] ^= 1 << (bit % 8);
            prop_assert_ne!(Tree::of(&all).root(), root);
        }
    }
}
