"""Prices by volume: the charge for the units paid for, as bands that each have one price."""

from __future__ import annotations

from dataclasses import dataclass

from sourcemix.engine.milp import INFINITY
from sourcemix.engine.problem import Problem

STEP = 0.001
"""Units: volumes are whole thousandths, so the largest below a threshold is one step below it."""


@dataclass(frozen=True, slots=True)
class Band:
    """Units of a period between two thresholds: they cost ``base + price × units`` in pounds."""

    low: float
    high: float
    base: float
    price: float


def bands_at(
    problem: Problem, node: int, offer: int, service: int, age: int, period: int | None = None
) -> tuple[Band, ...]:
    """The bands of an entry at a node for an agreement of that age; one where it has no tiers.

    The index is that of `period`, if given, not of the node's own.
    """
    entry = problem.offers[offer].services[service]
    factor = problem.price_factor(node, offer, period)
    listed = ((0.0, problem.price(offer, service, age)), *entry.tiers)
    found: list[Band] = []
    for place, (low, price) in enumerate(listed):
        above = listed[place + 1][0] if place + 1 < len(listed) else INFINITY
        if above <= low:
            continue  # the next one begins here
        if entry.all_units:
            high = above if above == INFINITY else round(above - STEP, 3)
            found.append(Band(low, high, 0.0, price * factor))
        else:
            # What the units below cost more, or less, than at this price.
            base = charge_for(tuple(found), low) - price * factor * low
            found.append(Band(low, above, base, price * factor))
    return tuple(found)


def band_of(bands: tuple[Band, ...], units: float) -> Band:
    """The last band that some units reach."""
    return [band for band in bands if band.low <= units][-1]


def charge_for(bands: tuple[Band, ...], units: float) -> float:
    """Pounds for some units of a period."""
    if units == 0.0:
        return 0.0
    band = band_of(bands, units)
    return band.base + band.price * units
