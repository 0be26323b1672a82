//! Who may call which route, and what it leaves: the table that the tests hold against the document.

/// A route with who may call it and what a successful call leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path as the document names it.
    pub path: &'static str,
    /// Who may.
    pub authority: &'static str,
    /// What it leaves: events of the journal, rows of the access log, or nothing.
    pub leaves: &'static str,
}

macro_rules! routes {
    ($($method:ident $path:literal $authority:literal $leaves:literal;)*) => {
        /// Every route.
        pub const ROUTES: &[Route] = &[
            $(Route {
                method: stringify!($method),
                path: $path,
                authority: $authority,
                leaves: $leaves,
            }),*
        ];
    };
}

routes! {
    GET "/health/live" "anybody" "nothing";
    GET "/health/ready" "anybody" "nothing";
    POST "/api/v1/sessions" "anybody" "access log";
    POST "/api/v1/sessions/refresh" "holder of a refresh token" "access log";
    POST "/api/v1/sessions/current/end" "own session" "access log";
    GET "/api/v1/sessions/current" "own session" "nothing";
    GET "/api/v1/site" "any session" "nothing";
    POST "/api/v1/site/roles" "administer" "site.roles-changed";
    POST "/api/v1/site/accountability" "administer" "site.accountability-stated";
    POST "/api/v1/site/binding-letter" "administer" "site.binding-letter-filed";
    GET "/api/v1/devices" "any session" "nothing";
    POST "/api/v1/devices" "administer" "site.device-registered";
    POST "/api/v1/devices/{id}/calibrations" "administer" "site.device-calibrated";
    POST "/api/v1/devices/{id}/retirement" "administer" "site.device-retired";
    GET "/api/v1/persons" "administer, unlock, enrol or read" "nothing";
    GET "/api/v1/persons/{user_name}" "own account; administer, unlock, enrol or read" "nothing";
    POST "/api/v1/persons" "administer" "person.created";
    POST "/api/v1/persons/{user_name}/enrolment" "enrol, signed, with the person" "person.key-enrolled";
    POST "/api/v1/persons/{user_name}/grants" "administer" "person.grants-changed";
    POST "/api/v1/persons/{user_name}/password-reset" "administer" "person.password-reset";
    POST "/api/v1/persons/{user_name}/unlocking" "unlock; supervise with a second person" "person.unlocked";
    POST "/api/v1/persons/{user_name}/deactivation" "administer" "person.deactivated";
    POST "/api/v1/persons/{user_name}/name" "administer" "person.renamed";
    POST "/api/v1/persons/current/password" "own account" "person.password-changed";
    POST "/api/v1/persons/current/accountability" "own account" "person.accountability-acknowledged";
    GET "/api/v1/audit-trail" "read" "nothing";
    GET "/api/v1/access-log" "administer, unlock, review or export" "nothing";
    GET "/api/v1/log/checkpoint" "anybody" "nothing";
    GET "/api/v1/problems" "any session" "nothing";
    GET "/api/v1/masters" "read" "nothing";
    POST "/api/v1/masters" "author-master" "master.drafted";
    GET "/api/v1/masters/{code}/versions/{version}" "read" "nothing";
    GET "/api/v1/masters/{code}/versions/{version}/content" "read" "nothing";
    GET "/api/v1/masters/{code}/versions/{version}/findings" "read" "nothing";
    GET "/api/v1/masters/{code}/versions/{version}/burden" "read, review, evaluate, supervise or author-master" "nothing";
    POST "/api/v1/masters/{code}/versions/{version}/content" "author-master" "master.edited";
    POST "/api/v1/masters/{code}/versions/{version}/submission" "author-master, signed" "master.submitted";
    POST "/api/v1/masters/{code}/versions/{version}/check" "check-master, signed, no author" "master.checked";
    POST "/api/v1/masters/{code}/versions/{version}/approval" "approve-master, signed" "master.approved";
    POST "/api/v1/masters/{code}/versions/{version}/return" "check-master or approve-master, signed" "master.returned";
    POST "/api/v1/masters/{code}/versions/{version}/effectiveness" "approve-master" "master.made-effective";
    POST "/api/v1/masters/{code}/versions/{version}/suspension" "approve-master or hold" "master.suspended";
    POST "/api/v1/masters/{code}/versions/{version}/reinstatement" "approve-master, signed" "master.reinstated";
    POST "/api/v1/masters/{code}/versions/{version}/retirement" "approve-master, signed" "master.retired";
    GET "/api/v1/batches" "read" "nothing";
    POST "/api/v1/batches" "issue, signed" "run.issued";
    GET "/api/v1/batches/{number}" "read" "nothing";
    GET "/api/v1/batches/{number}/obligations" "read" "nothing";
    GET "/api/v1/batches/{number}/timers" "read" "nothing";
    GET "/api/v1/batches/{number}/preflight" "read" "nothing";
    GET "/api/v1/batches/{number}/handover" "read" "nothing";
    POST "/api/v1/batches/{number}/handovers" "execute, supervise, test or evaluate, signed, with a second person who may too" "run.handed-over";
    GET "/api/v1/batches/{number}/exceptions" "read" "nothing";
    GET "/api/v1/batches/{number}/audit-trail" "read" "nothing";
    GET "/api/v1/batches/{number}/attachments/{sha256}" "read" "nothing";
    GET "/api/v1/batches/{number}/reports" "read" "nothing";
    GET "/api/v1/batches/{number}/reports/{no}" "read" "nothing";
    POST "/api/v1/batches/{number}/reports" "export" "run.rendition-issued";
    POST "/api/v1/events" "execute, supervise, test, evaluate, check, review, triage or hold" "run.happened or site.happening-reported";
    POST "/api/v1/batches/{number}/events" "execute, supervise, test, evaluate, check, review, triage or hold" "run.happened";
    POST "/api/v1/batches/{number}/emergency-acts" "execute or supervise" "run.emergency-acted";
    POST "/api/v1/batches/{number}/emergency-acts/{no}/ratification" "triage, signed, no part in the run" "run.emergency-ratified";
    GET "/api/v1/batches/{number}/amendments" "read" "nothing";
    POST "/api/v1/batches/{number}/amendments" "supervise or evaluate, signed" "run.amendment-proposed";
    POST "/api/v1/batches/{number}/amendments/{no}/decisions" "supervise or approve-master, signed; three persons, quality no part in the run" "run.amendment-decided";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/ending" "supervise, signed" "run.operation-ended";
    POST "/api/v1/batches/{number}/completion" "supervise or execute, signed" "run.completed";
    POST "/api/v1/batches/{number}/review" "review, signed, no part in the run" "run.reviewed";
    POST "/api/v1/batches/{number}/closure" "release or review, signed, no part in the run" "run.closed";
    POST "/api/v1/batches/{number}/abort" "supervise or hold, signed; with released lots quality that holds release too" "run.aborted";
    POST "/api/v1/batches/{number}/notices" "review, triage, hold or release" "run.notice-recorded";
    POST "/api/v1/batches/{number}/aftermath" "execute, supervise, test or evaluate" "run.aftermath-recorded";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/start" "the step's, by default execute" "run.step-started";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/completion" "the step's, by default execute; signed where significant" "run.step-completed";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/check" "the second person's, by default check; signed, no performer" "run.step-checked";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/not-performed" "supervise, signed" "run.step-not-performed";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/taking-back" "who reported it, or supervise; signed, with a second person who took no part" "run.step-taken-back";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/closure" "supervise or execute, signed" "run.operation-closed";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/alerts-acknowledgement" "supervise or execute" "run.alerts-acknowledged";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries" "execute, supervise, test or evaluate; without the step's authority with an exception" "run.entry-recorded or run.determination-recorded";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/corrections" "execute, supervise, test or evaluate" "run.entry-corrected or run.determination-corrected";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/checks" "check; review where the master record says so" "run.entry-checked";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/absence" "execute, supervise, test or evaluate; a supervisor signs for a mandatory one" "run.entry-absent";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/trail" "execute, supervise, test or evaluate" "run.trail-point-recorded";
    POST "/api/v1/batches/{number}/entries" "test, execute, supervise or evaluate" "run.entry-recorded or run.determination-recorded";
    POST "/api/v1/batches/{number}/entries/{entry}/corrections" "test, execute, supervise or evaluate" "run.entry-corrected or run.determination-corrected";
    POST "/api/v1/batches/{number}/entries/{entry}/checks" "check" "run.entry-checked";
    POST "/api/v1/batches/{number}/entries/{entry}/absence" "test, execute, supervise or evaluate; a supervisor signs" "run.entry-absent";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/determinations" "test, execute, supervise or evaluate; without the entry's authority with an exception" "run.determination-recorded";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/investigation" "triage, signed, no part in the run; the laboratory test or supervise-laboratory, production supervise" "run.result-investigated";
    POST "/api/v1/batches/{number}/entries/{entry}/determinations" "test, execute, supervise or evaluate; without the entry's authority with an exception" "run.determination-recorded";
    POST "/api/v1/batches/{number}/entries/{entry}/investigation" "triage, signed, no part in the run; the laboratory test or supervise-laboratory, production supervise" "run.result-investigated";
    POST "/api/v1/batches/{number}/entries/{entry}/skip-testing" "review or approve-master, signed, before the batch starts" "run.test-skipped";
    POST "/api/v1/batches/{number}/alarms" "execute, supervise, test or evaluate" "run.alarm-raised";
    POST "/api/v1/batches/{number}/alarms/{no}/acknowledgement" "supervise or execute" "run.alarm-acknowledged";
    POST "/api/v1/batches/{number}/exceptions/{no}/triage" "triage, signed, no part in the run" "run.exception-not-deviation or run.exceptions-to-deviation";
    POST "/api/v1/batches/{number}/gates/{gate}/passage" "as the master record names, else supervise or execute; signed" "run.gate-passed";
    POST "/api/v1/batches/{number}/gates/{gate}/waiver" "triage, signed, no part in the run" "run.gate-waived";
    POST "/api/v1/batches/{number}/operations/{op}~{n}/review" "review, signed, no part in the run" "run.operation-reviewed";
    POST "/api/v1/batches/{number}/gates/{gate}/risk-acceptance" "supervise, signed" "run.risk-accepted";
    POST "/api/v1/batches/{number}/gates/{gate}/risk-acceptances/{index}/ratification" "triage, signed, not who accepted" "run.risk-ratified";
    POST "/api/v1/batches/{number}/holds" "hold or supervise" "run.hold-placed";
    POST "/api/v1/batches/{number}/holds/{no}/lifting" "as the hold names" "run.hold-lifted";
    POST "/api/v1/batches/{number}/lots" "supervise or execute" "lot.yielded and run.lot-yielded";
    POST "/api/v1/batches/{number}/foreign-lots" "review, triage or release, signed, no part in the run" "run.foreign-lot-decided";
    GET "/api/v1/lots" "read" "nothing";
    GET "/api/v1/lots/{number}" "read" "nothing";
    POST "/api/v1/lots/{number}/parents" "execute, supervise, test or evaluate" "lot.parent-added and run.parent-added";
    POST "/api/v1/lots/{number}/parents/{parent}/removal" "review, triage or release, signed, no part in the run" "lot.parent-removed and run.parent-removed";
    POST "/api/v1/lots/{number}/dispositions" "release, signed, no part in the run" "lot.decided and run.lot-decided";
    POST "/api/v1/lots/{number}/questions" "release, signed, no part in the run, not who released" "lot.found-to-stand or lot.decided";
    GET "/api/v1/deviations" "read" "nothing";
    GET "/api/v1/deviations/{number}" "read" "nothing";
    POST "/api/v1/deviations/{number}/investigation" "triage, evaluate, supervise or test" "deviation.investigated";
    POST "/api/v1/deviations/{number}/investigation-report" "any, signed by its investigator" "deviation.investigation-concluded";
    GET "/api/v1/deviations/{number}/other-batches" "read" "nothing";
    POST "/api/v1/deviations/{number}/reopening" "triage, signed, no part in the runs" "deviation.reopened";
    POST "/api/v1/deviations/{number}/classification" "triage, signed, another too where its opener acts or a critical exception becomes minor" "deviation.classified";
    POST "/api/v1/deviations/{number}/impact" "triage, signed, no part in the runs" "deviation.impact-concluded";
    POST "/api/v1/deviations/{number}/closure" "triage or release, signed, no requester" "deviation.closed";
    POST "/api/v1/deviations/{number}/runs" "triage, signed" "deviation.run-linked";
}

/// The table as text, one route a line: what quality reads and signs.
#[must_use]
pub fn matrix() -> String {
    let mut text = String::from("# route | who may | what it leaves\n");
    for route in ROUTES {
        let Route { method, path, authority, leaves } = route;
        text.push_str(&format!("{method} {path} | {authority} | {leaves}\n"));
    }
    text
}
