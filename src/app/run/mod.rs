//! Runs: every order to one, issuing one, and how one stands.

pub mod act;
pub mod ahead;
pub mod answer;
pub mod attachment;
pub mod blocking;
pub mod board;
pub mod entered;
pub mod exceptions;
pub mod facts;
pub mod foreseen;
pub mod gates;
pub mod happening;
pub mod holds;
pub mod issue;
pub mod kept;
pub mod list;
pub mod next;
pub mod obligations;
pub mod part;
pub mod parts;
pub mod timers;
pub mod triage;
pub mod watch;
pub mod work;
