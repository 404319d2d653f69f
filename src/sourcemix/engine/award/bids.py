"""Columns and rows of the bids themselves: what wins, how much, and what suppliers tie together."""

from __future__ import annotations

from sourcemix.engine.award.compile import MILLI, Terms
from sourcemix.engine.award.draft import STEP, Draft
from sourcemix.model.rules import Excludes, MustUse, Requires


def add_bids(draft: Draft) -> None:
    """One column for each bid that may win.

    ``x(b) ∈ {0, 1}`` at its price; for a divisible bid the units won of each lot,
    ``0 ≤ q(b, l) ≤ offered``, at its unit price, and ``x(b)`` only where something refers to it.
    Without free disposal no more than the lot's quantity can be won.
    """
    terms = draft.terms
    named = _named(terms)
    for b, bid in enumerate(terms.bids):
        if not bid.divisible:
            draft.win[b] = draft.flag(bid.price / 100)
            continue
        if bid.least or b in named:
            draft.win[b] = draft.flag()
        for lot, _ in bid.lots:
            most = most_units(terms, b, lot)
            draft.part[b, lot] = draft.builder.column(draft.unit_pounds(b), 0.0, most)


def most_units(terms: Terms, bid: int, lot: int) -> float:
    """Most units of a lot that a divisible bid can win."""
    offered = dict(terms.bids[bid].lots)[lot]
    if not terms.free_disposal:
        offered = min(offered, terms.lots[lot].quantity)
    return offered / MILLI


def _named(terms: Terms) -> set[int]:
    """Bids that a condition, an xor group or a rule speaks of."""
    names: set[str] = set()
    for tied in terms.conditions:
        names.update((*tied.needs, *tied.of))
        if tied.bid is not None:
            names.add(tied.bid)
    for rule in terms.rules:
        if isinstance(rule, Excludes):
            names.update(rule.offers)
        elif isinstance(rule, Requires):
            names.update((rule.offer, *rule.needs))
        elif isinstance(rule, MustUse) and rule.offer is not None:
            names.add(rule.offer)
    named = {terms.index[name] for name in names if name in terms.index}
    return named.union(*terms.groups)


def add_quantities(draft: Draft) -> None:
    """Divisible bids that win, win at least their `min`, and else nothing.

    ``q(b, l) ≤ offered × x(b)`` for each lot, and ``Σ q(b, l) ≥ max(min, 0.001) × x(b)``: a bid
    has won only if it wins some quantity.
    """
    for b, bid in enumerate(draft.terms.bids):
        if not bid.divisible or b not in draft.win:
            continue
        x = draft.win[b]
        for lot, _ in bid.lots:
            most = most_units(draft.terms, b, lot)
            draft.at_most(0.0, [(draft.part[b, lot], 1.0), (x, -most)])
        least = max(bid.least / MILLI, STEP)
        draft.at_least(0.0, [*((draft.part[b, lot], 1.0) for lot, _ in bid.lots), (x, -least)])


def add_groups(draft: Draft) -> None:
    """Of the bids that share an xor group at most one wins: ``Σ x(b) ≤ 1``."""
    for group in draft.terms.groups:
        draft.at_most(1.0, [(draft.win[b], 1.0) for b in group])


def add_conditions(draft: Draft) -> None:
    """What suppliers tie together.

    `needs`: ``x(b) ≤ x(n)`` for each bid needed. `at_most`: ``Σ x(b) ≤ at_most``.
    """
    for tied in draft.terms.conditions:
        if tied.bid is not None:
            add_needs(draft, tied.bid, tied.needs)
        else:
            assert tied.at_most is not None
            wins = wins_of(draft, tied.of)
            if len(wins) > tied.at_most:
                draft.at_most(float(tied.at_most), wins)


def add_needs(draft: Draft, bid: str, needs: tuple[str, ...]) -> None:
    """``x(b) ≤ x(n)`` for each bid needed; 0 where one needed cannot win."""
    own = wins_of(draft, (bid,))
    if not own:
        return
    for need in sorted(set(needs)):
        draft.at_most(0.0, own + [(column, -1.0) for column, _ in wins_of(draft, (need,))])


def wins_of(draft: Draft, names: tuple[str, ...]) -> list[tuple[int, float]]:
    """The columns ``x(b)`` of those of the named bids that may win, each counted once."""
    index = draft.terms.index
    bids = sorted({index[name] for name in names if name in index})
    return [(draft.win[b], 1.0) for b in bids]
