//! People at a real desk over a real store: accounts, keys, locks, revocation, with the journal as witness.

mod accounts;
mod locks;
mod recollection;
mod world;
