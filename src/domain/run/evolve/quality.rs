//! The quality half of the fold: exceptions, gates, holds, lots, review, the end.

use super::Fold;
use crate::domain::command::EvolveFault;
use crate::domain::exception::{Exception, Triage};
use crate::domain::ids::OperationKey;
use crate::domain::run::event::RunEvent;
use crate::domain::run::notice::{AddendumRun, NoticeRun};
use crate::domain::run::operation_review::OperationReview;
use crate::domain::run::state::List;
use crate::domain::run::{DeviationLink, Hold, Phase, Rendition, Review, RiskAcceptance, Run};

impl Fold<'_> {
    /// Folds an event that is none of execution.
    pub(super) fn quality(&self, run: &mut Run, event: &RunEvent) -> Result<(), EvolveFault> {
        let (at, seq) = (self.happened.at, self.happened.seq);
        match event {
            RunEvent::GatePassed { gate, serves, .. } => {
                let signed = self.must_be_signed()?;
                let state = run.gates.entry(gate.clone()).or_default();
                state.passages.push((at, signed));
                state.serves.extend(serves.iter().cloned());
                for of in serves {
                    state.passed_at.entry(of.clone()).or_insert(at);
                }
            }
            RunEvent::GateWaived { gate, steps, reason } => {
                let signed = self.must_be_signed()?;
                let state = run.gates.entry(gate.clone()).or_default();
                for of in steps {
                    state.waived.insert(of.clone(), (reason.clone(), signed.clone()));
                }
            }
            RunEvent::LotYielded { .. }
            | RunEvent::LotDecided { .. }
            | RunEvent::ParentAdded(_)
            | RunEvent::ParentRemoved(_)
            | RunEvent::ForeignLotDecided(_) => return self.lots(run, event),
            RunEvent::Completed {} => {
                run.completed = Some((at, self.must_be_signed()?));
                run.phase = Phase::Complete;
            }
            RunEvent::Reviewed { covers_seq, conclusion } => {
                let signed = self.happened.signatures.first().cloned();
                let (covers_seq, conclusion) = (*covers_seq, conclusion.clone());
                run.reviews.push(Review { at, covers_seq, conclusion, signed, lapsed: None });
                if run.phase == Phase::Complete {
                    run.phase = Phase::Reviewed;
                }
            }
            RunEvent::ReviewLapsed { cause } => {
                if let Some(review) = run.reviews.last_mut() {
                    review.lapsed = Some((seq, cause.clone()));
                }
                // What is final or aborted stays so: its review is owed again, no more.
                if run.phase == Phase::Reviewed {
                    run.phase = Phase::Complete;
                }
            }
            RunEvent::Closed {} => run.phase = Phase::Closed,
            RunEvent::Aborted { reason, .. } => {
                run.aborted = Some((at, reason.clone()));
                run.phase = Phase::Aborted;
            }
            RunEvent::AftermathRecorded { kind, text } => {
                run.aftermath.push((at, self.who.clone(), kind.clone(), text.clone()));
            }
            RunEvent::RenditionIssued { no, blob, bytes, covers_seq } => {
                run.renditions.push(Rendition {
                    no: *no,
                    blob: blob.clone(),
                    bytes: *bytes,
                    covers_seq: *covers_seq,
                    at,
                    by: self.who.clone(),
                });
            }
            other => return self.afterwards(run, other),
        }
        Ok(())
    }

    /// Rolling reviews, and what comes after a release and after the end.
    fn afterwards(&self, run: &mut Run, event: &RunEvent) -> Result<(), EvolveFault> {
        let (at, seq) = (self.happened.at, self.happened.seq);
        match event {
            RunEvent::OperationReviewed(told) => {
                let signed = Some(self.must_be_signed()?);
                let review = OperationReview { told: told.clone(), at, signed, lapsed: None };
                self.reviewed_operation(run, &told.operation)?.push(review);
            }
            RunEvent::OperationReviewLapsed(told) => {
                let reviews = self.reviewed_operation(run, &told.operation)?;
                if let Some(review) = reviews.last_mut() {
                    review.lapsed = Some((seq, told.cause.clone()));
                }
            }
            // The decision stands in the lot's own chain; here is its link.
            RunEvent::LotFoundToStand(_) => {}
            RunEvent::Addended(told) => {
                let by = self.who.clone();
                run.addenda.push(AddendumRun { told: told.clone(), at, by });
            }
            RunEvent::NoticeRecorded(told) => {
                let by = self.who.clone();
                run.notices.push(NoticeRun { told: told.clone(), at, by });
            }
            other => return self.exceptions(run, other),
        }
        Ok(())
    }

    fn reviewed_operation<'r>(
        &self,
        run: &'r mut Run,
        key: &OperationKey,
    ) -> Result<&'r mut List<OperationReview>, EvolveFault> {
        let found = run.operations.get_mut(key).map(|operation| &mut operation.reviews);
        found.ok_or_else(|| self.fault(format!("{key} never began")))
    }

    fn exceptions(&self, run: &mut Run, event: &RunEvent) -> Result<(), EvolveFault> {
        let (at, seq) = (self.happened.at, self.happened.seq);
        let signed = self.happened.signatures.first().cloned();
        let second = self.happened.signatures.get(1).cloned();
        match event {
            RunEvent::ExceptionOpened(opened) => run.exceptions.push(Exception {
                opened: opened.clone(),
                at,
                by: self.opener(run, opened.no),
                seq,
                triage: None,
            }),
            RunEvent::ExceptionNotDeviation { exception, rationale } => {
                let triage = Triage::NotDeviation { rationale: rationale.clone(), signed, second };
                self.exception(run, *exception)?.triage = Some((at, triage));
            }
            RunEvent::ExceptionsToDeviation { exceptions, deviation, record } => {
                for no in exceptions {
                    let (number, signed) = (deviation.clone(), signed.clone());
                    let triage = Triage::Deviation { number, signed, second: second.clone() };
                    self.exception(run, *no)?.triage = Some((at, triage));
                }
                let link = run.deviations.entry(deviation.clone()).or_insert(DeviationLink {
                    record: *record,
                    exceptions: Vec::new(),
                    closed: false,
                    impact_concluded: false,
                });
                link.exceptions.extend(exceptions);
            }
            RunEvent::DeviationChanged { deviation, impact_concluded, closed, .. } => {
                let link = run.deviations.get_mut(deviation);
                let link = link.ok_or_else(|| self.fault(format!("{deviation} is not linked")))?;
                link.impact_concluded = *impact_concluded;
                link.closed = *closed;
            }
            other => return self.risks_and_holds(run, other),
        }
        Ok(())
    }

    fn risks_and_holds(&self, run: &mut Run, event: &RunEvent) -> Result<(), EvolveFault> {
        let (at, seq) = (self.happened.at, self.happened.seq);
        let signed = self.happened.signatures.first().cloned();
        match event {
            RunEvent::RiskAccepted { gate, exceptions, reason, until } => {
                let risk = RiskAcceptance {
                    exceptions: exceptions.clone(),
                    reason: reason.clone(),
                    until: *until,
                    signed,
                    ratified: None,
                };
                run.gates.entry(gate.clone()).or_default().risks.push(risk);
            }
            RunEvent::RiskRatified { gate, index, .. } => {
                let risks = run.gates.get_mut(gate).map(|gate| &mut gate.risks);
                let risk = risks.and_then(|risks| risks.get_mut(*index as usize));
                let risk = risk.ok_or_else(|| self.fault("ratifies a risk nobody accepted"))?;
                risk.ratified = signed;
            }
            RunEvent::HoldPlaced { no, scope, reason, lifted_by_authority } => {
                run.holds.push(Hold {
                    no: *no,
                    scope: scope.clone(),
                    reason: reason.clone(),
                    by: self.who.clone(),
                    at,
                    lifted_by_authority: *lifted_by_authority,
                    lifted: None,
                    version: seq,
                });
            }
            RunEvent::HoldLifted { no, reason, .. } => {
                let hold = run.holds.find_mut(|hold| hold.no == *no);
                let hold = hold.ok_or_else(|| self.fault(format!("there is no hold {no}")))?;
                hold.lifted = Some((at, self.who.clone(), reason.clone()));
                hold.version = seq;
            }
            other => return Err(self.fault(format!("nothing folds {other:?}"))),
        }
        Ok(())
    }

    fn exception<'r>(&self, run: &'r mut Run, no: u32) -> Result<&'r mut Exception, EvolveFault> {
        let found = run.exceptions.find_mut(|exception| exception.opened.no == no);
        found.ok_or_else(|| self.fault(format!("there is no exception {no}")))
    }
}
