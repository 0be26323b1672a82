//! The first page's numbers: met, waived, decided inconclusive and open each their own; values, exceptions, changes.

use super::super::super::model::BatchRecord;
use super::super::super::pdf::document::{Text, Tile, Tone};
use super::changes;
use crate::domain::exception::{Exception, Severity};
use crate::domain::run::obligations::conformity;
use crate::domain::run::{EntryRun, Run};
use crate::domain::words::Basis;

/// The tiles.
pub fn tiles(record: &BatchRecord<'_>) -> Vec<Tile> {
    let mut tiles = obligations(record);
    tiles.push(within(record.run));
    tiles.push(exceptions(record.run));
    tiles.push(deviations(record));
    let made = changes::count(record.run);
    let note = format!("{} recomputed, {} struck", made.recomputed, made.struck);
    let tone = if made.corrections + made.struck > 0 { Tone::Alert } else { Tone::Plain };
    let word = if made.corrections == 1 { "correction" } else { "corrections" };
    tiles.push(Tile::new(made.corrections.to_string(), word, tone).note(note));
    tiles
}

/// Four numbers, never one: what was waived or decided inconclusive is not met, and never green.
fn obligations(record: &BatchRecord<'_>) -> Vec<Tile> {
    let tally = record.tally();
    let of = format!("of {} obligations", tally.all());
    let tone = |count: u32, bad: Tone| if count > 0 { bad } else { Tone::Plain };
    let met = if tally.met == tally.all() { Tone::Ok } else { Tone::Plain };
    vec![
        Tile::new(tally.met.to_string(), "met", met).note(&of),
        Tile::new(tally.waived.to_string(), "waived", tone(tally.waived, Tone::Alert))
            .note("not met, no longer owed"),
        Tile::new(
            tally.inconclusive.to_string(),
            "decided inconclusive",
            tone(tally.inconclusive, Tone::Fail),
        )
        .note("neither confirmed nor invalidated"),
        Tile::new(tally.open.to_string(), "open", tone(tally.open, Tone::Alert))
            .note(if tally.open == 0 { "nothing is owed" } else { "still owed" }),
    ]
}

fn within(run: &Run) -> Tile {
    let all = conformity(run);
    let sum = |count: fn(&(u32, u32)) -> u32| -> u32 {
        all.iter().map(|of| count(&(of.within, of.judged))).sum()
    };
    let (within, judged) = (sum(|it| it.0), sum(|it| it.1));
    let tone = if within < judged { Tone::Alert } else { Tone::Plain };
    Tile::new(format!("{within} of {judged}"), "judged values within limits", tone)
        .note(format!("{} outside, listed below", judged - within))
}

/// `2 critical, 3 major, 7 minor`; a severity that does not occur is left out.
pub fn severities<'e>(exceptions: impl Iterator<Item = &'e Exception> + Clone) -> String {
    let count = |s: Severity| exceptions.clone().filter(|e| e.opened.severity == s).count();
    let of = [
        (count(Severity::Critical), "critical"),
        (count(Severity::Major), "major"),
        (count(Severity::Minor), "minor"),
    ];
    let words: Vec<_> =
        of.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

fn exceptions(run: &Run) -> Tile {
    let undecided = run.exceptions.iter().filter(|e| e.triage.is_none()).count();
    let tone = if undecided > 0 { Tone::Alert } else { Tone::Plain };
    let word = if run.exceptions.len() == 1 { "exception" } else { "exceptions" };
    let mut note = severities(run.exceptions.iter());
    if undecided > 0 {
        note.push_str(&format!("; {undecided} not decided"));
    }
    Tile::new(run.exceptions.len().to_string(), word, tone).note(note)
}

fn deviations(record: &BatchRecord<'_>) -> Tile {
    let open = record.deviations.iter().filter(|it| it.closed.is_none()).count();
    let tone = if open > 0 { Tone::Alert } else { Tone::Plain };
    let word = if record.deviations.len() == 1 { "deviation" } else { "deviations" };
    let note = match (record.deviations.len(), open) {
        (0, _) => "none".to_owned(),
        (_, 0) => "all closed".to_owned(),
        (_, open) => format!("{open} open"),
    };
    Tile::new(record.deviations.len().to_string(), word, tone).note(note)
}

/// How many values were typed, told through a scribe, copied from paper, given by a device, computed.
#[derive(Default)]
struct Origins {
    typed: usize,
    scribed: usize,
    paper: usize,
    device: usize,
    proven: usize,
    computed: usize,
}

/// Where the values come from: `241 typed, 3 through a scribe, 8 by device (8 signed by it), 40 computed`.
pub fn origins(run: &Run) -> Text {
    let mut found = Origins::default();
    let steps = run.steps.values().flat_map(|step| step.entries.values());
    for entry in steps.chain(run.release_entries.values()) {
        found.entry(entry);
    }
    let mut words = vec![format!("{} typed", found.typed)];
    words.push(format!("{} through a scribe", found.scribed));
    let device = format!("{} by device ({} signed by it)", found.device, found.proven);
    words.push(device);
    if found.paper > 0 {
        words.push(format!("{} from paper", found.paper));
    }
    words.push(format!("{} computed", found.computed));
    Text::from(words.join(", "))
}

impl Origins {
    /// Every value that counts; of a result each determination.
    fn entry(&mut self, entry: &EntryRun) {
        for tested in &entry.determinations {
            let source = tested.told.source.as_ref();
            self.value(&tested.told.basis, source.is_some_and(|it| it.verified));
        }
        if !entry.determinations.is_empty() {
            return;
        }
        if let Some(version) = entry.current().filter(|version| version.is_value()) {
            let source = version.source.as_ref();
            self.value(&version.basis, source.is_some_and(|it| it.verified));
        }
    }

    fn value(&mut self, basis: &Basis, proven: bool) {
        let count = match basis {
            Basis::Direct => &mut self.typed,
            Basis::Scribe { .. } => &mut self.scribed,
            Basis::Paper { .. } => &mut self.paper,
            Basis::Device { .. } => &mut self.device,
            Basis::Computed => &mut self.computed,
        };
        *count += 1;
        self.proven += usize::from(proven);
    }
}
