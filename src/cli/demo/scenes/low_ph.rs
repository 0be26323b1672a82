//! The low-pH night: neutralised late. The hold time opens its exception by itself; nothing is blocked.

use super::super::client::DemoError;
use super::super::story::Story;
use super::quality;

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
    let kinds = ["hold-time", "out-of-acceptance"];
    let title = "Pool held beyond 180 minutes at pH 3.5";
    let number = quality::deviation(story, &kinds, title, "major")?;
    quality::impact(
        story,
        &number,
        "Transfer pump P-61 tripped at 22:50; the spare was connected at 23:20. Hold: computed.",
        "aggregate after the hold 1.6 %, limit 3.1 %; virus inactivation is not weakened by a longer \
         hold. The pool may go on.",
    )?;
    stage.say(&format!("   {number}: impact concluded by Qadir. The batch goes on."));
    story.cast.end_shift()
}
