//! The table of a step's entries: what was asked, what came, how it stands, who and when.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{Column, Row, Table, Text, Tone};
use super::super::words::{as_scribe, time, verdict};
use super::looks;
use super::marks::limits;
use crate::domain::entry::spec::{Basis as Origin, EntrySpec};
use crate::domain::ids::StepKey;
use crate::domain::run::acts::condition::{self, Branch};
use crate::domain::run::reading::ReadingSource;
use crate::domain::run::{Content, EntryRun, EntryVersion};
use crate::domain::words::{Absence, Basis, EntryKey};

/// A version's content as people read it.
pub fn content(version: &EntryVersion) -> String {
    match &version.content {
        Content::Value(value) => value.shown.clone(),
        Content::Absent(_) if version.basis == Basis::Computed => "cannot be computed".into(),
        Content::Struck => "struck: recorded in error".into(),
        Content::Absent(Absence::NotApplicable) => "not applicable".into(),
        Content::Absent(Absence::NotPerformed) => "not performed".into(),
        Content::Absent(Absence::NotAvailable) => "not available".into(),
    }
}

/// The table of an occurrence, or of the release specifications.
pub fn table<'a>(
    record: &BatchRecord<'_>,
    step: Option<&StepKey>,
    specs: &[EntrySpec],
    state: impl Fn(&str) -> Option<&'a EntryRun>,
) -> Table {
    let mut table = Table::new([
        Column::share(2.3, "Entry"),
        Column::share(2.2, "Limits"),
        Column::share(1.7, "Value"),
        Column::share(1.7, "Verdict"),
        Column::share(2.2, "Recorded by, at"),
    ])
    .row_headers();
    for spec in specs {
        let run = state(&spec.id);
        run.into_iter().for_each(|run| on_the_way(&mut table, record, spec, run));
        let versions = run.map(|run| run.versions.clone()).unwrap_or_default();
        if versions.is_empty() {
            let asked = limits(record, step, spec);
            let at = EntryKey { step: step.cloned(), entry: spec.id.clone() };
            let standing = match condition::entry(record.run, &at, spec) {
                Branch::NotTaken(why) => Text::new().muted(format!("not asked: {why}")),
                _ => owed(spec, run),
            };
            table.row([name(spec), asked, Text::new().muted("—"), standing, Text::new()]);
        }
        for (index, version) in versions.iter().enumerate() {
            let asked = limits(record, step, spec);
            let last = index + 1 == versions.len();
            let mut cells = row(record, spec, asked, version, last);
            if let Some(look) = looks::look(record, (step, spec), version, last) {
                let [.., told] = &mut cells;
                *told = told.clone().line().then(look);
            }
            table.row(cells);
        }
    }
    table
}

/// Readings and additions before the value, and values that were sent and do not count.
fn on_the_way(table: &mut Table, record: &BatchRecord<'_>, spec: &EntrySpec, run: &EntryRun) {
    let by = |name: &str, at| Text::new().fine(format!("{name} {}", time(record, at)));
    for point in run.trail.iter().filter(|_| !spec.kind.as_kind().trail_goes_on()) {
        let cells = [
            Text::new().muted(format!("   {}", point.kind)),
            Text::new(),
            Text::new().muted(&point.shown),
            Text::new().muted("on the way"),
            by(&point.by.printed_name, point.at),
        ];
        table.push(Row::new(cells).tone(Tone::Muted));
    }
    for attempt in &run.attempts {
        let cells = [
            Text::new().muted(format!("   attempt: {}", spec.name)),
            Text::new(),
            Text::new().muted(&attempt.shown),
            match (attempt.verdicts.is_empty(), attempt.confirmed) {
                (true, _) => Text::new().muted("kept, changes nothing"),
                (false, true) => verdict(&attempt.verdicts).fine(" sent again and meant"),
                (false, false) => verdict(&attempt.verdicts).fine(" kept, does not count"),
            },
            by(&attempt.by.printed_name, attempt.at).then(looks::attempt(record, attempt)),
        ];
        table.push(Row::new(cells).tone(Tone::Muted));
    }
}

fn owed(spec: &EntrySpec, run: Option<&EntryRun>) -> Text {
    let determinations = run.map_or(0, |run| run.determinations.len());
    if determinations > 0 {
        Text::new().alert("not reported yet").fine(format!(" determinations: {determinations}"))
    } else if spec.mandatory {
        Text::new().alert("not recorded")
    } else {
        Text::new().muted("optional, not recorded")
    }
}

/// An entry's name with its classification and the origin of its numbers.
pub fn name(spec: &EntrySpec) -> Text {
    let mut text = Text::new().plain(&spec.name);
    let mut marks = Vec::new();
    if let Some(class) = spec.classification {
        marks.push(class.as_str());
    }
    match spec.source.as_ref().map(|s| s.basis) {
        Some(Origin::Derived) => marks.push("derived"),
        Some(Origin::Illustrative) => marks.push("illustrative"),
        _ => {}
    }
    if !marks.is_empty() {
        text = text.fine(format!(" {}", marks.join(", ")));
    }
    text
}

fn row(
    record: &BatchRecord<'_>,
    spec: &EntrySpec,
    asked: Text,
    version: &EntryVersion,
    last: bool,
) -> [Text; 5] {
    let shown = content(version);
    let value = match (&version.content, last) {
        (_, false) => Text::new().struck(shown),
        (Content::Absent(_) | Content::Struck, _) => Text::new().alert(shown),
        (Content::Value(_), _) => Text::new().bold(shown),
    };
    let mut verdicts = match &version.content {
        Content::Value(_) => verdict(&version.verdicts),
        Content::Absent(_) | Content::Struck => Text::new(),
    };
    for no in &version.exceptions {
        verdicts = verdicts.fine(format!(" exception {no}"));
    }
    let label = if version.version > 1 {
        name(spec).fine(format!(" version {}", version.version))
    } else {
        name(spec)
    };
    [label, asked, value, verdicts, told(record, version, last)]
}

/// The calibration mark of a device's value, and whether the device itself said it.
fn mark(record: &BatchRecord<'_>, source: &ReadingSource) -> Text {
    let text = match (source.verified, &source.payload) {
        (true, _) => Text::new().ok("signed by the device"),
        (false, Some(_)) => Text::new().alert("the device's text does not prove this value"),
        (false, None) => Text::new().alert("the device's own text did not come"),
    };
    match source.calibration_due {
        Some(due) => text.fine(format!(", calibrated until {}", time(record, due))),
        None => text.fine(", not registered then"),
    }
}

/// Who and when, from where, why, and who checked.
fn told(record: &BatchRecord<'_>, version: &EntryVersion, last: bool) -> Text {
    let computed = version.basis == Basis::Computed;
    let mut by = if computed {
        Text::new().muted("computed").fine(format!(" {}", time(record, version.at)))
    } else {
        Text::new().plain(&version.by.printed_name).fine(format!(
            " {}, {} {}",
            version.by.user_name,
            version.by.role,
            time(record, version.at)
        ))
    };
    by = match &version.basis {
        Basis::Direct | Basis::Computed => by,
        Basis::Scribe { performed_by } => {
            by.line().fine(as_scribe(performed_by, version.performer))
        }
        Basis::Device { id } => by.line().fine(format!("read from device {id}")),
        Basis::Paper { page } => by.line().fine(format!("transcribed from paper, page {page}")),
    };
    if let Some(source) = &version.source {
        by = by.line().then(mark(record, source));
    }
    if let Some(at) = version.performed_at {
        let at = time(record, at);
        by = by.line().fine(match version.performed_before {
            Some(before) => format!("performed at {}, corrected to {at}", time(record, before)),
            None => format!("performed {at}"),
        });
    }
    if let Some(reason) = &version.reason {
        let word = if computed { "because" } else { "reason" };
        by = by.line().fine(format!("{word}: {reason}"));
    }
    if version.slip {
        by = by.line().fine("a slip, corrected within a minute");
    }
    for used in &version.superseded_uses {
        by = by.line().alert(format!("executed on the superseded value: {used}"));
    }
    match &version.checked {
        // The look that checked it stands below, with what it was held against.
        Some(_) if looks::is_check(version) => by,
        Some((at, checker)) => {
            let word = match &version.recomputed {
                Some(again) => format!("{again}; checked by"),
                None => "checked by".to_owned(),
            };
            by.line().fine(format!(
                "{word} {} {}, {}",
                checker.printed_name,
                checker.user_name,
                time(record, *at)
            ))
        }
        None if version.check_owed && last => by.line().alert("check owed"),
        None => by,
    }
}
