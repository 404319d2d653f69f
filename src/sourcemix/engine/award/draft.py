"""The model of an event while it is drafted: its columns, and sums that several rows need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from math import gcd
from typing import Literal

from sourcemix.engine.award.compile import MILLI, Terms
from sourcemix.engine.milp import INFINITY, Builder

Sum = list[tuple[int, float]]
"""A linear expression: columns with their factors."""
Rounding = Literal["loose", "pennies", "strict"]
"""How a model meets rounding to the penny."""

HALF_PENNY = 0.005
"""Most that rounding one amount to the penny moves it, in pounds."""
STEP = 1 / MILLI
"""The step of a quantity, in units."""
MARGIN = 1e-6
"""Pounds by which rows are tightened beyond the rounding, against floating point."""


@dataclass(slots=True)
class Draft:
    """Columns and rows so far.

    Prices of divisible bids and discounts are rounded to the penny. A *loose* draft leaves that
    out and widens every row that rounding touches, so that no award is cut off and its bound holds
    for all. A draft in *pennies* has the rounding as rows: exact, but harder. A *strict* one leaves
    it out and narrows the rows, so that what it finds still holds when rounded. Where nothing is
    rounded, all are the same.

    Attributes:
        terms: the event.
        rounding: how rounding to the penny is met.
        builder: takes columns and rows.
        win: column of each bid that is 1 when it wins; divisible bids have one where needed.
        part: column of the units won, by divisible bid and lot.
        unawarded: column of each lot that is 1 when it is left without a winner.
        winner: column of each supplier that is 1 when it wins anything, where needed.
        whole_price: what each divisible bid costs in whole pence, in a draft in pennies.
        discount: what each supplier's discounts come to.
    """

    terms: Terms
    rounding: Rounding = "loose"
    builder: Builder = field(default_factory=Builder)
    win: dict[int, int] = field(default_factory=dict)
    part: dict[tuple[int, int], int] = field(default_factory=dict)
    unawarded: dict[int, int] = field(default_factory=dict)
    winner: dict[int, int] = field(default_factory=dict)
    whole_price: dict[int, Sum] = field(default_factory=dict)
    discount: dict[int, Sum] = field(default_factory=dict)

    def flag(self, cost: float = 0.0) -> int:
        """A new column that is 0 or 1, with its cost in pounds."""
        return self.builder.column(cost, 0.0, 1.0, integer=True)

    def row(self, lower: float, upper: float, terms: Iterable[tuple[int, float]]) -> None:
        """Add a row: the sum lies between the two."""
        entries = list(terms)
        self.builder.row(
            lower, upper, [column for column, _ in entries], [factor for _, factor in entries]
        )

    def at_most(self, upper: float, terms: Iterable[tuple[int, float]]) -> None:
        """Add a row: the sum is at most this."""
        self.row(-INFINITY, upper, terms)

    def at_least(self, lower: float, terms: Iterable[tuple[int, float]]) -> None:
        """Add a row: the sum is at least this."""
        self.row(lower, INFINITY, terms)

    @property
    def margin(self) -> float:
        """Pounds by which a row is narrowed against floating point."""
        return MARGIN if self.rounding == "strict" else 0.0

    def unit_pounds(self, bid: int) -> float:
        """Pounds for a unit of a divisible bid."""
        unit = self.terms.bids[bid].unit
        assert unit is not None
        return float(unit * MILLI / 100)

    def price(self, supplier: int) -> Sum:
        """What a supplier's winning bids cost before discount, in pounds."""
        total: Sum = []
        for b in self.terms.by_supplier[supplier]:
            bid = self.terms.bids[b]
            if not bid.divisible:
                total.append((self.win[b], bid.price / 100))
            elif b in self.whole_price:
                total.extend(self.whole_price[b])
            else:
                total.extend((self.part[b, lot], self.unit_pounds(b)) for lot, _ in bid.lots)
        return total

    def paid(self, supplier: int) -> Sum:
        """What a supplier is paid: price less discount, in pounds."""
        return self.price(supplier) + [
            (column, -factor) for column, factor in self.discount.get(supplier, [])
        ]

    def give(self, supplier: int, *, discounted: bool = True) -> float:
        """Pounds by which a row on a supplier's price (or paid, if discounted) is widened.

        Negative where the draft is strict.
        """
        if self.rounding == "pennies":
            return 0.0
        terms = self.terms
        divisible = [b for b in terms.by_supplier[supplier] if terms.bids[b].divisible]
        rounded = len(divisible)
        rounded += 1 if discounted and rounds_discount(terms, supplier) else 0
        if self.rounding == "loose":
            return HALF_PENNY * rounded
        cut = sum(STEP * self.unit_pounds(b) * len(terms.bids[b].lots) for b in divisible)
        return -(HALF_PENNY * rounded + cut + MARGIN)


def rounds_discount(terms: Terms, supplier: int) -> bool:
    """Whether a supplier's discount may have to be rounded to the penny.

    Not so where every price it can reach is a multiple of an amount on which all rates come to
    whole pence: 3% of whole pounds, say.
    """
    discounts = terms.discounts.get(supplier)
    if discounts is None:
        return False
    bids = [terms.bids[b] for b in terms.by_supplier[supplier]]
    if any(bid.divisible for bid in bids):
        return True
    common = reduce(gcd, (bid.price for bid in bids), 0)
    for tier in discounts.tiers:
        constant = tier.base - tier.rate * tier.start if discounts.incremental else Fraction(0)
        if (tier.rate * common).denominator != 1 or constant.denominator != 1:
            return True
    return False


def rounded_away(terms: Terms) -> float:
    """Most by which the cost of an award differs from the model's for rounding, in pounds."""
    divisible = sum(bid.divisible for bid in terms.bids)
    discounts = sum(rounds_discount(terms, s) for s in range(len(terms.suppliers)))
    return HALF_PENNY * (divisible + discounts)


def largest_price(terms: Terms, supplier: int) -> float:
    """An upper bound on a supplier's total price before discount, in pounds.

    The least of: all its bids together; where lots are covered exactly, the sum over lots of the
    dearest price that one of its bids asks per whole lot (bundles spread evenly: with ``f`` the
    fraction of a lot that a bid covers, price = (price / Σ f) × Σ f, and the fractions of each lot
    add up to at most 1); and what `max_value` allows, ``paid ≥ (1 − highest rate) × price``.
    """
    bids = [(b, terms.bids[b]) for b in terms.by_supplier[supplier]]
    # Rounding moves each divisible bid, and the discount, by half a penny at most.
    rounded = sum(bid.divisible for _, bid in bids) + rounds_discount(terms, supplier)
    slack = Fraction(rounded, 2)
    total = Fraction(0)
    dearest: dict[int, Fraction] = {}
    for b, bid in bids:
        price = Fraction(bid.price) if bid.unit is None else bid.unit * bid.offered
        total += price
        for lot, share in _spread(terms, b, price):
            dearest[lot] = max(dearest.get(lot, Fraction(0)), share)
    if not terms.free_disposal:
        total = min(total, sum(dearest.values(), start=Fraction(0)))
    kept = 1 - max((t.rate for t in terms.discounts[supplier].tiers), default=Fraction(0))
    for limit in terms.limits:
        if limit.alone == supplier and kept:
            # The discount may have been rounded up by half a penny.
            total = min(total, (limit.most + Fraction(1, 2)) / kept)
    return float((total + slack) / 100)


def _spread(terms: Terms, b: int, price: Fraction) -> list[tuple[int, Fraction]]:
    bid = terms.bids[b]
    if bid.unit is not None:
        return [(lot, bid.unit * terms.lots[lot].quantity) for lot, _ in bid.lots]
    parts = [Fraction(amount, terms.lots[lot].quantity) for lot, amount in bid.lots]
    return [(lot, price / sum(parts)) for lot, _ in bid.lots]
