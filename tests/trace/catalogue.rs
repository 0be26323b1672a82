//! The catalogue of requirements with their behaviours, and how far the tests show each.

use super::read;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// A requirement, with the sentences that it is made of.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Requirement {
    pub id: String,
    pub clause: String,
    pub demand: String,
    /// Id (`T34.a`) and sentence.
    pub behaviours: Vec<(String, String)>,
}

/// How far a requirement is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Each of its behaviours has a test.
    Shown,
    /// Some have one, some lack it.
    Partly,
    /// None has one, or nobody has said yet what it is made of.
    NotClaimed,
}

impl Requirement {
    /// How far these behaviours show it.
    pub fn standing(&self, shown: &BTreeSet<String>) -> Standing {
        match self.behaviours.iter().filter(|(id, _)| shown.contains(id)).count() {
            0 => Standing::NotClaimed,
            some if some == self.behaviours.len() => Standing::Shown,
            _ => Standing::Partly,
        }
    }
}

const LETTERS: RangeInclusive<char> = 'a'..='z';

/// The requirement of a behaviour's id, and its letter.
pub fn parted(id: &str) -> Option<(&str, char)> {
    let (requirement, letter) = id.rsplit_once('.')?;
    let mut letters = letter.chars();
    let one = letters.next().filter(|c| LETTERS.contains(c))?;
    letters.next().is_none().then_some((requirement, one))
}

/// The catalogue, in its order.
pub fn catalogue() -> Vec<Requirement> {
    parsed(&read("schemas/matrices/catalogue.tsv"))
}

/// Requirements, each followed by its behaviours in the order of their letters.
pub fn parsed(text: &str) -> Vec<Requirement> {
    let mut all: Vec<Requirement> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split('\t').collect();
        let [id, clause, words] = parts[..] else { panic!("three columns, not {line:?}") };
        // Ids of clauses hold points too (`Q7-8.1`), never before one letter alone.
        let Some((of, letter)) = parted(id) else {
            assert!(all.iter().all(|row| row.id != id), "{id} stands twice");
            let (id, clause, demand) = (id.to_owned(), clause.to_owned(), words.to_owned());
            all.push(Requirement { id, clause, demand, behaviours: Vec::new() });
            continue;
        };
        let row = all.last_mut().filter(|row| row.id == of);
        let row = row.unwrap_or_else(|| panic!("{id} does not stand below {of}"));
        let next = { LETTERS }.nth(row.behaviours.len());
        assert_eq!(Some(letter), next, "{id}: letters follow one another");
        assert!(words.ends_with('.'), "{id} is no sentence: {words:?}");
        row.behaviours.push((id.to_owned(), words.to_owned()));
    }
    all
}

/// What is wrong with an id that a test or a page names.
pub fn fault(id: &str, catalogue: &[Requirement]) -> Option<String> {
    let known = |row: &&Requirement| row.behaviours.iter().any(|(known, _)| known == id);
    if catalogue.iter().any(|row| known(&row)) {
        return None;
    }
    let Some(row) = catalogue.iter().find(|row| row.id == id) else {
        return Some(format!("{id} is not in the catalogue"));
    };
    let behaviours: Vec<String> =
        row.behaviours.iter().map(|(id, sentence)| format!("{id}: {sentence}")).collect();
    Some(match behaviours.is_empty() {
        true => format!("{id} has no behaviours yet: write them below it in the catalogue"),
        false => format!("{id} names no behaviour; it is made of {behaviours:#?}"),
    })
}

#[test]
fn a_requirement_is_shown_only_when_each_of_its_behaviours_is() {
    let text = "# head\nQ7-8.1\t8.1\tTold and kept\nQ7-8.1.a\t\tIt is told.\nQ7-8.1.b\t\tIt is kept.\n\
                L9\tleap\tLater\n";
    let all = parsed(text);
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>();
    for (shown, standing) in [
        (ids(&[]), Standing::NotClaimed),
        (ids(&["Q7-8.1.a"]), Standing::Partly),
        (ids(&["Q7-8.1.b", "L9"]), Standing::Partly),
        (ids(&["Q7-8.1.a", "Q7-8.1.b"]), Standing::Shown),
    ] {
        assert_eq!(all[0].standing(&shown), standing, "{shown:?}");
        assert_eq!(all[1].standing(&shown), Standing::NotClaimed, "{shown:?}");
    }
    assert_eq!(fault("Q7-8.1.b", &all), None);
    for (id, word) in [
        ("Q7-8.1", "names no behaviour"),
        ("Q7-8.1.c", "not in the catalogue"),
        ("L9", "no behaviours yet"),
        ("L9.a", "not in the catalogue"),
    ] {
        assert!(fault(id, &all).is_some_and(|said| said.contains(word)), "{id}");
    }
}
