"""Rules on shares, as a row on the volumes of a node: `a·x + b ≤ 0`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from tests.differential.ground import ZERO, Ground, exact
from tests.differential.moves import Standing

from sourcemix.model.rules import KeepInHouse, MaxShare, MaxValue, MinShare, OutcomeFloor
from sourcemix.model.services import Outcome
from sourcemix.model.tree import Node


@dataclass(frozen=True)
class Source:
    """Somewhere that units of a service can come from; `most` None: without limit.

    `worth`: what a unit's price falls by for each unit of `λ`. What outcomes that cannot reach
    their target are worth is in `price` already. `offer` None: nobody serves it.
    `charge`: pounds that a unit adds to what the supplier is paid. `must`: all of it is taken.
    """

    price: Fraction
    most: Fraction | None
    worth: Fraction = ZERO
    offer: str | None = None
    charge: Fraction = ZERO
    must: bool = False


Standings = dict[str, Standing]
Problem = tuple[Fraction, list[Source]]
"""Units of one service that somebody must provide, and where they can come from."""
SHARES = KeepInHouse | MaxShare | MinShare | OutcomeFloor | MaxValue


def priced(
    ground: Ground,
    node: Node,
    rule: SHARES,
    problems: list[Problem],
    standings: Standings,
) -> tuple[list[Problem], Fraction]:
    """The problems with `a` as what a unit costs more for each unit of `λ`, and `b`."""
    spend = isinstance(rule, MaxValue) or getattr(rule, "of", None) == "spend"
    service = None if spend else getattr(rule, "service", None)
    tied = []
    for (demand, sources), found in zip(problems, ground.case.services, strict=True):
        counted = service in (None, found.id)
        tied.append(
            (
                demand,
                [
                    replace(s, worth=-_weight(ground, node, rule, s, found.id)) if counted else s
                    for s in sources
                ],
            )
        )
    constant = ZERO
    if isinstance(rule, KeepInHouse):
        constant = exact(rule.share) * exact(node.demand[rule.service])
    elif isinstance(rule, OutcomeFloor):
        sign, outcome = _towards(ground, rule)
        constant = sign * (exact(rule.level) - exact(outcome.baseline))
    elif spend:
        assert isinstance(rule, MaxShare | MinShare | MaxValue)
        for name, standing in standings.items():
            constant += standing.spend * _share_of(ground, rule, name)
    return tied, constant


def _towards(ground: Ground, rule: OutcomeFloor) -> tuple[int, Outcome]:
    outcome = next(o for o in ground.case.outcomes if o.id == rule.outcome)
    return (1 if outcome.better == "higher" else -1), outcome


def _weight(ground: Ground, node: Node, rule: SHARES, source: Source, service: str) -> Fraction:
    """What a unit adds to the row."""
    if source.offer is None:
        return ZERO
    if isinstance(rule, OutcomeFloor):
        sign, outcome = _towards(ground, rule)
        level = ground.case.offer(source.offer).services[service].outcomes.get(outcome.id)
        demand = exact(node.demand[service])
        if level is None or demand == 0:
            return ZERO
        counted = ground.bearing(outcome.id)
        return -sign * (exact(level) - exact(outcome.baseline)) / len(counted) / demand
    in_house = ground.kinds[ground.case.offer(source.offer).supplier] == "in_house"
    if isinstance(rule, KeepInHouse):
        return Fraction(-1 if in_house else 0)
    if isinstance(rule, MaxShare | MinShare) and rule.of == "service":
        return _share_of(ground, rule, source.offer)
    return ZERO if in_house else source.charge * _share_of(ground, rule, source.offer)


def _share_of(ground: Ground, rule: MaxShare | MinShare | MaxValue, offer: str) -> Fraction:
    """What a pound or unit with an offer adds to the row."""
    if isinstance(rule, MaxValue):
        return Fraction(ground.case.offer(offer).supplier == rule.supplier)
    chosen = ground.selects(rule.who, ground.case.offer(offer).supplier)
    over = (1 if chosen else 0) - exact(rule.share)
    return over if isinstance(rule, MaxShare) else -over
