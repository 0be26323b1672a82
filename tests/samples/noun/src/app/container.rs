//! Containers: registered, moved, listed.

use crate::app::answer::{Core, RecordAnswer, Tells, told};
use crate::app::desk::{Desk, Failure};
use crate::domain::command::{Decision, Stamp};
use crate::domain::container::decide::{ContainerCommand, decide};
use crate::domain::ids::{Key, RecordKey, RecordKind};
use crate::domain::loaded::{Command, Loaded};
use crate::domain::policy::{Authority, Place};
use crate::domain::refusal::Refusal;
use crate::store::Paging;
use crate::store::noun::container::list_containers;
use serde::Serialize;
use utoipa::ToSchema;

/// An order to a container, as the lane takes it.
pub struct ContainerAct {
    /// The container's number.
    pub number: String,
    /// The order.
    pub order: ContainerCommand,
}

impl Command for ContainerAct {
    fn name(&self) -> &'static str {
        match &self.order {
            ContainerCommand::Register { .. } => "register-container",
            ContainerCommand::Move { .. } => "move-container",
        }
    }

    fn reads(&self) -> Vec<Key> {
        vec![Key::Number(RecordKind::Container, self.number.clone())]
    }

    fn decide(&self, loaded: &Loaded, stamp: &Stamp) -> Result<Decision, Refusal> {
        let permit = loaded.actor(stamp)?.account().permit(
            loaded.site()?.facts(),
            &[Authority::Administer],
            Place::default(),
        )?;
        let found = loaded.get(&self.reads()[0]).and_then(|state| state.as_container());
        let fresh = stamp.ids.first().copied().unwrap_or_default();
        let key = found.map_or(RecordKey::new(RecordKind::Container, fresh), |found| found.key);
        let ruling = decide(&self.order, found, &self.number, permit)?;
        let permit = ruling.permit.clone();
        let events = ruling.into_planned(key, "container", None);
        let head = found.map_or(0, |found| found.seq);
        let core = Core::of(key, (Some(&self.number), head), loaded, &events);
        let answer = told::<Self>(&RecordAnswer::new(core));
        Ok(Decision { permit, events, answer })
    }
}

impl Tells for ContainerAct {
    type Answer = RecordAnswer;
}

/// A container.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContainerView {
    /// Number.
    pub number: String,
    /// Where it stands.
    pub place: String,
    /// How often it was moved.
    pub moves: i64,
}

/// A part of the containers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContainerPage {
    /// By number.
    pub containers: Vec<ContainerView>,
    /// The next part's cursor.
    pub next: Option<String>,
}

impl Desk {
    /// Containers of one place or of all. Blocks.
    ///
    /// # Errors
    /// `Broken` when the store fails.
    pub fn containers(
        &self,
        place: Option<&str>,
        paging: &Paging,
    ) -> Result<ContainerPage, Failure> {
        let page = self.read(|db| list_containers(db, place, paging))?;
        let view = |row: crate::store::noun::container::ContainerRow| ContainerView {
            number: row.number,
            place: row.place,
            moves: row.moves,
        };
        Ok(ContainerPage {
            containers: page.items.into_iter().map(view).collect(),
            next: page.next,
        })
    }
}
