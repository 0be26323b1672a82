//! An output lot comes out of a run, as its chain tells it; the lot's own begins by `cross/yielding.rs`.

use super::act::{may, phase};
use super::outcome::named;
use crate::domain::act::said;
use crate::domain::alike::alike;
use crate::domain::command::{EvolveFault, Stamp};
use crate::domain::ids::{RecordKey, RecordKind};
use crate::domain::numbered::{Numbered, numbered};
use crate::domain::permits::{Admitted, WORK, by};
use crate::domain::policy::Authority;
use crate::domain::quantity::Quantity;
use crate::domain::recipe::{Output, OutputClass};
use crate::domain::refusal::{MALFORMED, Refusal};
use crate::domain::ruling::Ruling;
use crate::domain::run::acts::RunEvent;
use crate::domain::run::acts::derive::changes::Change;
use crate::domain::run::acts::event::{Event, Moves, Part, nothing_in, weighs};
use crate::domain::run::acts::lapses::{Lapses, Lapsing};
use crate::domain::run::acts::orders::{Beside, Order, order_of};
use crate::domain::run::acts::told::Told;
use crate::domain::run::acts::written::Written;
use crate::domain::run::facts::RunFacts;
use crate::domain::run::genealogy::Genealogy;
use crate::domain::run::lot_refusal::{
    FOREIGN_TWIN, LOT_NUMBER_TAKEN, OUTPUT_NOT_DECLARED, OUTPUT_STEP_NOT_BEGUN, OUTPUT_UNIT,
};
use crate::domain::run::{LotLink, Phase, Run, StepPhase};
use crate::domain::units;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An output lot, before it has a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLot<'a> {
    /// Its record: a fresh id of the stamp.
    pub record: RecordKey,
    /// Lot number, as it is written.
    pub number: &'a str,
    /// Whether another lot has that number already.
    pub twin: Option<&'a str>,
    /// Material, as somebody says it.
    pub material: &'a str,
    /// Id of the output, where the material alone does not say it.
    pub output: Option<&'a str>,
    pub quantity: &'a Quantity,
    /// Lot numbers that went in.
    pub parents: &'a [String],
}

/// A lot comes out of the run, into quarantine; before execution is declared complete, so that the
/// yield can be judged then.
///
/// # Errors
/// Authority, phase, `malformed`, `lot-number-taken`, `number-of-a-foreign-lot`, `output-not-declared`, `output-step-not-begun`,
/// `output-unit-differs`.
pub fn yield_lot(
    run: &Run,
    facts: &RunFacts<'_>,
    new: &NewLot<'_>,
    _stamp: &Stamp,
) -> Result<Ruling<RunEvent>, Refusal> {
    let permit = may(run, facts, &[Authority::Supervise, Authority::Execute])?;
    phase(run, &[Phase::Running], "yield a lot")?;
    let number = well_formed(new)?;
    let here = run.lots.iter().find(|lot| alike(&lot.number, new.number));
    if let Some(twin) = here.map(|lot| lot.number.as_str()).or(new.twin) {
        let detail = match twin == number.key {
            true => format!("lot {twin} exists"),
            false => format!("{} reads like lot {twin}, which exists", new.number),
        };
        return Err(Refusal::new(&LOT_NUMBER_TAKEN, detail));
    }
    let elsewhere = facts.genealogy.and_then(|known| known.decided_elsewhere(new.number));
    let here = run.foreign.values().find(|decided| decided.answers(new.number, None));
    if let Some(twin) = elsewhere.or(here) {
        let detail = format!("{} reads like lot {} of a supplier", new.number, twin.told.lot);
        return Err(Refusal::new(&FOREIGN_TWIN, detail));
    }
    let output = declared(run, new)?;
    went_in(facts, new)?;
    let event = RunEvent::LotYielded(LotYielded {
        record: new.record,
        number: number.key,
        printed: number.printed,
        output: output.id.clone(),
        class: output.class,
        material: new.material.to_owned(),
        quantity: new.quantity.clone(),
        parents: new.parents.to_vec(),
    });
    Ok(Ruling::of(permit, event))
}

/// The number that a lot gets: it and everything beside it can be what they are called.
///
/// # Errors
/// `malformed`.
pub fn well_formed(new: &NewLot<'_>) -> Result<Numbered, Refusal> {
    let malformed = |detail: String| Refusal::new(&MALFORMED, detail);
    let number = numbered(new.number).map_err(malformed)?;
    said(new.material, "material")?;
    if new.quantity.value <= Decimal::ZERO {
        return Err(malformed(format!("{} is no quantity of a lot", new.quantity)));
    }
    if units::find(&new.quantity.unit).is_none() {
        return Err(malformed(format!("unit {:?} is not in the registry", new.quantity.unit)));
    }
    Ok(number)
}

/// The output that the lot is: declared, its step begun, measured as it is measured.
///
/// # Errors
/// `output-not-declared`, `output-step-not-begun`, `output-unit-differs`.
pub fn declared<'r>(run: &'r Run, new: &NewLot<'_>) -> Result<&'r Output, Refusal> {
    let called = run.recipe.outputs_called(new.material, new.output);
    let [output] = called[..] else {
        let said = match (new.output, called.is_empty()) {
            (Some(id), _) => {
                format!("output {id:?} of material {:?} is not declared", new.material)
            }
            (None, true) => format!("{:?} is not declared as an output", new.material),
            (None, false) => format!("{:?} names several outputs; say which", new.material),
        };
        let declared: Vec<String> = run.recipe.outputs.iter().map(shown).collect();
        return Err(Refusal::new(&OUTPUT_NOT_DECLARED, said).missing(declared));
    };
    let begun = run.steps.iter().any(|(key, step)| {
        key.step == output.step
            && match step.phase {
                StepPhase::Started | StepPhase::FoundRunning | StepPhase::Complete => true,
                StepPhase::NotPerformed => false,
            }
    });
    if !begun {
        let detail = format!("{} comes out of step {}", output.name, output.step);
        return Err(Refusal::new(&OUTPUT_STEP_NOT_BEGUN, detail));
    }
    if units::convert(&new.quantity.unit, &output.unit).is_none() {
        let (sent, own) = (units::shown(&new.quantity.unit), units::shown(&output.unit));
        let detail = format!("{} is measured in {own}, and the lot in {sent}", output.name);
        return Err(Refusal::new(&OUTPUT_UNIT, detail));
    }
    Ok(output)
}

/// An output as people read it.
fn shown(output: &Output) -> String {
    let Output { id, name, material, class, step, unit } = output;
    let unit = units::shown(unit);
    format!("{id}: {name} ({material}), {}, of step {step}, in {unit}", class.as_str())
}

/// What is named as having gone in may have: no waste, not the lot itself, nothing made from it.
fn went_in(facts: &RunFacts<'_>, new: &NewLot<'_>) -> Result<(), Refusal> {
    let nobody = Genealogy::default();
    let genealogy = facts.genealogy.unwrap_or(&nobody);
    new.parents.iter().try_for_each(|parent| genealogy.fit(new.number, parent))
}

/// Report: an output lot came out.
#[derive(Debug, Clone)]
pub struct YieldLot {
    pub number: String,
    /// Of what.
    pub material: String,
    /// Id of the output, where the material alone does not say it.
    pub output: Option<String>,
    /// How much.
    pub quantity: Quantity,
    /// Numbers of the lots that went in.
    pub parents: Vec<String>,
}

impl Order for YieldLot {
    const NAME: &'static str = "yield-lot";

    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        let told = Yielded {
            number: &self.number,
            material: &self.material,
            output: self.output.as_deref(),
            quantity: &self.quantity,
            parents: &self.parents,
        };
        told.decide(run, facts, stamp)
    }

    fn beside(&self) -> Beside {
        Beside::Ancestry
    }

    order_of!(run, request, unversioned);
}

/// An output lot came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotYielded {
    pub record: RecordKey,
    pub number: String,
    /// As the plant writes it, where that is another text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed: Option<String>,
    /// Which output of the master record it is.
    pub output: String,
    /// Product, side product or waste.
    pub class: OutputClass,
    pub material: String,
    pub quantity: Quantity,
    /// Lots that went in, as named at yielding.
    pub parents: Vec<String>,
}

impl Event for LotYielded {
    const ADMITTED: Admitted = by(WORK);
    const SIGNED: bool = false;

    weighs! {
        Self { number, .. } => "", Shown, format!("lot {number} came out");
    }

    fn fold(&self, run: &mut Run, written: &Written<'_>) -> Result<(), EvolveFault> {
        run.lots.push(LotLink {
            record: self.record,
            number: self.number.clone(),
            printed: self.printed.clone(),
            output: self.output.clone(),
            class: self.class,
            material: self.material.clone(),
            quantity: self.quantity.clone(),
            at: written.happened.at,
            parents: self.parents.iter().map(|parent| named(written, parent, None)).collect(),
            removals: Vec::new(),
            disposition: "quarantined".into(),
            was_released: false,
        });
        Ok(())
    }

    fn part(&self) -> Part {
        Part::All
    }

    fn lapses(&self, _: &Run) -> Lapsing {
        let Self { number, .. } = self;
        (Lapses::FinalOnly, format!("lot {number} came out"))
    }

    fn moves(&self) -> Moves<'_> {
        let Self { number, .. } = self;
        (Change::Beside, Some(format!("lot {number} came out")))
    }

    fn tell(&self, answer: &mut Told) {
        answer.lot = Some(self.number.clone())
    }

    nothing_in!(bears, changed);
}

/// A lot that comes out, as told.
struct Yielded<'a> {
    number: &'a str,
    material: &'a str,
    output: Option<&'a str>,
    quantity: &'a Quantity,
    parents: &'a [String],
}

impl Yielded<'_> {
    fn decide(
        &self,
        run: &Run,
        facts: &RunFacts<'_>,
        stamp: &Stamp,
    ) -> Result<Ruling<RunEvent>, Refusal> {
        let Self { number, material, output, quantity, parents } = *self;
        let id = stamp
            .ids
            .first()
            .ok_or_else(|| Refusal::new(&MALFORMED, "no identity was given for the new lot"))?;
        let new = NewLot {
            record: RecordKey::new(RecordKind::Lot, *id),
            number,
            twin: facts.lots.iter().map(|lot| lot.number).find(|twin| *twin == number),
            material,
            output,
            quantity,
            parents,
        };
        yield_lot(run, facts, &new, stamp)
    }
}
