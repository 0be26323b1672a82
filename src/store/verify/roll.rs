//! Names, roles and permissions of every entry and signature, held against what the persons' and the site's
//! own records say of that time.

use crate::domain::roster::{Claimed, Roster, Shown, Wrong};
use crate::domain::state::State;
use crate::seal::entry::Header;
use crate::seal::verify::{Code, Finding, Verifier};
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// The roster while it is learnt, and when it is known.
pub(super) enum Roll {
    /// The records of the site and of persons come: what they claim waits until all are known.
    Learning(Roster, Vec<Waiting>),
    Known(Arc<Roster>),
}

/// An entry that waits.
pub(super) struct Waiting {
    leaf: u64,
    header: Header,
    signatures: Vec<Value>,
}

impl Roll {
    /// Nobody is known yet.
    pub(super) fn empty() -> Self {
        Self::Learning(Roster::default(), Vec::new())
    }

    /// Takes an entry that opened, before it is folded.
    pub(super) fn take(
        &mut self,
        verifier: &mut Verifier,
        leaf: u64,
        header: &Header,
        signatures: &[Value],
    ) {
        match self {
            Self::Learning(_, waiting) => {
                let (header, signatures) = (header.clone(), signatures.to_vec());
                waiting.push(Waiting { leaf, header, signatures });
            }
            Self::Known(roster) => judge(roster, verifier, leaf, header, signatures),
        }
    }

    /// Takes what a record folds to at a leaf.
    pub(super) fn learn(&mut self, leaf: u64, state: &State) {
        if let Self::Learning(roster, _) = self {
            roster.learn(leaf, state);
        }
    }

    /// Everybody is known: what waited is judged.
    pub(super) fn settle(self, verifier: &mut Verifier) -> Arc<Roster> {
        match self {
            Self::Learning(roster, waiting) => {
                for it in waiting {
                    judge(&roster, verifier, it.leaf, &it.header, &it.signatures);
                }
                Arc::new(roster)
            }
            Self::Known(roster) => roster,
        }
    }
}

/// Somebody as a signature shows them; of a statement by a key of the site nothing.
fn shown(signature: &Value) -> Option<Shown<'_>> {
    let text = |name: &str| signature[name].as_str();
    Some(Shown {
        person: Some(Uuid::parse_str(text("person")?).ok()?),
        user_name: text("user_name")?,
        printed_name: text("printed_name")?,
        role: text("role")?,
    })
}

fn judge(
    roster: &Roster,
    verifier: &mut Verifier,
    leaf: u64,
    header: &Header,
    signatures: &[Value],
) {
    let actor = &header.actor;
    let claimed = Claimed {
        from: leaf.saturating_sub(u64::from(header.command.part)),
        record: header.record_id,
        event: &header.event.name,
        actor: Shown {
            person: actor.person,
            user_name: &actor.user_name,
            printed_name: &actor.printed_name,
            role: &header.role,
        },
        authority: header.authority.as_deref(),
        signers: signatures.iter().filter_map(shown).collect(),
    };
    for (wrong, detail) in roster.doubts(&claimed) {
        let code = match wrong {
            Wrong::Who => Code::WhoDiffers,
            Wrong::Role => Code::RoleNotHeld,
            Wrong::Act => Code::ActNotPermitted,
            Wrong::Signer => Code::SignerNotActor,
        };
        verifier.add(Finding {
            record_kind: Some(header.record_kind.clone()),
            record: Some(header.record_id),
            seq: Some(header.seq),
            event: Some(header.event.name.clone()),
            person: Some(format!("{} ({})", actor.printed_name, actor.user_name)),
            at: Some(header.at),
            row: Some(format!("leaf {leaf}")),
            ..Finding::new(code, "journal", &detail)
        });
    }
}
