//! Seed expansion and the production bioreactor: 24 days.

use super::super::bodies::entry_body;
use super::super::client::DemoError;
use super::super::floor::{self, Occurrence, StepSpec, Thing};
use super::super::story::Story;
use super::{harvest, incidents, inquiries, night, show_refusal};
use serde_json::json;
use std::collections::BTreeMap;

/// From the thawed vial to the day the culture is harvested, with what is refused on the way.
///
/// # Errors
/// When the server refuses what the story needs, or accepts what it must refuse.
pub fn play(story: &Story<'_>) -> Result<(), DemoError> {
    at_issue(story)?;
    let skipped = story.path("operations/OP-01.1~1/steps/01.1.3~1/start");
    let refused = story.cast.get("olga").refused(&skipped, &json!({}), None, "out-of-order")?;
    show_refusal(story.stage, "Olga skips ahead to the end-of-passage check", &refused);
    seed(story, own_witness)?;
    story.stage.scene("Fed-batch culture: steps side by side for seventeen days, a sample a day");
    for day in 0..CURVE.len() {
        match day {
            9 => night::play(story)?,
            11 => incidents::emergency(story)?,
            _ => {}
        }
        culture_day(story, day)?;
        match day {
            2 => incidents::power_dip(story)?,
            14 => incidents::redline(story)?,
            16 => harvest::look_ahead(story)?,
            _ => {}
        }
        inquiries::afternoon(story, day)?;
        if [6, 13].contains(&day) {
            week_looked_over(story, day)?;
        }
    }
    Ok(())
}

/// Every week somebody else holds the daily logs against what the controller printed.
fn week_looked_over(story: &Story<'_>, day: usize) -> Result<(), DemoError> {
    story.day(7 + i64::try_from(day).unwrap_or(0), 17, 0);
    story.stage.scene("A second look at what was typed, for the week");
    super::quality::look_over(story, "sara", "printout")?;
    story.cast.end_shift()
}

/// A digit too many: the server asks, and keeps what was sent as an attempt.
fn digit_too_many(story: &Story<'_>, occurrence: &str, glucose: &str) -> Result<(), DemoError> {
    let stage = story.stage;
    let olga = story.cast.get("olga");
    let at = format!("OP-03.2~1/{occurrence}");
    let at = Occurrence { batch: &story.batch, step: &at };
    olga.post(&format!("{}/start", at.path()), &json!({}))?;
    stage.tick();
    let spec = StepSpec(&story.steps["03.2.3"]);
    for entry in spec.entries() {
        let values: &[Option<&str>] = match entry["id"].as_str().unwrap_or_default() {
            "glucose-feed-weight" => &[Some("600"), Some("60")],
            "residual-glucose" => &[Some(glucose)],
            _ => &[None],
        };
        for value in values {
            olga.post(&format!("{}/entries", at.path()), &entry_body(entry, *value, ""))?;
            stage.tick();
        }
    }
    let why = json!({ "why": "mistyped", "words": "one nought too many; the scale shows 60" });
    olga.post(&format!("{}/entries/glucose-feed-weight/attempts/explanation", at.path()), &why)?;
    floor::complete(&story.crew("olga", "omar"), at, &spec)?;
    stage.say("   Olga types 600 kg of glucose feed. Nobody feeds so much: the server keeps it as an attempt and asks.");
    stage.say("   60 is recorded; the attempt has its reason, and owes somebody else's look.");
    Ok(())
}

/// At issue the rules are asked about the first day.
fn at_issue(story: &Story<'_>) -> Result<(), DemoError> {
    let answer = story.cast.get("sven").get(&story.path("preflight?hours=24"))?;
    let rows = answer["foreseen"].as_array().map_or(&[][..], Vec::as_slice);
    let of = |sort: &str| rows.iter().filter(|row| row["sort"] == sort).collect::<Vec<_>>();
    let (possible, refused) = (of("possible"), of("refused"));
    let first = possible.iter().find(|row| row["act"] == "start");
    story.stage.say(&format!(
        "   Asked about the first 24 hours, the rules answer: {}; {} things would be refused yet.",
        first.and_then(|row| row["what"].as_str()).unwrap_or("nothing is possible"),
        refused.len()
    ));
    Ok(())
}

/// Seed expansion and the first days of culture, without incident: a batch in mid-culture. `afternoon` is what
/// else happens after each day.
///
/// # Errors
/// When the server refuses what the story needs.
pub fn mid_culture(
    story: &Story<'_>,
    days: usize,
    afternoon: impl Fn(usize) -> Result<(), DemoError>,
) -> Result<(), DemoError> {
    let crew = story.crew("olga", "omar");
    seed(story, |story| story.step(&crew, "OP-02.1~1", "02.1.3~1", &[]))?;
    (0..days).try_for_each(|day| {
        culture_day(story, day)?;
        story.day(7 + i64::try_from(day).unwrap_or(0), 14, 0);
        afternoon(day)
    })
}

/// Seed expansion, charge and inoculation; `passage` plays the check of the passage criteria.
fn seed(
    story: &Story<'_>,
    passage: impl FnOnce(&Story<'_>) -> Result<(), DemoError>,
) -> Result<(), DemoError> {
    let stage = story.stage;
    let crew = story.crew("olga", "omar");
    stage.scene("Seed expansion: one vial of the working cell bank");
    story.step(&crew, "OP-01.1~1", "01.1.1~1", &[])?;
    story.step(&crew, "OP-01.1~1", "01.1.2~1", &[])?;
    stage.say(
        "   At the thaw both hands are in the cabinet: Omar writes for Olga, a planned scribe.",
    );
    story.cast.end_shift()?;
    story.day(3, 9, 0);
    story.step(&crew, "OP-01.1~1", "01.1.3~1", &[])?;
    story.close("OP-01.1~1", "sven")?;
    story.step(&crew, "OP-02.1~1", "02.1.1~1", &[])?;
    story.cast.end_shift()?;
    story.day(7, 7, 0);
    story.step(&crew, "OP-02.1~1", "02.1.2~1", &[])?;
    passage(story)?;
    story.close("OP-02.1~1", "sven")?;
    stage.scene("Production bioreactor, 15,000 L: charge and inoculate");
    story.step(&crew, "OP-03.1~1", "03.1.1~1", &[])?;
    story.step(&crew, "OP-03.1~1", "03.1.2~1", &[])?;
    story.close("OP-03.1~1", "sven")?;
    story.cast.end_shift()
}

/// The passage criteria: significant, so somebody else must verify; Olga tries herself.
fn own_witness(story: &Story<'_>) -> Result<(), DemoError> {
    let olga = story.cast.get("olga");
    let spec = StepSpec(&story.steps["02.1.3"]);
    let at = Occurrence { batch: &story.batch, step: "OP-02.1~1/02.1.3~1" };
    let values = BTreeMap::new();
    let crew = story.crew("olga", "omar");
    floor::play(&crew, at, &spec, &values)?;
    story.stage.minutes(3);
    story.checks(&crew, at, &spec)?;
    let body = json!({ "signature": olga.as_second() });
    let version = floor::version(&story.picture("olga")?, Thing::Step(at.step));
    let path = format!("{}/check", at.path());
    let refused = olga.refused(&path, &body, version, "witness-is-performer")?;
    show_refusal(story.stage, "Olga verifies her own work", &refused);
    floor::verify(&crew, at, &spec)
}

/// Viable cells (1e6/mL), viability (%), residual glucose (g/L) by day of culture.
const CURVE: [(&str, &str, &str); 18] = [
    ("1.0", "97", "6.0"),
    ("1.6", "97", "5.4"),
    ("2.7", "97", "4.6"),
    ("4.4", "98", "3.7"),
    ("6.8", "97", "2.9"),
    ("9.3", "97", "4.1"),
    ("11.6", "96", "3.3"),
    ("13.2", "96", "2.8"),
    ("14.1", "95", "2.4"),
    ("14.0", "93", "2.1"),
    ("13.5", "91", "2.6"),
    ("12.8", "88", "2.3"),
    ("11.9", "84", "2.2"),
    ("10.8", "79", "2.0"),
    ("9.7", "74", "1.9"),
    ("8.6", "69", "1.8"),
    ("7.7", "64", "1.7"),
    ("7.0", "61", "1.6"),
];

/// The day on which somebody forgets.
const LATE: usize = 15;

/// The day on which a digit too many is typed; Olga works then.
const ATTEMPT: usize = 12;

/// One day of culture: log, feed, glucose, antifoam, sample.
fn culture_day(story: &Story<'_>, day: usize) -> Result<(), DemoError> {
    let (cells, viability, glucose) = CURVE[day];
    let who = ["olga", "omar", "odile"][day % 3];
    let crew = story.crew(who, if who == "omar" { "olga" } else { "omar" });
    // The last sample comes before the harvest decision.
    let hour = if day + 1 == CURVE.len() { 6 } else { 10 };
    let date = 7 + i64::try_from(day).unwrap_or(0);
    story.day(date, hour, 0);
    let log = [
        ("Temperature", ["35.0", "34.9", "35.1"][day % 3]),
        ("pH", ["6.86", "6.84", "6.88"][day % 3]),
        ("Dissolved oxygen", ["51", "49", "52"][day % 3]),
        ("Dissolved CO2", ["84", "88", "91"][day % 3]),
    ];
    story.step(&crew, "OP-03.2~1", &story.next("03.2.1"), &log)?;
    if day == 4 {
        story.step(&crew, "OP-03.2~1", &story.next("03.2.2"), &[])?;
    }
    if day >= 2 {
        let next = story.next("03.2.3");
        if day == ATTEMPT {
            digit_too_many(story, &next, glucose)?;
        } else {
            story.step(&crew, "OP-03.2~1", &next, &[("Residual glucose", glucose)])?;
        }
    }
    if day == 6 {
        let drops = [("Weight of antifoam C added", "180 g")];
        story.step(&crew, "OP-03.2~1", &story.next("03.2.4"), &drops)?;
    }
    if day == LATE {
        story.day(date, 15, 40);
    }
    let sample = [("Viable cell concentration", cells), ("Viability", viability)];
    story.step(&crew, "OP-03.2~1", &story.next("03.2.5"), &sample)?;
    if day == LATE {
        story.stage.scene("Day 15, 15:40: the daily sample is late");
        story.stage.say("   Nobody had to notice: the period and its four hours of grace ran out by themselves.");
        super::quality::tell_open(story)?;
    }
    story.cast.end_shift()
}
