//! How a lot's parents stand: released, accepted, or what keeps the child back. Looked at anew whenever
//! something is decided, so that what happens to a parent later counts.

use super::{Genealogy, Node, Stands, link_of};
use crate::domain::alike::alike;
use crate::domain::disposition::Disposition;
use crate::domain::ids::{RecordKey, RecordKind};
use crate::domain::recipe::OutputClass;
use crate::domain::run::amendment::Change;
use crate::domain::run::obligations::conforms::tested_anew;
use crate::domain::run::parents::{Parent, parents};
use crate::domain::run::{LotLink, Run};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How far a walk upstream has come with a lot: it is being judged, or what was found.
type Judged = BTreeMap<RecordKey, Option<Result<String, String>>>;

impl Genealogy<'_> {
    /// The parents of a lot of a run as they stand, the ones taken away too.
    #[must_use]
    pub fn standing(&self, run: &Run, lot: &LotLink) -> Vec<Stands> {
        let mut judged = Judged::from([(lot.record, None)]);
        let all = parents(run, lot).into_iter();
        all.map(|parent| {
            let own = self.own(&parent.number);
            let refused = || self.refused_since(run, &parent.number).map(|(other, _)| other);
            let product = own.map(|node| node.lot.product.to_owned());
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

    /// Every lot that the run names as it stands, as if a lot came out of it now: how components are told before
    /// one does. Lots of the run itself are not among them.
    #[must_use]
    pub fn named(&self, run: &Run) -> Vec<Stands> {
        let yet = LotLink {
            record: RecordKey::new(RecordKind::Lot, Uuid::nil()),
            number: String::new(),
            printed: None,
            output: String::new(),
            class: OutputClass::Product,
            material: String::new(),
            quantity: run.recipe.batch_size.clone(),
            at: run.issued_at,
            parents: Vec::new(),
            removals: Vec::new(),
            disposition: String::new(),
            was_released: false,
        };
        self.standing(run, &yet)
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
            Disposition::Rejected => made_good(run, child, node.lot.number),
            Disposition::Withdrawn => Err("is withdrawn".into()),
            Disposition::Quarantined => Err("is not decided".into()),
            Disposition::Released => self.released(&node, judged),
        }
    }

    /// A released parent holds its child back too while one of its own ancestors does. Each lot is judged once.
    fn released(&self, node: &Node<'_>, judged: &mut Judged) -> Result<String, String> {
        match judged.get(&node.lot.record) {
            Some(Some(known)) => return known.clone(),
            Some(None) => return Err("is its own ancestor".into()),
            None => {}
        }
        judged.insert(node.lot.record, None);
        let found = self.ancestors_of(node, judged);
        judged.insert(node.lot.record, Some(found.clone()));
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
