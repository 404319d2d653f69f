"""Rows of the lots: each is covered, or left without a winner at its price."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from math import gcd

from sourcemix.engine.award.compile import MILLI
from sourcemix.engine.award.draft import Draft
from sourcemix.engine.milp import INFINITY


def add_cover(draft: Draft) -> None:
    """Each lot is covered exactly, or with free disposal at least.

    ``Σ amount(b, l) × x(b) + Σ q(b, l) + quantity(l) × u(l) = quantity(l)`` (``≥`` with free
    disposal, where amounts beyond the quantity count as the quantity). ``u(l) = 1`` leaves the
    lot without a winner at its price. Divided by the common divisor of the figures.
    """
    terms = draft.terms
    for i, lot in enumerate(terms.lots):
        counted = {
            b: min(amount, lot.quantity) if terms.free_disposal else amount
            for b, amount in terms.on_lot[i]
            if not terms.bids[b].divisible
        }
        scale = reduce(gcd, counted.values(), lot.quantity) or 1
        row = [(draft.win[b], amount / scale) for b, amount in counted.items()]
        row += [(draft.part[b, i], MILLI / scale) for b in _divisible(draft, i)]
        if lot.unawarded is not None and lot.quantity:
            draft.unawarded[i] = draft.flag(lot.unawarded / 100)
            row.append((draft.unawarded[i], lot.quantity / scale))
        need = lot.quantity / scale
        draft.row(need, INFINITY if terms.free_disposal else need, row)


def add_left_alone(draft: Draft) -> None:
    """With free disposal, nobody wins a part of a lot that is left without a winner.

    ``x(b) + u(l) ≤ 1`` for each bid on a part of it; ``q(b, l) + most(b, l) × u(l) ≤ most(b, l)``.
    Without free disposal the row of the lot says so; a bid on all of the lot makes ``u(l) = 1``
    needless.
    """
    terms = draft.terms
    if not terms.free_disposal:
        return
    for i, u in draft.unawarded.items():
        for b, amount in terms.on_lot[i]:
            if terms.bids[b].divisible:
                most = amount / MILLI
                draft.at_most(most, [(draft.part[b, i], 1.0), (u, most)])
            elif amount < terms.lots[i].quantity:
                draft.at_most(1.0, [(draft.win[b], 1.0), (u, 1.0)])


def _divisible(draft: Draft, lot: int) -> Iterable[int]:
    terms = draft.terms
    return (b for b, _ in terms.on_lot[lot] if terms.bids[b].divisible)
