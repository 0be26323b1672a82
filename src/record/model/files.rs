//! Files that a run names: what a report lists, and which of them its pages show.

use crate::domain::run::{Content, EntryRun, Run};
use crate::domain::words::Enclosure;
use serde_json::Value;

/// The files a value names, wherever in it they stand.
#[must_use]
pub fn files(data: &Value) -> Vec<Enclosure> {
    let mut found = Vec::new();
    collect(data, &mut found);
    found
}

fn collect(data: &Value, found: &mut Vec<Enclosure>) {
    match data {
        Value::Array(list) => list.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => match file(data) {
            Some(file) => found.push(file),
            None => members.values().for_each(|item| collect(item, found)),
        },
        _ => {}
    }
}

fn file(data: &Value) -> Option<Enclosure> {
    let sha256 = data["sha256"].as_str().filter(|hash| hash.len() == 64)?;
    let text = |member: &str| data[member].as_str().map(str::to_owned);
    Some(Enclosure {
        name: text("name").unwrap_or_else(|| "unnamed".into()),
        sha256: sha256.to_owned(),
        bytes: data["bytes"].as_u64().unwrap_or_default(),
        media_type: text("media_type").unwrap_or_else(|| "unknown".into()),
    })
}

/// The files of a run that a page may show: pictures up to a size, each once.
#[must_use]
pub fn pictures(run: &Run, largest: u64) -> Vec<Enclosure> {
    let mut all: Vec<Enclosure> = Vec::new();
    let entries = run.reported_steps().flat_map(|(_, step)| step.entries.values());
    for entry in entries.chain(run.release_entries.values()) {
        all.extend(shown_in(entry));
    }
    all.extend(run.happenings.iter().flat_map(|happening| happening.told.enclosures.clone()));
    let picture = |file: &Enclosure| matches!(&*file.media_type, "image/png" | "image/jpeg");
    all.retain(|file| picture(file) && file.bytes <= largest);
    all.sort_by(|one, other| one.sha256.cmp(&other.sha256));
    all.dedup_by(|one, other| one.sha256 == other.sha256);
    all
}

fn shown_in(entry: &EntryRun) -> Vec<Enclosure> {
    let versions = entry.versions.iter().filter_map(|version| match &version.content {
        Content::Value(value) => Some(&value.data),
        Content::Absent(_) | Content::Struck => None,
    });
    let points = entry.trail.iter().map(|point| &point.data);
    versions.chain(points).flat_map(files).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn files_are_found_wherever_they_stand_in_a_value() {
        let hash = "ab".repeat(32);
        let file =
            json!({ "name": "a.png", "sha256": hash, "bytes": 7, "media_type": "image/png" });
        assert_eq!(files(&file).len(), 1);
        assert_eq!(files(&json!([file, { "files": [file] }, "x", 3])).len(), 2);
        assert_eq!(files(&json!({ "sha256": "short" })), Vec::new());
    }
}
