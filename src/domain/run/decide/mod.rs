//! May this be done now, and why not: one file per family of acts.

pub mod abort;
pub mod act;
pub mod exception;
pub mod finish;
pub mod gate;
pub mod hold;
pub mod lot;
pub mod review;

use crate::domain::person::Person;
use crate::domain::site::Site;

/// What a run's rules know from other records.
#[derive(Debug, Clone, Copy)]
pub struct RunFacts<'a> {
    /// The site: roles in force.
    pub site: &'a Site,
    /// The session's person.
    pub actor: &'a Person,
    /// The second person of the act, if somebody gave credentials as one.
    pub second: Option<&'a Person>,
}
