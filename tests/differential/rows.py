"""By how much each rule is broken, as a row on the volumes served: `constant + a·x + b·c ≤ 0`.

`x` is what an offer serves of a service at a node, in units; `c` what that costs beyond what is
committed, in pounds, before optimism bias and VAT. Written from the section "Rules of a case" of
the reference page. Rules that do not depend on volumes are in `limits`; here they are constants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from tests.differential.ground import ZERO, Ground, exact
from tests.differential.limits import COUNTED, broken
from tests.differential.states import Standing

from sourcemix.model.offers import Offer
from sourcemix.model.rules import (
    Budget,
    KeepInHouse,
    MaxShare,
    MaxValue,
    MinShare,
    OutcomeFloor,
    Rule,
    Who,
)
from sourcemix.model.services import Outcome
from sourcemix.model.tree import Node

Standings = Mapping[str, Standing]
Spot = tuple[int, str, str]
"""Node, offer, service."""
LOCAL = KeepInHouse | MaxShare | MinShare | OutcomeFloor
"""Rules on volumes that a node by itself can tell about, if they hold at every node."""


@dataclass
class Form:
    """A linear form in what is served; 0 or less where a rule holds."""

    constant: Fraction = ZERO
    units: dict[Spot, Fraction] = field(default_factory=dict)
    pounds: dict[Spot, Fraction] = field(default_factory=dict)

    def add(self, other: Form, weight: Fraction = Fraction(1)) -> None:
        """Add a multiple of another."""
        self.constant += weight * other.constant
        for mine, theirs in ((self.units, other.units), (self.pounds, other.pounds)):
            for spot, value in theirs.items():
                mine[spot] = mine.get(spot, ZERO) + weight * value

    @property
    def nodes(self) -> set[int]:
        """Nodes at which it depends on who serves how much."""
        both = (*self.units.items(), *self.pounds.items())
        return {spot[0] for spot, value in both if value}

    @property
    def varies(self) -> bool:
        """Whether it depends on who serves how much."""
        return any(self.units.values()) or any(self.pounds.values())

    @property
    def hopeless(self) -> bool:
        """Whether it does not hold whatever is served."""
        values = [*self.units.values(), *self.pounds.values()]
        return self.constant > 0 and all(value >= 0 for value in values)

    @property
    def idle(self) -> bool:
        """Whether it holds whatever is served."""
        values = [*self.units.values(), *self.pounds.values()]
        return self.constant <= 0 and all(value <= 0 for value in values)


def excess(
    ground: Ground, node: Node, rule: Rule, standings: Standings, paid: Fraction
) -> dict[str, Form]:
    """By how much a rule is broken at a node, by what breaks it.

    `paid` is what the authority pays at the node for all that does not depend on volumes. Of
    rules on sums (`max_value`) it is what is summed; their amounts are not taken off yet.
    """
    if isinstance(rule, COUNTED):
        found = broken(ground, node, rule, dict(standings))
        return {what: Form(value) for what, value in found.items()}
    live = [ground.offers[name] for name, s in standings.items() if s.live]
    outside = [o for o in live if ground.kinds[o.supplier] != "in_house"]
    match rule:
        case Budget():
            return {"": _authority(ground, node, rule, live, paid)}
        case MaxValue():
            chosen = [rule.supplier] if rule.supplier is not None else list(ground.suppliers)
            return {
                name: _spend(
                    node, [(o, Fraction(1)) for o in outside if o.supplier == name], standings
                )
                for name in chosen
            }
        case KeepInHouse():
            inside = [o for o in live if ground.kinds[o.supplier] == "in_house"]
            form = _units(node, [(o, Fraction(-1)) for o in inside], rule.service)
            form.constant = exact(rule.share) * exact(node.demand[rule.service])
            return {"": form}
        case OutcomeFloor():
            return {"": _level(ground, node, rule, live)}
        case MaxShare() | MinShare():
            return _shares(ground, node, rule, standings)
        case _:
            raise NotImplementedError(rule.kind)


def _authority(ground: Ground, node: Node, rule: Budget, live: list[Offer], paid: Fraction) -> Form:
    """Cost to the authority, less what is allowed where that is a figure for each period."""
    scale = Fraction(1) if rule.real else ground.cash(node.period)
    form = Form(paid * scale)
    for offer in live:
        rate = (ground.with_bias("operating") + ground.vat(offer)) * scale
        for service in offer.services:
            form.pounds[node.id, offer.id, service] = rate
    if rule.scope != "whole_plan":
        form.constant -= exact(rule.amount) * ground.part * exact(node.budget)
    return form


def _spend(node: Node, chosen: list[tuple[Offer, Fraction]], standings: Standings) -> Form:
    form = Form()
    for offer, weight in chosen:
        form.constant += weight * standings[offer.id].spend
        for service in offer.services:
            form.pounds[node.id, offer.id, service] = weight
    return form


def _units(node: Node, chosen: list[tuple[Offer, Fraction]], service: str) -> Form:
    form = Form()
    for offer, weight in chosen:
        if service in offer.services:
            form.units[node.id, offer.id, service] = weight
    return form


def spend_through(ground: Ground, node: Node, framework: str, standings: Standings) -> Form:
    """What is spent at a node under agreements called off from a framework."""
    called = [
        (ground.offers[name], Fraction(1))
        for name, s in standings.items()
        if s.live
        and ground.offers[name].framework == framework
        and ground.kinds[ground.offers[name].supplier] != "in_house"
    ]
    return _spend(node, called, standings)


def _shares(
    ground: Ground, node: Node, rule: MaxShare | MinShare, standings: Standings
) -> dict[str, Form]:
    sign = 1 if isinstance(rule, MaxShare) else -1
    whose: dict[str, Who] = {"": rule.who}
    if isinstance(rule, MaxShare) and rule.who == Who():
        whose = {name: Who(supplier=name) for name in ground.suppliers}
    live = [ground.offers[name] for name, s in standings.items() if s.live]
    found = {}
    for what, who in whose.items():
        over = [
            (o, sign * (Fraction(ground.selects(who, o.supplier)) - exact(rule.share)))
            for o in live
        ]
        if rule.of == "spend":
            outside = [(o, w) for o, w in over if ground.kinds[o.supplier] != "in_house"]
            found[what] = _spend(node, outside, standings)
        else:
            assert rule.service is not None
            found[what] = _units(node, over, rule.service)
    return found


def credits(ground: Ground, node: Node, outcome: Outcome, live: list[Offer]) -> Form:
    """The improvement of an outcome over its baseline, without the limit of its target."""
    form = Form()
    counted = ground.bearing(outcome.id)
    for offer in live:
        for service, terms in offer.services.items():
            level, demand = terms.outcomes.get(outcome.id), exact(node.demand[service])
            if level is not None and demand != 0:
                better = exact(level) - exact(outcome.baseline)
                better = better if outcome.better == "higher" else -better
                form.units[node.id, offer.id, service] = better / len(counted) / demand
    return form


def _level(ground: Ground, node: Node, rule: OutcomeFloor, live: list[Offer]) -> Form:
    outcome = next(o for o in ground.case.outcomes if o.id == rule.outcome)
    wanted = exact(rule.level) - exact(outcome.baseline)
    form = Form(wanted if outcome.better == "higher" else -wanted)
    form.add(credits(ground, node, outcome, live), Fraction(-1))
    return form
