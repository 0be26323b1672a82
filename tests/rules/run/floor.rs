//! What happens beside the steps: events in every place, emergency acts.

use super::endings::{feed, recipe};
use super::scene::{master, note, step};
use super::world::{World, at_step, by};
use batchwright::domain::exception::{ExceptionKind, Severity};
use batchwright::domain::run::Phase;
use batchwright::domain::run::acts::happening::{concerns, on_site, told};
use batchwright::domain::run::acts::{
    ActInEmergency, DecideNotDeviation, RatifyEmergency, ReportHappening, RunCommand,
};
use batchwright::domain::run::obligations::{ObligationFacts, Status, obligations};
use batchwright::domain::words::{OnCritical, Place};
use serde_json::json;

fn happened(place: Place, what: &str) -> RunCommand {
    RunCommand::ReportHappening(ReportHappening {
        place,
        what: what.into(),
        enclosures: Vec::new(),
    })
}

fn area(name: &str) -> Place {
    Place::Area { area: name.into() }
}

fn acted(notified: &str, reason: &str, hours: Option<u32>) -> RunCommand {
    RunCommand::ActInEmergency(ActInEmergency {
        operation: Some("A~1".parse().expect("an occurrence")),
        what: "vented the vessel".into(),
        reason: reason.into(),
        notified: notified.into(),
        ratify_within_hours: hours,
    })
}

fn ratified(upheld: bool) -> RunCommand {
    RunCommand::RatifyEmergency(RatifyEmergency { no: 1, upheld, conclusion: "seen".into() })
}

#[test]
fn anybody_on_the_floor_reports_what_happened_wherever_it_was() {
    let mut w = World::new(recipe());
    feed(&mut w, 1);
    let places = [
        (Place::Batch, "foam"),
        (Place::Operation { operation: "A~1".parse().expect("it") }, "in A~1: foam"),
        (Place::Step { step: at_step("A~1/feed~2") }, "foam"),
        (area("R1"), "in area R1: foam"),
        (Place::Equipment { equipment: "BR-7".into() }, "at equipment BR-7: foam"),
    ];
    for (who, (place, detail)) in ["ana", "sue", "lab", "eva", "ben"].into_iter().zip(places) {
        w.does(by(who).unsigned(), happened(place.clone(), "foam"));
        let exception = &w.run.exceptions.last().expect("opened").opened;
        assert_eq!((exception.kind, exception.detail.as_str()), (ExceptionKind::Event, detail));
        assert_eq!((exception.severity, exception.effect), (Severity::Major, OnCritical::Gate));
        let happening = w.run.happenings.last().expect("kept");
        assert_eq!((&happening.told.place, happening.told.exception), (&place, exception.no));
        assert!(w.run.participants.contains(&w.person(who).key.id));
    }
    let refused = |who, place, what: &str| w.refused(by(who), happened(place, what));
    assert_eq!(refused("adam", Place::Batch, "foam"), "authority-missing");
    assert_eq!(refused("ana", Place::Batch, " "), "reason-required");
    assert_eq!(refused("ana", Place::Batch, &"x".repeat(4001)), "malformed");
    assert_eq!(refused("ana", area(" "), "foam"), "malformed");
    assert_eq!(refused("ana", Place::Equipment { equipment: String::new() }, "x"), "malformed");
    let never = Place::Step { step: at_step("A~1/feed~9") };
    assert_eq!(refused("ana", never, "foam"), "occurrence-unknown");
    // Quality sees what happens too; that is no part in the work, and the exception is another's to decide.
    w.does(by("quinn").unsigned(), happened(Place::Batch, "door ajar"));
    assert!(!w.run.participants.contains(&w.person("quinn").key.id));
    let exception = w.run.exceptions.last().expect("opened").opened.no;
    let own = RunCommand::DecideNotDeviation(DecideNotDeviation {
        exception,
        rationale: "closed it".into(),
    });
    assert_eq!(w.refused(by("quinn"), own), "requester-is-approver");
}

#[test]
fn an_event_on_the_floor_concerns_the_runs_that_are_there() {
    let used = master(
        json!([{ "id": "A", "name": "A", "area": "R1", "steps": [step("use", json!([
            { "id": "eq", "name": "Vessel", "kind": "equipment", "class": "vessel" },
            note("n", false)]), json!({}))] }]),
        json!([]),
        json!([]),
    );
    let mut w = World::new(used);
    let vessel = |id: &str| Place::Equipment { equipment: id.into() };
    assert!(!concerns(&w.run, &area("R1")), "nothing has begun");
    w.does(by("ana"), w.start("A~1/use~1"));
    assert!(concerns(&w.run, &area("R1")) && !concerns(&w.run, &area("R2")));
    assert!(!concerns(&w.run, &vessel("br-7")));
    w.does(by("ana"), w.record("A~1/use~1/eq", "BR-7"));
    assert!(concerns(&w.run, &vessel("br-7")) && !concerns(&w.run, &vessel("BR-8")));
    w.does(by("ana"), w.correct("A~1/use~1/eq", "BR-8", Some("misread"), false));
    assert!(concerns(&w.run, &vessel("BR-7")), "it was there, as far as anybody knew");
    let on_site = |who: &str| on_site(w.site.facts(), w.person(who).account(), &area("R1"), "leak");
    assert!(on_site("adam").is_err());
    let permit = on_site("lab").expect("may record");
    let ruling = told(&w.run, permit, &area("R1"), ("leak", None), &[]).expect("kept");
    assert_eq!(ruling.events.len(), 2);
    w.does(by("ana"), w.complete("A~1/use~1"));
    w.does(by("sue"), w.close("A~1"));
    assert!(!concerns(&w.run, &area("R1")), "nothing is open there any more");
    assert_eq!(w.run.phase, Phase::Running);
    // What is found after completion may have been there before; quality has not looked yet.
    w.run.phase = Phase::Complete;
    assert!(concerns(&w.run, &area("R1")) && !concerns(&w.run, &area("R2")));
    assert!(concerns(&w.run, &vessel("BR-7")));
    for over in [Phase::Issued, Phase::Reviewed, Phase::Closed, Phase::Aborted] {
        w.run.phase = over;
        assert!(!concerns(&w.run, &area("R1")) && !concerns(&w.run, &vessel("BR-7")), "{over:?}");
    }
}

#[test]
fn an_emergency_act_is_never_lost_whatever_it_lacks() {
    let mut w = World::new(recipe());
    feed(&mut w, 1);
    let kept = [
        (acted("quinn", "pressure", None), "Printed quinn (quinn) was notified"),
        (acted("nobdy", "pressure", None), "\"nobdy\" was named as notified and is no user name"),
        (acted("", "pressure", None), "nobody was named as notified"),
        (acted("ana", "pressure", None), "ana named themselves"),
        (acted("quinn", " ", None), "no reason was given"),
        (acted("quinn", "pressure", Some(0)), "0 hours were asked for"),
        (acted("quinn", "pressure", Some(100)), "100 hours were asked for"),
    ];
    for (order, said) in kept {
        w.does(by("ana").unsigned(), order);
        let exception = &w.run.exceptions.last().expect("opened").opened;
        assert!(exception.detail.contains(said), "{} lacks {said}", exception.detail);
        assert_eq!(exception.kind, ExceptionKind::EmergencyAct);
        assert_eq!((exception.severity, exception.effect), (Severity::Major, OnCritical::Gate));
    }
    let hours = |act: usize| w.run.emergencies[act].told.ratify_until.since(w.now) / 3_600_000_000;
    assert_eq!((hours(0), hours(5), hours(6)), (24, 1, 72));
    for who in ["lab", "quinn", "adam", "eva"] {
        assert_eq!(w.refused(by(who), acted("quinn", "x", None)), "authority-missing", "{who}");
    }
    let silent = RunCommand::ActInEmergency(ActInEmergency {
        operation: None,
        what: " ".into(),
        reason: "x".into(),
        notified: "quinn".into(),
        ratify_within_hours: None,
    });
    assert_eq!(w.refused(by("ana"), silent), "reason-required");
}

// shows: CH4-20.j
#[test]
fn an_emergency_act_is_ratified_by_quality_and_waved_through_only_when_upheld() {
    let mut w = World::new(recipe());
    feed(&mut w, 1);
    assert_eq!(w.refused(by("quinn"), ratified(true)), "no-such-part");
    w.does(by("ana"), acted("quinn", "pressure", None));
    let owed = |w: &World| {
        let all = obligations(&w.run, &ObligationFacts::default(), w.now);
        all.iter().find(|owed| owed.id == "emergency/1/ratified").map(|owed| owed.status)
    };
    assert_eq!(owed(&w), Some(Status::Open));
    let wave = || {
        RunCommand::DecideNotDeviation(DecideNotDeviation {
            exception: 1,
            rationale: "fine".into(),
        })
    };
    assert_eq!(w.refused(by("quinn"), wave()), "emergency-not-ratified");
    for who in ["ana", "sue", "lab"] {
        assert_eq!(w.refused(by(who), ratified(true)), "authority-missing", "{who}");
    }
    assert_eq!(w.refused(by("quinn").unsigned(), ratified(true)), "signature-required");
    let silent = RunCommand::RatifyEmergency(RatifyEmergency {
        no: 1,
        upheld: true,
        conclusion: " ".into(),
    });
    assert_eq!(w.refused(by("quinn"), silent), "reason-required");
    let mut other = w.clone();
    w.does(by("quinn"), ratified(true));
    assert_eq!(owed(&w), Some(Status::Met));
    assert_eq!(w.refused(by("quentin"), ratified(false)), "already-ratified");
    w.does(by("quinn"), wave());
    // Not upheld: it must become a deviation.
    other.does(by("quinn"), ratified(false));
    assert_eq!(owed(&other), Some(Status::Met));
    assert_eq!(other.refused(by("quinn"), wave()), "emergency-not-ratified");
    assert_eq!(other.replay().emergencies, other.run.emergencies);
}
