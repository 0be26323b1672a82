"""Writes judgement.tsv: how numbers and censored numbers stand to limits, by an independent implementation.

    python judgement.py > judgement.tsv

A number is rounded by Python's decimal module. A censored one is judged by walking through the numbers that it admits
on a grid finer than anything that a limit tells apart.
"""
from decimal import ROUND_HALF_UP, Decimal as D

FAR = D("1e7")


def place(text):
    return D(text).as_tuple().exponent


def compared(value, end, how):
    if how == "exact":
        return value
    return value.quantize(D(1).scaleb(place(end)), rounding=ROUND_HALF_UP)


def side(value, low, high, how):
    if low:
        text, inclusive = low
        v, end = compared(value, text, how), D(text)
        if v < end or (v == end and not inclusive):
            return "below"
    if high:
        text, inclusive = high
        v, end = compared(value, text, how), D(text)
        if v > end or (v == end and not inclusive):
            return "above"
    return "within"


def admitted(sign, bound, ends):
    # A quarter of half a unit of the finest place that is written: nothing is told apart in between.
    step = D(1).scaleb(min(place(text) for text in ends + [str(bound)])) / 8
    widest = max(D(1).scaleb(place(text)) for text in ends)
    span = max(abs(D(text) - bound) for text in ends) + 2 * widest
    out = -1 if sign in ("<", "≤") else 1
    if sign in ("≤", "≥"):
        yield bound
    n = 1
    while n * step <= span:
        yield bound + out * n * step
        n += 1
    yield bound + out * FAR


def judged(sign, bound, low, high, how):
    if sign == "=":
        return side(bound, low, high, how)
    # At or beyond the limit as it is written it is outside, whatever the rounding.
    if sign == ">" and high and bound >= D(high[0]):
        return "above"
    if sign == "<" and low and bound <= D(low[0]):
        return "below"
    ends = [end[0] for end in (low, high) if end]
    sides = {side(value, low, high, how) for value in admitted(sign, bound, ends)}
    if sides == {"within"}:
        return "within"
    if "within" in sides:
        return "cannot-be-told"
    assert len(sides) == 1, (sign, bound, low, high, how, sides)
    return sides.pop()


def around(text):
    unit = D(1).scaleb(place(text))
    return [D(text) + unit * D(by) for by in ("-1", "-0.51", "-0.5", "-0.49", "-0.01", "0", "0.01", "0.49", "0.5", "0.51", "1")]


RANGES = [
    (None, "102.0"), (None, "0.25"), (None, "-0.5"), (None, "0"), (None, "1.0E+3"), ("95.0", None), ("95", None),
    ("-1.0", None), ("0", None), ("97.0", "102.0"), ("-0.5", "0.5"), ("7.0", "7.0"), ("95", "102.0"),
]


def ends(text):
    return [(text, True), (text, False)] if text else [None]


def plain(value):
    return format(value, "f")


print("# low\thigh\tcompare\tfound\tverdict; written by judgement.py; a bracket is inclusive")
for low_text, high_text in RANGES:
    for low in ends(low_text):
        for high in ends(high_text):
            if low_text == high_text and not (low[1] and high[1]):
                continue
            both = bool(low and high)
            values = [v for text in (low_text, high_text) if text for v in around(text)]
            for how in ("rounded", "exact"):
                for sign in "=<≤>≥":
                    for value in dict.fromkeys(values):
                        a = ("[" if low[1] else "(") + low[0] if low else "-"
                        b = high[0] + ("]" if high[1] else ")") if high else "-"
                        verdict = judged(sign, value, low, high, how)
                        found = ("" if sign == "=" else sign) + plain(value)
                        print(a, b, how, found, verdict, sep="\t")
