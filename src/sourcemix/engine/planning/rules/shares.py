"""Rules on shares, of spend or of volume, and on levels of outcomes."""

from __future__ import annotations

from collections.abc import Iterator

from sourcemix.engine.planning.ledger import SPEND, Terms
from sourcemix.engine.planning.outcomes import bearing_on
from sourcemix.engine.planning.rules.parts import Excess, Parts, matches
from sourcemix.engine.problem import Problem
from sourcemix.model.rules import KeepInHouse, MaxShare, MinShare, OutcomeFloor, Who


def keep_in_house(parts: Parts, rule: KeepInHouse, node: int) -> Iterator[Excess]:
    """Share · demand - Σ q(n, s, in-house), in units."""
    problem = parts.problem
    service = problem.services.index(rule.service)
    demand = float(problem.demand[node, service])
    wanted = float(rule.share) * demand
    if rule.soft is None and rule.scope == "every_node":
        wanted = _ceil_thousandth(wanted)
    terms = [
        (piece.column, -demand)
        for piece in parts.serving.pieces(node, service)
        if problem.in_house[piece.offer]
    ]
    yield Excess(rule.service, terms, wanted)


def max_share(parts: Parts, rule: MaxShare, node: int) -> Iterator[Excess]:
    """Part - share · whole, for the suppliers named or for each."""
    share = float(rule.share)
    if rule.who == Who():
        for supplier in parts.problem.case.suppliers:
            terms = _beyond(parts, rule, Who(supplier=supplier.id), share, node)
            yield Excess(supplier.id, terms, 0.0)
    else:
        yield Excess("share", _beyond(parts, rule, rule.who, share, node), 0.0)


def min_share(parts: Parts, rule: MinShare, node: int) -> Iterator[Excess]:
    """Share · whole - part."""
    beyond = _beyond(parts, rule, rule.who, float(rule.share), node)
    yield Excess("share", [(column, -value) for column, value in beyond], 0.0)


def outcome_floor(parts: Parts, rule: OutcomeFloor, node: int) -> Iterator[Excess]:
    """Level - L(n), in the outcome's unit; the other way round where lower is better."""
    problem = parts.problem
    outcome = next(o for o in problem.case.outcomes if o.id == rule.outcome)
    sign = 1.0 if outcome.better == "higher" else -1.0
    baseline = float(outcome.baseline)
    bearing = bearing_on(problem, outcome)
    terms: Terms = []
    for service in bearing:
        for piece in parts.serving.pieces(node, service):
            level = problem.offers[piece.offer].services[service].levels.get(outcome.id)
            if level is not None:
                value = (level - baseline) / len(bearing)
                terms.append((piece.column, -sign * value))
    yield Excess(rule.outcome, terms, sign * (float(rule.level) - baseline))


def spend_of(parts: Parts, node: int) -> Iterator[tuple[int, int, float]]:
    """(offer, column, pounds) of what suppliers outside are paid at a node."""
    for charge in parts.ledger.by_node[node]:
        offer = charge.offer
        if charge.component not in SPEND or offer is None or parts.problem.in_house[offer]:
            continue
        yield offer, charge.column, charge.amount


def _beyond(parts: Parts, rule: MinShare | MaxShare, who: Who, share: float, node: int) -> Terms:
    problem = parts.problem
    return [
        (column, amount * ((1.0 if matches(problem, who, offer) else 0.0) - share))
        for offer, column, amount in _amounts(parts, rule, node)
    ]


def _amounts(
    parts: Parts, rule: MinShare | MaxShare, node: int
) -> Iterator[tuple[int, int, float]]:
    """(offer, column, pounds or units) of what a share rule counts at a node."""
    if rule.of == "spend":
        yield from spend_of(parts, node)
        return
    assert rule.service is not None
    problem: Problem = parts.problem
    service = problem.services.index(rule.service)
    for piece in parts.serving.pieces(node, service):
        yield piece.offer, piece.column, float(problem.demand[node, service])


def _ceil_thousandth(units: float) -> float:
    return -int(-(units * 1000 - 1e-6) // 1) / 1000
