//! Words the chapters share: persons, times, verdicts.

use super::super::model::BatchRecord;
use super::super::pdf::document::{Style, Text, Tone};
use crate::domain::clock::{Instant, Zone};
use crate::domain::exception::Severity;
use crate::domain::ids::{OperationKey, PersonId, StepKey};
use crate::domain::limits::{Purpose, Side, Verdict};
use crate::domain::lot::{Disposition, Lot};
use crate::domain::numbered::shown;
use crate::domain::run::Run;
use crate::domain::signing::Signed;
use crate::domain::words::Who;

/// The site's zone at a moment, so that every printed time carries its own offset.
pub fn zone_at(record: &BatchRecord<'_>, at: Instant) -> Zone {
    Zone::at(&record.site.zone, at).unwrap_or_else(|_| Zone::utc())
}

/// A moment as printed in tables.
pub fn time(record: &BatchRecord<'_>, at: Instant) -> String {
    at.shown_short(&zone_at(record, at))
}

/// The day of a moment with its offset, and the time of day: for tables in which a day stands once.
pub fn day_and_time(record: &BatchRecord<'_>, at: Instant) -> (String, String) {
    parted(at, &zone_at(record, at))
}

/// The same in a zone.
pub fn parted(at: Instant, zone: &Zone) -> (String, String) {
    let shown = at.shown_short(zone);
    let mut parts = shown.splitn(3, ' ');
    let mut next = || parts.next().unwrap_or_default().to_owned();
    let (day, time, offset) = (next(), next(), next());
    (format!("{day}, {offset}"), time)
}

/// A day as printed.
pub fn date(record: &BatchRecord<'_>, at: Instant) -> String {
    time(record, at).chars().take(10).collect()
}

/// A person as printed: name, user name, role.
pub fn who(who: &Who) -> Text {
    Text::new().plain(&who.printed_name).fine(format!(" {}, {}", who.user_name, who.role))
}

/// A signature's manifestation: who, in which role, with which meaning, when; the zone stands on every page.
pub fn signed(signed: &Signed) -> Text {
    Text::new().bold(&signed.printed_name).fine(format!(
        " {}, {} · {} · {}",
        signed.user_name,
        signed.role,
        signed.meaning.as_str(),
        signed.at.shown_short(&signed.zone)
    ))
}

/// Verdicts as printed: symbol and word, never colour alone.
pub fn verdict(verdicts: &[Verdict]) -> Text {
    let worst = verdicts.iter().filter(|v| v.side != Side::Within).min_by_key(|v| v.purpose);
    match worst {
        None if verdicts.is_empty() => Text::new().muted("recorded"),
        None => Text::new().ok("within"),
        Some(v) => {
            let side = match v.side {
                Side::Below => "below",
                Side::Above => "above",
                Side::CannotBeTold => "cannot be told to be within",
                _ => "not as expected:",
            };
            match v.purpose {
                Purpose::Acceptance => Text::new().fail(format!("{side} acceptance")),
                Purpose::Control => Text::new().fail(format!("{side} control limit")),
                Purpose::Alert => Text::new().alert(format!("{side} normal range")),
                Purpose::Plausibility => Text::new().alert(format!("{side} plausible")),
                Purpose::Reference => Text::new().muted("reference"),
            }
        }
    }
}

/// A phrase in a tone.
pub fn toned(words: impl Into<String>, tone: Tone) -> Text {
    Text::styled(words, Style::PLAIN.tone(tone))
}

/// What stands beside a scribe's name; a performer who may not record there is only said to be one.
pub fn as_scribe(performed_by: &str, performer: Option<PersonId>) -> String {
    let said = if performer.is_some() { "performed by" } else { "said to be performed by" };
    format!("as scribe; {said} {performed_by}")
}

/// A batch's number as it is printed, with its key where that is another text.
pub fn batch_number(run: &Run) -> String {
    shown(&run.number, run.printed.as_deref())
}

/// A lot's number as it is printed, with its key where that is another text.
pub fn lot_number(lot: &Lot) -> String {
    shown(&lot.number, lot.printed.as_deref())
}

/// A count with its noun: `1 exception`, `3 exceptions`.
pub fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// A text with every machine's moment in it (`2026-10-01T06:01:00.000000Z`) as the site reads it. What has no
/// microseconds was written by a person or a device, and stays as it is.
pub fn local(record: &BatchRecord<'_>, text: &str) -> String {
    const LENGTH: usize = "2026-10-01T06:01:00.000000Z".len();
    const DATE: usize = "2026-10-01".len();
    let mut local = String::with_capacity(text.len());
    let mut done = 0;
    for (at, _) in text.match_indices('T') {
        let Some(start) = at.checked_sub(DATE).filter(|start| *start >= done) else { continue };
        let Some(moment) = text.get(start..start + LENGTH) else { continue };
        let exact = moment.ends_with('Z') && moment.get(19..20) == Some(".");
        let Some(moment) = exact.then(|| Instant::parse(moment).ok()).flatten() else { continue };
        local.push_str(&text[done..start]);
        local.push_str(&time(record, moment));
        done = start + LENGTH;
    }
    local.push_str(&text[done..]);
    local
}

/// A member's name as people read it: `sampled_at` → `Sampled at`.
pub fn label(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut characters = words.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => words,
    }
}

/// How grave, with its tone.
pub fn severity(s: Severity) -> (&'static str, Tone) {
    match s {
        Severity::Critical => ("critical", Tone::Fail),
        Severity::Major => ("major", Tone::Fail),
        Severity::Minor => ("minor", Tone::Alert),
    }
}

/// A disposition's word.
pub fn disposition_word(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::Quarantined => "quarantined",
        Disposition::Released => "released",
        Disposition::Rejected => "rejected",
        Disposition::Withdrawn => "withdrawn",
    }
}

/// An entry of the record in words, with the name of the step or operation beside its id: what somebody signed.
pub fn act_of(record: &BatchRecord<'_>, seq: u64) -> Text {
    let found = record.trail.binary_search_by_key(&seq, |line| line.seq).ok();
    let Some(line) = found.and_then(|place| record.trail.get(place)) else {
        return Text::from(format!("entry {seq}"));
    };
    let described = &line.described;
    let text = Text::new().plain(&described.action).fine(format!(" {}", described.what));
    match named(record, &described.what) {
        Some(name) => text.plain(format!(" {name}")),
        None => text,
    }
}

/// The name of the step or operation that a description begins with.
fn named(record: &BatchRecord<'_>, what: &str) -> Option<String> {
    let first = what.split(" · ").next()?;
    if let Ok(step) = first.parse::<StepKey>() {
        return record.run.recipe.step(&step.step).map(|(_, step)| step.name.clone());
    }
    let operation = first.parse::<OperationKey>().ok()?;
    record.run.recipe.operation(&operation.op).map(|operation| operation.name.clone())
}
