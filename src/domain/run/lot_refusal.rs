//! Refusals about the lots of a run: what comes out of it, what went in, who answers for what was released.

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
    OWN_ANCESTOR = "own-ancestor", State, "C211-188b3", "21 CFR 211.188(b)(3)",
        "No lot is made from itself", "Look up what went into both lots; name the lot that did.";
    WASTE_NO_PARENT = "waste-is-no-parent", State, "C211-188b3", "21 CFR 211.84(a)",
        "Waste goes into no lot", "Name the lot that went in; what was yielded as waste stays waste.";
    FOREIGN_TWIN = "number-of-a-foreign-lot", State, "C211-188b3", "21 CFR 211.84(a), 211.188(b)(3)",
        "The number is, or reads like, a lot of somebody else's that went in somewhere and that quality has decided on", "Give the lot a number of its own; the other one keeps its name.";
    LOT_IS_OWN = "lot-is-own", State, "C211-22", "21 CFR 211.84(a)",
        "The number is, or reads like, a lot of this house", "Decide on that lot itself; only a supplier's lot is accepted by document.";
    NOT_NAMED = "lot-not-named-here", NotFound, "C211-188b3", "21 CFR 211.188(b)(3)",
        "Nothing of this run names such a lot", "Accept the lots that the run's entries and its lots name.";
    RELEASED_IT = "released-it-themselves", Authority, "C211-192a", "21 CFR 211.192",
        "Whoever released a lot does not decide that it stands, releases it again, or takes away what it is in question for", "Another person of quality decides who took no part in the run.";
    RELEASED_LOTS = "released-lots", State, "C211-22", "21 CFR 211.22(a)",
        "Lots of this run are released", "A holder of release withdraws them first; or a person of quality who holds hold and release aborts and names each of them in withdraw.";
}
