"""Quantiles and the fences of Tukey, as Cardinal takes them.

Source: quantiles of type 8 of Hyndman and Fan, Sample quantiles in statistical packages (1996);
fences of Tukey, Exploratory data analysis (1977).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

__all__ = ["fence_above", "fence_below", "percentile"]


def percentile(values: Sequence[float], share: float) -> float:
    """The quantile of a share between 0 and 1; not a number for no values."""
    ordered = sorted(values)
    count = len(ordered)
    if not ordered:
        return math.nan
    place = (count + 1 / 3) * share + 1 / 3
    whole = int(place)
    if whole <= 0 or share == 0:
        return ordered[0]
    if whole >= count or share == 1:
        return ordered[-1]
    low, high = ordered[whole - 1], ordered[whole]
    return low + (place - whole) * (high - low)


def fence_below(values: Iterable[float], given: float | None) -> tuple[float, float]:
    """The lower fence and the first quartile; a given fence stands, with 1 for the quartile."""
    if given is not None:
        return given, 1.0
    ordered = sorted(values)
    first, third = percentile(ordered, 0.25), percentile(ordered, 0.75)
    return first - 1.5 * (third - first), first


def fence_above(values: Iterable[float], given: float | None) -> float:
    """The upper fence; a given one stands."""
    if given is not None:
        return given
    ordered = sorted(values)
    first, third = percentile(ordered, 0.25), percentile(ordered, 0.75)
    return third + 1.5 * (third - first)
