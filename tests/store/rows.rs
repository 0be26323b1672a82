//! Derived rows: what screens query is what the journal says, at every moment.

use super::run::{corrected, event, issue, recorded, started};
use super::world::{World, done, on_each};
use batchwright::store::migrate::migrate;
use batchwright::store::noun::run::list_runs;
use batchwright::store::verify::verify;
use batchwright::store::{Paging, RunFilter};
use serde_json::json;

pub fn whole(world: &World) {
    let report = verify(&world.url, None, None).expect("can be read");
    let findings: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    assert!(report.is_whole(), "{findings:#?}");
}

#[test]
fn rows_follow_recording_correcting_holding_and_excepting() {
    on_each(|world| {
        let runs = issue(world, &["B-1", "B-2"]);
        let run = runs[0];
        for k in 1..=3 {
            done(world.kim_does(vec![started(run, k)]));
            done(world.kim_does(vec![recorded(run, k, "0.272")]));
        }
        done(world.kim_does(vec![corrected(run, 2, 2, "0.270")]));
        let opened = json!({"no": 1, "kind": "event", "severity": "minor", "effect": "continue",
            "at": null, "detail": "a bag was scratched"});
        let hold = json!({"no": 1, "scope": {"kind": "run"}, "reason": "wait",
            "lifted_by_authority": "supervise"});
        done(world.kim_does(vec![
            event(run, "run.exception-opened", opened),
            event(run, "run.hold-placed", hold),
        ]));
        done(world.kim_does(vec![event(
            run,
            "run.hold-lifted",
            json!({"no": 1, "reason": "fine"}),
        )]));
        let listed = world.store.read(|c| list_runs(c, &RunFilter::default()));
        let phases: Vec<(String, String)> =
            listed.expect("the runs").items.into_iter().map(|r| (r.number, r.phase)).collect();
        assert_eq!(
            phases,
            [("B-2", "issued"), ("B-1", "issued")].map(|(n, p)| (n.into(), p.into()))
        );
        world.store.checkpoint_now().expect("covers");
        whole(world);
        // After a start the lane folds the journal again and goes on from there.
        world.reopen();
        done(world.kim_does(vec![corrected(run, 3, 2, "0.271")]));
        world.store.checkpoint_now().expect("covers");
        whole(world);
    });
}

#[test]
fn lists_come_in_parts_without_gap_or_repetition() {
    on_each(|world| {
        let numbers: Vec<String> = (1..=5).map(|n| format!("B-{n}")).collect();
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        issue(world, &numbers);
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let paging = Paging { cursor, limit: 2 };
            let filter =
                RunFilter { purpose: Some("preparation".into()), paging, ..Default::default() };
            let page = world.store.read(|c| list_runs(c, &filter)).expect("a page");
            seen.extend(page.items.into_iter().map(|run| run.number));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["B-5", "B-4", "B-3", "B-2", "B-1"]);
        let none = RunFilter { purpose: Some("production".into()), ..Default::default() };
        assert!(world.store.read(|c| list_runs(c, &none)).expect("a page").items.is_empty());
    });
}

#[test]
fn a_derived_table_that_is_not_there_is_made_and_filled_from_the_journal() {
    on_each(|world| {
        let run = issue(world, &["B-1", "B-2"])[0];
        done(world.kim_does(vec![started(run, 1), recorded(run, 1, "0.272")]));
        let count = |table: &str| world.count(&format!("SELECT count(*) AS n FROM {table}"));
        let before = (count("runs"), count("records"), count("mentioned"));
        assert!(before.2 > 0, "nothing is mentioned");
        let dropped = world.sql("DROP TABLE runs; DROP TABLE records; DROP TABLE mentioned");
        dropped.expect("dropped");
        assert!(migrate(&world.url, None).expect("made again").is_empty(), "no step was missing");
        assert_eq!((count("runs"), count("records"), count("mentioned")), before);
        whole(world);
    });
}
