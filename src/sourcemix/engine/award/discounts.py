"""Rows of discounts: which tier a supplier's award lies in, and what that takes off."""

from __future__ import annotations

from sourcemix.engine.award.draft import Draft, Sum, largest_price
from sourcemix.engine.award.presence import lots_won
from sourcemix.engine.milp import INFINITY

PENNY = 0.01


def add_discounts(draft: Draft) -> None:
    """Discounts of each supplier, as a choice of one tier (multiple choice model).

    For each tier ``t``: ``d(t) ∈ {0, 1}`` when the award lies in it, and ``a(t)`` the price
    before discount, 0 in all other tiers: ``Σ d(t) ≤ 1``, ``Σ a(t) = price(s)``. The model is as
    tight as the convex hull of a piecewise linear function (Croxton, Gendron and Magnanti 2003).
    """
    for s, discounts in draft.terms.discounts.items():
        if not draft.terms.by_supplier[s]:
            continue
        if discounts.by_lots:
            add_tiers_by_lots(draft, s)
        else:
            add_tiers_by_value(draft, s)


def add_tiers_by_value(draft: Draft, supplier: int) -> None:
    """Thresholds on the price: ``from(t) × d(t) ≤ a(t) ≤ (from(t + 1) − 0.01) × d(t)``.

    The last tier ends at the supplier's largest possible price. All units: ``rate × a(t)`` is
    taken off; incremental: ``base(t) × d(t) + rate × (a(t) − from(t) × d(t))``.
    """
    terms = draft.terms
    discounts = terms.discounts[supplier]
    give = draft.give(supplier, discounted=False)
    top = largest_price(terms, supplier)
    tiers = [tier for tier in discounts.tiers if tier.start / 100 - max(give, 0.0) <= top]
    ends = [tier.start / 100 - PENNY for tier in tiers[1:]] + [INFINITY]
    choice: Sum = []
    amounts: Sum = []
    for tier, end in zip(tiers, ends, strict=True):
        rate = float(tier.rate)
        earned = float(tier.base - tier.rate * tier.start) / 100 if discounts.incremental else 0.0
        d = draft.flag(-earned)
        a = draft.builder.column(-rate, 0.0, top)
        start = max(tier.start / 100 - give, 0.0)
        if start > 0:
            draft.at_least(0.0, [(a, 1.0), (d, -start)])
        draft.at_most(0.0, [(a, 1.0), (d, -max(min(top, end + give), 0.0))])
        choice.append((d, 1.0))
        amounts.append((a, 1.0))
        draft.discount.setdefault(supplier, []).extend([(a, rate), (d, earned)])
    draft.at_most(1.0, choice)
    draft.row(0.0, 0.0, [*amounts, *((column, -each) for column, each in draft.price(supplier))])


def add_tiers_by_lots(draft: Draft, supplier: int) -> None:
    """Thresholds on the lots won: ``Σ from(t) × d(t) ≤ lots(s) ≤ Σ (from(t + 1) − 1) × d(t)``.

    ``a(t) ≤ largest price × d(t)``; ``rate × a(t)`` is taken off.
    """
    terms = draft.terms
    tiers = terms.discounts[supplier].tiers
    most = len({lot for b in terms.by_supplier[supplier] for lot, _ in terms.bids[b].lots})
    tiers = tuple(tier for tier in tiers if tier.start <= most)
    lots = lots_won(draft, supplier, down=True)
    top = largest_price(terms, supplier)
    low, high, choice, amounts = list(lots), list(lots), list[tuple[int, float]](), list(lots[:0])
    for t, tier in enumerate(tiers):
        d = draft.flag()
        a = draft.builder.column(-float(tier.rate), 0.0, top)
        draft.at_most(0.0, [(a, 1.0), (d, -top)])
        last = tiers[t + 1].start - 1 if t + 1 < len(tiers) else most
        low.append((d, -float(tier.start)))
        high.append((d, -float(last)))
        choice.append((d, 1.0))
        amounts.append((a, 1.0))
        draft.discount.setdefault(supplier, []).append((a, float(tier.rate)))
    draft.at_least(0.0, low)
    draft.at_most(0.0, high)
    draft.at_most(1.0, choice)
    draft.row(0.0, 0.0, [*amounts, *((column, -each) for column, each in draft.price(supplier))])
