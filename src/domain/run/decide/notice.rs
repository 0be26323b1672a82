//! What quality adds to a record in whatever phase it is: complaints, notices, decisions.

use super::act::may;
use super::exception;
use super::story::Story;
use crate::domain::act::said;
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::policy::Authority;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::event::RunEvent;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::notice::{Notice, NoticeKind};
use crate::domain::words::OnCritical;

/// Longest text, in characters.
pub const LONGEST: usize = super::happening::LONGEST;

/// Records a complaint, a notice or a decision, by the quality unit. A complaint opens an exception: it is
/// investigated (21 CFR 211.198(b)).
///
/// # Errors
/// Authority, `reason-required`, `malformed`.
pub fn record(
    run: &Run,
    facts: &RunFacts<'_>,
    kind: NoticeKind,
    text: &str,
) -> Result<Ruling<RunEvent>, Refusal> {
    let wanted = [Authority::Review, Authority::Triage, Authority::Hold, Authority::Release];
    let permit = may(run, facts, &wanted)?;
    said(text, "text")?;
    if text.chars().count() > LONGEST {
        let detail = format!("text has at most {LONGEST} characters; send the rest as another");
        return Err(Refusal::new(&MALFORMED, detail));
    }
    let no = u32::try_from(run.notices.len()).unwrap_or(u32::MAX).saturating_add(1);
    let opened = (kind == NoticeKind::Complaint).then(|| Opened {
        no: exception::next_no(run),
        kind: ExceptionKind::Event,
        severity: Severity::Major,
        effect: OnCritical::Continue,
        at: None,
        detail: format!("complaint {no}: {text}"),
    });
    let mut story = Story::new(run);
    let text = text.to_owned();
    let exception = opened.as_ref().map(|opened| opened.no);
    story.tell(RunEvent::NoticeRecorded(Notice { no, kind, text, exception }));
    story.open(opened.into_iter().collect());
    Ok(story.ends(permit))
}
