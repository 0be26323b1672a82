//! Pictures for tests: the smallest that are whole.

/// A PNG file with a comment, without check sums.
pub fn png(comment: &[u8]) -> Vec<u8> {
    let chunk = |name: &[u8], content: &[u8]| {
        let length = u32::try_from(content.len()).expect("short").to_be_bytes();
        [&length[..], name, content, &[0; 4]].concat()
    };
    let head = chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    let (body, end) = (chunk(b"tEXt", comment), chunk(b"IEND", b""));
    [b"\x89PNG\r\n\x1a\n", &head[..], &body, &end].concat()
}

/// A JPEG file with one scan, in which a byte of 255 stands.
pub fn jpeg() -> Vec<u8> {
    [&b"\xff\xd8\xff\xe0\0\x04JF"[..], b"\xff\xda\0\x03\x01", b"ab\xff\0c\xff\xd0d", b"\xff\xd9"]
        .concat()
}
