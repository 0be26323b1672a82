//! What the demo site has on its shelves and in its rooms: component lots with who vouches for them, equipment.

use serde_json::{Value, json};

/// A lot of a component that somebody else made.
struct Component {
    /// Code of the material in the master record.
    material: &'static str,
    lot: &'static str,
    supplier: &'static str,
    document: &'static str,
}

const fn component(
    material: &'static str,
    lot: &'static str,
    supplier: &'static str,
    document: &'static str,
) -> Component {
    Component { material, lot, supplier, document }
}

/// The cell bank.
pub const CELL_BANK: &str = "WCB-2019-117";

const COMPONENTS: [Component; 25] = [
    component(
        "WCB-AMAB",
        CELL_BANK,
        "Cell bank of the group, site North",
        "release certificate QA-WCB-117",
    ),
    component("BASAL-MEDIUM", "BM-2607-04", "Nordmedia", "certificate of analysis 88213"),
    component("INSULIN", "INS-5521", "Peptera", "certificate of analysis 5521-A"),
    component("PLURONIC", "PL-190266", "Surfachem", "certificate of analysis 190266"),
    component("METHOTREXATE", "MTX-0417", "Peptera", "certificate of analysis 0417-C"),
    component("SEED-VESSEL", "SF-33018", "Vessels & Bags", "certificate of sterilisation 33018"),
    component("NF-1", "NF1-2607-11", "Nordmedia", "certificate of analysis 88340"),
    component(
        "GLUCOSE-FEED",
        "GF-2607-02",
        "media kitchen of this site",
        "preparation record MK-26-311",
    ),
    component("ANTIFOAM-C", "AFC-7714", "Surfachem", "certificate of analysis 7714"),
    component("DEPTH-FILTER", "DF-60412", "Filtra", "certificate of conformity 60412"),
    component("PROTEIN-A-RESIN", "RA-2214-07", "Columna", "certificate of analysis 2214-07"),
    component(
        "PROTEIN-A-BUFFERS",
        "BUF-PA-26-118",
        "buffer kitchen of this site",
        "preparation record BK-26-118",
    ),
    component("ACETIC-ACID", "HAC-90431", "Reagenta", "certificate of analysis 90431"),
    component("TRIS-BASE", "TRIS-31077", "Reagenta", "certificate of analysis 31077"),
    component("CEX-RESIN", "RC-1870-03", "Columna", "certificate of analysis 1870-03"),
    component(
        "CEX-BUFFERS",
        "BUF-CX-26-121",
        "buffer kitchen of this site",
        "preparation record BK-26-121",
    ),
    component("AEX-RESIN", "RQ-0955-12", "Columna", "certificate of analysis 0955-12"),
    component(
        "AEX-BUFFERS",
        "BUF-AX-26-124",
        "buffer kitchen of this site",
        "preparation record BK-26-124",
    ),
    component("VIRUS-FILTER", "VF-20816", "Filtra", "certificate of conformity 20816"),
    component("UF-MEMBRANE", "UF-30K-5120", "Filtra", "certificate of conformity 5120"),
    component("ACETATE", "NAC-77120", "Reagenta", "certificate of analysis 77120"),
    component("SUCROSE", "SUC-40093", "Saccharo", "certificate of analysis 40093"),
    component("PS20", "PS20-6602", "Surfachem", "certificate of analysis 6602"),
    component("STERILE-FILTER", "SF02-9917", "Filtra", "certificate of conformity 9917"),
    component("DS-BAG", "DSB-10-4471", "Vessels & Bags", "certificate of sterilisation 4471"),
];

/// Equipment by the name of the entry that asks for it.
const EQUIPMENT: [(&str, &str); 19] = [
    ("Biosafety cabinet", "BSC-12"),
    ("N-1 bioreactor", "BR-1500-1"),
    ("Platform scale", "BAL-05"),
    ("Production bioreactor", "BR-101"),
    ("Centrifuge", "CF-41"),
    ("Depth filter housing", "FH-42"),
    ("Protein A column", "COL-PA-02"),
    ("Protein A skid", "PA-SKID"),
    ("Pool tank", "T-51"),
    ("Inactivation vessel", "T-61"),
    ("CEX column", "COL-CX-01"),
    ("CEX skid", "CEX-SKID"),
    ("AEX column", "COL-AX-01"),
    ("AEX skid", "AEX-SKID"),
    ("Virus filter housing", "FH-91"),
    ("Integrity tester", "IT-03"),
    ("Ultrafiltration skid", "UF-101"),
    ("Bench scale", "BAL-11"),
    ("Filling station", "FS-02"),
];

/// The lot or the piece of equipment that stands ready for an entry.
#[must_use]
pub fn identifier(spec: &Value) -> &'static str {
    let material = spec["material"].as_str().unwrap_or_default();
    let name = spec["name"].as_str().unwrap_or_default();
    let lot = COMPONENTS.iter().find(|it| it.material == material).map(|it| it.lot);
    let equipment = EQUIPMENT.iter().find(|it| it.0 == name).map(|it| it.1);
    lot.or(equipment).unwrap_or("unknown")
}

/// What quality accepts lots of others by: supplier and document of each of these.
#[must_use]
pub fn vouched(lots: &[&str]) -> Vec<Value> {
    let vouched = COMPONENTS.iter().filter(|it| lots.contains(&it.lot));
    vouched
        .map(|it| json!({ "lot": it.lot, "supplier": it.supplier, "document": it.document }))
        .collect()
}
