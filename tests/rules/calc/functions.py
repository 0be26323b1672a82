#!/usr/bin/env python3
"""Makes functions.tsv: functions of the language of calculations by another program.

mpmath 1.3.0 computes each with 120 digits and rounds it half to even to what a decimal keeps: 28 decimals at most,
and a whole number of them below 2^96. Run in this folder: python3 functions.py > functions.tsv
"""

import random
from fractions import Fraction

from mpmath import mp, mpf, exp, ln, log10, sqrt, power

mp.dps = 160
MOST = 2**96 - 1


def decimal(value):
    """As many decimals as are kept, without zeros at the end; nothing where it is too large, or no digit is left."""
    exact = Fraction(*value_as_fraction(value))
    for scale in range(28, -1, -1):
        rounded = round(exact * 10**scale)  # half to even
        if abs(rounded) <= MOST:
            if rounded == 0 and exact != 0:
                return "-"
            sign = "-" if rounded < 0 else ""
            text = str(abs(rounded)).rjust(scale + 1, "0")
            whole, rest = (text[:-scale], text[-scale:].rstrip("0")) if scale else (text, "")
            return sign + whole + ("." + rest if rest else "")
    return "-"


def value_as_fraction(value):
    if isinstance(value, Fraction):
        return value.numerator, value.denominator
    sign, mantissa, exponent, _ = value._mpf_
    number = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    number = -number if sign else number
    return number.numerator, number.denominator


def exact(text):
    return Fraction(text)


def wide(text):
    fraction = Fraction(text)
    return mpf(fraction.numerator) / mpf(fraction.denominator)


def near(value):
    """A value that is whole but for the last digits of 160 is that whole number."""
    whole = mp.nint(value)
    return mpf(whole) if abs(value - whole) < mpf(10) ** -120 else value


def numbers(seed, count, least, most, decimals):
    chance = random.Random(seed)
    for _ in range(count):
        scale = chance.randint(0, decimals)
        yield str(Fraction(chance.randint(int(least * 10**scale), int(most * 10**scale)), 10**scale)), scale


def written(fraction_text, scale):
    fraction = Fraction(fraction_text)
    digits = str(abs(int(fraction * 10**scale))).rjust(scale + 1, "0")
    text = digits[:-scale] + "." + digits[-scale:] if scale else digits
    return ("-" if fraction < 0 else "") + text


def of(seed, count, least, most, decimals):
    return [written(*one) for one in numbers(seed, count, least, most, decimals)]


def rows():
    above = of(1, 60, 0.0001, 1000, 12) + of(2, 20, 1, 10**15, 8)
    above += ["1", "10", "1000", "0.001", "0.0000000000000000000000000001", "79228162514264337593543950335",
              "1.0000000000000000000000000001", "0.9999999999999999999999999999", "2", "7.2"]
    for text in above:
        if Fraction(text) > 0:
            yield "ln", [text], ln(wide(text))
            yield "log10", [text], near(log10(wide(text)))
            yield "sqrt", [text], root(text)
    for text in of(3, 60, -40, 60, 10) + ["0", "1", "-1", "66.5", "66.6", "-64", "-65", "0.0000000000000000000000000001"]:
        yield "exp", [text], exp(wide(text))
    bases = of(4, 25, 0.001, 50, 8)
    powers = of(5, 25, -6, 8, 6)
    for base, exponent in zip(bases, powers):
        if Fraction(base) > 0:
            yield "pow", [base, exponent], power(wide(base), wide(exponent))
    for base in of(6, 15, -30, 30, 6):
        for exponent in ("0", "1", "2", "3", "-1", "-2"):
            if Fraction(base) != 0:
                yield "pow", [base, exponent], exact(base) ** int(exponent)
    chance = random.Random(7)
    for size in [1, 2, 3, 4, 5, 8, 13, 21, 40]:
        for least, most, decimals in ((0.1, 9, 3), (900, 1100, 2), (6.8, 7.2, 2)):
            values = [one for one in of(chance.random(), 2 * size, least, most, decimals) if float(one) > 0][:size]
            exacts = [exact(text) for text in values]
            mean = sum(exacts) / size
            ordered = sorted(exacts)
            yield "mean", values, mean
            yield "median", values, (ordered[(size - 1) // 2] + ordered[size // 2]) / 2
            yield "geomean", values, exp(sum(ln(wide(text)) for text in values) / size)
            if size > 1:
                spread = sum((one - mean) ** 2 for one in exacts) / (size - 1)
                yield "sd", values, root(spread)
                yield "rsd", values, root(spread / mean**2 * 10000)


def root(of_what):
    """Exactly where it is a fraction, else with 160 digits."""
    fraction = Fraction(of_what)
    from math import isqrt

    above, below = isqrt(fraction.numerator), isqrt(fraction.denominator)
    if above * above == fraction.numerator and below * below == fraction.denominator:
        return Fraction(above, below)
    return sqrt(mpf(fraction.numerator) / mpf(fraction.denominator))


print("# function\targuments\tvalue (-: no decimal holds it); made by functions.py with mpmath")
for name, arguments, value in rows():
    print(name, " ".join(arguments), decimal(value), sep="\t")
