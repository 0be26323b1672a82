//! The site: what it is, its roles, its statement, its letter.

use super::act::{Act, Asking, malformed};
use super::credentials::body;
use super::told::{Asked, Changed, Shown};
use super::version::May;
use crate::app::answer::SiteAnswer;
use crate::app::desk::Failure;
use crate::app::shown::site::{RoleView, SiteView, site};
use crate::domain::ids::Key;

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

body! {
    /// Site time follows this node's clock; both sign.
    Following {
        /// Why.
        reason: String,
    }
}

pub async fn clock(act: Act<Following>) -> Changed<SiteAnswer> {
    act.order(|desk, envelope, given| desk.set_clock(envelope, given.body.reason)).await
}

pub async fn one(asking: Asking) -> Asked<SiteView> {
    let (view, seq) = asking
        .ask(|desk, _| {
            let state = desk.state(&Key::Site)?;
            let found = state.as_site().ok_or_else(|| Failure::Broken("no site".into()))?;
            Ok((site(found, desk.time()), found.seq))
        })
        .await?;
    Ok(Shown::at(view, seq))
}

pub async fn roles(act: Act<Roles, May>) -> Changed<SiteAnswer> {
    act.order(|desk, envelope, given| {
        let Roles { roles, reason, .. } = given.body;
        let roles =
            roles.iter().map(RoleView::role).collect::<Result<_, _>>().map_err(malformed)?;
        desk.change_roles(envelope, roles, reason, given.expected.0)
    })
    .await
}

pub async fn accountability(act: Act<Statement>) -> Changed<SiteAnswer> {
    act.order(|desk, envelope, given| desk.state_accountability(envelope, given.body.text)).await
}

pub async fn binding_letter(act: Act<Letter>) -> Changed<SiteAnswer> {
    act.order(|desk, envelope, given| desk.file_binding_letter(envelope, given.body.reference))
        .await
}
