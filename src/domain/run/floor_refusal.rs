//! Refusals of what happens beside the steps: endings, emergency acts, changes of one batch.

use crate::rules;

rules! {
    OPERATION_NOT_BEGUN = "operation-not-begun", State, "P11-10f", "21 CFR 11.10(f)",
        "The operation's occurrence has not begun, so there is nothing to end", "Where it is not done at all, a supervisor declares its steps not performed.";
    ALREADY_ENDED = "already-ended", State, "P11-10f", "21 CFR 11.10(f)",
        "The operation's occurrence was ended early already", "Complete what began, then close it.";
    EMERGENCY_UNRATIFIED = "emergency-not-ratified", State, "F30", "EU GMP Chapter 4, 4.20(h)",
        "An emergency act is no deviation only when quality has found it right", "Ratify it first; where it was not upheld, open a deviation for it.";
    STEP_BEGUN = "step-begun", State, "CH4-20", "EU GMP Chapter 4, 4.20",
        "The step has begun, and what was done under its instruction keeps it", "Propose the change for a step that has not begun, or report what is done otherwise; it stands with its exception.";
    AMENDMENT_FINDINGS = "amendment-findings", State, "C211-186b", "21 CFR 211.186(b)",
        "With this change the master record would no longer be sound", "Change what each finding names, and propose it again.";
    SPECIFICATION_STANDS = "specification-stands", State, "C211-165", "21 CFR 211.160, 211.165",
        "A change of one batch loosens nothing that opens a gate or a release, nor what a sample that was taken is tested against", "Change the master record and have it approved; what fails its specification is investigated.";
    AMENDMENT_DECIDED = "amendment-decided", State, "P11-10f", "21 CFR 11.10(f)",
        "This change is decided, for this side or for good", "Nothing is to be done; a refused change is proposed anew.";
    THREE_PERSONS = "three-persons-required", Authority, "F30", "EU GMP Annex 11 (draft 2025) 11.10",
        "Who proposes a change, who approves it for production and who approves it for quality are three persons", "Another holder of the authority decides.";
}
