"""Rules on who is live: how many suppliers and agreements, which offers, who with whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sourcemix.engine.planning.ledger import Terms
from sourcemix.engine.planning.rules.parts import Excess, Parts, services_of
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


def max_suppliers(parts: Parts, rule: MaxSuppliers, node: int) -> Iterator[Excess]:
    """Σ σ(n, supplier) - limit, in-house not counted."""
    problem = parts.problem
    present = parts.presence.suppliers(
        node,
        services_of(problem, rule.service),
        lambda offer: not bool(problem.in_house[offer]),
    )
    yield Excess("suppliers", _sum(present.values()), -float(rule.limit))


def min_suppliers(parts: Parts, rule: MinSuppliers, node: int) -> Iterator[Excess]:
    """Limit - Σ σ(n, s, supplier) for each service with demand."""
    problem = parts.problem
    for service in sorted(services_of(problem, rule.service)):
        if problem.demand[node, service] > 0.0:
            present = parts.presence.suppliers(node, frozenset({service}), lambda _: True)
            terms = _sum(present.values(), -1.0)
            yield Excess(problem.services[service], terms, float(rule.limit))


def max_live(parts: Parts, rule: MaxLive, node: int) -> Iterator[Excess]:
    """Σ y(n, o) - limit, in-house not counted."""
    columns = [
        timeline.live[node]
        for timeline in parts.timelines.all
        if node in timeline.live and not parts.problem.in_house[timeline.offer]
    ]
    yield Excess("agreements", _sum(columns), -float(rule.limit))


def must_use(parts: Parts, rule: MustUse, node: int) -> Iterator[Excess]:
    """1 - σ(n, named)."""
    yield Excess("use", _sum(_named(parts, rule, node), -1.0), 1.0)


def must_not_use(parts: Parts, rule: MustNotUse, node: int) -> Iterator[Excess]:
    """σ(n, named)."""
    yield Excess("use", _sum(_named(parts, rule, node)), 0.0)


def excludes(parts: Parts, rule: Excludes, node: int) -> Iterator[Excess]:
    """Σ y(n, o) - 1."""
    yield Excess("offers", _sum(_live(parts, node, rule.offers).values()), -1.0)


def requires(parts: Parts, rule: Requires, node: int) -> Iterator[Excess]:
    """y(n, o) - y(n, needed) for each needed offer."""
    needed = _live(parts, node, rule.needs)
    uses = _sum(_live(parts, node, (rule.offer,)).values())
    for name in rule.needs:
        terms = [(needed[name], -1.0)] if name in needed else []
        yield Excess(name, [*uses, *terms], 0.0)


def same_supplier(parts: Parts, rule: SameSupplier, node: int) -> Iterator[Excess]:
    """Σ σ(n, supplier) - 1 over the suppliers of the services."""
    services = frozenset(parts.problem.services.index(name) for name in rule.services)
    present = parts.presence.suppliers(node, services, lambda _: True)
    yield Excess("suppliers", _sum(present.values()), -1.0)


def separate_suppliers(parts: Parts, rule: SeparateSuppliers, node: int) -> Iterator[Excess]:
    """Σ σ(n, s, supplier) - 1 over the services, for each supplier."""
    problem = parts.problem
    held: dict[int, Terms] = {}
    for name in rule.services:
        services = services_of(problem, name)
        present = parts.presence.suppliers(node, services, lambda _: True)
        for supplier, column in present.items():
            held.setdefault(supplier, []).append((column, 1.0))
    for supplier, terms in sorted(held.items()):
        yield Excess(problem.suppliers[supplier], terms, -1.0)


def _sum(columns: Iterable[int], value: float = 1.0) -> Terms:
    return [(column, value) for column in columns]


def _named(parts: Parts, rule: MustUse | MustNotUse, node: int) -> list[int]:
    """Column that says whether what a rule names, an offer or a supplier, is live."""
    problem = parts.problem

    def named(offer: int) -> bool:
        terms = problem.offers[offer]
        return terms.id == rule.offer or problem.suppliers[terms.supplier] == rule.supplier

    return list(parts.presence.suppliers(node, services_of(problem, None), named).values())


def _live(parts: Parts, node: int, names: tuple[str, ...]) -> dict[str, int]:
    """Columns of the offers named, where they can be live."""
    return {
        name: timeline.live[node]
        for timeline in parts.timelines.all
        if (name := parts.problem.offers[timeline.offer].id) in names and node in timeline.live
    }
