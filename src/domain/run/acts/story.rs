//! What an act brings about: its events in order, with exceptions numbered as they open.

use crate::domain::clock::Instant;
use crate::domain::exception::{ExceptionKind, Opened, Severity};
use crate::domain::ids::{OperationKey, StepKey};
use crate::domain::policy::Permit;
use crate::domain::recipe::Step;
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::begun::{OperationStarted, Started, StepFoundRunning};
use crate::domain::run::{Phase, Run};
use crate::domain::signing::SignatureRequest;
use crate::domain::words::{EntryKey, OnCritical};

/// The events of one act, so far.
#[derive(Debug)]
pub struct Story<'r> {
    run: &'r Run,
    events: Vec<(RunEvent, Vec<SignatureRequest>)>,
    next: u32,
}

impl<'r> Story<'r> {
    /// A moment as people at the site read it.
    #[must_use]
    pub fn local(&self, at: Instant) -> String {
        self.run.local(at)
    }

    /// Nothing has happened yet.
    #[must_use]
    pub fn new(run: &'r Run) -> Self {
        Self { run, events: Vec::new(), next: super::exception::next_no(run) }
    }

    /// An unsigned event.
    pub fn tell(&mut self, event: RunEvent) {
        self.events.push((event, Vec::new()));
    }

    /// An event with its signatures.
    pub fn tell_signed(&mut self, event: RunEvent, signatures: Vec<SignatureRequest>) {
        self.events.push((event, signatures));
    }

    /// The first act begins the run and the operation's occurrence.
    pub fn open_the_way(&mut self, operation: &OperationKey) {
        if self.run.phase == Phase::Issued {
            self.tell(RunEvent::Started(Started {}));
        }
        if !self.run.operations.contains_key(operation) {
            self.tell(RunEvent::OperationStarted(OperationStarted {
                operation: operation.clone(),
            }));
        }
    }

    /// Numbers an exception; it is told with [`Self::open`], after the act that it follows from.
    /// What is minor blocks nothing but release; else the step's `on_critical` decides.
    #[must_use]
    pub fn exception(
        &mut self,
        kind: ExceptionKind,
        severity: Severity,
        step: Option<&Step>,
        at: &EntryKey,
        detail: String,
    ) -> Opened {
        self.gating(kind, severity, severity != Severity::Minor, step, at, detail)
    }

    /// As [`Self::exception`], with the word whether it decides what may happen next.
    #[must_use]
    pub fn gating(
        &mut self,
        kind: ExceptionKind,
        severity: Severity,
        gates: bool,
        step: Option<&Step>,
        at: &EntryKey,
        detail: String,
    ) -> Opened {
        let effect = if gates {
            step.map_or(OnCritical::Gate, |step| step.on_critical)
        } else {
            OnCritical::Continue
        };
        let no = self.next;
        self.next += 1;
        Opened { no, kind, severity, effect, at: Some(at.clone()), detail }
    }

    /// Opens numbered exceptions.
    pub fn open(&mut self, exceptions: Vec<Opened>) {
        for opened in exceptions {
            self.tell(RunEvent::ExceptionOpened(opened));
        }
    }

    /// A report on an occurrence that was not started opens it as found running.
    pub fn found_running(&mut self, key: &StepKey, step: &Step, by: &str) {
        self.open_the_way(&key.operation);
        let detail = format!("{key} had not been started when {by} reported on it");
        let at = EntryKey::whole(key.clone());
        let opened =
            self.exception(ExceptionKind::FoundRunning, Severity::Major, Some(step), &at, detail);
        self.tell(RunEvent::StepFoundRunning(StepFoundRunning {
            step: key.clone(),
            exception: opened.no,
        }));
        self.open(vec![opened]);
    }

    /// The unsigned events alone: consequences inside another act.
    #[must_use]
    pub(super) fn told(self) -> Vec<RunEvent> {
        self.events.into_iter().map(|(event, _)| event).collect()
    }

    /// The ruling.
    #[must_use]
    pub fn ends(self, permit: Permit) -> Ruling<RunEvent> {
        Ruling { permit, events: self.events }
    }
}

/// Numbers of exceptions.
#[must_use]
pub fn numbers(exceptions: &[Opened]) -> Vec<u32> {
    exceptions.iter().map(|opened| opened.no).collect()
}
