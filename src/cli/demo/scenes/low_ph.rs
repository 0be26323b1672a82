//! The low-pH night: neutralised late. The hold time opens its exception by itself; nothing is blocked.

use super::super::client::DemoError;
use super::super::story::Story;
use super::quality::{self, Opening, Report};

/// Titration in the evening, neutralisation three hours and a half later.
///
/// # Errors
/// When the server refuses what the story needs.
pub fn play(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(26, 20, 0);
    stage.scene("Low pH, eight in the evening: titrate to 3.5; only the final reading is judged");
    let crew = story.crew("odile", "omar");
    story.step(&crew, "OP-06.1~1", "06.1.1~1", &[])?;
    let open = quality::open(story)?.len();
    stage.say(&format!("   4.62, 3.84, 3.58 on the way, 3.51 declared: {open} exceptions open."));
    story.step(&crew, "OP-06.1~1", "06.1.2~1", &[])?;
    stage.say("   The pool may stay at pH 3.5 for 60 to 180 minutes; the server's clock runs.");

    stage.minutes(205);
    stage.scene("Close to midnight: the transfer pump failed, and the pool is neutralised late");
    story.step(&crew, "OP-06.1~1", "06.1.3~1", &[])?;
    stage.say("   Making safe is never blocked. The pH is the meter's own signed reading.");
    quality::tell_open(story)?;
    stage.say("   06.1.4, re-adjust, applies outside pH 4.8 to 5.2 only: its branch is not taken.");
    story.close("OP-06.1~1", "sara")?;
    story.cast.end_shift()?;

    story.day(27, 8, 0);
    stage.scene("QA looks at the low-pH night");
    let number = quality::deviation(
        story,
        Opening {
            by: "qadir",
            kinds: &["hold-time", "out-of-acceptance"],
            key: "hold",
            title: "Pool held beyond 180 minutes at pH 3.5",
            class: "major",
        },
    )?;
    stage.say(&format!("   Qadir opens {number}; the neutral pool may wait seven days for it."));
    stage.minutes(140);
    quality::found(
        story,
        "hold",
        "sara",
        "Transfer pump P-61 tripped on motor overload at 22:50. The spare stood in the workshop; it was fetched, \
         connected and flushed by 23:40. The pool stayed at pH 3.5 and 21 °C, closed.",
    )?;
    stage.minutes(210);
    quality::found(
        story,
        "hold",
        "quinn",
        "Size exclusion of the neutralised pool, read again: aggregate as entered with the step, monomer unchanged \
         against the pool before the hold.",
    )?;
    quality::look_over(story, "sara", "printout")?;
    story.cast.end_shift()?;
    concluded(story)
}

/// The next morning: the cause, and whether the pool goes on.
fn concluded(story: &Story<'_>) -> Result<(), DemoError> {
    story.day(28, 7, 30);
    story.stage.scene("The morning after: why the pool waited");
    quality::report(
        story,
        "hold",
        "paul",
        Report {
            text: "Pump taken apart; maintenance history; the evening told again with the two who were there.",
            root_cause: "The seal of pump P-61 was mounted dry at the last service and dragged, and the spare that the \
                         instruction counts on was not in the suite.",
            capa: "Seals are mounted by instruction MI-61 with a turn by hand signed; the spare pump stands connected \
                   before the acid is added, as a line of the set-up list.",
        },
    )?;
    story.stage.minutes(40);
    quality::impact(
        story,
        "hold",
        "qadir",
        "223 minutes at pH 3.5 instead of 180: virus inactivation does not become weaker, and aggregate after the hold \
         is well below its limit. The pool may go on.",
        "Pump P-61 moved no other batch since its service.",
    )?;
    story.cast.end_shift()
}
