//! Runs: every order to one, issuing one, and how one stands.

pub mod act;
pub mod facts;
pub mod gates;
pub mod issue;
pub mod list;
pub mod next;
pub mod obligations;
pub mod triage;
