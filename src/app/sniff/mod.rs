//! What a file is by its bytes: the media type that is kept, or why the file is not taken. Taken is only
//! what stands in a short list, and only under an ending that says the same; all else is refused.

mod paper;
mod picture;
mod wording;

/// What is taken, as a refusal names it.
pub const TAKEN: &str = "pictures (.png .jpg .jpeg .gif .tif .tiff .webp), PDF without actions or enclosed files \
    (.pdf), UTF-8 text (.txt .log .md .csv .tsv), tables (.csv), JSON (.json), XML data (.xml), and instruments' \
    raw data (.cdf .nc .h5 .hdf5)";

/// The endings under which each media type is taken. No system runs what has one of these.
const ENDINGS: &[(&str, &[&str])] = &[
    ("image/png", &["png"]),
    ("image/jpeg", &["jpg", "jpeg"]),
    ("image/gif", &["gif"]),
    ("image/tiff", &["tif", "tiff"]),
    ("image/webp", &["webp"]),
    ("application/pdf", &["pdf"]),
    ("application/x-netcdf", &["cdf", "nc"]),
    ("application/x-hdf5", &["h5", "hdf5"]),
    ("application/json", &["json", "txt"]),
    ("application/xml", &["xml"]),
    ("text/csv", &["csv", "txt"]),
    ("text/plain", &["txt", "log", "md", "csv", "tsv"]),
];

/// Beginnings of what people send by mistake, for a refusal that says what it is.
const KNOWN: &[(&[u8], &str)] = &[
    (b"\x7fELF", "a program (ELF)"),
    (b"MZ", "a program (Windows)"),
    (b"PK", "an archive or office document, which hides what it holds"),
    (b"\xd0\xcf\x11\xe0", "an old office file or installer, which may hold macros"),
    (b"MSCF", "an archive, which hides what it holds"),
    (b"!<arch>", "an archive, which hides what it holds"),
    (b"\x1f\x8b", "an archive, which hides what it holds"),
];

/// The media type that the bytes show, or in words why such a file is not taken.
///
/// # Errors
/// What the file is, as in `a program (ELF)`.
pub fn sniff(name: &str, bytes: &[u8]) -> Result<&'static str, &'static str> {
    let media_type = shown(name, bytes)?;
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
    let mut fits = ENDINGS.iter().filter(|(known, _)| *known == media_type);
    if fits.any(|(_, endings)| endings.contains(&ending.as_str())) {
        return Ok(media_type);
    }
    Err("named with an ending that does not go with what its bytes show")
}

/// The media type that the bytes show, whatever the file is called.
fn shown(name: &str, bytes: &[u8]) -> Result<&'static str, &'static str> {
    if let Some((_, what)) = KNOWN.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(what);
    }
    let whole = |is_whole: bool, media_type| {
        is_whole.then_some(media_type).ok_or("no whole picture, or has something behind its end")
    };
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => whole(picture::is_png(bytes), "image/png"),
        [0xff, 0xd8, ..] => whole(picture::is_jpeg(bytes), "image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => whole(picture::is_gif(bytes), "image/gif"),
        [b'R', b'I', b'F', b'F', ..] => whole(picture::is_webp(bytes), "image/webp"),
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Ok("image/tiff"),
        [b'%', b'P', b'D', b'F', b'-', ..] if paper::acts(bytes) => {
            Err("a PDF that runs something or carries other files")
        }
        [b'%', b'P', b'D', b'F', b'-', ..] => Ok("application/pdf"),
        [b'C', b'D', b'F', 1 | 2, ..] => Ok("application/x-netcdf"),
        [0x89, b'H', b'D', b'F', b'\r', b'\n', 0x1a, b'\n', ..] => Ok("application/x-hdf5"),
        _ => wording::shown(name, bytes),
    }
}

#[cfg(test)]
pub mod samples;

#[cfg(test)]
mod tests {
    use super::samples::{jpeg, png};
    use super::*;
    use crate::domain::entry::attachment;

    #[test]
    fn pictures_papers_and_data_are_known_by_their_bytes() {
        for (name, bytes, media_type) in [
            ("label.png", &png(b"specimen")[..], "image/png"),
            ("photo.JPG", &jpeg(), "image/jpeg"),
            ("photo.webp", b"RIFF\x08\0\0\0WEBPVP8 ", "image/webp"),
            ("gel.tif", b"II*\0....", "image/tiff"),
            ("trace.pdf", b"%PDF-1.7\n<</OpenAction[3 0 R/Fit]>>", "application/pdf"),
            ("trace.cdf", b"CDF\x01....", "application/x-netcdf"),
            ("trend.csv", b"t,pH\n0,6.85\n1,6.90\n", "text/csv"),
            ("trend.csv", b"pH\n6.85\n", "text/plain"),
            ("note.txt", "pH 6,85 – gemessen; a < b, on = yes".as_bytes(), "text/plain"),
            ("run.json", b"{\"pH\":\"6.85\"}", "application/json"),
            ("run.xml", b"<?xml version=\"1.0\" encoding='UTF-8'?><AnIML/>", "application/xml"),
            ("run.xml", b"<a:AnIML xmlns:a='urn:org:astm:animl'/>", "application/xml"),
        ] {
            assert_eq!(sniff(name, bytes), Ok(media_type), "{name}");
        }
        let known: Vec<&str> = ENDINGS.iter().map(|(known, _)| *known).collect();
        assert!(attachment::TAKEN.iter().all(|taken| known.contains(taken)));
        assert_eq!(attachment::TAKEN.len(), known.len());
        for ending in ENDINGS.iter().flat_map(|(_, endings)| *endings) {
            assert!(TAKEN.contains(&format!(".{ending}")), "{ending} is named");
        }
    }

    #[test]
    fn only_what_is_in_the_list_is_taken_whatever_it_is_called() {
        for (name, bytes) in [
            ("a.png", &b"\x7fELF\x02\x01"[..]),
            ("a.png", b"MZ\x90\0"),
            ("a.txt", b"\xcf\xfa\xed\xfe"),
            ("a.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            ("a.zip", b"PK\x03\x04....42.zip"),
            ("a.xlsx", b"PK\x03\x04[Content_Types].xml xl/workbook.xml"),
            ("a.txt", b"MSCF\0\0\0\0"),
            ("a.txt", b"!<arch>\ndebian-binary"),
            ("a.txt", b"file\0\0\0\0ustar\0"),
            ("a.gz", b"\x1f\x8b\x08"),
            ("a.bin", b"\x01\x02\x03\xff"),
            ("a.txt", b"\x01\x02\x03\xff"),
            ("a.mp4", b"\0\0\0\x18ftypisom"),
            ("a.png", b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>"),
            ("a.pdf", b"%PDF-1.4 /OpenAction /JavaScript"),
            ("a.pdf", b"%PDF-1.4 /S/J#61vaScript"),
            ("a.pdf", b"%PDF-1.4 /Names<</EmbeddedFiles 1 0 R>>"),
            ("a.swf", b"FWS\x09...."),
        ] {
            assert!(sniff(name, bytes).is_err(), "{name} {bytes:?}");
        }
    }

    #[test]
    fn an_ending_goes_with_the_bytes_or_the_file_is_not_taken() {
        for ending in [
            "psm1",
            "url",
            "pif",
            "swf",
            "xht",
            "mht",
            "iqy",
            "slk",
            "html",
            "EXE",
            "xlsm",
            "svg",
            "js",
            "cab",
            "txt ",
            "png\u{200b}",
            "xml",
        ] {
            assert!(sniff(&format!("harmless.{ending}"), b"text").is_err(), "{ending}");
        }
        for name in ["label.txt", "label.png.exe", "label", "png"] {
            assert!(sniff(name, &png(b"")).is_err(), "{name}");
        }
        assert!(sniff("run.txt", b"<?xml version='1.0'?><AnIML/>").is_err());
    }
}
