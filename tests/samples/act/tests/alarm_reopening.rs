//! The sample act over real HTTP, on each engine at hand: refused, done, folded, told in the audit trail; each
//! world ends by verifying its database whole.

#[path = "house/mod.rs"]
#[allow(dead_code)]
mod house;

use house::batch::Batch;
use house::world::on_each;
use serde_json::json;

#[test]
fn an_acknowledgement_is_taken_back_and_the_alarm_is_owed_again() {
    on_each(|world| {
        let batch = Batch::issued(world, "ALM-1");
        let (olga, sven) = (world.person("olga"), world.person("sven"));
        let alarm = json!({ "tag": "BR-101/DO2-LOW", "priority": "low", "text": "oxygen low" });
        olga.post(&batch.path("alarms"), &alarm).done();
        let path = batch.path("alarms/1/reopening");
        let why = json!({ "reason": "another vessel was meant" });
        olga.post(&path, &why).refused(403, "authority-missing");
        sven.post(&path, &why).refused(404, "no-such-part");
        let seen = json!({ "comment": "seen" });
        sven.post(&batch.path("alarms/1/acknowledgement"), &seen).done();
        sven.post(&path, &json!({ "reason": " " })).refused(428, "reason-required");
        sven.post(&path, &json!({ "reason": "x", "no": 2 })).refused(422, "malformed");
        let done = sven.post(&path, &why).done();
        assert_eq!(done["alarm"], 1);
        assert_eq!(done["happened"][0]["event"], "run.alarm-reopened");
        let picture = batch.picture();
        assert!(picture["alarms"][0]["acknowledged_by"].is_null(), "{picture}");
        let told = world.person("audrey").get(&batch.path("audit-trail")).done();
        assert!(told.to_string().contains("another vessel was meant"), "{told}");
    });
}
