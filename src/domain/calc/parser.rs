//! Words as an expression. Recursive descent with a bound on its depth.

use super::lexer::{Word, words};
use super::{
    Aggregate, COMPARISON, Expr, Function, MAX_DECIMALS, MAX_DEPTH, MAX_LENGTH, MINUS, NOT, Op,
    Place, Rounding, Which,
};

/// Deepest nesting of parentheses and functions.
const MAX_NESTING: usize = 64;

/// Reads an expression.
///
/// # Errors
/// A sentence for people: what was expected where, or that it is too long or too deep.
pub fn parse(text: &str) -> Result<Expr, String> {
    if text.len() > MAX_LENGTH {
        return Err(format!("the expression is longer than {MAX_LENGTH} characters"));
    }
    let mut parser = Parser { words: words(text)?, next: 0, nesting: 0 };
    let (expr, _) = parser.binary(0)?;
    match parser.peek() {
        None if matches!(&expr, Expr::Place(place) if place.which == Which::All) => {
            Err(ALL_ALONE.to_owned())
        }
        None => Ok(expr),
        Some(_) => Err(parser.unexpected("an operator")),
    }
}

const ALL_ALONE: &str =
    "all[..] is a list: put it into a function over several values, such as mean(all[..])";

/// An expression with its depth.
type Deep = (Expr, usize);

struct Parser {
    words: Vec<(usize, Word)>,
    next: usize,
    nesting: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Word> {
        self.words.get(self.next).map(|(_, word)| word)
    }

    fn unexpected(&self, wanted: &str) -> String {
        match self.words.get(self.next) {
            Some((column, word)) => {
                format!("{wanted} was expected, not {} (character {column})", word.shown())
            }
            None => format!("{wanted} was expected, and the expression ends"),
        }
    }

    fn takes(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Word::Sign(found)) if *found == sign);
        self.next += usize::from(found);
        found
    }

    fn must(&mut self, sign: &str) -> Result<(), String> {
        if self.takes(sign) { Ok(()) } else { Err(self.unexpected(sign)) }
    }

    /// The operator that comes, if one does.
    fn operator(&self) -> Option<Op> {
        let written = match self.peek()? {
            Word::Sign(sign) => sign,
            Word::Name(name) => name.as_str(),
            _ => return None,
        };
        Op::ALL.into_iter().find(|op| op.as_str() == written)
    }

    /// Operators at least as strong as `least`; of the same strength from left to right.
    fn binary(&mut self, least: u8) -> Result<Deep, String> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(format!("the expression is nested deeper than {MAX_NESTING}"));
        }
        let (mut left, mut depth) = self.unary()?;
        while let Some(op) = self.operator().filter(|op| op.strength() >= least) {
            self.next += 1;
            let (right, below) = self.binary(op.strength() + 1)?;
            depth = deeper(depth.max(below))?;
            (left, depth) = (Expr::Binary(op, single(left)?, single(right)?), depth);
            let again = self.operator().filter(|next| next.strength() == COMPARISON);
            if op.strength() == COMPARISON && again.is_some() {
                return Err(self.unexpected("and or or between comparisons"));
            }
        }
        self.nesting -= 1;
        Ok((left, depth))
    }

    fn unary(&mut self) -> Result<Deep, String> {
        if self.takes("-") {
            let (inner, depth) = self.binary(MINUS)?;
            return Ok((Expr::Negate(single(inner)?), deeper(depth)?));
        }
        if matches!(self.peek(), Some(Word::Name(name)) if name == "not") {
            self.next += 1;
            let (inner, depth) = self.binary(NOT)?;
            return Ok((Expr::Not(single(inner)?), deeper(depth)?));
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<Deep, String> {
        let word = self.peek().cloned();
        let wrong = self.unexpected("a number, a reference or a function");
        let word = word.ok_or_else(|| wrong.clone())?;
        self.next += 1;
        match word {
            Word::Number(number) => {
                let unit = match self.peek() {
                    Some(Word::Quoted(unit)) => unit.clone(),
                    _ => return Ok((Expr::Number(number, "1".to_owned()), 1)),
                };
                self.next += 1;
                Ok((Expr::Number(number, unit), 1))
            }
            Word::Text(text) => Ok((Expr::Text(text), 1)),
            Word::Place(place) => Ok((Expr::Place(self::place(&place, Which::Current)?), 1)),
            Word::Name(name) => self.named(&name),
            Word::Sign("(") => {
                let inner = self.binary(0)?;
                self.must(")")?;
                Ok(inner)
            }
            Word::Sign(_) | Word::Quoted(_) => Err(wrong),
        }
    }

    /// `true`, `all[..]`, a function.
    fn named(&mut self, name: &str) -> Result<Deep, String> {
        let which = match name {
            "true" | "false" => return Ok((Expr::Truth(name == "true"), 1)),
            "all" => Some(Which::All),
            "prev" => Some(Which::Previous),
            "first" => Some(Which::First),
            "last" => Some(Which::Last),
            _ => None,
        };
        if let Some(which) = which {
            let Some(Word::Place(place)) = self.peek().cloned() else {
                return Err(self.unexpected("[entry] or [step/entry]"));
            };
            self.next += 1;
            return Ok((Expr::Place(self::place(&place, which)?), 1));
        }
        if let Some(aggregate) = Aggregate::ALL.into_iter().find(|a| a.as_str() == name) {
            return self.aggregate(aggregate);
        }
        if let Some(function) = Function::ALL.into_iter().find(|f| f.as_str() == name) {
            self.must("(")?;
            let (inner, depth) = self.binary(0)?;
            self.must(")")?;
            return Ok((Expr::Call(function, single(inner)?), deeper(depth)?));
        }
        match name {
            "abs" | "round" | "convert" | "if" | "pow" => self.function(name),
            _ => {
                let many = Aggregate::ALL.map(Aggregate::as_str).join(", ");
                let one = Function::ALL.map(Function::as_str).join(", ");
                Err(format!(
                    "there is no function {name}; there are {many}, {one}, abs, pow, round, \
                     convert and if"
                ))
            }
        }
    }

    fn aggregate(&mut self, aggregate: Aggregate) -> Result<Deep, String> {
        self.must("(")?;
        let (mut list, mut depth) = (Vec::new(), 0);
        loop {
            let (inner, below) = self.binary(0)?;
            list.push(inner);
            depth = depth.max(below);
            if !self.takes(",") {
                break;
            }
        }
        self.must(")")?;
        Ok((Expr::Aggregate(aggregate, list), deeper(depth)?))
    }

    fn function(&mut self, name: &str) -> Result<Deep, String> {
        self.must("(")?;
        let (first, mut depth) = self.binary(0)?;
        let first = single(first)?;
        let expr = match name {
            "abs" => Expr::Abs(first),
            "pow" => {
                self.must(",")?;
                let (exponent, below) = self.binary(0)?;
                depth = depth.max(below);
                Expr::Power(first, single(exponent)?)
            }
            "convert" => {
                self.must(",")?;
                Expr::Convert(first, self.quoted("a unit in single quotes")?)
            }
            "round" => {
                self.must(",")?;
                let decimals = self.decimals()?;
                self.must(",")?;
                let wanted = "'half-even', 'half-up', 'down' or 'up'";
                let before = self.unexpected(wanted);
                let word = self.quoted(wanted)?;
                let found = Rounding::ALL.into_iter().find(|rounding| rounding.as_str() == word);
                Expr::Round(first, decimals, found.ok_or(before)?)
            }
            _ => {
                self.must(",")?;
                let (then, a) = self.binary(0)?;
                self.must(",")?;
                let (other, b) = self.binary(0)?;
                depth = depth.max(a).max(b);
                Expr::If(first, single(then)?, single(other)?)
            }
        };
        self.must(")")?;
        Ok((expr, deeper(depth)?))
    }

    fn quoted(&mut self, wanted: &str) -> Result<String, String> {
        let Some(Word::Quoted(text)) = self.peek().cloned() else {
            return Err(self.unexpected(wanted));
        };
        self.next += 1;
        Ok(text)
    }

    fn decimals(&mut self) -> Result<u32, String> {
        let wrong = self.unexpected("a number of decimals from 0 to 20");
        let Some(Word::Number(number)) = self.peek().cloned() else { return Err(wrong) };
        let decimals =
            u32::try_from(number).ok().filter(|n| number.scale() == 0 && *n <= MAX_DECIMALS);
        self.next += 1;
        decimals.ok_or(wrong)
    }
}

fn deeper(depth: usize) -> Result<usize, String> {
    if depth >= MAX_DEPTH {
        return Err(format!("the expression is deeper than {MAX_DEPTH}; split it in two entries"));
    }
    Ok(depth + 1)
}

/// One value, not a list of them.
fn single(expr: Expr) -> Result<Box<Expr>, String> {
    match &expr {
        Expr::Place(place) if place.which == Which::All => Err(ALL_ALONE.to_owned()),
        _ => Ok(Box::new(expr)),
    }
}

/// What stands in brackets.
fn place(text: &str, which: Which) -> Result<Place, String> {
    let id = |id: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        (!id.is_empty() && id.chars().all(plain)).then(|| id.to_owned())
    };
    let (step, entry) = match text.split_once('/') {
        Some((step, entry)) => (Some(id(step)), id(entry)),
        None => (None, id(text)),
    };
    match (step, entry) {
        (None, Some(entry)) => Ok(Place { which, step: None, entry }),
        (Some(Some(step)), Some(entry)) => Ok(Place { which, step: Some(step), entry }),
        _ => Err(format!("[{text}] is no reference: write [entry] or [step/entry]")),
    }
}
