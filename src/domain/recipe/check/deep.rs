//! How deep values follow one from the other: a record that is deeper than anybody reads is not walked.

use super::{Finding, TOO_DEEP, all_entries};
use crate::domain::calc;
use crate::domain::entry::computing::Reference;
use crate::domain::recipe::MasterRecord;
use std::collections::BTreeMap;

/// So deep a chain of computed values may go, the nesting of each formula counted: a person follows a fraction of it,
/// and a server's stack holds several times as much.
const DEEPEST: usize = 400;

/// What one value that follows from another adds to the nesting of its own formula.
const LINK: usize = 4;

/// A step (none: the run itself) and an entry of it.
type Named = (Option<String>, String);

struct Computed {
    pointer: String,
    depth: usize,
    needs: Vec<Named>,
}

pub(super) fn check(record: &MasterRecord, findings: &mut Vec<Finding>) {
    let mut open = computed(record);
    let mut depths: BTreeMap<Named, usize> = BTreeMap::new();
    // What stands in a circle never gets a depth: it is found there.
    loop {
        let ready = |needs: &Vec<Named>| needs.iter().all(|need| !open.contains_key(need));
        let next: Vec<Named> = open
            .iter()
            .filter(|(_, it)| ready(&it.needs))
            .map(|(named, _)| named.clone())
            .collect();
        if next.is_empty() {
            return;
        }
        for named in next {
            let Some(it) = open.remove(&named) else { continue };
            let below = it.needs.iter().filter_map(|need| depths.get(need)).max();
            let depth = it.depth + LINK + below.copied().unwrap_or(0);
            if depth > DEEPEST {
                let sentence = format!(
                    "{} follows from values that are computed from values, {depth} deep with the nesting of their formulas, and {DEEPEST} is the most: nobody can review that; record a value between, or write fewer formulas",
                    named.1
                );
                findings.push(Finding::new(it.pointer, TOO_DEEP, "C211-68b2", sentence));
                return;
            }
            depths.insert(named, depth);
        }
    }
}

fn computed(record: &MasterRecord) -> BTreeMap<Named, Computed> {
    let mut found = BTreeMap::new();
    for (step, entry) in all_entries(record) {
        let kind = entry.what.kind.as_kind();
        let Some(inputs) = kind.inputs() else { continue };
        let own = step.map(|step| step.id.clone());
        let when = entry.what.when.as_deref().and_then(|when| calc::parse(when).ok());
        let formula = kind.formula().and_then(|formula| calc::parse(formula.expression).ok());
        let depth = |expr: &Option<calc::Expr>| expr.as_ref().map_or(1, calc::Expr::depth);
        let asked = when.as_ref().map(calc::Expr::references).unwrap_or_default();
        let needs = inputs.into_iter().chain(asked).filter_map(|need| match need {
            Reference::Entry { step, entry, .. } => Some((step.or_else(|| own.clone()), entry)),
            Reference::Moment(_) | Reference::Run => None,
        });
        let (needs, depth) = (needs.collect(), depth(&formula).max(depth(&when)));
        let named = (own.clone(), entry.what.id.clone());
        found.insert(named, Computed { pointer: entry.pointer, depth, needs });
    }
    found
}
