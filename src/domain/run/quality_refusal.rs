//! Refusals of the quality side of a run: holds, gates, risks, exceptions, review, lots, the end.

use crate::rules;

rules! {
    NO_SUCH_PART = "no-such-part", NotFound, "P11-10d", "21 CFR 11.10(d)",
        "The run has no such gate, exception, hold or acceptance of risk", "Read the run again and use the number or id it shows.";
    PHASE_FORBIDS = "phase-forbids", State, "P11-10f", "21 CFR 11.10(f)",
        "The run is in a phase in which this cannot be done", "See the run's phase; the phase named in the detail is the one in which it can.";
    RECORD_FINAL = "record-final", Final, "P11-10e1", "21 CFR 11.10(e)",
        "The record is final", "A closed record takes facts, as addenda with their reason, and what quality decides on them and on its lots; nothing is begun, completed or passed any more.";
    ON_HOLD = "on-hold", State, "Q7-8.1", "ICH Q7 8.16",
        "A hold stands", "Resolve its reason; then a holder of the authority it names lifts it. Care, sampling, readings and making safe go on.";
    HOLD_LIFTED = "hold-already-lifted", State, "P11-10f", "21 CFR 11.10(f)",
        "The hold has been lifted already", "Nothing is to be done; place a new hold if it should stand again.";
    GATE_CLOSED = "gate-closed", State, "C211-110c", "21 CFR 211.110(c)",
        "The gate is closed", "Resolve each reason listed; where the master record allows it, a supervisor may sign proceed at risk.";
    GATE_NOT_LATE = "gate-not-late", State, "C211-110c", "21 CFR 211.110(c)",
        "Nothing that the gate guards began before it was passed, or quality has waived it", "Nothing is to be done; a gate is passed, signed, before what it guards begins.";
    OPERATION_NOT_CLOSED = "operation-not-closed", State, "C211-192a", "21 CFR 211.192",
        "The operation's occurrence is not closed, so there is no record of it to review", "Close the operation first; quality reviews it then, or with the whole record.";
    GATE_NOT_CLOSED = "gate-not-closed", State, "P11-10f", "21 CFR 11.10(f)",
        "No exception closes the gate", "Pass the gate; a risk is accepted only for exceptions that close it.";
    RISK_NOT_ALLOWED = "risk-not-allowed", State, "CH4-20", "EU GMP Chapter 4, 4.20",
        "The master record allows no proceeding at risk on this gate", "Quality triages the exceptions that close it.";
    RISK_TOO_LONG = "risk-too-long", State, "CH4-20", "EU GMP Chapter 4, 4.20",
        "The time asked for is not within what the master record allows", "Ask for at least one minute and at most the minutes named.";
    ALREADY_RATIFIED = "already-ratified", State, "P11-10f", "21 CFR 11.10(f)",
        "This acceptance of risk has been ratified", "Nothing is to be done.";
    REQUESTER_IS_APPROVER = "requester-is-approver", Authority, "F30", "EU GMP Annex 11 (draft 2025) 11.10",
        "Nobody approves what they asked for", "Another person of the quality unit decides.";
    TOOK_PART = "took-part-in-the-run", Authority, "C211-192a", "21 CFR 211.192, Annex 11 draft 12.6",
        "Whoever took part in the run does not judge it", "A person of the quality unit decides who neither performed, recorded, checked, corrected nor directed work of this run.";
    ALREADY_TRIAGED = "already-triaged", State, "P11-10f", "21 CFR 11.10(f)",
        "The exception has been decided already", "A decision as not a deviation can still be raised to a deviation; nothing is lowered.";
    MUST_BE_DEVIATION = "must-be-a-deviation", State, "C211-192b", "21 CFR 211.192",
        "A value that stands outside what the batch must meet is investigated", "Open a deviation for it, or correct the value if it was mistyped.";
    OBLIGATIONS_OPEN = "obligations-open", State, "C211-192b", "21 CFR 211.192",
        "The run still owes something", "Meet each obligation listed; the list names who can.";
    NOT_READY = "not-ready-for-release", State, "F15", "21 CFR 211.192",
        "The run still owes something, and release is refused until it does not", "Meet each obligation listed; the list names who can. Rejecting is always possible.";
    ALREADY_REVIEWED = "already-reviewed", State, "P11-10f", "21 CFR 11.10(f)",
        "A review stands and nothing has changed since", "Decide on the lots.";
    LOTS_UNDECIDED = "lots-undecided", State, "F11", "21 CFR 211.188",
        "A lot of this run is not decided", "A holder of the authority release decides on each lot named; then the record can be closed.";
    AFTERMATH_KIND = "aftermath-kind-unknown", Malformed, "T39", "21 CFR 211.188(b)",
        "After an abort samples, destruction and decontamination are recorded", "Send kind as sample, destruction or decontamination.";
}
