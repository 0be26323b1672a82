//! How a lot's parents stand: released, accepted, or what keeps the child back. Looked at anew whenever
//! something is decided, so that what happens to a parent later counts.

use super::alike::skeleton;
use super::{Disposition, Lot};
use crate::domain::run::amendment::Change;
use crate::domain::run::obligations::conforms::tested_anew;
use crate::domain::run::parents::{Parent, parents};
use crate::domain::run::{LotLink, Run};
use std::collections::BTreeMap;

/// Own lots, by the normal form of their numbers, each with the run it came out of.
#[derive(Debug, Default)]
pub struct Genealogy<'a>(BTreeMap<String, Node<'a>>);

/// An own lot with its run.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    /// The lot.
    pub lot: &'a Lot,
    /// The run it came out of, where it was loaded.
    pub run: Option<&'a Run>,
}

/// A parent as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stands {
    /// The parent with everything that names it.
    pub parent: Parent,
    /// How it stands, in words.
    pub word: String,
    /// Whether it keeps its child from release.
    pub holds: bool,
    /// Whether it is a lot of this house.
    pub own: bool,
}

impl Stands {
    /// As a line for people.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.parent.number, self.word)
    }
}

impl<'a> Genealogy<'a> {
    /// Adds an own lot.
    pub fn put(&mut self, lot: &'a Lot, run: Option<&'a Run>) {
        self.0.insert(skeleton(&lot.number), Node { lot, run });
    }

    /// The own lot that a number means, however it is typed.
    #[must_use]
    pub fn own(&self, number: &str) -> Option<Node<'a>> {
        self.0.get(&skeleton(number)).copied()
    }

    /// The parents of a lot of a run as they stand, the ones taken away too.
    #[must_use]
    pub fn standing(&self, run: &Run, lot: &LotLink) -> Vec<Stands> {
        let path = vec![skeleton(&lot.number)];
        let all = parents(run, lot).into_iter();
        all.map(|parent| {
            let own = self.own(&parent.number).is_some();
            let (holds, word) = match &parent.removed {
                Some(removal) => (false, format!("is taken away: {}", removal.reason)),
                None => match self.judged(run, lot, &parent, &path) {
                    Ok(word) => (false, word),
                    Err(word) => (true, word),
                },
            };
            Stands { parent, word, holds, own }
        })
        .collect()
    }

    /// Whether one of these numbers has the lot among its ancestors.
    #[must_use]
    pub fn descends(&self, number: &str, from: &str) -> bool {
        let (mut open, mut seen) = (vec![skeleton(number)], Vec::new());
        let wanted = skeleton(from);
        while let Some(key) = open.pop() {
            if key == wanted {
                return true;
            }
            if seen.contains(&key) {
                continue;
            }
            if let Some(Node { lot, run: Some(run) }) = self.0.get(&key)
                && let Some(link) = link_of(run, lot)
            {
                let kept = parents(run, link).into_iter().filter(|p| p.removed.is_none());
                open.extend(kept.map(|parent| skeleton(&parent.number)));
            }
            seen.push(key);
        }
        false
    }

    /// In order, or what keeps the child back.
    fn judged(
        &self,
        run: &Run,
        child: &LotLink,
        parent: &Parent,
        path: &[String],
    ) -> Result<String, String> {
        let key = skeleton(&parent.number);
        if path.contains(&key) {
            return Err("is its own ancestor".into());
        }
        let Some(node) = self.0.get(&key) else { return foreign(run, &key) };
        if !node.lot.class.is_used() {
            return Err("is waste, which is nobody's parent".into());
        }
        match node.lot.disposition() {
            Disposition::Rejected => made_good(run, child, &node.lot.number),
            Disposition::Withdrawn => Err("is withdrawn".into()),
            Disposition::Quarantined => Err("is not decided".into()),
            Disposition::Released => self.ancestors_of(node, &key, path),
        }
    }

    /// A released parent holds its child back too while one of its own ancestors does.
    fn ancestors_of(&self, node: &Node<'_>, key: &str, path: &[String]) -> Result<String, String> {
        let found = node.run.and_then(|run| Some((run, link_of(run, node.lot)?)));
        let Some((run, link)) = found else {
            return Err("is released, and what went into it was not looked at".into());
        };
        let mut path = path.to_vec();
        path.push(key.to_owned());
        for parent in parents(run, link).iter().filter(|parent| parent.removed.is_none()) {
            if let Err(word) = self.judged(run, link, parent, &path) {
                return Err(format!("is released, but {} {word}", parent.number));
            }
        }
        Ok("is released".into())
    }
}

fn link_of<'r>(run: &'r Run, lot: &Lot) -> Option<&'r LotLink> {
    run.lots.iter().find(|link| link.record == lot.key)
}

/// A lot of somebody else's is what quality decided on it for this run.
fn foreign(run: &Run, key: &str) -> Result<String, String> {
    match run.foreign.get(key) {
        Some(decided) if decided.told.accepted => {
            let told = &decided.told;
            let by = &decided.signed.printed_name;
            Ok(format!("is accepted by {by}: {}, {}", told.supplier, told.document))
        }
        Some(decided) => Err(format!("was refused by quality: {}", decided.told.document)),
        None => Err("is no lot of this house, and quality has not accepted it".into()),
    }
}

/// What was made of a rejected lot by approved reprocessing or rework of it, and tested anew on all
/// specifications, is not held back by it.
fn made_good(run: &Run, child: &LotLink, rejected: &str) -> Result<String, String> {
    let of_it = run.amendments.iter().find(|amendment| {
        let lot = match &amendment.told.change {
            Change::Reprocess { lot, .. } | Change::Rework { lot, .. } => lot.as_deref(),
            Change::Instruction { .. } | Change::Entry { .. } => None,
        };
        let names = lot.is_some_and(|lot| skeleton(lot) == skeleton(rejected));
        names && amendment.in_force.is_some_and(|since| since <= child.at)
    });
    let Some(no) = of_it.map(|found| found.told.no) else { return Err("is rejected".into()) };
    let specifications = run.recipe.release_specifications.iter();
    let old = specifications.filter(|spec| !tested_anew(run, spec, child, no));
    let old: Vec<&str> = old.map(|spec| spec.name.as_str()).collect();
    if old.is_empty() {
        return Ok(format!("is rejected; made good by approved change {no} and tested anew"));
    }
    Err(format!("is rejected; after change {no} not tested anew: {}", old.join(", ")))
}
