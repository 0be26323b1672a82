//! Identifiers that are drawn alike inside one batch.

use crate::house::recipes::effective;
use crate::house::world::on_one;
use crate::identifiers::{begun_from, recipe, record, told};
use serde_json::json;

// finding: P6
#[test]
fn a_small_l_and_an_rn_are_told_inside_one_batch_too() {
    on_one(|world| {
        effective(world, &recipe("BUF-DRAWN"));
        for (i, (entries, one, twin)) in [
            (["sample-1", "sample-2"], "S-1", "S-l"),
            (["sample-1", "sample-2"], "lom-2", "lorn-2"),
            (["lot", "second"], "NA-2026-01", "NA-2026-0l"),
            (["balance", "scale"], "BAL-10", "BAL-lO"),
        ]
        .into_iter()
        .enumerate()
        {
            let batch = begun_from(world, &format!("DRAWN-{i}"), "BUF-DRAWN");
            let as_sent = |id: &str| match entries[0] {
                "sample-1" => json!({ "id": id }),
                _ => json!(id),
            };
            record(&batch, entries[0], &as_sent(one));
            record(&batch, entries[1], &as_sent(twin));
            let found = told(&batch);
            assert_eq!(found.len(), 1, "{twin}: {found:?}");
            assert_eq!(found[0].0, "look-alike", "{found:?}");
            assert!(found[0].1.contains(one) && found[0].1.contains(twin), "{found:?}");
        }
    });
}
