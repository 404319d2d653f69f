"""Columns that say whether a supplier is there: overall, in a region, on a lot, beside another."""

from __future__ import annotations

from collections.abc import Iterable

from sourcemix.engine.award.bids import most_units
from sourcemix.engine.award.compile import MILLI, Terms
from sourcemix.engine.award.draft import Draft, Sum
from sourcemix.model.rules import MaxSuppliers, MaxWinners, MinSuppliers, MinWinners

Pair = tuple[int, int]
"""A bid and one of its lots."""


def add_presence(
    draft: Draft, pairs: Iterable[Pair], *, cost: float = 0.0, up: bool = True, down: bool = False
) -> int:
    """A column ``y ∈ {0, 1}`` for "any of these bids wins any of these lots".

    `up` makes it 1 when one does: ``x(b) ≤ y`` for each bid, not their sum over a large number:
    those rows are what closes the gap (Holmberg, Rönnqvist and Yuan 1999). Bids of which only one
    can win a lot share a row, ``Σ x(b) ≤ y``. Divisible: ``q(b, l) ≤ most(b, l) × y``.
    `down` makes it 0 when none does: ``y ≤ Σ x(b) + 1000 × Σ q(b, l)``.
    """
    terms = draft.terms
    chosen = sorted(set(pairs))
    whole = sorted({b for b, _ in chosen if not terms.bids[b].divisible})
    parts = [(b, lot) for b, lot in chosen if terms.bids[b].divisible]
    y = draft.flag(cost)
    if up:
        for group in _cliques(terms, whole):
            draft.at_most(0.0, [*((draft.win[b], 1.0) for b in group), (y, -1.0)])
        for b, lot in parts:
            draft.at_most(0.0, [(draft.part[b, lot], 1.0), (y, -most_units(terms, b, lot))])
    if down:
        draft.at_least(
            0.0,
            [
                *((draft.win[b], 1.0) for b in whole),
                *((draft.part[pair], float(MILLI)) for pair in parts),
                (y, -1.0),
            ],
        )
    return y


def _cliques(terms: Terms, bids: list[int]) -> list[tuple[int, ...]]:
    """Groups of bids of which at most one can win, such that each bid is in one at least."""
    on_lot: dict[int, list[int]] = {}
    for b in bids:
        for lot, _ in terms.bids[b].lots:
            if terms.full(b, lot):
                on_lot.setdefault(lot, []).append(b)
    groups = {tuple(group) for group in on_lot.values() if len(group) > 1}
    grouped = {b for group in groups for b in group}
    groups.update((b,) for b in bids if b not in grouped)
    return sorted(groups)


def pairs_of(terms: Terms, supplier: int, region: str | None = None) -> list[Pair]:
    """All bids of a supplier with their lots, or those in a region."""
    return [
        (b, lot)
        for b in terms.by_supplier[supplier]
        for lot, _ in terms.bids[b].lots
        if region is None or terms.lots[lot].region == region
    ]


def add_winners(draft: Draft) -> None:
    """``y(s) = 1`` when a supplier wins anything, at its onboarding cost.

    Only for suppliers with onboarding or a least award, or where a rule counts winners. It may
    be 1 without a win only where nothing gains by it.
    """
    terms = draft.terms
    counted = any(
        isinstance(rule, (MaxWinners, MaxSuppliers, MinWinners, MinSuppliers))
        and rule.region is None
        for rule in terms.rules
    )
    least = any(
        isinstance(rule, (MinWinners, MinSuppliers)) and rule.region is None for rule in terms.rules
    )
    for s, supplier in enumerate(terms.suppliers):
        if not terms.by_supplier[s]:
            continue
        if counted or supplier.onboarding or supplier.min_award:
            draft.winner[s] = add_presence(
                draft, pairs_of(terms, s), cost=float(supplier.onboarding), down=least
            )


def add_switching(draft: Draft) -> None:
    """The cost of a lot that goes, wholly or in part, to anybody but its incumbent.

    On the price of each other bid where each takes the whole lot; else on a column of its own,
    ``w(l) ≥ x(b)`` for each of them.
    """
    terms = draft.terms
    for i, lot in enumerate(terms.lots):
        if lot.incumbent is None or lot.switching == 0:
            continue
        others = [b for b, _ in terms.on_lot[i] if terms.bids[b].supplier != lot.incumbent]
        if all(terms.full(b, i) for b in others):
            for b in others:
                draft.builder.charge(draft.win[b], lot.switching / 100)
        else:
            add_presence(draft, [(b, i) for b in others], cost=lot.switching / 100)


def lots_won(draft: Draft, supplier: int, *, down: bool) -> Sum:
    """The number of different lots that a supplier wins, as a sum of columns.

    The bids themselves where at most one of them can win a lot; else a column for the lot.
    """
    terms = draft.terms
    on_lot: dict[int, list[int]] = {}
    for b in terms.by_supplier[supplier]:
        for lot, _ in terms.bids[b].lots:
            on_lot.setdefault(lot, []).append(b)
    total: Sum = []
    for lot in sorted(on_lot):
        bids = on_lot[lot]
        alone = len(bids) == 1 and not terms.bids[bids[0]].divisible
        if alone or all(terms.full(b, lot) for b in bids):
            total.extend((draft.win[b], 1.0) for b in bids)
        else:
            total.append((add_presence(draft, [(b, lot) for b in bids], down=down), 1.0))
    return total
