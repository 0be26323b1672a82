//! Orders to a container, and the rules that can refuse them.

use super::{Container, ContainerEvent};
use crate::domain::act::said;
use crate::domain::ids::check_number;
use crate::domain::policy::Permit;
use crate::domain::refusal::{MALFORMED, NOT_FOUND, Refusal};
use crate::domain::ruling::Ruling;
use crate::rules;

rules! {
    CONTAINER_TAKEN = "container-taken", State, "P11-10k2", "21 CFR 11.10(k)(2)",
        "A container with this number is registered", "Give the container a number of its own.";
    STANDS_THERE = "container-stands-there", State, "P11-10k2", "21 CFR 11.10(k)(2)",
        "The container stands there already", "Nothing to do.";
}

/// A container's commands.
#[derive(Debug, Clone)]
pub enum ContainerCommand {
    /// It is here for the first time.
    Register {
        /// Where it stands.
        place: String,
    },
    /// It is moved.
    Move {
        /// Where to.
        place: String,
    },
}

/// Decides an order to the container of this number, if there is one.
///
/// # Errors
/// The rule that forbids.
pub fn decide(
    command: &ContainerCommand,
    container: Option<&Container>,
    number: &str,
    permit: Permit,
) -> Result<Ruling<ContainerEvent>, Refusal> {
    match command {
        ContainerCommand::Register { place } => {
            check_number(number).map_err(|fault| Refusal::new(&MALFORMED, fault))?;
            said(place, "place")?;
            if container.is_some() {
                return Err(Refusal::new(&CONTAINER_TAKEN, format!("{number} is registered")));
            }
            let (number, place) = (number.to_owned(), place.clone());
            Ok(Ruling::of(permit, ContainerEvent::Registered { number, place }))
        }
        ContainerCommand::Move { place } => {
            said(place, "place")?;
            let container = container
                .ok_or_else(|| Refusal::new(&NOT_FOUND, format!("there is no {number}")))?;
            if container.place == *place {
                return Err(Refusal::new(&STANDS_THERE, format!("{number} stands in {place}")));
            }
            Ok(Ruling::of(permit, ContainerEvent::Moved { place: place.clone() }))
        }
    }
}
