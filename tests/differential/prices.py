"""What units cost, with tiers: the charge for a volume, and the ways of serving it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tests.differential.ground import ZERO, exact, nearest

from sourcemix.model.offers import ServiceTerms

SMALLEST = Fraction(1, 1000)


@dataclass(frozen=True)
class Way:
    """Serving at least `least` units, which cost `pounds`; each one more costs `price`."""

    least: Fraction
    pounds: Fraction
    most: Fraction | None
    price: Fraction


@dataclass(frozen=True)
class Prices:
    """The first price, and those that hold from a volume on.

    `whole`: whether the last price that is reached holds for all units.
    """

    first: Fraction
    tiers: tuple[tuple[Fraction, Fraction], ...] = ()
    whole: bool = False

    def price(self, units: Fraction) -> Fraction:
        """The price of the last tier reached."""
        found = self.first
        for start, price in self.tiers:
            if start <= units:
                found = price
        return found

    def charge(self, units: Fraction) -> Fraction:
        """Pounds for so many units."""
        if self.whole:
            return units * self.price(units)
        cost = units * self.first
        before = self.first
        for start, price in self.tiers:
            cost += max(ZERO, units - start) * (price - before)
            before = price
        return cost

    def ways(self, paid: Fraction, most: Fraction | None) -> Iterator[Way]:
        """Every way of serving beyond what is paid for: from each threshold to the next."""
        starts = [paid, *(start for start, _ in self.tiers if start > paid)]
        for start, after in zip(starts, [*starts[1:], None], strict=True):
            if most is not None and start > most:
                return
            top = after
            if after is not None and self.whole:
                top = after - SMALLEST
            if most is not None:
                top = most if top is None else min(top, most)
            yield Way(start, self.charge(start) - self.charge(paid), top, self.price(start))


def listed(terms: ServiceTerms, first: Fraction, part: Fraction, factor: Fraction) -> Prices:
    """The prices of an entry in a period, each times a factor."""
    tiers = ((nearest(exact(t.from_) * part), exact(t.price) * factor) for t in terms.tiers)
    return Prices(first * factor, tuple(tiers), terms.tier_kind == "all_units")
