//! Refusals of a lot: its coming into being and the decisions on it.

use crate::rules;

rules! {
    WASTE_NOT_RELEASED = "waste-is-not-released", State, "C211-22", "21 CFR 211.22(a)",
        "Waste is never released", "Reject it, or leave it in quarantine until it is destroyed.";
    PARENT_KNOWN = "parent-known", State, "C211-188b3", "21 CFR 211.188(b)(3)",
        "The lot has this parent already", "Nothing is to be done.";
    NO_SUCH_PARENT = "no-such-parent", NotFound, "C211-188b3", "21 CFR 211.188(b)(3)",
        "The lot has no such parent", "Read the lot again and name a parent that it shows.";
    LOT_OF_OTHER_RUN = "lot-of-another-run", State, "C211-188b3", "21 CFR 211.188(b)(3)",
        "The lot did not come out of this run", "Decide on the lot with the run it came out of.";
    DISPOSITION_IMPOSSIBLE = "disposition-not-possible", State, "C211-22", "21 CFR 211.22(a)",
        "This decision does not follow on the one in force", "Quarantined lots are released or rejected, released lots withdrawn or put back into quarantine, withdrawn lots rejected or, by a whole new release, released; a rejected lot stays rejected.";
    RUN_ABORTED = "run-was-aborted", State, "T39", "21 CFR 211.192",
        "The run was aborted", "A lot of an aborted run can only be rejected.";
    NOT_QUESTIONED = "lot-not-questioned", State, "P11-10f", "21 CFR 11.10(f)",
        "The lot is not in question", "Nothing is to be decided; a released lot can still be withdrawn.";
    ONLY_WITHDRAWAL = "only-withdrawal", State, "C211-165", "21 CFR 211.165(f), 211.192",
        "The lot would not be released today, so it cannot be said to stand", "Meet each obligation listed, or withdraw the lot: that is always possible.";
}
