//! A batch with everything a living process leaves: the sample of the tests below.

use crate::image::png;
use crate::play::*;
use batchwright::domain::entry::EntryValue;
use batchwright::domain::exception::ExceptionKind;
use batchwright::domain::ids::StepKey;
use batchwright::domain::limits::{Purpose, Side};
use batchwright::domain::recipe::MasterRecord;
use batchwright::domain::run::acts::RunEvent;
use batchwright::domain::run::acts::check::EntryChecked;
use batchwright::domain::run::acts::correct::EntryCorrected;
use batchwright::domain::run::acts::trail::TrailPointRecorded;
use batchwright::domain::run::amendment::{AmendmentProposed, Change, Side as Approving};
use batchwright::domain::run::computed::Computed;
use batchwright::domain::run::testing::InvestigationStep;
use batchwright::domain::signing::Meaning;
use batchwright::domain::words::{EntryKey, Used};
use serde_json::{Value, json};

pub const PHOTO: &str = "foam-out.png";

fn entry(id: &str, name: &str, more: Value) -> Value {
    let mut entry = json!({ "id": id, "name": name, "kind": "number", "unit": "[pH]" });
    for (key, value) in more.as_object().expect("members") {
        entry[key] = value.clone();
    }
    entry
}

fn band(low: &str, high: &str) -> Value {
    json!([{ "purpose": "acceptance", "low": { "value": low, "inclusive": true },
             "high": { "value": high, "inclusive": true } }])
}

/// The recipe of the sample.
pub fn recipe() -> MasterRecord {
    let text = |id: &str, name: &str| json!({ "id": id, "name": name, "kind": "text" });
    serde_json::from_value(json!({
        "format": "batchwright.master-record/1", "code": "AMAB-DS", "title": "A-Mab drug substance",
        "product": { "code": "AMAB", "name": "A-Mab" }, "strength_or_scale": "15,000 L",
        "language": "en", "purpose": "production",
        "batch_size": { "value": "15000", "unit": "L" },
        "theoretical_yield": { "quantity": { "value": "60", "unit": "kg" },
            "min_percent": "80", "max_percent": "120" },
        "unit_procedures": [{ "id": "UP-03", "name": "Production bioreactor", "operations": [
            { "id": "OP-03.2", "name": "Fed-batch culture", "steps": [
                { "id": "daily", "name": "Sample and measure", "occurs": { "min": 14, "max": 20 },
                  "every": "P1D", "sampling": true,
                  "instruction": "Discard 20 mL, take 10 mL, measure at once.",
                  "entries": [
                    entry("ph", "pH", json!({ "limits": band("6.60", "7.10"), "classification": "CPP" })),
                    entry("vcc", "Viable cells", json!({ "limits": band("1", "30") })),
                    entry("do", "Dissolved oxygen", json!({})) ] },
                { "id": "work", "name": "Neutralise, count, clear", "significant": true,
                  "instruction": "Neutralise at 37 °C within 90 minutes.",
                  "timers": [{ "id": "low-ph", "name": "Low-pH hold",
                    "starts": { "of": "work", "at": "started" },
                    "stops": { "of": "work", "at": "completed" }, "min": "PT60M", "max": "PT90M" }],
                  "entries": [
                    entry("titre", "Titre", json!({})),
                    entry("mass", "Mass of product", json!({ "limits": band("40", "80") })),
                    text("sample", "Sample of the pool"),
                    entry("purity", "Purity", json!({ "replicates": 3 })),
                    text("labels", "Labels"), text("clear", "Line clearance"),
                    text("print", "Chromatogram"), entry("probe", "pH by probe", json!({})) ] },
                { "id": "refilter", "name": "Filter again", "on_demand": true,
                  "instruction": "Filter again." } ] },
            { "id": "OP-03.3", "name": "Second feed", "when": "[work/titre] < 2 '[pH]'", "steps": [
                { "id": "feed", "name": "Feed", "instruction": "Feed." }] } ] }],
        "gates": [],
        "release_specifications": []
    }))
    .expect("the sample's recipe is well formed")
}

pub fn at(step: &StepKey, entry: &str) -> EntryKey {
    EntryKey { step: Some(step.clone()), entry: entry.into() }
}

fn computed(
    step: &StepKey,
    version: u32,
    value: Option<EntryValue>,
    from: (&str, u32),
    cause: &str,
    uses: &[&str],
) -> RunEvent {
    let used = Used::one;
    RunEvent::EntryComputed(Box::new(Computed {
        at: at(step, "mass"),
        version,
        old: String::new(),
        value,
        verdicts: vec![],
        formula: format!("titre × volume = {} g/L × 15000 L", from.0),
        used: vec![
            used("OP-03.2~1/work~1/titre", from.1, &format!("{} g/L", from.0)),
            used("OP-03.2~1/work~1/volume", 1, "15000 L"),
        ],
        unchecked: vec![],
        cause: cause.into(),
        superseded_uses: uses.iter().map(|used| (*used).to_owned()).collect(),
        check_owed: true,
        exceptions: vec![],
    }))
}

/// Everything, in the order of a night.
pub fn life() -> Play {
    let mut play = Play::issued(recipe());
    play.operation("OP-03.2");
    daily(&mut play);
    redlined(&mut play);
    let step = StepKey::new("OP-03.2", 1, "work", 1);
    play.start(&step);
    work(&mut play, &step);
    play.later(50).complete(&step);
    results(&mut play, &step);
    crate::floor::floor(&mut play);
    play
}

fn daily(play: &mut Play) {
    for k in 1..=17u32 {
        let step = StepKey::new("OP-03.2", 1, "daily", k);
        play.later(24 * 60 - 1).start(&step);
        let high = k == 9;
        let ph = if high { "7.31".to_owned() } else { format!("6.{}", 80 + k % 4) };
        let value = number(&ph, "[pH]", &format!("{ph} pH"));
        let side = if high { Side::Above } else { Side::Within };
        let exceptions = match high {
            true => vec![play.exception(
                ExceptionKind::OutOfAcceptance,
                Some(at(&step, "ph")),
                "pH 7.31 is above 7.10",
            )],
            false => vec![],
        };
        let told = verdict(Purpose::Acceptance, side, "6.60 ≤ x ≤ 7.10 pH");
        play.judged(OLGA, &at(&step, "ph"), value, told, exceptions);
        let cells = format!("{}.2", k + 3);
        let value = number(&cells, "[pH]", &format!("{cells} × 10⁶ /mL"));
        play.judged(
            OLGA,
            &at(&step, "vcc"),
            value,
            verdict(Purpose::Acceptance, Side::Within, "1 ≤ x ≤ 30"),
            vec![],
        );
        play.record(OMAR, &at(&step, "do"), number("42", "[pH]", "42 %"));
        if k == 5 {
            let event = RunEvent::EntryCorrected(EntryCorrected {
                performed_at: None,
                at: at(&step, "do"),
                version: 2,
                old: "42 %".into(),
                value: number("24", "[pH]", "24 %"),
                raw: "\"24\"".into(),
                verdicts: vec![],
                reason: "digits swapped".into(),
                slip: false,
                superseded_uses: vec!["feed of day 5".into()],
                check_owed: true,
                exceptions: vec![],
            });
            play.act(OLGA, event, &[]);
        }
        play.complete(&step);
    }
}

fn work(play: &mut Play, step: &StepKey) {
    play.record(OLGA, &at(step, "titre"), number("4.0", "[pH]", "4.0 g/L"));
    play.act(
        OLGA,
        computed(step, 1, Some(number("60.0", "kg", "60.0 kg")), ("4.0", 1), "titre recorded", &[]),
        &[],
    );
    let cause = "titre corrected: 4.0 to 4.2 g/L";
    let uses = ["gate G-05 passed"];
    play.act(
        OLGA,
        computed(step, 2, Some(number("63.0", "kg", "63.0 kg")), ("4.2", 2), cause, &uses),
        &[],
    );
    let checked = RunEvent::EntryChecked(EntryChecked {
        at: at(step, "mass"),
        version: 2,
        oversight: false,
        recomputed: Some("computed again from 2 inputs: 63.0 kg, agreed".into()),
    });
    play.act(OMAR, checked, &[]);
    let sample = json!({ "identity": "S-26-0113", "point": "pool vessel", "quantity": { "value": "50", "unit": "mL" },
        "destination": "QC laboratory", "reserve": { "identity": "S-26-0113-R", "quantity": { "value": "20", "unit": "mL" } } });
    play.record(OLGA, &at(step, "sample"), other("sample", sample, "S-26-0113, 50 mL"));
    for (kind, what) in [("handed over", "to courier, box 7"), ("received", "QC laboratory, 5 °C")]
    {
        let event = RunEvent::TrailPointRecorded(TrailPointRecorded {
            at: at(step, "sample"),
            kind: kind.into(),
            data: json!({}),
            shown: what.into(),
        });
        play.later(20).act(QUINN, event, &[]);
    }
    let labels = json!({ "issued": "120", "used": "110", "returned": "4", "destroyed": "5", "sampled": "1", "reprints": "2", "difference": "0" });
    play.record(
        OLGA,
        &at(step, "labels"),
        other("label-count", labels, "120 issued, all accounted for"),
    );
    let clear = json!({ "checks": [
        { "check": "No product of another batch", "clear": true },
        { "check": "No labels of another batch", "clear": false } ], "moment": "before" });
    play.record(OLGA, &at(step, "clear"), other("line-clearance", clear, "1 of 2 clear"));
    let files = json!({ "files": [file("chromatogram.png", "cd"), file("raw-data.csv", "ef")] });
    play.record(OLGA, &at(step, "print"), other("attachment", files, "2 files"));
    let data = json!({ "at": at(step, "probe"), "value": number("6.91", "[pH]", "6.91 pH"),
        "raw": "6.91", "verdicts": [], "performed_at": play.now,
        "basis": { "kind": "device", "id": "PH-0417" }, "reason": "read from the device's log",
        "source": { "device": "PH-0417", "payload": "PH-0417;6.91;pH;2026-03-19T13:40:01Z",
            "calibration_due": play.now.plus_minutes(200_000), "verified": true },
        "under_exceptions": [], "check_owed": false, "exceptions": [] });
    let event = event("entry-recorded", data);
    play.act(OLGA, event, &[]);
}

pub fn file(name: &str, pair: &str) -> Value {
    let media_type = if name.ends_with("png") { "image/png" } else { "text/csv" };
    json!({ "name": name, "sha256": pair.repeat(32), "bytes": 48_213, "media_type": media_type })
}

/// The bytes of the pictures of the sample.
pub fn pictures() -> Vec<(String, Vec<u8>)> {
    vec![("cd".repeat(32), png(400, 180, false)), ("12".repeat(32), png(320, 240, true))]
}

fn determination(play: &mut Play, step: &StepKey, no: u32, value: &str, plan: Option<u32>) {
    let high = value == "88.1";
    let exceptions = match high {
        true => vec![play.exception(
            ExceptionKind::OutOfSpecification,
            Some(at(step, "purity")),
            "purity 88.1 % is below 95 %",
        )],
        false => vec![],
    };
    let mut told = number(value, "%", &format!("{value} %"));
    told.kind = "result".into();
    told.data = json!({ "value": value, "method": "SEC-HPLC", "method_version": "7", "sample": "S-26-0113" });
    let side = if high { Side::Below } else { Side::Within };
    let event = event(
        "determination-recorded",
        json!({ "at": at(step, "purity"), "no": no, "value": told, "raw": value, "plan": plan,
            "verdicts": verdict(Purpose::Acceptance, side, "x ≥ 95 %"), "exceptions": exceptions }),
    );
    play.later(30).act(QUINN, event, &[]);
}

fn results(play: &mut Play, step: &StepKey) {
    for (no, value) in [(1, "88.1"), (2, "98.4"), (3, "98.6")] {
        determination(play, step, no, value, None);
    }
    let investigated = |taken: InvestigationStep, reported: Value| {
        event(
            "result-investigated",
            json!({ "at": at(step, "purity"), "step": taken, "reported": reported }),
        )
    };
    let cause = InvestigationStep::AssignableCause {
        found: true,
        cause: "injection volume 1 µL instead of 10 µL, shown by the instrument's log".into(),
        invalidates: vec![1],
    };
    play.act(QUELLA, investigated(cause, Value::Null), &[(QUELLA, Meaning::Triaged)]);
    let analyst = serde_json::from_value(json!({
        "user_name": "quentin", "printed_name": "Quentin Quick"
    }));
    let plan = InvestigationStep::RetestPlan {
        retests: 1,
        rationale: "one replaces one".into(),
        analyst: analyst.expect("an analyst"),
    };
    play.act(QUELLA, investigated(plan, Value::Null), &[(QUELLA, Meaning::Approved)]);
    determination(play, step, 4, "98.5", Some(1));
    let report =
        InvestigationStep::Reportable { determination: 4, conclusion: "three agree".into() };
    let within = verdict(Purpose::Acceptance, Side::Within, "x ≥ 95 %");
    let reported =
        json!({ "version": 1, "value": number("98.5", "%", "98.5 %"), "verdicts": within });
    play.act(QUELLA, investigated(report, reported), &[(QUELLA, Meaning::Approved)]);
}

fn redlined(play: &mut Play) {
    let (before, after) = (
        "Neutralise at 37 °C within 90 minutes.",
        "Neutralise at 35 °C within 90 minutes, stir at 60 rpm.",
    );
    let change = Change::Instruction { step: "work".into(), instruction: after.into() };
    play.act(
        SUE,
        RunEvent::AmendmentProposed(Box::new(AmendmentProposed {
            no: 1,
            change,
            before: before.into(),
            after: after.into(),
            reason: "the jacket's heater holds 35 °C only".into(),
            assessment: "within the range of the characterisation study; no effect on quality"
                .into(),
        })),
        &[(SUE, Meaning::Authored)],
    );
    for (side, who, takes_effect) in
        [(Approving::Production, OMAR, false), (Approving::Quality, QUELLA, true)]
    {
        let decided = event(
            "amendment-decided",
            json!({ "no": 1, "side": side, "approved": true, "conclusion": "agreed",
                "takes_effect": takes_effect }),
        );
        play.act(who, decided, &[(who, Meaning::Approved)]);
    }
}
