//! The quality half of the fold: exceptions, gates, holds, lots, review, the end.

use super::Fold;
use crate::domain::clock::Instant;
use crate::domain::command::EvolveFault;
use crate::domain::exception::{Exception, Opened, Triage};
use crate::domain::ids::{OperationKey, RecordKey, StepKey};
use crate::domain::policy::Authority;
use crate::domain::run::event::{
    Addended, HoldScope, Notice, OperationReviewLapsed, OperationReviewed, RunEvent,
};
use crate::domain::run::notice::{AddendumRun, NoticeRun};
use crate::domain::run::operation_review::OperationReview;
use crate::domain::run::state::List;
use crate::domain::run::{DeviationLink, Hold, Phase, Rendition, Review, RiskAcceptance, Run};

impl Fold<'_> {
    pub(super) fn gate_passed(
        &self,
        run: &mut Run,
        gate: &str,
        serves: &[OperationKey],
    ) -> Result<(), EvolveFault> {
        let (at, signed) = (self.happened.at, self.must_be_signed()?);
        let state = run.gates.entry(gate.to_owned()).or_default();
        state.passages.push((at, signed));
        state.serves.extend(serves.iter().cloned());
        for of in serves {
            state.passed_at.entry(of.clone()).or_insert(at);
        }
        Ok(())
    }

    pub(super) fn gate_waived(
        &self,
        run: &mut Run,
        gate: &str,
        steps: &[StepKey],
        reason: &str,
    ) -> Result<(), EvolveFault> {
        let signed = self.must_be_signed()?;
        let state = run.gates.entry(gate.to_owned()).or_default();
        for of in steps {
            state.waived.insert(of.clone(), (reason.to_owned(), signed.clone()));
        }
        Ok(())
    }

    pub(super) fn completed(&self, run: &mut Run) -> Result<(), EvolveFault> {
        run.completed = Some((self.happened.at, self.must_be_signed()?));
        run.phase = Phase::Complete;
        Ok(())
    }

    pub(super) fn reviewed(&self, run: &mut Run, covers_seq: u64, conclusion: &str) {
        let (at, signed) = (self.happened.at, self.first_signed());
        let conclusion = conclusion.to_owned();
        run.reviews.push(Review { at, covers_seq, conclusion, signed, lapsed: None });
        if run.phase == Phase::Complete {
            run.phase = Phase::Reviewed;
        }
    }

    pub(super) fn review_lapsed(&self, run: &mut Run, cause: &str) {
        if let Some(review) = run.reviews.last_mut() {
            review.lapsed = Some((self.happened.seq, cause.to_owned()));
        }
        // What is final or aborted stays so: its review is owed again, no more.
        if run.phase == Phase::Reviewed {
            run.phase = Phase::Complete;
        }
    }

    pub(super) fn aborted(&self, run: &mut Run, reason: &str) {
        run.aborted = Some((self.happened.at, reason.to_owned()));
        run.phase = Phase::Aborted;
    }

    pub(super) fn aftermath(&self, run: &mut Run, kind: &str, text: &str) {
        let (at, by) = (self.happened.at, self.who.clone());
        run.aftermath.push((at, by, kind.to_owned(), text.to_owned()));
    }

    pub(super) fn rendition(&self, run: &mut Run, event: &RunEvent) {
        let RunEvent::RenditionIssued { no, blob, bytes, covers_seq } = event else {
            unreachable!("called for an issued rendition only")
        };
        run.renditions.push(Rendition {
            no: *no,
            blob: blob.clone(),
            bytes: *bytes,
            covers_seq: *covers_seq,
            at: self.happened.at,
            by: self.who.clone(),
        });
    }

    pub(super) fn operation_reviewed(
        &self,
        run: &mut Run,
        told: &OperationReviewed,
    ) -> Result<(), EvolveFault> {
        let (at, signed) = (self.happened.at, Some(self.must_be_signed()?));
        let review = OperationReview { told: told.clone(), at, signed, lapsed: None };
        self.operation_reviews(run, &told.operation)?.push(review);
        Ok(())
    }

    pub(super) fn operation_review_lapsed(
        &self,
        run: &mut Run,
        told: &OperationReviewLapsed,
    ) -> Result<(), EvolveFault> {
        let reviews = self.operation_reviews(run, &told.operation)?;
        if let Some(review) = reviews.last_mut() {
            review.lapsed = Some((self.happened.seq, told.cause.clone()));
        }
        Ok(())
    }

    pub(super) fn addended(&self, run: &mut Run, told: &Addended) {
        let (at, by) = (self.happened.at, self.who.clone());
        run.addenda.push(AddendumRun { told: told.clone(), at, by });
    }

    pub(super) fn notice(&self, run: &mut Run, told: &Notice) {
        let (at, by) = (self.happened.at, self.who.clone());
        run.notices.push(NoticeRun { told: told.clone(), at, by });
    }

    fn operation_reviews<'r>(
        &self,
        run: &'r mut Run,
        key: &OperationKey,
    ) -> Result<&'r mut List<OperationReview>, EvolveFault> {
        let found = run.operations.get_mut(key).map(|operation| &mut operation.reviews);
        found.ok_or_else(|| self.fault(format!("{key} never began")))
    }

    pub(super) fn exception_opened(&self, run: &mut Run, opened: &Opened) {
        run.exceptions.push(Exception {
            opened: opened.clone(),
            at: self.happened.at,
            by: self.opener(run, opened.no),
            seq: self.happened.seq,
            triage: None,
        });
    }

    pub(super) fn not_deviation(
        &self,
        run: &mut Run,
        exception: u32,
        rationale: &str,
    ) -> Result<(), EvolveFault> {
        let (signed, second) = (self.first_signed(), self.second_signed());
        let triage = Triage::NotDeviation { rationale: rationale.to_owned(), signed, second };
        self.exception(run, exception)?.triage = Some((self.happened.at, triage));
        Ok(())
    }

    pub(super) fn to_deviation(
        &self,
        run: &mut Run,
        exceptions: &[u32],
        deviation: &str,
        record: RecordKey,
    ) -> Result<(), EvolveFault> {
        for no in exceptions {
            let (signed, second) = (self.first_signed(), self.second_signed());
            let triage = Triage::Deviation { number: deviation.to_owned(), signed, second };
            self.exception(run, *no)?.triage = Some((self.happened.at, triage));
        }
        let link = run.deviations.entry(deviation.to_owned()).or_insert(DeviationLink {
            record,
            exceptions: Vec::new(),
            closed: false,
            impact_concluded: false,
        });
        link.exceptions.extend(exceptions);
        Ok(())
    }

    pub(super) fn deviation_changed(
        &self,
        run: &mut Run,
        deviation: &str,
        (impact_concluded, closed): (bool, bool),
    ) -> Result<(), EvolveFault> {
        let link = run.deviations.get_mut(deviation);
        let link = link.ok_or_else(|| self.fault(format!("{deviation} is not linked")))?;
        link.impact_concluded = impact_concluded;
        link.closed = closed;
        Ok(())
    }

    pub(super) fn risk_accepted(
        &self,
        run: &mut Run,
        gate: &str,
        (exceptions, reason): (&[u32], &str),
        until: Instant,
    ) {
        let risk = RiskAcceptance {
            exceptions: exceptions.to_vec(),
            reason: reason.to_owned(),
            until,
            signed: self.first_signed(),
            ratified: None,
        };
        run.gates.entry(gate.to_owned()).or_default().risks.push(risk);
    }

    pub(super) fn risk_ratified(
        &self,
        run: &mut Run,
        gate: &str,
        index: u32,
    ) -> Result<(), EvolveFault> {
        let risks = run.gates.get_mut(gate).map(|gate| &mut gate.risks);
        let risk = risks.and_then(|risks| risks.get_mut(index as usize));
        let risk = risk.ok_or_else(|| self.fault("ratifies a risk nobody accepted"))?;
        risk.ratified = self.first_signed();
        Ok(())
    }

    pub(super) fn hold_placed(
        &self,
        run: &mut Run,
        no: u32,
        (scope, reason): (&HoldScope, &str),
        lifted_by_authority: Authority,
    ) {
        run.holds.push(Hold {
            no,
            scope: scope.clone(),
            reason: reason.to_owned(),
            by: self.who.clone(),
            at: self.happened.at,
            lifted_by_authority,
            lifted: None,
            version: self.happened.seq,
        });
    }

    pub(super) fn hold_lifted(
        &self,
        run: &mut Run,
        no: u32,
        reason: &str,
    ) -> Result<(), EvolveFault> {
        let hold = run.holds.find_mut(|hold| hold.no == no);
        let hold = hold.ok_or_else(|| self.fault(format!("there is no hold {no}")))?;
        hold.lifted = Some((self.happened.at, self.who.clone(), reason.to_owned()));
        hold.version = self.happened.seq;
        Ok(())
    }

    fn exception<'r>(&self, run: &'r mut Run, no: u32) -> Result<&'r mut Exception, EvolveFault> {
        let found = run.exceptions.find_mut(|exception| exception.opened.no == no);
        found.ok_or_else(|| self.fault(format!("there is no exception {no}")))
    }
}
