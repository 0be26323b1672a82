//! Orders to a run that their address and their body say whole: nobody writes a handler for them.
//!
//! The members of an order that its path names are taken from there (`{op}~{n}`, `{step}~{k}`, `{entry}`, `{no}` …),
//! its version from If-Match, all others from the body, strictly; what the path says the body cannot say again.

use super::act::{Act, malformed};
use super::credentials::{Body, Credentials};
use super::query::Ordinal;
use super::told::{Changed, Made};
use crate::app::answer::RunAnswer;
use crate::app::signing::SigningCredentials;
use crate::domain::refusal::Refusal;
use crate::domain::run::decide::RunCommand;
use crate::domain::run::decide::orders::Order;
use actix_web::web;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
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
        f.debug_tuple("Sent").field(&self.own).finish()
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
        let order: Result<O, _> = serde_json::from_value(Value::Object(whole));
        Ok(order.map_err(|error| malformed(error.to_string()))?.on_version(version))
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

/// What a path names.
type Names = web::Path<BTreeMap<String, String>>;

/// The run, and the members of an order that its path says.
fn address(names: Names) -> Result<(String, Map<String, Value>), Refusal> {
    let mut names = names.into_inner();
    let mut take = |name: &str| names.remove(name);
    let run = take("number").unwrap_or_default();
    let mut said = Map::new();
    let operation = take("op").zip(take("n")).map(|(op, n)| format!("{op}~{n}"));
    let step = take("step").zip(take("k"));
    let step = operation.as_ref().zip(step).map(|(op, (step, k))| format!("{op}/{step}~{k}"));
    match (take("entry"), step, operation) {
        (Some(entry), step, _) => said.insert("at".into(), json!({ "step": step, "entry": entry })),
        (None, Some(step), _) => said.insert("step".into(), step.into()),
        (None, None, Some(operation)) => said.insert("operation".into(), operation.into()),
        (None, None, None) => None,
    };
    for (name, text) in names {
        let value = match name.as_str() {
            "no" | "index" => {
                let read: Result<Ordinal, _> = serde_json::from_value(text.into());
                read.map_err(|error| malformed(error.to_string()))?.0.into()
            }
            _ => Value::String(text),
        };
        said.insert(name, value);
    }
    Ok((run, said))
}

/// An order that changes something.
pub async fn changes<O: Addressed>(act: Act<Sent<O>>, names: Names) -> Changed<RunAnswer> {
    let (run, address) = address(names)?;
    act.on_run(run, move |given| Ok(given.body.at(address, given.expected)?.into())).await
}

/// An order that makes something.
pub async fn makes<O: Addressed>(act: Act<Sent<O>>, names: Names) -> Made<RunAnswer> {
    let (run, address) = address(names)?;
    act.on_run(run, move |given| Ok(given.body.at(address, given.expected)?.into())).await
}
