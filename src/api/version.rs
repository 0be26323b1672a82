//! On which version an order is decided: a type, so that the document says of If-Match what the handler reads.

use crate::domain::run::acts::orders::{OnVersion, Order};
use std::marker::PhantomData;

/// What a handler learns of If-Match.
pub trait Expected: Send + 'static {
    /// Whether an order is decided on it.
    const ON: OnVersion;

    /// As the header says.
    fn of(version: Option<u64>) -> Self;
}

/// Nothing: the order is decided on no version.
impl Expected for () {
    const ON: OnVersion = OnVersion::No;

    fn of(_: Option<u64>) -> Self {}
}

/// The version, where one is given.
pub struct May(pub Option<u64>);

impl Expected for May {
    const ON: OnVersion = OnVersion::IfGiven;

    fn of(version: Option<u64>) -> Self {
        Self(version)
    }
}

/// The version; the rules refuse an order without one (428).
pub struct Must(pub Option<u64>);

impl Expected for Must {
    const ON: OnVersion = OnVersion::Always;

    fn of(version: Option<u64>) -> Self {
        Self(version)
    }
}

/// As the order of a run says itself.
pub struct As<O>(pub Option<u64>, PhantomData<fn() -> O>);

impl<O: Order + 'static> Expected for As<O> {
    const ON: OnVersion = O::ON_VERSION;

    fn of(version: Option<u64>) -> Self {
        Self(version, PhantomData)
    }
}
