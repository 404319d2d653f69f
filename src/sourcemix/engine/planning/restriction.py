"""Plans that may do less than the plan: baselines and the links of the chain, as rows.

A restriction only adds rows. So the columns of a model mean the same with it and without, and what
was found under one restriction is a solution to start from under a looser one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sourcemix.engine.milp import INFINITY, Builder
from sourcemix.engine.planning.timeline import Line, Timeline, Timelines
from sourcemix.engine.problem import TODAY, Problem


@dataclass(frozen=True, slots=True)
class Restriction:
    """What a plan may do less.

    Attributes:
        procured: ids of the offers that may be procured; None: all.
        same_for_all: a decision about an offer is the same at all nodes of a period at which that
            offer has had the same fate so far.
        kept: agreements that are kept or renewed wherever they can be: none, those that start in
            the plan, or those of today, too.
    """

    procured: frozenset[str] | None = None
    same_for_all: bool = False
    kept: Literal["none", "new", "all"] = "none"


def add_restriction(
    problem: Problem, builder: Builder, timelines: Timelines, within: Restriction
) -> None:
    """Add the rows of a restriction."""
    for timeline in timelines.all:
        name = problem.offers[timeline.offer].id
        if within.procured is not None and name not in within.procured:
            for column in timeline.procured.values():
                builder.row(0.0, 0.0, [column], [1.0])
        if within.same_for_all:
            _same(problem, builder, timeline)
        if within.kept != "none":
            lines = [
                line for line in timeline.lines if within.kept == "all" or line.signed != TODAY
            ]
            _kept(problem, builder, timelines, timeline, lines)


def fates(problem: Problem, offer: int) -> list[int]:
    """By node: which fate an offer has had so far; the same number at nodes with the same one."""
    known: dict[tuple[int, bool, bool], int] = {}
    found: list[int] = []
    for node in range(problem.nodes):
        parent = int(problem.parent[node])
        above = TODAY if parent == TODAY else found[parent]
        now = (above, bool(problem.gone[node, offer]), bool(problem.ended[node, offer]))
        found.append(known.setdefault(now, len(known)))
    return found


def _same(problem: Problem, builder: Builder, timeline: Timeline) -> None:
    """Procuring, giving notice and leaving without notice: equal where the fate is."""
    # A fate counts one level of the tree apart from the next, so it tells the period, too.
    fate = fates(problem, timeline.offer)
    groups: dict[tuple[object, ...], list[int | None]] = {}
    periods = {int(problem.period[node]) for node in timeline.procured}
    for node in range(problem.nodes):
        if int(problem.period[node]) in periods:
            groups.setdefault((fate[node],), []).append(timeline.procured.get(node))
    free = problem.offers[timeline.offer].notice == 0
    for line in timeline.lines:
        which = (line.begins, line.signed == TODAY)
        for node in line.freely if free else ():
            groups.setdefault((fate[node], *which), []).append(line.at.get(node))
        for node, column in line.notices.items():
            groups.setdefault((fate[node], *which), []).append(column)
    for columns in groups.values():
        _equal(builder, columns)


def _equal(builder: Builder, columns: list[int | None]) -> None:
    """All are equal; where one of them cannot be 1, none is."""
    first = None if None in columns else columns[0]
    for column in columns:
        if column is None or column == first:
            continue
        if first is None:
            builder.row(0.0, 0.0, [column], [1.0])
        else:
            builder.row(0.0, 0.0, [first, column], [1.0, -1.0])


def _kept(
    problem: Problem,
    builder: Builder,
    timelines: Timelines,
    timeline: Timeline,
    lines: list[Line],
) -> None:
    """y(n) ≥ Σ x(s, p(n)) over the lines that are kept or renewed, wherever they can be."""
    offer = timeline.offer
    starts = {
        line.start
        for line in timeline.lines
        if line.signed != TODAY and not timelines.barred(line, line.start)
    }
    for node in range(problem.nodes):
        if problem.gone[node, offer] or problem.ended[node, offer]:
            continue
        before = [
            column
            for line in lines
            if (column := _before(problem, timelines, line, node)) is not None
            and (node in line.at or node in starts)
        ]
        if before:
            columns = [timeline.live[node], *before]
            builder.row(0.0, INFINITY, columns, [1.0] + [-1.0] * len(before))


def _before(problem: Problem, timelines: Timelines, line: Line, node: int) -> int | None:
    """Column of a line at the parent of a node; None where it cannot be live there."""
    parent = int(problem.parent[node])
    if parent == TODAY:
        return timelines.one if line.start == TODAY else None
    return line.at.get(parent)
