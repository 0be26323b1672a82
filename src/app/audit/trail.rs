//! The audit trail: journal entries in plain words, filtered, newest first.

use crate::app::desk::{Caller, Desk, Failure};
use crate::domain::clock::{Instant, Zone};
use crate::domain::device;
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::policy::Authority;
use crate::domain::refusal::{NOT_FOUND, Refusal};
use crate::domain::state::State;
use crate::identity::user_name::UserName;
use crate::record::model::trail::{Described, SignatureLine, TrailLine, describe};
use crate::seal::digest::to_hex;
use crate::seal::entry::ClockKind;
use crate::store::journal::{AuditFilter, JournalEntry, audit, entries};
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
    /// The request that brought it about.
    pub request_id: Option<String>,
    /// Software that wrote it.
    pub software: String,
}

/// What is asked of the audit trail.
#[derive(Debug, Clone, Default)]
pub struct AuditQuestion {
    /// User name of who acted.
    pub who: Option<String>,
    /// Kind of record.
    pub record_kind: Option<RecordKind>,
    /// Business number of a record (with its kind).
    pub record: Option<String>,
    /// Event name, or a noun with a dot for all of its events.
    pub action: Option<String>,
    /// From this moment on.
    pub from: Option<Instant>,
    /// Before this moment.
    pub to: Option<Instant>,
    /// After this cursor.
    pub cursor: Option<String>,
    /// At most so many.
    pub limit: usize,
}

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
        request_id: header.request_id.clone(),
        software: header.software.clone(),
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

impl Desk {
    /// The audit trail in the caller's scope, newest first. Blocks.
    ///
    /// # Errors
    /// `authority-missing` without *read*; `not-found` for a record that is named and is not there.
    pub fn audit_trail(
        &self,
        caller: &Caller,
        question: &AuditQuestion,
    ) -> Result<AuditPage, Failure> {
        self.may_read(caller, &[Authority::Read], None)?;
        let Some(person) = self.person_of(question.who.as_deref())? else {
            return Ok(AuditPage { lines: Vec::new(), next: None });
        };
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
        let filter = AuditFilter {
            person,
            record,
            kind: question.record_kind,
            action: question.action.clone(),
            from: question.from,
            to: question.to,
            cursor: question.cursor.clone(),
            limit: question.limit,
        };
        let page = self.read(|db| audit(db, &filter))?;
        let mut lines = Vec::with_capacity(page.items.len());
        for entry in &page.items {
            if self.in_scope(&scope, entry.record)? {
                lines.push(line_of(entry));
            }
        }
        Ok(AuditPage { lines, next: page.next })
    }

    /// The whole audit trail of one run, in order. Blocks.
    ///
    /// # Errors
    /// `not-found`, `authority-missing` without *read*.
    pub fn run_trail(&self, caller: &Caller, number: &str) -> Result<AuditPage, Failure> {
        let state = self.run(caller, number)?;
        let found = self.read(|db| entries(db, state.key(), 0))?;
        Ok(AuditPage { lines: found.iter().map(line_of).collect(), next: None })
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
