//! Conformity is owed like completeness: of each operation how many judged values are within their limits, and
//! what became of each that is not. Review by exception stands on this (rule 1.5).

use super::{Found, Law, Obligation, Stage, law, owe};
use crate::domain::entry::EntryValue;
use crate::domain::exception::Triage;
use crate::domain::ids::OperationKey;
use crate::domain::limits::{Purpose, Side, Verdict};
use crate::domain::run::acts::exception::settled;
use crate::domain::run::testing::{DeterminationCorrected, DeterminationRun};
use crate::domain::run::{Content, EntryRun, Run};
use std::collections::BTreeSet;

const CONFORMITY: Law = law("C211-192a", "21 CFR 211.192", Stage::Review).or_waived();

/// How the judged values of one operation's occurrence, or of the run's own entries, stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conformity {
    /// The operation's occurrence; `None`: the entries recorded on the run at release.
    pub operation: Option<OperationKey>,
    pub name: String,
    /// Values that were judged: every current one, every determination, and every one that was outside
    /// before it was corrected.
    pub judged: u32,
    /// Those within every limit of acceptance and control.
    pub within: u32,
    /// Current values with fewer decimals than are asked: nothing follows from it.
    pub coarse: u32,
    /// The others.
    pub outside: Vec<Outside>,
}

/// A judged value outside its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Its place.
    pub at: String,
    /// Its entry's name.
    pub name: String,
    /// As people read it.
    pub shown: String,
    /// What became of it, by the exceptions that it opened.
    pub became: String,
    /// Whether that is settled by quality.
    pub settled: bool,
}

impl Conformity {
    /// `47 of 47 judged values within their limits`.
    #[must_use]
    pub fn shown(&self) -> String {
        let of = format!("{} of {} judged values within their limits", self.within, self.judged);
        match self.coarse {
            0 => of,
            n => format!("{of}, {n} with fewer decimals than asked"),
        }
    }

    fn value(&mut self, run: &Run, value: Judged<'_>) {
        let limits = |v: &&Verdict| matches!(v.purpose, Purpose::Acceptance | Purpose::Control);
        let mut judged = value.verdicts.iter().filter(limits).peekable();
        if judged.peek().is_none() {
            return;
        }
        let within = judged.all(|verdict| verdict.side == Side::Within);
        if within && value.since.is_some() {
            return;
        }
        if within {
            self.judged = self.judged.saturating_add(1);
            self.within = self.within.saturating_add(1);
            return;
        }
        self.outside(run, value);
    }

    fn coarse(&mut self, value: &EntryValue, stands: bool) {
        let coarse = stands && value.fewer_decimals().is_some();
        self.coarse = self.coarse.saturating_add(u32::from(coarse));
    }

    fn outside(&mut self, run: &Run, value: Judged<'_>) {
        self.judged = self.judged.saturating_add(1);
        let (mut became, settled) = became(run, value.exceptions);
        if let Some(since) = &value.since {
            became = format!("{since}; {became}");
        }
        let (at, name) = (value.at.to_owned(), value.name.to_owned());
        self.outside.push(Outside { at, name, shown: value.shown.to_owned(), became, settled });
    }

    /// A determination as it counts, as it was told where a correction replaced that, and the run of tests that it
    /// completed.
    fn determination(
        &mut self,
        run: &Run,
        (at, name): (&str, &str),
        entry: &EntryRun,
        tested: &DeterminationRun,
    ) {
        let aside = tested.invalidated.as_ref().map(|why| format!("set aside: {why}"));
        let told = &tested.told;
        let value = |value: &EntryValue| value.shown.clone();
        let exceptions = &about(entry, &[told.no]);
        let claimed = counting(entry).filter(|it| it.determination == told.no);
        let claimed = claimed.map(|it| (&it.value, &it.verdicts));
        let said = [(&told.value, &told.verdicts)].into_iter().chain(claimed);
        for (replaced, verdicts) in said.filter(|(said, _)| *said != tested.value()) {
            let since = Some(format!("corrected to {}", tested.value().shown));
            let shown = &value(replaced);
            self.value(run, Judged { at, name, shown, verdicts, exceptions, since });
        }
        let (shown, verdicts) = (&value(tested.value()), tested.verdicts());
        self.coarse(tested.value(), aside.is_none());
        self.value(run, Judged { at, name, shown, verdicts, exceptions, since: aside });
        let [now, before] = [tested.run.as_ref(), told.run.as_deref()];
        let replaced = now.zip(before).is_some_and(|(now, before)| now != before);
        let corrected = before.filter(|_| replaced).map(|it| (it, Some("corrected".to_owned())));
        for (joined, replaced) in corrected.into_iter().chain(now.map(|it| (it, None))) {
            let members = |no: &u32| entry.determinations.iter().find(|it| it.told.no == *no);
            let mut members = joined.members.iter().filter_map(members);
            let aside = members.find_map(|it| it.invalidated.as_ref());
            let since = replaced.or_else(|| aside.map(|why| format!("set aside: {why}")));
            let exceptions = &about(entry, &joined.members);
            let (shown, verdicts) = match (&joined.value, &joined.invalid) {
                (_, Some(why)) => {
                    (&format!("a run of tests invalid by its spread, {why}"), &[][..])
                }
                (Some(shown), None) => (&value(shown), joined.verdicts.as_slice()),
                (None, None) => continue,
            };
            let judged = Judged { at, name, shown, verdicts, exceptions, since };
            match joined.invalid {
                Some(_) => self.outside(run, judged),
                None => self.value(run, judged),
            }
        }
    }

    /// An entry; `gone`: why nothing of it counts any more.
    fn entry(&mut self, run: &Run, (at, name): (&str, &str), entry: &EntryRun, gone: Option<&str>) {
        for tested in &entry.determinations {
            self.determination(run, (at, name), entry, tested);
        }
        if !entry.determinations.is_empty() {
            return;
        }
        for (index, version) in entry.versions.iter().enumerate() {
            let Content::Value(value) = &version.content else { continue };
            let since = entry.versions.get(index + 1).map(|next| match &next.reason {
                Some(why) => format!("replaced by version {}: {why}", next.version),
                None => format!("replaced by version {}", next.version),
            });
            let since = since.or_else(|| gone.map(str::to_owned));
            self.coarse(value, since.is_none());
            let (shown, verdicts) = (value.shown.as_str(), version.verdicts.as_slice());
            let exceptions = version.exceptions.as_slice();
            self.value(run, Judged { at, name, shown, verdicts, exceptions, since });
        }
    }
}

/// One judged value.
struct Judged<'a> {
    at: &'a str,
    name: &'a str,
    shown: &'a str,
    verdicts: &'a [Verdict],
    exceptions: &'a [u32],
    /// What replaced it, or why it does not count.
    since: Option<String>,
}

/// The exceptions that determinations opened, and those of their corrections that count.
fn about(entry: &EntryRun, determinations: &[u32]) -> Vec<u32> {
    let tested = entry.determinations.iter().map(|it| &it.told);
    let tested = tested.filter(|told| determinations.contains(&told.no));
    let claims = counting(entry).filter(|told| determinations.contains(&told.determination));
    let opened = tested.map(|it| &it.exceptions).chain(claims.map(|it| &it.exceptions));
    opened.flatten().copied().collect()
}

/// The corrections of determinations that count.
fn counting(entry: &EntryRun) -> impl Iterator<Item = &DeterminationCorrected> {
    let all = entry.claims.iter();
    all.filter(|it| !it.told.claimed || it.accepted == Some(true)).map(|it| &it.told)
}

/// What became of a value outside its limits, and whether quality settled it for good.
fn became(run: &Run, exceptions: &[u32]) -> (String, bool) {
    let opened: Vec<_> =
        run.exceptions.iter().filter(|it| exceptions.contains(&it.opened.no)).collect();
    let lines: Vec<String> = opened
        .iter()
        .map(|it| match (settled(run, it), &it.triage) {
            (Some(said), _) => said,
            (None, Some((_, Triage::Deviation { number, .. }))) => {
                format!("exception {} in deviation {number}", it.opened.no)
            }
            (None, _) => format!("exception {} not decided", it.opened.no),
        })
        .collect();
    if lines.is_empty() {
        return ("it opened no exception".to_owned(), false);
    }
    (lines.join("; "), opened.iter().all(|it| it.triage.is_some()))
}

/// The conformity of each operation's occurrence that began, and of the entries at release.
#[must_use]
pub fn conformity(run: &Run) -> Vec<Conformity> {
    let mut list = Vec::new();
    let taken = run.taken_back.iter().map(|it| &it.told.step.operation);
    let keys: BTreeSet<_> = run.operations.keys().chain(taken).collect();
    for key in keys {
        let named = run.recipe.operation(&key.op).map_or("", |op| op.name.as_str());
        let mut of = empty(Some(key.clone()), named);
        let standing = run.steps.iter().map(|(at, step)| (at, step, None));
        let taken = run
            .taken_back
            .iter()
            .map(|it| (&it.told.step, &it.state, Some(format!("taken back: {}", it.told.reason))));
        let all = standing.chain(taken).filter(|(at, ..)| at.operation == *key);
        for (at, step, gone) in all {
            let specs = run.recipe.step(&at.step).map_or(&[][..], |(_, step)| &step.entries);
            for (id, entry) in &step.entries {
                let spec = specs.iter().find(|spec| spec.id == *id);
                let name = spec.map_or(id.as_str(), |spec| spec.name.as_str());
                of.entry(run, (&format!("{at}/{id}"), name), entry, gone.as_deref());
            }
        }
        list.push(of);
    }
    let mut at_release = empty(None, "At release");
    for (id, entry) in &run.release_entries {
        let spec = run.recipe.release_specifications.iter().find(|spec| spec.id == *id);
        let name = spec.map_or(id.as_str(), |spec| spec.name.as_str());
        at_release.entry(run, (&format!("release/{id}"), name), entry, None);
    }
    list.push(at_release);
    list.retain(|of| of.judged > 0);
    list
}

fn empty(operation: Option<OperationKey>, name: &str) -> Conformity {
    Conformity {
        operation,
        name: name.to_owned(),
        judged: 0,
        within: 0,
        coarse: 0,
        outside: Vec::new(),
    }
}

/// Appends the conformity that each operation's occurrence owes: met when every judged value is within,
/// waived when quality decided on each that is not. What is tested for release is owed by its own criterion.
pub(super) fn collect(run: &Run, list: &mut Vec<Obligation>) {
    for of in conformity(run) {
        let Some(key) = &of.operation else { continue };
        let each: Vec<_> =
            of.outside.iter().map(|it| format!("{} {}: {}", it.at, it.shown, it.became)).collect();
        let said = format!("{}; {}", of.shown(), each.join("; "));
        let found = match (each.is_empty(), of.outside.iter().all(|it| it.settled)) {
            (true, _) => Found::Met(of.shown()),
            (false, true) => Found::Waived(said),
            (false, false) => Found::Open(Some(said)),
        };
        let what = format!("{}: judged values within their limits", of.name);
        let id = format!("operation/{key}/conforms");
        owe(list, CONFORMITY, id, what, Some(key.to_string()), "triage", found);
    }
}
