//! Fonts beside the four built-in faces: added once, when a server starts, and used for the characters that those
//! lack. They are drawn left to right; a script that runs from right to left stays code points.

use rustybuzz::ttf_parser::{Permissions, name_id};
use std::sync::{PoisonError, RwLock};

/// A font that was added.
pub struct Added {
    /// Its full name.
    pub name: String,
    pub bytes: &'static [u8],
    /// The shaper's view.
    pub buzz: rustybuzz::Face<'static>,
    /// Units of the em square.
    pub units_per_em: f32,
}

static ADDED: RwLock<Vec<&'static Added>> = RwLock::new(Vec::new());

/// Most fonts that are added.
const MOST: usize = 16;

/// Adds a font for as long as the process runs. One that was added before is the same.
///
/// # Errors
/// A sentence for people: it cannot be read, has no outlines, or its maker forbids embedding (fsType).
pub fn add(bytes: Vec<u8>) -> Result<&'static Added, String> {
    let mut added = ADDED.write().unwrap_or_else(PoisonError::into_inner);
    if let Some(same) = added.iter().find(|font| font.bytes == bytes.as_slice()) {
        return Ok(same);
    }
    if added.len() >= MOST {
        return Err(format!("at most {MOST} fonts are added"));
    }
    judge(&bytes)?;
    // As long as the process: a face and what is drawn with it point into these bytes.
    let bytes: &'static [u8] = Box::leak(bytes.into_boxed_slice());
    let buzz = rustybuzz::Face::from_slice(bytes, 0).ok_or("it cannot be shaped")?;
    let units_per_em = buzz.units_per_em() as f32;
    let name = named(&buzz).unwrap_or_else(|| "a font without a name".to_owned());
    let font: &'static Added = Box::leak(Box::new(Added { name, bytes, buzz, units_per_em }));
    added.push(font);
    Ok(font)
}

fn judge(bytes: &[u8]) -> Result<(), String> {
    let face = rustybuzz::ttf_parser::Face::parse(bytes, 0)
        .map_err(|e| format!("it is no OpenType font: {e}"))?;
    let tables = face.tables();
    if tables.glyf.is_none() && tables.cff.is_none() {
        return Err("it has no outlines that a page could be drawn with".into());
    }
    if face.permissions() == Some(Permissions::Restricted) {
        return Err("its maker forbids embedding (fsType: restricted)".into());
    }
    if !face.is_subsetting_allowed() || !face.is_outline_embedding_allowed() {
        return Err("its maker forbids embedding parts of its outlines (fsType)".into());
    }
    Ok(())
}

fn named(face: &rustybuzz::Face<'_>) -> Option<String> {
    let names = face.names().into_iter().filter(|name| name.is_unicode());
    names.filter(|name| name.name_id == name_id::FULL_NAME).find_map(|name| name.to_string())
}

/// Every font that was added, in their order.
pub fn all() -> Vec<&'static Added> {
    ADDED.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The font of a number.
pub fn get(number: u8) -> Option<&'static Added> {
    ADDED.read().unwrap_or_else(PoisonError::into_inner).get(usize::from(number)).copied()
}

/// The first font that draws a character from left to right.
pub fn find(character: char) -> Option<u8> {
    if runs_backwards(character) {
        return None;
    }
    let added = ADDED.read().unwrap_or_else(PoisonError::into_inner);
    let draws = |font: &&Added| font.buzz.glyph_index(character).is_some_and(|glyph| glyph.0 != 0);
    added.iter().position(draws).and_then(|place| u8::try_from(place).ok())
}

impl Added {
    /// How many characters it draws.
    pub fn characters(&self) -> usize {
        let codes = '\u{20}'..='\u{3ffff}';
        codes.filter(|c| self.buzz.glyph_index(*c).is_some_and(|glyph| glyph.0 != 0)).count()
    }
}

/// Whether a character belongs to a script that is written from right to left (Unicode, blocks of Bidi_Class R and AL).
fn runs_backwards(character: char) -> bool {
    matches!(character,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}
