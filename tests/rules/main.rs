//! The rules' matrices: text that quality can read and sign, generated from the code and held against it.

mod authorities;
mod matrix;
