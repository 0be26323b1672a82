//! Whether bytes are canonical, seen without writing them again: one pass that builds nothing.
//!
//! It says yes only where it is sure. Of everything else, and of keys that are not plain ASCII, the slow way
//! decides: read strictly, written again, compared.

use super::{MAX_DEPTH, MAX_INTEGER};

/// Whether these bytes are for certain the canonical bytes of one value that stands inside `depth` others.
pub(super) fn is_surely_canonical(bytes: &[u8], depth: usize) -> bool {
    // Everything that the scan steps over unread is text.
    if std::str::from_utf8(bytes).is_err() {
        return false;
    }
    let mut scan = Scan { bytes, at: 0 };
    scan.value(depth).is_some() && scan.at == bytes.len()
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied()?;
        self.at += 1;
        Some(byte)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn word(&mut self, rest: &[u8]) -> Option<()> {
        let found = self.bytes.get(self.at..self.at + rest.len())?;
        self.at += rest.len();
        (found == rest).then_some(())
    }

    /// Steps over one value; `None`: not surely canonical.
    fn value(&mut self, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.next()? {
            b'{' => self.members(depth + 1),
            b'[' => self.items(depth + 1),
            b'"' => self.text().map(|_| ()),
            b'n' => self.word(b"ull"),
            b't' => self.word(b"rue"),
            b'f' => self.word(b"alse"),
            b'-' => match self.next()? {
                // -0 is 0, written in another way.
                first @ b'1'..=b'9' => self.digits(first),
                _ => None,
            },
            first @ b'0'..=b'9' => self.digits(first),
            _ => None,
        }
    }

    fn digits(&mut self, first: u8) -> Option<()> {
        let mut magnitude = u64::from(first - b'0');
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            // A zero at the front stands alone; seventeen digits are more than any integer here has.
            if first == b'0' || magnitude > MAX_INTEGER {
                return None;
            }
            magnitude = magnitude * 10 + u64::from(digit - b'0');
            self.at += 1;
        }
        (magnitude <= MAX_INTEGER).then_some(())
    }

    fn items(&mut self, depth: usize) -> Option<()> {
        if self.peek()? == b']' {
            self.at += 1;
            return Some(());
        }
        loop {
            self.value(depth)?;
            match self.next()? {
                b',' => {}
                b']' => return Some(()),
                _ => return None,
            }
        }
    }

    /// Members whose keys rise: plain ASCII, where the order of bytes is that of UTF-16.
    fn members(&mut self, depth: usize) -> Option<()> {
        if self.peek()? == b'}' {
            self.at += 1;
            return Some(());
        }
        let mut before: Option<&'a [u8]> = None;
        loop {
            if self.next()? != b'"' {
                return None;
            }
            let key = self.text()?;
            let plain = key.iter().all(|byte| byte.is_ascii() && *byte != b'\\');
            if !plain || before.is_some_and(|before| before >= key) {
                return None;
            }
            before = Some(key);
            if self.next()? != b':' {
                return None;
            }
            self.value(depth)?;
            match self.next()? {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }

    /// A text behind its opening quote; gives what stands between the quotes.
    fn text(&mut self) -> Option<&'a [u8]> {
        let begin = self.at;
        loop {
            match self.next()? {
                b'"' => return self.bytes.get(begin..self.at - 1),
                b'\\' => self.escape()?,
                0..=0x1f => return None,
                _ => {}
            }
        }
    }

    /// Only what must be escaped is, in its shortest form.
    fn escape(&mut self) -> Option<()> {
        match self.next()? {
            b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                self.word(b"00")?;
                let code = match (self.next()?, self.next()?) {
                    (b'0', low @ b'0'..=b'9') => low - b'0',
                    (b'0', low @ b'a'..=b'f') => low - b'a' + 10,
                    (b'1', low @ b'0'..=b'9') => low - b'0' + 16,
                    (b'1', low @ b'a'..=b'f') => low - b'a' + 26,
                    _ => return None,
                };
                // U+0000 is refused; these five have short forms.
                (!matches!(code, 0 | 0x08 | 0x09 | 0x0a | 0x0c | 0x0d)).then_some(())
            }
            _ => None,
        }
    }
}
