//! Refusals of a deviation.

use crate::rules;

rules! {
    DEVIATION_CLOSED = "deviation-closed", Final, "C211-192b", "21 CFR 211.192",
        "The deviation is closed", "Open a new deviation that names this one.";
    NOTHING_LINKED = "no-exception-named", Missing, "C211-192b", "21 CFR 211.192",
        "A deviation concerns at least one exception of a run", "Name the exceptions by number.";
    ALREADY_LINKED = "exception-already-linked", State, "P11-10f", "21 CFR 11.10(f)",
        "The exception belongs to a deviation already", "Work on that deviation.";
    IMPACT_MISSING = "impact-not-concluded", State, "C211-192b", "21 CFR 211.192",
        "The impact is not concluded", "A holder of the authority triage concludes the impact, other batches assessed; then it can be closed.";
    IMPACT_CONCLUDED = "impact-already-concluded", State, "P11-10f", "21 CFR 11.10(f)",
        "The impact is concluded already", "Close the deviation; what joins later asks for a new conclusion.";
    OTHER_BATCHES_MISSING = "other-batches-not-assessed", Missing, "C211-192b", "21 CFR 211.192",
        "The investigation must extend to other batches", "Say which other batches were assessed and what was found, or why none is concerned.";
    RUN_NOT_GIVEN = "linked-run-missing", NotFound, "P11-10d", "21 CFR 11.10(d)",
        "A run that the deviation concerns could not be read", "Try again; every linked run is locked with the deviation.";
    DEVIATION_NUMBER_TAKEN = "deviation-number-taken", State, "F11", "21 CFR 211.192",
        "The deviation number is in use", "Try again; the next number of the series is taken.";
}
