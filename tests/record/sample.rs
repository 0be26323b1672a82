//! A document like a batch report, with every kind of block and with text that people really type.

use batchwright::record::pdf::document::*;

/// 2026-03-02 14:05:00 UTC.
pub const PRINTED: i64 = 1_772_460_300_000_000;

fn frame() -> Frame {
    Frame {
        site: "Riverside Biologics, Building 4".into(),
        kind: "Batch record".into(),
        batch: "AMAB-2026-014".into(),
        version: "AMAB-DS v1".into(),
        rendition: "Rendition 3".into(),
        printed_at: "2026-03-02 15:05:00 +01:00 (Europe/Berlin)".into(),
        printed_by: "Miriam Okafor (mokafor)".into(),
        banner: Some("DEMO SITE  ·  SIMULATED TIME".into()),
    }
}

/// A report whose middle part repeats `steps` times.
pub fn report(steps: usize) -> Document {
    let mut document =
        Document::new("Batch record AMAB-2026-014", "AMAB-2026-014/3", PRINTED, frame());
    document.subject = "Complete record of batch AMAB-2026-014, rendition 3".into();
    summary(&mut document);
    document.page_break().h1("Contents").contents(Level::Two);
    document.page_break().h1("What was done");
    for number in 1..=steps {
        step(&mut document, number);
    }
    trail(&mut document, steps * 4);
    integrity(&mut document);
    document.attach(Attachment {
        name: "batch-record.json".into(),
        media_type: "application/json".into(),
        description: "The same record for machines".into(),
        relation: Relation::Source,
        bytes: br#"{"batch":"AMAB-2026-014"}"#.to_vec(),
    });
    document
}

fn summary(document: &mut Document) {
    document.push(
        Heading::new(Level::One, "A-Mab drug substance").aside(Badge::new("RELEASED", Tone::Ok)),
    );
    document.paragraph(
        Text::new()
            .muted("Batch ")
            .bold("AMAB-2026-014")
            .muted(" of master record ")
            .bold("AMAB-DS v1"),
    );
    document.push(Block::facts(
        3,
        [
            Fact::new("Product", "A-Mab (humanized IgG1), 15 000 L"),
            Fact::new("Issued", "2026-01-05 06:00 by Jonas Weber"),
            Fact::new("Completed", "2026-02-20 17:42"),
            Fact::new("Batch size", "15 000 L"),
            Fact::new("Yield", Text::new().bold("61.4 kg").muted(" of 60.0 kg (102.3 %)")),
            Fact::new("Released by", "Dr Aiko Tanaka, qualified person"),
        ],
    ));
    document.push(Block::Tiles(vec![
        Tile::new("412 / 412", "Obligations met", Tone::Ok).note("none waived"),
        Tile::new("1", "Deviation", Tone::Alert).note("minor, closed"),
        Tile::new("3", "Exceptions", Tone::Plain).note("2 judged no deviation"),
        Tile::new("4", "Changes since entry", Tone::Plain).note("each with its reason"),
    ]));
    document.push(
        Callout::new(Tone::Ok, "Released by the qualified person")
            .paragraph("Every obligation of this batch is met. The one deviation is closed with a conclusion on impact."),
    );
    document.push(
        Callout::new(Tone::Alert, "DEV-2026-003: pH above its accepted range on day 9 of the culture")
            .paragraph(Text::new().plain("Value ").bold("7.31").plain(" against ").bold("6.80 – 7.20").plain(
                ". Feeding and sampling went on; the transfer gate stayed closed until QA concluded on 2026-01-27.",
            )),
    );
    document.push(Callout::new(Tone::Fail, "Three requests were refused").with(Block::bullets([
        "witness-is-performer (P11-10g)",
        "release-not-ready (C211-192a)",
        "step-out-of-order (P11-10f)",
    ])));
    document.push(timeline());
    document.push(trend());
}

fn timeline() -> Timeline {
    let names = [
        "Seed train",
        "Fed-batch culture",
        "Harvest",
        "Protein A capture",
        "Low-pH inactivation",
        "Polishing",
        "Formulation and fill",
    ];
    let mut from = 0.0;
    let lanes = names.iter().enumerate().map(|(place, name)| {
        let length = [9.0, 17.0, 1.5, 3.0, 0.6, 4.0, 3.0][place];
        let pins = if place == 1 {
            vec![Pin { at: 18.0, tone: Tone::Fail, label: "pH 7.31".into() }]
        } else {
            Vec::new()
        };
        let bar = Bar {
            from,
            to: from + length,
            tone: if place == 1 { Tone::Alert } else { Tone::Accent },
        };
        from += length;
        Lane { label: (*name).into(), bars: vec![bar], pins }
    });
    Timeline {
        title: "Eight weeks at a glance".into(),
        alt: "Seven operations from 5 January to 12 February; fed-batch culture has one exception on day 18".into(),
        from: 0.0,
        to: 40.0,
        lanes: lanes.collect(),
        ticks: (0..=5).map(|week| (week as f32 * 7.0, format!("day {}", week * 7))).collect(),
    }
}

fn trend() -> Trend {
    let values =
        [7.0, 7.02, 6.98, 7.05, 7.01, 6.97, 7.04, 7.08, 7.31, 7.18, 7.02, 6.99, 7.0, 6.96, 7.01];
    Trend {
        title: "pH of the culture".into(),
        alt: "pH from day 1 to day 15, accepted between 6.80 and 7.20; one value, 7.31 on day 9, lies above".into(),
        points: (1..)
            .zip(values)
            .map(|(day, value)| Point { at: day as f32, value, tone: if value > 7.2 { Tone::Fail } else { Tone::Ok }, replaced: false })
            .collect(),
        low: Some(6.8),
        high: Some(7.2),
        bounds: vec![Bound { value: 6.9, tone: Tone::Alert, label: "alert".into() }],
        ticks: [1, 5, 10, 15].map(|day| (day as f32, format!("day {day}"))).to_vec(),
    }
}

fn step(document: &mut Document, number: usize) {
    if number % 6 == 1 {
        document.h2(format!("{:02}  Production bioreactor", number / 6 + 1));
    }
    let verdict = if number % 7 == 3 {
        Badge::new("EXCEPTION", Tone::Fail)
    } else {
        Badge::new("WITHIN LIMITS", Tone::Ok)
    };
    document.push(
        Heading::new(
            Level::Three,
            format!("{:02}.{}  Measure and adjust the culture", number / 6 + 1, number),
        )
        .aside(verdict),
    );
    document.paragraph(
        "Take a sample of 10 mL after discarding the first 20 mL. Measure pH, dissolved oxygen and viable cell density \
         with qualified equipment. Where a value lies outside its normal range, tell the supervisor before you go on.",
    );
    let mut table = Table::new([
        Column::share(2.6, "Entry"),
        Column::share(1.5, "Value").end(),
        Column::share(1.7, "Limits"),
        Column::share(1.7, "Verdict"),
        Column::share(2.5, "Recorded by"),
        Column::share(2.0, "Checked by"),
    ])
    .row_headers();
    let who = |name: &str, time: &str| Cell::lines([Text::from(name), Text::new().fine(time)]);
    table.row([
        Cell::from(Text::new().plain("pH ").badge("CPP", Tone::Accent)),
        Cell::from(Text::new().bold("7.05")),
        "6.80 – 7.20".into(),
        Text::new().ok("within").into(),
        who("Lena Fischer (lfischer)", "2026-01-14 03:10:22 +01:00"),
        who("Omar Haddad", "2026-01-14 03:12:40"),
    ]);
    let count = Text::new().struck("2.1 × 10⁶").line().bold("12.1 × 10⁶").muted(" /mL");
    let mut row = Row::new([
        Cell::from("Viable cell density"),
        Cell::from(count),
        "≥ 5 × 10⁶ /mL".into(),
        if number % 7 == 3 {
            Text::new().fail("below").into()
        } else {
            Text::new().ok("within").into()
        },
        who("Lena Fischer (lfischer)", "2026-01-14 03:11:05 +01:00"),
        who("Omar Haddad", "2026-01-14 03:12:58"),
    ]);
    if number % 7 == 3 {
        row = row.tone(Tone::Fail);
    }
    table.push(row);
    table.row([
        Cell::from("Dissolved CO₂"),
        Cell::from(Text::new().bold("62").muted(" mmHg")),
        "40 – 160".into(),
        Text::new().alert("above normal").into(),
        who("Lena Fischer (lfischer)", "2026-01-14 03:11:41 +01:00"),
        Cell::default(),
    ]);
    document.push(table);
    if number % 7 == 3 {
        document.push(Callout::new(Tone::Fail, format!("Exception E-{number}: below its accepted range")).paragraph(
            "Remark typed by the operator: “Probe was at 3 °C – re-measured, see note 😀 \u{202e}abc”",
        ));
    }
}

fn trail(document: &mut Document, rows: usize) {
    document.page_break().h1("Audit trail");
    let mut table = Table::new([
        Column::fixed(40.0, "Entry").end(),
        Column::fixed(96.0, "Time"),
        Column::share(1.0, "Who"),
        Column::share(2.2, "What"),
        Column::fixed(78.0, "Link"),
    ])
    .caption("Complete, in the order of the journal")
    .dense();
    for row in 1..=rows {
        table.row([
            Cell::from(row.to_string()),
            Cell::from(format!("2026-01-14 03:{:02}:{:02}", row / 60 % 60, row % 60)),
            "Lena Fischer (lfischer)".into(),
            Text::new().bold("ValueRecorded").plain(" 04.1.2~1 pH 7.05").into(),
            Text::new()
                .code(format!("{:016x}", (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)))
                .into(),
        ]);
    }
    document.push(table);
}

fn integrity(document: &mut Document) {
    document.page_break().h1("Integrity");
    document.push(Block::numbered([
        "Scan the code.",
        "Compare the hash.",
        "Verify offline, without this server.",
    ]));
    document.push(Block::Qr {
        content: "batchwright:riverside/AMAB-2026-014/3#9f2c1b7a44d0e6b83c5f".into(),
        alt: "QR code with the batch number, the rendition and the journal's hash".into(),
        beside: vec![
            Text::new().bold("Journal head"),
            Text::new().code("9f2c1b7a44d0e6b83c5f9f2c1b7a44d0e6b83c5f9f2c1b7a44d0e6b83c5f4d0e"),
            Text::new().fine("SHA-256 over the last entry of this batch at the time of printing."),
        ],
    });
    document.push(Block::Rule);
    document.push(Block::facts(
        1,
        [
            Fact::new("Checkpoint", Text::new().code("riverside/log 4711 kzj3nF9u=")),
            Fact::new("Entries", "1 204"),
        ],
    ));
}
