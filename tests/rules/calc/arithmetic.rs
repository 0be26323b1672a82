//! Random expressions against exact fractions, computed by another program; and one equation of the
//! A-Mab study.

use super::known::{Values, worth};
use batchwright::domain::calc::{self, Aggregate, Expr, Op, Place, Rounding};
use batchwright::domain::entry::computing::Which;
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn exact(decimal: Decimal) -> BigRational {
    let below = BigInt::from(10).pow(decimal.scale());
    BigRational::new(BigInt::from(decimal.mantissa()), below)
}

fn whole(n: i64) -> BigRational {
    BigRational::from(BigInt::from(n))
}

/// The values of the references a, b, c.
const AT_HAND: [(&str, &str); 3] = [("a", "1.5"), ("b", "-20.25"), ("c", "3")];

/// Rounding by its definition on fractions.
fn rounded(value: &BigRational, decimals: u32, rounding: Rounding) -> BigRational {
    let ten = BigRational::from(BigInt::from(10).pow(decimals));
    let scaled = value * &ten;
    let floor = scaled.floor();
    let rest = &scaled - &floor;
    let half = BigRational::new(BigInt::from(1), BigInt::from(2));
    let negative = scaled < whole(0);
    let even = (floor.to_integer() % BigInt::from(2)) == BigInt::from(0);
    let up = match rounding {
        Rounding::HalfEven => rest > half || (rest == half && !even),
        Rounding::HalfUp => rest > half || (rest == half && !negative),
        Rounding::Down => negative && rest > whole(0),
        Rounding::Up => !negative && rest > whole(0),
        Rounding::None => return value.clone(),
    };
    (if up { floor + whole(1) } else { floor }) / ten
}

/// The value, by fractions; none: a division by zero.
fn fraction(expr: &Expr) -> Option<BigRational> {
    Some(match expr {
        Expr::Number(number, _) => exact(*number),
        Expr::Place(place) => {
            let found = AT_HAND.iter().find(|(id, _)| *id == place.entry)?;
            exact(found.1.parse().ok()?)
        }
        Expr::Negate(x) => -fraction(x)?,
        Expr::Abs(x) => {
            let value = fraction(x)?;
            if value < whole(0) { -value } else { value }
        }
        Expr::Round(x, decimals, rounding) => rounded(&fraction(x)?, *decimals, *rounding),
        Expr::Binary(op, a, b) => {
            let (a, b) = (fraction(a)?, fraction(b)?);
            match op {
                Op::Plus => a + b,
                Op::Minus => a - b,
                Op::Times => a * b,
                Op::Over if b == whole(0) => return None,
                Op::Over => a / b,
                _ => return None,
            }
        }
        Expr::Aggregate(aggregate, list) => {
            let values = list.iter().map(fraction).collect::<Option<Vec<_>>>()?;
            let count = i64::try_from(values.len()).ok()?;
            let sum = || values.iter().fold(whole(0), |sum, value| sum + value);
            match aggregate {
                Aggregate::Sum => sum(),
                Aggregate::Mean => sum() / whole(count),
                Aggregate::Min => values.iter().min()?.clone(),
                Aggregate::Max => values.iter().max()?.clone(),
                Aggregate::Count => whole(count),
                Aggregate::Sd | Aggregate::Rsd | Aggregate::Median | Aggregate::Geomean => {
                    return None;
                }
            }
        }
        Expr::If(condition, a, b) => {
            let Expr::Binary(Op::Less, left, right) = condition.as_ref() else { return None };
            if fraction(left)? < fraction(right)? { fraction(a)? } else { fraction(b)? }
        }
        _ => return None,
    })
}

fn leaf() -> impl Strategy<Value = Expr> {
    prop_oneof![
        (0i64..1000, 0u32..2)
            .prop_map(|(n, scale)| { Expr::Number(Decimal::new(n, scale), "1".into()) }),
        prop::sample::select(&["a", "b", "c"][..]).prop_map(|id| {
            Expr::Place(Place { which: Which::Current, step: None, entry: id.into() })
        }),
    ]
}

fn rounding() -> impl Strategy<Value = Rounding> {
    prop::sample::select(&Rounding::ALL[..])
}

/// Expressions without a division: every step fits into 28 digits, so the result is exact.
fn whole_expressions() -> impl Strategy<Value = Expr> {
    leaf().prop_recursive(3, 8, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            (prop::sample::select(&[Op::Plus, Op::Minus, Op::Times][..]), pair.clone())
                .prop_map(|(op, (a, b))| Expr::Binary(op, a.into(), b.into())),
            inner.clone().prop_map(|x| Expr::Negate(x.into())),
            inner.clone().prop_map(|x| Expr::Abs(x.into())),
            (inner.clone(), 0u32..3, rounding()).prop_map(|(x, n, r)| Expr::Round(x.into(), n, r)),
            (
                prop::sample::select(
                    &[Aggregate::Sum, Aggregate::Min, Aggregate::Max, Aggregate::Count][..]
                ),
                pair.clone()
            )
                .prop_map(|(aggregate, (a, b))| Expr::Aggregate(aggregate, vec![a, b])),
            (pair.clone(), pair).prop_map(|((a, b), (c, d))| {
                let less = Expr::Binary(Op::Less, a.into(), b.into());
                Expr::If(less.into(), c.into(), d.into())
            }),
        ]
    })
}

/// Sums of quotients: 28 digits of each are kept.
fn quotients() -> impl Strategy<Value = Expr> {
    let one = (leaf(), leaf()).prop_map(|(a, b)| Expr::Binary(Op::Over, a.into(), b.into()));
    (prop::collection::vec(one, 1..6), prop::sample::select(&[Aggregate::Sum, Aggregate::Mean][..]))
        .prop_map(|(list, aggregate)| Expr::Aggregate(aggregate, list))
}

fn values() -> Values {
    AT_HAND.iter().fold(Values::default(), |values, (id, value)| values.number(id, value, "1"))
}

/// Ours, as a decimal.
fn ours(expr: &Expr) -> Result<Decimal, String> {
    let shown = worth(&expr.to_string(), &values())?;
    let number = shown.split(' ').next().unwrap_or_default();
    number.parse().map_err(|_| format!("{shown} is no number"))
}

proptest! {
    // shows: C211-68b2.b
    #[test]
    fn what_is_computed_without_division_is_exact(expr in whole_expressions()) {
        let exactly = fraction(&expr).expect("no division");
        prop_assert_eq!(ours(&expr).map(exact), Ok(exactly), "{}", expr);
    }

    // shows: C211-68b2.b
    #[test]
    fn quotients_keep_their_digits_and_round_as_fractions_do(
        expr in quotients(), decimals in 0u32..8, how in rounding()
    ) {
        match (fraction(&expr), ours(&expr)) {
            (None, found) => prop_assert!(found.is_err_and(|why| why.contains("zero"))),
            (Some(exactly), found) => {
                let found = found.expect("it can be divided");
                let off = exact(found) - &exactly;
                let off = if off < whole(0) { -off } else { off };
                let least = BigRational::new(BigInt::from(1), BigInt::from(10).pow(20));
                prop_assert!(off < least, "{} is {} off", expr, off);
                // Two values so near round alike, unless one lies on a border itself.
                let near = [&exactly - &least, &exactly + &least];
                let same = rounded(&near[0], decimals, how) == rounded(&near[1], decimals, how);
                if same {
                    let round = Expr::Round(expr.clone().into(), decimals, how);
                    prop_assert_eq!(ours(&round).map(exact), Ok(rounded(&exactly, decimals, how)));
                }
            }
        }
    }

    #[test]
    fn every_expression_reads_back(expr in whole_expressions()) {
        prop_assert_eq!(calc::parse(&expr.to_string()), Ok(expr));
    }
}

/// Coefficients of the upper limit of afucosylation (A-Mab study, Figure 3.8): intercept, five
/// factors, ten interactions, five squares.
const UPPER: [&str; 21] = [
    "14.70", "0.62", "0.84", "1.54", "2.83", "1.42", "-1.27", "-1.82", "-4.36", "-2.26", "-0.31",
    "3.11", "0.04", "-1.44", "-0.81", "3.00", "-2.09", "-0.15", "-1.66", "3.26", "-2.73",
];

/// The five factors, coded: distance from the centre over half the range.
const CODED: [&str; 5] = [
    "([days] - 17 'd') / 2 'd'",
    "([co2] - 100 'mm[Hg]') / 60 'mm[Hg]'",
    "([osm] - 400 'mosm') / 40 'mosm'",
    "([ph] - 6.85 '[pH]') / 0.25 '[pH]'",
    "([t] - 35 'Cel') / 1 'Cel'",
];

fn design_space() -> String {
    let mut terms: Vec<Vec<usize>> = vec![Vec::new()];
    terms.extend((0..5).map(|i| vec![i]));
    terms.extend((0..5).flat_map(|i| (i + 1..5).map(move |j| vec![i, j])));
    terms.extend((0..5).map(|i| vec![i, i]));
    let term = |(coefficient, term): (&&str, &Vec<usize>)| {
        let factors = term.iter().map(|i| format!(" * ({})", CODED[*i]));
        format!("{coefficient}{}", factors.collect::<String>())
    };
    UPPER.iter().zip(&terms).map(term).collect::<Vec<_>>().join(" + ")
}

// shows: C211-68b2.b
#[test]
fn a_design_space_equation_of_the_a_mab_study_is_computed() {
    let text = design_space();
    assert!(text.len() < calc::MAX_LENGTH);
    let at = |days: &str, co2: &str, osm: &str, ph: &str, t: &str| {
        let values = Values::default()
            .number("days", days, "d")
            .number("co2", co2, "mm[Hg]")
            .number("osm", osm, "mosm")
            .number("ph", ph, "[pH]")
            .number("t", t, "Cel");
        worth(&format!("round({text}, 2, 'half-even')"), &values)
    };
    // In the centre the intercept stands alone.
    assert_eq!(at("17", "100", "400", "6.85", "35").as_deref(), Ok("14.7 no unit"));
    // One factor at its upper end: intercept, coefficient, square.
    assert_eq!(at("19", "100", "400", "6.85", "35").as_deref(), Ok("13.23 no unit"));
    assert_eq!(at("17", "100", "400", "7.10", "35").as_deref(), Ok("20.79 no unit"));
    // All factors at their upper ends: the sum of all coefficients.
    assert_eq!(at("19", "160", "440", "7.10", "36").as_deref(), Ok("12.46 no unit"));
    // Days and pH up: 14.70 + 0.62 + 2.83 - 4.36 - 2.09 + 3.26.
    assert_eq!(at("19", "100", "400", "7.10", "35").as_deref(), Ok("14.96 no unit"));
}
