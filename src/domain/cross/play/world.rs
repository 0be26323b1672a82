//! A batch that is played: orders go to the real rules, and what they decide is folded into the real states.

use super::cast::{Cast, Hand};
use super::work::Work;
use crate::domain::clock::{Instant, MINUTE, Zone};
use crate::domain::command::{Happened, Planned, Stamp};
use crate::domain::cross::ruling::LotRuling;
use crate::domain::exception::Opened;
use crate::domain::facts::{DeviceFacts, LotFacts};
use crate::domain::ids::{RecordKey, RecordKind};
use crate::domain::lot::{self, Lot};
use crate::domain::recipe::plan::Recipe;
use crate::domain::refusal::{Class, Refusal, SECOND_PERSON_REQUIRED};
use crate::domain::ruling::{Ruling, planned};
use crate::domain::run::acts::issued::Issued;
use crate::domain::run::acts::{RunCommand, RunEvent, decide};
use crate::domain::run::facts::RunFacts;
use crate::domain::run::genealogy::Genealogy;
use crate::domain::run::obligations::{Obligation, ObligationFacts, obligations};
use crate::domain::run::reading::DeviceFact;
use crate::domain::run::refusal::WITNESS_IS_PERFORMER;
use crate::domain::run::{Run, evolve};
use crate::domain::signing::{Meaning, SignatureRequest, Signed};
use crate::domain::words::MasterRef;
use uuid::Uuid;

/// When a play begins; nothing depends on it.
const BEGIN: Instant = Instant(1_772_330_000_000_000);

/// Between two acts: nobody looks at anything in less than three seconds.
const PACE: i64 = MINUTE / 12;

/// So many occurrences of steps make a question to the rules about as long again.
const FEW: u64 = 100;

/// A device that gives one reading.
#[derive(Debug, Clone)]
pub(super) struct Device {
    pub id: String,
    /// Its class.
    pub kind: String,
    /// Its text.
    pub payload: String,
}

/// What the rules said to an order.
#[derive(Debug)]
pub(super) enum Said {
    /// It is done.
    Done,
    /// Whoever does it and whenever, it opens these; not done.
    Opens(Vec<Opened>),
    /// It is refused: the refusal that is about no person, if there is one.
    Refused(Refusal),
}

/// The batch with its lots.
#[derive(Debug)]
pub(super) struct World<'a> {
    pub work: &'a Work<'a>,
    pub cast: Cast,
    pub run: Run,
    pub lots: Vec<Lot>,
    pub now: Instant,
    fresh: u128,
}

/// What is decided, by whom: index of the hand.
type Taken = (usize, Ruling<RunEvent>);

impl<'a> World<'a> {
    /// A batch of a recipe, just issued.
    ///
    /// # Errors
    /// What does not fold: nothing that anybody could mend in a recipe.
    pub(super) fn new(recipe: Recipe, work: &'a Work<'a>) -> Result<Self, String> {
        let cast = Cast::new();
        let key = RecordKey::new(RecordKind::Run, Uuid::from_u128(0xB0));
        let master = MasterRef {
            record: RecordKey::new(RecordKind::Master, Uuid::from_u128(0xA0)),
            code: recipe.code.clone(),
            version: 1,
            content_hash: "00".repeat(32),
        };
        let event = RunEvent::Issued(Issued {
            number: "PLAY-1".into(),
            printed: None,
            issue_no: 1,
            purpose: recipe.purpose,
            master,
            product: recipe.product.code.clone(),
        });
        // Issued by a supervisor, the first of whom stands behind the operators.
        let issuer = cast.hands.iter().find(|hand| hand.account().grants[0].role == "supervisor");
        let issuer = issuer.ok_or("nobody issues")?;
        let account = issuer.account();
        let sign = SignatureRequest {
            person: account.id,
            printed_name: account.printed_name.to_owned(),
            user_name: account.user_name.to_owned(),
            role: account.grants[0].role.clone(),
            meaning: Meaning::IssuedAndChecked,
        };
        let planned = planned(key, "run", None, &event, vec![sign]);
        let issued = happened(&planned, 1, BEGIN, issuer, "supervisor", |happened| {
            evolve(None, happened, Some(recipe)).map_err(|fault| fault.to_string())
        })?;
        Ok(Self { work, cast, run: issued, lots: Vec::new(), now: BEGIN, fresh: 0x1000 })
    }

    fn stamp(&self, hand: &Hand, second: Option<&Hand>, at: Instant) -> Stamp {
        hand.stamp(second, at, self.fresh)
    }

    fn lots(&self) -> Vec<LotFacts<'_>> {
        self.lots.iter().map(Lot::facts).collect()
    }

    fn genealogy(&self) -> Genealogy<'_> {
        let mut genealogy = Genealogy::default();
        self.lots.iter().for_each(|lot| genealogy.put(lot.facts(), Some(&self.run)));
        genealogy
    }

    /// Takes the work of one question to the rules, which grows with what was done in the batch. `false`: no more
    /// may be asked.
    pub(super) fn may_ask(&self) -> bool {
        self.work.play(1 + self.run.steps.len() as u64 / FEW)
    }

    /// What the batch owes now.
    pub(super) fn owed(&self) -> Vec<Obligation> {
        self.work.play(1 + self.run.steps.len() as u64);
        let (lots, genealogy) = (self.lots(), self.genealogy());
        let facts = ObligationFacts {
            lots: &lots,
            genealogy: Some(&genealogy),
            ..ObligationFacts::default()
        };
        obligations(&self.run, &facts, self.now)
    }

    /// Everybody but this one.
    fn others(&self, index: usize) -> impl Iterator<Item = &Hand> {
        let all = self.cast.hands.iter().enumerate();
        all.filter(move |(other, _)| *other != index).map(|(_, hand)| hand)
    }

    /// What the rules decide on an order of these two at a moment.
    fn ask(
        &self,
        (hand, second): (&Hand, Option<&Hand>),
        command: &RunCommand,
        device: Option<&Device>,
        at: Instant,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        if !self.may_ask() {
            return Err(at_its_bound());
        }
        let (lots, genealogy) = (self.lots(), self.genealogy());
        let said =
            device.map(|device| DeviceFact { payload: &device.payload, signature: "", own: true });
        let facts = RunFacts {
            device: said,
            registered: device.map(|device| DeviceFacts {
                id: &device.id,
                kind: &device.kind,
                calibration_due: Instant(i64::MAX),
                retired: None,
            }),
            lots: &lots,
            genealogy: Some(&genealogy),
            ..RunFacts::new(self.cast.site(), hand.account(), second.map(Hand::account))
        };
        decide(&self.run, &facts, command, &self.stamp(hand, second, at))
    }

    /// Somebody who may, with somebody beside them where two are asked for: the first by whom no exception opens,
    /// else the first at all.
    fn anybody(
        &self,
        command: &RunCommand,
        device: Option<&Device>,
        at: Instant,
    ) -> Result<(Taken, Vec<Opened>), Refusal> {
        let mut opens: Option<(Taken, Vec<Opened>)> = None;
        let mut refused: Option<Refusal> = None;
        let mut take = |index: usize, ruling: Ruling<RunEvent>| {
            let found = opened(&ruling);
            let quiet = found.is_empty();
            if quiet || opens.is_none() {
                opens = Some(((index, ruling), found));
            }
            quiet
        };
        'hands: for (index, hand) in self.cast.hands.iter().enumerate() {
            let why = match self.ask((hand, None), command, device, at) {
                Ok(ruling) => {
                    if take(index, ruling) {
                        break;
                    }
                    continue;
                }
                Err(why) => why,
            };
            if why.rule.code != SECOND_PERSON_REQUIRED.code {
                if !is_about_persons(&why) {
                    return Err(why);
                }
                refused.get_or_insert(why);
                continue;
            }
            for second in self.others(index) {
                match self.ask((hand, Some(second)), command, device, at) {
                    Ok(ruling) => {
                        if take(index, ruling) {
                            break 'hands;
                        }
                    }
                    Err(why) if is_about_persons(&why) => {
                        refused.get_or_insert(why);
                    }
                    Err(why) => return Err(why),
                }
            }
        }
        let nobody = || Refusal::new(&SECOND_PERSON_REQUIRED, "nobody may do it");
        opens.ok_or_else(|| refused.unwrap_or_else(nobody))
    }

    /// What an order would open at a moment; `None`: it is refused.
    pub(super) fn would_open(&self, command: &RunCommand, at: Instant) -> Option<Vec<Opened>> {
        self.anybody(command, None, at).ok().map(|(_, opens)| opens)
    }

    /// Gives an order by whoever may; done where it opens no exception, or where that is accepted.
    pub(super) fn order(
        &mut self,
        command: &RunCommand,
        device: Option<&Device>,
        accept: bool,
    ) -> Said {
        match self.anybody(command, device, self.now) {
            Err(refusal) => Said::Refused(refusal),
            Ok((_, opens)) if !opens.is_empty() && !accept => Said::Opens(opens),
            Ok(((index, ruling), _)) => {
                let role = ruling.permit.role.clone();
                let planned = ruling.into_planned(self.run.key, "run", None);
                match self.keep(index, &role, &planned) {
                    Ok(()) => Said::Done,
                    Err(refusal) => Said::Refused(refusal),
                }
            }
        }
    }

    /// The same on lots, decided above the run.
    pub(super) fn on_lots(
        &mut self,
        decide: impl Fn(
            &Self,
            &RunFacts<'_>,
            &ObligationFacts<'_>,
            &Stamp,
        ) -> Result<LotRuling, Refusal>,
    ) -> Result<(), Refusal> {
        let mut refused = None;
        let mut found = None;
        for (index, hand) in self.cast.hands.iter().enumerate() {
            if !self.may_ask() {
                return Err(at_its_bound());
            }
            let (lots, genealogy) = (self.lots(), self.genealogy());
            let facts = RunFacts {
                lots: &lots,
                genealogy: Some(&genealogy),
                ..RunFacts::new(self.cast.site(), hand.account(), None)
            };
            let owed = ObligationFacts::of(&facts);
            match decide(self, &facts, &owed, &self.stamp(hand, None, self.now)) {
                Ok(ruling) => {
                    found = Some((index, ruling));
                    break;
                }
                Err(why) if is_about_persons(&why) => {
                    refused.get_or_insert(why);
                }
                Err(why) => return Err(why),
            }
        }
        let Some((index, ruling)) = found else {
            let nobody = || Refusal::new(&SECOND_PERSON_REQUIRED, "nobody may do it");
            return Err(refused.unwrap_or_else(nobody));
        };
        let role = ruling.permit().role.clone();
        self.keep(index, &role, &ruling.into_planned())
    }

    /// A fresh id for a record.
    pub(super) fn id(&self) -> Uuid {
        Uuid::from_u128(self.fresh)
    }

    fn keep(&mut self, index: usize, role: &str, all: &[Planned]) -> Result<(), Refusal> {
        let broken = |why: String| Refusal::new(&crate::domain::refusal::MALFORMED, why);
        for planned in all {
            let hand = &self.cast.hands[index];
            if planned.record.kind == RecordKind::Run {
                let run = self.run.clone();
                self.run = happened(planned, run.seq + 1, self.now, hand, role, |happened| {
                    evolve(Some(run), happened, None).map_err(|fault| fault.to_string())
                })
                .map_err(broken)?;
                continue;
            }
            // No other order is given here than to the run and its lots.
            if planned.record.kind != RecordKind::Lot {
                return Err(broken(format!("a play writes no {}", planned.record.kind)));
            }
            let at = self.lots.iter().position(|lot| lot.key == planned.record);
            let current = at.map(|at| self.lots[at].clone());
            let seq = current.as_ref().map_or(1, |lot| lot.seq + 1);
            let next = happened(planned, seq, self.now, hand, role, |happened| {
                lot::evolve(current, happened).map_err(|fault| fault.to_string())
            })
            .map_err(broken)?;
            match at {
                Some(at) => self.lots[at] = next,
                None => self.lots.push(next),
            }
        }
        self.now = Instant(self.now.0 + PACE);
        self.fresh += 0x100;
        Ok(())
    }
}

/// What an order is refused with once the work is used up; nobody reads it, for the play ends.
fn at_its_bound() -> Refusal {
    Refusal::new(&crate::domain::refusal::MALFORMED, "the play is at its bound of work")
}

/// Whether another person may be let where this one is not.
fn is_about_persons(why: &Refusal) -> bool {
    why.rule.class == Class::Authority
        || [SECOND_PERSON_REQUIRED.code, WITNESS_IS_PERFORMER.code].contains(&why.rule.code)
}

/// The exceptions that an act opens by itself; what ran out before it and is only noticed with it stands in
/// front of the act's own events.
fn opened(ruling: &Ruling<RunEvent>) -> Vec<Opened> {
    let noticed: Vec<u32> = ruling
        .events
        .iter()
        .take_while(|(event, _)| {
            matches!(event, RunEvent::OverdueNoticed(_) | RunEvent::ExceptionOpened(_))
        })
        .filter_map(|(event, _)| {
            let RunEvent::OverdueNoticed(notice) = event else { return None };
            Some(notice.exception)
        })
        .collect();
    let opened = ruling.events.iter().filter_map(|(event, _)| {
        let RunEvent::ExceptionOpened(opened) = event else { return None };
        (!noticed.contains(&opened.no)).then(|| opened.clone())
    });
    opened.collect()
}

/// Folds an event as the journal would: the requested signatures are made, the link is nothing.
fn happened<T>(
    planned: &Planned,
    seq: u64,
    at: Instant,
    hand: &Hand,
    role: &str,
    evolve: impl FnOnce(&Happened<'_>) -> Result<T, String>,
) -> Result<T, String> {
    let zone = Zone::utc();
    let made = |sign: &SignatureRequest| sign.made(at, &zone, seq);
    let signatures: Vec<Signed> = planned.signatures.iter().map(made).collect();
    let actor = hand.actor();
    evolve(&Happened {
        record: planned.record,
        seq,
        at,
        zone: &zone,
        actor: Some(&actor),
        role,
        name: &planned.name,
        version: planned.version,
        data: (&planned.data).into(),
        signatures: &signatures,
        link: [0; 32],
    })
}
