//! Master records.

use super::{SignatureView, at, at_micros, word};
use crate::app::master::list::{Finding, MasterRow};
use crate::domain::master::state::Master;
use crate::http::preconditions::etag;
use serde::Serialize;
use utoipa::ToSchema;

/// A version of a master record as a line of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct MasterLine {
    /// Code.
    code: String,
    /// Version.
    version: i64,
    /// Title.
    title: String,
    /// Product code.
    product: String,
    /// Phase.
    phase: String,
    /// SHA-256 of its content, hex.
    content_hash: String,
    /// Effective from.
    effective_from: Option<String>,
}

/// Part of a list of master records.
#[derive(Debug, Serialize, ToSchema)]
pub struct MasterPage {
    /// By code, the newest version first.
    pub masters: Vec<MasterLine>,
    /// The next part's cursor.
    pub next: Option<String>,
}

/// A version of a master record.
#[derive(Debug, Serialize, ToSchema)]
pub struct MasterView {
    code: String,
    version: u32,
    title: String,
    product: String,
    phase: String,
    content_hash: String,
    authored: Option<SignatureView>,
    checked: Option<SignatureView>,
    approved: Option<SignatureView>,
    voided: Vec<SignatureView>,
    effective_from: Option<String>,
    returned: Option<String>,
    seq: u64,
    etag: String,
}

/// What is wrong with a master record.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingView {
    /// JSON pointer into the content.
    pointer: String,
    /// Sort of finding.
    code: String,
    /// Requirement id.
    rule: String,
    /// What is wrong, and what to do.
    detail: String,
}

/// Everything that keeps a version from being submitted.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingsView {
    /// None: it can be submitted.
    pub findings: Vec<FindingView>,
}

impl From<&MasterRow> for MasterLine {
    fn from(row: &MasterRow) -> Self {
        Self {
            code: row.code.clone(),
            version: row.version,
            title: row.title.clone(),
            product: row.product.clone(),
            phase: row.phase.clone(),
            content_hash: row.content_hash.clone(),
            effective_from: row.effective_from.map(at_micros),
        }
    }
}

impl From<&Master> for MasterView {
    fn from(master: &Master) -> Self {
        Self {
            code: master.code.clone(),
            version: master.version,
            title: master.title.clone(),
            product: master.product.clone(),
            phase: word(&master.phase),
            content_hash: master.content_hash.clone(),
            authored: master.authored.as_ref().map(Into::into),
            checked: master.checked.as_ref().map(Into::into),
            approved: master.approved.as_ref().map(Into::into),
            voided: master.voided.iter().map(Into::into).collect(),
            effective_from: master.effective_from.map(at),
            returned: master.returned.as_ref().map(|(_, _, reason)| reason.clone()),
            seq: master.seq,
            etag: etag(master.seq),
        }
    }
}

impl From<&Finding> for FindingView {
    fn from(finding: &Finding) -> Self {
        Self {
            pointer: finding.pointer.clone(),
            code: finding.code.clone(),
            rule: finding.rule.clone(),
            detail: finding.sentence.clone(),
        }
    }
}
