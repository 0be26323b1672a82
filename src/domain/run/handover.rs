//! Handover from shift to shift, computed: what is open, what runs, what is due, what comes next.
//!
//! Nobody writes it, so nobody forgets anything in it. Two people sign that they have seen it.

use super::acts::{check, complete, exception, hold};
use super::floor::HandoverSection;
use super::obligations::ObligationFacts;
use super::preflight::{self, Act, Foreseen, Look, Sort, time};
use super::refusal::OUT_OF_ORDER;
use super::{EntryRun, Run, StepPhase};
use crate::domain::clock::{Instant, Zone};
use crate::domain::exception::Exception;
use crate::domain::ids::StepKey;
use crate::domain::recipe::Gate;
use crate::domain::recipe::timing::shown;
use crate::domain::run::acts::closed;
use crate::domain::run::acts::closed_because::ClosedBecause;
use crate::domain::words::AlarmPriority;

/// How far ahead a handover looks.
pub const HOURS: u32 = 8;

/// The longest line, in bytes.
const LINE: usize = 240;

/// Bounds on the lines of a section, from generous to strict: the first that fits is used.
const LINES: [usize; 4] = [40, 24, 12, 6];

/// The largest text of all sections, in bytes of JSON: an entry of the journal holds 128 KiB.
const MOST: usize = 40 * 1024;

/// The handover of a run at a moment, for people at the site's zone. Bounded: what does not fit is
/// counted, never dropped in silence.
#[must_use]
pub fn handover(
    run: &Run,
    facts: &ObligationFacts<'_>,
    at: Instant,
    zone: &Zone,
) -> Vec<HandoverSection> {
    let page = Page { run, at, zone };
    let whole = [
        ("open steps", page.open_steps()),
        ("running timers and what is due", page.timers()),
        ("checks due", page.checks()),
        ("open exceptions", page.exceptions()),
        ("holds", hold::standing(run).map(hold::named).collect()),
        ("closed gates", page.gates()),
        ("alarms nobody has acknowledged", page.alarms()),
        ("emergency acts to ratify", page.emergencies()),
        ("changes of the recipe waiting for approval", page.amendments()),
        ("next eight hours", page.ahead(facts)),
    ];
    let bound = |most: usize| -> Vec<HandoverSection> {
        whole
            .iter()
            .map(|(title, lines)| HandoverSection {
                title: (*title).to_owned(),
                lines: bounded(lines, most),
            })
            .collect()
    };
    let fits = |sections: &Vec<HandoverSection>| {
        serde_json::to_vec(sections).is_ok_and(|text| text.len() <= MOST)
    };
    LINES.into_iter().map(bound).find(fits).unwrap_or_else(|| bound(1))
}

/// The first lines, and how many more there are.
fn bounded(lines: &[String], most: usize) -> Vec<String> {
    let mut kept: Vec<String> = lines.iter().take(most).map(|line| short(line)).collect();
    if lines.len() > most {
        kept.push(format!("and {} more", lines.len() - most));
    }
    kept
}

/// A line within its bound, without characters that have no place in one.
fn short(line: &str) -> String {
    let clean: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if clean.len() <= LINE {
        return clean;
    }
    let mut end = LINE;
    while !clean.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", clean.get(..end).unwrap_or_default())
}

struct Page<'r> {
    run: &'r Run,
    at: Instant,
    zone: &'r Zone,
}

impl Page<'_> {
    fn time(&self, at: Instant) -> String {
        at.shown_short(self.zone)
    }

    fn name(&self, key: &StepKey) -> String {
        let name = self.run.recipe.step(&key.step).map_or("", |(_, step)| step.name.as_str());
        format!("{key} ({name})")
    }

    fn open_steps(&self) -> Vec<String> {
        let open = self.run.steps.iter().filter_map(|(key, state)| {
            let word = match state.phase {
                StepPhase::Started => "begun",
                StepPhase::FoundRunning => "found running",
                StepPhase::Complete | StepPhase::NotPerformed => return None,
            };
            let by = &state.started_by;
            let missing =
                self.run.recipe.step(&key.step).map_or_else(Vec::new, |(_, step)| {
                    complete::missing(self.run, key, step, state)
                });
            let missing = if missing.is_empty() {
                "nothing mandatory is missing".to_owned()
            } else {
                format!("missing: {}", missing.join(", "))
            };
            let since = self.time(state.started_at);
            let who = format!("{} ({})", by.printed_name, by.user_name);
            Some(format!("{} {word} by {who} since {since}; {missing}", self.name(key)))
        });
        open.collect()
    }

    fn timers(&self) -> Vec<String> {
        let standing = time::limits(self.run, self.at).into_iter().map(|limit| {
            let left = limit.due.since(self.at);
            let due = self.time(limit.due);
            if limit.is_over(self.at) {
                format!("{}: OVERDUE since {due} ({})", limit.what, shown(-left))
            } else {
                format!("{}: until {due} ({} left)", limit.what, shown(left))
            }
        });
        standing.collect()
    }

    fn checks(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (key, state) in &self.run.steps {
            let Some((_, step)) = self.run.recipe.step(&key.step) else { continue };
            if check::owes_check(step, state).is_some() {
                lines.push(format!("{}: verification by a second person", self.name(key)));
            }
            for (id, entry) in &state.entries {
                lines.extend(check_of(&format!("{key}/{id}"), entry));
            }
        }
        for (id, entry) in &self.run.release_entries {
            lines.extend(check_of(id, entry));
        }
        lines
    }

    fn exceptions(&self) -> Vec<String> {
        let open = |found: &&Exception| !exception::lets_go_on(self.run, found);
        let told = self.run.exceptions.iter().filter(open).map(|found| {
            let opened = &found.opened;
            let triage = found.triage.as_ref().map_or_else(
                || "not triaged".to_owned(),
                |(_, triage)| exception::triage_word(triage),
            );
            let at = opened.at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
            format!(
                "exception {} ({}, {}){at}, {triage}: {}",
                opened.no,
                opened.kind.as_str(),
                opened.severity.as_str(),
                opened.detail
            )
        });
        told.collect()
    }

    /// Gates that still guard something, with what closes them; entries that a gate waits for in any
    /// case are counted, not listed.
    fn gates(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for gate in self.run.recipe.gates.iter().filter(|gate| self.guards(gate)) {
            let name = format!("gate {} ({})", gate.id, gate.name);
            let reasons = closed::closed(self.run, &gate.id, self.at);
            let (waits, closes): (Vec<_>, Vec<_>) =
                reasons.iter().partition(|why| matches!(why, ClosedBecause::EntryMissing { .. }));
            lines.extend(closes.iter().map(|why| format!("{name}: {}", why.line())));
            if !waits.is_empty() {
                lines.push(format!("{name}: waits for {} entries not recorded yet", waits.len()));
            }
        }
        lines
    }

    /// Whether a step behind the gate may still begin.
    fn guards(&self, gate: &Gate) -> bool {
        gate.before.iter().any(|id| {
            let most = self.run.recipe.step(id).and_then(|(_, step)| step.order.occurs().max);
            let begun = self.run.steps.keys().filter(|key| key.step == *id).count();
            most.is_none_or(|most| begun < usize::try_from(most).unwrap_or(usize::MAX))
        })
    }

    fn alarms(&self) -> Vec<String> {
        let open = self.run.alarms.iter().filter(|alarm| alarm.acknowledged.is_none());
        open.map(|alarm| {
            let told = &alarm.told;
            let priority = match told.priority {
                AlarmPriority::Critical => "critical",
                AlarmPriority::High => "high",
                AlarmPriority::Low => "low",
            };
            let since = self.time(told.raised_at);
            format!("alarm {} {} ({priority}) since {since}: {}", told.no, told.tag, told.text)
        })
        .collect()
    }

    fn emergencies(&self) -> Vec<String> {
        let open = self.run.emergencies.iter().filter(|act| act.ratified.is_none());
        open.map(|act| {
            let until = self.time(act.told.ratify_until);
            let by = &act.by.printed_name;
            format!("emergency act {} by {by}, until {until}: {}", act.told.no, act.told.what)
        })
        .collect()
    }

    fn amendments(&self) -> Vec<String> {
        let pending = self.run.amendments.iter().filter(|change| {
            change.in_force.is_none() && !change.decisions.iter().any(|(made, _, _)| !made.approved)
        });
        pending
            .map(|change| {
                let by = &change.by.printed_name;
                let told = &change.told;
                format!("change {} proposed by {by}: {} ({})", told.no, told.after, told.reason)
            })
            .collect()
    }

    fn ahead(&self, facts: &ObligationFacts<'_>) -> Vec<String> {
        let look = Look { at: self.at, hours: HOURS, zone: self.zone };
        let all = preflight::preflight(self.run, facts, &look);
        // Refused now and news for a shift: what a hold, an exception, a gate or a missing entry keeps
        // back. That something comes after something else is the process itself.
        let news = |row: &Foreseen| {
            matches!(row.act, Some(Act::Start | Act::Complete))
                && row.code != Some(OUT_OF_ORDER.code)
        };
        let told = |row: &&Foreseen| row.sort != Sort::Refused || row.at > self.at || news(row);
        let line = |row: &Foreseen| {
            let when = if row.at <= self.at { "now".to_owned() } else { self.time(row.at) };
            format!("{when}: {} ({})", row.what, row.who())
        };
        all.iter().filter(told).map(line).collect()
    }
}

/// The check that the version of an entry which counts still owes.
fn check_of(place: &str, entry: &EntryRun) -> Option<String> {
    let version = entry.versions.last()?;
    (version.check_owed && version.checked.is_none())
        .then(|| format!("{place}: version {} is to be checked", version.version))
}
