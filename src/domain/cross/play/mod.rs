//! The check of a master record plays it: each step, branch, repeat and gate once, on the real rules, with values
//! inside their limits, by invented persons whom it asks for. What can never be brought to its end, and what keeps a
//! lot back although everything conforms, is found before anybody makes a batch of it.
//!
//! Pure, and bounded by work that is counted: the same record comes out the same everywhere. Nothing here is a rule.

mod ahead;
mod branches;
mod cast;
mod course;
mod ending;
mod places;
mod record;
mod stuck;
mod told;
mod values;
mod work;
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
use values::{Condition, Failing, Named, Picks, Values, Within};
use work::Work;
pub use work::{Budget, OutOfTime};
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
    /// Whether everything could be played within the bound of work; else what lies beyond is among what is not played.
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

/// Findings after which nothing can be played: nobody knows which of two is meant, or it goes too deep.
const UNREADABLE: [&str; 2] = ["duplicate-id", check::TOO_DEEP];

/// Why what lies beyond the bound of work is not played.
const BOUND: &str = "the play came to its bound of work before it: look at it yourself, or ask for fewer occurrences";

/// Checks a document whole: as it stands, then played as far as a budget of work reaches. What the play finds at a
/// place that has a finding already follows from it, and is not said again. The answer depends on the document and
/// the budget alone.
///
/// # Errors
/// `OutOfTime` where `in_time` said so before the work was done: nothing is known then.
pub fn examine(
    document: &Value,
    budget: Budget,
    in_time: &dyn Fn() -> bool,
) -> Result<Examination, OutOfTime> {
    let (record, mut findings) = check::read(document);
    let unreadable = findings.iter().any(|it| UNREADABLE.contains(&it.code.as_str()));
    let Some(record) = record.filter(|_| !unreadable) else {
        return Ok(Examination { findings, play: None });
    };
    let record = Arc::new(record);
    let mut play = play(&record, budget, in_time)?;
    play.findings.retain(|it| findings.is_empty() || is_news(it, &findings));
    findings.extend(play.findings.iter().cloned());
    findings.sort();
    findings.dedup();
    Ok(Examination { findings, play: Some(play) })
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

/// Plays a master record as far as a budget of work reaches.
///
/// # Errors
/// `OutOfTime` as [`examine`].
pub fn play(
    record: &Arc<MasterRecord>,
    budget: Budget,
    in_time: &dyn Fn() -> bool,
) -> Result<Play, OutOfTime> {
    let places = Places::of(record);
    let (recipe, work) = (Recipe::new(Arc::clone(record)), Work::new(budget, in_time));
    let values = Values::of(&recipe, &places.conditions, &work);
    let (base, failing) = values.within();
    // Of what was tried whole, no batch can ever do better: that is a finding where it keeps the batch from its end.
    let open = failing.iter().filter(|it| !it.whole).map(|it| it.named.clone());
    let mut stage = Stage {
        recipe: recipe.clone(),
        places: &places,
        values: &values,
        work: &work,
        chosen: open.collect(),
        seen: Seen::default(),
        play: Play { finished: true, ..Play::default() },
    };
    failing.iter().for_each(|it| stage.fails(it));
    stage.batch(&base, Within::Limits);
    stage.branches(&base);
    if work.is_late() { Err(OutOfTime) } else { Ok(stage.told(record)) }
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
    work: &'a Work<'a>,
    /// Computed values that only the choice of others keeps outside, or from being computed.
    chosen: BTreeSet<Named>,
    seen: Seen,
    play: Play,
}

impl Stage<'_> {
    /// A computed value that no choice brought where it should be.
    fn fails(&mut self, failing: &Failing) {
        let (step, entry) = &failing.named;
        let pointer = self.places.entry(step.as_deref(), entry).cloned().unwrap_or_default();
        let branch = step.as_ref().map_or_else(|| entry.clone(), |step| format!("{step}/{entry}"));
        let why = "no values inside the limits of what it is computed from were found with which it can be computed and comes inside its own".to_owned();
        self.play.not_played.push(NotPlayed { pointer, branch, condition: None, why });
    }

    /// One batch with these values, to its end. What follows from values outside their limits says nothing against
    /// the record, but for what waits for itself. What a batch showed that was cut short says nothing at all.
    fn batch(&mut self, picks: &Picks, within: Within) {
        let world = match World::new(self.recipe.clone(), self.work) {
            Ok(world) => world,
            Err(why) => {
                let finding = Finding::new("", "never-completes", "P11-10f", why);
                return self.play.findings.push(finding);
            }
        };
        let mut course = Course::new(world, self.values, picks);
        self.play.played.batches += 1;
        if course.play() {
            let stuck = stuck::stuck(&course, self.places, &self.chosen);
            let mut found = stuck.findings;
            if within == Within::Anything {
                found.retain(|it| it.code == stuck::CIRCLE);
            } else if found.is_empty() && !stuck.unknown {
                found = ending::end(&mut course, self.places);
            }
            if self.work.may_play() {
                if within == Within::Limits {
                    self.departed(&course);
                }
                self.play.findings.extend(found);
            }
        }
        if !self.work.may_play() {
            self.play.finished = false;
            let row = NotPlayed {
                pointer: String::new(),
                branch: "the rest of the batch, to its release".to_owned(),
                condition: None,
                why: BOUND.to_owned(),
            };
            self.play.not_played.push(row);
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
                let why = if !self.work.may_play() {
                    BOUND
                } else if let Some(picks) = self.steered(base, &condition, side, Within::Limits) {
                    self.batch(&picks, Within::Limits);
                    "with values that lead there, the batch did not come to it"
                } else if self.values.comes_out(base, &condition) == Some(side) {
                    "the batch did not come to it"
                } else if let Some(picks) = self.steered(base, &condition, side, Within::Anything) {
                    self.batch(&picks, Within::Anything);
                    "with values outside their limits, which lead there, the batch did not come to it"
                } else if !self.work.may_search() {
                    "the search for values came to its bound of work before any were found that lead there"
                } else {
                    "no values were found that lead there"
                };
                let why = if self.work.may_play() { why } else { BOUND };
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
}
