//! People at a real desk over a real store: accounts, keys, locks, revocation, with the journal as witness.

#[path = "../house/mod.rs"]
#[allow(dead_code)]
mod house;

mod accounts;
mod founding;
mod locks;
mod recollection;
mod world;
