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
    user_name: String,
    /// Printed name at the act.
    printed_name: String,
    /// Role at the act.
    role: String,
}

/// A signature in the audit trail, with its value.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrailSignatureView {
    /// User name.
    user_name: String,
    /// Printed name.
    printed_name: String,
    /// Role.
    role: String,
    /// Meaning.
    meaning: String,
    /// When.
    at: String,
    /// Fingerprint of the key.
    key: String,
    /// The signature's value, base64.
    value: String,
}

/// A line of the audit trail.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrailEntryView {
    record_kind: String,
    /// Identity of the record.
    record: String,
    /// Its business number.
    number: Option<String>,
    seq: u64,
    /// When (UTC).
    at: String,
    /// When, as people at the site read it.
    shown_at: String,
    /// The site's zone at the act.
    zone: String,
    who: ActorView,
    /// The event's name.
    event: String,
    /// What was done, in words.
    action: String,
    /// To what.
    what: String,
    /// Value before.
    old: Option<String>,
    /// Value after.
    new: Option<String>,
    /// Why.
    reason: Option<String>,
    signatures: Vec<TrailSignatureView>,
    request_id: Option<String>,
    /// Software that wrote it.
    software: String,
    /// The entry's link, hex.
    link: String,
}

/// Part of the audit trail.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrailView {
    /// Lines.
    entries: Vec<TrailEntryView>,
    /// The next part's cursor.
    next: Option<String>,
}

/// A row of the access log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessView {
    seq: u64,
    at: String,
    /// What was attempted.
    what: String,
    user_name: Option<String>,
    station: Option<String>,
    /// `allowed` or `refused`.
    outcome: String,
    code: Option<String>,
    rule: Option<String>,
    request_id: Option<String>,
    #[schema(value_type = Object)]
    detail: Value,
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
            who: ActorView {
                user_name: line.user_name.clone(),
                printed_name: line.printed_name.clone(),
                role: line.role.clone(),
            },
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
