//! Containers of the site: registered, moved, listed.

use super::act::{Act, Asking};
use super::credentials::body;
use super::told::{Asked, Changed, Made, Shown};
use crate::app::answer::RecordAnswer;
use crate::app::container::{ContainerAct, ContainerPage};
use crate::app::run::list::Paging;
use crate::domain::container::decide::ContainerCommand;
use actix_web::web;
use serde::Deserialize;
use utoipa::IntoParams;

body! {
    /// A container that is new.
    NewContainer {
        /// Its number.
        number: String,
        /// Where it stands.
        place: String,
    }
}

body! {
    /// Where a container comes to stand.
    NewPlace {
        /// Where to.
        place: String,
    }
}

/// Which containers.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ContainerQuery {
    /// Of this place.
    place: Option<String>,
    /// The next part's cursor.
    cursor: Option<String>,
    /// At most so many (1 to 500).
    limit: Option<usize>,
}

pub async fn list(asking: Asking, query: web::Query<ContainerQuery>) -> Asked<ContainerPage> {
    let ContainerQuery { place, cursor, limit } = query.into_inner();
    let paging = Paging { cursor, limit: limit.unwrap_or(0) };
    let page = asking.ask(move |desk, _| desk.containers(place.as_deref(), &paging)).await?;
    Ok(Shown::of(page))
}

pub async fn register(act: Act<NewContainer>) -> Made<RecordAnswer> {
    act.order(|desk, envelope, given| {
        let NewContainer { number, place, .. } = given.body;
        let order = ContainerCommand::Register { place };
        desk.order(envelope, Box::new(ContainerAct { number, order }))
    })
    .await
}

pub async fn shift(act: Act<NewPlace>, number: web::Path<String>) -> Changed<RecordAnswer> {
    act.order(move |desk, envelope, given| {
        let order = ContainerCommand::Move { place: given.body.place };
        desk.order(envelope, Box::new(ContainerAct { number: number.into_inner(), order }))
    })
    .await
}
