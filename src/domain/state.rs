//! The state of any record, folded from its journal.

use super::deviation::Deviation;
use super::lot::Lot;
use super::master::state::Master;
use super::person::Person;
use super::run::Run;
use super::site::Site;

/// A record's state.
#[derive(Debug, Clone)]
pub enum State {
    /// The site.
    Site(Box<Site>),
    /// A person.
    Person(Box<Person>),
    /// A master record's version.
    Master(Box<Master>),
    /// A run.
    Run(Box<Run>),
    /// A deviation.
    Deviation(Box<Deviation>),
    /// A lot.
    Lot(Box<Lot>),
}
