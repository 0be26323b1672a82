//! What is foreseen, and what is handed over.

use super::{SignatureView, at, word};
use crate::app::run::foreseen::{Able, Ahead, Foreseen, Handing};
use crate::domain::run::floor::{HandoverRun, HandoverSection};
use serde::Serialize;
use utoipa::ToSchema;

/// What the rules will say of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreflightView {
    /// From this moment.
    #[schema(format = DateTime)]
    pub at: String,
    /// Up to this one.
    #[schema(format = DateTime)]
    pub until: String,
    /// In order of time, then of the process.
    pub foreseen: Vec<ForeseenView>,
}

/// One thing foreseen.
#[derive(Debug, Serialize, ToSchema)]
pub struct ForeseenView {
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// `possible`, `refused`, `due`, `overdue` or `expires`.
    pub sort: String,
    /// `start`, `complete`, `close`, `pass` or `complete-run`, where it concerns an act.
    pub act: Option<String>,
    /// Where: an occurrence, entry or gate; `run` for the whole.
    pub place: String,
    /// Code of the refusal, where it would be one.
    pub code: Option<String>,
    /// Requirement id.
    pub rule: String,
    /// Clause behind it.
    pub clause: String,
    /// What.
    pub what: String,
    /// What is missing.
    pub missing: Vec<String>,
    /// Which authorities can do or resolve it.
    pub who_can: String,
    /// Up to five active holders of them here, where you may see persons. For what takes independence of
    /// the batch (triage, review, release), nobody who took part in it.
    pub persons: Option<Vec<String>>,
    /// Why nobody of the site can, where `persons` is empty although somebody should act.
    pub nobody: Option<String>,
}

/// What would be handed over.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandoverView {
    /// Computed for this moment.
    #[schema(format = DateTime)]
    pub at: String,
    /// Sections with their lines; an empty one says that there is nothing.
    pub sections: Vec<SectionView>,
    /// Handovers so far.
    pub handovers: Vec<HandedView>,
}

/// A section of a handover.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionView {
    /// Title.
    pub title: String,
    /// Lines.
    pub lines: Vec<String>,
}

/// A handover that was signed.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandedView {
    /// From 1.
    pub no: u32,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// What the outgoing person added.
    pub remark: String,
    /// What both saw.
    pub sections: Vec<SectionView>,
    /// Both signatures.
    pub signed: Vec<SignatureView>,
}

/// Lines of what is missing that are shown for one thing.
const SHOWN: usize = 20;

fn bounded(missing: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = missing.iter().take(SHOWN).cloned().collect();
    if missing.len() > SHOWN {
        lines.push(format!("and {} more", missing.len() - SHOWN));
    }
    lines
}

impl From<&(Foreseen, Option<Able>)> for ForeseenView {
    fn from((row, able): &(Foreseen, Option<Able>)) -> Self {
        Self {
            at: at(row.at),
            sort: word(&row.sort),
            act: row.act.as_ref().map(word),
            place: row.place.clone(),
            code: row.code.map(str::to_owned),
            rule: row.rule.clone(),
            clause: row.clause.clone(),
            what: row.what.clone(),
            missing: bounded(&row.missing),
            who_can: row.who(),
            persons: able.as_ref().map(|able| able.persons.clone()),
            nobody: able.as_ref().and_then(|able| able.nobody.clone()),
        }
    }
}

impl From<&Ahead> for PreflightView {
    fn from(ahead: &Ahead) -> Self {
        Self {
            at: at(ahead.at),
            until: at(ahead.until),
            foreseen: ahead.foreseen.iter().map(Into::into).collect(),
        }
    }
}

impl From<&HandoverSection> for SectionView {
    fn from(section: &HandoverSection) -> Self {
        Self { title: section.title.clone(), lines: section.lines.clone() }
    }
}

impl From<&HandoverRun> for HandedView {
    fn from(handed: &HandoverRun) -> Self {
        Self {
            no: handed.told.no,
            at: at(handed.at),
            remark: handed.told.remark.clone(),
            sections: handed.told.sections.iter().map(Into::into).collect(),
            signed: handed.signed.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Handing> for HandoverView {
    fn from(handing: &Handing) -> Self {
        Self {
            at: at(handing.at),
            sections: handing.sections.iter().map(Into::into).collect(),
            handovers: handing.past.iter().map(Into::into).collect(),
        }
    }
}
