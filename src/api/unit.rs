//! The units in which values are asked and read.

use super::act::Asking;
use super::told::{Asked, Shown};
use crate::app::shown::unit::{UnitsView, units};

pub async fn list(asking: Asking) -> Asked<UnitsView> {
    Ok(Shown::of(asking.ask(|_, _| Ok(units())).await?))
}
