//! Several at once: of two that exclude each other exactly one is done, and the chain stays whole.

use super::persona::Persona;
use super::world::{BATCH, OWN, batch, on_each, step};
use serde_json::json;

// shows: P11-10f, T12
#[test]
fn of_eight_completions_at_once_exactly_one_is_done() {
    on_each(|world| {
        world.issued();
        let olga = world.person("olga");
        let path = step("OP-01~1/01.1~1");
        olga.post(&format!("{path}/start"), &json!({})).ok();
        for entry in [
            json!({ "entry": "lot", "value": "NAAC-77" }),
            json!({ "entry": "balance", "value": "BAL-3" }),
            json!({ "entry": "weight", "value": "0.272", "unit": "kg" }),
        ] {
            olga.post(&format!("{path}/entries"), &entry).ok();
        }
        let version = world.step_version("OP-01~1/01.1~1");
        let base = world.base.clone();
        let racers: Vec<_> = (0..8)
            .map(|n| {
                let (base, path) = (base.clone(), path.clone());
                std::thread::spawn(move || {
                    let racer = Persona::new(&base, if n % 2 == 0 { "olga" } else { "omar" }, OWN);
                    racer.sign_in().ok();
                    let body = json!({ "signature": racer.both() });
                    let tag = format!("\"{version}\"");
                    let key = format!("race-{n:08}");
                    let headers = [("Idempotency-Key", key.as_str()), ("If-Match", tag.as_str())];
                    racer.send(&format!("{path}/completion"), &body, &headers)
                })
            })
            .collect();
        let replies: Vec<_> = racers.into_iter().map(|r| r.join().expect("a reply")).collect();
        let done = replies.iter().filter(|r| r.status == 200).count();
        assert_eq!(
            done,
            1,
            "{:?}",
            replies.iter().map(|r| (r.status, r.code())).collect::<Vec<_>>()
        );
        for reply in replies.iter().filter(|r| r.status != 200) {
            assert!([409, 412].contains(&reply.status), "{} {}", reply.status, reply.json);
        }
    });
}

// shows: P11-10e1
#[test]
fn reports_of_many_hands_all_stand_in_one_unbroken_chain() {
    on_each(|world| {
        world.issued();
        let writers: Vec<_> = ["olga", "omar", "sven"]
            .into_iter()
            .map(|name| {
                let base = world.base.clone();
                std::thread::spawn(move || {
                    let writer = Persona::new(&base, name, OWN);
                    writer.sign_in().ok();
                    for n in 0..20 {
                        let what = json!({ "what": format!("{name} saw thing {n}") });
                        let key = format!("{name}-event-{n:04}");
                        writer
                            .send(&batch("events"), &what, &[("Idempotency-Key", key.as_str())])
                            .ok();
                    }
                })
            })
            .collect();
        writers.into_iter().for_each(|w| w.join().expect("wrote"));
        let picture = world.picture();
        let exceptions = picture["exceptions"].as_array().expect("exceptions");
        assert_eq!(exceptions.len(), 60);
        let numbers: Vec<_> = exceptions.iter().filter_map(|e| e["no"].as_u64()).collect();
        assert_eq!(numbers, (1..=60).collect::<Vec<_>>(), "without gaps");
        assert_eq!(picture["number"], BATCH);
    });
}

// shows: P11-300d
#[test]
fn of_two_hands_with_one_refresh_token_at_most_one_goes_on() {
    on_each(|world| {
        let olga = world.person("olga");
        let token = olga.sign_in().ok().json["refresh_token"].clone();
        let hands: Vec<_> = (0..6)
            .map(|_| {
                let (base, token) = (world.base.clone(), token.clone());
                std::thread::spawn(move || {
                    let hand = Persona::new(&base, "olga", OWN);
                    hand.post("/api/v1/sessions/refresh", &json!({ "refresh_token": token })).status
                })
            })
            .collect();
        let statuses: Vec<_> = hands.into_iter().map(|h| h.join().expect("a reply")).collect();
        let went_on = statuses.iter().filter(|status| **status == 200).count();
        assert!(went_on <= 1, "{statuses:?}");
        olga.get("/api/v1/sessions/current").refused(401, "session-revoked");
    });
}
