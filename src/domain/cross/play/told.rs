//! What a play has to say at its end: how much was played, and what nobody has seen.

use super::{BOUND, NotPlayed, Play, Stage};
use crate::domain::recipe::{MasterRecord, OutputClass};
use std::collections::BTreeSet;

impl Stage<'_> {
    /// The whole, each thing once.
    pub(super) fn told(mut self, record: &MasterRecord) -> Play {
        let plain = |pointer: Option<&String>, branch: &str, why: &str| NotPlayed {
            pointer: pointer.cloned().unwrap_or_default(),
            branch: branch.to_owned(),
            condition: None,
            why: why.to_owned(),
        };
        let told: BTreeSet<String> =
            self.play.not_played.iter().map(|row| row.branch.clone()).collect();
        let (came, recorded, turn) = if self.play.finished {
            ("the batch did not come to it", "nothing was recorded there", "its turn did not come")
        } else {
            (BOUND, BOUND, BOUND)
        };
        for (_, step) in record.steps() {
            if !self.seen.steps.contains(&step.id) {
                let at = self.places.thing(&step.id).filter(|_| !told.contains(&step.id));
                let row = at.map(|at| plain(Some(at), &step.id, came));
                self.play.not_played.extend(row);
                continue;
            }
            for entry in &step.entries {
                let (branch, named) = (
                    format!("{}/{}", step.id, entry.id),
                    (Some(step.id.clone()), entry.id.clone()),
                );
                if !self.seen.entries.contains(&named) && !told.contains(&branch) {
                    let at = self.places.entry(Some(&step.id), &entry.id);
                    self.play.not_played.push(plain(at, &branch, recorded));
                }
            }
        }
        for gate in record.gates.iter().filter(|gate| !self.seen.gates.contains(&gate.id)) {
            let at = self.places.thing(&gate.id);
            self.play.not_played.push(plain(at, &gate.id, turn));
        }
        for (i, output) in record.outputs.iter().enumerate() {
            if output.class == OutputClass::SideProduct {
                let at = format!("/outputs/{i}");
                let why = "no lot of a side product is played";
                self.play.not_played.push(plain(Some(&at), &output.id, why));
            }
        }
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.play.played.steps = count(self.seen.steps.len());
        self.play.played.entries = count(self.seen.entries.len());
        self.play.played.gates = count(self.seen.gates.len());
        let mut play = self.play;
        play.findings.sort();
        play.findings.dedup();
        play.not_played.sort();
        play.not_played.dedup();
        play
    }
}
