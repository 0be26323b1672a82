//! The language of calculations: what it says, against an independent arithmetic; what it refuses.

mod arithmetic;
mod functions;
mod hostile;
mod known;
mod language;
