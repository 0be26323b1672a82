//! A revision appended to a file: changed and new objects, their cross-reference table, a trailer.

use std::ops::Range;

use super::SealError;
use super::reader::{File, ObjectId};

/// A revision being written.
pub struct Revision {
    bytes: Vec<u8>,
    objects: Vec<(u32, usize)>,
}

/// The places that are known only when the file is whole: the byte range and the signature.
pub struct Holes {
    range: Range<usize>,
    contents: Range<usize>,
}

/// Width kept for the byte range: four numbers of up to ten digits.
const RANGE: usize = 48;

impl Revision {
    /// A revision after all bytes of a file.
    pub fn after(file: &[u8]) -> Self {
        let mut bytes = file.to_vec();
        if !bytes.ends_with(b"\n") {
            bytes.push(b'\n');
        }
        Revision { bytes, objects: Vec::new() }
    }

    /// Writes an object.
    pub fn object(&mut self, id: ObjectId, value: &[u8]) {
        self.objects.push((id.0, self.bytes.len()));
        self.bytes.extend_from_slice(format!("{} 0 obj\n", id.0).as_bytes());
        self.bytes.extend_from_slice(value);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// Writes a signature dictionary with room for the byte range and for a signature of `room` bytes.
    pub fn signature(&mut self, id: ObjectId, entries: &[u8], room: usize) -> Holes {
        self.objects.push((id.0, self.bytes.len()));
        self.bytes.extend_from_slice(format!("{} 0 obj\n<<", id.0).as_bytes());
        self.bytes.extend_from_slice(entries);
        self.bytes.extend_from_slice(b"/ByteRange");
        let range = self.hole(RANGE, b' ');
        self.bytes.extend_from_slice(b"/Contents");
        let contents = self.hole(2 * room + 2, b'0');
        self.bytes.extend_from_slice(b">>\nendobj\n");
        Holes { range, contents }
    }

    /// Writes the table and the trailer, which carries everything the file's own trailer says.
    pub fn finish(mut self, file: &File) -> Vec<u8> {
        let start = self.bytes.len();
        self.objects.sort_unstable();
        self.bytes.extend_from_slice(b"xref\n0 1\n0000000000 65535 f \n");
        for run in self.objects.chunk_by(|one, next| one.0 + 1 == next.0) {
            self.bytes.extend_from_slice(format!("{} {}\n", run[0].0, run.len()).as_bytes());
            for (_, offset) in run {
                self.bytes.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
            }
        }
        let highest = self.objects.last().map_or(0, |(number, _)| number + 1);
        let size = file.size.max(highest).to_string();
        let before = file.startxref.to_string();
        let trailer = file.trailer.with(&[("Size", size.as_bytes()), ("Prev", before.as_bytes())]);
        self.bytes.extend_from_slice(b"trailer\n");
        self.bytes.extend_from_slice(&trailer);
        self.bytes.extend_from_slice(format!("\nstartxref\n{start}\n%%EOF\n").as_bytes());
        self.bytes
    }

    fn hole(&mut self, width: usize, filling: u8) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.resize(start + width, filling);
        start..start + width
    }
}

impl Holes {
    /// Writes the byte range into the whole file and gives the ranges that it names: all but the signature.
    pub fn close(&self, file: &mut [u8]) -> [Range<usize>; 2] {
        let ranges = [0..self.contents.start, self.contents.end..file.len()];
        let text = format!("[0 {} {} {}]", ranges[0].end, ranges[1].start, ranges[1].len());
        file[self.range.start..self.range.start + text.len()].copy_from_slice(text.as_bytes());
        file[self.contents.start] = b'<';
        file[self.contents.end - 1] = b'>';
        ranges
    }

    /// Writes the signature into the room kept for it.
    pub fn fill(&self, file: &mut [u8], signature: &[u8]) -> Result<(), SealError> {
        let (needed, kept) = (signature.len(), (self.contents.len() - 2) / 2);
        if needed > kept {
            return Err(SealError::TooLong { needed, kept });
        }
        let digits = hex::encode(signature);
        let start = self.contents.start + 1;
        file[start..start + digits.len()].copy_from_slice(digits.as_bytes());
        Ok(())
    }
}
