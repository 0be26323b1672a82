//! The units that are listed: code, how people read it, what it measures, how else it is written.
// tidy: a table
//!
//! A code never changes its meaning once released; units are only added. What is composed of their atoms is a unit
//! too, listed or not.

/// A listed unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// UCUM code, or an annotation in braces.
    pub code: &'static str,
    /// As people read it.
    pub shown: &'static str,
    /// What it measures.
    pub measures: &'static str,
    /// How else people write it.
    pub spellings: &'static [&'static str],
}

macro_rules! units {
    ($($measures:literal: $($code:literal = $shown:literal $([$($spelling:literal)*])?),+;)*) => {
        /// All listed units, by what they measure.
        pub static LISTED: &[Listed] = &[
            $($(Listed {
                code: $code,
                shown: $shown,
                measures: $measures,
                spellings: &[$($($spelling),*)?],
            },)+)*
        ];
    };
}

units! {
    "mass": "kg" = "kg" ["kilogram" "Kg" "KG"], "g" = "g" ["gram"], "mg" = "mg", "ug" = "µg" ["mcg"], "ng" = "ng", "pg" = "pg",
        "t" = "t", "[lb_av]" = "lb" ["lbs" "pound"], "[oz_av]" = "oz" ["ounce"], "[gr]" = "gr" ["grain"],
        "ku" = "kDa", "u" = "Da";
    "volume": "L" = "L" ["l"], "dL" = "dL", "mL" = "mL", "uL" = "µL", "m3" = "m³" ["m^3" "cbm"],
        "cm3" = "cm³" ["ccm" "cm^3" "cc"], "[gal_us]" = "gal", "{CV}" = "CV", "{DV}" = "DV";
    "length": "m" = "m", "cm" = "cm", "mm" = "mm", "um" = "µm", "nm" = "nm", "[in_i]" = "in" ["inch"],
        "[ft_i]" = "ft" ["feet" "foot"];
    "area": "m2" = "m²" ["m^2"], "cm2" = "cm²" ["cm^2"];
    "time": "s" = "s" ["sec"], "min" = "min", "h" = "h" ["hr" "hour" "hours"], "d" = "day" ["days"],
        "wk" = "week" ["weeks"], "mo" = "month" ["months"], "a" = "year" ["years"];
    "temperature": "Cel" = "degC" ["°C"], "K" = "K", "[degF]" = "degF" ["°F"];
    "acidity": "[pH]" = "pH";
    "pressure": "bar" = "bar" ["bara" "bar(a)" "bar abs"], "mbar" = "mbar" ["mbara" "mbar(a)" "mbar abs"],
        "Pa" = "Pa", "hPa" = "hPa", "kPa" = "kPa", "MPa" = "MPa", "[psi]" = "psi" ["psia" "psi(a)"],
        "mm[Hg]" = "mmHg", "cm[H2O]" = "cmH2O", "atm" = "atm",
        "[Torr]" = "Torr" ["torr"], "m[Torr]" = "mTorr";
    "gauge pressure": "bar{gauge}" = "barg" ["bar(g)" "bar gauge"], "mbar{gauge}" = "mbarg" ["mbar(g)" "mbar gauge"],
        "kPa{gauge}" = "kPag" ["kPa(g)"], "[psi]{gauge}" = "psig" ["psi(g)" "psi gauge"];
    "fraction": "%" = "%" ["percent"], "[ppm]" = "ppm", "[ppb]" = "ppb", "g/kg" = "g/kg", "mg/kg" = "mg/kg",
        "ng/mg" = "ng/mg", "pg/mg" = "pg/mg", "%{sat}" = "% sat", "%{w/v}" = "% w/v" ["%(w/v)"],
        "%{w/w}" = "% w/w" ["%(w/w)"], "%{v/v}" = "% v/v" ["%(v/v)"], "%{WV}" = "% of WV",
        "{ratio}" = "ratio", "{X}" = "X";
    "relative humidity": "%{RH}" = "%RH" ["%rH" "% rel. humidity" "% r.h." "% R.H." "% rF"];
    "mass concentration": "kg/L" = "kg/L", "g/L" = "g/L", "mg/L" = "mg/L", "ug/L" = "µg/L", "ng/L" = "ng/L",
        "g/mL" = "g/mL", "g/dL" = "g/dL", "mg/mL" = "mg/mL", "mg/dL" = "mg/dL", "ug/mL" = "µg/mL",
        "ng/mL" = "ng/mL", "pg/mL" = "pg/mL", "g/L{resin}" = "g/L resin";
    "amount": "mol" = "mol", "mmol" = "mmol", "mol/L" = "M", "mmol/L" = "mM", "umol/L" = "µM",
        "nmol/L" = "nM";
    "osmolality": "mosm" = "mOsm", "mosm/kg" = "mOsm/kg", "osm" = "Osm";
    "cells": "10*5.{vc}/mL" = "1e5 vc/mL" ["10^5 vc/mL"], "10*6.{vc}/mL" = "1e6 vc/mL" ["10^6 vc/mL"],
        "{vc}/mL" = "vc/mL" ["viable cells/mL"], "{cells}" = "cells" ["cell"], "{vc}" = "vc" ["viable cells"],
        "{tc}" = "total cells" ["tc"], "{cells}/mL" = "cells/mL", "{cells}/kg" = "cells/kg",
        "10*6.{cells}/mL" = "1e6 cells/mL" ["10^6 cells/mL"], "{tc}/mL" = "total cells/mL";
    "vectors": "{vg}" = "vg", "{vg}/mL" = "vg/mL", "{vp}" = "vp", "{vp}/mL" = "vp/mL", "{TU}" = "TU", "{TU}/mL" = "TU/mL",
        "{copies}" = "copies" ["copy"], "{copies}/mL" = "copies/mL", "{copies}/uL" = "copies/µL",
        "[TCID_50]" = "TCID50", "[TCID_50]/mL" = "TCID50/mL", "[PFU]" = "pfu" ["PFU"], "[PFU]/mL" = "pfu/mL" ["PFU/mL"];
    "microbial count": "[CFU]" = "cfu" ["CFU" "KBE"], "[CFU]/mL" = "cfu/mL", "[CFU]/L" = "cfu/L",
        "[CFU]/m3" = "cfu/m³", "[CFU]/g" = "cfu/g", "[CFU]/(100.mL)" = "cfu/100 mL",
        "[CFU]/{plate}" = "cfu/plate", "[CFU]/(4.h)" = "cfu/4 h", "{plate}" = "plate" ["plates"];
    "endotoxin": "[EU]" = "EU", "[EU]/mL" = "EU/mL", "[EU]/mg" = "EU/mg";
    "activity": "[IU]" = "IU", "[IU]/mL" = "IU/mL", "[IU]/mg" = "IU/mg", "U" = "U", "U/mL" = "U/mL", "U/mg" = "U/mg";
    "radioactivity": "Bq" = "Bq", "MBq" = "MBq", "GBq" = "GBq", "mCi" = "mCi";
    "rate": "1/d" = "1/day", "1/h" = "1/h", "1/min" = "rpm" ["RPM" "r/min" "rev/min"], "Hz" = "Hz", "[g]" = "x g" ["xg" "×g" "rcf"];
    "flow": "L/h" = "L/h", "L/min" = "L/min", "mL/min" = "mL/min", "kg/h" = "kg/h",
        "cm/h" = "cm/h", "m/s" = "m/s", "L/m2/h" = "LMH", "L/min/m2" = "L/min/m2", "{vvm}" = "vvm",
        "{vials}/min" = "vials/min", "m3/h" = "m³/h";
    "filter load": "L/m2" = "L/m2", "g/m2" = "g/m2";
    "conductivity": "mS/cm" = "mS/cm", "uS/cm" = "µS/cm", "S/m" = "S/m";
    "turbidity": "{NTU}" = "NTU", "{FNU}" = "FNU";
    "absorbance": "{OD}" = "OD", "{OD_ascending}" = "OD ascending",
        "{OD_descending}" = "OD descending", "m{AU}" = "mAU", "{AU}" = "AU";
    "power": "W" = "W", "kW" = "kW", "W/m3" = "W/m³";
    "electricity": "V" = "V", "mV" = "mV", "A" = "A", "mA" = "mA";
    "energy": "J" = "J", "N.m" = "N·m";
    "force": "N" = "N", "[lbf_av]" = "lbf";
    "viscosity": "mPa.s" = "mPa·s" ["mPas"], "cP" = "cP";
    "virus clearance": "{LRV}" = "LRV";
    "statistic": "{logit}" = "logit", "1" = "1";
    "count": "{cycle}" = "cycle" ["cycles"], "{units}" = "units", "{labels}" = "labels" ["label"],
        "{each}" = "pieces" ["each" "pcs"], "{vials}" = "vials" ["vial"], "{syringes}" = "syringes" ["syringe"],
        "{bags}" = "bags" ["bag"], "{bottles}" = "bottles" ["bottle"], "{drops}" = "drops" ["drop"],
        "{particles}" = "particles" ["particle"], "{particles}/m3" = "particles/m³", "{particles}/mL" = "particles/mL";
}
