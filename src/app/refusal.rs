//! Rules that only a command which sees several records can ask.

use crate::rules;

rules! {
    BATCH_NUMBER_TAKEN = "batch-number-taken", State, "F16", "21 CFR 211.188(a)",
        "A run with this number exists", "Choose another number; numbers are never used twice.";
    NO_EFFECTIVE_VERSION = "no-effective-version", State, "F16", "21 CFR 211.188(a)",
        "This master record has no effective version", "Ask quality to approve one; it is effective from the date that the approval names.";
    MASTER_CHANGED = "master-changed-meanwhile", State, "F16", "21 CFR 211.188(a)",
        "The master record changed while the run was being issued", "Issue it again; nothing was written.";
    FILE_REFUSED = "file-refused", Malformed, "C211-188b8", "21 CFR 211.188(b)(8)",
        "This file is not taken; nothing was stored", "Send pictures, papers or data, each at most 8 MiB, never anything that runs; the detail names the file and why.";
    RUN_CHANGED = "run-changed-meanwhile", State, "P11-10b", "21 CFR 11.10(b)",
        "The run changed while its report was being made", "Ask for the report again; nothing was written.";
}
