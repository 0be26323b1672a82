//! The one door for files: sent as base64 beside a report, kept as blobs by their hash.
//!
//! The rules and the journal see name, hash, size and the type that the bytes show; never the bytes.
//! Whoever takes files calls [`enclose`] and hands the blobs on with the order.

use super::refusal::FILE_REFUSED;
use super::sniff::{TAKEN, sniff};
use crate::domain::entry::attachment;
use crate::domain::refusal::Refusal;
use crate::domain::run::acts::RunCommand;
use crate::domain::words::Enclosure;
use crate::seal::digest::{sha256, to_hex};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::ToSchema;

/// Most bytes of one file, whatever a master record says.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;
const _: () = assert!(MAX_BYTES as u64 == attachment::MAX_BYTES);

/// Most files of one act.
pub const MAX_FILES: usize = attachment::MAX_FILES as usize;

/// Longest name, in characters.
const NAME: usize = 200;

/// Bytes with the hash that names them.
pub type Blob = (String, Arc<Vec<u8>>);

/// A file as it is sent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SentFile {
    /// Its name, without any path.
    pub name: String,
    /// Its bytes, standard base64.
    pub content: String,
}

/// Files as the rules see them, and their bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Enclosed {
    /// What is said of them.
    pub enclosures: Vec<Enclosure>,
    /// Their bytes.
    pub blobs: Vec<Blob>,
}

/// An order to a run with what came beside it and is no matter of the rules.
#[derive(Debug)]
pub struct Ordered {
    /// The order.
    pub command: RunCommand,
    /// The bytes of files that the order names.
    pub blobs: Vec<Blob>,
    /// What a device said.
    pub said: Option<Said>,
    /// Why a fact comes only now, where the order itself has no word for it.
    pub reason: Option<String>,
}

/// A device's text, and its signature over exactly this text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The text, word for word.
    pub payload: String,
    /// Base64.
    pub signature: String,
}

impl From<RunCommand> for Ordered {
    fn from(command: RunCommand) -> Self {
        Self { command, blobs: Vec::new(), said: None, reason: None }
    }
}

/// Takes files in: each is decoded, looked at, named by its hash.
///
/// # Errors
/// `file-refused` naming the file: its name, its size, its encoding, or what it is.
pub fn enclose(files: &[SentFile]) -> Result<Enclosed, Refusal> {
    if files.len() > MAX_FILES {
        return Err(refused(format!("{} files came, {MAX_FILES} at most are taken", files.len())));
    }
    let mut enclosed = Enclosed::default();
    for file in files {
        let (enclosure, blob) = one(file)?;
        if enclosed.enclosures.iter().any(|other| other.sha256 == enclosure.sha256) {
            return Err(refused(format!("{:?} came twice", file.name)));
        }
        enclosed.enclosures.push(enclosure);
        enclosed.blobs.push(blob);
    }
    Ok(enclosed)
}

/// The value of an entry as sent: where it has a member `files`, they are taken in, and what the
/// rules see instead names them by hash. No other way leads a hash into a record.
///
/// # Errors
/// `file-refused`.
pub fn enclose_value(mut value: Value) -> Result<(Value, Vec<Blob>), Refusal> {
    let Some(files) = value.as_object_mut().and_then(|members| members.get_mut("files")) else {
        return Ok((value, Vec::new()));
    };
    let sent: Vec<SentFile> = Vec::deserialize(&*files)
        .map_err(|_| refused("each file is {\"name\": …, \"content\": base64}".into()))?;
    let Enclosed { enclosures, blobs } = enclose(&sent)?;
    *files = json!(enclosures);
    Ok((value, blobs))
}

fn one(file: &SentFile) -> Result<(Enclosure, Blob), Refusal> {
    let name = &file.name;
    named(name)?;
    // Four characters hold three bytes: what is too long is not decoded at all.
    if file.content.len() > MAX_BYTES.div_ceil(3) * 4 {
        return Err(refused(format!("{name:?} is larger than {MAX_BYTES} bytes")));
    }
    let bytes = STANDARD.decode(&file.content).map_err(|_| {
        refused(format!("the content of {name:?} is not standard base64 (RFC 4648, padded)"))
    })?;
    if bytes.is_empty() {
        return Err(refused(format!("{name:?} is empty")));
    }
    if bytes.len() > MAX_BYTES {
        return Err(refused(format!("{name:?} is larger than {MAX_BYTES} bytes")));
    }
    let media_type = sniff(name, &bytes)
        .map_err(|what| refused(format!("{name:?} is {what}; taken are {TAKEN}")))?;
    let sha256 = to_hex(&sha256(&[&bytes]));
    let enclosure = Enclosure {
        name: name.clone(),
        sha256: sha256.clone(),
        bytes: bytes.len() as u64,
        media_type: media_type.to_owned(),
    };
    Ok((enclosure, (sha256, Arc::new(bytes))))
}

/// A name is a name and no path, and shows what it is.
fn named(name: &str) -> Result<(), Refusal> {
    let length = name.chars().count();
    // Marks that turn the reading direction let `fdp.exe` look like `exe.pdf`.
    let odd = |c: char| {
        c.is_control()
            || matches!(c, '/' | '\\' | ':' | '"')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let fits = (1..=NAME).contains(&length)
        && name.trim() == name
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.chars().any(odd);
    if fits {
        return Ok(());
    }
    Err(refused(format!(
        "{name:?} is no file name: 1 to {NAME} characters, no path, no control characters"
    )))
}

fn refused(detail: String) -> Refusal {
    Refusal::new(&FILE_REFUSED, detail)
}

/// Whether an event's data names a file by this hash.
pub fn names(data: &Value, hash: &str) -> bool {
    match data {
        Value::Object(members) => members
            .iter()
            .any(|(key, member)| (key == "sha256" && member == hash) || names(member, hash)),
        Value::Array(items) => items.iter().any(|item| names(item, hash)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::sniff::samples;

    fn sent(name: &str, bytes: &[u8]) -> SentFile {
        SentFile { name: name.into(), content: STANDARD.encode(bytes) }
    }

    // shows: C211-188b8.a, CH4D-2.a
    #[test]
    fn a_file_is_named_by_its_hash_and_by_what_its_bytes_show() {
        let png = &samples::png(b"....")[..];
        let enclosed = enclose(&[sent("specimen.png", png)]).expect("taken");
        let enclosure = &enclosed.enclosures[0];
        assert_eq!(enclosure.media_type, "image/png");
        assert_eq!(enclosure.sha256, to_hex(&sha256(&[png])));
        assert_eq!(
            (enclosure.bytes, enclosed.blobs[0].0.as_str()),
            (png.len() as u64, enclosure.sha256.as_str())
        );
        let (value, blobs) = enclose_value(json!({ "files": [
            { "name": "a.png", "content": STANDARD.encode(png) }
        ] }))
        .expect("taken");
        assert_eq!(value["files"][0]["sha256"], enclosure.sha256);
        assert!(value["files"][0].get("content").is_none());
        assert_eq!(blobs.len(), 1);
        let (value, blobs) = enclose_value(json!("6.85")).expect("no files");
        assert_eq!((value, blobs.len()), (json!("6.85"), 0));
    }

    #[test]
    fn odd_names_sizes_and_encodings_are_refused() {
        let png = &samples::png(b"....")[..];
        for name in ["", "../x.png", "C:\\x.png", "a/b.png", ".png", "a\n.png", "a\u{202e}gnp.txt"]
        {
            assert!(enclose(&[sent(name, png)]).is_err(), "{name:?}");
        }
        assert!(enclose(&[sent("x".repeat(201).as_str(), png)]).is_err());
        assert!(enclose(&[sent("empty.txt", b"")]).is_err());
        assert!(enclose(&[sent("a.png", png), sent("b.png", png)]).is_err(), "twice the same");
        for content in ["%%%", "AAA", "iVBORw0K GgoAAAA=", "AAAA====", "AA=A"] {
            let file = SentFile { name: "a.txt".into(), content: content.into() };
            assert!(enclose(&[file]).is_err(), "{content}");
        }
        let mut large = vec![b'x'; MAX_BYTES];
        assert!(enclose(&[sent("a.txt", &large)]).is_ok(), "the limit itself");
        large.push(b'x');
        assert!(enclose(&[sent("a.txt", &large)]).is_err(), "one more");
        let many: Vec<SentFile> =
            (0..21).map(|n| sent("a.txt", format!("{n}").as_bytes())).collect();
        assert!(enclose(&many).is_err());
        // Who names a hash instead of sending bytes names nothing.
        let forged = json!({ "files": [{ "name": "a.png", "sha256": "0".repeat(64), "bytes": 3,
            "media_type": "image/png" }] });
        assert!(enclose_value(forged).is_err());
    }
}
