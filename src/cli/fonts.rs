//! Fonts that a server adds to the report's own.

use super::house::House;
use crate::record::pdf::add_font;
use std::path::PathBuf;

/// Reads and adds each font, and says what it draws.
///
/// # Errors
/// A sentence for people: which file, and why it cannot be used.
pub fn add(files: &[PathBuf], house: &dyn House) -> Result<(), String> {
    for file in files {
        let of_file = |why: String| format!("font {}: {why}", file.display());
        let font = add_font(house.read(file).map_err(of_file)?).map_err(of_file)?;
        println!("font {}: {} characters", font.name, font.characters());
    }
    Ok(())
}
