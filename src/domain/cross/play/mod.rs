//! The check of a master record plays it: each step, branch, repeat and gate once, on the real rules, with values
//! inside their limits, by invented persons whom it asks for. What can never be brought to its end, and what keeps a
//! lot back although everything conforms, is found before anybody makes a batch of it.
//!
//! Pure: whoever asks says how long it may last. Nothing here is a rule.

mod ahead;
mod branches;
mod cast;
mod course;
mod ending;
mod places;
mod record;
mod stuck;
mod values;
mod world;

use crate::domain::exception::Opened;
use crate::domain::recipe::MasterRecord;
use crate::domain::recipe::check::{self, Finding};
use crate::domain::recipe::plan::Recipe;
use branches::{keeps_apart, sides};
use course::Course;
use places::Places;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use values::{Condition, Named, Picks, Values, Within};
use world::World;

/// Something that was not played, and why; it blocks nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotPlayed {
    /// JSON pointer.
    pub pointer: String,
    /// The step, operation, entry, output or time.
    pub branch: String,
    /// The condition on which it stands, as written; with `not` in front where its other side is meant.
    pub condition: Option<String>,
    /// Why.
    pub why: String,
}

/// How much was played: each thing of the record once, however often it occurred.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Played {
    pub steps: u32,
    pub entries: u32,
    pub gates: u32,
    /// Whole batches, from issue to release or as far as they came.
    pub batches: u32,
}

/// What a play showed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Play {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What nobody knows yet.
    pub not_played: Vec<NotPlayed>,
    pub played: Played,
    /// Whether there was time enough.
    pub finished: bool,
}

/// Everything that is wrong with a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Examination {
    /// What keeps it from being submitted, in order of place.
    pub findings: Vec<Finding>,
    /// What playing it showed; none: it cannot be read as a record, or not walked at all.
    pub play: Option<Play>,
}

impl Examination {
    /// Whether all was looked at that can be.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.play.as_ref().is_none_or(|play| play.finished)
    }

    /// What nobody has seen played.
    #[must_use]
    pub fn not_played(&self) -> Vec<NotPlayed> {
        let all = || NotPlayed {
            pointer: String::new(),
            branch: "the whole record".into(),
            condition: None,
            why: "it is played once it can be read: correct the findings".into(),
        };
        self.play.as_ref().map_or_else(|| vec![all()], |play| play.not_played.clone())
    }
}

/// The finding after which nothing can be played: nobody knows which of two is meant.
const UNREADABLE: &str = "duplicate-id";

/// Checks a document whole: as it stands, then played as long as `go_on` says. What the play finds at a place
/// that has a finding already follows from it, and is not said again.
#[must_use]
pub fn examine(document: &Value, go_on: &dyn Fn() -> bool) -> Examination {
    let (record, mut findings) = check::read(document);
    let unreadable = findings.iter().any(|it| it.code == UNREADABLE);
    let Some(record) = record.filter(|_| !unreadable) else {
        return Examination { findings, play: None };
    };
    let record = Arc::new(record);
    let mut play = play(&record, go_on);
    play.findings.retain(|it| findings.is_empty() || is_news(it, &findings));
    findings.extend(play.findings.iter().cloned());
    if !play.finished {
        let sentence = "it could not be played to its end within ten seconds, so that nobody knows whether a batch of it can be completed: submit it again when the server is less busy, or ask for fewer occurrences";
        findings.push(Finding::new("", "not-played-in-time", "P11-10f", sentence));
    }
    findings.sort();
    findings.dedup();
    Examination { findings, play: Some(play) }
}

/// Findings of order that a circle follows from.
const OF_ORDER: [&str; 3] = ["unreachable", "time", "calculation"];

/// Whether what a play finds in a record with faults says more than these: what is owed at the end follows from any
/// of them, what never comes from those at its place.
fn is_news(found: &Finding, known: &[Finding]) -> bool {
    let mut near = known.iter().filter(|it| is_near(&it.pointer, &found.pointer));
    if found.code == stuck::CIRCLE {
        return !near.any(|it| OF_ORDER.contains(&it.code.as_str()));
    }
    found.code != ending::NEVER && !found.pointer.is_empty() && near.next().is_none()
}

/// Whether one pointer is the other, or leads into it.
fn is_near(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    !short.is_empty()
        && long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Plays a master record as long as `go_on` says.
#[must_use]
pub fn play(record: &Arc<MasterRecord>, go_on: &dyn Fn() -> bool) -> Play {
    let places = Places::of(record);
    let values = Values::of(record, &places.conditions);
    let (base, failing) = values.within();
    let mut stage = Stage {
        recipe: Recipe::new(Arc::clone(record)),
        places: &places,
        values: &values,
        go_on,
        seen: Seen::default(),
        play: Play { finished: true, ..Play::default() },
    };
    for (step, entry) in failing {
        let pointer = places.entry(step.as_deref(), &entry).cloned().unwrap_or_default();
        let branch = step.map_or_else(|| entry.clone(), |step| format!("{step}/{entry}"));
        let why = "no values inside the limits of what it is computed from were found with which it comes inside its own".to_owned();
        stage.play.not_played.push(NotPlayed { pointer, branch, condition: None, why });
    }
    stage.batch(&base, Within::Limits);
    stage.branches(&base);
    stage.told(record)
}

/// What came to pass in any of the batches.
#[derive(Default)]
struct Seen {
    steps: BTreeSet<String>,
    entries: BTreeSet<Named>,
    gates: BTreeSet<String>,
    /// Conditions by pointer, and how they came out.
    sides: BTreeSet<(String, bool)>,
}

struct Stage<'a> {
    recipe: Recipe,
    places: &'a Places,
    values: &'a Values<'a>,
    go_on: &'a dyn Fn() -> bool,
    seen: Seen,
    play: Play,
}

impl Stage<'_> {
    /// One batch with these values, to its end. What follows from values outside their limits says nothing against
    /// the record, but for what waits for itself.
    fn batch(&mut self, picks: &Picks, within: Within) {
        let world = match World::new(self.recipe.clone()) {
            Ok(world) => world,
            Err(why) => {
                let finding = Finding::new("", "never-completes", "P11-10f", why);
                return self.play.findings.push(finding);
            }
        };
        let mut course = Course::new(world, self.values, picks, self.go_on);
        self.play.played.batches += 1;
        if !course.play() {
            self.play.finished = false;
        } else if within == Within::Anything {
            let stuck = stuck::findings(&course, self.places).into_iter();
            self.play.findings.extend(stuck.filter(|it| it.code == stuck::CIRCLE));
        } else {
            let stuck = stuck::findings(&course, self.places);
            let found =
                if stuck.is_empty() { ending::end(&mut course, self.places) } else { stuck };
            self.departed(&course);
            self.play.findings.extend(found);
        }
        self.look(&course);
    }

    /// What opened although everything was inside its limits: a fault of the record, unless it is about times and
    /// values that another batch may keep.
    fn departed(&mut self, course: &Course<'_>) {
        for exception in course.run().exceptions.iter() {
            let Opened { kind, at, detail, .. } = &exception.opened;
            let place = at.as_ref().map(|at| match at.entry.as_str() {
                "" => at.step.as_ref().map_or_else(String::new, ToString::to_string),
                _ => at.to_string(),
            });
            let pointer = place.as_deref().map_or_else(String::new, |at| self.places.of_run(at));
            if keeps_apart(*kind) {
                let branch = place.unwrap_or_else(|| "the batch".to_owned());
                let why = format!("as played, one act right after the other, it opens: {detail}");
                let row = NotPlayed { pointer, branch, condition: None, why };
                self.play.not_played.push(row);
            } else {
                let sentence = format!(
                    "done as it is written and with everything inside its limits, it opens an exception: {detail}"
                );
                let finding = Finding::new(pointer, "departs", "C211-100b", sentence);
                self.play.findings.push(finding);
            }
        }
    }

    /// What there was in a batch.
    fn look(&mut self, course: &Course<'_>) {
        let run = course.run();
        self.seen.gates.extend(course.gates.iter().cloned());
        for (key, state) in &run.steps {
            self.seen.steps.insert(key.step.clone());
            let answered = state.entries.iter().filter(|(_, it)| it.is_answered());
            let named = answered.map(|(id, _)| (Some(key.step.clone()), id.clone()));
            self.seen.entries.extend(named);
        }
        let tested = run.release_entries.iter().filter(|(_, it)| it.is_answered());
        self.seen.entries.extend(tested.map(|(id, _)| (None, id.clone())));
        for condition in &self.places.conditions {
            for side in sides(run, condition) {
                self.seen.sides.insert((condition.pointer.clone(), side));
            }
        }
    }

    fn steered(
        &self,
        base: &Picks,
        condition: &Condition,
        to: bool,
        within: Within,
    ) -> Option<Picks> {
        self.values.steered(base, condition, to, within)
    }

    /// Both sides of every condition, each in a batch whose values lead there.
    fn branches(&mut self, base: &Picks) {
        for condition in self.places.conditions.clone() {
            for side in [true, false] {
                let known = (condition.pointer.clone(), side);
                if self.seen.sides.contains(&known) {
                    continue;
                }
                let why = if !(self.go_on)() {
                    "there was no time left to play it"
                } else if let Some(picks) = self.steered(base, &condition, side, Within::Limits) {
                    self.batch(&picks, Within::Limits);
                    "with values that lead there, the batch did not come to it"
                } else if self.values.comes_out(base, &condition) == Some(side) {
                    "the batch did not come to it"
                } else if let Some(picks) = self.steered(base, &condition, side, Within::Anything) {
                    self.batch(&picks, Within::Anything);
                    "with values outside their limits, which lead there, the batch did not come to it"
                } else {
                    "no values were found that lead there"
                };
                if self.seen.sides.contains(&known) {
                    continue;
                }
                let text = &condition.text;
                self.play.not_played.push(NotPlayed {
                    pointer: condition.pointer.clone(),
                    branch: condition.branch.clone(),
                    condition: Some(if side { text.clone() } else { format!("not ({text})") }),
                    why: why.to_owned(),
                });
            }
        }
    }

    /// The whole, each thing once.
    fn told(mut self, record: &MasterRecord) -> Play {
        let plain = |pointer: Option<&String>, branch: &str, why: &str| NotPlayed {
            pointer: pointer.cloned().unwrap_or_default(),
            branch: branch.to_owned(),
            condition: None,
            why: why.to_owned(),
        };
        let told: BTreeSet<String> =
            self.play.not_played.iter().map(|row| row.branch.clone()).collect();
        for (_, step) in record.steps() {
            if !self.seen.steps.contains(&step.id) {
                let at = self.places.thing(&step.id).filter(|_| !told.contains(&step.id));
                let row = at.map(|at| plain(Some(at), &step.id, "the batch did not come to it"));
                self.play.not_played.extend(row);
                continue;
            }
            for entry in &step.entries {
                let (branch, named) = (
                    format!("{}/{}", step.id, entry.id),
                    (Some(step.id.clone()), entry.id.clone()),
                );
                if !self.seen.entries.contains(&named) && !told.contains(&branch) {
                    let at = self.places.entry(Some(&step.id), &entry.id);
                    let why = "nothing was recorded there";
                    self.play.not_played.push(plain(at, &branch, why));
                }
            }
        }
        for gate in record.gates.iter().filter(|gate| !self.seen.gates.contains(&gate.id)) {
            let at = self.places.thing(&gate.id);
            self.play.not_played.push(plain(at, &gate.id, "its turn did not come"));
        }
        for (i, output) in record.outputs.iter().enumerate() {
            if output.class == crate::domain::recipe::OutputClass::SideProduct {
                let at = format!("/outputs/{i}");
                let why = "no lot of a side product is played";
                self.play.not_played.push(plain(Some(&at), &output.id, why));
            }
        }
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.play.played.steps = count(self.seen.steps.len());
        self.play.played.entries = count(self.seen.entries.len());
        self.play.played.gates = count(self.seen.gates.len());
        let mut play = self.play;
        play.findings.sort();
        play.findings.dedup();
        play.not_played.sort();
        play.not_played.dedup();
        play
    }
}
