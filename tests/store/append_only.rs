//! The engine itself refuses to forget.

use super::world::{Engine, on_each};

// shows: P11-10e2.b, A11D-08.c, T12.b
#[test]
fn the_engine_refuses_update_delete_replace_and_truncate() {
    on_each(|world| {
        world.store.checkpoint_now().expect("a checkpoint").expect("with a key");
        let note = batchwright::store::Attempt {
            what: "sign-in".into(),
            outcome: "failed".into(),
            ..Default::default()
        };
        world.store.note(note).expect("noted");
        let tables = [
            ("journal", "event = 'x'"),
            ("access_log", "outcome = 'allowed'"),
            ("checkpoints", "note = 'x'"),
        ];
        for (table, change) in tables {
            let mut attacks =
                vec![format!("UPDATE {table} SET {change}"), format!("DELETE FROM {table}")];
            match world.engine {
                Engine::Sqlite => attacks
                    .push(format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")),
                Engine::Postgres => {
                    attacks.push(format!("TRUNCATE {table}"));
                    attacks.push(format!(
                        "SET session_replication_role = replica; DELETE FROM {table}"
                    ));
                }
            }
            for attack in attacks {
                let refused = world.sql(&attack).expect_err(&attack);
                assert!(refused.contains("append-only"), "{attack}: {refused}");
            }
        }
    });
}

// shows: P11-10e2.b
#[test]
fn replacing_by_leaf_is_refused_too() {
    let world = super::world::World::found(Engine::Sqlite);
    let attack = "INSERT OR REPLACE INTO journal (leaf, record_kind, record_id, seq, header, salt,
        body, link, at, event)
        SELECT leaf, record_kind, zeroblob(16), 9, header, salt, body, link, at, event
        FROM journal LIMIT 1";
    assert!(world.sql(attack).expect_err("refused").contains("append-only"));
}
