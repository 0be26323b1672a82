//! Pictures, walked from their beginning to their end: nothing else may stand behind it.

/// Whether a PNG file is one chunk after the other, from its head to its end.
pub fn is_png(bytes: &[u8]) -> bool {
    let Some(mut rest) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") else { return false };
    let mut first = true;
    while let Some((length, behind)) = rest.split_first_chunk::<4>() {
        let Ok(length) = usize::try_from(u32::from_be_bytes(*length)) else { return false };
        // The name stands before its content, the check sum behind it.
        let Some((name, behind)) = behind.split_first_chunk::<4>() else { return false };
        let Some(after) = behind.get(length..).and_then(|behind| behind.get(4..)) else {
            return false;
        };
        if first && name != b"IHDR" {
            return false;
        }
        if name == b"IEND" {
            return length == 0 && after.is_empty();
        }
        (rest, first) = (after, false);
    }
    false
}

/// Whether a JPEG file is one segment after the other, from its head to its end.
pub fn is_jpeg(bytes: &[u8]) -> bool {
    let Some(mut rest) = bytes.strip_prefix(b"\xff\xd8") else { return false };
    loop {
        match rest {
            // Filled up between segments.
            [0xff, 0xff, ..] => rest = &rest[1..],
            [0xff, 0xd9] => return true,
            [0xff, 0x00 | 0xd8 | 0xd9, ..] => return false,
            [0xff, 0x01 | 0xd0..=0xd7, behind @ ..] => rest = behind,
            [0xff, name, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                let Some(after) = rest.get(2 + length.max(2)..) else { return false };
                rest = if *name == 0xda { behind_scan(after) } else { after };
            }
            _ => return false,
        }
    }
}

/// What follows the points of a scan: there alone bytes stand without a segment around them.
fn behind_scan(bytes: &[u8]) -> &[u8] {
    let marks = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7);
    bytes.windows(2).position(marks).map_or(&[], |at| &bytes[at..])
}

/// Whether a GIF file ends as one does.
pub fn is_gif(bytes: &[u8]) -> bool {
    (bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a")) && bytes.ends_with(b"\x3b")
}

/// Whether a WebP file is as long as it says.
pub fn is_webp(bytes: &[u8]) -> bool {
    let says = bytes.get(4..8).and_then(|length| length.try_into().ok()).map(u32::from_le_bytes);
    bytes.starts_with(b"RIFF")
        && bytes.get(8..12) == Some(b"WEBP")
        && says.is_some_and(|length| u64::from(length) + 8 == bytes.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::sniff::samples::{jpeg, png};

    #[test]
    fn a_picture_ends_where_it_ends() {
        assert!(is_png(&png(b"specimen")) && is_jpeg(&jpeg()));
        for torn in [&png(b"")[..20], b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n<html>", b""] {
            assert!(!is_png(torn), "{torn:?}");
        }
        let page = b"<script>alert(1)</script>";
        assert!(!is_png(&[&png(b"x")[..], page].concat()));
        assert!(!is_png(&[b"\x89PNG\r\n\x1a\n", &png(b"x")[20..]].concat()), "no head");
        assert!(!is_jpeg(&[&jpeg()[..], page].concat()));
        assert!(!is_jpeg(&[&jpeg()[..], b"\0"].concat()));
        for torn in [&jpeg()[..6], b"\xff\xd8", b"\xff\xd8\xff\xe0 picture", b"\xff\xd8<html>"] {
            assert!(!is_jpeg(torn), "{torn:?}");
        }
        assert!(is_gif(b"GIF89a...\x3b") && !is_gif(b"GIF89a...\x3b<html>"));
        assert!(is_webp(b"RIFF\x08\0\0\0WEBPVP8 ") && !is_webp(b"RIFF\x08\0\0\0WEBPVP8 <html>"));
    }
}
