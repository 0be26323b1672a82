//! The master record as approved, once: what the chapters of the procedure do not print beside what was done
//! (21 CFR 211.188(a)). Instructions, limits, hold times and notes of steps stand there.

use super::super::model::BatchRecord;
use super::super::pdf::document::{Block, Cell, Column, Document, Fact, Style, Table, Text};
use super::steps::named_source;
use crate::domain::quantity::Quantity;
use crate::domain::recipe::MasterRecord;
use crate::domain::recipe::materials::{Material, MaterialRole};
use crate::domain::units;

/// Writes the chapter.
pub fn write(document: &mut Document, record: &BatchRecord<'_>) {
    let run = record.run;
    let master = &*run.original;
    document.h1("Master record as approved");
    document.push(Text::new().muted(format!(
        "{} version {}, accurately reproduced. Its procedure stands in the chapters below, each instruction with its limits beside what was done; what was changed for this batch alone stands there too, beside the original.",
        run.master.code, run.master.version
    )));
    document.push(head(master));
    materials(document, master);
    containers(document, master);
    labels(document, master);
    list(document, "Precautions", &master.precautions);
    gates(document, master);
    list(document, "Notes", &master.notes);
}

fn head(master: &MasterRecord) -> Block {
    let theory = &master.theoretical_yield;
    let mut theoretical = Text::new().plain(quantity(&theory.quantity)).fine(format!(
        " investigated below {} % and above {} %",
        theory.min_percent, theory.max_percent
    ));
    if let Some(source) = theory.source.as_ref() {
        theoretical = theoretical.fine(format!(" · {}", named_source(source)));
    }
    let product = &master.product;
    let mut facts = vec![
        Fact::new("Title", &*master.title),
        Fact::new("Product", format!("{} {}", product.code, product.name)),
        Fact::new("Strength or scale", &*master.strength_or_scale),
        Fact::new("Batch size", quantity(&master.batch_size)),
        Fact::new("Theoretical yield", theoretical),
    ];
    facts.extend(master.source.iter().map(|source| Fact::new("Source", &**source)));
    Block::facts(2, facts)
}

fn quantity(quantity: &Quantity) -> String {
    format!("{} {}", quantity.value, units::shown(&quantity.unit))
}

fn role(role: MaterialRole) -> &'static str {
    match role {
        MaterialRole::Active => "active substance",
        MaterialRole::StartingMaterial => "starting material",
        MaterialRole::RawMaterial => "raw material",
        MaterialRole::Excipient => "excipient",
        MaterialRole::Consumable => "consumable",
    }
}

fn materials(document: &mut Document, master: &MasterRecord) {
    document.h2("Materials");
    if master.materials.is_empty() {
        document.push(Text::new().muted("None."));
        return;
    }
    let mut table = Table::new([
        Column::share(2.6, "Material"),
        Column::share(2.2, "Quantity"),
        Column::share(2.6, "Specification"),
        Column::share(1.8, "Source"),
    ])
    .row_headers()
    .dense();
    for material in &master.materials {
        let mut name = Text::new().plain(&material.name);
        name = name.line().fine(format!("{}, {}", material.code, role(material.role)));
        if !material.gtin.is_empty() {
            name = name.fine(format!(", GTIN {}", material.gtin.join(", ")));
        }
        let specification = material.specification.as_deref().unwrap_or("—");
        let source = material.source.as_ref().map(named_source).unwrap_or_default();
        table.row([
            name,
            how_much(material),
            Text::new().fine(specification),
            Text::new().fine(source),
        ]);
    }
    document.push(table);
}

fn how_much(material: &Material) -> Text {
    let amount = material.quantity.as_ref().map(quantity);
    let mut text = amount.map_or_else(Text::new, |amount| Text::new().plain(amount));
    if let Some(overage) = material.overage_percent {
        text = text.fine(format!(" with {overage} % in excess"));
    }
    match &material.quantity_note {
        Some(note) if text.is_empty() => text.fine(note),
        Some(note) => text.line().fine(note),
        None => text,
    }
}

fn containers(document: &mut Document, master: &MasterRecord) {
    document.h2("Containers and closures");
    let containers = master.containers.iter().map(|container| {
        let source = container.source.as_ref().map(named_source).unwrap_or_default();
        Text::new()
            .bold(format!("{}: ", container.name))
            .plain(&container.description)
            .fine(format!(" {source}"))
    });
    document.push(Block::bullets(or_none(containers.collect())));
}

fn or_none(items: Vec<Text>) -> Vec<Text> {
    if items.is_empty() { vec![Text::new().muted("None.")] } else { items }
}

/// Each specimen line by line in a frame of its own, as it was approved.
fn labels(document: &mut Document, master: &MasterRecord) {
    document.h2("Label specimens");
    if master.labels.is_empty() {
        document.push(Text::new().muted("None."));
        return;
    }
    let mut table = Table::new([
        Column::share(1.4, "Label"),
        Column::share(2.6, "Specimen"),
        Column::share(1.6, "Source"),
    ])
    .row_headers();
    for label in &master.labels {
        let name = Text::new().plain(&label.id).line().fine(format!("on {}", label.used_on));
        let mut lines: Vec<_> =
            label.specimen.iter().map(|line| Text::new().lines(line, Style::PLAIN)).collect();
        if let Some(picture) = &label.picture {
            lines.push(Text::new().fine(format!("picture, SHA-256 {picture}")));
        }
        let source = label.source.as_ref().map(named_source).unwrap_or_default();
        table.row([Cell::from(name), Cell::lines(lines), Cell::from(Text::new().fine(source))]);
    }
    document.push(table);
}

fn gates(document: &mut Document, master: &MasterRecord) {
    if master.gates.is_empty() {
        return;
    }
    document.h2("Gates");
    let gates = master.gates.iter().map(|gate| {
        let text = Text::new()
            .bold(format!("{} {}: ", gate.id, gate.name))
            .plain(format!("before {}", gate.before.join(", ")));
        match gate.at_risk_minutes {
            Some(minutes) => text.fine(format!(", at risk for {minutes} minutes at most")),
            None => text.fine(", never at risk"),
        }
    });
    document.push(Block::bullets(gates));
}

fn list(document: &mut Document, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    document.h2(title);
    document.push(Block::bullets(lines.iter().map(|line| Text::new().lines(line, Style::PLAIN))));
}
