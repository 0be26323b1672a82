//! What follows when a value violates a limit: classification × purpose → consequence.
//!
//! The matrix is published as `schemas/matrices/consequences.txt`, so that QA can read and sign it.
//! An exception that gates closes the step's next permission as its `on_critical` says; one that does
//! not gate still stands open until triage, and release waits for it.

use super::spec::Classification;
use crate::domain::exception::{ExceptionKind, Severity};
use crate::domain::limits::{Purpose, Verdict, implausible, worst};
use std::fmt::Write;

/// What follows from a judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    Nothing,
    /// A flag: acknowledged once per operation.
    Flag,
    /// An exception opens.
    Exception {
        /// Of this type.
        kind: ExceptionKind,
        /// Proposed severity; QA decides at triage.
        severity: Severity,
        /// Whether it decides about what may happen next, by the step's `on_critical`.
        gates: bool,
    },
}

/// The consequence of violating a purpose (`None`: nothing is violated) at this classification
/// (`None`: the master record gives none).
#[must_use]
pub fn consequence(
    classification: Option<Classification>,
    violated: Option<Purpose>,
) -> Consequence {
    match violated {
        None | Some(Purpose::Reference) => Consequence::Nothing,
        Some(Purpose::Alert) => Consequence::Flag,
        // Action limits ask for an adjustment; the process is still inside what is acceptable.
        Some(Purpose::Control) => Consequence::Exception {
            kind: ExceptionKind::OutOfControl,
            severity: Severity::Minor,
            gates: false,
        },
        // Only once somebody has confirmed the value; before that, confirmation is asked.
        Some(Purpose::Plausibility) => Consequence::Exception {
            kind: ExceptionKind::Implausible,
            severity: Severity::Minor,
            gates: false,
        },
        Some(Purpose::Acceptance) => outside_acceptance(classification),
    }
}

/// Every consequence of a value: of the worst limit it violates, and of being implausible.
#[must_use]
pub fn consequences(
    classification: Option<Classification>,
    verdicts: &[Verdict],
) -> Vec<Consequence> {
    let judged = worst(verdicts).filter(|purpose| *purpose != Purpose::Plausibility);
    let doubt = implausible(verdicts).then_some(Purpose::Plausibility);
    [judged, doubt]
        .into_iter()
        .flatten()
        .map(|purpose| consequence(classification, Some(purpose)))
        .filter(|consequence| *consequence != Consequence::Nothing)
        .collect()
}

fn outside_acceptance(classification: Option<Classification>) -> Consequence {
    use Classification::{
        Cpp, DesignSpace, Formulation, Gpp, Ipc, Kpa, Kpp, Procedural, ReleaseIpc, Specification,
        WcCpp,
    };
    let (kind, severity, gates) = match classification {
        // A critical quality attribute may be out of its range.
        Some(Cpp | WcCpp) => (ExceptionKind::OutOfAcceptance, Severity::Critical, true),
        // Outside what was approved, or the material itself is out: nothing irreversible on it.
        Some(DesignSpace | Ipc | Formulation | Procedural) => {
            (ExceptionKind::OutOfAcceptance, Severity::Major, true)
        }
        // Contamination or a failed specification: also the rooms behind the next gate are at stake.
        Some(ReleaseIpc | Specification) => {
            (ExceptionKind::OutOfSpecification, Severity::Critical, true)
        }
        // Performance of the process, by definition without effect on quality: release waits.
        Some(Kpp | Kpa) => (ExceptionKind::OutOfAcceptance, Severity::Major, false),
        Some(Gpp) => (ExceptionKind::OutOfAcceptance, Severity::Minor, false),
        // Nobody has said that it is harmless.
        None => (ExceptionKind::OutOfAcceptance, Severity::Major, true),
    };
    Consequence::Exception { kind, severity, gates }
}

/// The matrix as text.
#[must_use]
pub fn matrix() -> String {
    let mut text = String::from(
        "# Classification x judgement -> consequence. Generated from domain/entry/consequence.rs.\n\
         # gates: the exception decides about the next permission by the step's on_critical.\n\
         # Plausibility: after the person has confirmed the value. Reference is shown, never judged.\n",
    );
    let rows = Classification::ALL.iter().copied().map(Some).chain([None]);
    for classification in rows {
        let name = classification.map_or("none", Classification::as_str);
        for violated in Purpose::ALL {
            let what = shown(consequence(classification, Some(violated)));
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name:<14} {:<12} -> {what}", violated.as_str());
        }
    }
    text
}

fn shown(consequence: Consequence) -> String {
    match consequence {
        Consequence::Nothing => "nothing".into(),
        Consequence::Flag => "flag".into(),
        Consequence::Exception { kind, severity, gates } => format!(
            "exception {}, {}{}",
            kind.as_str(),
            severity.as_str(),
            if gates { ", gates" } else { "" }
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::limits::Side;

    // shows: C211-110b.b
    #[test]
    fn a_critical_parameter_gates_and_a_reference_range_does_nothing() {
        let critical = consequence(Some(Classification::Cpp), Some(Purpose::Acceptance));
        assert_eq!(
            critical,
            Consequence::Exception {
                kind: ExceptionKind::OutOfAcceptance,
                severity: Severity::Critical,
                gates: true
            }
        );
        for classification in Classification::ALL {
            assert_eq!(
                consequence(Some(*classification), Some(Purpose::Reference)),
                Consequence::Nothing
            );
            assert_eq!(consequence(Some(*classification), None), Consequence::Nothing);
            assert_eq!(consequence(Some(*classification), Some(Purpose::Alert)), Consequence::Flag);
        }
    }

    #[test]
    fn an_implausible_value_has_both_consequences() {
        let verdict = |purpose| Verdict { purpose, side: Side::Above, limit: String::new() };
        let both = [verdict(Purpose::Acceptance), verdict(Purpose::Plausibility)];
        assert_eq!(consequences(None, &both).len(), 2);
        assert_eq!(consequences(None, &both[1..]).len(), 1);
        assert!(consequences(None, &[]).is_empty());
    }
}
