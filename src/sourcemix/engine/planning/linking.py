"""What ties offers at a node together: providers, interfaces, overhead."""

from __future__ import annotations

from collections.abc import Callable

from sourcemix.engine.milp import INFINITY, Builder
from sourcemix.engine.planning.ledger import Ledger
from sourcemix.engine.planning.timeline import Timelines
from sourcemix.engine.problem import Problem
from sourcemix.model.common import central


class Presence:
    """Columns that say whether a supplier is live at a node, for all or some services."""

    def __init__(self, problem: Problem, builder: Builder, timelines: Timelines) -> None:
        """Nothing is built before it is asked for."""
        self._problem, self._builder, self._timelines = problem, builder, timelines
        self._known: dict[tuple[int, tuple[int, ...]], int] = {}

    def suppliers(
        self, node: int, services: frozenset[int], counted: Callable[[int], bool]
    ) -> dict[int, int]:
        """By supplier: a column that is 1 if one of its offers for the services is live.

        Args:
            node: where.
            services: which services; an offer that holds one of them counts.
            counted: which offers count.
        """
        offers: dict[int, list[int]] = {}
        for timeline in self._timelines.all:
            terms = self._problem.offers[timeline.offer]
            if node in timeline.live and counted(timeline.offer) and services & set(terms.services):
                offers.setdefault(terms.supplier, []).append(timeline.live[node])
        return {supplier: self._any(node, tuple(columns)) for supplier, columns in offers.items()}

    def _any(self, node: int, columns: tuple[int, ...]) -> int:
        """Y ≤ σ ≤ Σ y: whether one of the columns is 1; exact, as some rules ask for more."""
        if len(columns) == 1:
            return columns[0]
        key = (node, columns)
        if key not in self._known:
            present = self._builder.column(0.0, 0.0, 1.0)
            for column in columns:
                self._builder.row(-INFINITY, 0.0, [column, present], [1.0, -1.0])
            sum_of = [present, *columns]
            self._builder.row(-INFINITY, 0.0, sum_of, [1.0] + [-1.0] * len(columns))
            self._known[key] = present
        return self._known[key]


def add_linking(ledger: Ledger, timelines: Timelines, presence: Presence) -> None:
    """Add the limits on providers, the cost of interfaces and the overhead of services."""
    problem = ledger.problem
    for node in range(problem.nodes):
        _providers(problem, ledger.builder, presence, node)
        _interfaces(ledger, presence, node)
        _overhead(ledger, timelines, node)


def _providers(problem: Problem, builder: Builder, presence: Presence, node: int) -> None:
    """Σ σ(n, s, supplier) ≤ max_providers."""
    for index, service in enumerate(problem.case.services):
        if service.max_providers is None:
            continue
        columns = list(presence.suppliers(node, frozenset({index}), lambda _: True).values())
        if len(columns) > service.max_providers:
            builder.row(-INFINITY, service.max_providers, columns, [1.0] * len(columns))


def _interfaces(ledger: Ledger, presence: Presence, node: int) -> None:
    """Either one supplier (`main`) holds all that is live in the link, or the interface is paid.

    σ(i) ≤ main(i) + ι for every supplier i, Σ main ≤ 1, ι whole: with half a main each, two
    suppliers would otherwise pay half an interface.
    """
    problem, builder = ledger.problem, ledger.builder
    for link in problem.case.links:
        services = frozenset(problem.services.index(name) for name in link.services)
        present = presence.suppliers(node, services, lambda _: True)
        if len(present) < 2:
            continue
        paid = builder.column(0.0, 0.0, 1.0, integer=True)
        ledger.charge(node, "interface", paid, float(central(link.interface)) * problem.year)
        mains = [builder.column(0.0, 0.0, 1.0) for _ in present]
        for main, supplier in zip(mains, present.values(), strict=True):
            builder.row(-INFINITY, 0.0, [supplier, main, paid], [1.0, -1.0, -1.0])
        builder.row(-INFINITY, 1.0, mains, [1.0] * len(mains))


def _overhead(ledger: Ledger, timelines: Timelines, node: int) -> None:
    """ω(n, s) ≥ y(n, o) for every in-house offer o of the service."""
    problem, builder = ledger.problem, ledger.builder
    for index, service in enumerate(problem.case.services):
        ledger.always(node, float(service.overhead.remaining) * problem.year)
        avoidable = float(service.overhead.avoidable) * problem.year
        if avoidable == 0.0:
            continue
        columns = [
            timeline.live[node]
            for timeline in timelines.all
            if problem.in_house[timeline.offer]
            and index in problem.offers[timeline.offer].services
            and node in timeline.live
        ]
        if not columns:
            continue
        paid = builder.column(0.0, 0.0, 1.0)
        ledger.charge(node, "overhead", paid, avoidable)
        for column in columns:
            builder.row(0.0, INFINITY, [paid, column], [1.0, -1.0])
