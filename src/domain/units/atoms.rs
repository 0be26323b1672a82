//! Atoms and prefixes of units: what one of each is in base units, exactly.
// tidy: a table
//!
//! Codes and values as in the Unified Code for Units of Measure (UCUM 2.2, ucum.org), which has no torr. Units of an assay (IU, EU, CFU,
//! U, TCID50) are bases of their own: one says nothing of another, nor of a substance's amount.

/// An atom: it may stand alone, or behind a prefix where it is metric.
#[derive(Debug, PartialEq, Eq)]
pub struct Atom {
    /// UCUM code.
    pub code: &'static str,
    /// As people read it.
    pub shown: &'static str,
    /// Whether prefixes stand before it.
    pub metric: bool,
    /// What one of it is in base units: numerator.
    pub above: i128,
    /// Denominator.
    pub below: i128,
    /// Its base units with their exponents.
    pub base: &'static [(&'static str, i32)],
}

/// A prefix and its power of ten.
#[derive(Debug, PartialEq, Eq)]
pub struct Prefix {
    /// UCUM code.
    pub code: &'static str,
    /// As people read it.
    pub shown: &'static str,
    pub power: i32,
}

/// Prefixes; the longer ones first.
pub static PREFIXES: &[Prefix] = &[
    Prefix { code: "da", shown: "da", power: 1 },
    Prefix { code: "T", shown: "T", power: 12 },
    Prefix { code: "G", shown: "G", power: 9 },
    Prefix { code: "M", shown: "M", power: 6 },
    Prefix { code: "k", shown: "k", power: 3 },
    Prefix { code: "h", shown: "h", power: 2 },
    Prefix { code: "d", shown: "d", power: -1 },
    Prefix { code: "c", shown: "c", power: -2 },
    Prefix { code: "m", shown: "m", power: -3 },
    Prefix { code: "u", shown: "µ", power: -6 },
    Prefix { code: "n", shown: "n", power: -9 },
    Prefix { code: "p", shown: "p", power: -12 },
    Prefix { code: "f", shown: "f", power: -15 },
];

macro_rules! atoms {
    ($($code:literal $shown:literal $kind:ident $above:literal / $below:literal $($base:literal $power:literal)*;)*) => {
        /// All atoms.
        pub static ATOMS: &[Atom] = &[$(Atom {
            code: $code,
            shown: $shown,
            metric: matches!(stringify!($kind).as_bytes(), b"metric"),
            above: $above,
            below: $below,
            base: &[$(($base, $power)),*],
        }),*];
    };
}

atoms! {
    "g" "g" metric 1/1 "g" 1;
    "t" "t" metric 1_000_000/1 "g" 1;
    "[lb_av]" "lb" plain 45_359_237/100_000 "g" 1;
    "[oz_av]" "oz" plain 45_359_237/1_600_000 "g" 1;
    "[gr]" "gr" plain 6_479_891/100_000_000 "g" 1;
    "u" "Da" metric 1/1 "u" 1;
    "m" "m" metric 1/1 "m" 1;
    "[in_i]" "in" plain 254/10_000 "m" 1;
    "[ft_i]" "ft" plain 3_048/10_000 "m" 1;
    "L" "L" metric 1/1_000 "m" 3;
    "l" "L" metric 1/1_000 "m" 3;
    "[gal_us]" "gal" plain 3_785_411_784/1_000_000_000_000 "m" 3;
    "s" "s" metric 1/1 "s" 1;
    "min" "min" plain 60/1 "s" 1;
    "h" "h" plain 3_600/1 "s" 1;
    "d" "day" plain 86_400/1 "s" 1;
    "wk" "week" plain 604_800/1 "s" 1;
    "mo" "month" plain 1/1 "mo" 1;
    "a" "year" plain 12/1 "mo" 1;
    "Hz" "Hz" metric 1/1 "s" -1;
    "K" "K" metric 1/1 "K" 1;
    "Cel" "degC" plain 1/1 "K" 1;
    "[degF]" "degF" plain 5/9 "K" 1;
    "Pa" "Pa" metric 1_000/1 "g" 1 "m" -1 "s" -2;
    "bar" "bar" metric 100_000_000/1 "g" 1 "m" -1 "s" -2;
    "atm" "atm" plain 101_325_000/1 "g" 1 "m" -1 "s" -2;
    "[Torr]" "Torr" metric 101_325_000/760 "g" 1 "m" -1 "s" -2;
    "[psi]" "psi" plain 44_482_216_152_605/6_451_600 "g" 1 "m" -1 "s" -2;
    "m[Hg]" "mHg" metric 133_322_000/1 "g" 1 "m" -1 "s" -2;
    "m[H2O]" "mH2O" metric 9_806_650/1 "g" 1 "m" -1 "s" -2;
    "N" "N" metric 1_000/1 "g" 1 "m" 1 "s" -2;
    "[lbf_av]" "lbf" plain 44_482_216_152_605/10_000_000_000 "g" 1 "m" 1 "s" -2;
    "[g]" "x g" plain 980_665/100_000 "m" 1 "s" -2;
    "J" "J" metric 1_000/1 "g" 1 "m" 2 "s" -2;
    "cal" "cal" metric 4_184/1 "g" 1 "m" 2 "s" -2;
    "W" "W" metric 1_000/1 "g" 1 "m" 2 "s" -3;
    "P" "P" metric 100/1 "g" 1 "m" -1 "s" -1;
    "St" "St" metric 1/10_000 "m" 2 "s" -1;
    "A" "A" metric 1/1 "A" 1;
    "V" "V" metric 1_000/1 "g" 1 "m" 2 "s" -3 "A" -1;
    "Ohm" "Ohm" metric 1_000/1 "g" 1 "m" 2 "s" -3 "A" -2;
    "S" "S" metric 1/1_000 "g" -1 "m" -2 "s" 3 "A" 2;
    "mol" "mol" metric 1/1 "mol" 1;
    "kat" "kat" metric 1/1 "mol" 1 "s" -1;
    "osm" "Osm" metric 1/1 "osm" 1;
    "eq" "eq" metric 1/1 "eq" 1;
    "[pH]" "pH" plain 1/1 "[pH]" 1;
    "%" "%" plain 1/100;
    "[ppth]" "ppth" plain 1/1_000;
    "[ppm]" "ppm" plain 1/1_000_000;
    "[ppb]" "ppb" plain 1/1_000_000_000;
    "[CFU]" "cfu" plain 1/1 "[CFU]" 1;
    "[PFU]" "pfu" plain 1/1 "[PFU]" 1;
    "[EU]" "EU" plain 1/1 "[EU]" 1;
    "[IU]" "IU" metric 1/1 "[IU]" 1;
    "[iU]" "IU" metric 1/1 "[IU]" 1;
    "U" "U" metric 1/1 "U" 1;
    "[TCID_50]" "TCID50" plain 1/1 "[TCID_50]" 1;
    "Bq" "Bq" metric 1/1 "Bq" 1;
    "Ci" "Ci" metric 37_000_000_000/1 "Bq" 1;
    "Gy" "Gy" metric 1/1 "Gy" 1;
    "lx" "lx" metric 1/1 "lx" 1;
    "deg" "deg" plain 1/1 "deg" 1;
}
