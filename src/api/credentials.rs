//! Credentials in bodies, and the shape that every body of a command has.

use crate::app::signing::SigningCredentials;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fmt;
use utoipa::ToSchema;
use zeroize::Zeroizing;

/// Credentials for a signature, given in the act that they sign.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// User name: needed for the first signing of a session, and always for a second person.
    #[serde(default)]
    user_name: Option<String>,
    /// Password.
    #[schema(value_type = String, format = Password)]
    password: Secret,
}

/// A text that is wiped, and that no log shows.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text, from now on in a place that is wiped.
    pub fn take(self) -> Zeroizing<String> {
        Zeroizing::new(self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(not shown)")
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials(of {:?})", self.user_name)
    }
}

impl From<Credentials> for SigningCredentials {
    fn from(given: Credentials) -> Self {
        Self { user_name: given.user_name, password: Some(given.password.take()) }
    }
}

/// A body of a command.
pub trait Body: DeserializeOwned + 'static {
    /// Most bytes it may have.
    const LIMIT: usize = crate::http::limits::BODY;

    /// The credentials it came with: the session's person, a second person.
    fn credentials(&mut self) -> (Option<SigningCredentials>, Option<SigningCredentials>) {
        (None, None)
    }
}

/// Declares the body of a command; every one may carry credentials. `up to N` after it: more bytes
/// than a command has elsewhere, where files come with it.
macro_rules! body {
    ($(#[$meta:meta])* $name:ident
        { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* } $(up to $limit:expr)?) => {
        $(#[$meta])*
        #[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)*
            /// Credentials of the session's person, where the act is signed.
            #[serde(default)]
            pub signature: Option<$crate::api::credentials::Credentials>,
            /// Credentials of a second person, where the act needs one: always both components.
            #[serde(default)]
            pub second_person: Option<$crate::api::credentials::Credentials>,
        }

        impl $crate::api::credentials::Body for $name {
            $(const LIMIT: usize = $limit;)?

            fn credentials(
                &mut self,
            ) -> (
                Option<$crate::app::signing::SigningCredentials>,
                Option<$crate::app::signing::SigningCredentials>,
            ) {
                (
                    self.signature.take().map(Into::into),
                    self.second_person.take().map(Into::into),
                )
            }
        }
    };
}
pub(in crate::api) use body;

body! {
    /// Nothing but, where the act is signed, credentials.
    Signed {}
}

body! {
    /// A reason and, where the act is signed, credentials.
    Reason {
        /// Why.
        reason: String,
    }
}
