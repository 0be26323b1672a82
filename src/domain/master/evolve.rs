//! Folds a master's entries into its state. No rule lives here.

use super::refusal;
use super::state::{Master, MasterEvent, MasterPhase};
use crate::domain::command::{EvolveFault, Happened};
use crate::domain::ids::RecordKey;
use crate::domain::noun::{Frozen, Noun, Reach, text_in, variant, word};
use crate::domain::permits::{Admitted, Row, by, in_rows};
use crate::domain::policy::Authority;
use crate::domain::refusal::Rule;
use crate::domain::ruling::typed;
use crate::domain::signing::{Meaning, Signed};
use crate::domain::words::Who;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Folds one entry.
///
/// # Errors
/// A fault naming an entry that cannot be.
pub fn evolve(current: Option<Master>, happened: &Happened<'_>) -> Result<Master, EvolveFault> {
    let event: MasterEvent = typed(happened, "master")?;
    let mut master =
        if let MasterEvent::Drafted { code, version, title, product, content_hash } = &event {
            if current.is_some() {
                return Err(EvolveFault::of(happened, "the version was begun before"));
            }
            drafted(happened, code, *version, [title, product, content_hash])
        } else {
            current.ok_or_else(|| EvolveFault::of(happened, "the version was never begun"))?
        };
    master.seq = happened.seq;
    master.head = happened.link;
    apply(&mut master, event, happened);
    Ok(master)
}

fn drafted(happened: &Happened<'_>, code: &str, version: u32, texts: [&String; 3]) -> Master {
    let [title, product, content_hash] = texts.map(Clone::clone);
    Master {
        key: happened.record,
        code: code.to_owned(),
        version,
        title,
        product,
        phase: MasterPhase::Draft,
        content_hash,
        authors: happened.actor.map(|actor| actor.person).into_iter().collect::<BTreeSet<_>>(),
        authored: None,
        checked: None,
        approved: None,
        voided: Vec::new(),
        effective_from: None,
        superseded: BTreeMap::new(),
        returned: None,
        seq: happened.seq,
        head: happened.link,
    }
}

fn apply(master: &mut Master, event: MasterEvent, happened: &Happened<'_>) {
    match event {
        MasterEvent::Drafted { .. } => {}
        MasterEvent::Edited { title, product, content_hash, .. } => {
            void(master);
            master.phase = MasterPhase::Draft;
            master.title = title;
            master.product = product;
            master.content_hash = content_hash;
            master.authors.extend(happened.actor.map(|actor| actor.person));
        }
        MasterEvent::Submitted { .. } => {
            master.phase = MasterPhase::InCheck;
            master.authored = signed(happened, Meaning::Authored);
        }
        MasterEvent::Checked { .. } => {
            master.phase = MasterPhase::InApproval;
            master.checked = signed(happened, Meaning::Checked);
        }
        MasterEvent::Approved { effective_from, .. } => {
            master.phase = MasterPhase::Approved;
            master.approved = signed(happened, Meaning::Approved);
            master.effective_from = Some(effective_from);
        }
        MasterEvent::Returned { reason } => {
            void(master);
            master.phase = MasterPhase::Draft;
            master.returned = Some((happened.at, who(happened), reason));
        }
        MasterEvent::MadeEffective {} | MasterEvent::Reinstated { .. } => {
            master.phase = MasterPhase::Effective;
        }
        MasterEvent::Suspended { .. } => master.phase = MasterPhase::Suspended,
        MasterEvent::Superseded { by_version, from } => {
            master.superseded.insert(by_version, from);
        }
        MasterEvent::SupersessionLifted { by_version } => {
            master.superseded.remove(&by_version);
        }
        MasterEvent::Retired { .. } => master.phase = MasterPhase::Retired,
    }
}

/// Signatures over content that is no longer in force stay readable, as voided.
fn void(master: &mut Master) {
    let signatures = [master.authored.take(), master.checked.take(), master.approved.take()];
    master.voided.extend(signatures.into_iter().flatten());
    master.effective_from = None;
}

fn signed(happened: &Happened<'_>, meaning: Meaning) -> Option<Signed> {
    happened.signatures.iter().find(|signed| signed.meaning == meaning).cloned()
}

fn who(happened: &Happened<'_>) -> Who {
    Who {
        person: happened.actor.map(|actor| actor.person),
        printed_name: happened.actor.map_or_else(|| "system".into(), |a| a.printed_name.clone()),
        user_name: happened.actor.map_or_else(|| "system".into(), |a| a.user_name.clone()),
        role: happened.role.to_owned(),
    }
}

/// Events that carry a person's signature in every case.
pub const SIGNED: &[&str] =
    &["approved", "checked", "reinstated", "retired", "returned", "submitted"];

/// How each of its events may come about.
const ADMITTED: &[Row] = &[
    (&["drafted", "edited", "submitted"], by(&[Authority::AuthorMaster])),
    (&["checked"], by(&[Authority::CheckMaster])),
    (&["approved", "made-effective", "suspended"], by(&[Authority::ApproveMaster])),
    (&["reinstated", "retired", "superseded"], by(&[Authority::ApproveMaster])),
    (&["supersession-lifted"], by(&[Authority::ApproveMaster])),
    (
        &["returned"],
        by(&[Authority::AuthorMaster, Authority::CheckMaster, Authority::ApproveMaster]),
    ),
];

impl Noun for Master {
    fn key(&self) -> RecordKey {
        self.key
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn head(&self) -> [u8; 32] {
        self.head
    }

    fn number(&self) -> Option<String> {
        Some(format!("{}~{}", self.code, self.version))
    }

    fn number_in(data: &Value) -> String {
        format!("{}~{}", text_in(data, "code"), data["version"])
    }

    fn phase(&self) -> String {
        word(&self.phase)
    }

    fn reach(&self) -> Reach<'_> {
        Reach::Product(&self.product)
    }

    fn rules() -> Vec<&'static Rule> {
        refusal::ALL.to_vec()
    }

    fn is_signed(event: &str) -> bool {
        SIGNED.contains(&event)
    }

    fn admitted(event: &str) -> Admitted {
        in_rows(ADMITTED, event)
    }

    fn has_event(name: &str) -> Result<(), String> {
        variant::<MasterEvent>(name)
    }

    fn evolve(
        current: Option<Self>,
        happened: &Happened<'_>,
        _frozen: Frozen,
    ) -> Result<Self, EvolveFault> {
        evolve(current, happened)
    }
}
