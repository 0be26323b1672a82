//! Identifiers in reports: what a label says of a lot, and whether something else in the run, an own lot or a
//! registered device reads like it. Nothing is refused for it; each finding opens an exception.

use super::judge::Findings;
use crate::domain::alike::{Spelling, alike, differs, forms, spelled};
use crate::domain::clock::Instant;
use crate::domain::command::Stamp;
use crate::domain::entry::identifier::{Label, Register, dated, key, named};
use crate::domain::entry::spec::EntrySpec;
use crate::domain::entry::{EntryValue, Input, gs1};
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::ids::StepKey;
use crate::domain::numbered::{called, is_key};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::{Content, EntryRun, Run};
use crate::domain::words::EntryKey;

/// Reads a value; days on labels have their century by the time at which they are read.
///
/// # Errors
/// A sentence for people.
pub(super) fn read(spec: &EntrySpec, input: &Input, stamp: &Stamp) -> Result<EntryValue, String> {
    let mut value = spec.parse(input)?;
    let year = stamp.at.shown(&stamp.zone).get(..4).and_then(|year| year.parse().ok());
    dated(&mut value, year.unwrap_or_default());
    Ok(value)
}

/// Judges the identifier that a value names. `done`: when the thing was used.
pub(super) fn judge(
    run: &Run,
    facts: &RunFacts<'_>,
    at: &EntryKey,
    value: &EntryValue,
    (done, stamp): (Instant, &Stamp),
    findings: &mut Findings<'_, '_>,
) {
    let Some((register, typed)) = named(value) else { return };
    if let Some(label) = Label::of(value) {
        judge_label(run, value, &label, &done.shown(&stamp.zone), findings);
    }
    let what = match register {
        Register::Lots => "lot",
        Register::Equipment => "equipment",
        // Whatever two samples differ in, they are told by the rule of samples.
        Register::Samples => return,
    };
    let known = known(run, at, (register, value));
    let own = run.lots.iter().filter(|_| register == Register::Lots);
    let own = own.map(|lot| called(&lot.number, lot.printed.as_deref()));
    // What is written just so stands here already: it was told then. A key is a way to write what it is the key of.
    if known.contains(&typed) || own.clone().chain(facts.twin).any(|own| is_key(typed, own)) {
        return;
    }
    let own = facts.twin.into_iter().chain(own).filter(|known| alike(known, typed));
    let mut others = own.chain(known);
    let twin = others.find_map(|known| Some((known, spelled(typed, known)?)));
    let Some((twin, spelling)) = twin else { return };
    let severity = match spelling {
        Spelling::Typed => Severity::Minor,
        Spelling::Drawn => Severity::Major,
    };
    let detail = format!("names {what} {typed}, which reads like {twin}: {}", differs(typed, twin));
    findings.about(ExceptionKind::LookAlike, severity, &detail);
}

/// Identifiers of the same register that read alike and stand elsewhere in the run; lots, of the same material.
fn known<'r>(
    run: &'r Run,
    at: &EntryKey,
    (register, value): (Register, &EntryValue),
) -> Vec<&'r str> {
    let of_steps = run.steps.iter().flat_map(|(step, state)| {
        state.entries.iter().map(move |(entry, found)| ((Some(step), entry), found))
    });
    let of_run = run.release_entries.iter().map(|(entry, found)| ((None, entry), found));
    let elsewhere =
        |(step, entry): (Option<&StepKey>, &String)| step != at.step.as_ref() || *entry != at.entry;
    let own = named(value).map(|(_, typed)| forms(typed));
    let reads = |id: &str| own.as_ref().is_some_and(|own| own.meet(&forms(id)));
    let same = |other: &'r EntryValue| {
        let (of, id) = named(other)?;
        let material = of != Register::Lots || other.data["material"] == value.data["material"];
        let same = || other.data["key"] == value.data["key"] || reads(id);
        (of == register && material && same()).then_some(id)
    };
    let values = |entry: &'r EntryRun| {
        entry.versions.iter().filter_map(|version| match &version.content {
            Content::Value(value) => Some(value),
            Content::Absent(_) | Content::Struck => None,
        })
    };
    let all = of_steps.chain(of_run).filter(|(place, _)| elsewhere(*place));
    all.flat_map(|(_, entry)| values(entry)).filter_map(same).collect()
}

/// What a label says against what the master record asks, and against the day on which it is used.
fn judge_label(
    run: &Run,
    value: &EntryValue,
    label: &Label,
    done: &str,
    findings: &mut Findings<'_, '_>,
) {
    if let Some(fault) = &label.fault {
        let what = format!("was scanned as {}, which {fault}", label.scanned);
        findings.about(ExceptionKind::UnknownReference, Severity::Minor, &what);
    }
    if let Some(expiry) = label.expiry.as_deref().filter(|expiry| done.get(..10) > Some(expiry)) {
        let what = format!("names {}, whose last day of use was {expiry}", value.shown);
        findings.about(ExceptionKind::MaterialNotReady, Severity::Major, &what);
    }
    let asked = value.data["material"].as_str().map(key);
    let material = run.recipe.materials.iter().find(|material| {
        [&material.code, &material.name].iter().any(|called| Some(key(called)) == asked)
    });
    let (Some(material), Some(gtin)) = (material, label.gtin()) else { return };
    let own = material.gtin.iter().filter_map(|own| gs1::gtin(own));
    let own: Vec<_> = own.collect();
    if !own.is_empty() && !own.iter().any(|own| own == gtin) {
        let (code, own) = (&material.code, own.join(", "));
        let what = format!("names GTIN {gtin}, and {code} comes as {own}");
        findings.about(ExceptionKind::MaterialNotReady, Severity::Major, &what);
    }
}
