//! Issuing a run: a dated, signed reproduction of the right master record (21 CFR 211.188(a)).

use crate::domain::act::require_signer;
use crate::domain::clock::ClockKind;
use crate::domain::command::Stamp;
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::master::state::{Master, MasterPhase};
use crate::domain::numbered::numbered;
use crate::domain::policy::{Authority, Place};
use crate::domain::recipe::MasterRecord;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::issued::Issued;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::refusal::MASTER_NOT_EFFECTIVE;
use crate::domain::signing::Meaning;
use crate::domain::words::{MasterRef, OnCritical};

/// Issues a run from a master record's effective version, signed as issued and checked. That the
/// batch number is new, and that the issue number follows without gap, is decided by the command
/// that holds the site's record; here the number only has to be one.
///
/// # Errors
/// `authority-missing`, `malformed` number, `master-not-effective` (F16), signature.
pub fn issue(
    master: &Master,
    recipe: &MasterRecord,
    facts: &RunFacts<'_>,
    number: &str,
    issue_no: u64,
    stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let place = Place { product: Some(&master.product), area: None };
    let permit = facts.actor.permit(facts.site, &[Authority::Issue], place)?;
    let number = numbered(number).map_err(|detail| Refusal::new(&MALFORMED, detail))?;
    let phase = master.phase_at(stamp.at);
    if phase != MasterPhase::Effective {
        let from = master.effective_from.filter(|_| phase == MasterPhase::Approved);
        let from = from.map(|from| format!(", effective from {}", from.shown(&stamp.zone)));
        let (code, version, word) = (&master.code, master.version, phase.as_str());
        let detail = format!("{code}~{version} is {word}{}", from.unwrap_or_default());
        return Err(Refusal::new(&MASTER_NOT_EFFECTIVE, detail));
    }
    let meaning = Meaning::IssuedAndChecked;
    let signed = require_signer(stamp, facts.actor, facts.site, meaning, &permit.role)?;
    let event = RunEvent::Issued(Issued {
        number: number.key,
        printed: number.printed,
        issue_no,
        purpose: recipe.purpose,
        master: MasterRef {
            record: master.key,
            code: master.code.clone(),
            version: master.version,
            content_hash: master.content_hash.clone(),
        },
        product: recipe.product.code.clone(),
    });
    let issued = Ruling::signed(permit, event, vec![signed]);
    if stamp.clock != ClockKind::Unsettled {
        return Ok(issued);
    }
    let detail =
        "issued while the server's clock was apart from site time: hold its times against others";
    Ok(issued.and(RunEvent::ExceptionOpened(Opened {
        no: 1,
        kind: ExceptionKind::ClockJump,
        severity: Severity::Major,
        effect: OnCritical::Continue,
        at: None,
        detail: detail.to_owned(),
    })))
}
