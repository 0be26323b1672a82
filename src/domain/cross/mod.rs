//! Acts and questions over several records: what is decided on a lot with its run, about a deviation with its
//! runs, out of a master record. Nouns know nothing of each other and nothing of this room.

pub mod burden;
pub mod deviation;
#[cfg(test)]
mod dice;
pub mod dispose;
pub mod issue;
#[cfg(test)]
mod lives;
#[cfg(test)]
mod model;
pub mod others;
pub mod parents;
pub mod play;
pub mod question;
pub mod ruling;
#[cfg(test)]
pub mod scene;
pub mod stand;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod theorem;
pub mod withdraw;
pub mod yielding;
