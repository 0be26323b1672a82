//! Rules about the site that can refuse.

use crate::rules;

rules! {
    ALREADY_FOUNDED = "already-founded", State, "P11-10e2", "21 CFR 11.10(e)",
        "This database holds a site already", "Nothing changes a founding; found another site in an empty database.";
    FOUNDING_MALFORMED = "founding-malformed", Malformed, "P11-10k2", "21 CFR 11.10(k)(2)",
        "A site cannot be founded so", "Correct what is named; nothing was written.";
    SIMULATED_CLOCK = "simulated-clock-forbidden", State, "P11-10e1", "21 CFR 11.10(e)",
        "Only a demo site has a simulated clock", "Found a demo site, or use the system's clock.";
    ROLES_MALFORMED = "roles-malformed", Malformed, "P11-10g", "21 CFR 11.10(g)",
        "These roles cannot stand", "Correct the role named.";
    ROLE_FORBIDDEN = "role-holds-forbidden-pair", State, "A11D-11.10", "EU GMP Annex 11 (draft 2025) 11.10; ICH Q7 2.1",
        "A role holds authorities that no person may hold together", "Split the role in two; no setting lifts this.";
    ROLE_REMOVED = "role-removed", State, "P11-10k2", "21 CFR 11.10(k)(2)",
        "Roles stay, because grants name them", "Take its authorities away instead.";
    ROLES_COLLIDE = "roles-collide", State, "Q7-2.1", "ICH Q7 2.1",
        "Persons who may hold two roles today could not tomorrow", "Put the authority into a role of its own and grant that one by one.";
    NO_ADMINISTRATOR = "no-role-administers", State, "A11D-11.10", "EU GMP Annex 11 (draft 2025) 11.10",
        "Nobody could administer the site", "Leave the authority administer in a role that you hold.";
    UNCHANGED = "site-unchanged", State, "P11-10k2", "21 CFR 11.10(k)(2)",
        "Nothing would change", "Nothing to do.";
    TEXT_MISSING = "text-missing", Missing, "P11-10j", "21 CFR 11.10(j)",
        "The text is missing or endless", "Give 1 to 8000 characters.";
    KEY_ROTATION = "key-rotation-refused", State, "P11-70", "21 CFR 11.70",
        "The key cannot be replaced so", "Name the key in force and give a new one for the same use; the founding key is never replaced.";
    CLOCK_AGREES = "clock-agrees", State, "A11D-12.3", "EU GMP Annex 11 (draft 2025) 12.3",
        "Site time follows the clock already", "Nothing to do. A small step forward is followed by itself once it has stood for a minute.";
}
