"""Frameworks: paid for once, and no more spent through them than their ceiling."""

from __future__ import annotations

from sourcemix.engine.milp import INFINITY
from sourcemix.engine.planning.ledger import SPEND, Ledger
from sourcemix.engine.planning.rules.parts import Parts
from sourcemix.engine.planning.timeline import Timelines
from sourcemix.engine.problem import TODAY
from sourcemix.model.suppliers import Framework


def add_framework_costs(ledger: Ledger, timelines: Timelines) -> None:
    """Charge the procurement of each framework at the first node at which it is used."""
    for framework in ledger.problem.case.frameworks:
        if framework.procurement:
            _procurement(ledger, timelines, framework)


def _procurement(ledger: Ledger, timelines: Timelines, framework: Framework) -> None:
    """F(n) = max(F(p(n)), g(n, o)): 1 from where any of its offers o is first procured."""
    problem, builder = ledger.problem, ledger.builder
    amount = float(framework.procurement)
    used: dict[int, int] = {}
    for node in range(problem.nodes):
        above = used.get(int(problem.parent[node]))
        here = [
            timeline.procured[node]
            for timeline in timelines.all
            if problem.offers[timeline.offer].framework == framework.id
            and node in timeline.procured
        ]
        before = [] if above is None else [above]
        if not here:
            if above is not None:
                used[node] = above
            continue
        used[node] = column = builder.column(0.0, 0.0, 1.0)
        for least in (*before, *here):
            builder.row(0.0, INFINITY, [column, least], [1.0, -1.0])
        # Never paid sooner than it is used, whatever a budget or bad futures would make of that.
        most = [*before, *here]
        builder.row(-INFINITY, 0.0, [column, *most], [1.0] + [-1.0] * len(most))
        ledger.charge(node, "procurement", column, amount)
        if above is not None:
            ledger.charge(node, "procurement", above, -amount)


def add_ceilings(parts: Parts, only: frozenset[str] | None) -> None:
    """In every future, the spend through a framework is within its ceiling.

    Args:
        parts: the model so far.
        only: frameworks whose ceilings hold; None: all.
    """
    for framework in parts.problem.case.frameworks:
        if framework.ceiling is not None and (only is None or framework.id in only):
            _ceiling(parts, framework.id, float(framework.ceiling))


def _ceiling(parts: Parts, framework: str, ceiling: float) -> None:
    """Σ spend on the path to a leaf ≤ ceiling."""
    problem = parts.problem
    counted = {
        index
        for index, offer in enumerate(problem.offers)
        if offer.framework == framework and not problem.in_house[index]
    }
    for leaf in range(problem.nodes):
        if problem.period[leaf] < problem.periods - 1:
            continue
        columns: list[int] = []
        values: list[float] = []
        at = leaf
        while at != TODAY:
            for charge in parts.ledger.by_node[at]:
                if charge.component in SPEND and charge.offer in counted:
                    columns.append(charge.column)
                    values.append(charge.amount)
            at = int(problem.parent[at])
        parts.exact.at_most(ceiling, columns, values)
