//! Refusals of a lot: its coming into being and the decisions on it.

use crate::rules;

rules! {
    LOT_NUMBER_TAKEN = "lot-number-taken", State, "C211-188b3", "21 CFR 211.188(b)(3)",
        "The lot number is in use", "Give the lot a number of its own.";
    OUTPUT_NOT_DECLARED = "output-not-declared", State, "C211-188b3", "21 CFR 211.186(b), 211.188(b)(3)",
        "The master record declares no such output", "Yield one of the outputs that the master record declares; what else came out is an event, or an approved change.";
    OUTPUT_STEP_NOT_BEGUN = "output-step-not-begun", State, "C211-188b3", "21 CFR 211.188(b)(3)",
        "The step that this output comes out of has not begun", "Start the step, then yield the lot.";
    OUTPUT_UNIT = "output-unit-differs", State, "C211-188b7", "21 CFR 211.188(b)(7)",
        "The lot is measured in another dimension than its output", "Send the quantity in the output's unit, or in one that converts into it.";
    LOT_OF_OTHER_RUN = "lot-of-another-run", State, "C211-188b3", "21 CFR 211.188(b)(3)",
        "The lot did not come out of this run", "Decide on the lot with the run it came out of.";
    DISPOSITION_IMPOSSIBLE = "disposition-not-possible", State, "C211-22", "21 CFR 211.22(a)",
        "This decision does not follow on the one in force", "Quarantined lots are released or rejected, released lots withdrawn or put back into quarantine, withdrawn lots rejected; a rejected lot stays rejected.";
    RUN_ABORTED = "run-was-aborted", State, "T39", "21 CFR 211.192",
        "The run was aborted", "A lot of an aborted run can only be rejected.";
}
