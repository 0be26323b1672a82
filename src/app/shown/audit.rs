//! Lines of the audit trail and rows of the access log.

use super::at;
use crate::app::audit::access::AccessRow;
use crate::app::audit::trail::{AuditLine, AuditPage};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Who acted.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActorView {
    /// User name; `system` for the system itself.
    pub user_name: String,
    /// Printed name at the act.
    pub printed_name: String,
    /// Role at the act.
    pub role: String,
}

/// A signature in the audit trail, with its value.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrailSignatureView {
    /// User name.
    pub user_name: String,
    /// Printed name.
    pub printed_name: String,
    /// Role.
    pub role: String,
    /// Meaning.
    pub meaning: String,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Fingerprint of the key.
    pub key: String,
    /// The signature's value, base64.
    pub value: String,
}

/// A line of the audit trail.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrailEntryView {
    pub record_kind: String,
    /// Identity of the record.
    pub record: String,
    /// Its business number.
    pub number: Option<String>,
    pub seq: u64,
    /// When (UTC).
    #[schema(format = DateTime)]
    pub at: String,
    /// When, as people at the site read it.
    pub shown_at: String,
    /// The site's zone at the act.
    pub zone: String,
    /// The server's clock was apart from site time then: hold the time against others.
    pub clock_apart: bool,
    /// When it was done, as it was said (UTC); null: as it was written.
    pub performed_at: Option<String>,
    pub who: ActorView,
    /// User name of who did what a scribe wrote down.
    pub performed_by: Option<String>,
    /// The step's occurrence that it is about.
    pub step: Option<String>,
    /// The entry that it is about.
    pub entry: Option<String>,
    /// The event's name.
    pub event: String,
    /// What was done, in words.
    pub action: String,
    /// To what.
    pub what: String,
    /// Value before.
    pub old: Option<String>,
    /// Value after.
    pub new: Option<String>,
    /// Why.
    pub reason: Option<String>,
    pub signatures: Vec<TrailSignatureView>,
    pub request_id: Option<String>,
    /// Software that wrote it.
    pub software: String,
    /// The entry's link, hex.
    pub link: String,
}

/// Part of the audit trail.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrailView {
    /// Lines.
    pub entries: Vec<TrailEntryView>,
    /// The next part's cursor.
    pub next: Option<String>,
}

/// A row of the access log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessView {
    pub seq: u64,
    #[schema(format = DateTime)]
    pub at: String,
    /// What was attempted.
    pub what: String,
    pub user_name: Option<String>,
    pub station: Option<String>,
    /// `allowed` or `refused`.
    pub outcome: String,
    pub code: Option<String>,
    pub rule: Option<String>,
    pub request_id: Option<String>,
    /// What is known of it.
    #[schema(value_type = Option<Object>)]
    pub detail: Value,
}

/// Part of the access log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessPage {
    /// Rows, newest first.
    pub entries: Vec<AccessView>,
    /// The next part's cursor.
    pub next: Option<String>,
}

impl From<&AuditLine> for TrailEntryView {
    fn from(audit: &AuditLine) -> Self {
        let line = &audit.line;
        let signatures = line.signatures.iter().map(|signed| TrailSignatureView {
            user_name: signed.user_name.clone(),
            printed_name: signed.printed_name.clone(),
            role: signed.role.clone(),
            meaning: signed.meaning.clone(),
            at: at(signed.at),
            key: signed.key.clone(),
            value: signed.value.clone(),
        });
        Self {
            record_kind: audit.record.kind.to_string(),
            record: audit.record.id.to_string(),
            number: audit.number.clone(),
            seq: line.seq,
            at: at(line.at),
            shown_at: line.at.shown(&line.zone),
            zone: line.zone.name.clone(),
            clock_apart: line.clock_apart,
            who: ActorView {
                user_name: line.user_name.clone(),
                printed_name: line.printed_name.clone(),
                role: line.role.clone(),
            },
            performed_at: line.described.performed_at.map(at),
            performed_by: audit.performed_by.clone(),
            step: line.described.named.step.clone(),
            entry: line.described.named.entry.clone(),
            event: audit.event.clone(),
            action: line.described.action.clone(),
            what: line.described.what.clone(),
            old: line.described.old.clone(),
            new: line.described.new.clone(),
            reason: line.described.reason.clone(),
            signatures: signatures.collect(),
            request_id: audit.request_id.clone(),
            software: audit.software.clone(),
            link: line.link.clone(),
        }
    }
}

impl From<&AuditPage> for TrailView {
    fn from(page: &AuditPage) -> Self {
        Self { entries: page.lines.iter().map(Into::into).collect(), next: page.next.clone() }
    }
}

impl From<&AccessRow> for AccessView {
    fn from(row: &AccessRow) -> Self {
        Self {
            seq: row.seq,
            at: super::at_micros(row.at),
            what: row.what.clone(),
            user_name: row.user_name.clone(),
            station: row.station.clone(),
            outcome: row.outcome.clone(),
            code: row.code.clone(),
            rule: row.rule.clone(),
            request_id: row.request_id.clone(),
            detail: row.detail.clone(),
        }
    }
}
