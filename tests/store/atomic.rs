//! Neither or both: what the engine refuses half way leaves nothing, and takes nobody else with it.

use super::rows::whole;
use super::run::{event, issue};
use super::world::{Engine, Say, World, decision, done, on_each, write};
use batchwright::domain::command::{Planned, Stamp};
use batchwright::domain::ids::{RecordKey, RecordKind};
use batchwright::domain::loaded::Loaded;
use batchwright::store::migrate::migrate;
use batchwright::store::operational::credentials;
use batchwright::store::{Alongside, Outcome, ReceiptKey, Store, Submission};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde_json::json;

/// Makes the engine refuse a certain derived row: the last thing a group writes.
fn make_rows_fail(world: &World) {
    let trap = match world.engine {
        Engine::Sqlite => {
            "CREATE TRIGGER trap BEFORE INSERT ON deviations WHEN NEW.number = 'DEV-2'
             BEGIN SELECT RAISE(ABORT, 'trapped'); END"
        }
        Engine::Postgres => {
            "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN RAISE EXCEPTION ''trapped''; END';
             CREATE TRIGGER trap BEFORE INSERT ON deviations FOR EACH ROW
             WHEN (NEW.number = 'DEV-2') EXECUTE FUNCTION trap()"
        }
    };
    world.sql(trap).expect("a trap");
}

fn scratched(run: RecordKey, no: u32) -> Planned {
    let opened = json!({"no": no, "kind": "event", "severity": "minor", "effect": "continue",
        "at": null, "detail": "a bag was scratched"});
    event(run, "run.exception-opened", opened)
}

// shows: P11-10e1.a, T11.a
#[test]
fn a_command_whose_last_row_fails_leaves_no_entry_receipt_or_operational_row() {
    on_each(|world| {
        let run = issue(world, &["B-1"])[0];
        make_rows_fail(world);
        let send = |k: u32, no: u32| {
            let deviation = RecordKey::new(RecordKind::Deviation, uuid::Uuid::now_v7());
            let opened = json!({"number": format!("DEV-{k}"), "title": "scratch", "class": "minor",
                "run": run, "run_number": "B-1", "exceptions": []});
            let opened = event(deviation, "deviation.opened", opened);
            let events = vec![scratched(run, no), scratched(run, no + 1), opened];
            let submission = Submission::by(write(events), world.kim, None);
            world.store.submit(Submission {
                receipt: Some(ReceiptKey { key: format!("k-{k}"), hmac: [1; 32] }),
                alongside: vec![Alongside::PutContact {
                    person: world.kim,
                    data: json!({ "k": k }).to_string(),
                }],
                ..submission
            })
        };
        let pending = vec![send(1, 1), send(2, 3), send(3, 3)];
        let outcomes: Vec<Outcome> = pending.into_iter().map(|p| p.wait()).collect();
        let [first, second, third] = <[Outcome; 3]>::try_from(outcomes).expect("three");
        assert_eq!(done(first)[0], (run, 3));
        assert!(matches!(&second, Outcome::Failed(_)), "{second:?}");
        assert_eq!(done(third)[0], (run, 5));
        let one = "SELECT count(*) AS n FROM";
        assert_eq!(world.count(&format!("{one} receipts")), 2);
        assert_eq!(world.count(&format!("{one} deviations")), 2);
        let kim = world.kim;
        let contact = world.store.read(move |conn| credentials::contact(conn, kim));
        assert_eq!(contact.expect("read").as_deref(), Some(r#"{"k":3}"#));
        world
            .sql(match world.engine {
                Engine::Sqlite => "DROP TRIGGER trap",
                Engine::Postgres => "DROP TRIGGER trap ON deviations",
            })
            .expect("taken away");
        world.store.checkpoint_now().expect("covers");
        whole(world);
    });
}

#[test]
fn a_rule_that_panics_fails_alone() {
    on_each(|world| {
        let panics = |_: &Loaded, _: &Stamp| panic!("meant by this test");
        let bad = Submission::by(Box::new(Say("panic", Vec::new(), panics)), world.kim, None);
        let good = || {
            let event = world.renamed("Kim Larsen", "Kim P");
            world.store.submit(Submission::by(write(vec![event]), world.kim, None))
        };
        let (before, bad, after) = (good(), world.store.submit(bad), good());
        done(before.wait());
        assert!(matches!(bad.wait(), Outcome::Failed(_)));
        done(after.wait());
        let nothing = |_: &Loaded, _: &Stamp| Ok(decision(Vec::new(), json!("told")));
        let question = Say("ask", Vec::new(), nothing);
        done(world.store.submit(Submission::by(Box::new(question), world.kim, None)).wait());
    });
}

// shows: P11-10e2.b, T12.a
#[test]
fn the_runtime_role_of_postgres_can_serve_but_not_forget() {
    let Some(world) =
        super::world::engines().contains(&Engine::Postgres).then(|| World::found(Engine::Postgres))
    else {
        return;
    };
    world.store.shutdown().expect("ends");
    let role = format!("bw_role_{}", &world.kim.simple().to_string()[20..]);
    world.sql(&format!("CREATE ROLE {role} LOGIN")).expect("a role");
    migrate(&world.url, Some(&role)).expect("granted");
    assert!(migrate(&world.url, Some("x; DROP TABLE journal")).is_err());
    let url = world.url.replace("postgres@", &format!("{role}@"));
    if let Ok(mut conn) = PgConnection::establish(&url) {
        let attacks = [
            "UPDATE journal SET event = 'x'",
            "DELETE FROM blobs",
            "DELETE FROM log_head",
            "TRUNCATE journal",
        ];
        for attack in attacks {
            let refused = conn.batch_execute(attack).expect_err(attack).to_string();
            assert!(refused.contains("permission denied"), "{refused}");
        }
        let attack = "ALTER TABLE journal DISABLE TRIGGER ALL";
        assert!(conn.batch_execute(attack).is_err());
        let store = Store::open(World::options(&url, &world.clock)).expect("serves");
        let event = world.renamed("Kim Larsen", "Kim R");
        done(store.submit(Submission::by(write(vec![event]), world.kim, None)).wait());
        store.checkpoint_now().expect("covers").expect("signed");
        store.shutdown().expect("ends");
        whole(&world);
    } else {
        eprintln!("*** THIS SERVER LETS NO ROLE IN WITHOUT A PASSWORD: GRANTS ARE NOT SHOWN ***");
    }
    world.sql(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).expect("taken away");
}
