"""From a solution back to the model's words: decisions, live agreements, volumes."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from sourcemix.engine.milp import Floats
from sourcemix.engine.planning.serving import Serving, Span
from sourcemix.engine.planning.timeline import Line, Timelines
from sourcemix.engine.problem import TODAY, Problem
from sourcemix.model.plan import Decision, PlanNode, Position

THOUSANDTH = Decimal("0.001")
Volumes = dict[tuple[int, int], dict[int, Decimal]]
"""By (node, service) and offer: units, to a thousandth."""


def round_volumes(problem: Problem, serving: Serving, x: Floats) -> Volumes:
    """Volumes to a thousandth that add up exactly to no more than before.

    Each is rounded to the nearest within what its agreement can serve on the price that it is
    charged; what is then too much or too little is taken from, or given to, offers that have room,
    the largest first, so that what is unmet or avoided keeps its rounded size.
    """
    volumes: Volumes = {}
    for (node, service), spans in serving.spans.items():
        demand = problem.tree.nodes[node].demand[problem.services[service]]
        room = {span.offer: (_units(span.low), _units(span.high)) for span in _in_force(spans, x)}
        rounded = {
            span.offer: _within(_thousandth(_share(span, x), demand), room[span.offer])
            for span in _in_force(spans, x)
        }
        spare = Decimal(0)
        for columns in (serving.unmet, serving.avoided):
            if (node, service) in columns:
                spare += _thousandth(float(x[columns[node, service]]), demand)
        left = demand - spare - sum(rounded.values())
        # Rounding moves volumes by thousandths only; what fits one offer less goes to another.
        for offer in sorted(rounded, key=lambda o: -rounded[o]):
            moved = _within(rounded[offer] + left, room[offer]) - rounded[offer]
            rounded[offer] += moved
            left -= moved
        volumes[node, service] = {offer: units for offer, units in rounded.items() if units > 0}
    return volumes


def with_rounded(problem: Problem, serving: Serving, x: Floats, volumes: Volumes) -> Floats:
    """The solution with its volumes replaced by the rounded ones, to check rows with."""
    result = x.copy()
    for (node, service), spans in serving.spans.items():
        demand = float(problem.demand[node, service])
        for span in spans:
            result[list(span.columns)] = 0.0
        for span in _in_force(spans, x):
            share = float(volumes[node, service].get(span.offer, 0)) / demand
            *paid, last = span.columns
            # The paid piece comes first; it keeps its value unless there is less than that.
            for column in paid:
                result[column] = min(share, float(x[column]))
                share -= float(result[column])
            result[last] = share
        for columns in (serving.unmet, serving.avoided):
            if (node, service) in columns:
                column = columns[node, service]
                units = _thousandth(float(x[column]), Decimal(repr(demand)))
                result[column] = float(units) / demand
    return result


def _in_force(spans: list[Span], x: Floats) -> list[Span]:
    """Spans of the agreements that are live, one for each."""
    return [span for span in spans if span.columns and x[list(span.when)].sum() > 0.5]


def _share(span: Span, x: Floats) -> float:
    return float(x[list(span.columns)].sum())


def _units(units: float) -> Decimal:
    return Decimal(f"{units:.3f}")


def _within(units: Decimal, room: tuple[Decimal, Decimal]) -> Decimal:
    return max(room[0], min(units, room[1]))


def plan_nodes(
    problem: Problem, timelines: Timelines, x: Floats, volumes: Volumes
) -> tuple[PlanNode, ...]:
    """Decisions, positions, volumes and unmet demand of every node."""
    decisions: list[set[tuple[str, str, int]]] = [set() for _ in range(problem.nodes)]
    positions: list[list[Position]] = [[] for _ in range(problem.nodes)]
    for timeline in timelines.all:
        for line in timeline.lines:
            _follow(problem, timelines, line, x, volumes, decisions, positions)
        terms = problem.offers[timeline.offer]
        for decided, column in timeline.procured.items():
            if x[column] > 0.5:
                effect = int(problem.period[decided]) + terms.lead
                decisions[decided].add((terms.id, "procure", effect))
    return tuple(
        PlanNode(
            node=node,
            decisions=tuple(
                Decision(action=action, offer=offer, effect=effect)
                for offer, action, effect in sorted(decisions[node])
            ),
            positions=tuple(sorted(positions[node], key=lambda position: position.offer)),
            unmet=_unmet(problem, node, volumes, positions[node]),
        )
        for node in range(problem.nodes)
    )


def _follow(
    problem: Problem,
    timelines: Timelines,
    line: Line,
    x: Floats,
    volumes: Volumes,
    decisions: list[set[tuple[str, str, int]]],
    positions: list[list[Position]],
) -> None:
    """Write down where one agreement is live and where it is left."""
    terms = problem.offers[line.offer]
    ends_at = _ends(problem, timelines, line, x)
    for node, period in ends_at:
        decided = problem.above(node, terms.notice)
        decisions[decided].add((terms.id, "end", period))
    for node, column in line.at.items():
        if x[column] < 0.5:
            continue
        ends = line.told
        for end, period in ends_at:
            decided = problem.above(end, terms.notice)
            if _is_below(problem, node, decided) and problem.period[node] < period:
                ends = period
        positions[node].append(
            Position(
                offer=terms.id,
                since=None if line.start == TODAY else line.start,
                age=line.age(int(problem.period[node])),
                ends=ends,
                volumes={
                    problem.services[service]: units
                    for service in sorted(terms.services)
                    if (units := volumes.get((node, service), {}).get(line.offer))
                },
            )
        )


def _ends(problem: Problem, timelines: Timelines, line: Line, x: Floats) -> list[tuple[int, int]]:
    """Nodes at which the authority leaves an agreement, with their periods."""
    found = []
    for node in line.freely:
        parent = int(problem.parent[node])
        above = timelines.one if parent == TODAY else line.at[parent]
        here = line.at.get(node)
        if x[above] > 0.5 and (here is None or x[here] < 0.5):
            found.append((node, int(problem.period[node])))
    return found


def _is_below(problem: Problem, node: int, top: int) -> bool:
    while node not in (top, TODAY):
        node = int(problem.parent[node])
    return node == top


def _unmet(
    problem: Problem, node: int, volumes: Volumes, positions: list[Position]
) -> dict[str, Decimal]:
    """What is neither served nor avoided."""
    unmet = {}
    live = {position.offer for position in positions}
    for index, service in enumerate(problem.services):
        demand = problem.tree.nodes[node].demand[service]
        served = sum(volumes.get((node, index), {}).values(), Decimal(0))
        avoided = Decimal(0)
        for offer in problem.case.offers:
            if offer.id in live and service in offer.reduces:
                avoided += (offer.reduces[service] * demand // THOUSANDTH) * THOUSANDTH
        left = demand - served - avoided
        if left > 0:
            unmet[service] = left
    return unmet


def _thousandth(share: float, demand: Decimal) -> Decimal:
    units = Decimal(repr(share)) * demand
    return max(Decimal(0), units.quantize(THOUSANDTH, rounding=ROUND_HALF_EVEN))
