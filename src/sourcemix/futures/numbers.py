"""Exact numbers of the tree: rounding without floats."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isqrt


def rounded(value: Fraction, places: int) -> Decimal:
    """A fraction rounded half-even to so many decimals, without trailing zeros."""
    whole = round(value * 10**places)
    while places and whole % 10 == 0:
        whole //= 10
        places -= 1
    return Decimal(f"{whole}E-{places}")


def root(square: Fraction, places: int = 6) -> Fraction:
    """The square root of a fraction, rounded half-even to so many decimals.

    Worked out in integers, so that every machine gets the same figure.
    """
    scaled = square * 10 ** (2 * places)
    below = isqrt(scaled.numerator // scaled.denominator)
    middle = Fraction(2 * below + 1, 2) ** 2
    if scaled > middle or (scaled == middle and below % 2):
        below += 1
    return Fraction(below, 10**places)


def shown(number: int) -> str:
    """A large number for a sentence: with commas, or beyond reading as a power of ten."""
    return f"{number:,}" if number < 10**15 else f"about 10^{len(str(number)) - 1}"
