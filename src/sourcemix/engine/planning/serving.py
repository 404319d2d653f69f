"""Who serves how much: committed volume first, then at the unit price, then unmet.

Volumes are columns in shares of the demand at the node. The split into a piece that is already
paid for, ``q1 ≤ m·y``, and the rest, ``q2 ≤ (c - m)·y``, with the demand rather than the capacity
as the coefficient (``c = min(capacity, demand)``, ``m = min(committed, c)``), is what keeps the
relaxation tight. With tiers, one band of volumes is chosen (see `tiers`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sourcemix.engine.milp import INFINITY, Builder
from sourcemix.engine.planning.change import markup
from sourcemix.engine.planning.ledger import Ledger
from sourcemix.engine.planning.tiers import Band, band_of, bands_at, charge_for
from sourcemix.engine.planning.timeline import Line, Timelines
from sourcemix.engine.problem import Problem


@dataclass(frozen=True, slots=True)
class Piece:
    """Volume of one offer: `column` is its share of the demand at the node."""

    offer: int
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """Volumes that an offer can serve on one price; in force where its `when` columns add up to 1.

    Attributes:
        offer: the offer.
        when: columns of which one is 1 where the span is in force.
        low: least units, to a thousandth.
        high: most units, to a thousandth.
        columns: its pieces; what is already paid for comes first.
    """

    offer: int
    when: tuple[int, ...]
    low: float
    high: float
    columns: tuple[int, ...]


@dataclass(slots=True)
class Serving:
    """Volumes by node and service.

    Attributes:
        spans: who can serve between which volumes, by (node, service).
        unmet: column of the share that nobody serves, where that is allowed.
        avoided: column of the share that disappears, where an offer reduces demand.
    """

    spans: dict[tuple[int, int], list[Span]] = field(default_factory=dict)
    unmet: dict[tuple[int, int], int] = field(default_factory=dict)
    avoided: dict[tuple[int, int], int] = field(default_factory=dict)

    def pieces(self, node: int, service: int) -> list[Piece]:
        """Columns of the volumes of a service at a node."""
        spans = self.spans.get((node, service), [])
        return [Piece(span.offer, column) for span in spans for column in span.columns]


@dataclass(frozen=True, slots=True)
class _Vintage:
    """Agreements of one offer that serve on the same terms at a node.

    Attributes:
        bands: prices by volume.
        capacity: units of the period.
        extra: mark-up of changed requirements.
    """

    bands: tuple[Band, ...]
    capacity: float
    extra: float


def add_serving(
    ledger: Ledger, timelines: Timelines, waived: frozenset[int], *, ordered: bool = False
) -> Serving:
    """Add volumes and the demand rows.

    Args:
        ledger: where charges go.
        timelines: who is live.
        waived: services that may be left unmet for nothing (to find conflicts).
        ordered: committed volume comes first by rows; without them it does because it is cheaper,
            which is not enough where a rule is better held by spending more.
    """
    problem, builder = ledger.problem, ledger.builder
    serving = Serving()
    lines = _lines_by_node(timelines, problem)
    for node in range(problem.nodes):
        for service in range(len(problem.services)):
            if problem.demand[node, service] <= 0.0:
                continue
            at = (node, service)
            serving.spans[at] = [
                span
                for offer, columns in sorted(lines[node].items())
                if service in problem.offers[offer].services
                for span in _spans(_Entry(ledger, node, offer, service, ordered), columns)
            ]
            _unmet(ledger, serving, at, service in waived)
            _avoided(problem, builder, timelines, serving, at)
            columns = [piece.column for piece in serving.pieces(node, service)]
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


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one offer says about one service, at a node."""

    ledger: Ledger
    node: int
    offer: int
    service: int
    ordered: bool

    @property
    def demand(self) -> float:
        """Units at the node."""
        return float(self.ledger.problem.demand[self.node, self.service])

    def charge(self, column: int, amount: float, extra: float) -> None:
        """Charge pounds of volume for each unit of a column, with the mark-up on it."""
        self.ledger.charge(self.node, "volume", column, amount, self.offer)
        self.ledger.charge(self.node, "change", column, amount * extra, self.offer)


def _spans(entry: _Entry, columns: list[tuple[int, int, Line]]) -> Iterator[Span]:
    problem, node, offer, service = entry.ledger.problem, entry.node, entry.offer, entry.service
    terms = problem.offers[offer].services[service]
    vintages: dict[_Vintage, list[int]] = {}
    for column, age, line in columns:
        year = min(problem.offers[offer].year_of(age), len(terms.capacity) - 1)
        vintage = _Vintage(
            bands_at(problem, node, offer, service, age),
            terms.capacity[year],
            markup(problem, line, node, service),
        )
        vintages.setdefault(vintage, []).append(column)
    committed = problem.committed(node, offer, service)
    for vintage, live in vintages.items():
        most = min(vintage.capacity, entry.demand)
        bands = [band for band in vintage.bands if band.high >= committed and band.low <= most]
        if len(bands) <= 1 or most <= committed:
            price = band_of(vintage.bands, committed).price
            yield _first(entry, tuple(live), committed, most, price, vintage.extra)
        else:
            yield from _choice(entry, vintage, live, bands, committed, most)


def _first(
    entry: _Entry, when: tuple[int, ...], committed: float, most: float, price: float, extra: float
) -> Span:
    """Volume up to `most`, at one price beyond the committed."""
    demand = entry.demand
    paid = min(committed / demand, most / demand)
    columns = []
    for size, unit in ((paid, 0.0), (most / demand - paid, price * demand)):
        if size > 0.0:
            column = entry.ledger.builder.column(0.0, 0.0, size)
            entry.charge(column, unit, extra)
            row = [column, *when]
            entry.ledger.builder.row(-INFINITY, 0.0, row, [1.0] + [-size] * len(when))
            columns.append(column)
    if entry.ordered and len(columns) == 2:
        _order(entry.ledger.builder, columns, paid, most / demand - paid)
    return Span(entry.offer, when, 0.0, most, tuple(columns))


def _order(builder: Builder, columns: list[int], paid: float, beyond: float) -> None:
    """Nothing is served beyond the committed volume before that is used up."""
    first, second = columns
    used = builder.column(0.0, 0.0, 1.0, integer=True)
    builder.row(0.0, INFINITY, [first, used], [1.0, -paid])
    builder.row(-INFINITY, 0.0, [second, used], [1.0, -beyond])


def _choice(
    entry: _Entry,
    vintage: _Vintage,
    live: list[int],
    bands: list[Band],
    committed: float,
    most: float,
) -> Iterator[Span]:
    """One band is chosen where the agreement is live: low z ≤ v ≤ high z, Σ z = Σ x, z whole.

    The multiple-choice model of a piecewise linear cost (Croxton, Gendron and Magnanti 2003). The
    line of the agreement already pays for the committed volume.
    """
    builder, demand = entry.ledger.builder, entry.demand
    paid = charge_for(vintage.bands, committed)
    chosen = [builder.column(0.0, 0.0, 1.0, integer=True) for _ in bands]
    builder.row(0.0, 0.0, [*chosen, *live], [1.0] * len(chosen) + [-1.0] * len(live))
    high = min(bands[0].high, most)
    yield _first(entry, (chosen[0],), committed, high, bands[0].price, vintage.extra)
    for z, band in zip(chosen[1:], bands[1:], strict=True):
        high = min(band.high, most)
        column = builder.column(0.0, 0.0, high / demand)
        entry.charge(z, band.base - paid, vintage.extra)
        entry.charge(column, band.price * demand, vintage.extra)
        builder.row(-INFINITY, 0.0, [column, z], [1.0, -high / demand])
        builder.row(0.0, INFINITY, [column, z], [1.0, -band.low / demand])
        yield Span(entry.offer, (z,), band.low, high, (column,))


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
