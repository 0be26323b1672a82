//! After the release: somebody complains, the lot is in question, and quality decides.

use super::super::client::DemoError;
use super::super::floor::{Thing, act_on};
use super::super::story::Story;
use super::quality::{self, Closing, Opening, Report};
use serde_json::{Value, json};

/// How the story calls the deviation.
const KEY: &str = "complaint";

/// What happens about the first batch in the afternoon of a day of the second batch's culture.
///
/// # Errors
/// When the server refuses what the story needs.
pub fn afternoon(story: &Story<'_>, day: usize) -> Result<(), DemoError> {
    match day {
        0 => arrives(story)?,
        1 => inquired(story)?,
        2 => closed(story)?,
        3 => decided(story)?,
        _ => return Ok(()),
    }
    story.cast.end_shift()
}

fn lot(story: &Story<'_>) -> String {
    format!("/api/v1/lots/{}-DS", story.batch)
}

/// How the lot stands, as everybody who asks is told.
fn tell_lot(story: &Story<'_>) -> Result<(), DemoError> {
    let lot = story.cast.get("pia").get(&lot(story))?;
    let text = |name: &str| lot[name].as_str().unwrap_or_default().to_owned();
    let asked = lot["questioned"].is_object();
    let word = if asked { "released and questioned" } else { "released, not in question" };
    story.stage.say(&format!(
        "   Lot {}: {word}; may be shipped: {}.",
        text("number"),
        lot["may_ship"]
    ));
    for because in
        lot["questioned"]["because"].as_array().into_iter().flatten().filter_map(Value::as_str)
    {
        story.stage.say(&format!("     ? {because}"));
    }
    Ok(())
}

fn arrives(story: &Story<'_>) -> Result<(), DemoError> {
    story.stage.scene("A complaint about the released lot");
    let qadir = story.cast.get("qadir");
    let text = "Drug product site South: container 17 was found with a hairline crack at its port after thawing, with \
                a drop of product outside. It was set aside unopened; the other 47 are dry.";
    qadir.post(&story.path("notices"), &json!({ "kind": "complaint", "text": text }))?;
    story.stage.tick();
    tell_lot(story)?;
    story.stage.say("   The record is final, and still takes the fact, as an addendum.");
    story.stage.minutes(40);
    let number = quality::deviation(
        story,
        Opening {
            by: "quirin",
            kinds: &["event"],
            key: KEY,
            title: "Crack at the port of container 17, found at thawing",
            class: "major",
        },
    )?;
    story.stage.say(&format!("   Quirin opens {number}."));
    Ok(())
}

fn inquired(story: &Story<'_>) -> Result<(), DemoError> {
    quality::found(
        story,
        KEY,
        "sven",
        "Fill log and freezer K-3: container 17 was filled to its mark, closed and frozen as the others; all 48 were \
         looked at when they were packed. The logger of pallet 3 shows one shock of 31 g on the ramp.",
    )?;
    story.stage.minutes(70);
    quality::found(
        story,
        KEY,
        "quinn",
        "Container 17, flown back overnight: dye goes in at the port. Twelve others of pallets 1 to 4, pressure hold 30 minutes: \
         all tight. The crack runs from the edge where a hook grips.",
    )
}

fn closed(story: &Story<'_>) -> Result<(), DemoError> {
    story.stage.scene("Two days later: the cause, and what it means for each lot");
    quality::report(
        story,
        KEY,
        "sara",
        Report {
            text: "Fill log, freezer, shock logger, container 17 and twelve others; the lift was tried with empty \
                   containers, and one of five cracks when it is lifted frozen by its port.",
            root_cause: "Container 17 was lifted frozen by its port when pallet 3 was repacked on the ramp; the packing \
                         instruction does not say where to lift.",
            capa: "Frames with a seat for the port; instruction FI-22 shows where to lift; the carrier's crew is \
                   trained before the next shipment.",
        },
    )?;
    story.stage.minutes(60);
    quality::impact(
        story,
        KEY,
        "quirin",
        "Damage in transport to one container. Filling, closing and freezing were as the record says, twelve others \
         are tight.",
        "AMAB-26-002 is in culture and nothing of it is packed; it will go in the new frames.",
    )?;
    story.stage.minutes(60);
    quality::close(
        story,
        KEY,
        "qadir",
        Closing {
            conclusion: "The cause lies after the release, on the ramp; it is removed, and it was looked for in every \
                         container that travelled on pallet 3.",
            lot: "Container 17 is destroyed. Twelve of the other 47 were tested and are tight, all 47 are dry; the \
                  product in them is not concerned.",
            other: "Same cell bank, rooms and people, but in culture: nothing is filled. Its containers will travel in \
                    the new frames.",
        },
    )
}

fn decided(story: &Story<'_>) -> Result<(), DemoError> {
    story.stage.scene("Quality decides about the lot in question");
    let qadir = story.cast.get("qadir");
    let conclusion = json!({
        "conclusion": "complaint, findings and closing of its deviation read; what was recorded before is unchanged",
        "signature": qadir.signature(),
    });
    act_on(qadir, &story.batch, Thing::Run, "review", &conclusion)?;
    story.stage.minutes(30);
    let quella = story.cast.get("quella");
    let path = format!("{}/questions", lot(story));
    let version = quella.get(&lot(story))?["seq"].as_u64();
    let order = |signature: Value| {
        json!({
            "decision": "stands",
            "reason": "one container was damaged in transport and is destroyed; the cause is known and removed, nothing \
                       speaks against the product in the others",
            "signature": signature,
        })
    };
    let asked = order(quella.as_second());
    let refused = quella.refused(&path, &asked, version, "released-it-themselves")?;
    super::show_refusal(
        story.stage,
        "Quella, who released it, would answer the question",
        &refused,
    );
    story.stage.minutes(10);
    let pia = story.cast.get("pia");
    pia.post_matching(&path, &order(pia.signature()), version)?;
    story.stage.tick();
    story.stage.say("   Pia, who neither released it nor took part, signs that it stands.");
    tell_lot(story)
}
