//! Numbers as they were read: in whatever unit that says something of the one that is asked, censored, or a word that
//! the master record declares. What was typed stays beside what it is in the unit that is asked.

use super::reportable::shortened;
use super::{EntryValue, Input};
use crate::domain::calc::exact::Exact;
use crate::domain::quantity::censored::{self, Censored, CensoredAs, Found, Relation};
use crate::domain::quantity::{Quantity, Written};
use crate::domain::refusal::begun;
use crate::domain::units::{self, Converted};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Words that stand for a number, as a master record declares them: `ND` for `<0.05`.
pub type Words = BTreeMap<String, String>;

/// What an entry asks of a number.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'s> {
    pub unit: &'s str,
    /// Decimals asked for.
    pub decimals: Option<u32>,
    /// Whole numbers only.
    pub whole: bool,
    /// Words that stand for a number in that unit.
    pub words: Option<&'s Words>,
    /// What a censored number stands for in a calculation.
    pub censored_as: CensoredAs,
}

/// What was typed, where it is another unit, another spelling of the number, or a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsRead {
    /// The number or word.
    pub text: String,
    /// Its unit; of a word none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// How many decimals were read, where more are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decimals {
    pub read: u32,
    pub asked: u32,
}

impl<'s> Asked<'s> {
    /// A number in a unit, and nothing more.
    #[must_use]
    pub fn plain(unit: &'s str) -> Self {
        Self { unit, decimals: None, whole: false, words: None, censored_as: CensoredAs::default() }
    }
}

/// A number as it was typed, in the unit that is asked.
struct Typed<'i> {
    is: Option<Relation>,
    written: Written,
    /// The unit as sent, where it is another one, and the number there.
    converted: Option<(&'i str, Converted)>,
    word: Option<&'i str>,
}

/// Reads a number.
///
/// # Errors
/// A sentence for people.
pub(super) fn read(kind: &str, input: &Input, asked: &Asked<'_>) -> Result<EntryValue, String> {
    let text = input.value.as_str().ok_or("a number is sent as text, as in \"6.85\"")?.trim();
    let typed = typed(text, input.unit.as_deref().map(str::trim), asked)?;
    let unit = units::shown(asked.unit);
    let value = typed.converted.map_or(typed.written.value, |(_, converted)| converted.value);
    // What is counted is counted in the unit that was typed; of a bound there is nothing to count.
    let whole = typed.written.value.fract().is_zero() || value.fract().is_zero();
    if asked.whole && typed.is.is_none() && !whole {
        return Err(format!(
            "{} is not a whole number, and whole numbers of {unit} are asked: send what was counted, in the unit in which it was counted",
            typed.written.text
        ));
    }
    let sign = typed.is.map_or("", Relation::as_str);
    let mut data = json!({ "value": format!("{sign}{value}"), "unit": asked.unit });
    if let Some(is) = typed.is {
        data["censored"] = json!(Censored { is, bound: value, counts_as: asked.censored_as });
    }
    let own = format!("{sign}{}", typed.written.text);
    let spelt = typed.written.typed.as_ref().map_or(own.clone(), |typed| format!("{sign}{typed}"));
    let sent = match (typed.word, typed.converted) {
        (Some(word), _) => Some(AsRead { text: word.to_owned(), unit: None }),
        (None, Some((unit, _))) => Some(AsRead { text: spelt, unit: Some(unit.to_owned()) }),
        (None, None) if data["value"] != json!(spelt) => {
            let unit = input.unit.as_deref().map(|unit| unit.trim().to_owned());
            Some(AsRead { text: spelt, unit })
        }
        (None, None) => None,
    };
    let mut shown = shown(&typed, &own, asked);
    if let (Some(as_typed), None) = (&typed.written.typed, typed.word) {
        shown = format!("{shown} (typed {as_typed:?})");
    }
    if let Some(decimals) = fewer(&typed, asked.decimals) {
        data["decimals"] = json!(decimals);
        shown = format!("{shown}, {} of {} decimals", decimals.read, decimals.asked);
    }
    if let Some(sent) = sent {
        data["as_read"] = json!(sent);
    }
    if let Some(fraction) = typed.converted.and_then(|(_, converted)| converted.fraction) {
        data["exact"] = json!(fraction.shown());
    }
    let number = Quantity { value, unit: asked.unit.to_owned() };
    let number = Some(number).filter(|_| typed.is.is_none());
    Ok(EntryValue { kind: kind.to_owned(), data, shown, number })
}

fn typed<'i>(text: &'i str, unit: Option<&'i str>, asked: &Asked<'_>) -> Result<Typed<'i>, String> {
    let shown = units::shown(asked.unit);
    let words = asked.words.into_iter().flatten();
    let key = word_key(text);
    let same = |word: &str| word_key(word) == key;
    if let Some((_, stands_for)) = words.clone().find(|(word, _)| same(word)) {
        if let Some(unit) = unit.filter(|unit| !unit.is_empty() && !units::names(asked.unit, unit))
        {
            return Err(format!(
                "{text} stands for {stands_for} {shown}, and not for that of {}",
                begun(unit)
            ));
        }
        let (is, written) = censored::read(stands_for)?;
        return Ok(Typed { is, written, converted: None, word: Some(text) });
    }
    let (is, written) = censored::read(text).map_err(|why| {
        let all: Vec<_> = words.map(|(word, _)| word.as_str()).collect();
        match all.is_empty() {
            true if text.chars().any(char::is_alphabetic) => {
                format!("{why}; the master record declares no word that stands for a number here: send the bound itself, as in <0.05")
            }
            true => why,
            false => format!("{why}; or one of the words {}", all.join(", ")),
        }
    })?;
    // A value without its unit cannot be reconstructed later (FDA Data Integrity Q1(b)).
    let sent = unit.ok_or_else(|| format!("the unit is missing; it is {shown}"))?;
    if units::names(asked.unit, sent) {
        return Ok(Typed { is, written, converted: None, word: None });
    }
    let converted = convert(&written, sent, asked.unit)?;
    Ok(Typed { is, written, converted: Some((sent, converted)), word: None })
}

fn convert(written: &Written, sent: &str, asked: &str) -> Result<Converted, String> {
    let shown = units::shown(asked);
    let among = || {
        let all = units::convertible(asked);
        if all.is_empty() { String::new() } else { format!("; these do: {}", all.join(", ")) }
    };
    let Some(from) = units::find(sent) else {
        let (among, sent) = (among(), begun(sent));
        if let Some(taught) = units::taught(&sent) {
            return Err(format!("the unit is {shown}: {taught}{among}"));
        }
        return Err(format!(
            "the unit is {shown}, not {sent}, which is no unit of the registry (GET /api/v1/units){among}"
        ));
    };
    let to =
        units::find(asked).ok_or_else(|| format!("the unit is {shown}, not {}", begun(sent)))?;
    let conversion = from.to(&to).ok_or_else(|| {
        format!("the unit is {shown}, not {}, which says nothing of it{}", from.shown, among())
    })?;
    let too_many = || format!("{} {} has too many digits in {shown}", written.text, from.shown);
    conversion.apply_written(written.value, i64::from(written.place)).ok_or_else(too_many)
}

/// As people read it: `272 g = 0.272 kg`, `ND (<0.05 EU/mL)`, `4.2e6 vc/mL`.
fn shown(typed: &Typed<'_>, own: &str, asked: &Asked<'_>) -> String {
    let unit = units::shown(asked.unit);
    if let Some(word) = typed.word {
        return format!("{word} ({})", amount(own, &unit));
    }
    let Some((sent, converted)) = &typed.converted else {
        return amount(own, &unit);
    };
    let there = if converted.exact {
        converted.value.to_string()
    } else {
        shortened(converted.value, asked.decimals.unwrap_or(converted.value.scale().min(2)))
    };
    let sign = typed.is.map_or("", Relation::as_str);
    let there = amount(&format!("{sign}{there}"), &unit);
    format!("{} = {there}", amount(own, &units::shown(sent)))
}

/// A number with its unit as people read it; what has no unit stands alone.
pub(super) fn amount(number: &str, unit: &str) -> String {
    if matches!(unit, "" | "1") { number.to_owned() } else { format!("{number} {unit}") }
}

/// Fewer decimals than are asked: marked, and nothing follows.
fn fewer(typed: &Typed<'_>, asked: Option<u32>) -> Option<Decimals> {
    let asked = asked.filter(|_| typed.is.is_none() && typed.word.is_none())?;
    let read = match &typed.converted {
        None => u32::try_from(typed.written.place.max(0)).ok()?,
        Some((_, converted)) if converted.keeps_places => converted.value.scale(),
        Some(_) => return None,
    };
    (read < asked).then_some(Decimals { read, asked })
}

/// A word as it is compared, however it is typed: `N.D.`, `n. d.` and `ND` are one, and so are `< LOQ` and `<LOQ`.
fn word_key(word: &str) -> String {
    let letters = word.chars().filter(|sign| !sign.is_whitespace() && *sign != '.');
    letters.flat_map(char::to_lowercase).collect()
}

/// What is wrong with words and what they stand for.
pub(super) fn faults(words: &Words, censored_as: CensoredAs) -> Vec<String> {
    let mut faults = Vec::new();
    for (word, stands_for) in words {
        if censored::read(word).is_ok() || word.trim().is_empty() || word.trim() != word {
            faults.push(format!("{word:?} is no word that could stand for a number"));
        }
        match censored::read(stands_for) {
            Err(why) => faults.push(format!("the word {word}: {why}")),
            Ok((is, _)) => {
                let above = is.is_some_and(|is| !is.is_below());
                if above && matches!(censored_as, CensoredAs::Zero | CensoredAs::Half) {
                    let what = censored_as.as_str();
                    faults.push(format!(
                        "the word {word} is more than its number: {what} does not stand for it"
                    ));
                }
            }
        }
    }
    let lower: Vec<_> = words.keys().map(|word| word_key(word)).collect();
    if (1..lower.len()).any(|i| lower.get(..i).is_some_and(|before| before.contains(&lower[i]))) {
        faults.push("two words differ only in capitals, points and blanks".into());
    }
    faults
}

/// Words and what they stand for, as printed beside what is asked.
pub(super) fn words_shown(words: &Words) -> String {
    let each: Vec<_> = words.iter().map(|(word, number)| format!("{word} = {number}")).collect();
    if each.is_empty() { String::new() } else { format!(", words: {}", each.join(", ")) }
}

impl EntryValue {
    /// The value itself: of a laboratory result what was found, without method and sample.
    fn inner(&self) -> &Value {
        if self.data["value"].is_object() { &self.data["value"] } else { &self.data }
    }

    fn member<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        let found = self.inner().get(name).filter(|found| found.is_object())?;
        serde_json::from_value(found.clone()).ok()
    }

    /// All numbers on one side of a bound, where it is no one number.
    #[must_use]
    pub fn censored(&self) -> Option<Censored> {
        if self.number.is_some() { None } else { self.member("censored") }
    }

    /// The unit of a number, whether it is censored or not.
    #[must_use]
    pub fn unit(&self) -> Option<&str> {
        self.inner()["unit"].as_str()
    }

    /// What was typed, where that reads otherwise than the number in the unit that is asked.
    #[must_use]
    pub fn as_read(&self) -> Option<AsRead> {
        self.member("as_read")
    }

    /// How many decimals were read, where more are asked.
    #[must_use]
    pub fn fewer_decimals(&self) -> Option<Decimals> {
        self.member("decimals")
    }

    /// What is judged of it; nothing where it is no number.
    #[must_use]
    pub fn found(&self) -> Option<Found> {
        match &self.number {
            Some(number) => Some(number.value.into()),
            None => self.censored().map(Found::from),
        }
    }

    /// The number that a calculation takes for it; `None`: it is no number, nor stands for some.
    ///
    /// # Errors
    /// A sentence for people, inside: it is censored, and its specification says nothing that stands for it.
    #[must_use]
    pub fn exact(&self) -> Option<Result<(Exact, &str), String>> {
        if let Some(number) = &self.number {
            let kept = self.inner()["exact"].as_str().and_then(Exact::read);
            return Some(Ok((kept.unwrap_or_else(|| number.value.into()), &number.unit)));
        }
        let unit = self.unit().unwrap_or_default();
        let number = self.censored()?.for_calculation();
        let number = number.map(|value| (Exact::from(value), unit));
        Some(number.map_err(|why| format!("{}: {why}", self.shown)))
    }

    /// The same number as it is written.
    ///
    /// # Errors
    /// As [`EntryValue::exact`].
    #[must_use]
    pub fn for_calculation(&self) -> Option<Result<Quantity, String>> {
        let quantity = |(value, unit): (Exact, &str)| Quantity {
            value: value.decimal(),
            unit: unit.to_owned(),
        };
        Some(self.exact()?.map(quantity))
    }
}
