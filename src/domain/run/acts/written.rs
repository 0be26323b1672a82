//! An event as it was written down, being folded: who, when, with which signatures, and the parts of the state that
//! many events change.

use crate::domain::command::{EvolveFault, Happened};
use crate::domain::exception::Exception;
use crate::domain::ids::{OperationKey, PersonId, StepKey};
use crate::domain::run::looks::{Against, Look};
use crate::domain::run::operation_review::OperationReview;
use crate::domain::run::state::{List, Map, Set};
use crate::domain::run::testing::reported_of;
use crate::domain::run::{Content, EntryRun, EntryVersion, OperationRun, Run, StepPhase, StepRun};
use crate::domain::signing::{Meaning, Signed};
use crate::domain::words::{Absence, Basis, EntryKey, Who};

/// An event as it was written down.
pub struct Written<'a> {
    /// Its entry in the journal.
    pub happened: &'a Happened<'a>,
    /// Who wrote it.
    pub who: Who,
}

impl<'a> Written<'a> {
    /// The event of this entry.
    #[must_use]
    pub fn of(happened: &'a Happened<'a>) -> Self {
        Self { happened, who: who(happened) }
    }

    /// The signature with one of these meanings.
    pub(super) fn signed(&self, meanings: &[Meaning]) -> Option<Signed> {
        self.happened.signatures.iter().find(|s| meanings.contains(&s.meaning)).cloned()
    }

    pub(super) fn first_signed(&self) -> Option<Signed> {
        self.happened.signatures.first().cloned()
    }

    pub(super) fn second_signed(&self) -> Option<Signed> {
        self.happened.signatures.get(1).cloned()
    }

    /// Any signature; the state keeps one here, so an entry without is a fault.
    pub(super) fn must_be_signed(&self) -> Result<Signed, EvolveFault> {
        self.first_signed()
            .ok_or_else(|| self.fault("carries no signature, though this act is signed"))
    }

    /// Whose act opened an exception: nobody's where a limit of time ran out, whoever acted next.
    pub(super) fn opener(&self, run: &Run, exception: u32) -> Who {
        if run.noticed.values().any(|noticed| noticed.exception == exception) {
            return who(&Happened { actor: None, role: "system", ..self.happened.clone() });
        }
        self.who.clone()
    }

    /// Why it cannot be folded.
    pub(super) fn fault(&self, detail: impl Into<String>) -> EvolveFault {
        EvolveFault::of(self.happened, detail)
    }
}

fn who(happened: &Happened<'_>) -> Who {
    let actor = happened.actor;
    Who {
        person: actor.map(|actor| actor.person),
        printed_name: actor.map_or_else(|| "the system".into(), |a| a.printed_name.clone()),
        user_name: actor.map_or_else(|| "system".into(), |a| a.user_name.clone()),
        role: happened.role.to_owned(),
    }
}

/// Steps and operations.
impl Written<'_> {
    /// An occurrence of a step as it begins.
    pub(super) fn begun(&self, phase: StepPhase, under_exceptions: &[u32]) -> StepRun {
        StepRun {
            phase,
            began: phase != StepPhase::NotPerformed,
            found_running: None,
            started_at: self.happened.at,
            started_by: self.who.clone(),
            witness: self.signed(&[Meaning::Witnessed]),
            entries: Map::new(),
            completed_at: None,
            completed_by: None,
            performed: None,
            checked: None,
            lapses: Vec::new(),
            under_exceptions: under_exceptions.to_vec(),
            not_performed: None,
            performers: Set::new(),
            version: self.happened.seq,
        }
    }

    /// Puts an occurrence that begins into the state; who began it is a performer.
    pub(super) fn begin(&self, run: &mut Run, key: &StepKey, mut begun: StepRun) {
        begun.performers.extend(self.who.person);
        run.steps.insert(key.clone(), begun);
        if let Some(operation) = run.operations.get_mut(&key.operation) {
            operation.version = self.happened.seq;
        }
    }

    /// The occurrence that changes now; its version and its operation's become this entry's.
    pub(super) fn step<'r>(
        &self,
        run: &'r mut Run,
        key: &StepKey,
    ) -> Result<&'r mut StepRun, EvolveFault> {
        let seq = self.happened.seq;
        if let Some(operation) = run.operations.get_mut(&key.operation) {
            operation.version = seq;
        }
        let state = run
            .steps
            .get_mut(key)
            .ok_or_else(|| self.fault(format!("there is no occurrence {key}")))?;
        state.version = seq;
        Ok(state)
    }

    /// The operation's occurrence that changes now.
    pub(super) fn operation<'r>(
        &self,
        run: &'r mut Run,
        key: &OperationKey,
    ) -> Result<&'r mut OperationRun, EvolveFault> {
        let state = run
            .operations
            .get_mut(key)
            .ok_or_else(|| self.fault(format!("there is no occurrence {key}")))?;
        state.version = self.happened.seq;
        Ok(state)
    }

    /// Quality's reviews of an operation's occurrence.
    pub(super) fn operation_reviews<'r>(
        &self,
        run: &'r mut Run,
        key: &OperationKey,
    ) -> Result<&'r mut List<OperationReview>, EvolveFault> {
        Ok(&mut self.operation(run, key)?.reviews)
    }
}

/// Entries.
impl Written<'_> {
    /// A version of an entry with this content and nothing else said of it.
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
            unchecked: Vec::new(),
            performer: None,
            reason: None,
            slip: false,
            superseded_uses: Vec::new(),
            check_owed: false,
            checked: None,
            looked: None,
            recomputed: None,
            exceptions: Vec::new(),
            seq: self.happened.seq,
        }
    }

    /// A look at something, made now.
    pub(super) fn look(&self, against: Option<Against>) -> Look {
        let Happened { at, seq, .. } = *self.happened;
        Look { at, by: self.who.clone(), against, seq }
    }

    /// The version that was checked now.
    pub(super) fn checked<'r>(
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
        // A second look at what was checked before leaves that check as it stands.
        found.checked.get_or_insert(check);
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

    /// An entry, without making anybody its step's performer.
    pub(super) fn bare<'r>(
        &self,
        run: &'r mut Run,
        at: &EntryKey,
    ) -> Result<&'r mut EntryRun, EvolveFault> {
        let Some(key) = &at.step else {
            return Ok(run.release_entries.entry(at.entry.clone()).or_default());
        };
        Ok(self.step(run, key)?.entries.entry(at.entry.clone()).or_default())
    }

    /// What was reported no longer stands: from now on there is no value, and the reason.
    pub(super) fn reopened(&self, entry: &mut EntryRun, of: Option<&String>, why: Option<&String>) {
        let Some(why) = why else { return };
        let absent = Content::Absent(Absence::NotAvailable);
        let (reason, of) = (Some(why.clone()), of.cloned());
        let version = self.version(entry.next_version(), absent);
        entry.versions.push(EntryVersion { reason, of, ..version });
    }

    /// An exception that changes now.
    pub(super) fn exception<'r>(
        &self,
        run: &'r mut Run,
        no: u32,
    ) -> Result<&'r mut Exception, EvolveFault> {
        let found = run.exceptions.find_mut(|exception| exception.opened.no == no);
        found.ok_or_else(|| self.fault(format!("there is no exception {no}")))
    }
}

/// The lot that a reported result is of.
fn of_lot(content: &Content) -> Option<String> {
    let Content::Value(value) = content else { return None };
    reported_of(value).map(str::to_owned)
}
