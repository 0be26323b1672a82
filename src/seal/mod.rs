//! Canonical bytes, hashes, chain, tree, checkpoints, keys, and the verification of all of these.
