//! Writing a version: begin, edit, submit.

use super::super::command::{Act, Examined, Written};
use super::super::refusal::{
    CODE_DIFFERS, CONTENT_DIFFERS, FAULTY, NOT_AN_AUTHOR, NOT_YET_SUPPORTED, VERSION_GAP,
    VERSION_OPEN, VERSION_TAKEN,
};
use super::super::state::{Master, MasterEvent, MasterPhase};
use super::{Facts, in_phase, reason};
use crate::domain::act::require_signer;
use crate::domain::command::Stamp;
use crate::domain::ids::check_number;
use crate::domain::numbered::numbered;
use crate::domain::policy::Authority;
use crate::domain::recipe::check::{NOT_YET_SUPPORTED as LATER, check};
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::ruling::Ruling;
use crate::domain::signing::Meaning;

/// What a draft must say of itself; all else may be missing until submission.
struct Heading {
    title: String,
    product: String,
}

fn heading(content: &Written, code: &str) -> Result<Heading, Refusal> {
    let text = |pointer: &str| {
        content.document.pointer(pointer).and_then(serde_json::Value::as_str).ok_or_else(|| {
            let detail = format!("the document has no text at {pointer}");
            Refusal::new(&MALFORMED, detail).missing(vec![pointer.to_owned()])
        })
    };
    let named = text("/code")?;
    let own =
        numbered(named).map_err(|detail| Refusal::new(&MALFORMED, format!("code: {detail}")))?;
    if own.key != code {
        let detail = format!("it is {named}, the record is {code}");
        return Err(Refusal::new(&CODE_DIFFERS, detail));
    }
    Ok(Heading { title: text("/title")?.to_owned(), product: text("/product/code")?.to_owned() })
}

/// A new version. One is prepared at a time, so that there is no doubt which is next.
pub(super) fn draft(
    facts: Facts<'_>,
    code: &str,
    version: u32,
    content: &Written,
    stamp: &Stamp,
) -> Result<Ruling<MasterEvent>, Refusal> {
    check_number(code).map_err(|detail| Refusal::new(&MALFORMED, detail))?;
    let Heading { title, product } = heading(content, code)?;
    let (_, permit) = facts.permitted(&[Authority::AuthorMaster], &product)?;
    if let Some(taken) = facts.subject {
        let detail = format!("{code}~{version} is {}", taken.phase_at(stamp.at).as_str());
        return Err(Refusal::new(&VERSION_TAKEN, detail));
    }
    let before = facts.earlier.iter().find(|master| master.version + 1 == version);
    match before {
        None if version == 1 => {}
        None => {
            let detail = format!("there is no version before {version} of {code}");
            return Err(Refusal::new(&VERSION_GAP, detail));
        }
        Some(before) if before.phase < MasterPhase::Approved => {
            let detail = format!("{code}~{} is {}", before.version, before.phase.as_str());
            return Err(Refusal::new(&VERSION_OPEN, detail));
        }
        // The code belongs to the product whose grants reached the earlier versions.
        Some(before) if before.product != product => {
            facts.permitted(&[Authority::AuthorMaster], &before.product)?;
        }
        Some(_) => {}
    }
    let content_hash = content.hash.clone();
    let code = code.to_owned();
    Ok(Ruling::of(permit, MasterEvent::Drafted { code, version, title, product, content_hash }))
}

/// Other content: whoever edits is an author from now on, and every signature is void.
pub(super) fn edit(
    facts: Facts<'_>,
    subject: &Master,
    content: &Written,
    why: &str,
    stamp: &Stamp,
) -> Result<Ruling<MasterEvent>, Refusal> {
    facts.permitted(&[Authority::AuthorMaster], &subject.product)?;
    in_phase(subject, Act::Edit, stamp.at)?;
    let Heading { title, product } = heading(content, &subject.code)?;
    let (_, permit) = facts.permitted(&[Authority::AuthorMaster], &product)?;
    let content_hash = content.hash.clone();
    let reason = reason(why)?;
    Ok(Ruling::of(permit, MasterEvent::Edited { title, product, content_hash, reason }))
}

/// The author's signature over content that has nothing wrong with it.
pub(super) fn submit(
    facts: Facts<'_>,
    subject: &Master,
    content: &Written,
    examined: &Examined,
    stamp: &Stamp,
) -> Result<Ruling<MasterEvent>, Refusal> {
    let (actor, permit) = facts.permitted(&[Authority::AuthorMaster], &subject.product)?;
    in_phase(subject, Act::Submit, stamp.at)?;
    if !subject.authors.contains(&actor.id) {
        let detail = format!("{} wrote nothing of it", actor.user_name);
        return Err(Refusal::new(&NOT_AN_AUTHOR, detail));
    }
    if content.hash != subject.content_hash {
        let detail = format!("it holds {}, not {}", subject.content_hash, content.hash);
        return Err(Refusal::new(&CONTENT_DIFFERS, detail));
    }
    if examined.hash != subject.content_hash {
        let detail = format!("it holds {}, and {} was played", subject.content_hash, examined.hash);
        return Err(Refusal::new(&CONTENT_DIFFERS, detail));
    }
    whole(content, examined)?;
    let signature = require_signer(stamp, actor, facts.site, Meaning::Authored, &permit.role)?;
    let content_hash = subject.content_hash.clone();
    Ok(Ruling::signed(permit, MasterEvent::Submitted { content_hash }, vec![signature]))
}

/// Refuses with every finding, one a line.
fn whole(content: &Written, examined: &Examined) -> Result<(), Refusal> {
    let mut findings = check(&content.document).err().unwrap_or_default();
    findings.extend(examined.findings.iter().cloned());
    findings.sort();
    findings.dedup();
    if findings.is_empty() {
        return Ok(());
    }
    let later = findings.iter().any(|finding| finding.code == LATER);
    let rule = if later { &NOT_YET_SUPPORTED } else { &FAULTY };
    let detail = match findings.len() {
        1 => "one finding".to_owned(),
        n => format!("{n} findings"),
    };
    Err(Refusal::new(rule, detail).missing(findings.iter().map(|f| f.line()).collect()))
}
