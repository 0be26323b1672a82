//! What came after a release and after the end: lots in question, notices, addenda.

use super::super::model::BatchRecord;
use super::super::pdf::document::{Callout, Document, Text, Tone};
use super::words::{lot_number, signed, time, who};
use crate::domain::disposition::standing::Standing;
use crate::domain::run::notice::{AddendumRun, NoticeRun};

/// The chapter; a run to which nothing came afterwards has none.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    let run = record.run;
    let stands = record.lots.iter().any(|lot| !lot.stands.is_empty());
    let asked = record.standings.iter().any(Standing::questioned);
    if !stands && !asked && run.notices.is_empty() && run.addenda.is_empty() {
        return;
    }
    document.h1("After the release and after the end");
    lots(document, record);
    if !run.notices.is_empty() {
        document.h2("Complaints, notices and decisions of quality");
        run.notices.iter().for_each(|told| notice(document, record, told));
    }
    if !run.addenda.is_empty() {
        document.h2("Addenda: stored after the record was final");
        run.addenda.iter().for_each(|told| addendum(document, record, told));
    }
}

/// Every lot that is or was in question, with what was decided.
fn lots(document: &mut Document, record: &BatchRecord<'_>) {
    for lot in &record.lots {
        let now = record.standings.iter().find(|standing| standing.record == lot.key);
        if let Some(callout) = now.and_then(|now| question(record, now)) {
            document.push(callout);
        }
        for stand in &lot.stands {
            let title = format!("Lot {} was in question, and stands", lot_number(lot));
            let mut callout = Callout::new(Tone::Ok, title);
            for answered in &stand.answers {
                callout = callout.paragraph(Text::new().muted("In question: ").plain(answered));
            }
            let reason = Text::new().muted("It stands: ").quote(&stand.reason);
            callout = callout.paragraph(reason);
            document.push(match &stand.signed {
                Some(signature) => callout.paragraph(signed(signature)),
                None => callout.paragraph(time(record, stand.at)),
            });
        }
    }
}

/// A lot in question, as the first page and the chapter show it; nothing where it is not.
pub fn question(record: &BatchRecord<'_>, now: &Standing) -> Option<Callout> {
    let since = time(record, now.since()?);
    let (tone, word) = if now.blocked() {
        (Tone::Fail, "QUESTIONED AND BLOCKED: not to be shipped")
    } else {
        (Tone::Alert, "QUESTIONED")
    };
    let mut callout = Callout::new(tone, format!("Lot {} {word}, since {since}", now.number));
    for because in now.because() {
        callout = callout.paragraph(because);
    }
    Some(callout)
}

fn notice(document: &mut Document, record: &BatchRecord<'_>, told: &NoticeRun) {
    let notice = &told.told;
    let exception = notice.exception.map(|no| format!(", exception {no}")).unwrap_or_default();
    document.push(
        Text::new().bold(format!("{} {}: ", notice.kind.as_str(), notice.no)).quote(&notice.text),
    );
    document.push(who(&told.by).muted(format!(", {}{exception}", time(record, told.at))));
}

fn addendum(document: &mut Document, record: &BatchRecord<'_>, told: &AddendumRun) {
    let addendum = &told.told;
    let (first, last) = addendum.entries;
    let what = addendum.what.replace('-', " ");
    let line = Text::new()
        .bold(format!("Addendum {} ", addendum.no))
        .plain(format!("{what}, entries {first} to {last}: "));
    document.push(match (&addendum.reason, addendum.exception) {
        // Its text stands above, and is its reason.
        (Some(_), _) if addendum.what == "record-notice" => line.muted("as told above"),
        (Some(reason), _) => line.quote(reason),
        (None, Some(no)) => line.alert(format!("no reason was given; exception {no} owes it")),
        (None, None) => line.alert("no reason was given"),
    });
    document.push(who(&told.by).muted(format!(", {}", time(record, told.at))));
}
