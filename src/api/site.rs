//! The site: what it is, its roles, its statement, its letter.

use super::act::{Act, Answer, Asking, malformed, shown};
use super::credentials::body;
use super::views::Acted;
use super::views::site::{RoleView, SiteView, site};
use crate::app::desk::Failure;
use crate::domain::ids::Key;
use actix_web::http::StatusCode;
use actix_web::{get, post};

body! {
    /// All roles of the site anew.
    Roles {
        /// The roles.
        roles: Vec<RoleView>,
        /// Why.
        reason: String,
    }
}

body! {
    /// A new version of the accountability statement.
    Statement {
        /// Its text.
        text: String,
    }
}

body! {
    /// The letter to the authority that signatures are binding (21 CFR 11.100(c)).
    Letter {
        /// Reference and date.
        reference: String,
    }
}

/// The site: environment, clock, keys, roles, accountability statement.
#[utoipa::path(tag = "site",
    responses((status = 200, description = "The site", body = SiteView)))]
#[get("/site")]
pub async fn one(asking: Asking) -> Answer {
    let (view, seq) = asking
        .ask(|desk, _| {
            let state = desk.state(&Key::Site)?;
            let found = state.as_site().ok_or_else(|| Failure::Broken("no site".into()))?;
            Ok((site(found, desk.time()), found.seq))
        })
        .await?;
    Ok(shown(&view, Some(seq)))
}

/// Set the site's roles.
#[utoipa::path(tag = "site", request_body = Roles,
    responses((status = 200, description = "Set", body = Acted)))]
#[post("/site/roles")]
pub async fn roles(act: Act<Roles>) -> Answer {
    act.order(StatusCode::OK, |desk, envelope, given| {
        let Roles { roles, reason, .. } = given.body;
        let roles =
            roles.iter().map(RoleView::role).collect::<Result<_, _>>().map_err(malformed)?;
        desk.change_roles(envelope, roles, reason, given.expected)
    })
    .await
}

/// State the accountability statement anew: nobody signs before acknowledging it.
#[utoipa::path(tag = "site", request_body = Statement,
    responses((status = 200, description = "Stated", body = Acted)))]
#[post("/site/accountability")]
pub async fn accountability(act: Act<Statement>) -> Answer {
    act.order(StatusCode::OK, |desk, envelope, given| {
        desk.state_accountability(envelope, given.body.text)
    })
    .await
}

/// File the letter that signatures are binding.
#[utoipa::path(tag = "site", request_body = Letter,
    responses((status = 200, description = "Filed", body = Acted)))]
#[post("/site/binding-letter")]
pub async fn binding_letter(act: Act<Letter>) -> Answer {
    act.order(StatusCode::OK, |desk, envelope, given| {
        desk.file_binding_letter(envelope, given.body.reference)
    })
    .await
}
