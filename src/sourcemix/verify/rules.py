"""The rules of a case, each as a predicate.

A predicate says by how much a rule is broken at a node, by the thing that breaks it: 0 or less
where it holds. Its docstring is what a reader sees. In this form a rule can be tested at each
node, or as a sum weighted by probability.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from sourcemix.model.rules import (
    EVERY_NODE_ONLY,
    Budget,
    Excludes,
    KeepInHouse,
    MaxExitExposure,
    MaxLive,
    MaxShare,
    MaxSuppliers,
    MaxTerm,
    MaxValue,
    MinShare,
    MinSuppliers,
    MustNotUse,
    MustUse,
    OutcomeFloor,
    Requires,
    Rule,
    SameSupplier,
    SeparateSuppliers,
)
from sourcemix.verify.arithmetic import ZERO, total
from sourcemix.verify.facts import Facts, fits

Excess = Mapping[str, Fraction]
"""By how much a rule is broken, by what breaks it; 0 or less where it holds."""


def max_suppliers(rule: MaxSuppliers, at: Facts) -> Excess:
    """Too many suppliers are live at the same time."""
    count = len(at.suppliers(rule.service, in_house=False))
    return {rule.service or "suppliers": Fraction(count - rule.limit)}


def min_suppliers(rule: MinSuppliers, at: Facts) -> Excess:
    """Too few suppliers are live for a service."""
    services = at.served if rule.service is None else (rule.service,)
    return {
        service: Fraction(rule.limit - len(at.suppliers(service, in_house=True)))
        for service in services
        if at.served[service].demand
    }


def max_live(rule: MaxLive, at: Facts) -> Excess:
    """Too many agreements are live at the same time."""
    count = sum(not at.world.in_house(at.world.offers[name]) for name in at.live)
    return {"agreements": Fraction(count - rule.limit)}


def must_use(rule: MustUse, at: Facts) -> Excess:
    """An offer or supplier that must be used is not live."""
    return {_named(rule): Fraction(1 - _used(rule, at))}


def must_not_use(rule: MustNotUse, at: Facts) -> Excess:
    """An offer or supplier that must not be used is live."""
    return {_named(rule): Fraction(_used(rule, at))}


def max_share(rule: MaxShare, at: Facts) -> Excess:
    """A supplier, or some suppliers together, have more than their share."""
    parts = _parts(rule, at)
    most = Fraction(rule.share) * total(parts.values())
    if not rule.who.model_dump(exclude_none=True):
        # Also those that have nothing here: what the others have counts in an average.
        return {name: parts.get(name, ZERO) - most for name in at.world.suppliers}
    return {"their share": _held(rule, parts, at) - most}


def min_share(rule: MinShare, at: Facts) -> Excess:
    """Some suppliers together have less than their share."""
    parts = _parts(rule, at)
    least = Fraction(rule.share) * total(parts.values())
    return {"their share": least - _held(rule, parts, at)}


def keep_in_house(rule: KeepInHouse, at: Facts) -> Excess:
    """Too little of a service is delivered in-house."""
    own = total(
        units
        for supplier, units in at.volumes(rule.service).items()
        if at.world.suppliers[supplier].kind == "in_house"
    )
    return {rule.service: Fraction(rule.share) * at.served[rule.service].demand - own}


def max_term(rule: MaxTerm, at: Facts) -> Excess:
    """An agreement runs longer than it may."""
    found = {}
    for name, agreement in at.live.items():
        supplier = at.world.supplier(at.world.offers[name])
        if agreement.since is not None and fits(rule.who, supplier):
            found[name] = Fraction((agreement.age + 1) * at.world.months - rule.months)
    return found


def budget(rule: Budget, at: Facts) -> Excess:
    """The cost to the authority is over the budget."""
    # Over the whole plan, `limit_of` takes the amount off once.
    cost = at.cost if rule.real else at.cash
    if rule.scope == "whole_plan":
        return {"the cost": cost}
    factor = Fraction(at.world.tree.nodes[at.node].budget)
    return {"the cost": cost - Fraction(rule.amount) * at.world.year_share * factor}


def outcome_floor(rule: OutcomeFloor, at: Facts) -> Excess:
    """An outcome does not reach the level that it should."""
    outcome = next(o for o in at.world.case.outcomes if o.id == rule.outcome)
    short = Fraction(rule.level) - at.levels[rule.outcome]
    return {rule.outcome: short if outcome.better == "higher" else -short}


def max_value(rule: MaxValue, at: Facts) -> Excess:
    """A supplier is paid more than it may be."""
    # `limit_of` takes the amount off once for the plan.
    return {name: paid for name, paid in at.spend.items() if rule.supplier in (None, name)}


def max_exit_exposure(rule: MaxExitExposure, at: Facts) -> Excess:
    """Leaving everything would cost more than it may."""
    return {"the exposure": at.exposure - Fraction(rule.amount)}


def excludes(rule: Excludes, at: Facts) -> Excess:
    """Offers that exclude each other are live at the same time."""
    count = sum(name in at.live for name in set(rule.offers))
    return {" and ".join(sorted(set(rule.offers))): Fraction(count - 1)}


def requires(rule: Requires, at: Facts) -> Excess:
    """An offer is live without another one that it needs."""
    uses = int(rule.offer in at.live)
    return {need: Fraction(uses - (need in at.live)) for need in rule.needs}


def same_supplier(rule: SameSupplier, at: Facts) -> Excess:
    """Services that should have the same supplier have several."""
    held = {name for service in rule.services for name in at.suppliers(service, in_house=True)}
    return {" and ".join(rule.services): Fraction(len(held) - 1)}


def separate_suppliers(rule: SeparateSuppliers, at: Facts) -> Excess:
    """Services that should not share a supplier do."""
    held = [name for service in rule.services for name in at.suppliers(service, in_house=True)]
    return {name: Fraction(held.count(name) - 1) for name in held}


def limit_of(rule: Rule) -> Fraction:
    """Pounds that a rule allows for the whole plan, where it speaks of that."""
    if isinstance(rule, MaxValue) or (isinstance(rule, Budget) and rule.scope == "whole_plan"):
        return Fraction(rule.amount)
    return Fraction(0)


def _named(rule: MustUse | MustNotUse) -> str:
    return rule.offer or rule.supplier or ""


def _used(rule: MustUse | MustNotUse, at: Facts) -> int:
    """1 where the offer, or an offer of the supplier, is live; else 0."""
    if rule.offer is not None:
        return int(rule.offer in at.live)
    return int(rule.supplier in at.suppliers(None, in_house=True))


def _parts(rule: MaxShare | MinShare, at: Facts) -> Mapping[str, Fraction]:
    """Spend, or units of the service, by supplier."""
    if rule.of == "service" and rule.service is not None:
        return at.volumes(rule.service)
    return at.spend


def _held(rule: MaxShare | MinShare, parts: Mapping[str, Fraction], at: Facts) -> Fraction:
    return total(part for name, part in parts.items() if fits(rule.who, at.world.suppliers[name]))


PREDICATES: dict[str, Callable[[Any, Facts], Excess]] = {
    "budget": budget,
    "excludes": excludes,
    "keep_in_house": keep_in_house,
    "max_exit_exposure": max_exit_exposure,
    "max_live": max_live,
    "max_share": max_share,
    "max_suppliers": max_suppliers,
    "max_term": max_term,
    "max_value": max_value,
    "min_share": min_share,
    "min_suppliers": min_suppliers,
    "must_not_use": must_not_use,
    "must_use": must_use,
    "outcome_floor": outcome_floor,
    "requires": requires,
    "same_supplier": same_supplier,
    "separate_suppliers": separate_suppliers,
}
"""The predicate of each kind of rule that this version checks."""


def unchecked(rule: Rule) -> str | None:
    """Why a rule is not checked by this version; None where it is."""
    if rule.kind not in PREDICATES:
        return f"a rule `{rule.kind}` in a case"
    if rule.kind in EVERY_NODE_ONLY and rule.scope != "every_node":
        return f"`{rule.kind}` on average"
    if isinstance(rule, MaxValue) and rule.scope == "expected_each_period":
        return "`max_value` in each period"
    if isinstance(rule, MaxSuppliers | MinSuppliers) and rule.region is not None:
        return "`region` in a case"
    if isinstance(rule, MaxShare | MinShare) and rule.of == "service" and rule.service is None:
        return "a share of a service without `service`"
    if isinstance(rule, MustUse | MustNotUse) and (rule.offer is None) == (rule.supplier is None):
        return f"`{rule.kind}` without exactly one of `offer` and `supplier`"
    return None
