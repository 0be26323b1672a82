//! How a laboratory result stands: which determinations count, what is still planned, what is reported.
//!
//! Whatever was found outside its limits stands against the result until an assignable cause sets it
//! aside, also where nobody had approved the test: a repeat can never help, only hurt.

use crate::domain::entry::EntryValue;
use crate::domain::entry::identifier::key;
use crate::domain::entry::result::{Level, Spec, level, outside, sample_of};
use crate::domain::limits::Verdict;
use crate::domain::run::testing::{
    Analyst, Anew, ClaimRun, DeterminationRun, InvestigationRun, InvestigationStep,
};
use crate::domain::run::{Content, EntryRun, EntryVersion};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// What the next determination is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// One of those that the method asks for.
    Original,
    /// One of an approved retest plan, by its index in the investigation.
    Plan(u32),
    /// None: nobody has planned or approved it.
    None,
}

/// A result as it stands.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'r> {
    /// What the master record says of it.
    pub spec: &'r Spec,
    pub(super) entry: Option<&'r EntryRun>,
    /// The lot whose result it is, where the determinations name one.
    pub of: Option<&'r str>,
}

/// A value that may be reported: a determination, or what the method joins of several.
#[derive(Debug, Clone)]
pub struct Candidate<'r> {
    /// The determination, or the one that completed the run of tests.
    pub carrier: &'r DeterminationRun,
    pub value: &'r EntryValue,
    pub verdicts: &'r [Verdict],
    /// The determinations behind it.
    pub members: Vec<u32>,
}

/// Whether a determination stands outside its specification: by itself, or by the joined value of the run of
/// tests that it completed.
#[must_use]
pub fn failed(entry: &EntryRun, tested: &DeterminationRun) -> bool {
    let stands = |no: &u32| {
        entry.determinations.iter().any(|it| it.told.no == *no && it.invalidated.is_none())
    };
    let joined = tested.run.as_ref();
    outside(tested.verdicts())
        || joined.is_some_and(|run| outside(&run.verdicts) && run.members.iter().all(stands))
}

/// Determinations that stand against a result: outside, and not set aside.
pub fn against(entry: &EntryRun) -> impl Iterator<Item = &DeterminationRun> {
    let stands = |tested: &&DeterminationRun| tested.invalidated.is_none() && failed(entry, tested);
    entry.determinations.iter().filter(stands)
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

impl<'r> Standing<'r> {
    /// A result with what was recorded of it; of one lot, where determinations name one.
    #[must_use]
    pub fn new(spec: &'r Spec, entry: Option<&'r EntryRun>, of: Option<&'r str>) -> Self {
        Self { spec, entry, of }
    }

    /// The result of each lot that a determination names, and of what names none.
    #[must_use]
    pub fn each(spec: &'r Spec, entry: &'r EntryRun) -> Vec<Self> {
        let named = entry.determinations.iter().map(|tested| tested.told.of.as_deref());
        let distinct: BTreeSet<_> = named.collect();
        distinct.into_iter().map(|of| Self::new(spec, Some(entry), of)).collect()
    }

    /// How many determinations the entry has, of whatever lot.
    #[must_use]
    pub fn numbered(&self) -> usize {
        self.entry.map_or(0, |entry| entry.determinations.len())
    }

    /// Every determination of it, in order.
    pub fn all(&self) -> impl Iterator<Item = &'r DeterminationRun> + use<'r> {
        let of = self.of;
        let entry = self.entry.into_iter().flat_map(|entry| &entry.determinations);
        entry.filter(move |tested| tested.told.of.as_deref() == of)
    }

    /// A determination of it by number.
    #[must_use]
    pub fn find(&self, no: u32) -> Option<&'r DeterminationRun> {
        self.all().find(|tested| tested.told.no == no)
    }

    /// Every step of its investigation, in order, with its index in the entry's.
    pub fn steps(&self) -> impl Iterator<Item = (u32, &'r InvestigationRun)> + use<'r> {
        let of = self.of;
        let entry = self.entry.into_iter().flat_map(|entry| (0..).zip(&entry.investigation));
        entry.filter(move |(_, step)| step.of.as_deref() == of)
    }

    /// Corrections that were claimed and that nobody has decided on.
    pub fn undecided(&self) -> impl Iterator<Item = &'r ClaimRun> + use<'r> {
        let of = self.of;
        let claims = self.entry.into_iter().flat_map(|entry| &entry.claims);
        claims.filter(move |claim| {
            claim.told.of.as_deref() == of && claim.told.claimed && claim.accepted.is_none()
        })
    }

    /// Whether a determination of it stands outside.
    #[must_use]
    pub fn fails(&self, tested: &DeterminationRun) -> bool {
        self.entry.is_some_and(|entry| failed(entry, tested))
    }

    /// The newest reprocessing or rework that concerns it: what was tested before stands against it where it is
    /// outside, and speaks for it no more.
    #[must_use]
    pub fn anew(&self) -> Option<&'r Anew> {
        let spared =
            |it: &Anew| self.of.is_some_and(|of| it.spared.iter().any(|lot| key(lot) == key(of)));
        self.entry?.anew.iter().rev().find(|it| !spared(it))
    }

    /// Whether a determination was made after that, of a sample taken after it.
    #[must_use]
    pub fn is_anew(&self, tested: &DeterminationRun) -> bool {
        self.anew().is_none_or(|anew| {
            let done = tested.told.performed_at.unwrap_or(tested.at);
            let sample = sample_of(tested.value()).map(key);
            let old = sample.is_some_and(|sample| anew.samples.contains(&sample));
            tested.seq > anew.seq && done >= anew.at && !old
        })
    }

    /// The entry of the journal since which it is tested.
    fn begins(&self) -> u64 {
        self.anew().map_or(0, |anew| anew.seq)
    }

    /// Steps of its investigation since it is tested as it is: what was reprocessed begins another one.
    pub fn recent(&self) -> impl Iterator<Item = &'r InvestigationRun> + use<'r> {
        let begins = self.begins();
        self.steps().map(|(_, taken)| taken).filter(move |taken| taken.seq > begins)
    }

    /// One of those that the method asks for.
    pub fn originals(&self) -> impl Iterator<Item = &'r DeterminationRun> + use<'r> {
        let result = *self;
        let asked = |tested: &&DeterminationRun| tested.told.plan.is_none() && !tested.told.repeat;
        let stands = move |tested: &&DeterminationRun| {
            result.is_anew(tested) && !result.is_settled(tested.told.no)
        };
        self.all().filter(asked).filter(stands)
    }

    /// Those under a plan, by its index.
    pub fn under(&self, plan: u32) -> impl Iterator<Item = &'r DeterminationRun> + use<'r> {
        let result = *self;
        let stands = move |tested: &&DeterminationRun| !result.is_settled(tested.told.no);
        self.all().filter(move |tested| tested.told.plan == Some(plan)).filter(stands)
    }

    /// Planned or approved, and not set aside.
    pub fn counting(&self) -> impl Iterator<Item = &'r DeterminationRun> {
        let result = *self;
        let stands =
            |tested: &&DeterminationRun| tested.invalidated.is_none() && !tested.told.repeat;
        self.all().filter(stands).filter(move |tested| result.is_anew(tested))
    }

    /// Outside, and not set aside.
    pub fn against(&self) -> impl Iterator<Item = &'r DeterminationRun> + use<'r> {
        let result = *self;
        self.all().filter(move |tested| tested.invalidated.is_none() && result.fails(tested))
    }

    /// What a report may name: what counts, and what stands against the result.
    #[must_use]
    pub fn candidates(&self) -> Vec<Candidate<'r>> {
        let joins = self.spec.reportable.joins();
        let mut all = Vec::new();
        for tested in self.all().filter(|tested| tested.invalidated.is_none()) {
            let no = tested.told.no;
            let counts = !tested.told.repeat && self.is_anew(tested);
            let alone = outside(tested.verdicts()) || (!joins && counts);
            if alone {
                let (value, verdicts) = (tested.value(), tested.verdicts());
                all.push(Candidate { carrier: tested, value, verdicts, members: vec![no] });
            }
            let fails = tested.run.as_ref().is_some_and(|run| outside(&run.verdicts));
            let joined = joins && !tested.told.repeat && (counts || fails);
            let Some(run) = tested.run.as_ref().filter(|_| joined) else { continue };
            let stands = |no: &u32| self.find(*no).is_some_and(|it| it.invalidated.is_none());
            if let Some(value) = run.value.as_ref().filter(|_| run.members.iter().all(stands)) {
                let (verdicts, members) = (&run.verdicts, run.members.clone());
                all.push(Candidate { carrier: tested, value, verdicts, members });
            }
        }
        all
    }

    /// What the next determination is. One that was set aside is not done again without a plan; a run of
    /// tests that is invalid by its spread, as often as the method says.
    #[must_use]
    pub fn room(&self) -> Room {
        let invalid =
            self.originals().filter(|it| it.run.as_ref().is_some_and(|r| r.invalid.is_some()));
        let again =
            count(invalid).min(self.spec.spread.as_ref().map_or(0, |spread| spread.repeats));
        if count(self.originals()) < self.spec.planned().saturating_mul(1 + again) {
            return Room::Original;
        }
        let begins = self.begins();
        for (index, step) in self.steps().filter(|(_, step)| step.seq > begins) {
            let InvestigationStep::RetestPlan { retests, .. } = step.step else { continue };
            if count(self.under(index)) < retests {
                return Room::Plan(index);
            }
        }
        Room::None
    }

    /// Every analyst whom quality named, in plans and for the rest of one, each with the index of the step.
    fn named(&self) -> impl Iterator<Item = (u32, bool, &'r Analyst)> + use<'r> {
        self.steps().filter_map(|(index, taken)| match &taken.step {
            InvestigationStep::RetestPlan { analyst, .. } => Some((index, true, analyst)),
            InvestigationStep::OtherAnalyst { analyst, .. } => Some((index, false, analyst)),
            InvestigationStep::Laboratory { .. }
            | InvestigationStep::Transcription { .. }
            | InvestigationStep::AssignableCause { .. }
            | InvestigationStep::Resampling { .. }
            | InvestigationStep::ProductionReview { .. }
            | InvestigationStep::Reportable { .. }
            | InvestigationStep::Inconclusive { .. }
            | InvestigationStep::DecidedInconclusive { .. } => None,
        })
    }

    /// Every analyst of a plan.
    pub fn analysts(&self) -> impl Iterator<Item = &'r Analyst> + use<'r> {
        self.named().map(|(_, _, analyst)| analyst)
    }

    /// Who tests under a plan now: its analyst, or the last who was named for the rest of it.
    #[must_use]
    pub fn analyst(&self, plan: u32) -> Option<&'r Analyst> {
        let own = self.named().skip_while(|(index, ..)| *index != plan);
        let rest = own.take_while(|(index, plans, _)| *index == plan || !plans);
        rest.last().map(|(_, _, analyst)| analyst)
    }

    /// The determinations that make one run of tests with the next one: of those that the method asks for, or
    /// of one plan.
    #[must_use]
    pub fn begun(&self, plan: Option<u32>) -> Vec<&'r DeterminationRun> {
        let all: Vec<_> = match plan {
            None => self.originals().collect(),
            Some(plan) => self.under(plan).collect(),
        };
        let planned = usize::try_from(self.spec.planned()).unwrap_or(usize::MAX);
        let whole = all.len() / planned * planned;
        all.into_iter().skip(whole).collect()
    }

    /// The value that was reported last, whatever began anew since.
    #[must_use]
    pub fn newest(&self) -> Option<&'r EntryVersion> {
        let mut versions = self.entry?.versions.iter().rev();
        let current = versions.find(|version| version.of.as_deref() == self.of);
        current.filter(|version| matches!(version.content, Content::Value(_)))
    }

    /// The reported value that stands.
    #[must_use]
    pub fn reported(&self) -> Option<&'r EntryVersion> {
        let begins = self.begins();
        self.newest().filter(|version| version.seq > begins)
    }

    /// Whether something is to be investigated: nothing is reported, and a determination stands outside, no run
    /// of tests is left, or an investigation has begun.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let spent = self.room() == Room::None && self.unfinished().is_some();
        let asks = self.steps().next().is_some() || self.against().next().is_some() || spent;
        self.reported().is_none() && asks
    }

    /// Whether a first phase was concluded: of everything that stands outside since it stands so. What is
    /// concluded of a claim examines nothing that stands outside.
    #[must_use]
    pub fn is_examined(&self) -> bool {
        if self.against().next().is_some() {
            return self.unexamined().next().is_none();
        }
        let first = |step: &InvestigationStep| {
            matches!(
                step,
                InvestigationStep::AssignableCause { .. } | InvestigationStep::Transcription { .. }
            )
        };
        self.recent().any(|taken| first(&taken.step))
    }

    /// Outside, and nobody has looked for a cause since.
    pub fn unexamined(&self) -> impl Iterator<Item = &'r DeterminationRun> + use<'r> {
        let result = *self;
        let is =
            |step: &InvestigationStep| matches!(step, InvestigationStep::AssignableCause { .. });
        let last =
            self.steps().filter(|(_, taken)| is(&taken.step)).map(|(_, taken)| taken.seq).max();
        self.against().filter(move |tested| Some(result.since(tested)) >= last)
    }

    /// What must still be tested before a result is reported.
    #[must_use]
    pub fn unfinished(&self) -> Option<String> {
        let (tested, planned) = (count(self.counting()), self.spec.planned());
        let joins = self.spec.reportable.joins();
        match self.room() {
            Room::Original if joins => {
                Some(format!("{} of {planned} determinations", self.begun(None).len()))
            }
            Room::Original => Some(format!("{tested} of {planned} determinations")),
            Room::Plan(index) => Some(format!("retests of the plan at step {}", index + 1)),
            // Conforming needs as many that count as the method asks; failing needs one.
            Room::None if self.against().next().is_some() => None,
            Room::None if joins && self.candidates().is_empty() => {
                Some(format!("a run of {planned} determinations that counts"))
            }
            Room::None if tested < planned => {
                Some(format!("{tested} of {planned} determinations that count"))
            }
            Room::None => None,
        }
    }

    /// How a value stands: outside, then what cannot be told, then within; then by its margin; the smaller, the worse.
    #[must_use]
    pub fn rank(&self, value: &EntryValue, verdicts: &[Verdict]) -> (Level, Option<Decimal>) {
        (level(verdicts), self.spec.margin(value))
    }

    /// Those that are reported, if a report were made now: the worst of the candidates and what is
    /// exactly as bad.
    #[must_use]
    pub fn worst(&self) -> Vec<Candidate<'r>> {
        let mut all = self.candidates();
        let rank = |one: &Candidate<'_>| self.rank(one.value, one.verdicts);
        let Some(least) = all.iter().map(rank).min() else { return Vec::new() };
        all.retain(|one| rank(one) == least);
        all
    }
}
