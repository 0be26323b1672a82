//! The orders that the walk gives.

use super::{Act, MOST, at};
use crate::domain::entry::Input;
use crate::domain::run::acts::absent::DeclareAbsent;
use crate::domain::run::acts::correct::CorrectEntry;
use crate::domain::run::acts::result::{InvestigateResult, RecordDetermination};
use crate::domain::run::testing::{Analyst, InvestigationStep};
use crate::domain::words::{Absence, Basis};
use serde_json::json;

pub(super) fn tested(value: &str) -> Input {
    let value = json!({ "value": value, "method_version": "1" });
    Input { value, unit: Some("[pH]".into()) }
}

pub(super) fn investigates(who: &'static str, step: InvestigationStep) -> Act {
    Act::Order(who, InvestigateResult { at: at(), of: None, step }.into())
}

pub(super) fn said(text: &str) -> String {
    text.to_owned()
}

/// Analyst and supervisor speak, with raw data.
pub(super) fn laboratory(claim: Option<u32>) -> Vec<Act> {
    let raw = json!({ "name": "run.csv", "sha256": "00", "bytes": 1, "media_type": "text/csv" });
    let spoken = |who| {
        let raw_data = vec![serde_json::from_value(raw.clone()).expect("a file")];
        let finding = said("raw data read again");
        let (speaker, unavailable) = (None, None);
        let step = InvestigationStep::Laboratory { speaker, finding, raw_data, claim, unavailable };
        investigates(who, step)
    };
    // Either analyst may have tested: who did not is refused, and the other speaks.
    vec![spoken("quinn"), spoken("quill")]
}

/// A correction of the first determination, perhaps of another item.
pub(super) fn corrects(value: &str, item: Option<&str>) -> Act {
    let mut input = tested(value);
    input.value["determination"] = json!(1);
    if let Some(item) = item {
        input.value["item"] = json!(item);
    }
    let order = CorrectEntry {
        at: at(),
        input,
        reason: Some(said("misread")),
        slip: false,
        confirmed: false,
        expected: None,
    }
    .into();
    Act::Order("quinn", order)
}

/// Everything that somebody may try: one act, or several that belong together.
pub(super) fn orders() -> Vec<Vec<Act>> {
    let mut orders = Vec::new();
    for (who, value) in [("quinn", "6.80"), ("quinn", "7.50"), ("quentin", "6.80")] {
        let order = RecordDetermination {
            at: at(),
            input: tested(value),
            performed_at: None,
            basis: Basis::Direct,
            reason: None,
        }
        .into();
        orders.push(vec![Act::Order(who, order)]);
    }
    for value in ["6.80", "7.60"] {
        orders.push(vec![corrects(value, None)]);
    }
    orders.push(vec![corrects("7.60", Some("F-2"))]);
    // Claimed and spoken about; then it is worse; then the old claim is accepted.
    let mut old = vec![corrects("6.85", None)];
    old.extend(laboratory(Some(1)));
    old.push(corrects("7.60", None));
    orders.push(old);
    for accepted in [true, false] {
        let conclusion = said("the chromatogram says so");
        let step = InvestigationStep::Transcription { claim: 1, accepted, conclusion };
        let mut all = laboratory(Some(1));
        all.push(investigates("qadir", step));
        orders.push(all);
    }
    let cause = |found, invalidates| InvestigationStep::AssignableCause {
        found,
        cause: said("pipette out of calibration"),
        invalidates,
    };
    orders.push(vec![investigates("qadir", cause(false, vec![]))]);
    let mut spoken = laboratory(None);
    spoken.push(investigates("qadir", cause(false, vec![])));
    orders.push(spoken);
    for analyst in ["quentin", "quinn"] {
        let rationale = said("another analyst");
        let (person, printed_name) = (None, String::new());
        let analyst = Analyst { user_name: said(analyst), person, printed_name };
        let plan = InvestigationStep::RetestPlan { retests: 2, rationale, analyst };
        orders.push(vec![investigates("quella", plan.clone())]);
        orders.push(vec![Act::Deviates, investigates("quella", plan.clone())]);
        orders.push(vec![Act::Deviates, investigates("qadir", plan)]);
    }
    for no in 1..=MOST {
        let mut all = laboratory(None);
        all.push(investigates("qadir", cause(true, vec![no])));
        orders.push(all);
        let conclusion = said("as found");
        let report = InvestigationStep::Reportable { determination: no, conclusion };
        orders.push(vec![investigates("quella", report.clone())]);
        orders.push(vec![investigates("qadir", report)]);
    }
    for absence in [Absence::NotApplicable, Absence::NotAvailable] {
        let order = DeclareAbsent { at: at(), absence, reason: said("lost") }.into();
        orders.push(vec![Act::Order("sven", order)]);
    }
    orders
}
