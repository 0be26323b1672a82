//! Orders to a run that their address and their body say whole: nobody writes a handler for them.
//!
//! The members of an order that its path names are taken from there (`{op}~{n}`, `{step}~{k}`, `{entry}`, `{no}` …),
//! its version from If-Match, all others from the body, strictly; what the path says the body cannot say again.

use super::act::{Act, malformed};
use super::credentials::{Body, Credentials};
use super::query::Ordinal;
use super::told::{Changed, Made};
use super::version::As;
use crate::app::answer::RunAnswer;
use crate::app::signing::SigningCredentials;
use crate::domain::refusal::Refusal;
use crate::domain::run::acts::RunCommand;
use crate::domain::run::acts::orders::Order;
use actix_web::web;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

/// An order that says itself how it is read.
pub trait Addressed:
    Order + Into<RunCommand> + DeserializeOwned + ToSchema + Send + 'static
{
}

impl<O> Addressed for O where
    O: Order + Into<RunCommand> + DeserializeOwned + ToSchema + Send + 'static
{
}

/// What every body of a command may carry.
#[derive(Default, Deserialize, ToSchema)]
pub struct MaySign {
    /// Credentials of the session's person, where the act is signed.
    #[serde(default)]
    signature: Option<Credentials>,
    /// Credentials of a second person, where the act needs one: always both components.
    #[serde(default)]
    second_person: Option<Credentials>,
}

/// The body of an order: its own members, and credentials.
pub struct Sent<O> {
    own: Map<String, Value>,
    signing: MaySign,
    order: PhantomData<fn() -> O>,
}

impl<O> fmt::Debug for Sent<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sent").field(&self.own.keys()).finish()
    }
}

impl<'de, O> Deserialize<'de> for Sent<O> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut own = Map::deserialize(from)?;
        let mut signing = Map::new();
        for name in ["signature", "second_person"] {
            signing.extend(own.remove_entry(name));
        }
        let signing = MaySign::deserialize(Value::Object(signing)).map_err(D::Error::custom)?;
        Ok(Self { own, signing, order: PhantomData })
    }
}

impl<O: 'static> Body for Sent<O> {
    fn credentials(&mut self) -> (Option<SigningCredentials>, Option<SigningCredentials>) {
        let MaySign { signature, second_person } = std::mem::take(&mut self.signing);
        (signature.map(Into::into), second_person.map(Into::into))
    }
}

impl<O: Addressed> Sent<O> {
    /// The order, at an address, on a version.
    fn at(self, address: Map<String, Value>, version: Option<u64>) -> Result<O, Refusal> {
        let mut whole = address;
        for (name, value) in self.own {
            if whole.contains_key(&name) {
                return Err(malformed(format!("the address says {name:?}, the body does not")));
            }
            whole.insert(name, value);
        }
        let order: Result<O, _> = serde_path_to_error::deserialize(Value::Object(whole));
        let order = order.map_err(|error| match error.path().to_string().as_str() {
            "." => malformed(error.into_inner().to_string()),
            member => malformed(format!("{member}: {}", error.inner())),
        });
        Ok(order?.on_version(version))
    }
}

impl<O: ToSchema> PartialSchema for Sent<O> {
    fn schema() -> RefOr<Schema> {
        let mut schema = O::schema();
        if let (RefOr::T(Schema::Object(own)), RefOr::T(Schema::Object(signing))) =
            (&mut schema, MaySign::schema())
        {
            own.properties.extend(signing.properties);
        }
        schema
    }
}

impl<O: ToSchema> ToSchema for Sent<O> {
    fn name() -> Cow<'static, str> {
        O::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        O::schemas(schemas);
        MaySign::schemas(schemas);
    }
}

/// The names that paths of a run have.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Names {
    number: String,
    op: Option<String>,
    n: Option<Ordinal>,
    step: Option<String>,
    k: Option<Ordinal>,
    entry: Option<String>,
    gate: Option<String>,
    no: Option<Ordinal>,
    index: Option<Ordinal>,
}

impl Names {
    /// The members of an order that the path says.
    fn said(self) -> Map<String, Value> {
        let Self { op, n, step, k, entry, gate, no, index, .. } = self;
        let operation = op.zip(n).map(|(op, Ordinal(n))| format!("{op}~{n}"));
        let step = step.zip(k).map(|(step, Ordinal(k))| format!("{step}~{k}"));
        let step = operation.as_ref().zip(step).map(|(op, step)| format!("{op}/{step}"));
        let place = match (entry, step, operation) {
            (Some(entry), step, _) => Some(("at", json!({ "step": step, "entry": entry }))),
            (None, Some(step), _) => Some(("step", step.into())),
            (None, None, Some(operation)) => Some(("operation", operation.into())),
            (None, None, None) => None,
        };
        let gate = gate.map(|gate| ("gate", gate.into()));
        let no = no.map(|Ordinal(no)| ("no", no.into()));
        let index = index.map(|Ordinal(index)| ("index", index.into()));
        let all = [place, gate, no, index].into_iter().flatten();
        all.map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// An order that changes something.
pub async fn changes<O: Addressed>(
    act: Act<Sent<O>, As<O>>,
    names: web::Path<Names>,
) -> Changed<RunAnswer> {
    let names = names.into_inner();
    let run = names.number.clone();
    act.on_run(run, move |given| Ok(given.body.at(names.said(), given.expected.0)?.into())).await
}

/// An order that makes something.
pub async fn makes<O: Addressed>(
    act: Act<Sent<O>, As<O>>,
    names: web::Path<Names>,
) -> Made<RunAnswer> {
    let names = names.into_inner();
    let run = names.number.clone();
    act.on_run(run, move |given| Ok(given.body.at(names.said(), given.expected.0)?.into())).await
}
