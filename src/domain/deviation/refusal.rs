//! Refusals of a deviation.

use crate::rules;

rules! {
    DEVIATION_CLOSED = "deviation-closed", Final, "C211-192b", "21 CFR 211.192",
        "The deviation is closed", "Quality opens it again, signed and with a reason (`reopening`); whatever closed it is then signed anew.";
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
    CONTENT_MISSING = "deviation-content-missing", Missing, "C211-192b", "21 CFR 211.192; EU GMP Chapter 8, 8.15-8.17",
        "What a deviation closes with is missing", "Give what is listed. The investigation is signed by its investigator (`investigation-report`); impact per lot and other batches stand in the closing.";
    NOT_ITS_LOT = "lot-of-another-run", Malformed, "C211-192b", "21 CFR 211.192",
        "The lot is none of the runs that the deviation concerns", "Name the lots of its runs by their numbers, each once.";
    NOT_CLOSED = "deviation-not-closed", State, "P11-10f", "21 CFR 11.10(f)",
        "The deviation is open", "Work on it; only a closed deviation is opened again.";
    RUN_NOT_GIVEN = "linked-run-missing", NotFound, "P11-10d", "21 CFR 11.10(d)",
        "A run that the deviation concerns could not be read", "Try again; every linked run is locked with the deviation.";
    DEVIATION_NUMBER_TAKEN = "deviation-number-taken", State, "F11", "21 CFR 211.192",
        "The deviation number is in use", "Try again; the next number of the series is taken.";
}
