//! What is known of where lots come from: the own ones with their runs, and what quality decided on others.

mod upstream;

use super::lot_refusal::{OWN_ANCESTOR, WASTE_NO_PARENT};
use super::parents::{ForeignRun, Parent, parents};
use super::{LotLink, Run};
use crate::domain::alike::{alike, forms};
use crate::domain::entry::identifier;
use crate::domain::facts::LotFacts;
use crate::domain::refusal::{MALFORMED, Refusal};
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
    pub lot: LotFacts<'a>,
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

impl<'a> Genealogy<'a> {
    /// Adds an own lot.
    pub fn put(&mut self, lot: LotFacts<'a>, run: Option<&'a Run>) {
        let (forms, node) = (forms(lot.number), Node { lot, run });
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
        let own = self.folded.values().map(|node| node.lot.product.to_owned());
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

    /// Whether one of these numbers has the lot among its ancestors.
    #[must_use]
    pub fn descends(&self, number: &str, from: &str) -> bool {
        let (mut open, mut seen) = (vec![number.to_owned()], Vec::new());
        while let Some(number) = open.pop() {
            if alike(&number, from) {
                return true;
            }
            let Some(Node { lot, run: Some(run) }) = self.own(&number) else { continue };
            if seen.contains(&lot.record) {
                continue;
            }
            seen.push(lot.record);
            if let Some(link) = link_of(run, lot) {
                let kept = parents(run, link).into_iter().filter(|p| p.removed.is_none());
                open.extend(kept.map(|parent| parent.number));
            }
        }
        false
    }

    /// What keeps a number from being a parent of a lot: it is malformed, the lot itself, waste, or made
    /// from it.
    ///
    /// # Errors
    /// `malformed`, `own-ancestor`, `waste-is-no-parent`.
    pub fn fit(&self, lot: &str, parent: &str) -> Result<(), Refusal> {
        identifier::check(parent)
            .map_err(|fault| Refusal::new(&MALFORMED, format!("parent {parent:?}: {fault}")))?;
        if self.descends(parent, lot) {
            let detail = format!("lot {parent} is lot {lot} itself, or was made from it");
            return Err(Refusal::new(&OWN_ANCESTOR, detail));
        }
        match self.own(parent) {
            Some(node) if !node.lot.class.is_used() => {
                Err(Refusal::new(&WASTE_NO_PARENT, format!("lot {} is waste", node.lot.number)))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Where the same supplier's lot was refused after it was accepted for this run.
    fn refused_since(&self, run: &Run, number: &str) -> Option<(&'a Run, &'a ForeignRun)> {
        let own = || run.foreign.values().filter(|it| it.answers(number, None));
        self.elsewhere.iter().copied().find(|(_, other)| {
            own().any(|it| other.answers(number, Some(&it.told.supplier)) && other.at > it.at)
        })
    }
}

fn link_of<'r>(run: &'r Run, lot: LotFacts<'_>) -> Option<&'r LotLink> {
    run.lots.iter().find(|link| link.record == lot.record)
}
