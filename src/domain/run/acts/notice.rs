//! What quality adds to a record in whatever phase it is: complaints, notices, decisions.

use super::act::may;
use super::exception;
use super::story::Story;
use crate::domain::act::said;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::permits::{Admitted, QUALITY, by};
use crate::domain::policy::Authority;
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::acts::event::{Event, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::orders::{Late, Order, order_of};
use crate::domain::run::acts::told::Told;
use crate::domain::run::acts::written::Written;
use crate::domain::run::acts::{RunEvent, lapses};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::notice::{Notice, NoticeKind, NoticeRun};
use crate::domain::words::OnCritical;
use serde::Deserialize;
use utoipa::ToSchema;

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

/// Report (quality): a complaint, a notice, a decision, in whatever phase.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordNotice {
    /// `complaint`, `notice` or `decision`.
    pub kind: NoticeKind,
    /// What.
    pub text: String,
}

impl Order for RecordNotice {
    const NAME: &'static str = "record-notice";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        _: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        record(run, facts, self.kind, &self.text)
    }

    fn late(&self) -> Late<'_> {
        Late::Addendum(Some(&self.text))
    }

    order_of!(run, alone, unversioned);
}

impl Event for Notice {
    const ADMITTED: Admitted = by(QUALITY);
    const SIGNED: bool = false;

    weighs! {
        told if told.kind == NoticeKind::Decision =>
            "a decision of quality", Nothing, String::new();
        told =>
            "a complaint or a notice", Shown, format!("{} {}: {}", told.kind.as_str(), told.no, told.text);
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        let (at, by) = (written.happened.at, written.who.clone());
        run.notices.push(NoticeRun { told: self.clone(), at, by });
        Ok(())
    }

    fn part(&self) -> Part {
        Part::None
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        match self {
            told if told.kind == NoticeKind::Complaint => {
                (Lapses::FinalOnly, format!("complaint {} came", told.no))
            }
            _ => lapses::nothing(),
        }
    }

    fn tell(&self, answer: &mut Told) {
        answer.notice = Some(self.no)
    }

    nothing_in!(moves, bears, changed);
}
