"""What an award comes to, in whole pence, and whether it holds what floating point could break.

Not the independent check (that is `verify`, which never sees the engine): only what the engine
needs to state its own figure and to know when to look again.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd

from sourcemix.engine.award.compile import Discounts, Terms, milli, pence
from sourcemix.model.rules import Budget

Won = dict[int, dict[int, int]]
"""Thousandths won, by winning bid and lot."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures of an award, in pence.

    Attributes:
        price: by winning bid, before discount.
        paid: by supplier that wins anything.
        unawarded: lots without a winner.
        cost: prices less discounts, plus switching, onboarding and unawarded lots.
        holds: whether quantities, values, shares and budget hold exactly.
    """

    price: dict[int, int]
    paid: dict[int, int]
    unawarded: tuple[int, ...]
    cost: int
    holds: bool


def tally(terms: Terms, won: Won) -> Tally:
    """Add up an award."""
    price = {b: bid_price(terms, b, sum(lots.values())) for b, lots in won.items()}
    gross: dict[int, int] = {}
    lots_of: dict[int, set[int]] = {}
    for b, lots in won.items():
        s = terms.bids[b].supplier
        gross[s] = gross.get(s, 0) + price[b]
        lots_of.setdefault(s, set()).update(lots)
    paid = {
        s: gross[s] - discount(terms.discounts.get(s), gross[s], len(lots_of[s])) for s in gross
    }
    winners_of: dict[int, set[int]] = {}
    for s, own in lots_of.items():
        for i in own:
            winners_of.setdefault(i, set()).add(s)
    unawarded = tuple(i for i, lot in enumerate(terms.lots) if lot.quantity and i not in winners_of)
    cost = sum(paid.values())
    cost += sum(pence(terms.suppliers[s].onboarding) for s in paid)
    cost += sum(terms.lots[i].unawarded or 0 for i in unawarded)
    for i, suppliers in winners_of.items():
        lot = terms.lots[i]
        if lot.incumbent is not None and suppliers - {lot.incumbent}:
            cost += lot.switching
    holds = (
        _covered(terms, won, unawarded)
        and _within_suppliers(terms, won, paid)
        and _within_limits(terms, paid)
        and all(cost <= pence(r.amount) for r in terms.rules if isinstance(r, Budget))
    )
    return Tally(price, paid, unawarded, cost, holds)


def bid_price(terms: Terms, bid: int, amount: int) -> int:
    """Pence for an amount in thousandths, rounded half-even."""
    one = terms.bids[bid]
    return one.price if one.unit is None else round(one.unit * amount)


def discount(discounts: Discounts | None, price: int, lots: int) -> int:
    """Pence off a price in pence, rounded half-even: the last threshold reached counts."""
    if discounts is None:
        return 0
    reached = lots if discounts.by_lots else price
    tier = [tier for tier in discounts.tiers if tier.start <= reached][-1]
    if discounts.incremental:
        return round(tier.base + tier.rate * (price - tier.start))
    return round(tier.rate * price)


def step(terms: Terms) -> int:
    """Pence of which the cost of every award is a multiple.

    Every award costs whole pence, since every part of its cost is rounded to the penny. Where
    nothing has to be rounded it is a multiple of the common divisor of all figures. So a bound
    may be rounded up to the next multiple.
    """
    if terms.discounts or any(bid.divisible for bid in terms.bids):
        return 1
    figures = [bid.price for bid in terms.bids]
    figures += [pence(supplier.onboarding) for supplier in terms.suppliers]
    for lot in terms.lots:
        figures += [lot.switching, lot.unawarded or 0]
    return reduce(gcd, figures, 0) or 1


def _covered(terms: Terms, won: Won, unawarded: tuple[int, ...]) -> bool:
    amounts = [0] * len(terms.lots)
    for lots in won.values():
        for won_lot, amount in lots.items():
            amounts[won_lot] += amount
    for i, lot in enumerate(terms.lots):
        if i in unawarded:
            if lot.unawarded is None:
                return False
        elif amounts[i] < lot.quantity or (amounts[i] > lot.quantity and not terms.free_disposal):
            return False
    return True


def _within_suppliers(terms: Terms, won: Won, paid: dict[int, int]) -> bool:
    amounts: dict[int, int] = {}
    for b, lots in won.items():
        bid = terms.bids[b]
        amounts[bid.supplier] = amounts.get(bid.supplier, 0) + sum(lots.values())
        if bid.divisible and sum(lots.values()) < bid.least:
            return False
    for s, amount in amounts.items():
        supplier = terms.suppliers[s]
        if supplier.capacity is not None and amount > milli(supplier.capacity):
            return False
        if supplier.min_award is not None and paid[s] < pence(supplier.min_award):
            return False
    return True


def _within_limits(terms: Terms, paid: dict[int, int]) -> bool:
    total = sum(paid.values())
    for limit in terms.limits:
        value = limit.whole * total
        value += sum((f * paid.get(s, 0) for s, f in limit.parts), start=Fraction(0))
        if value > limit.most:
            return False
    return True
