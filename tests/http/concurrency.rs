//! Several at once: of those that exclude each other exactly one is done, and the chain stays whole.

use crate::house::batch::Batch;
use crate::house::client::With;
use crate::house::world::on_each;
use serde_json::json;
use std::sync::Barrier;

const WEIGH: &str = "OP-01~1/01.1~1";

// shows: P11-10f.e, T14.a
#[test]
fn of_eight_completions_at_once_exactly_one_is_done() {
    on_each(|world| {
        let batch = Batch::issued(world, "RACE-1");
        batch.weigh("0.272");
        let version = With::version(batch.occurrence(WEIGH)["etag"].as_str().unwrap());
        let path = batch.step(WEIGH, "completion");
        let barrier = Barrier::new(8);
        let answers: Vec<_> = std::thread::scope(|scope| {
            let racers: Vec<_> = ["olga", "omar"]
                .into_iter()
                .cycle()
                .take(8)
                .map(|name| {
                    let racer = world.person(name).elsewhere();
                    racer.sign_in().done();
                    let (path, version, barrier) = (&path, &version, &barrier);
                    scope.spawn(move || {
                        barrier.wait();
                        racer.sign_with(path, &json!({}), version)
                    })
                })
                .collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        let done = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(done, 1, "{answers:?}");
        for other in answers.into_iter().filter(|answer| answer.status != 200) {
            other.refused(409, "already-complete");
        }
        let trail = world.person("qadir").get(&batch.path("audit-trail")).done();
        let completions = trail["entries"].as_array().unwrap().iter();
        let completions = completions.filter(|line| line["event"] == "run.step-completed");
        assert_eq!(completions.count(), 1);
    });
}

// shows: P11-10f.e
#[test]
fn of_many_first_values_at_once_exactly_one_is_recorded() {
    on_each(|world| {
        let batch = Batch::issued(world, "RACE-2");
        batch.start(world.person("olga"), WEIGH).done();
        let people: Vec<_> = ["olga", "omar", "sven", "sara"].map(|n| world.person(n)).into();
        let path = batch.step(WEIGH, "entries");
        let codes: Vec<_> = std::thread::scope(|scope| {
            let all: Vec<_> = people
                .iter()
                .enumerate()
                .map(|(n, who)| {
                    let path = &path;
                    let body =
                        json!({ "entry": "weight", "value": format!("0.27{n}"), "unit": "kg" });
                    scope.spawn(move || who.post(path, &body).status)
                })
                .collect();
            all.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(codes.iter().filter(|code| **code == 201).count(), 1, "{codes:?}");
        assert_eq!(codes.iter().filter(|code| **code == 409).count(), 3, "{codes:?}");
        let versions = batch.entry(Some(WEIGH), "weight")["versions"].as_array().unwrap().len();
        assert_eq!(versions, 1, "nothing was overwritten");
    });
}

#[test]
fn reports_of_many_hands_all_stand_in_one_unbroken_chain() {
    on_each(|world| {
        let batch = Batch::issued(world, "CHAIN-1");
        let path = batch.path("events");
        std::thread::scope(|scope| {
            for name in ["olga", "omar", "sven"] {
                let (writer, path) = (world.person(name), &path);
                scope.spawn(move || {
                    for n in 0..20 {
                        writer.post(path, &json!({ "what": format!("{name} saw {n}") })).done();
                    }
                });
            }
        });
        let exceptions = batch.exceptions();
        let numbers: Vec<_> = exceptions.iter().filter_map(|e| e["no"].as_u64()).collect();
        assert_eq!(numbers, (1..=60).collect::<Vec<_>>(), "without gaps");
    });
}

#[test]
fn of_six_hands_with_one_refresh_token_at_most_one_goes_on() {
    on_each(|world| {
        let olga = world.person("olga");
        let token = olga.refresh_token.lock().unwrap().clone();
        let body = json!({ "refresh_token": token });
        let statuses: Vec<_> = std::thread::scope(|scope| {
            let hands: Vec<_> = (0..6)
                .map(|_| {
                    let (hand, body) = (olga.elsewhere(), &body);
                    scope.spawn(move || hand.post("/sessions/refresh", body).status)
                })
                .collect();
            hands.into_iter().map(|hand| hand.join().unwrap()).collect()
        });
        let went_on = statuses.iter().filter(|status| **status == 200).count();
        assert!(went_on <= 1, "{statuses:?}");
        olga.get("/sessions/current").refused(401, "session-revoked");
        olga.set_token(None);
    });
}
