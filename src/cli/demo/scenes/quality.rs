//! What the quality unit does with exceptions and deviations: the same acts in every scene.

use super::super::client::DemoError;
use super::super::story::Story;
use serde_json::{Value, json};

/// Exceptions that nobody has decided.
///
/// # Errors
/// When the server refuses.
pub fn open(story: &Story<'_>) -> Result<Vec<Value>, DemoError> {
    let picture = story.picture("qadir")?;
    let all = picture["exceptions"].as_array().cloned().unwrap_or_default();
    Ok(all.into_iter().filter(|e| e["triage"].is_null()).collect())
}

/// Tells the exceptions that nobody has decided.
///
/// # Errors
/// When the server refuses.
pub fn tell_open(story: &Story<'_>) -> Result<(), DemoError> {
    for e in open(story)? {
        let text = |name: &str| e[name].as_str().unwrap_or_default().to_owned();
        story.stage.say(&format!(
            "   ! exception {} ({}, {}) opens by itself: {}",
            e["no"],
            text("kind"),
            text("severity"),
            text("detail"),
        ));
    }
    Ok(())
}

/// Who opens a deviation, for which kinds of exception, under which word the story finds it again.
#[derive(Debug, Clone, Copy)]
pub struct Opening<'a> {
    /// Of quality; neither investigates nor closes.
    pub by: &'a str,
    /// Kinds of exception.
    pub kinds: &'a [&'a str],
    /// The story's word for it.
    pub key: &'static str,
    pub title: &'a str,
    pub class: &'a str,
}

/// Opens a deviation for the open exceptions of these kinds, all under one signature.
///
/// # Errors
/// When the server refuses, or no exception is of these kinds.
pub fn deviation(story: &Story<'_>, new: Opening<'_>) -> Result<String, DemoError> {
    let quality = story.cast.get(new.by);
    let numbers: Vec<_> = open(story)?
        .iter()
        .filter(|e| new.kinds.iter().any(|kind| e["kind"] == *kind))
        .map(|e| e["no"].clone())
        .collect();
    let nothing = || DemoError::Other(format!("no exception became {:?}", new.title));
    let (first, others) = numbers.split_first().ok_or_else(nothing)?;
    let body = json!({ "outcome": "deviation", "title": new.title, "class": new.class,
        "with": others, "signature": quality.signature() });
    let answer = quality.post(&story.path(&format!("exceptions/{first}/triage")), &body)?;
    let number = answer["deviation"].as_str().map(str::to_owned).ok_or_else(nothing)?;
    story.stage.tick();
    story.deviations.borrow_mut().insert(new.key, number.clone());
    Ok(number)
}

fn of(story: &Story<'_>, key: &str) -> Result<(String, String), DemoError> {
    let known = story.deviations.borrow().get(key).cloned();
    let number = known.ok_or_else(|| DemoError::Other(format!("no deviation {key:?}")))?;
    Ok((format!("/api/v1/deviations/{number}"), number))
}

/// Somebody adds what they found out.
///
/// # Errors
/// When the server refuses.
pub fn found(story: &Story<'_>, key: &str, who: &str, text: &str) -> Result<(), DemoError> {
    let (path, _) = of(story, key)?;
    story.cast.get(who).post(&format!("{path}/investigation"), &json!({ "text": text }))?;
    story.stage.tick();
    Ok(())
}

/// What an investigator signs.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// What was investigated and found.
    pub text: &'a str,
    /// Why it happened.
    pub root_cause: &'a str,
    /// What is done so that it does not happen again.
    pub capa: &'a str,
}

/// The investigator signs the report.
///
/// # Errors
/// When the server refuses.
pub fn report(
    story: &Story<'_>,
    key: &str,
    who: &str,
    report: Report<'_>,
) -> Result<(), DemoError> {
    let (path, number) = of(story, key)?;
    let investigator = story.cast.get(who);
    let body = json!({
        "text": report.text, "root_cause": report.root_cause, "capa": report.capa,
        "signature": investigator.signature(),
    });
    investigator.post(&format!("{path}/investigation-report"), &body)?;
    story.stage.say(&format!("   {number}, root cause: {}", report.root_cause));
    story.stage.tick();
    Ok(())
}

/// Quality concludes the impact; from here on the batch may go on.
///
/// # Errors
/// When the server refuses.
pub fn impact(
    story: &Story<'_>,
    key: &str,
    who: &str,
    conclusion: &str,
    other_batches: &str,
) -> Result<(), DemoError> {
    let (path, number) = of(story, key)?;
    let quality = story.cast.get(who);
    let body = json!({
        "conclusion": conclusion, "other_batches": other_batches,
        "signature": quality.signature(),
    });
    quality.post(&format!("{path}/impact"), &body)?;
    story.stage.say(&format!("   {number}: impact concluded; it closes no gate any more."));
    story.stage.tick();
    Ok(())
}

/// What a deviation closes with.
#[derive(Debug, Clone, Copy)]
pub struct Closing<'a> {
    pub conclusion: &'a str,
    /// What it means for the lot.
    pub lot: &'a str,
    /// What was found in a batch that the system proposes.
    pub other: &'a str,
}

/// Somebody of quality who neither opened nor investigated it closes a deviation: they say what it means
/// for each lot, and what they found in every batch that the system proposes.
///
/// # Errors
/// When the server refuses.
pub fn close(
    story: &Story<'_>,
    key: &str,
    who: &str,
    closing: Closing<'_>,
) -> Result<(), DemoError> {
    let (path, number) = of(story, key)?;
    let quality = story.cast.get(who);
    let lots = story.picture(who)?["lots"].as_array().cloned().unwrap_or_default();
    let lots: Vec<_> =
        lots.iter().map(|lot| json!({ "lot": lot["number"], "impact": closing.lot })).collect();
    let proposed = quality.get(&format!("{path}/other-batches"))?;
    let proposed = proposed["batches"].as_array().cloned().unwrap_or_default();
    let others: Vec<_> = proposed
        .iter()
        .map(|other| json!({ "batch": other["batch"], "word": closing.other }))
        .collect();
    let body = json!({
        "conclusion": closing.conclusion,
        "lots": lots, "other_batches": others, "signature": quality.signature(),
    });
    quality.post(&format!("{path}/closure"), &body)?;
    let named: Vec<_> = proposed.iter().filter_map(|other| other["batch"].as_str()).collect();
    let looked = if named.is_empty() { "none is proposed".to_owned() } else { named.join(", ") };
    story.stage.say(&format!("   {number} closes; other batches looked at: {looked}."));
    story.stage.tick();
    Ok(())
}

/// Qadir decides that the open exceptions are no deviations, each for its reason, under one signature.
///
/// # Errors
/// When the server refuses.
pub fn no_deviations(
    story: &Story<'_>,
    rationale: impl Fn(&Value) -> &'static str,
) -> Result<u32, DemoError> {
    let qadir = story.cast.get("qadir");
    let open = open(story)?;
    if open.is_empty() {
        return Ok(0);
    }
    let decide = |e: &Value| json!({ "exception": e["no"], "rationale": rationale(e) });
    let decisions: Vec<_> = open.iter().map(decide).collect();
    let mut body = json!({ "decisions": decisions, "signature": qadir.signature() });
    if open.iter().any(|e| e["severity"] == "critical") {
        body["second_person"] = story.cast.get("quella").as_second();
    }
    qadir.post(&story.path("exceptions/triage"), &body)?;
    for e in &open {
        let why = rationale(e);
        story.stage.say(&format!("   Qadir: exception {} is no deviation: {why}.", e["no"]));
    }
    story.stage.tick();
    Ok(u32::try_from(open.len()).unwrap_or(u32::MAX))
}

/// Somebody else looks over what was typed and waits for it, against what it was read from, under one signature that
/// lists all of it.
///
/// # Errors
/// When the server refuses.
pub fn look_over(story: &Story<'_>, who: &str, against: &str) -> Result<(), DemoError> {
    let person = story.cast.get(who);
    let waiting = person.get(&story.path("second-looks"))?;
    let of = |list: &str, number: &str| -> Vec<Value> {
        let all = waiting[list].as_array().cloned().unwrap_or_default();
        let one =
            |it: Value| json!({ "step": it["step"], "entry": it["entry"], number: it[number] });
        all.into_iter().map(one).collect()
    };
    let (values, attempts) = (of("values", "version"), of("attempts", "no"));
    let all = values.len().saturating_add(attempts.len());
    if all == 0 {
        return Ok(());
    }
    let body = json!({ "against": against, "values": values, "attempts": attempts,
        "signature": person.signature() });
    person.post(&story.path("second-looks"), &body)?;
    let (first, rest) = who.split_at(1);
    story.stage.say(&format!(
        "   {}{rest} looks over what others typed, {all} in all, against the {}: one signature lists them.",
        first.to_uppercase(),
        against.replace('-', " ")
    ));
    story.stage.tick();
    Ok(())
}
