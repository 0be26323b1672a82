//! The audit trail over all records or of one: which entries, in the order in which they were written.
//!
//! What is asked for is found by places alone, along an index; the entries of a part are then read and opened.
//! Only free text has no index: it is looked for in the bodies, in the order of the list.

use super::db::{Db, on_engine};
use super::fault::StoreError;
use super::journal::{JournalEntry, Page, Stored, columns, cursor, open};
use super::noun::mention::{Sort, moment};
use super::noun::record::records;
use super::question::{Conditions, Dialect, Listed, Two, and_one, text};
use super::schema::journal;
use crate::domain::clock::Instant;
use crate::domain::ids::{PersonId, RecordKey, RecordKind};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::collections::HashMap;

/// In which part somebody stands in an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Part {
    /// In any.
    #[default]
    Any,
    Actor,
    /// Signed beside whoever acted.
    Second,
    /// Did what a scribe wrote down.
    Performer,
    /// Was given a deviation.
    Owner,
    /// Vouched for something: witnessed, verified, checked, counter-signed, vouched for somebody, or did what a
    /// scribe wrote down.
    Attested,
    /// Signed or checked with this meaning, as in `witnessed`.
    Meaning(String),
}

/// Meanings with which somebody vouches for what others did.
pub const ATTESTING: &[&str] =
    &["witnessed", "verified", "checked", "ratified", "identity-verified", "took-over"];

impl Part {
    fn condition(&self) -> Option<String> {
        match self {
            Self::Any => None,
            Self::Actor => Some("m.part = 'actor'".into()),
            Self::Second => Some("m.part = 'second'".into()),
            Self::Performer => Some("m.part = 'performer'".into()),
            Self::Owner => Some("m.part = 'owner'".into()),
            Self::Attested => {
                let all: Vec<String> = ATTESTING.iter().map(|word| text(word)).collect();
                Some(format!("(m.part <> 'actor' OR m.meaning IN ({}))", all.join(", ")))
            }
            Self::Meaning(meaning) => Some(format!("m.meaning = {}", text(meaning))),
        }
    }
}

/// Which entries of the audit trail.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// In which this person stands.
    pub person: Option<PersonId>,
    /// In this part.
    pub part: Part,
    /// That name this thing: what sort, and which.
    pub named: Option<(Sort, Vec<u8>)>,
    /// Of this record.
    pub record: Option<RecordKey>,
    /// Of records of this kind.
    pub kind: Option<RecordKind>,
    /// With one of these events, as in `run.entry-recorded`, or all of a noun, as in `run.`.
    pub actions: Vec<String>,
    /// With one of these events too: what a list of grave ones holds.
    pub among: Vec<String>,
    /// In whose bodies each of these stands, as far as the engine can tell; whoever reads looks again.
    pub texts: Vec<String>,
    /// Written from this moment on.
    pub from: Option<Instant>,
    /// Written before this moment.
    pub to: Option<Instant>,
    /// Done from this moment on, as it was said.
    pub done_from: Option<Instant>,
    /// Done before this moment, as it was said.
    pub done_to: Option<Instant>,
    /// The oldest first.
    pub oldest: bool,
    /// After this cursor.
    pub cursor: Option<String>,
    /// At most so many (1 to 500; 0: 100).
    pub limit: usize,
}

/// Where the entries come from, and the columns of their order.
struct Source {
    from: &'static str,
    at: &'static str,
    then: &'static str,
}

const OF_MENTIONS: Source =
    Source { from: "mentioned m CROSS JOIN journal j", at: "m.at", then: "m.leaf" };
const OF_CLAIMS: Source =
    Source { from: "mentioned d CROSS JOIN journal j", at: "j.at", then: "j.leaf" };
const OF_JOURNAL: Source = Source { from: "journal j", at: "j.at", then: "j.leaf" };
/// Entries of one record stand in the order of their sequence.
const OF_RECORD: Source = Source { from: "journal j", at: "j.seq", then: "j.leaf" };

impl Listed for AuditFilter {
    fn asks(&self, dialect: Dialect) -> Result<String, StoreError> {
        let place = cursor::read::<Two>(self.cursor.as_deref())?;
        let (limit, order) = (and_one(self.limit), if self.oldest { "ASC" } else { "DESC" });
        let asked = |source: &Source, conditions: &Conditions| {
            let Source { from, at, then } = source;
            format!(
                "SELECT j.at AS at, j.leaf AS leaf FROM {from}{conditions} \
                 ORDER BY {at} {order}, {then} {order} LIMIT {limit}"
            )
        };
        if let Some((sort, word)) = self.mention() {
            let mut conditions = Conditions::default();
            conditions.and("j.leaf = m.leaf");
            conditions.and(&format!("m.sort = {}", text(sort.as_str())));
            conditions.and(&format!("m.word = {}", dialect.bytes(&word)));
            self.more(dialect, &OF_MENTIONS, place, &mut conditions);
            if self.is_done() {
                conditions.and(&format!("({})", self.done(dialect)));
            }
            return Ok(asked(&OF_MENTIONS, &conditions));
        }
        let source = if self.record.is_some() { &OF_RECORD } else { &OF_JOURNAL };
        let mut conditions = Conditions::default();
        if !self.is_done() {
            self.more(dialect, source, place, &mut conditions);
            return Ok(asked(source, &conditions));
        }
        // What was said to be done then, and what was written then without such a word: each along its index.
        let mut claimed = Conditions::default();
        claimed.and("j.leaf = d.leaf");
        claimed.and(&self.claims(dialect));
        self.more(dialect, &OF_CLAIMS, place, &mut claimed);
        conditions.between("j.at", self.done_from.map(|at| at.0), self.done_to.map(|at| at.0));
        conditions.and(&format!("NOT EXISTS ({UNCLAIMED})"));
        self.more(dialect, &OF_JOURNAL, place, &mut conditions);
        Ok(format!(
            "SELECT at, leaf FROM (SELECT * FROM ({}) AS a UNION ALL SELECT * FROM ({}) AS b) AS c \
             ORDER BY at {order}, leaf {order} LIMIT {limit}",
            asked(&OF_CLAIMS, &claimed),
            asked(&OF_JOURNAL, &conditions)
        ))
    }
}

/// That somebody said when an entry was done.
const UNCLAIMED: &str = "SELECT 1 FROM mentioned u WHERE u.record = j.record_id AND u.seq = j.seq \
                         AND u.sort = 'performed'";

impl AuditFilter {
    fn mention(&self) -> Option<(Sort, Vec<u8>)> {
        let person = self.person.map(|id| (Sort::Person, id.as_bytes().to_vec()));
        person.or_else(|| self.named.clone())
    }

    fn is_done(&self) -> bool {
        self.done_from.is_some() || self.done_to.is_some()
    }

    /// What was said to be done within the time that is asked for.
    fn claims(&self, dialect: Dialect) -> String {
        let mut all = vec!["d.sort = 'performed'".to_owned()];
        let bound = |at: Instant| dialect.bytes(&moment(at.0));
        all.extend(self.done_from.map(|at| format!("d.word >= {}", bound(at))));
        all.extend(self.done_to.map(|at| format!("d.word < {}", bound(at))));
        all.join(" AND ")
    }

    /// That an entry was done within the time, as it was said, or else as it was written.
    fn done(&self, dialect: Dialect) -> String {
        let mut written = vec![format!("NOT EXISTS ({UNCLAIMED})")];
        written.extend(self.done_from.map(|at| format!("j.at >= {}", at.0)));
        written.extend(self.done_to.map(|at| format!("j.at < {}", at.0)));
        format!(
            "EXISTS (SELECT 1 FROM mentioned d WHERE d.record = j.record_id AND d.seq = j.seq \
             AND {}) OR ({})",
            self.claims(dialect),
            written.join(" AND ")
        )
    }

    fn more(&self, dialect: Dialect, source: &Source, place: Option<Two>, all: &mut Conditions) {
        if let Some(part) = self.part.condition().filter(|_| self.person.is_some()) {
            all.and(&part);
        }
        if let (Some((sort, word)), Some(_)) = (&self.named, self.person) {
            all.and(&format!(
                "EXISTS (SELECT 1 FROM mentioned n WHERE n.record = j.record_id AND n.seq = j.seq \
                 AND n.sort = {} AND n.word = {})",
                text(sort.as_str()),
                dialect.bytes(word)
            ));
        }
        if let Some(record) = self.record {
            all.and(&format!("j.record_id = {}", dialect.bytes(record.id.as_bytes())));
        }
        self.events(all);
        let at = if source.at == "m.at" { "m.at" } else { "j.at" };
        all.between(at, self.from.map(|at| at.0), self.to.map(|at| at.0));
        for needle in &self.texts {
            let like = dialect.like();
            all.and(&format!("j.body {like} {} ESCAPE '!'", text(&pattern(needle))));
        }
        self.behind(source, place, all);
    }

    /// Which events. Of most there are few, and their index leads to them; of runs' there are many, and whoever
    /// goes along the trail soon meets one.
    fn events(&self, all: &mut Conditions) {
        if let Some(kind) = self.kind {
            all.and(&of_noun(kind.as_str()));
        }
        let single: Vec<String> =
            self.actions.iter().filter(|name| !name.ends_with('.')).cloned().collect();
        let mut named: Vec<String> =
            self.actions.iter().filter_map(|name| name.strip_suffix('.')).map(of_noun).collect();
        match (single.as_slice(), named.is_empty()) {
            ([], true) => {}
            ([one], true) => all.and(&format!("j.event = {}", text(one))),
            (some, _) => {
                named.extend(some.iter().map(|one| format!("j.event = {}", text(one))));
                all.and(&format!("({})", named.join(" OR ")));
            }
        }
        if !self.among.is_empty() {
            // Written so that the index of events, which would sort them all, is left alone.
            all.one_of("(j.event || '')", &self.among);
        }
    }

    fn behind(&self, source: &Source, place: Option<Two>, all: &mut Conditions) {
        let Some(Two(at, leaf)) = place else { return };
        if source.at == "j.seq" {
            let sign = if self.oldest { '>' } else { '<' };
            all.and(&format!("j.leaf {sign} {leaf}"));
        } else if self.oldest {
            let Source { at: first, then, .. } = source;
            all.and(&format!("{first} >= {at}"));
            all.and(&format!("({first} > {at} OR {then} > {leaf})"));
        } else {
            all.behind((source.at, source.then), Some((at, leaf)));
        }
    }
}

/// Of records of a noun.
fn of_noun(noun: &str) -> String {
    if noun == RecordKind::Run.as_str() {
        return format!("j.record_kind = {}", text(noun));
    }
    let (from, to) = (format!("{noun}."), format!("{noun}/"));
    format!("(j.event >= {} AND j.event < {})", text(&from), text(&to))
}

/// A pattern that every body fits in which the words stand, in whatever case they do; the body writes some
/// characters in another way, and SQLite knows the case of ASCII alone.
fn pattern(words: &str) -> String {
    let mut pattern = String::from("%");
    for c in words.chars() {
        match c {
            '%' | '_' | '!' => pattern.extend(['!', c]),
            '"' | '\\' | '\u{7f}' => pattern.push('%'),
            c if !c.is_ascii() || c.is_ascii_control() => pattern.push('%'),
            c => pattern.push(c),
        }
    }
    pattern.push('%');
    pattern
}

/// A part of the audit trail, the newest entry first unless the oldest is asked for.
///
/// # Errors
/// The engine's, or an entry that cannot be.
pub fn audit(conn: &mut Db, filter: &AuditFilter) -> Result<Page<JournalEntry>, StoreError> {
    let asks = filter.asks(Dialect::of(conn))?;
    let places: Vec<(i64, i64)> =
        on_engine!(conn, conn => sql::<(BigInt, BigInt)>(&asks).load(conn)?);
    let leaves: Vec<i64> = places.iter().map(|(_, leaf)| *leaf).collect();
    let joined = journal::table.left_join(records::table.on(records::id.eq(journal::record_id)));
    let of_leaves = joined.filter(journal::leaf.eq_any(leaves));
    let found: Vec<(i64, Stored, Option<String>)> =
        of_leaves.select((journal::leaf, columns(), records::number.nullable())).load(conn)?;
    let mut entries: HashMap<i64, (Stored, Option<String>)> =
        found.into_iter().map(|(leaf, stored, number)| (leaf, (stored, number))).collect();
    let in_order = places.into_iter().filter_map(|(at, leaf)| {
        let (stored, number) = entries.remove(&leaf)?;
        let opened = open(stored).map(|entry| JournalEntry { number, ..entry });
        Some(opened.map(|entry| (entry, format!("{at}~{leaf}"))))
    });
    Page::of(in_order, cursor::limit(filter.limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    // shows: PICS-2.b
    #[test]
    fn a_pattern_fits_every_way_in_which_a_body_writes_the_words() {
        assert_eq!(pattern("100 %_!"), "%100 !%!_!!%");
        assert_eq!(pattern("Größe \"x\""), "%Gr%%e %x%%");
    }
}
