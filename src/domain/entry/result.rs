//! `result`: determinations of a laboratory test on a sample or an item; each is judged and kept.
//!
//! The method says what is reported of them (21 CFR 211.165, 211.194(a); FDA OOS guidance 2022).

mod joined;
mod level;
mod samples;
mod shape;

pub use level::{Level, level, outside};
pub use samples::sample;
pub use shape::SHAPE;

use super::conforming::Situation;
use super::reportable::{Per, Reportable, Spread};
use super::{EntryValue, Input, Kind, Limits, choice, identifier, number};
use crate::domain::calc::types::Sort;
use crate::domain::limits::{self, Compare, Limit, Purpose, Verdict};
use crate::domain::quantity::censored::Found;
use crate::domain::refusal::quoted;
use crate::domain::units;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Most determinations of one test.
pub const MOST: u32 = 200;

/// Longest version of a method, in characters.
const VERSION: usize = 200;

/// What the master record says of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// Entry of kind sample that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
    /// What is tested where no sample is taken, as in `final filter`: each determination names its identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Of a release specification: for what it is owed; absent: for each lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Per>,
    /// Quality may decide by signature at issue that a batch does not owe this test (skip testing).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skippable: bool,
    pub method: String,
    /// Version of the method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method_version: Option<String>,
    /// How many determinations; absent: one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicates: Option<u32>,
    /// What the method reports of them; absent: the worst.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reportable: Reportable,
    /// Limits of a single determination, where the limit is for their mean or median.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub single: Vec<Limit>,
    /// The spread beyond which a run of tests is invalid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
    /// How many further determinations of the same sample the method allows (a dilution, another sensitivity) to
    /// settle one of which it cannot be told whether it is within; absent: none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub further: u32,
    /// What a determination looks like; its limits are those of the reportable value.
    pub result: Looks,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a determination looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Looks {
    /// A decimal with a unit and limits.
    Number(number::Spec),
    /// One of the listed options.
    Choice(choice::Spec),
}

/// A determination as somebody reports it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    value: Value,
    method_version: String,
    sample: Option<String>,
    item: Option<String>,
    lot: Option<String>,
    note: Option<String>,
}

impl Looks {
    fn as_kind(&self) -> &dyn Kind {
        match self {
            Self::Number(spec) => spec,
            Self::Choice(spec) => spec,
        }
    }

    /// Whether anything says what is acceptable.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        match self {
            Self::Number(spec) => spec.limits.iter().any(|l| l.purpose == Purpose::Acceptance),
            Self::Choice(spec) => !spec.accepted.is_empty(),
        }
    }
}

impl Kind for Spec {
    fn parse(&self, input: &Input) -> Result<EntryValue, String> {
        let sent = self.sent(&input.value)?;
        version(&sent.method_version)?;
        for named in [&sent.sample, &sent.item, &sent.lot].into_iter().flatten() {
            identifier::check(named)?;
        }
        let inner = Input { value: sent.value, unit: input.unit.clone() };
        let read = match &self.result {
            Looks::Number(spec) => spec.read(&inner)?,
            Looks::Choice(spec) => spec.parse(&inner)?,
        };
        let mut data = json!({
            "value": read.data, "method": self.method, "method_version": sent.method_version,
            "sample": sent.sample, "note": sent.note,
        });
        for (member, said) in [("item", sent.item), ("lot", sent.lot)] {
            if let Some(said) = said {
                data[member] = said.into();
            }
        }
        let shown = match (&self.result, &read.number) {
            (Looks::Number(spec), Some(number)) => {
                let limits = if self.reportable.joins() { &self.single } else { &spec.limits };
                limits::with_rounded(read.shown, limits, number.value, Compare::Rounded)
            }
            _ => read.shown,
        };
        Ok(EntryValue { kind: "result".into(), data, shown, number: read.number })
    }

    fn judge(&self, value: &EntryValue) -> Vec<Verdict> {
        match (&self.result, value.found()) {
            (Looks::Number(spec), Some(found)) => {
                let limits = if self.reportable.joins() { &self.single } else { &spec.limits };
                limits::judge_rounded(limits, found, units::shown(&spec.unit))
            }
            _ => {
                let inner = EntryValue { data: value.data["value"].clone(), ..value.clone() };
                self.result.as_kind().judge(&inner)
            }
        }
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = self.result.as_kind().faults();
        if self.method.trim().is_empty() {
            faults.push("the method has no name".into());
        }
        if self.replicates == Some(0) {
            faults.push("a result needs at least one determination".into());
        }
        if let Some(many) = self.replicates.filter(|many| *many > MOST) {
            faults.push(format!("{many} determinations; one test has at most {MOST}"));
        }
        if let Some(Err(fault)) = self.method_version.as_deref().map(version) {
            faults.push(fault);
        }
        if self.item.as_ref().is_some_and(|item| item.trim().is_empty()) {
            faults.push("the item that is tested has no name".into());
        }
        self.reporting_faults(&mut faults);
        faults
    }

    fn conforming(&self, asked: &Situation<'_>) -> Vec<Input> {
        samples::conforming(self, asked)
    }

    fn asks(&self) -> String {
        let version = self.method_version.as_ref();
        let version = version.map_or(String::new(), |version| format!(" version {version}"));
        let n = match (self.planned(), self.reportable) {
            (1, _) => String::new(),
            (n, Reportable::Worst) => format!(", {n} determinations"),
            (n, how) => format!(", {n} determinations, reported: {}", how.as_str()),
        };
        let spread = self.spread.as_ref().map(|spread| format!(", {}", spread.shown()));
        let spread = spread.unwrap_or_default();
        let further = match self.further {
            0 => String::new(),
            n => format!(", at most {n} further where it cannot be told"),
        };
        let asks = self.result.as_kind().asks();
        format!("{asks}; method {}{version}{n}{spread}{further}", self.method)
    }

    fn limits_shown(&self) -> Vec<(String, String)> {
        let mut all = self.result.as_kind().limits_shown();
        if let Looks::Number(spec) = &self.result {
            let single = limits::shown(&self.single, units::shown(&spec.unit));
            all.extend(single.into_iter().map(|(what, text)| (format!("single {what}"), text)));
        }
        all
    }

    fn check_owed(&self) -> bool {
        true
    }

    /// Of a choice nothing is calculated.
    fn sort(&self) -> Option<Sort> {
        match &self.result {
            Looks::Number(spec) => spec.sort(),
            Looks::Choice(_) => None,
        }
    }

    fn is_measured(&self) -> bool {
        true
    }

    fn shown_decimals(&self) -> Option<u32> {
        self.result.as_kind().shown_decimals()
    }

    fn take_limits(&mut self) -> Limits {
        let value = match &mut self.result {
            Looks::Number(spec) => std::mem::take(&mut spec.limits),
            Looks::Choice(_) => Vec::new(),
        };
        Limits { value, single: std::mem::take(&mut self.single), rounded: true }
    }

    fn as_result(&self) -> Option<&Self> {
        Some(self)
    }
}

impl Spec {
    /// A bare value says the method as specified; all else is said by name.
    fn sent(&self, value: &Value) -> Result<Sent, String> {
        if let (false, Some(version)) = (value.is_object(), &self.method_version) {
            return Ok(Sent {
                value: value.clone(),
                method_version: version.clone(),
                sample: None,
                item: None,
                lot: None,
                note: None,
            });
        }
        serde_json::from_value(value.clone()).map_err(|e| {
            format!(
                "a determination is an object {{value, method_version, sample, item, lot, note}}: {e}"
            )
        })
    }

    fn reporting_faults(&self, faults: &mut Vec<String>) {
        if let Some(spread) = &self.spread {
            faults.extend(spread.faults(self.planned()));
        }
        let joins = self.reportable.joins();
        match &self.result {
            Looks::Number(spec) => {
                faults.extend(limits::faults(&self.single, None, units::shown(&spec.unit)));
            }
            Looks::Choice(_) if joins || self.spread.is_some() || !self.single.is_empty() => {
                faults
                    .push("a choice has no mean, no median, no spread and no single limit".into());
            }
            Looks::Choice(_) => {}
        }
        if joins && self.planned() < 2 {
            faults.push("one determination has no mean; say how many replicates".into());
        }
        if joins && self.spread.is_none() {
            faults.push(
                "a mean or median without a spread limit hides what lies apart; say the range or RSD"
                    .into(),
            );
        }
        if !joins && !self.single.is_empty() {
            faults.push("each single is judged by the limit itself; leave `single` out".into());
        }
    }

    /// How many determinations the test has: at most [`MOST`], whatever a draft says.
    #[must_use]
    pub fn planned(&self) -> u32 {
        self.replicates.unwrap_or(1).clamp(1, MOST)
    }

    /// The limits of the reportable value.
    #[must_use]
    pub fn limits(&self) -> &[Limit] {
        match &self.result {
            Looks::Number(spec) => &spec.limits,
            Looks::Choice(_) => &[],
        }
    }

    /// How far a determination is inside its limits: the smaller, the worse; nothing where no limit
    /// says what is worse.
    #[must_use]
    pub fn margin(&self, value: &EntryValue) -> Option<Decimal> {
        let Looks::Number(spec) = &self.result else { return None };
        let found = match value.found()? {
            Found::Number(number) => number,
            Found::Censored(censored) => censored.bound,
        };
        let by = |purpose| spec.limits.iter().find(|limit: &&Limit| limit.purpose == purpose);
        let limit = by(Purpose::Acceptance).or(by(Purpose::Control)).or(by(Purpose::Alert))?;
        let low = limit.low.as_ref().and_then(|low| found.checked_sub(low.value));
        let high = limit.high.as_ref().and_then(|high| high.value.checked_sub(found));
        [low, high].into_iter().flatten().min()
    }

    /// A determination judged as if it were the reportable value.
    #[must_use]
    pub fn alone(&self, value: &EntryValue) -> Vec<Verdict> {
        match (&self.result, value.found()) {
            (Looks::Number(spec), Some(found)) => {
                limits::judge_rounded(&spec.limits, found, units::shown(&spec.unit))
            }
            _ => self.judge(value),
        }
    }
}

/// The version of a method is one short line.
fn version(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("the version of the method is missing (21 CFR 211.194(a)(2))".into());
    }
    if text.chars().any(char::is_control) || text.chars().count() > VERSION {
        return Err(format!(
            "the version of a method is one line of at most {VERSION} characters, not {}",
            quoted(text)
        ));
    }
    Ok(())
}

/// The sample that a determination names, as typed.
#[must_use]
pub fn sample_of(value: &EntryValue) -> Option<&str> {
    value.data["sample"].as_str()
}

/// The item that a determination names, as typed.
#[must_use]
pub fn item_of(value: &EntryValue) -> Option<&str> {
    value.data["item"].as_str()
}

/// The lot that a determination names, as typed.
#[must_use]
pub fn lot_of(value: &EntryValue) -> Option<&str> {
    value.data["lot"].as_str()
}

/// The version of the method by which a determination was made.
#[must_use]
pub fn method_version(value: &EntryValue) -> &str {
    value.data["method_version"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests;
