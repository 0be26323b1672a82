//! Entries in the fold: their versions, checks, trails and attempts.

use super::Fold;
use crate::domain::clock::Instant;
use crate::domain::command::EvolveFault;
use crate::domain::ids::PersonId;
use crate::domain::limits::Verdict;
use crate::domain::run::event::RunEvent;
use crate::domain::run::testing::reported_of;
use crate::domain::run::{Attempt, Content, EntryRun, EntryVersion, Run, TrailPoint};
use crate::domain::words::{Absence, Basis, EntryKey};
use serde_json::Value;

impl Fold<'_> {
    pub(super) fn entry_recorded(
        &self,
        run: &mut Run,
        at: &EntryKey,
        performer: Option<PersonId>,
        event: &RunEvent,
    ) -> Result<(), EvolveFault> {
        let mut version = self.recorded(event);
        let entry = self.entry(run, at, performer)?;
        version.version = next_version(entry);
        entry.versions.push(version);
        Ok(())
    }

    pub(super) fn entry_absent(
        &self,
        run: &mut Run,
        at: &EntryKey,
        absence: Absence,
        (reason, exceptions): (&str, &[u32]),
    ) -> Result<(), EvolveFault> {
        let mut version = self.version(1, Content::Absent(absence));
        version.reason = Some(reason.to_owned());
        version.exceptions = exceptions.to_vec();
        let entry = self.entry(run, at, None)?;
        version.version = next_version(entry);
        entry.versions.push(version);
        Ok(())
    }

    pub(super) fn entry_corrected(
        &self,
        run: &mut Run,
        at: &EntryKey,
        performed_at: Option<Instant>,
        event: &RunEvent,
    ) -> Result<(), EvolveFault> {
        let mut version = self.corrected(event);
        let entry = self.entry(run, at, None)?;
        let before = entry.said_done();
        version.performed_before = performed_at.and(before);
        let kept = entry.current().and_then(|current| current.performed_at);
        version.performed_at = performed_at.or(kept);
        entry.versions.push(version);
        run.corrections += 1;
        Ok(())
    }

    pub(super) fn entry_checked(
        &self,
        run: &mut Run,
        at: &EntryKey,
        version: u32,
        recomputed: Option<&String>,
    ) -> Result<(), EvolveFault> {
        self.checked(run, at, version)?.recomputed = recomputed.cloned();
        Ok(())
    }

    pub(super) fn trail_point(
        &self,
        run: &mut Run,
        at: &EntryKey,
        kind: &str,
        (data, shown): (&Value, &str),
    ) -> Result<(), EvolveFault> {
        let point = TrailPoint {
            kind: kind.to_owned(),
            shown: shown.to_owned(),
            data: data.clone(),
            at: self.happened.at,
            by: self.who.clone(),
        };
        self.entry(run, at, None)?.trail.push(point);
        Ok(())
    }

    pub(super) fn implausible(
        &self,
        run: &mut Run,
        at: &EntryKey,
        (raw, shown): (&str, &str),
        verdicts: &[Verdict],
    ) -> Result<(), EvolveFault> {
        let attempt = Attempt {
            raw: raw.to_owned(),
            shown: shown.to_owned(),
            verdicts: verdicts.to_vec(),
            at: self.happened.at,
            by: self.who.clone(),
        };
        self.entry(run, at, None)?.attempts.push(attempt);
        Ok(())
    }

    fn recorded(&self, event: &RunEvent) -> EntryVersion {
        let RunEvent::EntryRecorded {
            value,
            raw,
            verdicts,
            performed_at,
            basis,
            source,
            performer,
            reason,
            check_owed,
            exceptions,
            ..
        } = event
        else {
            unreachable!("called for a recorded entry only")
        };
        EntryVersion {
            raw: raw.clone(),
            verdicts: verdicts.clone(),
            performed_at: *performed_at,
            basis: basis.clone(),
            source: source.clone(),
            performer: *performer,
            reason: reason.clone(),
            check_owed: *check_owed,
            exceptions: exceptions.clone(),
            ..self.version(1, Content::Value(value.clone()))
        }
    }

    fn corrected(&self, event: &RunEvent) -> EntryVersion {
        let RunEvent::EntryCorrected {
            version,
            value,
            raw,
            verdicts,
            reason,
            slip,
            superseded_uses,
            check_owed,
            exceptions,
            ..
        } = event
        else {
            unreachable!("called for a corrected entry only")
        };
        EntryVersion {
            raw: raw.clone(),
            verdicts: verdicts.clone(),
            reason: Some(reason.clone()),
            slip: *slip,
            superseded_uses: superseded_uses.clone(),
            check_owed: *check_owed,
            exceptions: exceptions.clone(),
            ..self.version(*version, Content::Value(value.clone()))
        }
    }

    pub(super) fn version(&self, version: u32, content: Content) -> EntryVersion {
        EntryVersion {
            version,
            of: of_lot(&content),
            content,
            raw: String::new(),
            verdicts: Vec::new(),
            by: self.who.clone(),
            at: self.happened.at,
            performed_at: None,
            performed_before: None,
            basis: Basis::Direct,
            source: None,
            lineage: Vec::new(),
            performer: None,
            reason: None,
            slip: false,
            superseded_uses: Vec::new(),
            check_owed: false,
            checked: None,
            recomputed: None,
            exceptions: Vec::new(),
            seq: self.happened.seq,
        }
    }

    fn checked<'r>(
        &self,
        run: &'r mut Run,
        at: &EntryKey,
        version: u32,
    ) -> Result<&'r mut EntryVersion, EvolveFault> {
        let check = (self.happened.at, self.who.clone());
        let entry = match &at.step {
            None => run.release_entries.get_mut(&at.entry),
            Some(key) => self.step(run, key)?.entries.get_mut(&at.entry),
        };
        let found = entry.and_then(|e| e.versions.find_mut(|v| v.version == version));
        let found = found.ok_or_else(|| self.fault(format!("{at} has no version {version}")))?;
        found.checked = Some(check);
        Ok(found)
    }

    /// The entry something was recorded on; who did so is from now on a performer of its step.
    pub(super) fn entry<'r>(
        &self,
        run: &'r mut Run,
        at: &EntryKey,
        performer: Option<PersonId>,
    ) -> Result<&'r mut EntryRun, EvolveFault> {
        let Some(key) = &at.step else {
            return Ok(run.release_entries.entry(at.entry.clone()).or_default());
        };
        let by = self.who.person;
        let state = self.step(run, key)?;
        state.performers.extend(by);
        state.performers.extend(performer);
        Ok(state.entries.entry(at.entry.clone()).or_default())
    }
}

/// The lot that a reported result is of.
fn of_lot(content: &Content) -> Option<String> {
    let Content::Value(value) = content else { return None };
    reported_of(value).map(str::to_owned)
}

fn next_version(entry: &EntryRun) -> u32 {
    entry.versions.last().map_or(1, |last| last.version + 1)
}
