//! A document as PDF: what it says (`document`), where it stands on pages (`layout`), how it is written (`render`), how
//! the site seals it (`sign`).
//!
//! Everything here is a pure function of its arguments: the same document gives the same bytes.

pub mod document;
mod layout;
mod render;
pub mod sign;

pub use document::Document;
pub use layout::{Added, LayoutError, add_font, added_fonts, pages_said, unprintable};
pub use render::{LARGEST as LARGEST_PHOTO, RenderError, photo, render};
pub use sign::{
    P256Seal, SealError, SealFault, SealSigner, Sealed, check_seal, seal, seal_certificate,
};
