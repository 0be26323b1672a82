//! Three columns, virus steps, formulation: two weeks, with results that arrive when they arrive.

use super::super::client::DemoError;
use super::super::floor::{Occurrence, check_entries};
use super::super::laboratory::{self, Test};
use super::super::story::Story;
use super::{low_ph, quality, show_refusal};
use serde_json::json;

/// The sample of unprocessed bulk.
const BULK: Option<&str> = Some("OP-03.3~1/03.3.2~1");

/// From clarified bulk to formulated drug substance.
///
/// # Errors
/// When the server refuses what the story needs.
pub fn play(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(25, 7, 0);
    stage.scene("Protein A: two cycles, one pool");
    let crew = story.crew("odile", "omar");
    story.step(&crew, "OP-05.1~1", "05.1.1~1", &[])?;
    story.step(&crew, "OP-05.1~1", "05.1.2~1", &[])?;
    story.close("OP-05.1~1", "sven")?;
    for cycle in 1..=2 {
        story.step(&crew, "OP-05.2~1", &format!("05.2.1~{cycle}"), &[])?;
        story.step(&crew, "OP-05.2~1", &format!("05.2.2~{cycle}"), &[])?;
    }
    story.cast.end_shift()?;
    titer(story)?;
    story.step(&crew, "OP-05.2~1", "05.2.3~1", &[("Step yield", "83"), ("Pool pH", "4.2")])?;
    story.close("OP-05.2~1", "sven")?;
    story.cast.end_shift()?;
    low_ph::play(story)?;
    polishing(story)
}

/// What stands in an entry, as people read it.
fn shown(story: &Story<'_>, at: &str, id: &str) -> Result<String, DemoError> {
    let picture = story.picture("sara")?;
    let steps = picture["steps"].as_array().map_or(&[][..], Vec::as_slice);
    let step = steps.iter().find(|step| step["step"] == at);
    let mut entries = step.and_then(|step| step["entries"].as_array()).into_iter().flatten();
    let versions = entries.find(|entry| entry["entry"] == id).map(|entry| &entry["versions"]);
    let last = versions.and_then(|versions| versions.as_array()?.last()?["shown"].as_str());
    Ok(last.unwrap_or("pending").to_owned())
}

/// The pool waits for the titer, because a yield does; then it is computed in the same act.
fn titer(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(26, 9, 0);
    stage.scene("The titer arrives: a yield that was pending is computed");
    let sven = story.cast.get("sven");
    let body = json!({ "signature": sven.as_second() });
    let refused = sven.refused(&story.path("gates/G-POOL/passage"), &body, None, "gate-closed")?;
    show_refusal(stage, "Sven passes the gate before pooling, too early", &refused);
    stage.say("   It waits for the titer, and for the yield that is computed from it.");
    let test = Test { step: BULK, entry: "titer" };
    laboratory::result(story, test, &["4.6", "4.7", "4.6"])?;
    stage.say(
        "   Three determinations, 0.1 apart where the method allows 0.3: it reports their mean.",
    );
    let harvest = "OP-04.1~1/04.1.2~1";
    for (name, id) in [
        ("Yield of the harvest", "harvest-yield"),
        ("Hold time of clarified bulk", "hold-time-of-clarified-bulk"),
    ] {
        stage.say(&format!("   {name}: {}", shown(story, harvest, id)?));
    }
    let harvest = Occurrence { batch: &story.batch, step: harvest };
    check_entries(story.cast.get("sara"), harvest, stage)?;
    Ok(())
}

fn polishing(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(28, 9, 30);
    stage.scene("Cation exchange: the skid runs the method, one person checks");
    let crew = story.crew("omar", "odile");
    story.step(&crew, "OP-07.1~1", "07.1.1~1", &[])?;
    story.step(&crew, "OP-07.1~1", "07.1.2~1", &[])?;
    stage.say(
        "   Every value is the skid's own signed reading, the chromatogram a file with its hash.",
    );
    story.step(&crew, "OP-07.1~1", "07.1.3~1", &[("Step yield", "90")])?;
    story.close("OP-07.1~1", "sara")?;
    story.cast.end_shift()?;
    story.day(29, 7, 0);
    stage.scene("Anion exchange; results that virus filtration waits for");
    story.step(&crew, "OP-08.1~1", "08.1.1~1", &[])?;
    story.step(&crew, "OP-08.1~1", "08.1.2~1", &[])?;
    story.step(&crew, "OP-08.1~1", "08.1.3~1", &[])?;
    story.close("OP-08.1~1", "sara")?;
    laboratory::result(story, Test { step: BULK, entry: "mmv-pcr" }, &["Negative"])?;
    let pool = Test { step: Some("OP-05.2~1/05.2.3~1"), entry: "pool-hcp" };
    laboratory::result(story, pool, &["6800"])?;
    quality::look_over(story, "sara", "printout")?;
    let eluate = Occurrence { batch: &story.batch, step: "OP-07.1~1/07.1.3~1" };
    laboratory::result(story, Test { step: Some(eluate.step), entry: "hcp" }, &["96"])?;
    check_entries(story.cast.get("sara"), eluate, stage)?;
    let told = shown(story, eluate.step, "hcp-log-reduction")?;
    stage.say(&format!(
        "   Cation exchange took host cell protein from 6800 to 96 ng/mg: log10 {told}, computed and checked."
    ));
    story.cast.end_shift()?;
    out_of_specification(story)?;
    story.day(31, 13, 0);
    stage.scene("Virus filtration, formulation");
    for step in ["09.1.1~1", "09.1.2~1", "09.1.3~1"] {
        story.step(&crew, "OP-09.1~1", step, &[])?;
    }
    story.close("OP-09.1~1", "sara")?;
    story.cast.end_shift()?;
    story.day(32, 7, 0);
    story.step(&crew, "OP-10.1~1", "10.1.1~1", &[])?;
    story.step(&crew, "OP-10.1~1", "10.1.2~1", &[])?;
    stage.say(
        "   Polysorbate was read in grams, 48.1 g; the record asks for kilograms and shows both.",
    );
    quality::look_over(story, "sara", "device-record")?;
    stage.say("   The weights of the formulation are among them: the gate before filling waits for that look.");
    story.close("OP-10.1~1", "sara")?;
    story.cast.end_shift()
}

/// One determination out of specification, with a cause in the laboratory: kept, set aside by name,
/// retested under an approved plan.
fn out_of_specification(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(29, 15, 0);
    stage.scene(
        "A result out of specification: nothing is averaged away, nothing tested until it fits",
    );
    let test = Test { step: Some("OP-08.1~1/08.1.3~1"), entry: "hcp" };
    laboratory::determine(story, test, &["19"])?;
    stage.say("   HCP 19 ng/mg; the limit is 12. It is stored, and it stays.");
    quality::tell_open(story)?;
    first_phase(story, test)?;
    laboratory::investigate(
        story,
        "quella",
        test,
        json!({ "phase": "retest-plan", "retests": 2,
                "analyst": "quentin",
                "rationale": "one determination is set aside; two on a fresh plate by another analyst replace it, both \
                              count" }),
    )?;
    stage.say("   Quella, not he, approves two retests by Quentin, before anybody tests again.");
    stage.minutes(240);
    laboratory::determine_as(story, "quentin", test, &["8", "9"])?;
    story.cast.end_shift()?;
    story.day(31, 9, 0);
    laboratory::investigate(
        story,
        "quella",
        test,
        json!({ "phase": "reportable", "determination": 3,
                "conclusion": "the worse of the two retests; determination 1 has an assignable cause" }),
    )?;
    laboratory::reviewed_by(story, "quill", test)?;
    let pool = Occurrence { batch: &story.batch, step: "OP-08.1~1/08.1.3~1" };
    check_entries(story.cast.get("sara"), pool, stage)?;
    stage.say(
        "   Quella concludes: reported is 9, the worse of two; 19 stays beside it with its cause.",
    );
    quality::no_deviations(
        story,
        |_| "the reader's wavelength is the proven cause and now locked to the method; 8 and 9 on a fresh plate are below 12",
    )?;
    story.cast.end_shift()
}

/// Phase 1: the laboratory looks at its raw data, then quality concludes.
fn first_phase(story: &Story<'_>, test: Test<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    for (who, minutes, finding) in [
        (
            "quinn",
            90,
            "Sample, dilutions and plate map are as the method says; the standards of this plate read half of what they \
             should.",
        ),
        (
            "quill",
            960,
            "Reader's log beside the method: plate 2 was read at 405 nm instead of 450 nm; the plate before and the one \
             after at 450 nm.",
        ),
    ] {
        stage.minutes(minutes);
        let step = json!({ "phase": "laboratory", "finding": finding,
            "files": [{ "name": "reader-log.txt", "content": "cGxhdGUgMjsgNDA1IG5t" }] });
        laboratory::investigate(story, who, test, step)?;
    }
    stage.say("   Phase 1: Quinn, and next morning Quill, who directs the laboratory, look at the raw data.");
    stage.minutes(120);
    laboratory::investigate(
        story,
        "qadir",
        test,
        json!({ "phase": "assignable-cause", "found": true, "invalidates": [1],
                "cause": "the reader was left at 405 nm by another assay; its log shows it for this plate alone" }),
    )?;
    stage.say(
        "   Phase 1: Qadir finds the cause in the reader's log and sets determination 1 aside.",
    );
    Ok(())
}
