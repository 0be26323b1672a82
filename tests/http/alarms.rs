//! Alarms: raised as they come, acknowledged by somebody entitled, and owed until then.

use crate::house::batch::Batch;
use crate::house::client::Persona;
use crate::house::recipes;
use crate::house::world::{on_each, on_one};
use crate::lab::{PH, owed, recipe, sampled};
use serde_json::json;

// shows: A11D-08.a, A11D-08.b
#[test]
fn an_alarm_is_acknowledged_with_a_comment_and_a_critical_one_stays_owed_until_then() {
    on_each(|world| {
        let batch = sampled(world, "ALM-1");
        let (olga, qadir) = (world.person("olga"), world.person("qadir"));
        let raise = |who: &Persona, priority: &str, text: &str| {
            let alarm =
                json!({ "tag": "BR-101/DO2-LOW", "priority": priority, "text": text, "step": PH });
            who.post(&batch.path("alarms"), &alarm)
        };
        assert_eq!(batch.entry(Some(PH), "vessel-alarms")["versions"][0]["shown"], "no alarm");
        raise(qadir, "critical", "oxygen low").refused(403, "authority-missing");
        raise(olga, "grave", "oxygen low").refused(422, "malformed");
        raise(olga, "critical", " ").refused(422, "malformed");
        let unknown = json!({ "tag": "BR-101", "priority": "low", "text": "x", "step": "nowhere" });
        olga.post(&batch.path("alarms"), &unknown).refused(422, "malformed");
        raise(olga, "critical", "oxygen low").done();
        raise(olga, "low", "door open").done();
        assert_eq!(batch.exception_kinds(), ["alarm"]);
        assert!(owed(&batch, "alarm/1/acknowledged").is_some());
        assert!(owed(&batch, "alarm/2/acknowledged").is_none(), "only critical ones are owed");
        let entry = batch.entry(Some(PH), "vessel-alarms");
        let last = entry["versions"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["absence"], "not-available", "it counts as missing: {entry}");
        let path = batch.path("alarms/1/acknowledgement");
        let says = |text: &str| json!({ "comment": text });
        let omar = world.person("omar");
        omar.post(&path, &says(" ")).refused(428, "reason-required");
        world.person("quinn").post(&path, &says("seen")).refused(403, "authority-missing");
        olga.post(&batch.path("alarms/9/acknowledgement"), &says("seen"))
            .refused(404, "no-such-part");
        olga.post(&path, &says("seen")).refused(409, "alarm-own-acknowledgement");
        omar.post(&path, &says("sparger blocked, replaced")).done();
        olga.post(&batch.path("alarms/2/acknowledgement"), &says("my own, and low")).done();
        olga.post(&path, &says("again")).refused(409, "alarm-already-acknowledged");
        assert!(owed(&batch, "alarm/1/acknowledged").is_none());
        let alarm = batch.picture()["alarms"][0].clone();
        assert_eq!(alarm["comment"], "sparger blocked, replaced", "{alarm}");
        assert_eq!(alarm["acknowledged_by"]["user_name"], "omar");
        let entry = batch.entry(Some(PH), "vessel-alarms");
        let last = entry["versions"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["shown"], "2 alarms, 2 acknowledged", "{entry}");
        let ancient = json!({ "tag": "BR-101", "priority": "low", "text": "x",
            "raised_at": "0001-01-01T00:00:00Z" });
        let told = olga.post(&batch.path("alarms"), &ancient).refused(422, "malformed");
        assert!(told["detail"].as_str().unwrap().contains("1970 to 2199"), "{told}");
    });
}

// finding: R5
#[test]
fn an_alarm_of_an_earlier_step_is_counted_where_the_alarms_of_the_batch_are() {
    on_one(|world| {
        recipes::effective(world, &recipe("BUF-LAB", |_| ()));
        let batch = Batch::issued_from(world, "ALM-2", "BUF-LAB");
        let olga = world.person("olga");
        batch.dissolved();
        let alarm = json!({ "tag": "BR-101/DO2-LOW", "priority": "low", "text": "oxygen low" });
        olga.post(&batch.path("alarms"), &alarm).done();
        batch.start(olga, PH).done();
        batch.record(olga, PH, &json!({ "entry": "ph", "value": "5.30", "unit": "[pH]" })).done();
        let entry = batch.entry(Some(PH), "vessel-alarms");
        let last = entry["versions"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["shown"], "1 alarm, 0 acknowledged", "{entry}");
    });
}
