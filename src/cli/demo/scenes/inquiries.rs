//! What is inquired while the culture goes on: deviations over days, each by who knows the thing; and
//! operations that quality reviews before the batch is done.

use super::super::client::DemoError;
use super::super::floor::{Occurrence, StepSpec, Thing, act_on};
use super::super::story::Story;
use super::quality::{self, Report};
use serde_json::{Value, json};

/// The first day of culture, in days of the batch.
const CULTURE: i64 = 7;

/// The afternoon after a day's work on the culture.
///
/// # Errors
/// When the server refuses what the story needs.
pub fn afternoon(story: &Story<'_>, day: usize) -> Result<(), DemoError> {
    let date = CULTURE + i64::try_from(day).unwrap_or(0);
    match day {
        3 => {
            story.day(date, 15, 0);
            quality::found(
                story,
                "power",
                "sara",
                "Feeder 3 fell below 70 % of its voltage for 0.9 s at 14:19. The drive stopped and restarted \
                 itself after 4 s; oxygen went from 51 to 46 % and back, pH and temperature stood still.",
            )?;
        }
        4 => power(story, date)?,
        5 => rolling(story, date)?,
        6 => correction(story, date)?,
        8 => anew(story, date)?,
        9 => {
            story.day(date, 14, 30);
            quality::found(
                story,
                "ph",
                "sven",
                "Alarm log: base pump P-12 ran without flow from 02:05 to 02:50. Opened at noon, its tube is \
                 flattened at roller 3; with a new tube the pump gives 12 mL/min as it should.",
            )?;
        }
        10 => {
            story.day(date, 15, 0);
            quality::found(
                story,
                "ph",
                "quinn",
                "The pH probe reads buffers 4.01 and 7.00 within 0.01. The extra sample read 6.55 off line at \
                 03:30, so the culture really was there. Cell count and lactate of the morning are on the curve.",
            )?;
        }
        12 => ph(story, date)?,
        _ => return Ok(()),
    }
    story.cast.end_shift()
}

/// The power dip: root cause and impact two days later.
fn power(story: &Story<'_>, date: i64) -> Result<(), DemoError> {
    story.day(date, 14, 0);
    story.stage.scene("Day 4: why the agitator stopped");
    quality::report(
        story,
        "power",
        "petra",
        Report {
            text: "Feeder's log, drive's parameters and the switchboard's drawings, with the electrical workshop.",
            root_cause: "Since switchboard S-2 was moved in spring the drive hangs on feeder 3, which is not buffered: \
                         a dip of a second opens its contactor.",
            capa: "Drive put on the buffered feeder and tested with a switched-off second; every move of a \
                   switchboard now lists the drives that lose their buffer (change form E-7).",
        },
    )?;
    story.day(date, 16, 0);
    quality::impact(
        story,
        "power",
        "qadir",
        "Four seconds without agitation at 2.7 million cells per mL are no strain: oxygen stayed above 45 %, growth \
         of the next day is as expected. The culture goes on.",
        "No other batch was in the upstream area that day; the seed tanks stood empty.",
    )
}

/// The pH of day 9: root cause and impact three days later.
fn ph(story: &Story<'_>, date: i64) -> Result<(), DemoError> {
    story.day(date, 13, 30);
    story.stage.scene("Day 12: why the pH fell");
    quality::report(
        story,
        "ph",
        "petra",
        Report {
            text: "Pump's history, alarm log, probe and off-line values; the stall was reproduced with the old tube.",
            root_cause: "The tube of pump P-12 is changed by the calendar, every 60 days, whatever it has run; nine days \
                         of strong base demand wore it flat, and nothing watches the flow.",
            capa: "Tubes of base pumps are changed before each production culture and after 150 running hours (SOP UP-114, \
                   change CC-31); a low-flow alarm is set on P-12 and P-13, and tried.",
        },
    )?;
    story.day(date, 16, 0);
    quality::impact(
        story,
        "ph",
        "qadir",
        "45 minutes between pH 6.52 and 6.60 lie inside the range studied for glycosylation and charge; viability and \
         growth did not change. The design space is computed with the day's values at harvest.",
        "No other batch was fed by P-12 since its tube was changed.",
    )
}

/// Quality reads what is closed, and does not wait for the end.
fn rolling(story: &Story<'_>, date: i64) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(date, 14, 0);
    stage.scene("Day 5: rolling review, quality reads closed operations while the culture runs");
    review(
        story,
        "OP-01.1~1",
        "Vial, media and passage as the master record says; the scribe at the thaw was planned. Nothing is open.",
    )?;
    review(
        story,
        "OP-02.1~1",
        "N-1 culture within its ranges on every day; passage criteria verified by another than who read them.",
    )?;
    stage.say("   Quirin signs two of fourteen operations; the final review covers the rest.");
    Ok(())
}

fn review(story: &Story<'_>, operation: &str, conclusion: &str) -> Result<(), DemoError> {
    let quirin = story.cast.get("quirin");
    let body = json!({ "conclusion": conclusion, "signature": quirin.signature() });
    act_on(quirin, &story.batch, Thing::Operation(operation), "review", &body)?;
    story.stage.tick();
    Ok(())
}

/// A number of a reviewed operation is corrected: that operation's review lapses, and no other.
fn correction(story: &Story<'_>, date: i64) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(date, 14, 0);
    stage.scene("Day 6: a number is corrected in an operation that was reviewed");
    let step = "OP-01.1~1/01.1.3~1";
    let spec = StepSpec(&story.steps["01.1.3"]);
    let entry = "viability-at-end-of-culture";
    let unit = spec.entry(entry).map_or(Value::Null, |entry| entry["unit"].clone());
    let body = json!({ "value": "96", "unit": unit,
        "reason": "the cell counter's printout says 96 for this flask; 95 is the line of the control flask" });
    act_on(story.cast.get("olga"), &story.batch, Thing::Entry(step, entry), "corrections", &body)?;
    stage.minutes(25);
    let at = Occurrence { batch: &story.batch, step };
    story.checks(&story.crew("olga", "omar"), at, &spec)?;
    stage.say("   Its review lapses and says why; the review of the N-1 culture stands.");
    stage.minutes(90);
    quality::no_deviations(
        story,
        |_| "the printout of that flask was attached to the log all the time; 96 and 95 % are both inside 92 to 98 %",
    )?;
    Ok(())
}

/// The lapsed review is signed anew.
fn anew(story: &Story<'_>, date: i64) -> Result<(), DemoError> {
    story.day(date, 14, 0);
    review(
        story,
        "OP-01.1~1",
        "Read again with the printout of the cell counter: 96 % is right, the correction is checked by another.",
    )?;
    story.stage.say("\n   Day 8: Quirin reads the first operation again and signs anew.");
    Ok(())
}
