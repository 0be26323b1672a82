//! What a redline of an entry may not loosen, and how grave the rest is.
//!
//! What opens a gate or a release, and what a sample already taken is tested against, stands in the
//! master record (21 CFR 211.160, 211.165): no change of one batch empties or widens it.

use crate::domain::entry::sample::is_sample;
use crate::domain::entry::spec::{Classification, Due, EntrySpec};
use crate::domain::entry::{KindSpec, Limits};
use crate::domain::limits::{self, Compare, Limit, Purpose};
use crate::domain::recipe::MasterRecord;
use crate::domain::refusal::Refusal;
use crate::domain::run::amendment::Change;
use crate::domain::run::floor_refusal::SPECIFICATION_STANDS;
use crate::domain::run::{Content, EntryRun, Run};

/// A redline leaves what the product is judged by as it stands.
///
/// # Errors
/// `specification-stands`.
pub(super) fn specification_stands(run: &Run, change: &Change) -> Result<(), Refusal> {
    let Some((now, next)) = entries(&run.recipe, change) else { return Ok(()) };
    if let Some(why) = guards(now)
        && let Some(what) = loosened(now, next)
    {
        let detail = format!("entry {} is {why}, and the change is of {what}", now.id);
        return Err(Refusal::new(&SPECIFICATION_STANDS, detail));
    }
    if let Some(sample) = sampled(run, now) {
        let detail = format!("sample {sample} for entry {} has been taken", now.id);
        return Err(Refusal::new(&SPECIFICATION_STANDS, detail));
    }
    Ok(())
}

/// Whether a redline loosens an entry, or may loosen it: that is no minor change.
pub(super) fn loosens(run: &Run, change: &Change) -> bool {
    entries(&run.recipe, change).and_then(|(now, next)| loosened(now, next)).is_some()
}

/// What stands there now and what would.
fn entries<'r>(
    recipe: &'r MasterRecord,
    change: &'r Change,
) -> Option<(&'r EntrySpec, &'r EntrySpec)> {
    let Change::Entry { step, entry } = change else { return None };
    let (_, owner) = recipe.step(step)?;
    Some((owner.entries.iter().find(|spec| spec.id == entry.id)?, entry))
}

/// Why an entry is no matter of one batch, where it is none.
fn guards(entry: &EntrySpec) -> Option<String> {
    let class = entry.classification.map_or("a laboratory result", Classification::as_str);
    match &entry.due {
        Due::Gate(gate) => Some(format!("due at gate {gate}")),
        Due::Release => Some("due at release".into()),
        Due::Step => entry.is_specification().then(|| format!("a specification ({class})")),
    }
}

/// What of an entry a change loosens, or may loosen.
fn loosened(now: &EntrySpec, next: &EntrySpec) -> Option<&'static str> {
    let ((rest, before), (next_rest, after)) = (apart(&now.kind), apart(&next.kind));
    let usual = if before.rounded || after.rounded { Compare::Rounded } else { Compare::Exact };
    let wider = |of: fn(&Limits) -> &Vec<Limit>| wider(of(&before), of(&after), usual);
    let disarms = |of: fn(&Limits) -> &Vec<Limit>| limits::disarms(of(&before), of(&after), usual);
    let first = [
        (now.due != next.due, "when it is due"),
        (now.mandatory != next.mandatory, "whether it is mandatory"),
        (now.classification != next.classification, "its classification"),
        (now.authorities != next.authorities, "who may record it"),
        (now.when != next.when, "the condition under which it is asked"),
        (now.second_look != next.second_look, "the second look at it"),
        (rest != next_rest, "how it is done and judged"),
        (wider(|it| &it.value), "its limits, wider or fewer"),
        (wider(|it| &it.single), "the limits of a single, wider or fewer"),
        (disarms(|it| &it.value), "what is plausible, no longer around its limits"),
        (disarms(|it| &it.single), "what is plausible of a single, no longer around its limits"),
    ];
    first.iter().find(|(is_changed, _)| *is_changed).map(|(_, what)| *what)
}

/// A kind without its limits, and its limits. A kind that is judged where it has none stays whole.
fn apart(kind: &KindSpec) -> (KindSpec, Limits) {
    let mut rest = kind.clone();
    let limits = rest.as_kind_mut().take_limits();
    (rest, limits)
}

/// Whether something outside a judged limit now would be inside, whatever its purpose; a limit that is gone is wide
/// open.
fn wider(now: &[Limit], next: &[Limit], usual: Compare) -> bool {
    let mut judged = now.iter().filter(|limit| limit.purpose != Purpose::Reference);
    judged.any(|limit| {
        let after = next.iter().find(|after| after.purpose == limit.purpose);
        after.is_none_or(|after| limit.is_widened_by(after, usual))
    })
}

/// The sample that was taken in this run for a laboratory result.
fn sampled<'r>(run: &'r Run, result: &'r EntrySpec) -> Option<&'r str> {
    let tested = result.as_result()?;
    let is_for = |id: &str| {
        tested.sample.as_deref() == Some(id)
            || run.recipe.steps().flat_map(|(_, step)| &step.entries).any(|spec| {
                let taken = spec.as_sample().filter(|_| spec.id == id);
                taken.is_some_and(|taken| taken.tests.contains(&result.id))
            })
    };
    let is_taken = |entry: &EntryRun| {
        let versions = entry.versions.iter();
        versions
            .into_iter()
            .any(|it| matches!(&it.content, Content::Value(value) if is_sample(value)))
    };
    let entries = run.steps.values().flat_map(|step| &step.entries);
    entries.filter(|(id, entry)| is_taken(entry) && is_for(id)).map(|(id, _)| id.as_str()).next()
}
