"""Rules on sums: on spend, units served, cost, exposure, and on averages of who is live.

Each is a family of rows ``Σ w(n)·a(n) ≤ limit`` over some nodes, where ``a(n)`` adds up what is
paid, served or live at a node. The arrays cannot hold such a row, but a price on it can: any prices
that are not negative, and not above that of a soft rule, make the bound no less valid (Lagrange
multipliers; Geoffrion 1974). `pricing` moves them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sourcemix.engine.planning.outcomes import bearing_on
from sourcemix.engine.planning.rules import ActiveRule
from sourcemix.engine.planning.rules.holding import groups
from sourcemix.engine.planning.rules.money import limit_of
from sourcemix.engine.planning.rules.parts import matches
from sourcemix.engine.problem import TODAY, Problem
from sourcemix.engine.search.arrays import Floats
from sourcemix.engine.search.counting import COUNTED, Group
from sourcemix.model.rules import (
    STATES,
    Budget,
    KeepInHouse,
    MaxExitExposure,
    MaxShare,
    MaxValue,
    MinShare,
    OutcomeFloor,
    Who,
)


@dataclass(slots=True)
class Added:
    """What a row adds up at a node; a part that is not spoken of is left empty.

    Attributes:
        spend: by offer, for each pound of spend.
        units: by offer and service, for each unit served, by node.
        cost: for each pound that the node costs the authority, by node.
        exposed: for each pound of exposure.
        signs: for each group of offers of which one is live.
        limit: by node, what the sum there may come to.
    """

    spend: Floats | None = None
    units: dict[tuple[int, int], Floats] = field(default_factory=dict)
    cost: Floats | None = None
    exposed: float = 0.0
    signs: dict[Group, float] = field(default_factory=dict)
    limit: Floats | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a family.

    Attributes:
        nodes: nodes of the problem over which it sums.
        weights: weight of each.
        limit: what it may come to.
        charged: nodes that bear the price of a breach.
        soft: pounds at each of these for a breach of 1; infinite where it must hold.
    """

    nodes: list[int]
    weights: Floats
    limit: float
    charged: list[int]
    soft: float


@dataclass(frozen=True, slots=True)
class Family:
    """Rows of one rule that add up the same things."""

    name: str
    added: Added
    rows: tuple[Row, ...]

    @property
    def hard(self) -> NDArray[np.bool_]:
        """By row, whether it must hold."""
        return np.isinf([row.soft for row in self.rows])


def families_of(problem: Problem, rules: list[ActiveRule]) -> tuple[Family, ...]:
    """Every rule on sums, and every framework with a ceiling."""
    found = []
    for active in rules:
        for added in _added(problem, active):
            found.append(Family(active.name, added, _rows(problem, active, added)))
    for framework in problem.case.frameworks:
        if framework.ceiling is None:
            continue
        counted = [
            float(offer.framework == framework.id and not inside)
            for offer, inside in zip(problem.case.offers, problem.in_house, strict=True)
        ]
        added = Added(spend=np.array(counted))
        found.append(Family(framework.id, added, _paths(problem, float(framework.ceiling))))
    return tuple(family for family in found if family.rows)


def _rows(problem: Problem, active: ActiveRule, added: Added) -> tuple[Row, ...]:
    rule, rows = active.rule, []
    limit = np.zeros(problem.nodes) if added.limit is None else added.limit
    for group in groups(problem, rule, active.nodes):
        weights = np.array(group.weights)
        price = float("inf")
        if rule.soft is not None:
            yearly = problem.year if rule.kind in STATES else 1.0
            price = float(rule.soft) * yearly / group.whole
        most = limit_of(rule) + float(weights @ limit[group.nodes])
        rows.append(Row(group.nodes, weights, most, group.charged, price))
    return tuple(rows)


def _paths(problem: Problem, ceiling: float) -> tuple[Row, ...]:
    """A row for each future."""
    rows = []
    for leaf in range(problem.nodes):
        if problem.period[leaf] < problem.periods - 1:
            continue
        path, at = [], leaf
        while at != TODAY:
            path.append(at)
            at = int(problem.parent[at])
        rows.append(Row(path, np.ones(len(path)), ceiling, [leaf], float("inf")))
    return tuple(rows)


def _added(problem: Problem, active: ActiveRule) -> Iterator[Added]:
    """What the rows of a rule add up; one for each supplier or service that it looks at."""
    rule = active.rule
    if isinstance(rule, KeepInHouse):
        yield _kept_in_house(problem, rule)
    elif isinstance(rule, MinShare):
        yield _share(problem, rule, rule.who, -1.0)
    elif isinstance(rule, MaxShare):
        named = [rule.who]
        if rule.who == Who():
            named = [Who(supplier=supplier.id) for supplier in problem.case.suppliers]
        yield from (_share(problem, rule, who, 1.0) for who in named)
    elif isinstance(rule, OutcomeFloor):
        yield _floor(problem, rule)
    elif isinstance(rule, Budget):
        yield _budget(problem, rule)
    elif isinstance(rule, MaxValue):
        for supplier, name in enumerate(problem.suppliers):
            if rule.supplier in (None, name):
                paid = [t.supplier == supplier for t in problem.offers]
                yield Added(spend=np.where(problem.in_house, 0.0, np.array(paid, dtype=float)))
    elif isinstance(rule, MaxExitExposure):
        yield Added(exposed=1.0, limit=np.full(problem.nodes, float(rule.amount)))
    elif rule.scope != "every_node" and (make := COUNTED.get(type(rule))) is not None:
        for signs, limit, where in make(problem, rule):
            if where is None and signs:
                yield Added(signs=signs, limit=np.full(problem.nodes, limit))


def _kept_in_house(problem: Problem, rule: KeepInHouse) -> Added:
    service = problem.services.index(rule.service)
    units = {
        (offer, service): np.full(problem.nodes, -1.0)
        for offer, terms in enumerate(problem.offers)
        if problem.in_house[offer] and service in terms.services
    }
    return Added(units=units, limit=-float(rule.share) * problem.demand[:, service])


def _share(problem: Problem, rule: MinShare | MaxShare, who: Who, sign: float) -> Added:
    """Part less the share of the whole; the other way round for the least share."""
    counts = [
        sign * (float(matches(problem, who, offer)) - float(rule.share))
        for offer in range(len(problem.offers))
    ]
    if rule.of == "spend":
        return Added(spend=np.where(problem.in_house, 0.0, counts))
    service = problem.services.index(str(rule.service))
    return Added(
        units={
            (offer, service): np.full(problem.nodes, counts[offer])
            for offer, terms in enumerate(problem.offers)
            if service in terms.services
        }
    )


def _floor(problem: Problem, rule: OutcomeFloor) -> Added:
    outcome = next(o for o in problem.case.outcomes if o.id == rule.outcome)
    sign = 1.0 if outcome.better == "higher" else -1.0
    bearing = bearing_on(problem, outcome)
    units = {}
    for offer, terms in enumerate(problem.offers):
        for service in bearing:
            entry = terms.services.get(service)
            level = None if entry is None else entry.levels.get(outcome.id)
            if level is not None:
                value = -sign * (level - float(outcome.baseline)) / len(bearing)
                demand = problem.demand[:, service]
                each = np.divide(value, demand, out=np.zeros(problem.nodes), where=demand > 0.0)
                units[offer, service] = each
    limit = sign * float(outcome.baseline - rule.level)
    return Added(units=units, limit=np.full(problem.nodes, limit))


def _budget(problem: Problem, rule: Budget) -> Added:
    """What lines by year cost; set-up, fees and what several offers share are left out.

    All of these are costs: without them a row counts too little, and the bound is only weaker.
    """
    cash = np.ones(problem.nodes) if rule.real else problem.deflator[problem.period]
    uplift = 1.0 + float(problem.case.appraisal.optimism_bias.get("operating", 0))
    always = sum(float(service.overhead.remaining) for service in problem.case.services)
    limit = -cash * always * problem.year * uplift
    if rule.scope != "whole_plan":
        factors = np.array([float(node.budget) for node in problem.tree.nodes])
        limit = limit + float(rule.amount) * problem.year * factors
    return Added(cost=cash, limit=limit)
