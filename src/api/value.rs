//! What the document says of a value as it is sent.

use std::borrow::Cow;
use utoipa::openapi::schema::{ArrayBuilder, OneOfBuilder, Schema};
use utoipa::openapi::{ObjectBuilder, RefOr, Type};
use utoipa::{PartialSchema, ToSchema};

/// A value of an entry. The entry's kind says which of these it is; `schemas/entry-kinds.json` shows each.
pub enum SentValue {}

const SAYS: &str = "A value as it is sent. A text: numbers (a decimal as read, `\"6.85\"`, `\"4.2e6\"`, `\"<0.05\"`, never a JSON \
     number), texts, choices, identifiers, dates and times (RFC 3339). A boolean: confirmations. A list: several \
     choices, the answers of a clearance. An object: what has parts, as a file or a sample.";

impl PartialSchema for SentValue {
    fn schema() -> RefOr<Schema> {
        let plain = |kind: Type| ObjectBuilder::new().schema_type(kind);
        let list = ArrayBuilder::new()
            .items(ObjectBuilder::new().schema_type(utoipa::openapi::schema::SchemaType::AnyValue));
        let schema = OneOfBuilder::new()
            .item(plain(Type::String))
            .item(plain(Type::Boolean))
            .item(list)
            .item(plain(Type::Object))
            .description(Some(SAYS));
        RefOr::T(Schema::OneOf(schema.build()))
    }
}

impl ToSchema for SentValue {
    fn name() -> Cow<'static, str> {
        "SentValue".into()
    }
}
