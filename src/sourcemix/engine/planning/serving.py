"""Who serves how much: committed volume first, then at the unit price, then unmet.

Volumes are columns in shares of the demand at the node. The split into a piece that is already
paid for, ``q1 ≤ m·y``, and the rest, ``q2 ≤ (c - m)·y``, with the demand rather than the capacity
as the coefficient (``c = min(capacity, demand)``, ``m = min(committed, c)``), is what keeps the
relaxation tight.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sourcemix.engine.milp import INFINITY, Builder
from sourcemix.engine.planning.change import markup
from sourcemix.engine.planning.ledger import Ledger
from sourcemix.engine.planning.timeline import Line, Timelines
from sourcemix.engine.problem import Problem


@dataclass(frozen=True, slots=True)
class Piece:
    """Volume of one offer: `column` is its share of the demand at the node."""

    offer: int
    column: int


@dataclass(slots=True)
class Serving:
    """Volumes by node and service.

    Attributes:
        pieces: who serves, by (node, service).
        unmet: column of the share that nobody serves, where that is allowed.
        avoided: column of the share that disappears, where an offer reduces demand.
    """

    pieces: dict[tuple[int, int], list[Piece]] = field(default_factory=dict)
    unmet: dict[tuple[int, int], int] = field(default_factory=dict)
    avoided: dict[tuple[int, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Vintage:
    """Agreements of one offer that serve on the same terms at a node."""

    price: float
    capacity: float
    extra: float


def add_serving(ledger: Ledger, timelines: Timelines, waived: frozenset[int]) -> Serving:
    """Add volumes and the demand rows.

    Args:
        ledger: where charges go.
        timelines: who is live.
        waived: services that may be left unmet for nothing (to find conflicts).
    """
    problem, builder = ledger.problem, ledger.builder
    serving = Serving()
    lines = _lines_by_node(timelines, problem)
    for node in range(problem.nodes):
        for service in range(len(problem.services)):
            if problem.demand[node, service] <= 0.0:
                continue
            at = (node, service)
            serving.pieces[at] = [
                piece
                for offer, columns in sorted(lines[node].items())
                if service in problem.offers[offer].services
                for piece in _pieces(ledger, node, offer, service, columns)
            ]
            _unmet(ledger, serving, at, service in waived)
            _avoided(problem, builder, timelines, serving, at)
            columns = [piece.column for piece in serving.pieces[at]]
            columns += [extra[at] for extra in (serving.unmet, serving.avoided) if at in extra]
            builder.row(1.0, 1.0, columns, [1.0] * len(columns))
    return serving


def _lines_by_node(
    timelines: Timelines, problem: Problem
) -> list[dict[int, list[tuple[int, int, Line]]]]:
    """By node and offer: (column, age, line) of the agreements that may be live."""
    found: list[dict[int, list[tuple[int, int, Line]]]] = [{} for _ in range(problem.nodes)]
    for timeline in timelines.all:
        for line in timeline.lines:
            for node, column in line.at.items():
                entry = (column, line.age(int(problem.period[node])), line)
                found[node].setdefault(line.offer, []).append(entry)
    return found


def _pieces(
    ledger: Ledger, node: int, offer: int, service: int, columns: list[tuple[int, int, Line]]
) -> list[Piece]:
    problem = ledger.problem
    entry = problem.offers[offer].services[service]
    vintages: dict[_Vintage, list[int]] = {}
    for column, age, line in columns:
        year = min(problem.offers[offer].year_of(age), len(entry.capacity) - 1)
        vintage = _Vintage(
            problem.price(node, offer, service, age),
            entry.capacity[year],
            markup(problem, line, node, service),
        )
        vintages.setdefault(vintage, []).append(column)
    demand = float(problem.demand[node, service])
    committed = problem.committed(node, offer, service)
    pieces = []
    for vintage, live in vintages.items():
        most = min(vintage.capacity, demand) / demand
        paid = min(committed / demand, most)
        unit = vintage.price * demand
        for size, price in ((paid, 0.0), (most - paid, unit)):
            if size <= 0.0:
                continue
            column = ledger.builder.column(0.0, 0.0, size)
            ledger.charge(node, "volume", column, price, offer)
            ledger.charge(node, "change", column, price * vintage.extra, offer)
            ledger.builder.row(-INFINITY, 0.0, [column, *live], [1.0] + [-size] * len(live))
            pieces.append(Piece(offer, column))
    return pieces


def _unmet(ledger: Ledger, serving: Serving, at: tuple[int, int], waived: bool) -> None:
    node, service = at
    price = float(ledger.problem.unmet[node, service])
    if price == INFINITY and not waived:
        return
    serving.unmet[at] = ledger.builder.column(0.0, 0.0, 1.0)
    if price != INFINITY:
        amount = price * float(ledger.problem.demand[node, service])
        ledger.charge(node, "unmet", serving.unmet[at], amount)


def _avoided(
    problem: Problem, builder: Builder, timelines: Timelines, serving: Serving, at: tuple[int, int]
) -> None:
    """A = min(1, Σ ρ·y): demand that disappears while offers that reduce it are live."""
    node, service = at
    columns, values = [], []
    demand = float(problem.demand[node, service])
    for timeline in timelines.all:
        share = problem.offers[timeline.offer].reduces.get(service, 0.0)
        if share and node in timeline.live:
            columns.append(timeline.live[node])
            values.append(-int(share * demand * 1000 + 1e-6) / 1000 / demand)
    if not columns:
        return
    avoided = builder.column(0.0, 0.0, 1.0)
    serving.avoided[at] = avoided
    beyond = -sum(values) - 1.0
    if beyond <= 0.0:
        builder.row(0.0, 0.0, [avoided, *columns], [1.0, *values])
        return
    # Together they could avoid more than all: then, and only then, `full` is 1.
    full = builder.column(0.0, 0.0, 1.0, integer=True)
    builder.row(-INFINITY, 0.0, [avoided, *columns], [1.0, *values])
    builder.row(0.0, INFINITY, [avoided, full, *columns], [1.0, beyond, *values])
    builder.row(0.0, INFINITY, [avoided, full], [1.0, -1.0])
