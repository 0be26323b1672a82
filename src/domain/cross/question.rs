//! Whether a released lot may still be relied on: questioned since when and why, and whether it is blocked.
//!
//! One pure function, the same in decisions, answers and print. Nothing is written to make a lot
//! questioned, so nothing can be forgotten: what came after the decision that counts, in the own run or
//! anywhere upstream, is found each time somebody looks.

use crate::domain::alike::alike;
use crate::domain::disposition::standing::{Ground, Standing};
use crate::domain::disposition::{Covered, Disposition};
use crate::domain::lot::Lot;
use crate::domain::run::Run;
use crate::domain::run::obligations::{ObligationFacts, not_conforming};
use crate::domain::run::parents::parents;
use crate::domain::run::questions::Questioning;

/// How a lot stands, given its run and (in `owed`) how its parents stand. A parent that is no lot of this
/// site is no matter of this function.
#[must_use]
pub fn standing(lot: &Lot, run: &Run, owed: &ObligationFacts<'_>) -> Standing {
    let parents: Vec<&Standing> =
        owed.standings.iter().filter(|parent| went_in(lot, run, parent)).collect();
    let mut grounds = Vec::new();
    let mut facts: Vec<Ground> = run.questions.iter().map(|fact| told(lot, run, fact)).collect();
    facts.extend(not_released(lot));
    facts.extend(parents.iter().flat_map(|parent| parent.facts.iter().cloned()));
    in_time(&mut facts);
    if lot.disposition() == Disposition::Released {
        own(lot, run, owed, &mut grounds);
        for parent in &parents {
            inherited(lot, run, owed, parent, &mut grounds);
        }
        unknown_parents(lot, run, owed, &parents, &mut grounds);
        in_time(&mut grounds);
    }
    let mut judged_on =
        vec![Covered { record: lot.key, seq: lot.seq }, Covered { record: run.key, seq: run.seq }];
    for covered in parents.iter().flat_map(|parent| &parent.judged_on) {
        if !judged_on.iter().any(|known| known.record == covered.record) {
            judged_on.push(*covered);
        }
    }
    Standing {
        record: lot.key,
        number: lot.number.clone(),
        product: lot.product.clone(),
        disposition: lot.disposition(),
        decided_at: lot.decisions.last().map(|decision| decision.at),
        seq: lot.seq,
        grounds,
        facts,
        judged_on,
    }
}

/// That a lot was put back or withdrawn: whatever became of it since, what was made of it is decided on anew.
fn not_released(lot: &Lot) -> impl Iterator<Item = Ground> {
    let after = lot.decisions.iter().skip_while(|it| it.disposition != Disposition::Released);
    let other = after.filter(|it| it.disposition != Disposition::Released);
    other.map(|decision| Ground {
        lot: lot.number.clone(),
        product: lot.product.clone(),
        record: lot.key,
        seq: decision.seq,
        since: decision.at,
        because: format!("it went in and was {}", decision.disposition.as_str()),
        blocks: false,
        lasts: false,
    })
}

/// In the order of time, each once.
fn in_time(grounds: &mut Vec<Ground>) {
    grounds.sort_by_key(|ground| (ground.since, ground.record, ground.seq));
    grounds.dedup_by(|a, b| (a.record, a.seq, &a.because) == (b.record, b.seq, &b.because));
}

/// A fact of the lot's own run.
fn told(lot: &Lot, run: &Run, fact: &Questioning) -> Ground {
    Ground {
        lot: lot.number.clone(),
        product: lot.product.clone(),
        record: run.key,
        seq: fact.seq,
        since: fact.at,
        because: fact.because.clone(),
        blocks: fact.blocks,
        lasts: false,
    }
}

/// What went in and is no lot of this house that anybody judged: not accepted, refused since, or the lot's own
/// descendant. Whatever was decided, the lot does not leave as long as it is so.
fn unknown_parents(
    lot: &Lot,
    run: &Run,
    owed: &ObligationFacts<'_>,
    judged: &[&Standing],
    grounds: &mut Vec<Ground>,
) {
    let link = run.lots.iter().find(|link| link.record == lot.key);
    let Some((genealogy, link)) = owed.genealogy.zip(link) else { return };
    let since = lot.decisions.last().map_or(run.last_at, |decision| decision.at);
    for found in genealogy.standing(run, link).iter().filter(|found| found.holds) {
        if judged.iter().any(|parent| alike(&parent.number, &found.parent.number)) {
            continue;
        }
        grounds.push(Ground {
            lot: lot.number.clone(),
            product: lot.product.clone(),
            record: run.key,
            seq: run.seq,
            since,
            because: found.line(),
            blocks: true,
            lasts: true,
        });
    }
}

/// What the own run says since the decision that counts.
fn own(lot: &Lot, run: &Run, owed: &ObligationFacts<'_>, grounds: &mut Vec<Ground>) {
    let known = lot.covers(run.key);
    for fact in run.questions.iter().filter(|fact| fact.seq > known) {
        grounds.push(told(lot, run, fact));
    }
    // Whatever was decided: as long as a specification does not conform, the lot does not leave.
    for failing in not_conforming(run, owed) {
        grounds.push(Ground {
            lot: lot.number.clone(),
            product: lot.product.clone(),
            record: run.key,
            seq: run.seq,
            since: grounds.first().map_or(run.last_at, |first| first.since),
            because: failing,
            blocks: true,
            lasts: true,
        });
    }
}

/// Whether a lot went into another, by whatever form its number was named, and was not taken away.
#[must_use]
pub fn went_in(lot: &Lot, run: &Run, parent: &Standing) -> bool {
    parent.record != lot.key && named(lot, run).iter().any(|number| alike(number, &parent.number))
}

/// The numbers of what went into a lot, those that quality took away left out.
#[must_use]
pub fn named(lot: &Lot, run: &Run) -> Vec<String> {
    let Some(link) = run.lots.iter().find(|link| link.record == lot.key) else {
        return lot.parents.clone();
    };
    let kept = parents(run, link).into_iter().filter(|parent| parent.removed.is_none());
    kept.map(|parent| parent.number).collect()
}

/// Whether a parent that is not released keeps its child back: one that was made good does not.
fn keeps_back(lot: &Lot, run: &Run, owed: &ObligationFacts<'_>, parent: &Standing) -> bool {
    let link = run.lots.iter().find(|link| link.record == lot.key);
    let Some((genealogy, link)) = owed.genealogy.zip(link) else { return true };
    let all = genealogy.standing(run, link);
    let mut own = all.iter().filter(|found| alike(&found.parent.number, &parent.number));
    own.all(|found| found.holds)
}

/// What keeps a lot from being used for another that it went into, if anything does.
#[must_use]
pub fn unfit(lot: &Lot, run: &Run, owed: &ObligationFacts<'_>, parent: &Standing) -> bool {
    went_in(lot, run, parent)
        && !parent.fit()
        && (parent.disposition == Disposition::Released || keeps_back(lot, run, owed, parent))
}

/// What a parent brings down: that it is not released, what it is in question for, and what came since this
/// lot was decided on; what quality decided about the parent answers for the parent alone.
fn inherited(
    lot: &Lot,
    run: &Run,
    owed: &ObligationFacts<'_>,
    parent: &Standing,
    grounds: &mut Vec<Ground>,
) {
    // Of a parent that was named since, nothing was covered: what it is in question for now comes with it.
    let known = |ground: &&Ground| lot.covers(ground.record) > 0;
    let since = parent.facts.iter().filter(known).filter(|g| g.seq > lot.covers(g.record));
    grounds.extend(since.cloned());
    if parent.disposition != Disposition::Released {
        if !keeps_back(lot, run, owed, parent) {
            return;
        }
        let released_at = lot.decisions.last().map(|decision| decision.at);
        let since = parent.decided_at.into_iter().chain(released_at).max();
        grounds.push(Ground {
            lot: parent.number.clone(),
            product: parent.product.clone(),
            record: parent.record,
            seq: parent.seq,
            since: since.unwrap_or_default(),
            because: format!("it went in and is {}", parent.disposition.as_str()),
            blocks: true,
            lasts: true,
        });
        return;
    }
    let open = parent.grounds.iter().filter(|g| g.lasts || g.seq > lot.covers(g.record));
    grounds.extend(open.cloned());
}
