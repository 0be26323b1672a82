//! The site: founding and its later decisions, one file per command.

pub mod clock;
pub mod found;
pub mod restore;
pub mod settle;
pub mod vouch;

pub use crate::store::clock::{Clock, SimulatedClock};
pub use found::{Administrator, FoundRequest, Founded, Founding, found};
pub use restore::{Restored, restore};
pub use vouch::vouch;
