//! What the sample's night leaves beside the steps.

use crate::life::{PHOTO, file};
use crate::play::*;
use batchwright::domain::exception::ExceptionKind;
use batchwright::domain::run::acts::RunEvent;
use batchwright::domain::run::floor::*;
use batchwright::domain::run::reading::ReadingSource;
use batchwright::domain::run::timing::OverdueNoticed;
use batchwright::domain::signing::Meaning;
use batchwright::domain::words::{AlarmPriority, Place};
use serde_json::json;

/// An event, an emergency act, alarms, a limit that ran out, a handover, an early end.
pub fn floor(play: &mut Play) {
    let exception = play.exception(ExceptionKind::Event, None, "foam-out at the exhaust filter");
    let enclosures = serde_json::from_value(json!([file(PHOTO, "12")])).expect("an enclosure");
    let place = Place::Operation { operation: operation("OP-03.2") };
    let what = "Foam reached the exhaust filter; antifoam given, pressure back to normal.".into();
    play.act(
        OLGA,
        RunEvent::Happened(Happening {
            no: 1,
            place,
            what,
            enclosures,
            finding: None,
            exception,
            oversight: false,
        }),
        &[],
    );
    let exception = play.exception(ExceptionKind::EmergencyAct, None, "valve opened by hand");
    let acted = Emergency {
        no: 1,
        operation: Some(operation("OP-03.2")),
        what: "opened V-17 by hand".into(),
        reason: "pressure rose to 1.4 bar".into(),
        notified: "sue".into(),
        ratify_until: play.now.plus_minutes(24 * 60),
        exception,
    };
    play.act(OLGA, RunEvent::EmergencyActed(acted), &[]);
    let ratified = EmergencyRatified { no: 1, upheld: true, conclusion: "right, and soon".into() };
    play.later(300).act(
        QUELLA,
        RunEvent::EmergencyRatified(ratified),
        &[(QUELLA, Meaning::Ratified)],
    );
    alarms(play);
    shift(play);
}

fn alarms(play: &mut Play) {
    for (no, priority) in [(1, AlarmPriority::Critical), (2, AlarmPriority::Low)] {
        let raised = AlarmRaised {
            no,
            at: None,
            tag: format!("PT-10{no}"),
            priority,
            text: "pressure high".into(),
            raised_at: play.now,
            source: (no == 1).then(|| ReadingSource {
                device: "DCS-01".into(),
                payload: Some("{}".into()),
                signature: Some("AA==".into()),
                measured_at: Some(play.now),
                calibration_due: None,
                verified: true,
            }),
            exception: None,
        };
        play.act(OLGA, RunEvent::AlarmRaised(raised), &[]);
    }
    let comment = "seen, valve opened".into();
    play.act(SUE, RunEvent::AlarmAcknowledged(AlarmAcknowledged { no: 1, comment }), &[]);
}

fn shift(play: &mut Play) {
    let exception = play.exception(
        ExceptionKind::HoldTime,
        None,
        "Low-pH hold (work~1) ran out: 92 min of at most 90 min",
    );
    let limit = "timer/OP-03.2~1/work~1/low-ph".into();
    let (what, due) = ("Low-pH hold".into(), play.now.plus_minutes(-5));
    play.act(
        OLGA,
        RunEvent::OverdueNoticed(OverdueNoticed { limit, what, due, step: None, exception }),
        &[],
    );
    let sections = vec![
        HandoverSection {
            title: "Open steps".into(),
            lines: vec!["work~1 waits for its check".into()],
        },
        HandoverSection {
            title: "Running timers".into(),
            lines: (1..60).map(|n| format!("timer {n}")).collect(),
        },
    ];
    let to = play.run.participants.iter().next().copied().unwrap_or_default();
    let handed = HandedOver { no: 1, to, sections, remark: "watch the foam".into() };
    play.act(
        OLGA,
        RunEvent::HandedOver(handed),
        &[(OLGA, Meaning::Performed), (OMAR, Meaning::Witnessed)],
    );
    let exception = play.exception(ExceptionKind::EarlyEnd, None, "culture ended on day 17");
    let ended = OperationEnded {
        operation: operation("OP-03.2"),
        kind: EndingKind::EarlyEnd,
        reason: "viability below 60 %".into(),
        exception,
    };
    play.act(SUE, RunEvent::OperationEnded(ended), &[(SUE, Meaning::Authorised)]);
}
