//! Unit codes taken apart: the grammar of UCUM, over the atoms of this registry and any annotation.
//!
//! What stands in braces is a base of its own: `{vials}/min` is no `{cells}/min`, and `g/L{resin}` no `g/L`.

use super::atoms::{ATOMS, Atom, PREFIXES, Prefix};
use crate::domain::quantity::ratio::Ratio;
use std::collections::BTreeMap;

/// Base units with their exponents.
pub type Dimension = BTreeMap<String, i32>;

/// Factors, each multiplied or divided by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Term {
    pub factors: Vec<Factor>,
}

/// One factor of a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// Whether it stands behind `/`.
    pub divides: bool,
    pub of: What,
    /// Its exponent.
    pub power: i32,
    /// What stands in braces behind it.
    pub note: Option<String>,
}

/// What a factor is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A whole number, as in `[CFU]/(4.h)`.
    Number(i128),
    /// A power of ten, as `10*6`.
    Ten(i32),
    /// An atom, perhaps behind a prefix.
    Atom(Option<&'static Prefix>, &'static Atom),
    /// Nothing but what stands in braces.
    Note,
    /// What stands in parentheses.
    Group(Term),
}

/// Longest code that is read.
const MAX_CODE: usize = 60;
/// Deepest parentheses.
const MAX_DEPTH: usize = 3;
/// Largest exponent.
const MAX_POWER: i32 = 9;
/// Largest power of ten.
const MAX_TEN: i32 = 15;

/// A code taken apart; `None`: it is none.
#[must_use]
pub fn parse(code: &str) -> Option<Term> {
    if code.is_empty() || code.len() > MAX_CODE {
        return None;
    }
    let mut reader = Reader { rest: code, depth: 0 };
    let term = reader.term()?;
    reader.rest.is_empty().then_some(term)
}

struct Reader<'c> {
    rest: &'c str,
    depth: usize,
}

impl<'c> Reader<'c> {
    fn takes(&mut self, sign: char) -> bool {
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// As many characters as are wanted.
    fn run(&mut self, wanted: impl Fn(char) -> bool) -> &'c str {
        let end = self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at(end);
        self.rest = rest;
        run
    }

    fn term(&mut self) -> Option<Term> {
        let mut factors = Vec::new();
        let mut divides = self.takes('/');
        loop {
            factors.push(self.factor(divides)?);
            divides = match self.rest.chars().next() {
                Some('/') => true,
                Some('.') => false,
                _ => return Some(Term { factors }),
            };
            self.rest = self.rest.get(1..)?;
        }
    }

    fn factor(&mut self, divides: bool) -> Option<Factor> {
        let of = self.what()?;
        let can = matches!(of, What::Atom(..) | What::Group(_));
        let power = if can { self.power(MAX_POWER)? } else { 1 };
        let note = if self.rest.starts_with('{') { Some(self.note()?) } else { None };
        Some(Factor { divides, of, power, note })
    }

    fn what(&mut self) -> Option<What> {
        if self.takes('(') {
            self.depth = Some(self.depth + 1).filter(|depth| *depth <= MAX_DEPTH)?;
            let inner = self.term()?;
            self.depth -= 1;
            return self.takes(')').then_some(What::Group(inner));
        }
        if self.rest.starts_with('{') {
            return Some(What::Note);
        }
        if let Some(rest) = self.rest.strip_prefix("10*").or(self.rest.strip_prefix("10^")) {
            self.rest = rest;
            let power = self.power(MAX_TEN)?;
            return (power != 1 || rest != self.rest).then_some(What::Ten(power));
        }
        let digits = self.run(|c| c.is_ascii_digit());
        if !digits.is_empty() {
            let number = digits.parse().ok().filter(|number| (1..=1_000_000_000).contains(number));
            return number.map(What::Number);
        }
        self.atom()
    }

    fn atom(&mut self) -> Option<What> {
        let from = self.rest;
        loop {
            self.run(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '%' | '\''));
            if !self.takes('[') {
                break;
            }
            self.run(|c| c != ']');
            if !self.takes(']') {
                return None;
            }
        }
        let symbol = from.strip_suffix(self.rest)?;
        let find = |code: &str| ATOMS.iter().find(|atom| atom.code == code);
        if let Some(atom) = find(symbol) {
            return Some(What::Atom(None, atom));
        }
        PREFIXES.iter().find_map(|prefix| {
            let atom = find(symbol.strip_prefix(prefix.code)?).filter(|atom| atom.metric)?;
            Some(What::Atom(Some(prefix), atom))
        })
    }

    /// The exponent behind an atom; 1 where none stands there.
    fn power(&mut self, most: i32) -> Option<i32> {
        let from = self.rest;
        if !self.takes('-') {
            self.takes('+');
        }
        let digits = self.run(|c| c.is_ascii_digit());
        let text = from.strip_suffix(self.rest)?;
        match (text, digits) {
            ("", _) => Some(1),
            (_, "") => None,
            (text, _) => {
                let power = text.parse::<i32>().ok();
                power.filter(|power| *power != 0 && power.abs() <= most)
            }
        }
    }

    fn note(&mut self) -> Option<String> {
        self.takes('{');
        let note = self.run(|c| c.is_ascii_graphic() && !matches!(c, '{' | '}'));
        (self.takes('}') && !note.is_empty()).then(|| note.to_owned())
    }
}

impl Term {
    /// What one of it is in base units, and which these are; `None`: the factor has no room.
    #[must_use]
    pub fn worth(&self) -> Option<(Ratio, Dimension)> {
        let (mut ratio, mut dimension) = (Ratio::ONE, Dimension::new());
        self.add(1, &mut ratio, &mut dimension)?;
        dimension.retain(|_, power| *power != 0);
        Some((ratio, dimension))
    }

    fn add(&self, times: i32, ratio: &mut Ratio, dimension: &mut Dimension) -> Option<()> {
        for factor in &self.factors {
            let power = factor.power.checked_mul(if factor.divides { -times } else { times })?;
            let mut base = |name: &str, exponent: i32| {
                let now = dimension.entry(name.to_owned()).or_default();
                *now = now.saturating_add(exponent.saturating_mul(power));
            };
            let one = match &factor.of {
                What::Number(number) => Ratio::whole(*number),
                What::Ten(ten) => Ratio::whole(10).power(*ten)?,
                What::Atom(prefix, atom) => {
                    atom.base.iter().for_each(|(name, exponent)| base(name, *exponent));
                    let ten = Ratio::whole(10).power(prefix.map_or(0, |prefix| prefix.power))?;
                    Ratio::new(atom.above, atom.below)?.times(ten)?
                }
                What::Note => Ratio::ONE,
                What::Group(inner) => {
                    inner.add(power, ratio, dimension)?;
                    Ratio::ONE
                }
            };
            if let Some(note) = &factor.note {
                let now = dimension.entry(format!("{{{note}}}")).or_default();
                *now = now.saturating_add(power);
            }
            *ratio = ratio.times(one.power(power)?)?;
        }
        Some(())
    }

    /// The one atom that it is, without prefix, exponent and annotation, if it is one.
    #[must_use]
    pub fn alone(&self) -> Option<&'static Atom> {
        match self.factors.as_slice() {
            [Factor { divides: false, of: What::Atom(None, atom), power: 1, note: None }] => {
                Some(atom)
            }
            _ => None,
        }
    }

    /// Each atom with its exponent, as calculations multiply them: prefix and atom together, annotations and numbers
    /// as atoms of their own.
    #[must_use]
    pub fn atoms(&self) -> Vec<(String, i32)> {
        let mut all = Vec::new();
        for factor in &self.factors {
            let power = factor.power * if factor.divides { -1 } else { 1 };
            match &factor.of {
                What::Group(inner) => {
                    all.extend(
                        inner.atoms().into_iter().map(|(atom, inner)| (atom, inner * power)),
                    );
                }
                What::Number(1) | What::Note => {}
                of => all.push((one(of), power)),
            }
            all.extend(factor.note.iter().map(|note| (format!("{{{note}}}"), power)));
        }
        all
    }

    /// The code in its one spelling.
    #[must_use]
    pub fn code(&self) -> String {
        self.written(one, |note| format!("{{{note}}}"), ".", &|power| power.to_string())
    }

    /// As people read it.
    #[must_use]
    pub fn shown(&self) -> String {
        let of = |what: &What| match what {
            What::Ten(power) => format!("1e{power}"),
            What::Atom(prefix, atom) => {
                format!("{}{}", prefix.map_or("", |prefix| prefix.shown), atom.shown)
            }
            What::Number(number) => number.to_string(),
            What::Note | What::Group(_) => String::new(),
        };
        let power = |power: i32| match power {
            2 => "²".to_owned(),
            3 => "³".to_owned(),
            power => format!("^{power}"),
        };
        self.written(of, str::to_owned, "·", &power)
    }

    fn written(
        &self,
        of: fn(&What) -> String,
        note: fn(&str) -> String,
        dot: &str,
        power: &dyn Fn(i32) -> String,
    ) -> String {
        let people = dot != ".";
        let mut text = String::new();
        for factor in &self.factors {
            let blank = people && text.ends_with(|c: char| c.is_ascii_digit());
            match (factor.divides, text.is_empty()) {
                (true, _) => text.push('/'),
                (false, true) => {}
                (false, false) if blank => text.push(' '),
                (false, false) => text.push_str(dot),
            }
            match &factor.of {
                What::Group(inner) => {
                    let inner = inner.written(of, note, dot, power);
                    let plain = people && factor.power == 1 && !inner.contains(['/', '·']);
                    text.push_str(&if plain { inner } else { format!("({inner})") });
                }
                what => text.push_str(&of(what)),
            }
            if factor.power != 1 {
                text.push_str(&power(factor.power));
            }
            if let Some(said) = &factor.note {
                let gap = if people && factor.of != What::Note { " " } else { "" };
                text.push_str(&format!("{gap}{}", note(said)));
            }
        }
        text
    }
}

fn one(what: &What) -> String {
    match what {
        What::Number(number) => number.to_string(),
        What::Ten(power) => format!("10*{power}"),
        What::Atom(prefix, atom) => {
            let code = match atom.code {
                "l" => "L",
                "[iU]" => "[IU]",
                code => code,
            };
            format!("{}{code}", prefix.map_or("", |prefix| prefix.code))
        }
        What::Note | What::Group(_) => String::new(),
    }
}
