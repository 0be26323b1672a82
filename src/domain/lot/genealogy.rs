//! How a lot's parents stand: released, accepted, or what keeps the child back. Looked at anew whenever
//! something is decided, so that what happens to a parent later counts.

use super::alike::{alike, forms};
use super::{Disposition, Lot};
use crate::domain::ids::RecordKey;
use crate::domain::run::amendment::Change;
use crate::domain::run::obligations::conforms::tested_anew;
use crate::domain::run::parents::{ForeignRun, Parent, parents};
use crate::domain::run::{LotLink, Run};
use std::collections::{BTreeMap, BTreeSet};

/// Own lots, by the forms in which their numbers read, each with the run it came out of; and what quality
/// decided elsewhere on lots of others.
#[derive(Debug, Default)]
pub struct Genealogy<'a> {
    folded: BTreeMap<String, Node<'a>>,
    drawn: BTreeMap<String, Node<'a>>,
    elsewhere: Vec<(&'a Run, &'a ForeignRun)>,
    /// Products beyond a reader's scope.
    beyond: BTreeSet<String>,
}

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
    /// Its product, of a lot of this house.
    pub product: Option<String>,
}

impl Stands {
    /// The same for a reader: of a product beyond their scope, whether it may be used and no more.
    #[must_use]
    pub fn within(self, reaches: &dyn Fn(&str) -> bool) -> Self {
        if self.product.as_deref().is_none_or(reaches) {
            return self;
        }
        let word = if self.holds { "keeps this lot back" } else { "may be used" };
        Self { word: word.to_owned(), ..self }
    }

    /// As a line for people.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.parent.number, self.word)
    }
}

/// How far a walk upstream has come with a lot: it is being judged, or what was found.
type Judged = BTreeMap<RecordKey, Option<Result<String, String>>>;

impl<'a> Genealogy<'a> {
    /// Adds an own lot.
    pub fn put(&mut self, lot: &'a Lot, run: Option<&'a Run>) {
        let (forms, node) = (forms(&lot.number), Node { lot, run });
        self.folded.insert(forms.folded, node);
        self.drawn.insert(forms.drawn, node);
    }

    /// Adds what quality decided in another run on lots of others.
    pub fn put_foreign(&mut self, run: &'a Run) {
        if !self.elsewhere.iter().any(|(known, _)| known.key == run.key) {
            self.elsewhere.extend(run.foreign.values().map(|decided| (run, decided)));
        }
    }

    /// The same for a reader: of products beyond their scope, whether a lot may be used and no more.
    #[must_use]
    pub fn within(mut self, reaches: &dyn Fn(&str) -> bool) -> Self {
        let own = self.folded.values().map(|node| node.lot.product.clone());
        let elsewhere = self.elsewhere.iter().map(|(run, _)| run.recipe.product.code.clone());
        self.beyond = own.chain(elsewhere).filter(|product| !reaches(product)).collect();
        self
    }

    /// The own lot that a number means, however it is typed: as folded before as drawn.
    #[must_use]
    pub fn own(&self, number: &str) -> Option<Node<'a>> {
        let forms = forms(number);
        let (folded, drawn) = (&forms.folded, &forms.drawn);
        let found = self.folded.get(folded).or_else(|| self.drawn.get(drawn));
        found.or_else(|| self.drawn.get(folded)).or_else(|| self.folded.get(drawn)).copied()
    }

    /// The decision of quality in another run on a lot of somebody else's that reads like this number.
    #[must_use]
    pub fn decided_elsewhere(&self, number: &str) -> Option<&'a ForeignRun> {
        let mut all = self.elsewhere.iter().map(|(_, decided)| *decided);
        all.find(|decided| decided.answers(number, None))
    }

    /// The parents of a lot of a run as they stand, the ones taken away too.
    #[must_use]
    pub fn standing(&self, run: &Run, lot: &LotLink) -> Vec<Stands> {
        let mut judged = Judged::from([(lot.record, None)]);
        let all = parents(run, lot).into_iter();
        all.map(|parent| {
            let own = self.own(&parent.number);
            let refused = || self.refused_since(run, &parent.number).map(|(other, _)| other);
            let product = own.map(|node| node.lot.product.clone());
            let product = product.or_else(|| refused().map(|run| run.recipe.product.code.clone()));
            let (holds, word) = match &parent.removed {
                Some(removal) => (false, format!("is taken away: {}", removal.reason)),
                None => match self.judged(run, lot, &parent, &mut judged) {
                    Ok(word) => (false, word),
                    Err(word) => (true, word),
                },
            };
            let stands = Stands { parent, word, holds, own: own.is_some(), product };
            stands.within(&|product| !self.beyond.contains(product))
        })
        .collect()
    }

    /// Whether one of these numbers has the lot among its ancestors.
    #[must_use]
    pub fn descends(&self, number: &str, from: &str) -> bool {
        let (mut open, mut seen) = (vec![number.to_owned()], Vec::new());
        while let Some(number) = open.pop() {
            if alike(&number, from) {
                return true;
            }
            let Some(Node { lot, run: Some(run) }) = self.own(&number) else { continue };
            if seen.contains(&lot.key) {
                continue;
            }
            seen.push(lot.key);
            if let Some(link) = link_of(run, lot) {
                let kept = parents(run, link).into_iter().filter(|p| p.removed.is_none());
                open.extend(kept.map(|parent| parent.number));
            }
        }
        false
    }

    /// In order, or what keeps the child back.
    fn judged(
        &self,
        run: &Run,
        child: &LotLink,
        parent: &Parent,
        judged: &mut Judged,
    ) -> Result<String, String> {
        let Some(node) = self.own(&parent.number) else { return self.foreign(run, &parent.number) };
        if !node.lot.class.is_used() {
            return Err("is waste, which is nobody's parent".into());
        }
        match node.lot.disposition() {
            Disposition::Rejected => made_good(run, child, &node.lot.number),
            Disposition::Withdrawn => Err("is withdrawn".into()),
            Disposition::Quarantined => Err("is not decided".into()),
            Disposition::Released => self.released(&node, judged),
        }
    }

    /// A released parent holds its child back too while one of its own ancestors does. Each lot is judged once.
    fn released(&self, node: &Node<'_>, judged: &mut Judged) -> Result<String, String> {
        match judged.get(&node.lot.key) {
            Some(Some(known)) => return known.clone(),
            Some(None) => return Err("is its own ancestor".into()),
            None => {}
        }
        judged.insert(node.lot.key, None);
        let found = self.ancestors_of(node, judged);
        judged.insert(node.lot.key, Some(found.clone()));
        found
    }

    fn ancestors_of(&self, node: &Node<'_>, judged: &mut Judged) -> Result<String, String> {
        let found = node.run.and_then(|run| Some((run, link_of(run, node.lot)?)));
        let Some((run, link)) = found else {
            return Err("is released, and what went into it was not looked at".into());
        };
        for parent in parents(run, link).iter().filter(|parent| parent.removed.is_none()) {
            if let Err(word) = self.judged(run, link, parent, judged) {
                return Err(format!("is released, but {} {word}", parent.number));
            }
        }
        Ok("is released".into())
    }

    /// A lot of somebody else's is what quality decided on it for this run, of every supplier that it named, unless
    /// it was refused since for another run.
    fn foreign(&self, run: &Run, number: &str) -> Result<String, String> {
        let mut own: Vec<_> = run.foreign.values().filter(|it| it.answers(number, None)).collect();
        own.sort_by_key(|decided| decided.at);
        if let Some(refused) = own.iter().find(|decided| !decided.told.accepted) {
            return Err(format!("was refused by quality: {}", refused.told.document));
        }
        let Some(decided) = own.last() else {
            return Err("is no lot of this house, and quality has not accepted it".into());
        };
        if let Some((other, refusal)) = self.refused_since(run, number) {
            let (batch, document) = (&other.number, &refusal.told.document);
            return Err(format!("was refused by quality since, for batch {batch}: {document}"));
        }
        let (told, by) = (&decided.told, &decided.signed.printed_name);
        Ok(format!("is accepted by {by}: {}, {}", told.supplier, told.document))
    }

    /// Where the same supplier's lot was refused after it was accepted for this run.
    fn refused_since(&self, run: &Run, number: &str) -> Option<(&'a Run, &'a ForeignRun)> {
        let own = || run.foreign.values().filter(|it| it.answers(number, None));
        self.elsewhere.iter().copied().find(|(_, other)| {
            own().any(|it| other.answers(number, Some(&it.told.supplier)) && other.at > it.at)
        })
    }
}

fn link_of<'r>(run: &'r Run, lot: &Lot) -> Option<&'r LotLink> {
    run.lots.iter().find(|link| link.record == lot.key)
}

/// What was made of a rejected lot by approved reprocessing or rework of it, and tested anew on all
/// specifications, is not held back by it.
fn made_good(run: &Run, child: &LotLink, rejected: &str) -> Result<String, String> {
    let of_it = run.amendments.iter().find(|amendment| {
        let lot = match &amendment.told.change {
            Change::Reprocess { lot, .. } | Change::Rework { lot, .. } => lot.as_deref(),
            Change::Instruction { .. } | Change::Entry { .. } => None,
        };
        let names = lot.is_some_and(|lot| alike(lot, rejected));
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
