//! The register of signatures: who signed what, with which meaning, when (21 CFR 11.50, Annex 11 draft 13.6); those
//! under deviations and lots too.

use super::super::model::BatchRecord;
use super::super::pdf::document::{Column, Document, Row, Table, Text};
use super::words::{act_of, counted, day_and_time, disposition_word};
use crate::domain::deviation::Deviation;
use crate::domain::deviation::content::Closing;
use crate::domain::lot::Lot;
use crate::domain::run::Run;
use crate::domain::signing::Signed;

/// One person signed for one meaning in one act, over one thing or several.
pub struct Signing<'a> {
    pub signed: &'a Signed,
    /// Where it stands: entries of this record, or another record.
    place: String,
    /// How many signatures it made.
    pub count: usize,
    what: Text,
}

/// The signatures that one person gave for one meaning in one act, as when they look over what others typed: each is
/// over its own content, and the row stands once.
pub fn signings(run: &Run) -> Vec<Vec<&Signed>> {
    let mut signings: Vec<Vec<&Signed>> = Vec::new();
    for signed in &run.signatures {
        let same = |it: &Signed| {
            (it.person, it.at, it.meaning) == (signed.person, signed.at, signed.meaning)
        };
        match signings.last_mut() {
            Some(together) if together.iter().all(|it| same(it)) => together.push(signed),
            _ => signings.push(vec![signed]),
        }
    }
    signings
}

/// Every signing of the run, of its deviations and of its lots, in the order of time.
pub fn all<'a>(record: &'a BatchRecord<'_>) -> Vec<Signing<'a>> {
    let mut all: Vec<_> =
        signings(record.run).iter().filter_map(|together| of_run(record, together)).collect();
    let own = all.len();
    for deviation in &record.deviations {
        of_deviation(deviation, &mut all);
    }
    for lot in &record.lots {
        of_lot(lot, &mut all);
    }
    // What another record's chain repeats of a signature of this one is the same signature.
    let others = all.split_off(own);
    for other in others {
        let same = |it: &Signing<'_>| {
            let (a, b) = (it.signed, other.signed);
            (a.person, a.at, a.meaning) == (b.person, b.at, b.meaning)
        };
        if !all.iter().any(same) {
            all.push(other);
        }
    }
    all.sort_by_key(|it| it.signed.at);
    all
}

fn of_run<'a>(record: &BatchRecord<'_>, together: &[&'a Signed]) -> Option<Signing<'a>> {
    let (first, last) = (*together.first()?, *together.last()?);
    let mut what = act_of(record, first.seq);
    let place = if together.len() > 1 {
        what = what.fine(format!(" and {} more", together.len() - 1));
        format!("{} to {}", first.seq, last.seq)
    } else {
        first.seq.to_string()
    };
    Some(Signing { signed: first, place, count: together.len(), what })
}

fn of_deviation<'a>(deviation: &'a Deviation, all: &mut Vec<Signing<'a>>) {
    let number = &deviation.number;
    let mut put = |signed: Option<&'a Signed>, what: &str, words: &str| {
        let Some(signed) = signed else { return };
        let what = Text::new().plain(format!("{what} of deviation {number}: ")).quote(short(words));
        all.push(Signing { signed, place: number.clone(), count: 1, what });
    };
    for changed in &deviation.classes {
        for signed in &changed.signed {
            put(Some(signed), "change of class", &changed.reason);
        }
    }
    for report in deviation.superseded.iter().chain(&deviation.report) {
        put(report.signed.as_ref(), "investigation", &report.text);
    }
    if let Some((conclusion, _, signed)) = &deviation.impact {
        put(signed.as_ref(), "impact", conclusion);
    }
    let reopened = deviation.reopened.iter().filter_map(|it| it.closing.as_ref());
    let closings: Vec<&Closing> = reopened.chain(&deviation.closed).collect();
    for closing in closings {
        put(closing.signed.as_ref(), "closing", &closing.conclusion);
    }
}

fn of_lot<'a>(lot: &'a Lot, all: &mut Vec<Signing<'a>>) {
    let number = &lot.number;
    let mut put = |signed: Option<&'a Signed>, what: Text| {
        let Some(signed) = signed else { return };
        all.push(Signing { signed, place: format!("lot {number}"), count: 1, what });
    };
    for decision in &lot.decisions {
        let word = disposition_word(decision.disposition);
        let what = Text::new().plain(format!("lot {number} {word}: "));
        put(decision.signed.as_ref(), what.quote(short(&decision.reason)));
    }
    for signed in &lot.signed {
        put(Some(signed), Text::from(format!("what went into lot {number}")));
    }
    for stand in &lot.stands {
        let what = Text::new().plain(format!("lot {number} stands: "));
        put(stand.signed.as_ref(), what.quote(short(&stand.reason)));
    }
}

/// The beginning of what somebody wrote; the whole of it stands in its chapter.
pub fn short(text: &str) -> String {
    const MOST: usize = 110;
    let Some((cut, _)) = text.char_indices().nth(MOST) else { return text.to_owned() };
    let words = text.get(..cut).unwrap_or(text);
    let words = words.rsplit_once(' ').map_or(words, |(words, _)| words);
    format!("{words} …")
}

/// Writes the register.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    document.h1("Signatures");
    document.push(Text::new().muted(
        "Each was made by the person's own key, unlocked by the person's own password in that act, over the exact content signed.",
    ));
    let all = all(record);
    let mut table = Table::new([
        Column::fixed(64.0, "Entry"),
        Column::fixed(44.0, "Time"),
        Column::share(2.1, "Who: printed name, user, role"),
        Column::share(1.9, "Meaning"),
        Column::share(4.0, "What was signed"),
    ])
    .caption(format!(
        "{} of this record in {}, {} under its deviations and lots; times in {}",
        counted(record.run.signatures.len(), "signature"),
        counted(signings(record.run).len(), "signing"),
        all.len() - signings(record.run).len(),
        record.site.zone
    ))
    .dense();
    let mut day = String::new();
    for it in &all {
        let s = it.signed;
        let (of, at) = day_and_time(record, s.at);
        if of != day {
            table.push(Row::across(Text::from(of.as_str())));
            day = of;
        }
        let mut meaning = Text::from(s.meaning.as_str());
        if it.count > 1 {
            meaning = meaning.fine(format!(" {} signatures", it.count));
        }
        table.row([
            Text::new().muted(&it.place),
            Text::from(at),
            Text::new().bold(&s.printed_name).fine(format!(" {}, {}", s.user_name, s.role)),
            meaning,
            it.what.clone(),
        ]);
    }
    document.push(table);
}
