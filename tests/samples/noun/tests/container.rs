//! The sample noun over real HTTP, on each engine at hand: founded, ordered, written, listed, told in the audit
//! trail; each world ends by verifying its database whole.

#[path = "house/mod.rs"]
#[allow(dead_code)]
mod house;

use batchwright::domain::ids::{Key, RecordKind};
use house::world::on_each;
use serde_json::json;

#[test]
fn a_container_is_registered_moved_and_listed_and_its_journal_is_whole() {
    on_each(|world| {
        let (ada, olga) = (world.person("ada"), world.person("olga"));
        let new = json!({ "number": "C-1", "place": "store" });
        olga.post("/containers", &new).refused(403, "authority-missing");
        let made = ada.post("/containers", &new).done();
        assert_eq!(made["record"]["kind"], "container");
        assert_eq!(made["happened"][0]["event"], "container.registered");
        ada.post("/containers", &new).refused(409, "container-taken");
        ada.post("/containers", &json!({ "number": "c 1", "place": "x" }))
            .refused(422, "malformed");
        let hall = json!({ "place": "hall" });
        ada.post("/containers/C-2/moves", &hall).refused(404, "not-found");
        ada.post("/containers", &json!({ "number": "C-2", "place": "store" })).done();
        ada.post("/containers/C-1/moves", &hall).done();
        ada.post("/containers/C-1/moves", &hall).refused(409, "container-stands-there");

        let of = |query: &str| olga.get(&format!("/containers{query}")).done();
        let moved = json!({ "number": "C-1", "place": "hall", "moves": 1 });
        assert_eq!(of("?place=hall"), json!({ "containers": [moved], "next": null }));
        let first = of("?limit=1");
        assert_eq!(first["containers"], json!([moved]));
        let rest = of(&format!("?cursor={}", first["next"].as_str().expect("a cursor")));
        assert_eq!(rest["containers"][0]["number"], "C-2");

        let told =
            world.person("audrey").get("/audit-trail?record_kind=container&record=C-1").done();
        assert!(told.to_string().contains("container.moved"), "{told}");
        let key = Key::Number(RecordKind::Container, "C-1".into());
        let state = world.desk.state(&key).expect("a container");
        assert_eq!(state.as_container().map(|it| (it.seq, it.place.as_str())), Some((2, "hall")));
    });
}
