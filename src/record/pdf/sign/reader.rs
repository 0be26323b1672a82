//! As much of a PDF as adding a revision needs: where objects are, what dictionaries say. It reads files with plain
//! cross-reference tables, which is what this program writes; anything else is an error, never a guess.

use std::collections::BTreeMap;
use std::fmt;

use super::SealError;

/// Number of an object; its generation is always 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectId(pub u32);

impl fmt::Display for ObjectId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} 0 R", self.0)
    }
}

/// A file and where its objects are.
pub struct File<'a> {
    bytes: &'a [u8],
    offsets: BTreeMap<u32, usize>,
    /// One more than the highest object number.
    pub size: u32,
    /// Where the newest cross-reference table begins.
    pub startxref: usize,
    /// The catalog.
    pub root: ObjectId,
    /// The newest trailer.
    pub trailer: Dictionary<'a>,
}

/// A dictionary's entries in their order, values as they are written.
#[derive(Debug, Clone, PartialEq)]
pub struct Dictionary<'a>(Vec<(&'a [u8], &'a [u8])>);

const BROKEN: fn(&'static str) -> SealError = SealError::Unreadable;

impl<'a> File<'a> {
    /// Reads the cross-reference tables from the newest to the oldest.
    pub fn read(bytes: &'a [u8]) -> Result<Self, SealError> {
        let startxref = last_start(bytes)?;
        let (mut offsets, mut newest) = (BTreeMap::new(), None);
        let mut next = Some(startxref);
        let mut tables = 0;
        while let Some(at) = next {
            tables += 1;
            if tables > 1000 {
                return Err(BROKEN("its revisions run in a circle"));
            }
            let trailer = table(bytes, at, &mut offsets)?;
            next = trailer.get("Prev").map(number).transpose()?;
            newest.get_or_insert(trailer);
        }
        let trailer = newest.ok_or(BROKEN("it has no trailer"))?;
        let size = number(trailer.get("Size").ok_or(BROKEN("its trailer has no size"))?)?;
        let size = u32::try_from(size).map_err(|_| BROKEN("its trailer's size is too large"))?;
        let root = reference(trailer.get("Root").ok_or(BROKEN("its trailer names no catalog"))?)?;
        Ok(File { bytes, offsets, size, startxref, root, trailer })
    }

    /// The dictionary that an object is.
    pub fn dictionary(&self, id: ObjectId) -> Result<Dictionary<'a>, SealError> {
        Dictionary::read(self.value(id)?)
    }

    /// A value, or what it refers to.
    pub fn resolve(&self, value: &'a [u8]) -> Result<&'a [u8], SealError> {
        match reference(value) {
            Ok(id) => self.value(id),
            Err(_) => Ok(value),
        }
    }

    /// The first page below the catalog.
    pub fn first_page(&self, catalog: &Dictionary<'a>) -> Result<ObjectId, SealError> {
        let mut id = reference(catalog.get("Pages").ok_or(BROKEN("its catalog names no pages"))?)?;
        for _ in 0..64 {
            let node = self.dictionary(id)?;
            let Some(kids) = node.get("Kids") else {
                return Ok(id);
            };
            let kids = self.resolve(kids)?;
            let first = kids.strip_prefix(b"[").ok_or(BROKEN("its page tree is no array"))?;
            let end =
                first.iter().position(|byte| *byte == b'R').ok_or(BROKEN("it has no page"))?;
            id = reference(&first[..=end])?;
        }
        Err(BROKEN("its page tree is too deep"))
    }

    fn value(&self, id: ObjectId) -> Result<&'a [u8], SealError> {
        let missing = BROKEN("an object is not where its table says");
        let at = *self.offsets.get(&id.0).ok_or(missing.clone())?;
        let head = format!("{} 0 obj", id.0);
        let rest = self
            .bytes
            .get(at..)
            .and_then(|rest| rest.strip_prefix(head.as_bytes()))
            .ok_or(missing)?;
        let start = skip_blank(rest, 0);
        let end = end_of_value(rest, start)?;
        Ok(&rest[start..end])
    }
}

impl<'a> Dictionary<'a> {
    /// Reads a dictionary as it is written.
    pub fn read(value: &'a [u8]) -> Result<Self, SealError> {
        let inner = value.strip_prefix(b"<<").and_then(|rest| rest.strip_suffix(b">>"));
        let inner = inner.ok_or(BROKEN("an object is no dictionary"))?;
        let mut entries = Vec::new();
        let mut at = skip_blank(inner, 0);
        while at < inner.len() {
            if inner[at] != b'/' {
                return Err(BROKEN("a dictionary's key is no name"));
            }
            let name_end = end_of_value(inner, at)?;
            let start = skip_blank(inner, name_end);
            let mut end = end_of_value(inner, start)?;
            // "12 0 R" is one value of three words.
            if let Some(length) = reference_length(&inner[start..]) {
                end = start + length;
            }
            entries.push((&inner[at + 1..name_end], &inner[start..end]));
            at = skip_blank(inner, end);
        }
        Ok(Dictionary(entries))
    }

    /// The value of a key as it is written.
    pub fn get(&self, key: &str) -> Option<&'a [u8]> {
        self.0.iter().find(|(name, _)| *name == key.as_bytes()).map(|(_, value)| *value)
    }

    /// Whether there is a value for a key.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The dictionary as bytes with entries added or replaced; all others stay as they are.
    pub fn with(&self, entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut bytes = b"<<".to_vec();
        let mut entry = |name: &[u8], value: &[u8]| {
            bytes.push(b'/');
            bytes.extend_from_slice(name);
            bytes.push(b' ');
            bytes.extend_from_slice(value);
            bytes.push(b'\n');
        };
        for (name, value) in &self.0 {
            if !entries.iter().any(|(key, _)| key.as_bytes() == *name) {
                entry(name, value);
            }
        }
        entries.iter().for_each(|(key, value)| entry(key.as_bytes(), value));
        bytes.extend_from_slice(b">>");
        bytes
    }
}

fn last_start(bytes: &[u8]) -> Result<usize, SealError> {
    const WORD: &[u8] = b"startxref";
    let place = bytes.windows(WORD.len()).rposition(|window| window == WORD);
    let after = place.ok_or(BROKEN("it does not say where its table begins"))? + WORD.len();
    let start = skip_blank(bytes, after);
    number(bytes[start..].split(|byte| blank(*byte)).next().unwrap_or_default())
}

/// Reads one cross-reference table; offsets already known are newer and stay. Gives its trailer.
fn table<'a>(
    bytes: &'a [u8],
    at: usize,
    offsets: &mut BTreeMap<u32, usize>,
) -> Result<Dictionary<'a>, SealError> {
    let torn = || BROKEN("its cross-reference table is torn");
    let rest = bytes.get(at..).and_then(|rest| rest.strip_prefix(b"xref")).ok_or_else(torn)?;
    let mut place = skip_blank(rest, 0);
    while !rest[place..].starts_with(b"trailer") {
        let first = word(rest, &mut place)?;
        let count = word(rest, &mut place)?;
        for entry in 0..count {
            let offset = word(rest, &mut place)?;
            word(rest, &mut place)?;
            let kind = *rest.get(place).ok_or_else(torn)?;
            place = skip_blank(rest, place + 1);
            if kind == b'n' {
                let number = u32::try_from(first + entry).map_err(|_| torn())?;
                offsets.entry(number).or_insert(offset);
            }
        }
    }
    let start = skip_blank(rest, place + b"trailer".len());
    let end = end_of_value(rest, start)?;
    Dictionary::read(&rest[start..end])
}

fn word(bytes: &[u8], place: &mut usize) -> Result<usize, SealError> {
    let end = bytes[*place..]
        .iter()
        .position(|byte| blank(*byte))
        .map_or(bytes.len(), |length| *place + length);
    let value = number(&bytes[*place..end])?;
    *place = skip_blank(bytes, end);
    Ok(value)
}

fn number(bytes: &[u8]) -> Result<usize, SealError> {
    let text = std::str::from_utf8(bytes).ok().and_then(|text| text.trim().parse().ok());
    text.ok_or(BROKEN("a number is none"))
}

/// The numbers of an array.
pub fn numbers(array: &[u8]) -> Result<Vec<usize>, SealError> {
    let inner = array.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]"));
    let words = inner.ok_or(BROKEN("an array is none"))?.split(|byte| blank(*byte));
    words.filter(|word| !word.is_empty()).map(number).collect()
}

fn reference(value: &[u8]) -> Result<ObjectId, SealError> {
    let broken = BROKEN("a reference is none");
    if reference_length(value) != Some(value.len()) {
        return Err(broken);
    }
    let digits = value.split(|byte| blank(*byte)).next().unwrap_or_default();
    u32::try_from(number(digits)?).map(ObjectId).map_err(|_| broken)
}

/// The length of "12 0 R" at the beginning, if that is what stands there.
fn reference_length(bytes: &[u8]) -> Option<usize> {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = bytes.get(digits..)?;
    (digits > 0 && rest.starts_with(b" 0 R")).then_some(digits + 4)
}

fn blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | 0x0c | 0)
}

fn skip_blank(bytes: &[u8], from: usize) -> usize {
    bytes.iter().skip(from).position(|byte| !blank(*byte)).map_or(bytes.len(), |count| from + count)
}

/// Where the value that begins at `start` ends.
fn end_of_value(bytes: &[u8], start: usize) -> Result<usize, SealError> {
    let torn = || BROKEN("a value is torn");
    let mut depth = 0usize;
    let mut at = start;
    loop {
        let rest = bytes.get(at..).ok_or_else(torn)?;
        match rest {
            [b'<', b'<', ..] => (depth, at) = (depth + 1, at + 2),
            [b'>', b'>', ..] => (depth, at) = (depth.checked_sub(1).ok_or_else(torn)?, at + 2),
            [b'[', ..] => (depth, at) = (depth + 1, at + 1),
            [b']', ..] => (depth, at) = (depth.checked_sub(1).ok_or_else(torn)?, at + 1),
            [b'(', ..] => at = end_of_string(bytes, at).ok_or_else(torn)?,
            [b'<', inner @ ..] => {
                at += 2 + inner.iter().position(|byte| *byte == b'>').ok_or_else(torn)?
            }
            [first, ..] if blank(*first) => at += 1,
            [_, inner @ ..] => at += 1 + inner.iter().take_while(|byte| regular(**byte)).count(),
            [] => return Err(torn()),
        }
        if depth == 0 {
            return Ok(at);
        }
    }
}

fn regular(byte: u8) -> bool {
    !blank(byte)
        && !matches!(byte, b'<' | b'>' | b'[' | b']' | b'(' | b')' | b'/' | b'%' | b'{' | b'}')
}

fn end_of_string(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut depth, mut at) = (0usize, start);
    loop {
        match bytes.get(at)? {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dictionaries_keep_their_values_as_written() {
        let text = b"<</Type/Page/A(x\\)(y))/B 12 0 R/C[1 0 R<</D/E>>]/F<0aff>/G 3/H true>>";
        let read = Dictionary::read(text).expect("reads");
        assert_eq!(read.get("A"), Some(&b"(x\\)(y))"[..]));
        assert_eq!(read.get("B"), Some(&b"12 0 R"[..]));
        assert_eq!(read.get("C"), Some(&b"[1 0 R<</D/E>>]"[..]));
        assert_eq!(read.get("F"), Some(&b"<0aff>"[..]));
        assert_eq!(read.get("H"), Some(&b"true"[..]));
        let changed = read.with(&[("G", b"4"), ("I", b"/J")]);
        let again = Dictionary::read(&changed).expect("reads");
        assert_eq!((again.get("G"), again.get("I")), (Some(&b"4"[..]), Some(&b"/J"[..])));
    }

    #[test]
    fn what_is_no_pdf_is_refused_and_never_a_panic() {
        let whole =
            b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 1/Root 9 0 R>>\nstartxref\n0\n%%EOF";
        for end in 0..whole.len() {
            for start in [0, end / 2] {
                let _ = File::read(&whole[start..end]).map(|file| file.dictionary(file.root));
            }
        }
        assert!(File::read(whole).is_ok_and(|file| file.dictionary(file.root).is_err()));
    }
}
