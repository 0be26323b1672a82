//! The rules: matrices that quality can read and sign, generated from the code and held against it;
//! each rule of execution; a small model exhaustively; guided random long lives.

// The persons of the rules' own tests say `crate::domain`.
use batchwright::domain;

mod authorities;
mod calc;
mod exceptions;
mod judgement;
mod matrix;
mod play;
mod questions;
mod run;
mod units;
