//! Refusals of the execution side of a run: order, entries, second persons, issue.

use crate::rules;

rules! {
    OCCURRENCE_UNKNOWN = "occurrence-unknown", NotFound, "P11-10f", "21 CFR 11.10(f)",
        "The run has no such step, entry or occurrence", "Use an id of the master record and at most the next occurrence, which the detail names.";
    OUT_OF_ORDER = "out-of-order", State, "P11-10f", "21 CFR 11.10(f)",
        "Something that must come before is not done", "Do what is listed first. What has already happened is never refused: record it, and it stands with its exception.";
    BRANCH_NOT_TAKEN = "branch-not-taken", State, "P11-10f", "21 CFR 11.10(f)",
        "The condition of this branch does not hold", "Nothing is to be done here; the detail shows the condition with its values. What has already happened is recorded all the same.";
    BRANCH_UNDECIDED = "branch-undecided", State, "P11-10f", "21 CFR 11.10(f)",
        "It is not decided yet whether this branch is taken", "Record what the condition needs; it is listed.";
    RECOMPUTATION_DIFFERS = "recomputation-differs", State, "C211-68b2", "21 CFR 211.68(b)",
        "Computed again from the stored inputs, the value is another one", "Do not rely on it. Report it: the record or the program is not what it was when the value was computed.";
    ALREADY_STARTED = "already-started", State, "P11-10f", "21 CFR 11.10(f)",
        "This occurrence has begun already", "Record on it and complete it, or start the next occurrence.";
    STEP_NOT_STARTED = "step-not-started", State, "P11-10f", "21 CFR 11.10(f)",
        "This occurrence has not begun", "Start it first; if it was not done, a supervisor declares it not performed.";
    ALREADY_COMPLETE = "already-complete", State, "P11-10f", "21 CFR 11.10(f)",
        "This occurrence is complete already", "Nothing is to be done; a wrong value is corrected with its reason.";
    NOT_FOUND_RUNNING = "not-found-running", State, "C211-110c", "21 CFR 211.110(c)",
        "This occurrence was started with permission, not found running: there is nothing to take back", "Correct what is wrong in its entries; if it was not carried through, a supervisor declares it not performed.";
    MORE_RECORDED = "more-recorded", State, "C211-110c", "21 CFR 211.110(c)",
        "More stands on this occurrence than the report that found it running", "Correct each entry listed with its reason; if the work was not done, a supervisor declares the occurrence not performed.";
    STEP_NOT_COMPLETE = "step-not-complete", State, "P11-10f", "21 CFR 11.10(f)",
        "This occurrence is not complete, so it cannot be verified", "The performer completes it first.";
    ENTRIES_MISSING = "entries-missing", State, "F13", "21 CFR 211.188(b)",
        "Mandatory entries are missing", "Record each entry listed, or declare why there is no value.";
    EXCEPTION_FORBIDS = "exception-forbids", State, "Q7-8.1", "ICH Q7 8.16",
        "An open exception forbids beginning this step", "A holder of triage decides the exception named. Care, sampling and making safe go on.";
    GATE_NOT_PASSED = "gate-not-passed", State, "C211-110c", "21 CFR 211.110(c)",
        "The gate before this irreversible step has not been passed", "Pass the gate named, signed; then start the step.";
    ALREADY_RECORDED = "already-recorded", State, "P11-10e3", "21 CFR 11.10(e)",
        "This entry has a value already; nothing was overwritten", "Correct it with a reason, or record on another occurrence. What you sent is kept in the access log.";
    NOTHING_RECORDED = "nothing-recorded", State, "P11-10f", "21 CFR 11.10(f)",
        "This entry has no value yet", "Record it first.";
    NOTHING_CHANGED = "nothing-changed", State, "P11-10e3", "21 CFR 11.10(e)",
        "The correction says what stands there already", "Nothing is to be done; if only the time is wrong, send the value with the other performed_at.";
    NEVER_STRUCK = "never-struck", State, "C211-194a", "21 CFR 211.194(a)(4)",
        "This is never struck: a determination stays, and a computed value follows what it is computed from", "Correct the determination with its reason, or what the value is computed from; the laboratory and quality decide what counts.";
    STANDS_ON_IT = "stands-on-it", State, "P11-10e3", "21 CFR 11.10(e)",
        "Something else stands on this entry and cannot be struck with it", "Correct the entry with its reason; what is listed stays with it.";
    PERFORMED_IN_FUTURE = "performed-in-the-future", Malformed, "F7", "21 CFR 211.100(b)",
        "The time given lies in the future", "Send when it was done, or leave the time out if it is now.";
    PERFORMER_UNKNOWN = "performer-unknown", Malformed, "MHRA-4", "MHRA Data Integrity 6.7",
        "The person recorded for is not known, or is you", "Send the user name of who did it; leave the basis out if you did it yourself.";
    NOT_A_SLIP = "not-a-slip", Missing, "A11-09", "EU GMP Annex 11 §9",
        "This is no slip: a slip is corrected within 60 seconds by the same person, unsigned and unused", "Send the correction with its reason.";
    WITNESS_IS_PERFORMER = "witness-is-performer", Authority, "C211-188b11", "21 CFR 211.188(b)(11)",
        "Whoever did the work cannot check or witness it", "Ask a qualified person who took no part in this step.";
    ALREADY_CHECKED = "already-checked", State, "P11-10f", "21 CFR 11.10(f)",
        "It has been checked already", "Nothing is to be done.";
    NO_CHECK_ASKED = "no-check-asked", State, "P11-10f", "21 CFR 11.10(f)",
        "The master record asks no verification here", "Nothing is to be done.";
    SUPERVISOR_REQUIRED = "supervisor-required", Missing, "F13", "21 CFR 211.100(b)",
        "A mandatory entry or step is left out only with a supervisor's signature", "A holder of supervise signs, as the person acting or as second person.";
    OPERATION_UNFINISHED = "operation-unfinished", State, "P11-10f", "21 CFR 11.10(f)",
        "The operation is not finished", "Finish each thing listed, then close it.";
    OPERATION_CLOSED = "operation-closed", State, "P11-10f", "21 CFR 11.10(f)",
        "The operation's occurrence is closed", "Nothing is to be done; what happened afterwards is recorded as a report.";
    NO_ALERTS = "no-alerts", State, "A11D-08", "EU GMP Annex 11 (draft 2025) 8",
        "The operation has no alert to acknowledge", "Nothing is to be done.";
    MASTER_NOT_EFFECTIVE = "master-not-effective", State, "F16", "21 CFR 211.188(a)",
        "Only the effective version of a master record is issued", "Issue the version that is effective now; an approved one is effective from its date on.";
}
