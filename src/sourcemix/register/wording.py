"""Money, dates and lengths of time as officers read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

__all__ = ["counted", "day", "duration", "money", "pounds", "several", "span"]

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def money(amount: Decimal) -> str:
    """An amount to three figures: `£1.4 million`, `£845,000`, `£75`."""
    sign, size = ("-" if amount < 0 else ""), abs(Decimal(amount))
    for unit, word in ((Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million")):
        if size >= unit * Decimal("0.9995"):
            number = size / unit
            places = "0.01" if number < 10 else "0.1" if number < 100 else "1"
            text = f"{number.quantize(Decimal(places), rounding=ROUND_HALF_EVEN):,f}"
            text = text.rstrip("0").rstrip(".") if "." in text else text
            return f"{sign}£{text} {word}"
    step = Decimal(1)
    while size / step >= 1000:
        step *= 10
    size = (size / step).quantize(Decimal(1), rounding=ROUND_HALF_EVEN) * step
    return f"{sign}£{size:,.0f}"


def pounds(amount: Decimal) -> str:
    """An amount in full: `£1,250.50`."""
    sign, size = ("-" if amount < 0 else ""), abs(Decimal(amount))
    return f"{sign}£{size:,.0f}" if size == size.to_integral_value() else f"{sign}£{size:,.2f}"


def span(low: Decimal, high: Decimal) -> str:
    """A range: `£1.4 million to £1.6 million`; one figure where they agree."""
    first, last = money(low), money(high)
    return first if first == last else f"{first} to {last}"


def day(value: date) -> str:
    """A date: `7 November 2026`."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def counted(number: int, one: str) -> str:
    """A number with its noun: `1 supplier`, `3 suppliers`."""
    return f"{number:,} {one if number == 1 else one + 's'}"


def several(lengths: Sequence[int]) -> str:
    """Options in words: `2 options of 12 months`, `options of 2 years and 12 months`."""
    if len(lengths) > 1 and len(set(lengths)) == 1:
        return f"{len(lengths)} options of {duration(lengths[0])}"
    words = " and ".join(duration(months) for months in lengths)
    return f"{'an option' if len(lengths) == 1 else 'options'} of {words}"


def duration(months: int) -> str:
    """A length of time: `18 months`, `5 years`."""
    if months > 12 and months % 12 == 0:
        return f"{months // 12} years"
    return "1 month" if months == 1 else f"{months} months"
