//! What a limit is for: an inner limit warns before an outer one is crossed, and a ratio is taken of what has a zero.

use super::{At, Finding};
use crate::domain::calc::types::{Sort, Sorts, sort};
use crate::domain::calc::{Aggregate, Expr, Op};
use crate::domain::entry::spec::EntrySpec;
use crate::domain::limits::{Limit, Purpose};

/// Alert and control limits lie inside those of acceptance.
pub(super) fn inner(entry: &At<'_, EntrySpec>, findings: &mut Vec<Finding>) {
    let limits = entry.what.kind.clone().as_kind_mut().take_limits();
    for list in [&limits.value, &limits.single] {
        let Some(outer) = list.iter().find(|it| it.purpose == Purpose::Acceptance) else {
            continue;
        };
        let warns = |it: &&Limit| [Purpose::Alert, Purpose::Control].contains(&it.purpose);
        for limit in list.iter().filter(warns).filter(|limit| is_wider(limit, outer)) {
            let purpose = limit.purpose.as_str();
            let sentence = format!(
                "{}: the {purpose} limit reaches beyond that of acceptance, so that it warns of nothing: set it inside, or leave it out",
                entry.what.id
            );
            findings.push(Finding::new(&entry.pointer, "limits", "C211-110b", sentence));
        }
    }
}

fn is_wider(limit: &Limit, outer: &Limit) -> bool {
    let below = |a: &Limit| a.low.as_ref().map(|end| end.value);
    let above = |a: &Limit| a.high.as_ref().map(|end| end.value);
    let low = matches!((below(limit), below(outer)), (Some(own), Some(of)) if own < of);
    let high = matches!((above(limit), above(outer)), (Some(own), Some(of)) if own > of);
    low || high
}

/// The first part of an expression that takes a ratio of what has no zero of its own: of 20 °C and 10 °C none is
/// twice the other.
pub(super) fn ratio(expr: &Expr, sorts: &dyn Sorts) -> Option<String> {
    let moved = |of: &Expr| match sort(of, sorts) {
        Ok(Sort::Number(unit)) => unit.is_moved().then_some(unit),
        Ok(_) | Err(_) => None,
    };
    let scale = |of: &Expr| moved(of).filter(|_| is_point(of));
    let mut open = vec![expr];
    while let Some(at) = open.pop() {
        open.extend(at.parts());
        let unit = match at {
            // A number that is written is a distance, where a distance is divided by it.
            Expr::Binary(Op::Over, above, below) => {
                let written = matches!(**below, Expr::Number(..));
                let of = scale(above).filter(|_| moved(below).is_some());
                of.or_else(|| scale(below).filter(|_| !written))
            }
            Expr::Power(base, _) => scale(base),
            Expr::Aggregate(Aggregate::Rsd | Aggregate::Geomean, list) => {
                list.iter().find_map(scale)
            }
            _ => None,
        };
        if let Some(unit) = unit {
            return Some(format!(
                "{at} takes a ratio of what is read in {unit}, whose zero is an agreement and no nothing: take a difference of two readings first, or record in kelvin"
            ));
        }
    }
    None
}

/// Whether an expression is a point on its scale, not a distance on it.
fn is_point(expr: &Expr) -> bool {
    match expr {
        Expr::Place(_) | Expr::Number(..) => true,
        Expr::Convert(inner, _)
        | Expr::Round(inner, ..)
        | Expr::Abs(inner)
        | Expr::Negate(inner) => is_point(inner),
        Expr::Binary(Op::Plus, a, b) => is_point(a) && is_point(b),
        Expr::If(_, a, b) => is_point(a) || is_point(b),
        Expr::Aggregate(of, list) => {
            !matches!(of, Aggregate::Sd | Aggregate::Rsd | Aggregate::Count)
                && list.iter().all(is_point)
        }
        Expr::Text(_)
        | Expr::Truth(_)
        | Expr::Not(_)
        | Expr::Binary(..)
        | Expr::Call(..)
        | Expr::Power(..) => false,
    }
}
