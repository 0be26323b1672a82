//! What happened on the floor without a step for it: events and emergency acts.

use super::act::{Act, malformed};
use super::credentials::body;
use super::told::{Carried, Created, Made};
use crate::app::answer::{FloorAnswer, RunAnswer};
use crate::app::enclosure::{Enclosed, Ordered, SentFile, enclose};
use crate::app::run::happening::Told;
use crate::domain::ids::StepKey;
use crate::domain::refusal::Refusal;
use crate::domain::run::acts::{ReportHappening, RunCommand};
use crate::domain::run::floor::Finding;
use crate::domain::words::Place;
use crate::http::limits::FILES_BODY;
use actix_web::web;
use serde::Deserialize;
use utoipa::ToSchema;

body! {
    /// Something that no step foresees, in a batch.
    Event {
        /// What happened.
        what: String,
        /// The step's occurrence it concerns, as in `OP-01.1~1/01.1.1~1`.
        #[serde(default)]
        step: Option<String>,
        /// The operation's occurrence it concerns, as in `OP-01.1~1`.
        #[serde(default)]
        operation: Option<String>,
        /// Photos and files: `{"name": …, "content": base64}`.
        #[serde(default)]
        files: Vec<SentFile>,
        /// Why it is reported only now, asked where the record is final.
        #[serde(default)]
        reason: Option<String>,
    } up to FILES_BODY
}

/// Where something happened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum PlaceSent {
    /// In a batch.
    Batch {
        /// Batch number.
        batch: String,
    },
    /// In an operation of a batch.
    Operation {
        /// Batch number.
        batch: String,
        /// Its occurrence, as in `OP-01.1~1`.
        operation: String,
    },
    /// At a step of a batch.
    Step {
        /// Batch number.
        batch: String,
        /// Its occurrence, as in `OP-01.1~1/01.1.1~1`.
        step: String,
    },
    /// In an area: every running batch with an open operation there is concerned, and every complete
    /// one that had an operation there and that quality has not reviewed.
    Area {
        /// The area as master records name it.
        area: String,
    },
    /// At a piece of equipment: every batch that recorded it and that quality has not reviewed is concerned.
    Equipment {
        /// Its identifier.
        equipment: String,
    },
}

body! {
    /// Something that happened on the floor.
    FloorEvent {
        /// Where.
        place: PlaceSent,
        /// What happened.
        what: String,
        /// Photos and files: `{"name": …, "content": base64}`.
        #[serde(default)]
        files: Vec<SentFile>,
        /// Why it is reported only now, asked where the record is final.
        #[serde(default)]
        reason: Option<String>,
        /// What was found of the equipment, if anything: `out-of-calibration`. Then every batch that
        /// used it is concerned, whatever became of it.
        #[serde(default)]
        #[schema(pattern = "^out-of-calibration$")]
        finding: Option<String>,
    } up to FILES_BODY
}

fn batch_event(body: Event) -> Result<Ordered, Refusal> {
    let place = match (body.step, body.operation) {
        (None, None) => Place::Batch,
        (Some(step), None) => Place::Step { step: step.parse().map_err(malformed)? },
        (None, Some(operation)) => {
            Place::Operation { operation: operation.parse().map_err(malformed)? }
        }
        (Some(step), Some(operation)) => {
            let step: StepKey = step.parse().map_err(malformed)?;
            if step.operation.to_string() != operation {
                return Err(malformed(format!(
                    "{step} is no step of {operation}; send one of both"
                )));
            }
            Place::Step { step }
        }
    };
    happened(place, body.what, &body.files, body.reason)
}

fn happened(
    place: Place,
    what: String,
    files: &[SentFile],
    reason: Option<String>,
) -> Result<Ordered, Refusal> {
    let Enclosed { enclosures, blobs } = enclose(files)?;
    let command = RunCommand::ReportHappening(ReportHappening { place, what, enclosures });
    Ok(Ordered { command, blobs, said: None, reason })
}

pub async fn report(act: Act<Event>, number: web::Path<String>) -> Made<RunAnswer> {
    act.on_run(number.into_inner(), |given| batch_event(given.body)).await
}

pub async fn report_on_floor(act: Act<FloorEvent>) -> Made<FloorAnswer> {
    let batch = match &act.body.place {
        PlaceSent::Batch { batch }
        | PlaceSent::Operation { batch, .. }
        | PlaceSent::Step { batch, .. } => Some(batch.clone()),
        PlaceSent::Area { .. } | PlaceSent::Equipment { .. } => None,
    };
    if let Some(batch) = batch {
        let carried: Carried<_, Created> = act
            .on_run(batch, move |given| {
                let FloorEvent { place, what, files, reason, finding, .. } = given.body;
                if finding.is_some() {
                    return Err(malformed("a finding is told of a piece of equipment"));
                }
                happened(place_of(place)?, what, &files, reason)
            })
            .await?;
        return Ok(carried.told_as());
    }
    act.order(|desk, envelope, given| {
        let FloorEvent { place, what, files, reason, finding, .. } = given.body;
        let place = place_of(place)?;
        let finding = finding.map(|word| finding_of(&word, &place)).transpose()?;
        let Enclosed { enclosures, blobs } = enclose(&files)?;
        desk.report_on_site(envelope, Told { place, what, enclosures, blobs, reason, finding })
    })
    .await
}

fn finding_of(word: &str, place: &Place) -> Result<Finding, Refusal> {
    let finding = serde_json::from_value(word.into())
        .map_err(|_| malformed(format!("finding: {word:?} is none; out-of-calibration is")))?;
    match place {
        Place::Equipment { .. } => Ok(finding),
        Place::Batch | Place::Operation { .. } | Place::Step { .. } | Place::Area { .. } => {
            Err(malformed("a finding is told of a piece of equipment"))
        }
    }
}

fn place_of(sent: PlaceSent) -> Result<Place, Refusal> {
    Ok(match sent {
        PlaceSent::Batch { .. } => Place::Batch,
        PlaceSent::Operation { operation, .. } => {
            Place::Operation { operation: operation.parse().map_err(malformed)? }
        }
        PlaceSent::Step { step, .. } => Place::Step { step: step.parse().map_err(malformed)? },
        PlaceSent::Area { area } => Place::Area { area },
        PlaceSent::Equipment { equipment } => Place::Equipment { equipment },
    })
}
