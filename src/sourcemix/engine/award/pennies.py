"""Rounding to the penny, half-even, as rows: for the last step of a proof.

Whole pence make a model harder, so they come in only where the loose model leaves a gap.
"""

from __future__ import annotations

from fractions import Fraction

from sourcemix.engine.award.bids import most_units
from sourcemix.engine.award.compile import MILLI
from sourcemix.engine.award.draft import Draft, Sum, largest_price, rounds_discount


def add_whole_prices(draft: Draft) -> None:
    """The price of each divisible bid in whole pence: ``round(unit price × Σ q(b, l))``.

    Quantities are whole thousandths here: ``1000 q(b, l) = m(b, l)``, ``m`` whole.
    """
    if draft.rounding != "pennies":
        return
    terms = draft.terms
    for b, bid in enumerate(terms.bids):
        if bid.unit is None:
            continue
        pounds = [(draft.part[b, lot], draft.unit_pounds(b)) for lot, _ in bid.lots]
        for lot, _ in bid.lots:
            m = draft.builder.column(0.0, 0.0, most_units(terms, b, lot) * MILLI, integer=True)
            draft.row(0.0, 0.0, [(draft.part[b, lot], float(MILLI)), (m, -1.0)])
        draft.whole_price[b] = _rounded(
            draft, pounds, bid.unit.denominator, float(bid.unit * bid.offered), sign=1
        )


def add_whole_discounts(draft: Draft) -> None:
    """What a supplier's discounts come to in whole pence: ``round(Σ rate(t) × a(t) + …)``."""
    if draft.rounding != "pennies":
        return
    terms = draft.terms
    for s in sorted(draft.discount):
        if not rounds_discount(terms, s):
            continue
        denominator = 1
        for tier in terms.discounts[s].tiers:
            constant = tier.base - tier.rate * tier.start
            denominator = max(denominator, tier.rate.denominator * constant.denominator)
        most = largest_price(terms, s) * 100
        draft.discount[s] = _rounded(draft, draft.discount[s], denominator, most, sign=-1)


def _rounded(draft: Draft, pounds: Sum, denominator: int, most: float, *, sign: int) -> Sum:
    """An amount rounded half-even to the penny: ``r = 2 j + p``, ``j`` whole, ``p ∈ {0, 1}``.

    With the amount ``v`` in pence, ``v − 1/2 + δ p ≤ r ≤ v + 1/2 − δ p``: between two pennies
    both fit, but only the even one where ``δ > 0``. ``v`` is a multiple of ``1 / denominator``, so
    that any other odd ``r`` keeps a distance of ``δ = 1 / (2 denominator)``. The cost of the
    amount (`sign` times it) moves from its own columns to these.
    """
    delta = float(Fraction(1, 2 * denominator))
    for column, each in pounds:
        draft.builder.charge(column, -sign * each)
    j = draft.builder.column(sign * 0.02, 0.0, most // 2 + 1, integer=True)
    p = draft.flag(sign * 0.01)
    value = [(column, -100 * each) for column, each in pounds]
    draft.at_least(-0.5, [(j, 2.0), (p, 1.0 - delta), *value])
    draft.at_most(0.5, [(j, 2.0), (p, 1.0 + delta), *value])
    return [(j, 0.02), (p, 0.01)]
