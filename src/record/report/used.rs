//! What the batch was made with: equipment and component lots as lists (21 CFR 211.188(b)(2), (3), (4)).

use super::super::model::BatchRecord;
use super::super::pdf::document::{Column, Document, Table, Text};
use super::words::date;
use crate::domain::alike::{alike, forms};
use crate::domain::clock::Instant;
use crate::domain::entry::identifier::Label;
use crate::domain::entry::{EntryValue, equipment, lot};
use crate::domain::ids::StepKey;
use crate::domain::run::genealogy::Stands;
use crate::domain::run::reading::ReadingSource;
use crate::domain::run::{EntryRun, Run};
use crate::domain::units;
use crate::domain::words::Basis;
use std::collections::{BTreeMap, BTreeSet};

/// A piece of equipment or a device.
#[derive(Default)]
struct Piece {
    id: String,
    classes: BTreeSet<String>,
    /// Until when it was calibrated, as known at each use; `None` among them: it was not registered then.
    calibrated: BTreeSet<Option<Instant>>,
    /// Steps, each with how often.
    places: Places,
    /// What it was used for, where it gave values.
    readings: BTreeSet<String>,
}

/// Steps, each with how often.
#[derive(Default)]
struct Places(BTreeMap<String, BTreeSet<u32>>);

impl Places {
    /// A step's occurrence; without one something at release.
    fn put(&mut self, step: Option<&StepKey>) {
        let (place, k) = match step {
            Some(key) => (format!("{} {}", key.operation, key.step), key.k),
            None => ("release".to_owned(), 1),
        };
        self.0.entry(place).or_default().insert(k);
    }

    /// `OP-03.2~1 03.2.1 (17 times), OP-04.1~1 04.1.1`.
    fn shown(&self) -> String {
        let one = |(place, times): (&String, &BTreeSet<u32>)| match times.len() {
            1 => place.clone(),
            n => format!("{place} ({n} times)"),
        };
        self.0.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

/// Every entry with its place and name.
fn entries(run: &Run) -> impl Iterator<Item = (Option<&StepKey>, &str, &EntryRun)> {
    let of_steps = run.reported_steps().flat_map(move |(key, state)| {
        let specs = run.recipe.step(&key.step).map_or(&[][..], |(_, step)| &step.entries);
        state.entries.iter().map(move |(id, entry)| {
            let name = specs.iter().find(|spec| spec.id == *id).map(|spec| spec.name.as_str());
            (Some(key), name.unwrap_or(id), entry)
        })
    });
    let release = run.recipe.release_specifications.as_slice();
    of_steps.chain(run.release_entries.iter().map(move |(id, entry)| {
        let name = release.iter().find(|spec| spec.id == *id).map(|spec| spec.name.as_str());
        (None, name.unwrap_or(id), entry)
    }))
}

/// Writes the chapter.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    document.h1("Equipment and component lots");
    equipment_used(document, record);
    component_lots(document, record);
}

fn pieces(run: &Run) -> BTreeMap<String, Piece> {
    let mut pieces: BTreeMap<String, Piece> = BTreeMap::new();
    let mut put = |id: &str, step: Option<&StepKey>, more: &mut dyn FnMut(&mut Piece)| {
        let piece = pieces.entry(forms(id).folded).or_default();
        if piece.id.is_empty() {
            id.clone_into(&mut piece.id);
        }
        piece.places.put(step);
        more(piece);
    };
    for (step, name, entry) in entries(run) {
        let read = |source: &ReadingSource| (source.device.clone(), Some(source.calibration_due));
        for version in &entry.versions {
            if let Some((id, class)) = version.value().and_then(equipment::named) {
                put(id, step, &mut |piece| {
                    piece.classes.insert(class.to_owned());
                });
            }
            let told = match (&version.source, &version.basis) {
                (Some(source), _) => Some(read(source)),
                (None, Basis::Device { id }) => Some((id.clone(), None)),
                (None, _) => None,
            };
            given(told, step, name, &mut put);
        }
        for tested in &entry.determinations {
            given(tested.told.source.as_deref().map(read), step, name, &mut put);
        }
    }
    let mut alarms = Vec::new();
    for alarm in &run.alarms {
        let told =
            alarm.told.source.as_ref().map(|it| (it.device.clone(), Some(it.calibration_due)));
        alarms.extend(told);
    }
    // An alarm comes beside the steps: whose it was is known, and no place of use.
    for (id, calibrated) in alarms {
        let piece = pieces.entry(forms(&id).folded).or_default();
        piece.id = if piece.id.is_empty() { id } else { std::mem::take(&mut piece.id) };
        piece.calibrated.extend(calibrated);
        piece.readings.insert("alarms".to_owned());
    }
    pieces
}

/// Adds a piece of equipment by id and place, with what else is known of it.
type Put<'p> = dyn FnMut(&str, Option<&StepKey>, &mut dyn FnMut(&mut Piece)) + 'p;

/// A value that a device gave.
fn given(
    told: Option<(String, Option<Option<Instant>>)>,
    step: Option<&StepKey>,
    name: &str,
    put: &mut Put<'_>,
) {
    let Some((id, calibrated)) = told else { return };
    put(&id, step, &mut |piece| {
        piece.calibrated.extend(calibrated);
        piece.readings.insert(name.to_owned());
    });
}

fn equipment_used(document: &mut Document, record: &BatchRecord<'_>) {
    let run = record.run;
    document.h2("Equipment used");
    let mut table = Table::new([
        Column::share(1.2, "Identifier"),
        Column::share(2.2, "Class, or what it gave"),
        Column::share(1.7, "Calibrated until, as known at use"),
        Column::share(3.4, "Where used"),
    ])
    .row_headers()
    .dense();
    let pieces = pieces(run);
    let mut pieces: Vec<_> = pieces.values().collect();
    pieces.sort_by(|one, other| one.id.cmp(&other.id));
    for piece in pieces {
        let mut what: Vec<_> = piece.classes.iter().cloned().collect();
        what.extend(piece.readings.iter().cloned());
        table.row([
            Text::new().bold(&piece.id),
            Text::from(what.join(", ")),
            calibrated(record, piece),
            Text::from(piece.places.shown()),
        ]);
    }
    if table.rows.is_empty() {
        document.push(Text::new().alert("No entry names a piece of equipment by its identifier."));
    } else {
        document.push(table);
    }
    let classes: Vec<_> = (run.recipe.unit_procedures.iter())
        .filter_map(|up| Some(format!("{} {}: {}", up.id, up.name, up.equipment_class.as_ref()?)))
        .collect();
    if !classes.is_empty() {
        let asked = "Classes that the master record asks for: ";
        document.push(Text::new().muted(asked).plain(classes.join("; ")));
    }
}

fn calibrated(record: &BatchRecord<'_>, piece: &Piece) -> Text {
    let mut text = Text::new();
    for (place, due) in piece.calibrated.iter().enumerate() {
        text = if place > 0 { text.line() } else { text };
        text = match due {
            Some(due) => text.plain(date(record, *due)),
            None => text.alert("not registered then"),
        };
    }
    if piece.calibrated.is_empty() { text.muted("not recorded") } else { text }
}

/// A lot that went in.
struct Component {
    material: String,
    lot: String,
    expiry: BTreeSet<String>,
    places: Places,
    /// Masses and volumes recorded in the steps that name it.
    measured: BTreeSet<String>,
}

fn components(run: &Run) -> Vec<Component> {
    let mut found: BTreeMap<(String, String), Component> = BTreeMap::new();
    for (step, _, entry) in entries(run) {
        for value in entry.versions.iter().filter_map(|version| version.value()) {
            let Some(number) = lot::number_of(value) else { continue };
            let material = lot::material_of(value).unwrap_or_default();
            let place = (material.to_owned(), forms(number).folded);
            let component = found.entry(place).or_insert_with(|| Component {
                material: material.to_owned(),
                lot: number.to_owned(),
                expiry: BTreeSet::new(),
                places: Places::default(),
                measured: BTreeSet::new(),
            });
            component.expiry.extend(Label::of(value).and_then(|label| label.expiry));
            component.places.put(step);
            component.measured.extend(step.into_iter().flat_map(|step| measured(run, step)));
        }
    }
    found.into_values().collect()
}

/// Masses and volumes of a step's occurrence, each with its name.
fn measured(run: &Run, step: &StepKey) -> Vec<String> {
    let amount = |value: &EntryValue| {
        value.number.as_ref().is_some_and(|number| {
            let of = |unit| units::in_unit(number.value, &number.unit, unit).is_some();
            of("kg") || of("L")
        })
    };
    let Some(state) = run.steps.get(step) else { return Vec::new() };
    let specs = run.recipe.step(&step.step).map_or(&[][..], |(_, step)| &step.entries);
    let current = state.entries.iter().filter_map(|(id, entry)| {
        let value = entry.current()?.value().filter(|value| amount(value))?;
        let name = specs.iter().find(|spec| spec.id == *id).map_or(id, |spec| &spec.name);
        Some(format!("{name} {}", value.shown))
    });
    current.collect()
}

fn component_lots(document: &mut Document, record: &BatchRecord<'_>) {
    let run = record.run;
    document.h2("Component lots used");
    let components = components(run);
    if components.is_empty() {
        document.push(Text::new().alert("No entry names a lot of a component."));
        return;
    }
    let mut table = Table::new([
        Column::share(2.3, "Material"),
        Column::share(1.5, "Lot"),
        Column::share(0.8, "Expiry"),
        Column::share(2.3, "Masses and volumes of its steps"),
        Column::share(3.4, "How it stands"),
        Column::share(1.8, "Where used"),
    ])
    .row_headers()
    .dense();
    for it in &components {
        let listed = run.recipe.materials.iter().find(|m| m.code == it.material);
        let material = match listed {
            Some(listed) => Text::new().plain(&listed.name).fine(format!(" {}", listed.code)),
            None => Text::from(&it.material),
        };
        let list = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(", ");
        let none = |text: String, word: &str| match text.is_empty() {
            true => Text::new().muted(word),
            false => Text::from(text),
        };
        table.row([
            material,
            Text::new().bold(&it.lot),
            none(list(&it.expiry), "not given"),
            none(list(&it.measured), "none recorded there"),
            accepted(record, &it.lot),
            Text::from(it.places.shown()),
        ]);
    }
    document.push(table);
}

/// How a component lot stands for what was made of it, worst first: it keeps a lot back, it may be used, it was taken
/// away; before a lot comes out, how it would stand.
fn accepted(record: &BatchRecord<'_>, lot: &str) -> Text {
    let of_lots: Vec<_> = record.parents.values().flatten().collect();
    let stands = |all: &[&Stands]| {
        let of_it = all.iter().copied().filter(|it| alike(&it.parent.number, lot)).cloned();
        of_it.min_by_key(|it| (!it.holds, it.parent.removed.is_some()))
    };
    let yet: Vec<_> = record.components.iter().collect();
    match stands(&of_lots).or_else(|| stands(&yet)) {
        Some(it) if it.holds || it.parent.removed.is_some() => Text::new().alert(&it.word),
        Some(it) => Text::from(&it.word),
        None => Text::new().muted("a lot of this batch"),
    }
}
