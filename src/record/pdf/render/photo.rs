//! Which photos can be drawn: PNG and JPEG of reasonable size that the writer really decodes.

use std::sync::Arc;

use krilla::Document as Writer;
use krilla::configure::ValidationError;
use krilla::error::KrillaError;
use krilla::geom::Size;
use krilla::image::Image;
use krilla::page::PageSettings;

use super::super::document::Photo;
use super::settings;

/// Larger files are named, not shown.
pub const LARGEST: usize = 2 * 1024 * 1024;
/// More dots than this would take more memory than a report is worth (a small file can claim many).
const MOST_DOTS: u64 = 25_000_000;

/// A photo that can be drawn; nothing where the bytes are no such picture. A damaged file must never
/// keep a batch record from being printed, so each is drawn once on a page of its own, to see.
#[must_use]
pub fn photo(file: Arc<Vec<u8>>, alt: impl Into<String>) -> Option<Photo> {
    let image = image(&file)?;
    let dots = image.size();
    let count = u64::from(dots.0) * u64::from(dots.1);
    if file.len() > LARGEST || count == 0 || count > MOST_DOTS || !draws(image) {
        return None;
    }
    Some(Photo { alt: alt.into(), file, dots })
}

/// The picture in a file, by what its bytes show.
pub fn image(file: &Arc<Vec<u8>>) -> Option<Image> {
    let data = krilla::Data::from(Arc::clone(file));
    if file.starts_with(&[0x89, b'P', b'N', b'G']) {
        Image::from_png(data, false).ok()
    } else if file.starts_with(&[0xff, 0xd8, 0xff]) {
        Image::from_jpeg(data, false).ok()
    } else {
        None
    }
}

/// Whether the writer takes the picture, without a standard and under ours.
fn draws(image: Image) -> bool {
    let free = alone(image.clone(), krilla::SerializeSettings::default());
    let ours = settings().map(|settings| alone(image, settings));
    let Ok(ours) = ours else { return false };
    // The page lacks what a whole document has (title, tags): only the picture's faults count here.
    let clean = match ours {
        Err(KrillaError::Validation(faults)) => !faults.iter().any(|(fault, _)| of_picture(fault)),
        other => other.is_ok(),
    };
    free.is_ok() && clean
}

fn of_picture(fault: &ValidationError) -> bool {
    matches!(
        fault,
        ValidationError::MissingCMYKProfile
            | ValidationError::Transparency(_)
            | ValidationError::ImageInterpolation(_)
            | ValidationError::RequiresNewerPdfVersion(..)
    )
}

fn alone(image: Image, settings: krilla::SerializeSettings) -> Result<Vec<u8>, KrillaError> {
    let mut writer = Writer::new_with(settings);
    let sheet = PageSettings::from_wh(100.0, 100.0).zip(Size::from_wh(10.0, 10.0));
    if let Some((sheet, size)) = sheet {
        let mut page = writer.start_page_with(sheet);
        let mut surface = page.surface();
        surface.draw_image(image, size);
        surface.finish();
        page.finish();
    }
    writer.finish()
}
