//! `attachment`: files kept with the record, each named by the hash of its bytes.
//!
//! The bytes never come here: they are sent as base64, looked at and stored by their hash before the
//! rules see what is left of them: name, hash, size, and the type that the bytes show.

use super::conforming::Situation;
use super::shape::Shape;
use super::{EntryValue, Input, Kind, Sample, conforming};
use crate::domain::limits::Verdict;
use crate::domain::words::Enclosure;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Most bytes of one file, whatever a master record says.
pub const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// Most files of one entry.
pub const MAX_FILES: u32 = 20;

/// Media types that can be taken at all: what is known by its bytes, and runs nowhere.
pub const TAKEN: &[&str] = &[
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/tiff",
    "image/webp",
    "application/pdf",
    "application/json",
    "application/xml",
    "application/x-netcdf",
    "application/x-hdf5",
    "text/plain",
    "text/csv",
];

/// What the master record says of an attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Media types taken; what a file is, its bytes say.
    pub media_types: Vec<String>,
    /// Largest file; absent: 8 MiB, which is also the most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
    /// At least so many; absent: one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_files: Option<u32>,
    /// At most so many; absent: 20, which is also the most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_files: Option<u32>,
}

/// The value: files as they were taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Files {
    files: Vec<Enclosure>,
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let Files { files } = Files::deserialize(&input.value)
            .map_err(|_| "files are sent as {\"files\": [{\"name\": …, \"content\": base64}]}")?;
        let (min, max) = (self.min_files.unwrap_or(1), self.max_files.unwrap_or(MAX_FILES));
        let count = u32::try_from(files.len()).unwrap_or(u32::MAX);
        if !(min..=max).contains(&count) {
            return Err(format!("{count} files came; {min} to {max} are asked"));
        }
        let most = self.max_bytes.unwrap_or(MAX_BYTES).min(MAX_BYTES);
        for file in &files {
            if file.bytes > most {
                let size = size(file.bytes);
                return Err(format!(
                    "{:?} has {size}; {} is the most here",
                    file.name,
                    self::size(most)
                ));
            }
            // Nothing is lost by refusing: whoever sent it still has it.
            if !self.media_types.contains(&file.media_type) {
                let taken = self.media_types.join(", ");
                return Err(format!(
                    "{:?} is {} by its bytes; taken here is {taken}",
                    file.name, file.media_type
                ));
            }
        }
        let shown: Vec<String> = files.iter().map(one).collect();
        Ok(EntryValue {
            kind: "attachment".into(),
            data: json!({ "files": files }),
            shown: if shown.is_empty() { "no file".into() } else { shown.join("; ") },
            number: None,
        })
    }

    fn judge(&self, _value: &EntryValue) -> Vec<Verdict> {
        Vec::new()
    }

    fn faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = self
            .media_types
            .iter()
            .filter(|media_type| !TAKEN.contains(&media_type.as_str()))
            .map(|media_type| {
                format!("{media_type:?} is never taken; use some of {}", TAKEN.join(", "))
            })
            .collect();
        if self.media_types.is_empty() {
            faults.push("no media type is taken".into());
        }
        if self.max_bytes.is_some_and(|most| most == 0 || most > MAX_BYTES) {
            faults.push(format!("a file has 1 to {MAX_BYTES} bytes"));
        }
        let (min, max) = (self.min_files.unwrap_or(1), self.max_files.unwrap_or(MAX_FILES));
        if max == 0 || max > MAX_FILES || min > max {
            faults
                .push(format!("{min} to {max} files are asked; at most {MAX_FILES} can be taken"));
        }
        faults
    }

    fn conforming(&self, asked: &Situation<'_>) -> Vec<Input> {
        let Some(media_type) = self.media_types.first() else { return Vec::new() };
        let file = Enclosure {
            name: asked.name.to_owned(),
            sha256: "0".repeat(64),
            bytes: 1,
            media_type: media_type.clone(),
        };
        let files = vec![file; self.min_files.unwrap_or(1).clamp(1, MAX_FILES) as usize];
        conforming::plain(json!({ "files": files }))
    }

    fn asks(&self) -> String {
        let most = size(self.max_bytes.unwrap_or(MAX_BYTES));
        format!("files: {}, each at most {most}", self.media_types.join(", "))
    }
}

/// A file as people read it: enough of its hash to tell it from any other at hand.
fn one(file: &Enclosure) -> String {
    let hash = file.sha256.get(..16).unwrap_or(&file.sha256);
    format!("{} ({}, {}, SHA-256 {hash}…)", file.name, file.media_type, size(file.bytes))
}

/// A size as people read it, rounded down.
fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KiB", bytes / 1024),
        _ => format!("{} MiB", bytes / 1_048_576),
    }
}

/// The files that a value names; none where it is no attachment.
#[must_use]
pub fn files(value: &EntryValue) -> Vec<Enclosure> {
    let files = value.data.get("files").filter(|_| value.kind == "attachment");
    files.and_then(|files| Vec::deserialize(files).ok()).unwrap_or_default()
}

/// Its members in a master record.
pub const SHAPE: Shape = Shape {
    required: &["media_types"],
    members: &[
        (
            "media_types",
            r##"{
              "description": "Media types taken.",
              "type": "array",
              "items": {
                "description": "As in application/pdf. What a file is, its bytes say; what runs is never taken.",
                "type": "string",
                "minLength": 1,
                "maxLength": 100
              },
              "minItems": 1,
              "maxItems": 50,
              "uniqueItems": true
            }"##,
        ),
        (
            "max_bytes",
            r##"{
              "description": "Largest file; absent: 8 MiB, which is also the most.",
              "type": "integer",
              "minimum": 1,
              "maximum": 8388608
            }"##,
        ),
        (
            "min_files",
            r##"{ "description": "At least so many; absent: one.", "type": "integer", "minimum": 0 }"##,
        ),
        (
            "max_files",
            r##"{
              "description": "At most so many; absent: 20, which is also the most.",
              "type": "integer",
              "minimum": 1,
              "maximum": 20
            }"##,
        ),
    ],
};

/// Documentation and test.
#[must_use]
pub fn sample() -> Sample {
    let file = |media_type: &str, bytes: u64| {
        json!({ "value": { "files": [{ "name": "specimen.png", "sha256": "ab".repeat(32),
            "bytes": bytes, "media_type": media_type }] } })
    };
    Sample {
        spec: json!({ "media_types": ["image/png", "application/pdf"], "max_bytes": 2_097_152,
            "max_files": 1 }),
        valid: vec![file("image/png", 34_816), file("application/pdf", 2_097_152)],
        invalid: vec![
            file("image/tiff", 12),
            file("image/png", 2_097_153),
            json!({ "value": { "files": [] } }),
            json!({ "value": "specimen.png" }),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_size_and_number_of_files_are_what_the_master_record_takes() {
        let spec: Spec = serde_json::from_value(sample().spec).expect("a specification");
        let read = |input: &serde_json::Value| {
            let input: Input = serde_json::from_value(input.clone()).expect("an input");
            spec.parse(&input)
        };
        let value = read(&sample().valid[0]).expect("taken");
        assert_eq!(value.shown, "specimen.png (image/png, 34 KiB, SHA-256 abababababababab…)");
        let said = read(&sample().invalid[0]).expect_err("not taken");
        assert!(said.contains("image/tiff by its bytes"), "{said}");
    }

    #[test]
    fn what_could_never_be_sent_is_a_fault() {
        let spec: Spec = serde_json::from_value(sample().spec).expect("a specification");
        for broken in [
            Spec { media_types: vec![], ..spec.clone() },
            Spec { media_types: vec!["image/svg+xml".into()], ..spec.clone() },
            Spec { max_bytes: Some(MAX_BYTES + 1), ..spec.clone() },
            Spec { min_files: Some(2), ..spec.clone() },
            Spec { max_files: Some(21), ..spec.clone() },
        ] {
            assert_eq!(broken.faults().len(), 1, "{broken:?}");
        }
    }
}
