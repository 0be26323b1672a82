//! Refusals about samples, laboratory results and alarms.

use crate::rules;

rules! {
    NOT_A_RESULT = "not-a-result", Malformed, "C211-165", "21 CFR 211.165",
        "This entry is no laboratory result", "Record its value on the entry itself; determinations and investigations belong to entries of kind result.";
    RESULT_UNDER_TEST = "result-under-test", State, "F5", "21 CFR 211.194(a)",
        "Determinations stand on this result, so nobody declares that there is none", "Go on with the test, or have quality investigate and decide the reportable result.";
    NOT_SKIPPABLE = "not-skippable", State, "C211-165", "21 CFR 211.165(a)",
        "This batch owes the test", "Have it tested. Only a test that the master record lets be skipped can be, once, before the batch starts, by quality's signature naming the document that allows it.";
    NOTHING_TO_INVESTIGATE = "nothing-to-investigate", State, "C211-165", "21 CFR 211.165",
        "No determination waits for this step of an investigation", "Look at the result: every determination and what was decided stand there. An assignable cause may set one aside at any time.";
    LABORATORY_FIRST = "laboratory-first", State, "C211-165", "21 CFR 211.192",
        "The laboratory has not spoken yet", "The analyst of what is judged and a laboratory supervisor who did not test each sign a statement (phase laboratory), about a claim naming it; a cause that is found and a claim that is accepted need the raw data attached. Of an analyst who cannot speak the supervisor signs so with the reason (analyst_unavailable), and another of the laboratory who did not test speaks in their place. Then quality concludes.";
    CLAIM_OVERTAKEN = "claim-overtaken", State, "C211-165", "21 CFR 211.194(a)",
        "The determination was corrected since this claim was made", "Do not accept the claim (accepted: false); whoever knows better corrects the determination anew, and that is looked at on the raw data.";
    RETEST_ANALYST = "retest-analyst", State, "C211-165", "FDA OOS guidance (2022), IV.B.1",
        "This person cannot be the analyst of a retest plan", "Name somebody active who holds test, made none of the first determinations, and tested nothing there beside a plan.";
    SECOND_PHASE_NEEDS_DEVIATION = "second-phase-needs-deviation", State, "C211-192b", "21 CFR 211.192",
        "The second phase is part of a deviation, with production's review", "A holder of triage opens a deviation for the exception of each determination that stands outside, by itself or by a correction, and of each run of tests that is invalid beyond what the method lets be repeated; then plan.";
    NOT_INCONCLUSIVE = "not-inconclusive", State, "C211-165", "21 CFR 211.165(f)",
        "This is not what two of quality may decide as inconclusive", "End the second phase as inconclusive, with production's review; then two of quality sign, one who holds certify, naming every retest of the plan, each single within. Else the result fails.";
    PHASE_ONE_FIRST = "phase-one-first", State, "C211-165", "21 CFR 211.192",
        "Nobody has looked for an assignable cause yet", "Analyst and laboratory supervisor speak; then a holder of triage concludes the first phase (a cause found or not), signed; then a retest plan or the reportable result.";
    TESTING_UNFINISHED = "testing-unfinished", State, "F6", "21 CFR 211.165",
        "What was planned has not been tested to its end", "Record each determination that is still planned; where too few count, approve a retest plan.";
    DOES_NOT_COUNT = "determination-does-not-count", State, "F6", "21 CFR 211.194(a)",
        "This determination does not count", "Name one that counts: neither set aside nor a repeat that nobody had approved.";
    NOT_THE_WORST = "not-the-worst-result", State, "C211-165", "21 CFR 211.165(f)",
        "The reportable result is the worst of the determinations that count", "Report the determination named; only an assignable cause sets one aside, and nothing is averaged.";
    ALARM_ACKNOWLEDGED = "alarm-already-acknowledged", State, "A11D-08", "EU GMP Annex 11 (draft 2025) 8.4",
        "The alarm has been acknowledged already", "Nothing is to be done; what else happened is reported as an event.";
    ALARM_OWN_ACKNOWLEDGEMENT = "alarm-own-acknowledgement", State, "A11D-08", "EU GMP Annex 11 (draft 2025) 8.4",
        "Who typed a critical alarm in does not acknowledge it", "Another person who executes or directs the work there looks at it and acknowledges it.";
}
