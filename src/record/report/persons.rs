//! The register of persons: initials, names, roles, signing keys of everybody who acted on or signed for this batch.

use super::super::model::BatchRecord;
use super::super::pdf::document::{Column, Document, Table, Text};
use super::signatures::all;
use crate::domain::ids::PersonId;
use std::collections::{BTreeMap, BTreeSet};

/// Somebody who acted.
#[derive(Default)]
struct Person {
    printed_name: String,
    roles: BTreeSet<String>,
    id: Option<PersonId>,
    /// Fingerprints in the trail.
    used: BTreeSet<String>,
    signings: usize,
    acts: usize,
}

/// Everybody, by user name.
fn people(record: &BatchRecord<'_>) -> BTreeMap<String, Person> {
    let mut people: BTreeMap<String, Person> = BTreeMap::new();
    // The system acts under no role and signs nothing.
    for line in record.trail.iter().filter(|line| !line.role.is_empty()) {
        let person = people.entry(line.user_name.clone()).or_default();
        person.printed_name.clone_from(&line.printed_name);
        person.roles.insert(line.role.clone());
        person.acts += 1;
        for signature in &line.signatures {
            let person = people.entry(signature.user_name.clone()).or_default();
            person.used.insert(signature.key.clone());
        }
    }
    for it in all(record) {
        let person = people.entry(it.signed.user_name.clone()).or_default();
        person.printed_name.clone_from(&it.signed.printed_name);
        person.roles.insert(it.signed.role.clone());
        person.id = Some(it.signed.person);
        person.signings += 1;
    }
    people
}

/// The first letters of a name's words.
fn initials(name: &str) -> String {
    name.split([' ', '-']).filter_map(|word| word.chars().next()).collect()
}

/// Writes the register.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    document.h1("Persons");
    let people = people(record);
    let mut table = Table::new([
        Column::share(0.8, "Initials"),
        Column::share(2.2, "Printed name, user"),
        Column::share(1.6, "Roles in this batch"),
        Column::share(1.3, "Entries, signings"),
        Column::share(4.4, "Fingerprint of the signing key"),
    ])
    .row_headers()
    .dense();
    let mut given: BTreeMap<String, u32> = BTreeMap::new();
    for person in people.values() {
        *given.entry(initials(&person.printed_name)).or_default() += 1;
    }
    let mut numbered: BTreeMap<String, u32> = BTreeMap::new();
    for (user, person) in &people {
        let letters = initials(&person.printed_name);
        let mark = match given.get(&letters) {
            Some(1) | None => letters,
            // Several persons have these letters: each gets a number to them.
            Some(_) => {
                let no = numbered.entry(letters.clone()).or_default();
                *no += 1;
                format!("{letters} {no}")
            }
        };
        table.row([
            Text::new().bold(mark),
            Text::new().plain(&person.printed_name).fine(format!(" {user}")),
            Text::from(person.roles.iter().cloned().collect::<Vec<_>>().join(", ")),
            Text::from(format!("{}, {}", person.acts, person.signings)),
            keys(record, person),
        ]);
    }
    document.push(table);
}

fn keys(record: &BatchRecord<'_>, person: &Person) -> Text {
    let known = person.id.and_then(|id| record.keys.get(&id)).cloned().unwrap_or_default();
    let used = person.used.iter().filter(|key| !known.contains(key)).cloned();
    let all: Vec<String> = known.iter().cloned().chain(used).collect();
    if all.is_empty() {
        let word = if person.signings == 0 { "signed nothing" } else { "in the site's register" };
        return Text::new().muted(word);
    }
    let mut text = Text::new();
    for (place, key) in all.iter().enumerate() {
        text = if place > 0 { text.line() } else { text };
        text = text.code(key);
    }
    text
}
