//! Readings and additions on the way to a target: kept in order, never judged (ICH Q7 8.36).

use super::judge::Findings;
use super::story::Story;
use super::{access, sample, spot};
use crate::domain::command::Stamp;
use crate::domain::entry::Input;
use crate::domain::entry::spec::Due;
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::refusal::Refusal;
use crate::domain::ruling::Ruling;
use crate::domain::run::Run;
use crate::domain::run::decide::report::{arrive, malformed};
use crate::domain::run::event::RunEvent;
use crate::domain::run::facts::RunFacts;
use crate::domain::words::EntryKey;

/// Records a reading or an addition, or a link of a chain of custody: a report.
///
/// # Errors
/// `occurrence-unknown`, `authority-missing`, `malformed`, `reserve-exceeded`.
pub fn record_point(
    run: &Run,
    facts: &RunFacts<'_>,
    at: &EntryKey,
    kind: &str,
    input: &Input,
    _stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let spot = spot::entry(run, at)?;
    let (permit, qualified) = access::report(run, facts, &spot)?;
    let custody = spot.spec.kind.as_kind().trail_goes_on();
    let point = spot
        .spec
        .kind
        .as_kind()
        .parse_point(kind, input)
        .map_err(|detail| malformed(at, &detail))?;
    sample::withdrawn(&spot, at, &point)?;
    let mut story = Story::new(run);
    arrive(run, facts, &spot, at, &mut story);
    let mut findings = Findings::new(&mut story, &spot, at);
    // A chain of custody is nobody's step: it goes on after the value, in other hands.
    findings.person(qualified || custody, facts.actor);
    if custody && spot.current().is_none() {
        let detail = format!("{at}: {kind} was reported before the sample was recorded");
        findings.also(ExceptionKind::OutOfOrder, Severity::Minor, detail);
    } else if !custody && spot.current().is_some() {
        let detail = format!("{at}: a {kind} was reported after the final value was declared");
        findings.also(ExceptionKind::OutOfOrder, Severity::Minor, detail);
    }
    sample::custody(&spot, at, kind, facts.actor, &mut findings);
    findings.place(run, custody || spot.spec.due != Due::Step);
    let opened = findings.done();
    story.tell(RunEvent::TrailPointRecorded {
        at: at.clone(),
        kind: kind.to_owned(),
        data: point.data,
        shown: point.shown,
    });
    story.open(opened);
    Ok(story.ends(permit))
}
