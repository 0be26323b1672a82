//! Lots, obligations n of m, late results, review, release, report.

use super::super::client::DemoError;
use super::super::floor::{Thing, act_on};
use super::super::laboratory::{self, Test};
use super::super::stores;
use super::super::story::Story;
use super::quality::{self, Closing};
use super::show_refusal;
use serde_json::json;

/// From frozen bulk to a released lot.
///
/// # Errors
/// When the server refuses what the story needs, or accepts what it must refuse.
pub fn play(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(34, 9, 0);
    stage.scene("The lot, and what the batch still owes");
    let lot = format!("{}-DS", story.batch);
    let sven = story.cast.get("sven");
    sven.post(
        &story.path("lots"),
        &json!({ "number": lot, "material": "A-Mab drug substance, frozen bulk",
                 "quantity": { "value": "36.00", "unit": "kg" }, "parents": [stores::CELL_BANK] }),
    )?;
    let body = json!({ "signature": sven.signature() });
    act_on(sven, &story.batch, Thing::Run, "completion", &body)?;
    stage.tick();
    tell_obligations(story)?;
    let body = json!({ "disposition": "released", "reason": "tanks are waiting",
                       "signature": story.cast.get("qadir").signature() });
    let path = format!("/api/v1/lots/{lot}/dispositions");
    let refused = story.cast.get("qadir").refused(
        &path,
        &body,
        lot_version(story, &path)?,
        "not-ready-for-release",
    )?;
    show_refusal(stage, "QA is asked to release early", &refused);
    story.cast.end_shift()?;
    deviations_close(story)?;
    late_results(story)?;
    tell_obligations(story)?;
    release(story, &path)
}

/// The lot's version, read by QA.
fn lot_version(story: &Story<'_>, dispositions: &str) -> Result<Option<u64>, DemoError> {
    let lot = story.cast.get("quella").get(dispositions.trim_end_matches("/dispositions"))?;
    Ok(lot["seq"].as_u64())
}

fn tell_obligations(story: &Story<'_>) -> Result<(), DemoError> {
    let (tally, open) = story.owes("qadir")?;
    story.stage.say(&format!("   obligations: {tally}"));
    for what in &open {
        story.stage.say(&format!("     ○ {what}"));
    }
    Ok(())
}

/// Now that the lot is known, each deviation closes with what it means for it.
fn deviations_close(story: &Story<'_>) -> Result<(), DemoError> {
    story.day(37, 10, 0);
    story.stage.scene("Three deviations close: cause, action, and what each means for the lot");
    for (key, conclusion, lot) in [
        (
            "power",
            "The drive hangs on the buffered feeder since day 5 of the culture and rode through a tested second.",
            "Four seconds without agitation on day 2, before product had accumulated; growth, titer and quality of the \
             bulk are as in other runs. No effect.",
        ),
        (
            "ph",
            "Tube changed by running hours and flow watched; the alarm was tried and came within a minute.",
            "All four design-space predictors, computed with the low reading, are above 4.60; glycosylation of this \
             lot is where it should be. No effect.",
        ),
        (
            "hold",
            "The spare pump stands on the set-up list and was tried with water; the service instruction is in force.",
            "Aggregate after the hold was below its limit and the polishing column took it further down; clearance of \
             virus is not less. No effect.",
        ),
    ] {
        quality::close(story, key, "quella", Closing { conclusion, lot, other: "" })?;
        story.stage.minutes(25);
    }
    story.cast.end_shift()
}

/// Mycoplasma and adventitious virus take weeks; the release specifications come with them.
fn late_results(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(53, 14, 0);
    stage.scene("Results that take weeks arrive, each looked over by a second analyst");
    let bulk = Some("OP-03.3~1/03.3.2~1");
    let filled = Some("OP-11.1~1/11.1.1~1");
    for (step, entry, value) in [
        (bulk, "mycoplasma", "Negative"),
        (bulk, "adventitious-virus", "Negative"),
        (filled, "bioburden-of-purified-ds", "0"),
        (None, "identity-cex", "Consistent with reference standard"),
        (None, "aggregates-hpsec", "0.7"),
        (None, "endotoxin-lal", "<0.05"),
    ] {
        laboratory::result(story, Test { step, entry }, &[value])?;
    }
    let monomer = Test { step: None, entry: "monomer-hpsec" };
    laboratory::result(story, monomer, &["99.1", "99.3"])?;
    stage.say(
        "   Monomer is the mean of two, their spread within the method's limit; both singles stay.",
    );
    let picture = story.picture("quinn")?;
    let mut specifications = picture["release_entries"].as_array().into_iter().flatten();
    let endotoxin = specifications.find(|entry| entry["entry"] == "endotoxin-lal");
    let last = endotoxin.and_then(|entry| entry["versions"].as_array()?.last()?["shown"].as_str());
    stage.say(&format!(
        "   Endotoxin below what the method sees, {}: every value that this admits is within 12.5 EU/mL.",
        last.unwrap_or("not reported")
    ));
    story.cast.end_shift()
}

/// Quality accepts every component lot that went in, by supplier and document, under one signature.
fn accept_components(story: &Story<'_>, dispositions: &str) -> Result<(), DemoError> {
    let qadir = story.cast.get("qadir");
    let lot = qadir.get(dispositions.trim_end_matches("/dispositions"))?;
    let parents = lot["parents"].as_array().cloned().unwrap_or_default();
    let named: Vec<_> = parents.iter().filter_map(|parent| parent["lot"].as_str()).collect();
    let lots = stores::vouched(&named);
    let told = format!(
        "   {} component lots went in, each named by the steps that used it; Qadir accepts them by supplier and document.",
        lots.len()
    );
    let accepted = json!({ "accepted": true, "signature": qadir.signature(), "lots": lots });
    qadir.post(&story.path("foreign-lots"), &accepted)?;
    story.stage.say(&told);
    Ok(())
}

fn release(story: &Story<'_>, dispositions: &str) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(55, 10, 0);
    stage.scene("QA reviews record and audit trail, and releases");
    quality::no_deviations(
        story,
        |_| "48 containers stand on the shelf and 48 labels were used; the zero too many was in the typing alone",
    )?;
    let qadir = story.cast.get("qadir");
    accept_components(story, dispositions)?;
    let conclusion = json!({ "conclusion": "record and audit trail read whole; three deviations closed with cause and action; every critical exception is in one",
                             "signature": qadir.signature() });
    act_on(qadir, &story.batch, Thing::Run, "review", &conclusion)?;
    stage.minutes(45);
    tell_obligations(story)?;
    let quella = story.cast.get("quella");
    let body = json!({ "disposition": "released", "reason": "every specification conforms, the yield is as expected, and nothing is open",
                       "signature": quella.signature() });
    quella.post_matching(dispositions, &body, lot_version(story, dispositions)?)?;
    quella.post(&story.path("closure"), &json!({ "signature": quella.signature() }))?;
    stage.say("   Quella releases the lot; the record is final.");
    stage.tick();
    Ok(())
}
