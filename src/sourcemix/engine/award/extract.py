"""From the solver's figures to an award in whole thousandths."""

from __future__ import annotations

from decimal import Decimal
from math import floor

from sourcemix.engine.award.compile import MILLI, Terms
from sourcemix.engine.award.draft import Draft
from sourcemix.engine.award.exact import Tally, Won
from sourcemix.engine.milp import Floats
from sourcemix.model.award import Winner

NEARLY = 1e-4
"""Thousandths within which a figure counts as the whole one above it."""


def won_by(draft: Draft, x: Floats) -> Won:
    """The winning bids with the thousandths won of each lot.

    Quantities of divisible bids are cut to thousandths; what a lot then lacks goes to those that
    lost most by it, and of equals to the first by id.
    """
    terms = draft.terms
    won: Won = {}
    for b, bid in enumerate(terms.bids):
        if not bid.divisible and x[draft.win[b]] > 0.5:
            won[b] = dict(bid.lots)
    for i, lot in enumerate(terms.lots):
        if i in draft.unawarded and x[draft.unawarded[i]] > 0.5:
            continue
        parts = {
            b: (float(x[draft.part[b, i]]) * MILLI, offered)
            for b, offered in terms.on_lot[i]
            if terms.bids[b].divisible and _may_win(draft, x, b)
        }
        fixed = sum(won[b][i] for b, _ in terms.on_lot[i] if b in won and i in won[b])
        for b, amount in _cut(parts, lot.quantity - fixed).items():
            if amount:
                won.setdefault(b, {})[i] = amount
    return dict(sorted(won.items()))


def _may_win(draft: Draft, x: Floats, bid: int) -> bool:
    return bid not in draft.win or x[draft.win[bid]] > 0.5


def _cut(parts: dict[int, tuple[float, int]], need: int) -> dict[int, int]:
    """Whole thousandths that add up to at least the need, where what is offered allows it."""
    amounts = {b: max(floor(figure + NEARLY), 0) for b, (figure, _) in parts.items()}
    short = need - sum(amounts.values())
    by_loss = sorted(parts, key=lambda b: (amounts[b] - parts[b][0], b))
    for b in by_loss:
        if short > 0 and amounts[b] < parts[b][1] and parts[b][0] > NEARLY:
            amounts[b] += 1
            short -= 1
    return amounts


def winners(terms: Terms, won: Won, figures: Tally) -> tuple[Winner, ...]:
    """The winning bids in the model's words, by id."""
    return tuple(
        Winner(
            bid=terms.bids[b].id,
            supplier=terms.suppliers[terms.bids[b].supplier].id,
            lots={terms.lots[i].id: units(amount) for i, amount in sorted(won[b].items())},
            price=Decimal(figures.price[b]) / 100,
        )
        for b in sorted(won)
    )


def units(thousandths: int) -> Decimal:
    """A quantity in units, without needless zeros."""
    whole, rest = divmod(thousandths, MILLI)
    return Decimal(whole) if rest == 0 else Decimal(thousandths) / MILLI
