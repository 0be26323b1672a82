"""Writes units.tsv: exact factors between units, by an independent implementation (pint, in fractions).

    pip install pint==0.25.3; python units.py > units.tsv

Each line: from, to, what 1 of the first is in the second, what 0 of it is there; as fractions.
"""
from fractions import Fraction

import pint

ureg = pint.UnitRegistry(non_int_type=Fraction)

# UCUM codes that pint calls otherwise.
NAMES = {
    "[lb_av]": "pound", "[oz_av]": "ounce", "[gr]": "grain", "[gal_us]": "gallon", "[in_i]": "inch",
    "[ft_i]": "foot", "[psi]": "psi", "[lbf_av]": "lbf", "cm[H2O]": "(98.0665*Pa)", "d": "day", "wk": "week",
    "ug": "microgram", "um": "micrometer", "uL": "microliter", "umol": "micromol", "uS": "microsiemens",
    "m2": "meter**2", "m3": "meter**3", "cm2": "centimeter**2", "cm3": "centimeter**3", "s2": "second**2",
    "%": "percent", "[ppm]": "ppm", "[ppb]": "(ppm/1000)", "h": "hour", "min": "minute", "t": "tonne",
    "cP": "centipoise", "[Torr]": "torr", "m[Torr]": "millitorr", "atm": "atm", "1": "1", "a": "year",
}

PAIRS = """
kg g|mg g|ug mg|ng pg|t kg|[lb_av] g|[oz_av] [lb_av]|[gr] mg|[lb_av] kg
L mL|L m3|dL L|uL mL|cm3 mL|m3 L|[gal_us] L
m cm|mm um|[in_i] mm|[ft_i] m|m2 cm2
min s|h min|d h|wk d|Hz 1/min
[psi] Pa|[psi] bar|bar mbar|kPa Pa|MPa bar|atm kPa|hPa mbar|cm[H2O] Pa|[Torr] Pa|m[Torr] [Torr]
N kg.m/s2|[lbf_av] N|J N.m|W J/s|mPa.s cP|V W/A|mS/cm S/m|uS/cm mS/cm
mol/L mmol/mL|umol/L nmol/mL|mmol/L mol/m3
g/L mg/mL|kg/L g/mL|g/dL g/L|mg/dL ug/mL|ug/mL mg/L|ng/L pg/mL
ng/mg [ppb]|% [ppm]|g/kg %|mg/kg [ppm]|pg/mg ng/g
L/h mL/min|L/min L/h|L/m2/h mm/h|L/min/m2 L/m2/h|cm/h m/s|kg/h g/min|m3/h L/min
L/m2 mL/cm2|W/m3 mW/L
Ci GBq|mCi MBq
""".replace("\n", "|").split("|")


def parsed(code):
    text, name = "", ""
    for sign in code + "\0":
        if sign in "./\0":
            text += NAMES.get(name, name) + {".": "*", "/": "/", "\0": ""}[sign]
            name = ""
        else:
            name += sign
    return ureg.parse_expression(text)


print("# from\tto\tfactor\toffset; written by units.py")
for pair in filter(None, (p.strip() for p in PAIRS)):
    a, b = pair.split()
    factor = (parsed(a) / parsed(b)).to("dimensionless").magnitude
    assert isinstance(factor, (int, Fraction)), (pair, factor)
    print(a, b, Fraction(factor), 0, sep="\t")
for a, b in [("Cel", "K"), ("K", "Cel"), ("[degF]", "Cel"), ("Cel", "[degF]"), ("[degF]", "K")]:
    names = {"Cel": "degC", "K": "kelvin", "[degF]": "degF"}
    to = lambda v: ureg.Quantity(Fraction(v), names[a]).to(names[b]).magnitude
    zero = Fraction(to(0))
    print(a, b, Fraction(to(1)) - zero, zero, sep="\t")
