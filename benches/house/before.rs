//! Rows over HTTP for this program and, where that was asked for, for the one before as well.

use crate::Bench;
use crate::kit::program::Program;
use crate::table::{Limit, Line};

/// The row for this program; with `before=all` also for the program before, without a limit.
pub fn and_before(bench: &Bench, row: impl Fn(&Program) -> Vec<Line>) -> Vec<Line> {
    let mut lines = row(&bench.this);
    if let Some(before) = bench.before.as_ref().filter(|_| bench.plan.before_all) {
        let old = row(before)
            .into_iter()
            .map(|line| Line { what: format!("before: {}", line.what), ..line.limit(Limit::None) });
        lines.extend(old);
    }
    lines
}
