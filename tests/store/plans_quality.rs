//! How both engines find what quality asks for: along an index, whatever the filter, and never by looking at every
//! row of what grows with each entry.

use super::run::{issue, recorded, started};
use super::world::{Engine, World, done, on_each};
use batchwright::domain::clock::Instant;
use batchwright::domain::ids::{RecordKey, RecordKind};
use batchwright::store::noun::deviation::DeviationFilter;
use batchwright::store::noun::exception::ExceptionFilter;
use batchwright::store::noun::lot::LotFilter;
use batchwright::store::noun::mention::{Sort, identifier};
use batchwright::store::question::{Listed, plan};
use batchwright::store::trail::{AuditFilter, Part};
use diesel::connection::SimpleConnection;

/// A list by its name, with the index that leads to what is asked for.
type Row = (&'static str, Box<dyn Listed>, &'static str);

fn words(word: &str) -> Vec<String> {
    vec![word.to_owned()]
}

fn trails(world: &World) -> Vec<Row> {
    let trail = AuditFilter::default;
    let run = RecordKey::new(RecordKind::Run, world.kim);
    let place = Some("1772344800000000~100".to_owned());
    vec![
        ("trail", Box::new(trail()), "journal_at"),
        ("trail behind", Box::new(AuditFilter { cursor: place, ..trail() }), "journal_at"),
        ("trail from", Box::new(AuditFilter { from: Some(Instant(5)), ..trail() }), "journal_at"),
        (
            "trail critical",
            Box::new(AuditFilter { among: words("run.entry-corrected"), ..trail() }),
            "journal_at",
        ),
        (
            "trail of an event",
            Box::new(AuditFilter { actions: words("run.entry-corrected"), ..trail() }),
            "journal_event",
        ),
        (
            "trail of somebody",
            Box::new(AuditFilter { person: Some(world.kim), ..trail() }),
            "mentioned_sort_word_at_leaf",
        ),
        (
            "trail of somebody's word",
            Box::new(AuditFilter { person: Some(world.kim), part: Part::Attested, ..trail() }),
            "mentioned_sort_word_at_leaf",
        ),
        (
            "trail of a thing",
            Box::new(AuditFilter { named: Some((Sort::Lot, identifier("L-1"))), ..trail() }),
            "mentioned_sort_word_at_leaf",
        ),
        (
            "trail of what was done",
            Box::new(AuditFilter { done_from: Some(Instant(5)), ..trail() }),
            "mentioned_sort_word_at_leaf",
        ),
        ("trail of a record", Box::new(AuditFilter { record: Some(run), ..trail() }), "record_id"),
    ]
}

fn exceptions_of(world: &World) -> Vec<Row> {
    let exceptions = ExceptionFilter::default;
    vec![
        ("exceptions", Box::new(exceptions()), "exceptions_opened_at_seq_batch"),
        (
            "exceptions open",
            Box::new(ExceptionFilter { states: words("open"), ..exceptions() }),
            "exceptions_state_opened_at_seq_batch",
        ),
        (
            "exceptions of a kind",
            Box::new(ExceptionFilter { kinds: words("late-entry"), ..exceptions() }),
            "exceptions_kind_opened_at_seq_batch",
        ),
        (
            "exceptions of a severity",
            Box::new(ExceptionFilter { severities: words("critical"), ..exceptions() }),
            "exceptions_severity_opened_at_seq_batch",
        ),
        (
            "exceptions of somebody",
            Box::new(ExceptionFilter { person: Some(world.kim), ..exceptions() }),
            "exceptions_person_opened_at_seq_batch",
        ),
        (
            "exceptions of a batch",
            Box::new(ExceptionFilter { batch: Some("B-1".into()), ..exceptions() }),
            "exceptions_batch_opened_at_seq",
        ),
    ]
}

fn others() -> Vec<Row> {
    let deviations = DeviationFilter::default;
    vec![
        ("deviations", Box::new(deviations()), NUMBER),
        (
            "deviations open",
            Box::new(DeviationFilter { phases: words("open"), ..deviations() }),
            "deviations_phase_number",
        ),
        (
            "deviations of an owner",
            Box::new(DeviationFilter { owner: Some(uuid::Uuid::nil()), ..deviations() }),
            "deviations_owner_number",
        ),
        ("deviations due", Box::new(DeviationFilter { due: Some(1), ..deviations() }), NUMBER),
        (
            "deviations of a batch",
            Box::new(DeviationFilter { batch: Some("B-1".into()), ..deviations() }),
            "deviation",
        ),
        ("lots", Box::new(LotFilter::default()), NUMBER),
        (
            "lots released",
            Box::new(LotFilter { disposition: Some("released".into()), ..LotFilter::default() }),
            "lots_disposition_number",
        ),
        (
            "lots of a batch",
            Box::new(LotFilter { batch: Some("B-1".into()), ..LotFilter::default() }),
            "lots_run_number_number",
        ),
    ]
}

/// The index that keeps numbers apart: each engine calls it by a name of its own.
const NUMBER: &str = "";

// finding: R17, R16
#[test]
fn what_quality_asks_for_is_found_along_an_index_on_both_engines() {
    on_each(|world| {
        let run = issue(world, &["B-1"])[0];
        done(world.kim_does(vec![started(run, 1), recorded(run, 1, "0.272")]));
        let all = trails(world).into_iter().chain(exceptions_of(world)).chain(others());
        for (name, list, index) in all {
            let found = world.store.read(|conn| {
                if world.engine == Engine::Postgres {
                    conn.batch_execute("SET enable_seqscan = off; SET enable_bitmapscan = off")?;
                }
                plan(conn, &*list)
            });
            let lines = found.unwrap_or_else(|e| panic!("{name}: {e}"));
            let text = lines.join("\n");
            let whole = |line: &String| {
                let scan = line.contains("SCAN")
                    && !line.contains("USING")
                    && !line.contains("SCAN (")
                    && !line.contains("SCAN a")
                    && !line.contains("SCAN b")
                    && !line.contains("SCAN c");
                scan || line.contains("Seq Scan")
            };
            assert!(!lines.iter().any(whole), "{name} looks at every row:\n{text}");
            let named = match (index, world.engine) {
                ("record_id", Engine::Sqlite) => "sqlite_autoindex_journal_1",
                ("record_id", Engine::Postgres) => "journal_record_id_seq_key",
                (index, _) => index,
            };
            assert!(text.contains(named), "{name} goes along another index than {named}:\n{text}");
            let sorts = text.contains("USE TEMP B-TREE FOR ORDER BY");
            assert!(!sorts || name.contains("done"), "{name} is sorted anew:\n{text}");
        }
    });
}
