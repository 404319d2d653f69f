"""Rules and charges that count who is live at a node, as rows on groups of offers.

Overhead, interfaces and providers are such rows as well. A rule without a price gets one that no
plan should want to pay; whether it holds is for the exact model to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sourcemix.engine.planning.rules import ActiveRule
from sourcemix.engine.problem import Problem
from sourcemix.engine.search.arrays import Counts, Entries, Flags, Floats
from sourcemix.model.common import central
from sourcemix.model.rules import (
    Excludes,
    MaxLive,
    MaxSuppliers,
    MinSuppliers,
    MustNotUse,
    MustUse,
    Requires,
    SameSupplier,
    SeparateSuppliers,
)

DEAR = 1.0
"""Price of breaking a rule once, as a share of what serving everything at a node costs, about."""
Group = frozenset[int]


@dataclass(slots=True)
class Row:
    """A row: groups of offers with their signs, its limit, and its price by node.

    Attributes:
        signs: what each group adds where one of its offers is live.
        limit: what the sum may come to.
        prices: pounds for an excess of 1 by node of the problem.
        flat: whether the price does not grow with the excess.
        hard: whether it must hold, and the price only says so.
    """

    signs: dict[Group, float]
    limit: float
    prices: dict[int, float] = field(default_factory=dict)
    flat: bool = False
    hard: bool = False


def counts_of(
    problem: Problem,
    rules: list[ActiveRule],
    order: list[int],
    entries: Entries,
    priced: Sequence[tuple[dict[Group, float], Floats]] = (),
) -> tuple[Counts, Flags]:
    """All rows of a case as arrays, and which of them must hold.

    Args:
        problem: the compiled case.
        rules: its rules.
        order: node of the problem by node of the arrays.
        entries: what offers can serve.
        priced: rules on averages: groups with their signs, and by node of the problem the pounds
            for 1 of their sum, which count from the least that it can be.
    """
    rows = [row for row in _rows(problem, rules, _dear(order, entries)) if row.signs]
    rows += [Row(signs, least_of(signs), dict(enumerate(price))) for signs, price in priced]
    groups = sorted({group for row in rows for group in row.signs}, key=sorted)
    place = {group: index for index, group in enumerate(groups)}
    members: list[list[tuple[int, int, float]]] = [[] for _ in problem.offers]
    for index, row in enumerate(rows):
        for group, sign in sorted(row.signs.items(), key=lambda item: place[item[0]]):
            for offer in group:
                members[offer].append((index, place[group], sign))
    flat = [member for found in members for member in sorted(found)]
    price = np.zeros((problem.nodes, max(1, len(rows))))
    at = {node: index for index, node in enumerate(order)}
    for index, row in enumerate(rows):
        for node, amount in row.prices.items():
            price[at[node], index] = amount
    counts = Counts(
        first=np.cumsum([0, *(len(found) for found in members)], dtype=np.int64),
        group=np.array([group for _, group, _ in flat], dtype=np.int64),
        row=np.array([row for row, _, _ in flat], dtype=np.int64),
        sign=np.array([sign for _, _, sign in flat], dtype=np.float64),
        limit=np.array([row.limit for row in rows] or [0.0]),
        flat=np.array([row.flat for row in rows] or [False], dtype=np.uint8),
        price=price,
        groups=np.array([len(groups)], dtype=np.int64),
    )
    return counts, np.array([row.hard for row in rows] or [False], dtype=np.uint8)


def least_of(signs: dict[Group, float]) -> float:
    """The least that the sum of some groups can be."""
    return sum(min(sign, 0.0) for sign in signs.values())


def _dear(order: list[int], entries: Entries) -> dict[int, float]:
    """By node of the problem, pounds for breaking a rule that has no price."""
    usual = (entries.demand * entries.unmet).sum(axis=1) / 4.0
    return {node: DEAR * float(usual[place]) + 1.0 for place, node in enumerate(order)}


def _rows(problem: Problem, rules: list[ActiveRule], dear: dict[int, float]) -> Iterable[Row]:
    everywhere = range(problem.nodes)
    for index, service in enumerate(problem.case.services):
        if service.max_providers is not None:
            groups = _by_supplier(problem, {index}, lambda _: True)
            signs = dict.fromkeys(groups, 1.0)
            yield Row(
                signs, float(service.max_providers), {n: dear[n] for n in everywhere}, hard=True
            )
        avoidable = float(service.overhead.avoidable) * problem.year
        inside = frozenset(
            offer
            for offer, terms in enumerate(problem.offers)
            if problem.in_house[offer] and index in terms.services
        )
        if avoidable and inside:
            uplift = 1.0 + float(problem.case.appraisal.optimism_bias.get("operating", 0))
            yield Row({inside: 1.0}, 0.0, dict.fromkeys(everywhere, avoidable * uplift))
    for link in problem.case.links:
        services = {problem.services.index(name) for name in link.services}
        groups = _by_supplier(problem, services, lambda _: True)
        uplift = 1.0 + float(problem.case.appraisal.optimism_bias.get("operating", 0))
        amount = float(central(link.interface)) * problem.year * uplift
        prices = dict.fromkeys(everywhere, amount)
        yield Row(dict.fromkeys(groups, 1.0), 1.0, prices, flat=True)
    for active in rules:
        yield from _of_rule(problem, active, dear)


def _of_rule(problem: Problem, active: ActiveRule, dear: dict[int, float]) -> Iterable[Row]:
    """The rows of a rule on who is live; none for other rules, or for rules on averages."""
    rule = active.rule
    make = COUNTED.get(type(rule))
    if make is None or rule.scope != "every_node":
        return
    prices = {node: dear[node] for node in active.nodes}
    if rule.soft is not None:
        prices = dict.fromkeys(active.nodes, float(rule.soft) * problem.year)
    for signs, limit, service in make(problem, rule):
        held = prices
        if service is not None:
            held = {node: p for node, p in prices.items() if problem.demand[node, service] > 0.0}
        yield Row(signs, limit, held, hard=rule.soft is None)


Signed = tuple[dict[Group, float], float, int | None]
"""Groups with their signs, the limit of their sum, and the service without which it is no rule."""


def _max_suppliers(problem: Problem, rule: MaxSuppliers) -> Iterable[Signed]:
    services = _services(problem, rule.service)
    groups = _by_supplier(problem, services, lambda offer: not problem.in_house[offer])
    yield dict.fromkeys(groups, 1.0), float(rule.limit), None


def _min_suppliers(problem: Problem, rule: MinSuppliers) -> Iterable[Signed]:
    for service in sorted(_services(problem, rule.service)):
        groups = _by_supplier(problem, {service}, lambda _: True)
        yield dict.fromkeys(groups, -1.0), -float(rule.limit), service


def _max_live(problem: Problem, rule: MaxLive) -> Iterable[Signed]:
    outside = [o for o in range(len(problem.offers)) if not problem.in_house[o]]
    yield {frozenset({offer}): 1.0 for offer in outside}, float(rule.limit), None


def _must_use(problem: Problem, rule: MustUse) -> Iterable[Signed]:
    yield {_named(problem, rule): -1.0}, -1.0, None


def _must_not_use(problem: Problem, rule: MustNotUse) -> Iterable[Signed]:
    yield {_named(problem, rule): 1.0}, 0.0, None


def _excludes(problem: Problem, rule: Excludes) -> Iterable[Signed]:
    offers = [o for o, terms in enumerate(problem.offers) if terms.id in rule.offers]
    yield {frozenset({offer}): 1.0 for offer in offers}, 1.0, None


def _requires(problem: Problem, rule: Requires) -> Iterable[Signed]:
    names = [terms.id for terms in problem.offers]
    offer = frozenset({names.index(rule.offer)})
    for needed in rule.needs:
        yield {offer: 1.0, frozenset({names.index(needed)}): -1.0}, 0.0, None


def _same_supplier(problem: Problem, rule: SameSupplier) -> Iterable[Signed]:
    services = {problem.services.index(name) for name in rule.services}
    yield dict.fromkeys(_by_supplier(problem, services, lambda _: True), 1.0), 1.0, None


def _separate_suppliers(problem: Problem, rule: SeparateSuppliers) -> Iterable[Signed]:
    held: dict[int, dict[Group, float]] = {}
    for name in rule.services:
        service = problem.services.index(name)
        for group in _by_supplier(problem, {service}, lambda _: True):
            supplier = problem.offers[min(group)].supplier
            signs = held.setdefault(supplier, {})
            signs[group] = signs.get(group, 0.0) + 1.0
    for signs in held.values():
        yield signs, 1.0, None


def _named(problem: Problem, rule: MustUse | MustNotUse) -> Group:
    return frozenset(
        offer
        for offer, terms in enumerate(problem.offers)
        if terms.id == rule.offer or problem.suppliers[terms.supplier] == rule.supplier
    )


def _services(problem: Problem, name: str | None) -> set[int]:
    return set(range(len(problem.services))) if name is None else {problem.services.index(name)}


def _by_supplier(
    problem: Problem, services: set[int], counted: Callable[[int], bool]
) -> list[Group]:
    """The offers of each supplier that hold one of the services."""
    found: dict[int, set[int]] = {}
    for offer, terms in enumerate(problem.offers):
        if services & terms.services.keys() and counted(offer):
            found.setdefault(terms.supplier, set()).add(offer)
    return [frozenset(offers) for _, offers in sorted(found.items())]


COUNTED: dict[type, Callable[..., Iterable[Signed]]] = {
    Excludes: _excludes,
    MaxLive: _max_live,
    MaxSuppliers: _max_suppliers,
    MinSuppliers: _min_suppliers,
    MustNotUse: _must_not_use,
    MustUse: _must_use,
    Requires: _requires,
    SameSupplier: _same_supplier,
    SeparateSuppliers: _separate_suppliers,
}
"""Rules that rows can say, where they hold at every node."""
