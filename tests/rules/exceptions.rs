//! What opens an exception: kind, proposed severity, effect, when. Every decision on a run is held to it
//! (`undeclared` in `run/acts`), so that another severity is a change of text which quality reads.

use super::matrix::{hold, table};
use batchwright::domain::exception::opens::Reach;
use batchwright::domain::exception::{ExceptionKind, Opened, Severity};
use batchwright::domain::words::OnCritical;

/// Every kind.
fn kinds() -> Vec<ExceptionKind> {
    let unknown = serde_json::from_value::<ExceptionKind>("?".into()).expect_err("no kind");
    let text = unknown.to_string();
    let named = text.split_once("expected one of").expect("the list of kinds").1;
    let words = named.split('`').skip(1).step_by(2);
    words.map(|word| serde_json::from_value(word.into()).expect(word)).collect()
}

#[test]
fn what_opens_an_exception_stands_in_a_matrix() {
    let head = ["kind", "proposed severity", "effect", "when"].map(str::to_owned).to_vec();
    let mut rows = vec![head];
    for kind in kinds() {
        let ways = kind.ways();
        rows.extend(ways.iter().map(|way| {
            [kind.as_str(), way.severity.as_str(), way.reach.as_str(), way.when]
                .map(str::to_owned)
                .to_vec()
        }));
        if ways.is_empty() {
            rows.push(
                [kind.as_str(), "-", "-", "no rule opens it yet"].map(str::to_owned).to_vec(),
            );
        }
    }
    let text = format!(
        "What opens an exception, and as what; quality decides at its triage.\n\
         effect: what may happen next. continue: nothing waits for it but release.\n\n{}",
        table(&rows)
    );
    hold("exceptions.txt", &text);
}

#[test]
fn an_opening_is_of_a_declared_way_or_of_none() {
    let opened = |kind, severity, effect| Opened {
        no: 1,
        kind,
        severity,
        effect,
        at: None,
        detail: String::new(),
    };
    for kind in kinds() {
        for way in kind.ways() {
            let effect = match way.reach {
                Reach::Release => OnCritical::Continue,
                Reach::Gate | Reach::Recipe => OnCritical::Gate,
            };
            assert_eq!(opened(kind, way.severity, effect).ways().next(), Some(way), "{kind:?}");
            // Nothing minor keeps anything from going on.
            assert!(way.severity != Severity::Minor || way.reach == Reach::Release, "{kind:?}");
        }
    }
    for (kind, severity, effect) in [
        (ExceptionKind::Repeat, Severity::Minor, OnCritical::Continue),
        (ExceptionKind::Repeat, Severity::Major, OnCritical::Stop),
        (ExceptionKind::EmergencyAct, Severity::Major, OnCritical::Continue),
        (ExceptionKind::Communication, Severity::Major, OnCritical::Gate),
    ] {
        assert_eq!(opened(kind, severity, effect).ways().next(), None, "{kind:?}");
    }
}
