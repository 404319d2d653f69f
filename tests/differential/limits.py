"""Rules on who is live and on exposure: by how much they are broken, and what that costs.

Written from the section "Rules of a case" of the reference page. What is broken is given by what
breaks it; it holds at 0 or less.
"""

from __future__ import annotations

from fractions import Fraction

from tests.differential.ground import ZERO, Ground, exact
from tests.differential.states import Standing

from sourcemix.model.offers import Offer
from sourcemix.model.rules import (
    Excludes,
    MaxExitExposure,
    MaxLive,
    MaxSuppliers,
    MinSuppliers,
    MustNotUse,
    MustUse,
    Requires,
    Rule,
    SameSupplier,
    SeparateSuppliers,
)
from sourcemix.model.tree import Node

COUNTED = (
    MaxSuppliers
    | MinSuppliers
    | MaxLive
    | MustUse
    | MustNotUse
    | Excludes
    | Requires
    | SameSupplier
    | SeparateSuppliers
    | MaxExitExposure
)
"""Rules that do not depend on volumes."""
ADDS_UP = ("max_share", "min_share", "keep_in_house", "max_value", "max_term", "budget")
"""Rules on what adds up: a breach is charged as it is, not by the year."""


def broken(
    ground: Ground, node: Node, rule: Rule, standings: dict[str, Standing]
) -> dict[str, Fraction]:
    """By how much a rule is broken at a node, by what breaks it."""
    live = [ground.offers[name] for name, s in standings.items() if s.live]
    names = {offer.id for offer in live}
    outside = [offer for offer in live if ground.kinds[offer.supplier] != "in_house"]
    match rule:
        case MaxSuppliers():
            counted = {o.supplier for o in outside if rule.service in (None, *o.services)}
            return {"": Fraction(len(counted) - rule.limit)}
        case MinSuppliers():
            return {
                s.id: Fraction(rule.limit - len(_holders(live, s.id)))
                for s in ground.case.services
                if rule.service in (None, s.id) and node.demand[s.id] != 0
            }
        case MaxLive():
            return {"": Fraction(len(outside) - rule.limit)}
        case MustUse():
            return {"": Fraction(0 if _used(rule, live) else 1)}
        case MustNotUse():
            return {"": Fraction(1 if _used(rule, live) else 0)}
        case Excludes():
            return {"": Fraction(len(names & set(rule.offers)) - 1)}
        case Requires():
            uses = rule.offer in names
            return {need: Fraction(uses and need not in names) for need in rule.needs}
        case SameSupplier():
            held = set[str]().union(*(_holders(live, name) for name in rule.services))
            return {"": Fraction(len(held) - 1)}
        case SeparateSuppliers():
            return {
                supplier: Fraction(
                    sum(supplier in _holders(live, name) for name in rule.services) - 1
                )
                for supplier in ground.suppliers
            }
        case MaxExitExposure():
            total = sum((s.exposure for s in standings.values()), ZERO)
            return {"": total - exact(rule.amount)}
        case _:
            raise NotImplementedError(rule.kind)


def price(ground: Ground, rule: Rule) -> Fraction:
    """Pounds for a unit of breach at a node; what is live, levels and exposure by the year."""
    soft = exact(rule.soft or 0)
    adds_up = rule.kind in ADDS_UP
    return soft if adds_up else soft * ground.part


def breaches(
    ground: Ground, node: Node, standings: dict[str, Standing], exposure: bool
) -> Fraction | None:
    """What broken rules on who is live, or on exposure, cost here; None where not allowed."""
    cost = ZERO
    for rule in ground.rules[node.id]:
        if not isinstance(rule, COUNTED) or isinstance(rule, MaxExitExposure) != exposure:
            continue
        beyond = sum(max(ZERO, e) for e in broken(ground, node, rule, standings).values())
        if beyond and rule.soft is None:
            return None
        cost += beyond * price(ground, rule)
    return cost


def _holders(live: list[Offer], service: str) -> set[str]:
    return {offer.supplier for offer in live if service in offer.services}


def _used(rule: MustUse | MustNotUse, live: list[Offer]) -> bool:
    return any(rule.offer == o.id or rule.supplier == o.supplier for o in live)
