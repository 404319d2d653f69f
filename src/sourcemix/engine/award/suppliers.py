"""Rows of the limits that suppliers state: capacity, number of lots, least award."""

from __future__ import annotations

from sourcemix.engine.award.compile import MILLI, Terms, milli, pence
from sourcemix.engine.award.draft import Draft, Sum
from sourcemix.engine.award.presence import lots_won


def scaled(draft: Draft, supplier: int, limit: float, total: Sum) -> None:
    """``total ≤ limit``, or ``total ≤ limit × y(s)`` where the supplier has a column."""
    if supplier in draft.winner:
        draft.at_most(0.0, [*total, (draft.winner[supplier], -limit)])
    else:
        draft.at_most(limit, total)


def add_capacity(draft: Draft) -> None:
    """Units over all lots: ``Σ amount(b) × x(b) + Σ q(b, l) ≤ capacity(s) × y(s)``."""
    terms = draft.terms
    for s, supplier in enumerate(terms.suppliers):
        if supplier.capacity is None or offered(terms, s) <= milli(supplier.capacity):
            continue
        total: Sum = []
        for b in terms.by_supplier[s]:
            bid = terms.bids[b]
            if bid.divisible:
                total.extend((draft.part[b, lot], 1.0) for lot, _ in bid.lots)
            else:
                total.append((draft.win[b], bid.offered / MILLI))
        scaled(draft, s, float(supplier.capacity), total)


def offered(terms: Terms, supplier: int) -> int:
    """Thousandths over all bids of a supplier."""
    return sum(terms.bids[b].offered for b in terms.by_supplier[supplier])


def add_reach(draft: Draft) -> None:
    """The winners can carry everything: ``Σ capacity(s) × y(s) + Σ quantity × u(l) ≥ Σ quantity``.

    Follows from the rows of capacity and of the lots, but stated on the winners alone it lets the
    solver find cover cuts on them. Only where every supplier that bids has both.
    """
    terms = draft.terms
    bidding = [s for s in range(len(terms.suppliers)) if terms.by_supplier[s]]
    if not bidding or any(
        s not in draft.winner or terms.suppliers[s].capacity is None for s in bidding
    ):
        return
    row: Sum = []
    for s in bidding:
        capacity = terms.suppliers[s].capacity
        assert capacity is not None
        row.append((draft.winner[s], min(milli(capacity), offered(terms, s)) / MILLI))
    row += [(u, terms.lots[i].quantity / MILLI) for i, u in draft.unawarded.items()]
    draft.at_least(sum(lot.quantity for lot in terms.lots) / MILLI, row)


def add_max_lots(draft: Draft) -> None:
    """Different lots won: ``Σ z(s, l) ≤ max_lots(s) × y(s)``."""
    terms = draft.terms
    for s, supplier in enumerate(terms.suppliers):
        reachable = {lot for b in terms.by_supplier[s] for lot, _ in terms.bids[b].lots}
        if supplier.max_lots is not None and len(reachable) > supplier.max_lots:
            scaled(draft, s, float(supplier.max_lots), lots_won(draft, s, down=False))


def add_min_award(draft: Draft) -> None:
    """Who wins anything is paid at least its least award: ``paid(s) ≥ min_award(s) × y(s)``."""
    for s, y in draft.winner.items():
        amount = draft.terms.suppliers[s].min_award
        if amount is not None and amount > 0:
            least = pence(amount) / 100
            draft.at_least(0.0, [*draft.paid(s), (y, draft.give(s) - least)])
