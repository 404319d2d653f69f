"""Exact sums, and the few places where they are rounded."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import floor

ZERO = Fraction(0)


def to_places(value: Fraction, places: int) -> Decimal:
    """A fraction rounded half-even to so many decimals."""
    return Decimal(f"{round(value * 10**places)}E-{places}")


def pence(value: Fraction) -> Decimal:
    """Pounds rounded half-even to the penny."""
    return to_places(value, 2)


def thousandths(value: Fraction) -> Fraction:
    """Units rounded half-even to a thousandth."""
    return round(value, 3)


def thousandths_down(value: Fraction) -> Fraction:
    """Units rounded down to a thousandth."""
    return Fraction(floor(value * 1000), 1000)


def total(values: Iterable[Fraction]) -> Fraction:
    """A sum of fractions; 0 of none."""
    return sum(values, ZERO)


def percentile(values: Iterable[tuple[Fraction, Fraction]], share: Fraction) -> Fraction:
    """The smallest value whose futures, from the least on, reach a probability.

    Args:
        values: value and probability of each future.
        share: the probability to reach, such as 1/10.
    """
    reached, last = ZERO, ZERO
    for value, p in sorted(values):
        reached, last = reached + p, value
        if reached >= share:
            break
    return last


def number(value: Fraction | Decimal | int) -> str:
    """A figure for a sentence: thousands separated, no needless zeros, at most six decimals."""
    text = f"{to_places(Fraction(value), 6):,f}"
    return text.rstrip("0").rstrip(".")


def pounds(value: Fraction | Decimal) -> str:
    """An amount for a sentence, such as `£1,250.00`."""
    rounded = pence(Fraction(value))
    return f"-£{-rounded:,f}" if rounded < 0 else f"£{rounded:,f}"
