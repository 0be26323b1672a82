//! Who may read what: the authority, and the products it reaches.

use super::desk::{Caller, Desk, Failure};
use super::session::attempt_of;
use crate::domain::ids::{Key, RecordKey};
use crate::domain::noun::Reach;
use crate::domain::person::Person;
use crate::domain::policy::{Authority, Place};
use crate::domain::refusal::{NOT_FOUND, Refusal};
use crate::domain::site::Site;
use crate::domain::state::State;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The products whose records somebody may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope(Option<BTreeSet<String>>);

impl Scope {
    /// Whether records of this product are inside.
    #[must_use]
    pub fn reaches(&self, product: &str) -> bool {
        self.0.as_ref().is_none_or(|products| products.contains(product))
    }
}

impl Scope {
    /// The products, where they are limited.
    #[must_use]
    pub fn products(&self) -> Option<&BTreeSet<String>> {
        self.0.as_ref()
    }
}

impl Desk {
    /// Whether the caller may read here: any of `wanted`, where the place lies in their scope.
    /// A refused reading stands in the access log.
    ///
    /// # Errors
    /// `authority-missing` (403) without the authority anywhere; `not-found` (404) when it does not
    /// reach this product: what lies outside somebody's scope is not shown to exist.
    pub fn may_read(
        &self,
        caller: &Caller,
        wanted: &[Authority],
        product: Option<&str>,
    ) -> Result<(), Failure> {
        let (site, person) = self.reader(caller)?;
        let (site, person) = (site_of(&site)?, person_of(&person)?);
        let judged = reads(person, site, wanted, product);
        if let Err(refusal) = &judged {
            let mut attempt = attempt_of(caller, "read", refusal);
            attempt.detail = product.map_or(Value::Null, |product| product.into());
            self.note(attempt)?;
        }
        Ok(judged?)
    }

    /// Whether a record lies in a scope.
    pub(in crate::app) fn in_scope(
        &self,
        scope: &Scope,
        record: RecordKey,
    ) -> Result<bool, Failure> {
        if scope.0.is_none() {
            return Ok(true);
        }
        match self.state(&Key::Id(record))?.reach() {
            Reach::Everybody => Ok(true),
            Reach::Product(product) => Ok(scope.reaches(product)),
            Reach::AnyOf(records) => {
                for record in records {
                    if self.in_scope(scope, record)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }

    /// The products whose records the caller may read.
    pub(in crate::app) fn scope(&self, caller: &Caller) -> Result<Scope, Failure> {
        let (site, person) = self.reader(caller)?;
        let (site, person) = (site_of(&site)?, person_of(&person)?);
        let reading = person.grants.iter().filter(|grant| {
            site.roles
                .iter()
                .any(|role| role.name == grant.role && role.authorities.contains(&Authority::Read))
        });
        let products: Option<BTreeSet<String>> =
            reading.map(|grant| grant.product.clone()).collect();
        Ok(Scope(products))
    }

    /// Asks something of the site's record.
    pub(in crate::app) fn with_site<T>(&self, ask: impl FnOnce(&Site) -> T) -> Result<T, Failure> {
        let state = self.state(&Key::Site)?;
        Ok(ask(site_of(&state)?))
    }

    fn reader(&self, caller: &Caller) -> Result<(Arc<State>, Arc<State>), Failure> {
        Ok((self.state(&Key::Site)?, self.person_state(caller.person)?))
    }
}

fn site_of(state: &State) -> Result<&Site, Failure> {
    state.as_site().ok_or_else(|| Failure::Broken("the site is another record".into()))
}

fn person_of(state: &State) -> Result<&Person, Failure> {
    state.as_person().ok_or_else(|| Failure::Broken("the caller is another record".into()))
}

fn reads(
    person: &Person,
    site: &Site,
    wanted: &[Authority],
    product: Option<&str>,
) -> Result<(), Refusal> {
    let (person, site) = (person.account(), site.facts());
    person.permit(site, wanted, Place::default())?;
    person
        .permit(site, wanted, Place { product, area: None })
        .map(|_| ())
        .map_err(|_| Refusal::new(&NOT_FOUND, "there is no such record in your scope"))
}
