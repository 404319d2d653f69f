"""From rules to rows: where a rule holds, and what it costs to break it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sourcemix.engine.milp import INFINITY
from sourcemix.engine.planning.ledger import Terms
from sourcemix.engine.planning.rules import counts, money, shares
from sourcemix.engine.planning.rules.active import ActiveRule
from sourcemix.engine.planning.rules.parts import Excess, Parts, matches
from sourcemix.engine.problem import TODAY, Problem
from sourcemix.model.rules import (
    STATES,
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


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes over which a rule sums what breaks it.

    Attributes:
        nodes: the nodes.
        weights: weight of each.
        whole: what the weighted sum is divided by to give the breach.
        charged: nodes that each bear the price of the breach.
    """

    nodes: list[int]
    weights: list[float]
    whole: float
    charged: list[int]


def add_rules(parts: Parts, rules: list[ActiveRule]) -> None:
    """Add the rows of every rule; a `max_term` without a price is in the timelines already."""
    for active in rules:
        if isinstance(active.rule, MaxTerm):
            _overrun(parts, active.rule, active.nodes)
            continue
        for group in _groups(parts.problem, active.rule, active.nodes):
            _hold(parts, active.rule, group)


def _hold(parts: Parts, rule: Rule, group: Group) -> None:
    """Σ w(n)·e(n) - limit ≤ 0, or ≤ W·b where the breach b has a price (W: `whole`)."""
    sums: dict[str, tuple[Terms, float]] = {}
    for node, weight in zip(group.nodes, group.weights, strict=True):
        for excess in _excess(parts, rule, node):
            terms, constant = sums.setdefault(excess.what, ([], -money.limit_of(rule)))
            terms += [(column, weight * value) for column, value in excess.terms]
            sums[excess.what] = (terms, constant + weight * excess.constant)
    for terms, constant in sums.values():
        worst = constant + sum(parts.builder.most(column, value) for column, value in terms)
        if worst <= 0.0:
            continue
        columns = [column for column, _ in terms]
        values = [value for _, value in terms]
        if rule.soft is None:
            parts.exact.at_most(-constant, columns, values)
            continue
        breach = parts.builder.column(0.0, 0.0, worst / group.whole)
        parts.builder.row(-INFINITY, -constant, [*columns, breach], [*values, -group.whole])
        price = float(rule.soft) * (parts.problem.year if rule.kind in STATES else 1.0)
        for node in group.charged:
            parts.ledger.charge(node, "breach", breach, price)


def _overrun(parts: Parts, rule: MaxTerm, nodes: tuple[int, ...]) -> None:
    """Charge the months that agreements run beyond `max_term`, as they are run."""
    if rule.soft is None:
        return
    problem = parts.problem
    months = problem.case.horizon.months
    for timeline in parts.timelines.all:
        if not matches(problem, rule.who, timeline.offer):
            continue
        for line in timeline.lines:
            for node in nodes:
                run = (line.age(int(problem.period[node])) + 1) * months
                if node in line.at and line.start != TODAY and run > rule.months:
                    price = float(rule.soft) * months
                    parts.ledger.charge(node, "breach", line.at[node], price)


def _groups(problem: Problem, rule: Rule, nodes: tuple[int, ...]) -> Iterator[Group]:
    """Nodes over which a rule sums, by its scope."""
    if rule.scope == "every_node":
        for node in _last(problem, nodes) if isinstance(rule, MaxValue) else nodes:
            path = _path(problem, node, nodes) if isinstance(rule, MaxValue) else [node]
            yield Group(path, [1.0] * len(path), 1.0, [node])
        return
    periods = {node: int(problem.period[node]) for node in nodes}
    if rule.scope == "whole_plan":
        periods = dict.fromkeys(nodes, 0)
    for period in sorted(set(periods.values())):
        group = [node for node in nodes if periods[node] == period]
        weights = [float(problem.probability[node]) for node in group]
        yield Group(group, weights, sum(weights), group)


def _last(problem: Problem, nodes: tuple[int, ...]) -> list[int]:
    """Nodes below which a rule no longer holds, or nothing comes."""
    above = {int(problem.parent[node]) for node in nodes}
    return [node for node in nodes if node not in above]


def _path(problem: Problem, last: int, nodes: tuple[int, ...]) -> list[int]:
    """The nodes from the first to the last at which a rule holds."""
    path, at = [], last
    while at in nodes:
        path.append(at)
        at = int(problem.parent[at])
    return path


def _excess(parts: Parts, rule: Rule, node: int) -> Iterator[Excess]:
    return _EXCESS[type(rule)](parts, rule, node)


_EXCESS: dict[type, Callable[..., Iterator[Excess]]] = {
    Budget: money.budget,
    Excludes: counts.excludes,
    KeepInHouse: shares.keep_in_house,
    MaxExitExposure: money.max_exit_exposure,
    MaxLive: counts.max_live,
    MaxShare: shares.max_share,
    MaxSuppliers: counts.max_suppliers,
    MaxValue: money.max_value,
    MinShare: shares.min_share,
    MinSuppliers: counts.min_suppliers,
    MustNotUse: counts.must_not_use,
    MustUse: counts.must_use,
    OutcomeFloor: shares.outcome_floor,
    Requires: counts.requires,
    SameSupplier: counts.same_supplier,
    SeparateSuppliers: counts.separate_suppliers,
}
