//! Every route of the API in one table: method, path, handler, who may call it, what a successful call leaves.
//!
//! The table is written once and read by all: `api::table` registers each handler and describes it in the
//! OpenAPI document, [`matrix`] is what quality signs, and pages read [`ROUTES`]. The handlers are names here; `api` says
//! which functions they are.
//!
//! Orders to a run that their address and their body say whole stand beside their acts, in a table of the same
//! form (`domain::run::acts::doors`). Routes are tried in this order: what the shop floor calls most comes first.

// tidy: a table

use crate::domain::run::acts::doors;

/// A route with who may call it and what a successful call leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path as the document names it.
    pub path: &'static str,
    /// Its handler, as in `hold::place`.
    pub handler: &'static str,
    /// The part of the API it belongs to.
    pub tag: &'static str,
    /// What it does, line by line.
    pub about: &'static [&'static str],
    /// Who may.
    pub authority: &'static str,
    /// What it leaves: events of the journal, rows of the access log, or nothing.
    pub leaves: &'static str,
}

/// Hands the table to another macro, line by line.
macro_rules! routes {
    ($with:ident) => {
        $with! {
            execution {
                /// Record a value.
                ///
                /// A report: out of limits, out of order, late or by an unplanned hand it is stored all the same and
                /// opens an exception. Only what is malformed is refused.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries" entry::record_entry, "execute, supervise, test or evaluate; without the step's authority with an exception" => "run.entry-recorded or run.determination-recorded";
                /// Correct a value: a new version with its reason; the old one stays readable.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/corrections" entry::correct_entry, "execute, supervise, test or evaluate" => "run.entry-corrected or run.determination-corrected";
                /// Check a version of an entry: somebody else than who recorded it.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/checks" entry::check_entry, "check; review where the master record says so" => "run.entry-checked";
                /// Declare why there is no value; a supervisor signs for a mandatory one.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/absence" entry::declare_absent, "execute, supervise, test or evaluate; a supervisor signs for a mandatory one" => "run.entry-absent";
                /// Record a reading or an addition on the way to a target: never judged.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/trail" entry::record_trail_point, "execute, supervise, test or evaluate" => "run.trail-point-recorded";
                /// Record a result that is due at release.
                POST "/api/v1/batches/{number}/entries" entry::record_release_entry, "test, execute, supervise or evaluate" => "run.entry-recorded or run.determination-recorded";
                /// Correct a result that is due at release.
                POST "/api/v1/batches/{number}/entries/{entry}/corrections" entry::correct_release_entry, "test, execute, supervise or evaluate" => "run.entry-corrected or run.determination-corrected";
                /// Check a result that is due at release.
                POST "/api/v1/batches/{number}/entries/{entry}/checks" entry::check_release_entry, "check" => "run.entry-checked";
                /// Declare why a result that is due at release is not there.
                POST "/api/v1/batches/{number}/entries/{entry}/absence" entry::declare_release_absent, "test, execute, supervise or evaluate; a supervisor signs" => "run.entry-absent";
                /// Record a determination of a laboratory result.
                ///
                /// A report: each is judged alone, kept and counted. When as many as the method asks for conform, the
                /// worst of them becomes the reportable result in the same act.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/determinations" testing::determine, "test, execute, supervise or evaluate; without the entry's authority with an exception" => "run.determination-recorded";
                /// Investigate a result outside its specification: assignable cause, retest plan, reportable result.
                POST "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries/{entry}/investigation" testing::investigate, "triage, signed, no part in the run; the laboratory test or supervise-laboratory, production supervise" => "run.result-investigated";
                /// Record a determination of a result that is a release specification.
                POST "/api/v1/batches/{number}/entries/{entry}/determinations" testing::determine_release, "test, execute, supervise or evaluate; without the entry's authority with an exception" => "run.determination-recorded";
                /// Investigate a release specification's result.
                POST "/api/v1/batches/{number}/entries/{entry}/investigation" testing::investigate_release, "triage, signed, no part in the run; the laboratory test or supervise-laboratory, production supervise" => "run.result-investigated";
                /// Decide that this batch does not owe a test, before it starts (skip testing).
                ///
                /// Only of a release specification that the master record lets be skipped; quality signs and names the
                /// document that allows it.
                POST "/api/v1/batches/{number}/entries/{entry}/skip-testing" testing::skip_test, "review or approve-master, signed, before the batch starts" => "run.test-skipped";
                /// Report an alarm, imported or typed; a critical one opens an exception.
                POST "/api/v1/batches/{number}/alarms" testing::raise_alarm, "execute, supervise, test or evaluate" => "run.alarm-raised";
                /// A file that the batch's record names, by the SHA-256 of its bytes; always as a download.
                GET "/api/v1/batches/{number}/attachments/{sha256}" attachment::one, "read" => "nothing";
            }
            batches {
                /// Batches in your scope.
                GET "/api/v1/batches" batch::list, "read" => "nothing";
                /// Issue a batch from an effective master record. The answer carries its preflight: what the first day
                /// will bring.
                POST "/api/v1/batches" batch::issue, "issue, signed" => "run.issued";
                /// A batch, whole: operations, steps, entries, gates, exceptions, what may be begun next.
                GET "/api/v1/batches/{number}" batch::one, "read" => "nothing";
                /// A batch without its steps: phase, operations, what may be begun next, what runs out, how much there is of
                /// the rest.
                GET "/api/v1/batches/{number}/outline" parts::outline, "read" => "nothing";
                /// The steps of a batch so many at a time, as in the whole.
                ///
                /// A large batch is read so: what a part costs does not grow with the batch. A part of steps with many entries
                /// ends before its limit.
                GET "/api/v1/batches/{number}/steps" parts::steps, "read" => "nothing";
                /// One part of a batch, a step's occurrence: as in the whole, with what the master record says of it.
                ///
                /// For a terminal that works on it and asks often. Not found while it has not begun.
                GET "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}" step::one, "read" => "nothing";
                /// What a batch owes: met and open obligations, with evidence, rule, clause and who can meet them.
                GET "/api/v1/batches/{number}/obligations" batch::owed, "read" => "nothing";
                /// What others typed and waits for somebody else to look at it: critical values, corrections, late entries,
                /// entries that were struck, values sent and not confirmed.
                GET "/api/v1/batches/{number}/second-looks" batch::second_looks, "read" => "nothing";
                /// Report an event that no step foresees: opens an exception.
                POST "/api/v1/batches/{number}/events" happening::report, "execute, supervise, test, evaluate, check, review, triage or hold" => "run.happened";
                /// Report what happened on the floor, in two words: where and what.
                ///
                /// In an area or at a piece of equipment, every batch that it concerns keeps it with an exception,
                /// all in one act; where it concerns none, the site keeps it.
                POST "/api/v1/events" happening::report_on_floor, "execute, supervise, test, evaluate, check, review, triage or hold" => "run.happened or site.happening-reported";
                /// Every change of this batch alone, with what stood there before.
                GET "/api/v1/batches/{number}/amendments" amendment::list, "read" => "nothing";
                /// Limits of time of a batch: hold times, periods, verifications, ratifications, with what remains.
                GET "/api/v1/batches/{number}/timers" batch::times, "read" => "nothing";
                /// What the rules will say: possible, refused, due or overdue, when, and who could act.
                ///
                /// Nothing is decided here: the rules that decide are asked about each moment at which a limit of time
                /// changes what they say.
                GET "/api/v1/batches/{number}/preflight" ahead::preflight, "read" => "nothing";
                /// What would be handed over now, computed; and the handovers so far.
                GET "/api/v1/batches/{number}/handover" ahead::handover, "read" => "nothing";
                /// Stop a batch for good; everything is kept. Lots that are released are withdrawn first, or with it.
                POST "/api/v1/batches/{number}/abort" after::abort, "supervise or hold, signed; with released lots quality that holds release too" => "run.aborted";
            }
            everywhere {
                /// What waits for you, over all batches, by the roles and areas you hold: what is due first before the
                /// rest.
                ///
                /// Each line says what, where, since when, until when, who may, and the address of the act. What the rules
                /// would refuse now is left out, but for a step that goes on.
                GET "/api/v1/work" everywhere::waiting, "read, or administer" => "nothing";
                /// What was entered, over all batches: values with every version, determinations, attempts; recorded last
                /// first.
                GET "/api/v1/entries" everywhere::entries, "read" => "nothing";
                /// Holds over all batches, the newest first.
                GET "/api/v1/holds" everywhere::held, "read" => "nothing";
                /// The limits of time that stand in batches whose record is not final: what is due first before the rest.
                ///
                /// What is kept or over is in the batch's own list.
                GET "/api/v1/timers" everywhere::times, "read" => "nothing";
            }
            quality {
                /// The exceptions of a batch, with what each blocks now.
                GET "/api/v1/batches/{number}/exceptions" exception::list, "read" => "nothing";
                /// Exceptions of all batches in your scope, the newest first.
                GET "/api/v1/exceptions" exception::everywhere, "read" => "nothing";
                /// Decide what an exception is.
                POST "/api/v1/batches/{number}/exceptions/{no}/triage" exception::triage, "triage, signed, no part in the run" => "run.exception-not-deviation or run.exceptions-to-deviation";
            }
            audit {
                /// The audit trail of a batch in parts, from its first entry on: who did what, when, why.
                GET "/api/v1/batches/{number}/audit-trail" audit::batch_trail, "read" => "nothing";
                /// The audit trail in your scope: who did what, when, why, from what to what.
                GET "/api/v1/audit-trail" audit::trail, "read" => "nothing";
                /// Where a lot, a sample, a piece of equipment or a device was used: batches, steps, entries, lots downstream.
                GET "/api/v1/where-used" used::where_used, "read" => "nothing";
                /// Everybody in the record of a batch, with their parts.
                GET "/api/v1/batches/{number}/participants" person::participants, "read" => "nothing";
                /// The batches in your scope in whose records somebody stands, with their parts.
                GET "/api/v1/persons/{user_name}/batches" person::batches, "read" => "nothing";
                /// The access log: sign-ins, refusals, misuse.
                GET "/api/v1/access-log" audit::access, "administer, unlock, review or export" => "nothing";
                /// The newest checkpoint of the site's log, a C2SP signed note: for whoever keeps a copy elsewhere.
                GET "/api/v1/log/checkpoint" audit::checkpoint, "anybody" => "nothing";
                /// Every problem that this server can answer with: code, rule, clause, what to do.
                GET "/api/v1/problems" audit::problems, "any session" => "nothing";
            }
            reports {
                /// Issue a rendition: a sealed PDF of the batch as it stands, numbered, its bytes kept.
                POST "/api/v1/batches/{number}/reports" report::issue, "export" => "run.rendition-issued";
                /// The renditions of a batch.
                GET "/api/v1/batches/{number}/reports" report::list, "read" => "nothing";
                /// A rendition: the very bytes that were kept.
                GET "/api/v1/batches/{number}/reports/{no}" report::one, "read" => "nothing";
            }
            lots {
                /// A lot comes out of a batch, into quarantine.
                POST "/api/v1/batches/{number}/lots" lot::yielded, "supervise or execute" => "lot.yielded and run.lot-yielded";
                /// Lots by number, with their parents as they stand, what questions them, what is open in their batches.
                GET "/api/v1/lots" lot::list, "read" => "nothing";
                /// A lot with every decision on it and its parents as they stand.
                GET "/api/v1/lots/{number}" lot::one, "read" => "nothing";
                /// Something else went into a lot: a report, with its reason.
                POST "/api/v1/lots/{number}/parents" lot::add_parent, "execute, supervise, test or evaluate" => "lot.parent-added and run.parent-added";
                /// Something did not go into a lot: quality takes it away, signed; it stays readable.
                POST "/api/v1/lots/{number}/parents/{parent}/removal" lot::remove_parent, "review, triage or release, signed, no part in the run" => "lot.parent-removed and run.parent-removed";
                /// Accept or refuse lots of others that went into a batch: quality, one signing for all that are listed.
                POST "/api/v1/batches/{number}/foreign-lots" lot::decide_foreign, "review, triage or release, signed, no part in the run" => "run.foreign-lot-decided";
                /// Decide what a lot may be used for. *Yes* needs everything its batch owes; *no* is always possible.
                POST "/api/v1/lots/{number}/dispositions" lot::dispose, "release, signed, no part in the run" => "lot.decided and run.lot-decided";
                /// Decide about a released lot in question: it stands, as long as nothing would refuse its release
                /// today, or it is withdrawn.
                POST "/api/v1/lots/{number}/questions" after::question, "release, signed, no part in the run, not who released" => "lot.found-to-stand or lot.decided";
            }
            deviations {
                /// Deviations in your scope, by number.
                GET "/api/v1/deviations" deviation::list, "read" => "nothing";
                /// A deviation, whole.
                GET "/api/v1/deviations/{number}" deviation::one, "read" => "nothing";
                /// Add what was found out.
                POST "/api/v1/deviations/{number}/investigation" deviation::investigate, "triage, evaluate, supervise or test" => "deviation.investigated";
                /// Give it to somebody, to be closed by a moment.
                POST "/api/v1/deviations/{number}/assignment" deviation::assign, "triage" => "deviation.assigned";
                /// Classify anew.
                POST "/api/v1/deviations/{number}/classification" deviation::classify, "triage, signed, another too where its opener acts or a critical exception becomes minor" => "deviation.classified";
                /// Sign the investigation as its investigator: what was found, root cause, CAPA.
                POST "/api/v1/deviations/{number}/investigation-report" deviation::report, "any, signed by its investigator" => "deviation.investigation-concluded";
                /// Other batches that a deviation may concern, by shared lot, device, equipment, area and person within
                /// 30 days before and after.
                GET "/api/v1/deviations/{number}/other-batches" deviation::proposals, "read" => "nothing";
                /// Open a closed deviation again: investigation, impact and closing are to be signed anew.
                POST "/api/v1/deviations/{number}/reopening" deviation::reopen, "triage, signed, no part in the runs" => "deviation.reopened";
                /// Conclude the impact: from then on the process may go on.
                POST "/api/v1/deviations/{number}/impact" deviation::conclude, "triage, signed, no part in the runs" => "deviation.impact-concluded";
                /// Close a deviation: somebody of quality who neither asked for it nor investigated, over all that its
                /// class asks.
                POST "/api/v1/deviations/{number}/closure" deviation::close, "triage or release, signed, no requester" => "deviation.closed";
                /// Further exceptions of a batch join.
                POST "/api/v1/deviations/{number}/runs" deviation::join, "triage, signed" => "deviation.run-linked";
            }
            sessions {
                /// Go on with a session: a refresh token for a new pair of tokens.
                ///
                /// A token used twice ends the session, because it may be in two hands.
                POST "/api/v1/sessions/refresh" session::refresh, "holder of a refresh token" => "access log";
                /// Sign out: every token of the session is worthless from now on.
                POST "/api/v1/sessions/current/end" session::sign_out, "own session" => "access log";
                /// The caller's session.
                GET "/api/v1/sessions/current" session::current, "own session" => "nothing";
                /// Sign in.
                ///
                /// Every attempt stands in the access log; the fifth failure locks the account.
                POST "/api/v1/sessions" session::sign_in, "anybody" => "access log";
            }
            site {
                /// The site: environment, clock, keys, roles, accountability statement.
                GET "/api/v1/site" site::one, "any session" => "nothing";
                /// Set the site's roles.
                POST "/api/v1/site/roles" site::roles, "administer" => "site.roles-changed";
                /// State the accountability statement anew: nobody signs before acknowledging it.
                POST "/api/v1/site/accountability" site::accountability, "administer" => "site.accountability-stated";
                /// File the letter that signatures are binding.
                POST "/api/v1/site/binding-letter" site::binding_letter, "administer" => "site.binding-letter-filed";
                /// Have site time follow this server's clock, which is apart from it: an administrator and one of quality sign.
                /// Back, it is one entry, the only one whose time may be earlier than the one before; times across it are owed.
                POST "/api/v1/site/clock" site::clock, "administer, or review, triage or release; signed by one of each" => "site.clock-set-back or site.clock-set-forward";
                /// The units in which values are asked and read, with what they measure and how they are converted.
                GET "/api/v1/units" unit::list, "any session" => "nothing";
                /// Every device ever registered.
                GET "/api/v1/devices" device::list, "any session" => "nothing";
                /// Register a device.
                POST "/api/v1/devices" device::register, "administer" => "device.registered";
                /// Tell of a calibration.
                POST "/api/v1/devices/{id}/calibrations" device::calibrate, "administer" => "device.calibrated";
                /// Take a device out of use for good.
                POST "/api/v1/devices/{id}/retirement" device::retire, "administer" => "device.retired";
            }
            persons {
                /// Change your own password; your signing key is closed under the new one.
                POST "/api/v1/persons/current/password" person::change_password, "own account" => "person.password-changed";
                /// Acknowledge the accountability statement in force; nothing can be signed before.
                POST "/api/v1/persons/current/accountability" person::acknowledge, "own account" => "person.accountability-acknowledged";
                /// Persons by user name with roles and authorities, now or as of a past moment.
                GET "/api/v1/persons" person::list, "administer, unlock, enrol or read" => "nothing";
                /// Create an account.
                POST "/api/v1/persons" person::create, "administer" => "person.created";
                /// A person.
                GET "/api/v1/persons/{user_name}" person::one, "own account; administer, unlock, enrol or read" => "nothing";
                /// Verify somebody's identity and enrol their signing key.
                POST "/api/v1/persons/{user_name}/enrolment" person::enrol, "enrol, signed, with the person" => "person.key-enrolled";
                /// Set somebody's roles.
                POST "/api/v1/persons/{user_name}/grants" person::grant, "administer" => "person.grants-changed";
                /// Reset somebody's password: their signing key is destroyed, they are enrolled anew.
                POST "/api/v1/persons/{user_name}/password-reset" person::reset, "administer" => "person.password-reset";
                /// Unlock an account after checking who its owner is; keys and password are not touched.
                POST "/api/v1/persons/{user_name}/unlocking" person::unlock, "unlock; supervise with a second person" => "person.unlocked";
                /// Deactivate an account for ever; its sessions end at once.
                POST "/api/v1/persons/{user_name}/deactivation" person::deactivate, "administer" => "person.deactivated";
                /// Change somebody's printed name; signatures keep the old one.
                POST "/api/v1/persons/{user_name}/name" person::rename, "administer" => "person.renamed";
            }
            masters {
                /// Master records in your scope.
                GET "/api/v1/masters" master::list, "read" => "nothing";
                /// Begin the next version of the code that stands in the content.
                POST "/api/v1/masters" master::draft, "author-master" => "master.drafted";
                /// A version of a master record.
                GET "/api/v1/masters/{code}/versions/{version}" master::one, "read" => "nothing";
                /// A version's content, byte for byte as it was signed.
                GET "/api/v1/masters/{code}/versions/{version}/content" master::content, "read" => "nothing";
                /// What keeps a version from being submitted, all of it.
                GET "/api/v1/masters/{code}/versions/{version}/findings" master::findings, "read" => "nothing";
                /// What each step of a version cost in its batches: time, late, typed, corrected, refused, exceptions. About
                /// steps, never about persons.
                GET "/api/v1/masters/{code}/versions/{version}/burden" master::burden, "read, review, evaluate, supervise or author-master" => "nothing";
                /// Replace a draft's content; earlier signatures are void.
                POST "/api/v1/masters/{code}/versions/{version}/content" master::edit, "author-master" => "master.edited";
                /// Submit: checked whole, signed by an author.
                POST "/api/v1/masters/{code}/versions/{version}/submission" master::submit, "author-master, signed" => "master.submitted";
                /// Check: signed by somebody who did not write it.
                POST "/api/v1/masters/{code}/versions/{version}/check" master::check, "check-master, signed, no author" => "master.checked";
                /// Approve: signed by quality.
                POST "/api/v1/masters/{code}/versions/{version}/approval" master::approve, "approve-master, signed" => "master.approved";
                /// Send back to draft; signatures are void.
                POST "/api/v1/masters/{code}/versions/{version}/return" master::send_back, "check-master or approve-master, signed" => "master.returned";
                /// Confirm that the date of an approved version is reached. Nothing waits for it: the date alone makes it
                /// effective.
                POST "/api/v1/masters/{code}/versions/{version}/effectiveness" master::make_effective, "approve-master" => "master.made-effective";
                /// Stop issuing from a version.
                POST "/api/v1/masters/{code}/versions/{version}/suspension" master::suspend, "approve-master or hold" => "master.suspended";
                /// Let a suspended version be issued again.
                POST "/api/v1/masters/{code}/versions/{version}/reinstatement" master::reinstate, "approve-master, signed" => "master.reinstated";
                /// Take a version out of use for ever.
                POST "/api/v1/masters/{code}/versions/{version}/retirement" master::retire, "approve-master, signed" => "master.retired";
            }
            health {
                /// Whether the process lives.
                GET "/health/live" health::live, "anybody" => "nothing";
                /// Whether the server can do its work: database, checkpoints, clock.
                GET "/health/ready" health::ready, "anybody" => "nothing";
            }
        }
    };
}
pub(crate) use routes;

macro_rules! of_handlers {
    ($($tag:ident { $(
        $(#[doc = $about:literal])+
        $method:ident $path:literal $module:ident::$handler:ident, $authority:literal => $leaves:literal;
    )+ })+) => {
        const OF_HANDLERS: &[&[Route]] = &[$(&[$(Route {
            method: stringify!($method),
            path: $path,
            handler: concat!(stringify!($module), "::", stringify!($handler)),
            tag: stringify!($tag),
            about: &[$($about),+],
            authority: $authority,
            leaves: $leaves,
        }),+]),+];
    };
}
routes!(of_handlers);

macro_rules! of_acts {
    ($($tag:ident { $(
        $(#[doc = $about:literal])+
        $method:ident $path:literal $how:ident $module:ident::$handler:ident, $authority:literal => $leaves:literal;
    )+ })+) => {
        const OF_ACTS: &[&[Route]] = &[$(&[$(Route {
            method: stringify!($method),
            path: $path,
            handler: concat!(stringify!($module), "::", stringify!($handler)),
            tag: stringify!($tag),
            about: &[$($about),+],
            authority: $authority,
            leaves: $leaves,
        }),+]),+];
    };
}
doors!(of_acts);

const COUNT: usize = counted(OF_HANDLERS) + counted(OF_ACTS);

/// Every route: the handlers' and the acts', in the order in which they are tried.
pub const ROUTES: &[Route] = &joined::<Route, COUNT>(OF_HANDLERS, OF_ACTS);

/// How many lines stand in groups.
pub const fn counted<T>(groups: &[&[T]]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < groups.len() {
        count += groups[at].len();
        at += 1;
    }
    count
}

/// Two tables as one list: the acts' lines follow the first group of the others, which the shop floor calls most.
pub const fn joined<T: Copy, const N: usize>(others: &[&[T]], acts: &[&[T]]) -> [T; N] {
    let mut all = [others[0][0]; N];
    let (mut end, mut at) = (0, 0);
    while at < others.len() + acts.len() {
        let group = if at == 0 {
            others[0]
        } else if at <= acts.len() {
            acts[at - 1]
        } else {
            others[at - acts.len()]
        };
        let mut line = 0;
        while line < group.len() {
            all[end] = group[line];
            end += 1;
            line += 1;
        }
        at += 1;
    }
    all
}

impl Route {
    /// What its handler is called among those of its noun.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.handler.rsplit(':').next().unwrap_or_default()
    }

    /// Whether an address is one of its own.
    #[must_use]
    pub fn is_at(&self, path: &str) -> bool {
        fits(self.path, path)
    }
}

/// Whether a path fits a template such as `/api/v1/batches/{number}`.
fn fits(template: &str, path: &str) -> bool {
    let (mut a, mut b) = (template.split('/'), path.split('/'));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(t), Some(p)) if t.contains('{') => {
                // `{op}~{n}` needs its tilde; a lone `{id}` takes any one segment.
                let tilde = t.contains('~');
                if p.is_empty() || (tilde && !p.contains('~')) {
                    return false;
                }
            }
            (Some(t), Some(p)) if t == p => {}
            _ => return false,
        }
    }
}

/// The table as text, one route a line: what quality reads and signs.
#[must_use]
pub fn matrix() -> String {
    let mut text = String::from("# route | who may | what it leaves\n");
    for Route { method, path, authority, leaves, .. } in ROUTES {
        text.push_str(&format!("{method} {path} | {authority} | {leaves}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_fit_one_segment_each() {
        let step = "/api/v1/batches/{number}/operations/{op}~{n}/steps/{step}~{k}/entries";
        assert!(fits(step, "/api/v1/batches/A-1/operations/OP-1~1/steps/S~2/entries"));
        assert!(!fits(step, "/api/v1/batches/A-1/operations/OP-1/steps/S~2/entries"));
        assert!(!fits("/api/v1/batches/{number}", "/api/v1/batches"));
    }
}
