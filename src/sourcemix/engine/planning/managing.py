"""Who manages agreements: one by one; each successor for itself; several of one supplier as one.

What a merger costs is the dearest ``manage`` of those still live: Σ_k (m_k - m_(k+1))·z_k over the
distinct figures m_1 > m_2 > … of a group, with z_k ≥ x of every agreement whose figure is m_k or
more. This is the convex envelope of the maximum (Lovász 1983), so nothing is tighter.
"""

from __future__ import annotations

from collections.abc import Iterator

from sourcemix.engine.milp import INFINITY
from sourcemix.engine.planning.ledger import Ledger
from sourcemix.engine.planning.timeline import Timelines
from sourcemix.engine.problem import Problem
from sourcemix.model.drivers import ReorganisationDriver, driver_id

Group = tuple[int, str, int]
"""A node, the driver that merges there, and the supplier whose agreements it merges."""


def add_managing(ledger: Ledger, timelines: Timelines) -> None:
    """Charge `manage` for every live agreement; for merged ones, once."""
    problem = ledger.problem
    merged_by = _merged_by(problem)
    vested = _vested(problem)
    groups: dict[Group, dict[int, list[int]]] = {}
    for timeline in timelines.all:
        terms = problem.offers[timeline.offer]
        for line in timeline.lines:
            for node, column in line.at.items():
                since = vested[node].get(terms.id)
                affected = since is not None and line.begins < since
                if affected and terms.id in problem.tree.nodes[node].merged:
                    group = (node, merged_by[terms.id], terms.supplier)
                    groups.setdefault(group, {}).setdefault(timeline.offer, []).append(column)
                    continue
                times = problem.tree.nodes[node].split[terms.id] if affected else 1
                ledger.charge(node, "manage", column, terms.manage * times, timeline.offer)
    for (node, _, _), live in groups.items():
        for column, amount in _as_one(ledger, live):
            ledger.charge(node, "manage", column, amount)


def _merged_by(problem: Problem) -> dict[str, str]:
    """The driver that would merge an agreement, by offer; there is one at most."""
    return {
        offer.id: driver_id(driver)
        for driver in problem.case.drivers
        if isinstance(driver, ReorganisationDriver)
        for offer in problem.case.offers
        if driver.by_offer.get(offer.id, driver.on_vesting) == "merge"
    }


def _vested(problem: Problem) -> list[dict[str, int]]:
    """By node: the period in which an offer's agreements were split or merged, by offer."""
    found: list[dict[str, int]] = []
    for node in problem.tree.nodes:
        before = {} if node.parent is None else found[node.parent]
        names = (*node.split, *node.merged)
        found.append({name: before.get(name, node.period) for name in names})
    return found


def _as_one(ledger: Ledger, live: dict[int, list[int]]) -> Iterator[tuple[int, float]]:
    """Columns with pounds that add up to the dearest figure of the offers that are live.

    Args:
        ledger: where columns and rows go.
        live: columns of the agreements that are managed as one, by offer.
    """
    problem, builder = ledger.problem, ledger.builder
    if len(live) == 1:
        ((offer, columns),) = live.items()
        yield from ((column, problem.offers[offer].manage) for column in columns)
        return
    figures = sorted({problem.offers[offer].manage for offer in live}, reverse=True)
    for figure, below in zip(figures, [*figures[1:], 0.0], strict=True):
        if figure == below:
            continue
        any_live = builder.column(0.0, 0.0, 1.0)
        for offer, columns in live.items():
            if problem.offers[offer].manage >= figure:
                row = [any_live, *columns]
                builder.row(0.0, INFINITY, row, [1.0] + [-1.0] * len(columns))
        yield any_live, figure - below
