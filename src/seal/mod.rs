//! Canonical bytes, hashes, chain, tree, checkpoints, keys, and the verification of all of these.
//!
//! Every format of this room is frozen: a record written once is read with these bytes for ever.
//! A change of meaning gets a new format name beside the old one, never a change in place.
//! Nothing here reads a clock, draws randomness, or opens a file: all of it comes in as arguments.

pub mod access;
pub mod canon;
pub mod chain;
pub mod checkpoint;
pub mod digest;
pub mod entry;
pub mod frontier;
pub mod key;
pub mod keyfile;
#[cfg(test)]
mod sample;
pub mod signature;
pub mod site;
pub mod tree;
pub mod verify;
