//! The table of a step's entries: what was asked, what came, how it stands, who and when.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{Cell, Column, Row, Table, Text, Tone};
use super::super::words::{as_scribe, time, verdict};
use super::looks;
use super::marks::{limits, source};
use crate::domain::clock::Instant;
use crate::domain::entry::spec::{Basis as Origin, EntrySpec};
use crate::domain::ids::StepKey;
use crate::domain::run::acts::condition::{self, Branch};
use crate::domain::run::reading::ReadingSource;
use crate::domain::run::{Content, EntryRun, EntryVersion, StepRun};
use crate::domain::words::{Absence, Basis, EntryKey, Who};

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

/// Who and when a step's head says: its rows say what differs from that.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    pub record: &'a BatchRecord<'a>,
    /// The occurrence; none for the release specifications, whose rows say everything.
    pub step: Option<(&'a StepKey, &'a StepRun)>,
}

impl Head<'_> {
    /// A moment: its time of day where the head says the day.
    pub fn time(&self, at: Instant) -> String {
        let whole = time(self.record, at);
        let Some((_, state)) = self.step else { return whole };
        let head = time(self.record, state.started_at);
        let same = head.get(..10) == whole.get(..10) && head.get(19..) == whole.get(19..);
        if same { whole.get(11..19).unwrap_or(&whole).to_owned() } else { whole }
    }

    /// A person and a moment: nobody where the head names the person in this role.
    fn by(&self, by: &Who, at: Instant) -> Text {
        let at = self.time(at);
        match self.step {
            Some((_, state)) if same(&state.started_by, by) => Text::new().fine(at),
            _ => Text::new()
                .plain(&by.printed_name)
                .fine(format!(" {}, {} {at}", by.user_name, by.role)),
        }
    }
}

fn same(one: &Who, other: &Who) -> bool {
    one.person == other.person && one.role == other.role
}

/// The table of an occurrence, or of the release specifications: what was asked stands below each entry's name.
pub fn table<'a, 's>(
    head: Head<'_>,
    specs: impl IntoIterator<Item = &'s EntrySpec>,
    state: impl Fn(&str) -> Option<&'a EntryRun>,
) -> Table {
    let (record, step) = (head.record, head.step.map(|(key, _)| key));
    let shared = head.step.and_then(|(_, state)| looks::shared(record, state));
    let told = if step.is_some() { "At, and if not as above" } else { "Recorded by, at" };
    let mut table = Table::new([
        Column::share(5.0, "Entry, what is asked"),
        Column::share(1.8, "Value"),
        Column::share(1.1, "Verdict"),
        Column::share(2.6, told),
    ])
    .row_headers()
    .dense();
    for spec in specs {
        let run = state(&spec.id);
        run.into_iter().for_each(|run| on_the_way(&mut table, head, spec, run));
        let versions = run.map(|run| run.versions.clone()).unwrap_or_default();
        if versions.is_empty() {
            let asked = asks(record, step, spec);
            let at = EntryKey { step: step.cloned(), entry: spec.id.clone() };
            let standing = match condition::entry(record.run, &at, spec) {
                Branch::NotTaken(why) => Text::new().muted(format!("not asked: {why}")),
                _ => owed(spec, run),
            };
            let asks = Cell::lines([name(spec), asked]);
            table.row([asks, Text::new().muted("—").into(), standing.into(), Cell::default()]);
        }
        for (index, version) in versions.iter().enumerate() {
            let last = index + 1 == versions.len();
            let asks = match index {
                0 => Cell::lines([name(spec), asks(record, step, spec)]),
                _ => Cell::from(name(spec).fine(format!(" version {}", version.version))),
            };
            let [value, verdict, told] = row(head, version, last);
            let look = looks::look(record, (step, spec), version, last);
            // A look over all values of the occurrence stands once, above.
            let look = look.filter(|look| {
                version.looked.is_none() || shared.as_ref().is_none_or(|all| *all != look.words())
            });
            let told = match look {
                Some(look) => told.line().then(look),
                None => told,
            };
            table.row([asks, value.into(), verdict.into(), told.into()]);
        }
    }
    table
}

/// What is asked, its limits, and where the numbers come from.
fn asks(record: &BatchRecord<'_>, step: Option<&StepKey>, spec: &EntrySpec) -> Text {
    let text = limits(record, step, spec);
    match source(spec) {
        Some(source) => text.fine(format!(" · {source}")),
        None => text,
    }
}

/// Readings and additions before the value, and values that were sent and do not count.
fn on_the_way(table: &mut Table, head: Head<'_>, spec: &EntrySpec, run: &EntryRun) {
    for point in run.trail.iter().filter(|_| !spec.kind.as_kind().trail_goes_on()) {
        let cells = [
            Text::new().muted(format!("   {}: {}", spec.name, point.kind)),
            Text::new().muted(&point.shown),
            Text::new().muted("on the way"),
            head.by(&point.by, point.at),
        ];
        table.push(Row::new(cells).tone(Tone::Muted));
    }
    for attempt in &run.attempts {
        let cells = [
            Text::new().muted(format!("   {}: attempt", spec.name)),
            Text::new().muted(&attempt.shown),
            match (attempt.verdicts.is_empty(), attempt.confirmed) {
                (true, _) => Text::new().muted("kept, changes nothing"),
                (false, true) => verdict(&attempt.verdicts).fine(" sent again and meant"),
                (false, false) => verdict(&attempt.verdicts).fine(" kept, does not count"),
            },
            head.by(&attempt.by, attempt.at).then(looks::attempt(head.record, attempt)),
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

/// Value, verdict, and how it was recorded.
fn row(head: Head<'_>, version: &EntryVersion, last: bool) -> [Text; 3] {
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
    [value, verdicts, told(head, version, last)]
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
fn told(head: Head<'_>, version: &EntryVersion, last: bool) -> Text {
    let record = head.record;
    let computed = version.basis == Basis::Computed;
    let mut by = if computed {
        Text::new().muted("computed").fine(format!(" {}", head.time(version.at)))
    } else {
        head.by(&version.by, version.at)
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
        let at = head.time(at);
        by = by.line().fine(match version.performed_before {
            Some(before) => format!("performed at {}, corrected to {at}", head.time(before)),
            None => format!("performed {at}"),
        });
    }
    if let Some(reason) = &version.reason {
        by = match computed {
            true => by.line().fine(format!("because: {reason}")),
            false => by.line().fine("reason: ").quote(reason),
        };
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
                head.time(*at)
            ))
        }
        None if version.check_owed && last => by.line().alert("check owed"),
        None => by,
    }
}
