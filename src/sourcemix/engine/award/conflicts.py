"""Why no award can hold everything, in words."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

from sourcemix.engine.answer import Limits
from sourcemix.engine.award.compile import Terms, compiled
from sourcemix.engine.award.extract import units
from sourcemix.engine.award.model import drafted
from sourcemix.engine.award.presence import pairs_of
from sourcemix.engine.highs import solve
from sourcemix.model.event import Event
from sourcemix.model.rules import (
    MaxSuppliers,
    MaxWinners,
    MinSuppliers,
    MinWinners,
    MustUse,
    rule_name,
)

TRIAL_SECONDS = 10.0
"""Longest that one trial without a rule may take."""
SHOWN = 3
"""Most bids that are named as left out of a lot."""
ANY_AWARD = 1e9
"""A gap at which the first award found will do."""


def plain_reasons(event: Event, terms: Terms) -> tuple[str, ...]:
    """Reasons that need no solver; each alone rules out every award."""
    return tuple(sorted({*_uncovered(event, terms), *_impossible(event, terms)}))


def _uncovered(event: Event, terms: Terms) -> Iterator[str]:
    for i, lot in enumerate(terms.lots):
        if lot.unawarded is not None or not lot.quantity:
            continue
        offered = sum(amount for _, amount in terms.on_lot[i])
        if offered == 0:
            why = f"Lot {lot.id} has no bid that can win, and it may not be left unawarded."
            yield f"{why}{_left_out_of(event, terms, lot.id)}"
        elif offered < lot.quantity:
            yield (
                f"The bids on lot {lot.id} that can win offer {units(offered)} units in all, and "
                f"{units(lot.quantity)} are needed. It may not be left unawarded."
            )


def _left_out_of(event: Event, terms: Terms, lot: str) -> str:
    out = sorted(bid.id for bid in event.bids if lot in bid.lots and bid.id in terms.left_out)
    if not out:
        return ""
    shown = ", ".join(f"{name} ({terms.left_out[name]})" for name in out[:SHOWN])
    more = f" and {len(out) - SHOWN} more" if len(out) > SHOWN else ""
    return f" Left out: {shown}{more}."


def _impossible(event: Event, terms: Terms) -> Iterator[str]:
    bidding = {s for s, bids in enumerate(terms.by_supplier) if bids}
    for rule in event.rules:
        name = rule_name(rule)
        if isinstance(rule, (MinWinners, MinSuppliers)):
            able = sum(1 for s in bidding if pairs_of(terms, s, rule.region))
            where = f" in region {rule.region}" if rule.region is not None else ""
            if able < rule.limit:
                yield (
                    f"Rule {name} asks for at least {rule.limit} winning suppliers{where}; only "
                    f"{able} {'has' if able == 1 else 'have'} bids that can win."
                )
        elif isinstance(rule, (MaxWinners, MaxSuppliers)) and rule.limit == 0:
            if rule.region is None and _must_award(terms):
                yield f"Rule {name} allows no winning supplier, and some lots must be awarded."
        elif isinstance(rule, MustUse):
            if rule.offer is not None and rule.offer not in terms.index:
                why = terms.left_out.get(rule.offer, "it is not in the event")
                yield f"Rule {name} asks for bid {rule.offer}, which cannot win: {why}."
            names = {terms.suppliers[s].id for s in bidding}
            if rule.supplier is not None and rule.supplier not in names:
                yield (
                    f"Rule {name} asks for supplier {rule.supplier}, which has no bid that can win."
                )


def _must_award(terms: Terms) -> bool:
    return any(lot.unawarded is None and lot.quantity >= 1 for lot in terms.lots)


def trials(event: Event, limits: Limits) -> tuple[str, ...]:
    """Which single rule, or else which group of terms, stands in the way.

    Each is left out alone, and the rest is tried for any award at all, with a short time limit.
    """
    deadline = monotonic() + limits.seconds
    guilty = [
        f"Without rule {name} there would be an award."
        for name, rest in _without_one_rule(event)
        if _awardable(rest, limits, deadline)
    ]
    if guilty:
        return tuple(sorted(guilty))
    return tuple(
        f"Without {what} there would be an award."
        for what, rest in _without_a_group(event)
        if _awardable(rest, limits, deadline)
    )


def _without_one_rule(event: Event) -> Iterator[tuple[str, Event]]:
    for position, rule in enumerate(event.rules):
        rest = event.rules[:position] + event.rules[position + 1 :]
        yield rule_name(rule), event.model_copy(update={"rules": rest})


def _without_a_group(event: Event) -> Iterator[tuple[str, Event]]:
    if len(event.rules) > 1:
        yield "the rules", event.model_copy(update={"rules": ()})
    free = {"capacity": None, "max_value": None, "max_lots": None, "min_award": None}
    suppliers = tuple(supplier.model_copy(update=free) for supplier in event.suppliers)
    if suppliers != event.suppliers:
        yield "the limits that suppliers state", event.model_copy(update={"suppliers": suppliers})
    bids = tuple(bid.model_copy(update={"xor": None}) for bid in event.bids)
    if event.conditions or bids != event.bids:
        yield (
            "the conditions and xor groups of the bids",
            event.model_copy(update={"conditions": (), "bids": bids}),
        )
    if any(lot.reserve is not None for lot in event.lots):
        lots = tuple(lot.model_copy(update={"reserve": None}) for lot in event.lots)
        yield "the reserves of the lots", event.model_copy(update={"lots": lots})


def _awardable(event: Event, limits: Limits, deadline: float) -> bool:
    seconds = min(TRIAL_SECONDS, deadline - monotonic())
    if seconds <= 0:
        return False
    model = drafted(compiled(event)).builder.build()
    return solve(model, Limits(ANY_AWARD, seconds, limits.seed)).x is not None
