//! Words the chapters share: persons, times, verdicts.

use super::super::model::BatchRecord;
use super::super::pdf::document::{Style, Text, Tone};
use crate::domain::clock::{Instant, Zone};
use crate::domain::exception::Severity;
use crate::domain::ids::PersonId;
use crate::domain::limits::{Purpose, Side, Verdict};
use crate::domain::lot::Disposition;
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

/// A person as printed: name, user name, role.
pub fn who(who: &Who) -> Text {
    Text::new().plain(&who.printed_name).fine(format!(" {}, {}", who.user_name, who.role))
}

/// A signature's manifestation: all seven parts.
pub fn signed(signed: &Signed) -> Text {
    Text::new().bold(&signed.printed_name).fine(format!(
        " {}, {} · {} · {}",
        signed.user_name,
        signed.role,
        signed.meaning.as_str(),
        signed.at.shown(&signed.zone)
    ))
}

/// The same in a crowded table: the moment in the zone of the act, without the zone's name.
pub fn signed_short(signed: &Signed) -> Text {
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

/// A count with its noun: `1 exception`, `3 exceptions`.
pub fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// A text with every machine's moment in it (`2026-10-01T06:01:00.000000Z`) as the site reads it.
pub fn local(record: &BatchRecord<'_>, text: &str) -> String {
    let mut local = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('T') {
        let start = at.checked_sub(10).filter(|start| rest.is_char_boundary(*start));
        let end = rest.get(at..).and_then(|tail| tail.find('Z')).map(|z| at + z + 1);
        let moment = start.zip(end).and_then(|(start, end)| {
            Some((start, end, Instant::parse(rest.get(start..end)?).ok()?))
        });
        let (upto, shown) = match moment {
            Some((start, end, moment)) => {
                local.push_str(rest.get(..start).unwrap_or_default());
                (end, time(record, moment))
            }
            None => (at + 1, rest.get(..=at).unwrap_or_default().to_owned()),
        };
        local.push_str(&shown);
        rest = rest.get(upto..).unwrap_or_default();
    }
    local.push_str(rest);
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
