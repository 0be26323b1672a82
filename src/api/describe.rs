//! What a handler takes and sends, read from its type: nobody writes it down a second time.

use super::act::{Act, Asking};
use super::credentials::Body;
use super::told::{Carried, Kept, Media, Shown, Success};
use super::version::Expected;
use crate::domain::run::acts::orders::OnVersion;
use crate::http::openapi::{idempotency_key, if_match, signed_in};
use crate::http::problem::Problem;
use crate::http::routes::Route;
use actix_web::{Handler, HttpRequest, web};
use utoipa::openapi::path::{Operation, OperationBuilder, Parameter};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Content, Ref, RefOr, Required, Response, ResponseBuilder};
use utoipa::{IntoParams, ToSchema};

/// A schema of the document with its name.
pub type Named = (String, RefOr<Schema>);

/// What is known of a handler.
#[derive(Default)]
pub struct Described {
    parameters: Vec<Parameter>,
    body: Option<RequestBody>,
    responses: Vec<(String, Response)>,
    signed_in: bool,
    /// Every schema that it names.
    pub schemas: Vec<Named>,
}

impl Described {
    /// Of a handler.
    pub fn of<F, T>(_: F) -> Self
    where
        F: Handler<T>,
        F::Output: Sends,
        T: Takes,
    {
        let mut described = Self::default();
        T::describe(&mut described);
        F::Output::describe(&mut described);
        described
    }

    fn named<T: ToSchema>(&mut self) -> RefOr<Schema> {
        let name = T::name().into_owned();
        self.schemas.push((name.clone(), T::schema()));
        T::schemas(&mut self.schemas);
        RefOr::Ref(Ref::from_schema_name(name))
    }

    fn takes<T: ToSchema>(&mut self) {
        let content = Content::new(Some(self.named::<T>()));
        let body = RequestBodyBuilder::new().content("application/json", content);
        self.body = Some(body.required(Some(Required::True)).build());
    }

    /// One of the successes, with its content.
    pub fn sends(&mut self, status: &str, says: &str, media: &str, content: Content) {
        let response = ResponseBuilder::new().description(says).content(media, content);
        self.responses.push((status.to_owned(), response.build()));
    }

    /// One of the answers in JSON.
    pub fn sends_json<T: ToSchema>(&mut self, status: &str, says: &str) {
        let content = Content::new(Some(self.named::<T>()));
        self.sends(status, says, "application/json", content);
    }

    /// The operation of a route.
    pub fn operation(self, route: &Route) -> Operation {
        let Route { authority, leaves, .. } = route;
        let lines: Vec<&str> = route.about.iter().map(|line| line.trim()).collect();
        let mut told = lines.split(|line| line.is_empty()).map(|lines| lines.join(" "));
        let summary = told.next();
        let mut description: Vec<String> = told.collect();
        description.push(format!("Who may: {authority}. Leaves: {leaves}."));
        let extensions = [("x-authority", *authority), ("x-leaves", *leaves)];
        let mut operation = OperationBuilder::new()
            .tag(route.tag)
            .operation_id(Some(route.operation()))
            .summary(summary)
            .description(Some(description.join("\n\n")))
            .parameters(Some(self.parameters))
            .request_body(self.body)
            .extensions(Some(extensions.into_iter().collect()));
        if self.signed_in {
            operation = operation.security(signed_in());
        }
        for (status, response) in self.responses {
            operation = operation.response(status, response);
        }
        operation.build()
    }
}

/// Something that a handler takes.
pub trait Takes {
    /// Whether it reads words behind the question mark.
    const ASKS: bool = false;

    /// What the document says of it.
    fn describe(_: &mut Described) {}
}

impl Takes for HttpRequest {}
impl<T> Takes for web::Data<T> {}
/// What a path holds is described by its names.
impl<T> Takes for web::Path<T> {}

impl<T: IntoParams> Takes for web::Query<T> {
    const ASKS: bool = true;

    fn describe(of: &mut Described) {
        of.parameters.extend(T::into_params(|| None));
    }
}

impl Takes for Asking {
    fn describe(of: &mut Described) {
        of.signed_in = true;
    }
}

impl<T: Body + ToSchema, V: Expected> Takes for Act<T, V> {
    fn describe(of: &mut Described) {
        of.signed_in = true;
        of.parameters.push(idempotency_key());
        match V::ON {
            OnVersion::No => {}
            OnVersion::IfGiven => of.parameters.push(if_match(Required::False)),
            OnVersion::Always => of.parameters.push(if_match(Required::True)),
        }
        of.takes::<T>();
    }
}

impl<T: Body + ToSchema> Takes for super::session::Open<T> {
    fn describe(of: &mut Described) {
        of.takes::<T>();
    }
}

impl Takes for super::session::Newcomer {
    fn describe(of: &mut Described) {
        of.signed_in = true;
    }
}

macro_rules! together {
    ($($name:ident)*) => {
        impl<$($name: Takes),*> Takes for ($($name,)*) {
            const ASKS: bool = false $(|| $name::ASKS)*;

            fn describe(_of: &mut Described) {
                $($name::describe(_of);)*
            }
        }
    };
}
together!();
together!(A);
together!(A B);
together!(A B C);

/// What a handler sends.
pub trait Sends {
    /// What the document says of it.
    fn describe(of: &mut Described);
}

impl<T: Sends> Sends for Result<T, Problem> {
    fn describe(of: &mut Described) {
        T::describe(of);
    }
}

impl<A: ToSchema, S: Success> Sends for Carried<A, S> {
    fn describe(of: &mut Described) {
        of.sends_json::<A>(S::STATUS.as_str(), S::SAYS);
    }
}

impl<V: ToSchema, S: Success> Sends for Shown<V, S> {
    fn describe(of: &mut Described) {
        of.sends_json::<V>(S::STATUS.as_str(), S::SAYS);
    }
}

impl<M: Media> Sends for Kept<M> {
    fn describe(of: &mut Described) {
        // Bytes have no schema.
        let content = Content::new(None::<RefOr<Schema>>);
        of.sends("200", "The bytes as they are kept", M::RANGE, content);
    }
}
