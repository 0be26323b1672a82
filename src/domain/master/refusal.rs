//! Rules about master records that can refuse.

use crate::rules;

rules! {
    VERSION_TAKEN = "master-version-exists", State, "C211-186a", "21 CFR 211.186(a)",
        "This version was begun before", "Take the next version.";
    VERSION_GAP = "master-version-gap", State, "C211-186a", "21 CFR 211.186(a)",
        "The version before is missing", "Versions are numbered from 1 without gaps.";
    VERSION_OPEN = "master-version-in-preparation", State, "F16", "21 CFR 211.186(a)",
        "The version before is still being prepared", "Approve it or retire it, then begin the next.";
    CODE_DIFFERS = "master-code-differs", Malformed, "C211-186b", "21 CFR 211.186(b)(1)",
        "The document names another record", "Its code is the one of the master record; product and title stand in it.";
    WRONG_PHASE = "master-phase", State, "C211-186a", "21 CFR 211.186(a)",
        "This is not possible in the phase the master record is in", "See which acts are possible now; a frozen version is changed by a new version.";
    CONTENT_DIFFERS = "master-content-differs", Stale, "C211-186a", "21 CFR 211.186(a)",
        "The content is not the one of this version", "Read the version again and sign what it holds.";
    FAULTY = "master-faulty", Malformed, "C211-186b", "21 CFR 211.186(b); EU GMP Chapter 4, 4.17-4.19",
        "The master record is incomplete or contradicts itself", "Correct every finding, then submit again; the draft is kept.";
    NOT_YET_SUPPORTED = "not-yet-supported", Malformed, "CH4-17", "EU GMP Chapter 4, 4.18",
        "The master record uses what this release cannot execute", "Leave the named members out, or wait for the release that supports them.";
    NOT_AN_AUTHOR = "submitter-is-not-the-author", Authority, "C211-186a", "21 CFR 211.186(a)",
        "Only somebody who wrote this version submits it", "Ask an author of this version to sign it.";
    CHECKER_IS_AUTHOR = "checker-is-author", Authority, "C211-186a", "21 CFR 211.186(a)",
        "The checker wrote this version", "Ask somebody who wrote nothing of it to check it.";
    APPROVER_TOOK_PART = "approver-took-part", Authority, "C211-186a", "21 CFR 211.186(a)",
        "The approver wrote or checked this version", "Ask a third person of quality to approve it.";
    EFFECTIVE_IN_PAST = "effective-date-past", Malformed, "C211-186a", "21 CFR 211.186(a)",
        "The effective date lies before the approval", "Choose now or a later time.";
    NOT_YET_EFFECTIVE = "effective-date-not-reached", State, "F16", "21 CFR 211.186(a)",
        "The effective date is not reached", "Wait: it is effective from then on by itself; or return the version and approve it with another date.";
}
