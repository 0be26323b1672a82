//! The audit trail: journal entries in plain words, filtered, newest first.

use crate::app::desk::{Caller, Desk, Failure};
use crate::app::scope::Scope;
use crate::domain::clock::{Instant, Zone};
use crate::domain::device;
use crate::domain::ids::{Key, PersonId, RecordKey, RecordKind};
use crate::domain::policy::Authority;
use crate::domain::refusal::{NOT_FOUND, Refusal};
use crate::domain::state::State;
use crate::identity::user_name::UserName;
use crate::record::model::critical;
use crate::record::model::trail::{Described, SignatureLine, TrailLine, describe};
use crate::seal::digest::to_hex;
use crate::seal::entry::ClockKind;
use crate::store::journal::JournalEntry;
pub use crate::store::trail::Part;
use crate::store::trail::{AuditFilter, audit};
use serde_json::Value;

/// One line of the audit trail.
#[derive(Debug, Clone)]
pub struct AuditLine {
    /// On which record.
    pub record: RecordKey,
    /// Its business number.
    pub number: Option<String>,
    /// The event's name.
    pub event: String,
    /// Who, when, what, why.
    pub line: TrailLine,
    /// Who did what a scribe wrote down: user name.
    pub performed_by: Option<String>,
    /// The request that brought it about.
    pub request_id: Option<String>,
    /// Software that wrote it.
    pub software: String,
}

/// What is asked of the audit trail.
#[derive(Debug, Clone, Default)]
pub struct AuditQuestion {
    /// User name of somebody in the entry.
    pub who: Option<String>,
    /// In which part.
    pub part: Part,
    /// Kind of record.
    pub record_kind: Option<RecordKind>,
    /// Business number of a record (with its kind).
    pub record: Option<String>,
    /// Event names, or a noun with a dot for all of its events; any of them.
    pub actions: Vec<String>,
    /// Only what is critical.
    pub critical: bool,
    /// Words that stand in the reason.
    pub reason: Option<String>,
    /// Words that stand anywhere in what was written.
    pub text: Option<String>,
    /// Written from this moment on.
    pub from: Option<Instant>,
    /// Written before this moment.
    pub to: Option<Instant>,
    /// Done from this moment on.
    pub done_from: Option<Instant>,
    /// Done before this moment.
    pub done_to: Option<Instant>,
    /// The oldest first.
    pub oldest: bool,
    /// After this cursor.
    pub cursor: Option<String>,
    /// At most so many.
    pub limit: usize,
}

/// How often one question goes on where what is asked for is rare.
const ROUNDS: usize = 20;

/// Lines of the audit trail, and where the next part begins.
#[derive(Debug, Clone)]
pub struct AuditPage {
    pub lines: Vec<AuditLine>,
    /// To be given back as cursor.
    pub next: Option<String>,
}

/// A journal entry in plain words.
#[must_use]
pub fn line_of(entry: &JournalEntry) -> AuditLine {
    let header = &entry.header;
    let actor = &header.actor;
    let zone = Zone { name: header.zone.name.clone(), offset_minutes: header.zone.offset_minutes };
    let described: Described = describe(&header.event.name, &entry.data);
    let signatures = entry.signatures.iter().filter_map(|one| signature(one, &zone)).collect();
    AuditLine {
        record: entry.record,
        number: entry.number.clone(),
        event: header.event.name.clone(),
        line: TrailLine {
            seq: header.seq,
            at: Instant(header.at),
            zone,
            clock_apart: header.clock == ClockKind::Unsettled,
            printed_name: actor.printed_name.clone(),
            user_name: actor.user_name.clone(),
            role: header.role.clone(),
            described,
            signatures,
            link: to_hex(&entry.link),
        },
        performed_by: entry.data["basis"]["performed_by"].as_str().map(str::to_owned),
        request_id: header.request_id.clone(),
        software: header.software.clone(),
    }
}

/// Whether words stand in a text, whatever their case.
fn says(text: &str, words: &str) -> bool {
    text.to_lowercase().contains(&words.to_lowercase())
}

/// Whether words stand in any text of a value.
fn holds(value: &Value, words: &str) -> bool {
    match value {
        Value::String(text) => says(text, words),
        Value::Array(items) => items.iter().any(|item| holds(item, words)),
        Value::Object(members) => members.values().any(|member| holds(member, words)),
        Value::Number(number) => says(&number.to_string(), words),
        Value::Null | Value::Bool(_) => false,
    }
}

/// A person's signature as it stands in the body; statements of site keys are not persons'.
fn signature(one: &Value, zone: &Zone) -> Option<SignatureLine> {
    let text = |name: &str| one[name].as_str().map(str::to_owned);
    Some(SignatureLine {
        printed_name: text("printed_name")?,
        user_name: text("user_name")?,
        role: text("role").unwrap_or_default(),
        meaning: text("meaning").unwrap_or_default(),
        at: Instant(one["at"].as_i64().unwrap_or_default()),
        zone: zone.clone(),
        key: one["key"].as_str().unwrap_or_default().to_owned(),
        value: one["value"].as_str().unwrap_or_default().to_owned(),
    })
}

impl AuditQuestion {
    /// Whether an entry says what is looked for: the store finds bodies in which the words stand somewhere.
    fn meets(&self, entry: &JournalEntry, line: &AuditLine) -> bool {
        let reason = line.line.described.reason.as_deref().unwrap_or_default();
        let in_reason = self.reason.as_deref().is_none_or(|words| says(reason, words));
        let in_entry = |words: &str| {
            holds(&entry.data, words) || entry.signatures.iter().any(|one| holds(one, words))
        };
        in_reason && self.text.as_deref().is_none_or(in_entry)
    }

    fn filter(&self, person: Option<PersonId>, record: Option<RecordKey>) -> AuditFilter {
        AuditFilter {
            person,
            part: self.part.clone(),
            named: None,
            record,
            kind: self.record_kind.filter(|_| record.is_none()),
            actions: self.actions.clone(),
            among: if self.critical { critical::events() } else { Vec::new() },
            texts: self.reason.iter().chain(&self.text).cloned().collect(),
            from: self.from,
            to: self.to,
            done_from: self.done_from,
            done_to: self.done_to,
            oldest: self.oldest,
            cursor: self.cursor.clone(),
            limit: self.limit,
        }
    }
}

impl Desk {
    /// The audit trail in the caller's scope, the newest first unless the oldest is asked for. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *read*; `not-found` for a person or a record that is named and is not there.
    pub fn audit_trail(
        &self,
        caller: &Caller,
        question: &AuditQuestion,
    ) -> Result<AuditPage, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let person = self.somebody(question.who.as_deref())?;
        let scope = self.scope(caller)?;
        let record = match (&question.record, question.record_kind) {
            (Some(number), Some(kind)) => {
                let meant = match kind == RecordKind::Device {
                    true => device::key(number),
                    false => State::meant(kind, number),
                };
                let record = self.state(&meant)?.key();
                if !self.in_scope(&scope, record)? {
                    return Err(
                        Refusal::new(&NOT_FOUND, format!("there is no {kind} {number}")).into()
                    );
                }
                Some(record)
            }
            _ => None,
        };
        self.lines(&scope, question, question.filter(person, record))
    }

    /// The audit trail of one run, the oldest first unless the newest is asked for. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn run_trail(
        &self,
        caller: &Caller,
        number: &str,
        question: &AuditQuestion,
    ) -> Result<AuditPage, Failure> {
        let state = self.run(caller, number)?;
        let person = self.somebody(question.who.as_deref())?;
        let filter = question.filter(person, Some(state.key()));
        self.lines(&self.scope(caller)?, question, filter)
    }

    /// The lines that a filter finds and that are in scope and meet the question; a part holds fewer than asked for
    /// where what was looked through for it held no more.
    fn lines(
        &self,
        scope: &Scope,
        question: &AuditQuestion,
        mut filter: AuditFilter,
    ) -> Result<AuditPage, Failure> {
        let wanted = if filter.limit == 0 { 100 } else { filter.limit.min(500) };
        let mut lines = Vec::new();
        for _ in 0..ROUNDS {
            filter.limit = wanted - lines.len();
            let page = self.read(|db| audit(db, &filter))?;
            for entry in &page.items {
                let line = line_of(entry);
                if question.meets(entry, &line) && self.in_scope(scope, entry.record)? {
                    lines.push(line);
                }
            }
            filter.cursor = page.next;
            if filter.cursor.is_none() || lines.len() >= wanted {
                break;
            }
        }
        Ok(AuditPage { lines, next: filter.cursor })
    }

    /// The person that a question names.
    ///
    /// # Errors
    /// `not-found` where nobody is called so: an empty list would read as if they had done nothing.
    pub(in crate::app) fn somebody(&self, who: Option<&str>) -> Result<Option<PersonId>, Failure> {
        who.map(|who| Ok(self.person_named(who)?.key.id)).transpose()
    }

    /// The person a filter names: `None` when it names nobody we know.
    pub(in crate::app) fn person_of(
        &self,
        who: Option<&str>,
    ) -> Result<Option<Option<uuid::Uuid>>, Failure> {
        let Some(who) = who else { return Ok(Some(None)) };
        let Ok(name) = UserName::parse(who) else { return Ok(None) };
        let found = self.find(&Key::Number(RecordKind::Person, name.skeleton().to_owned()))?;
        Ok(found.map(|state| Some(state.key().id)))
    }
}
