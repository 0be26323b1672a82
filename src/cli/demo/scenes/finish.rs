//! Lots, obligations n of m, late results, review, release, report.

use super::super::client::DemoError;
use super::super::floor::{Thing, act_on};
use super::super::laboratory::{self, Test};
use super::super::story::Story;
use super::{quality, show_refusal};
use serde_json::json;

/// From frozen bulk to a released lot.
///
/// # Errors
/// When the server refuses what the story needs, or accepts what it must refuse.
pub fn play(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(32, 9, 0);
    stage.scene("The lot, and what the batch still owes");
    let lot = format!("{}-DS", story.batch);
    let sven = story.cast.get("sven");
    sven.post(
        &story.path("lots"),
        &json!({ "number": lot, "material": "A-Mab drug substance, frozen bulk",
                 "quantity": { "value": "36.00", "unit": "kg" }, "parents": ["WCB-2019-117"] }),
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

/// Mycoplasma and adventitious virus take weeks; the release specifications come with them.
fn late_results(story: &Story<'_>) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(46, 14, 0);
    stage.scene("Results that take weeks arrive, each looked over by a second analyst");
    let bulk = Some("OP-03.3~1/03.3.2~1");
    let filled = Some("OP-11.1~1/11.1.1~1");
    for (step, entry, value) in [
        (bulk, "mycoplasma", "Negative"),
        (bulk, "adventitious-virus", "Negative"),
        (filled, "bioburden-of-purified-ds", "0"),
        (None, "identity-cex", "Consistent with reference standard"),
        (None, "monomer-hpsec", "99.1"),
        (None, "aggregates-hpsec", "0.7"),
        (None, "endotoxin-lal", "0.05"),
    ] {
        laboratory::result(story, Test { step, entry }, &[value])?;
    }
    story.cast.end_shift()
}

fn release(story: &Story<'_>, dispositions: &str) -> Result<(), DemoError> {
    let stage = story.stage;
    story.day(55, 10, 0);
    stage.scene("QA reviews record and audit trail, and releases");
    quality::no_deviations(
        story,
        |_| "an open correction of a count, reason and check in order; no effect on product",
    )?;
    quality::close_all(story)?;
    let qadir = story.cast.get("qadir");
    let accepted = json!({ "accepted": true, "signature": qadir.signature(),
        "lots": [{ "lot": "WCB-2019-117", "supplier": "Cell bank of the group, site North",
                   "document": "release certificate QA-WCB-117" }] });
    qadir.post(&story.path("foreign-lots"), &accepted)?;
    let conclusion = json!({ "conclusion": "record and audit trail complete; two deviations, closed; every exception decided",
                             "signature": qadir.signature() });
    act_on(qadir, &story.batch, Thing::Run, "review", &conclusion)?;
    stage.minutes(45);
    tell_obligations(story)?;
    let quella = story.cast.get("quella");
    let body = json!({ "disposition": "released", "reason": "all obligations met; meets all specifications",
                       "signature": quella.signature() });
    quella.post_matching(dispositions, &body, lot_version(story, dispositions)?)?;
    quella.post(&story.path("closure"), &json!({ "signature": quella.signature() }))?;
    stage.say("   Quella releases the lot; the record is final.");
    stage.tick();
    Ok(())
}
