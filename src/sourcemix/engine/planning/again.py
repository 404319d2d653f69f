"""An earlier plan as the floor of the exact route: what it procures, made to hold once more.

HiGHS itself is never told of it: started from a solution, it has called dearer ones optimal. The
plan only takes the place of anything dearer that a search may end with.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import replace

from sourcemix.engine.answer import Limits
from sourcemix.engine.earlier import Earlier, matched, procured
from sourcemix.engine.highs import solve
from sourcemix.engine.milp import Floats, Milp
from sourcemix.engine.planning.model import PlanModel
from sourcemix.engine.problem import Problem

SHARE = 0.1
"""Most of the time (or effort) that it may take to make an earlier plan hold."""
Procurements = frozenset[tuple[int, int]]

log = logging.getLogger(__name__)


def start_from(
    problem: Problem, model: PlanModel, earlier: Earlier, limits: Limits
) -> Floats | None:
    """The best solution that procures what the earlier plan does; None if none is found.

    Where it cannot hold any more as it was, its offers may be procured at other nodes as well.

    Args:
        problem: the compiled case.
        model: its model.
        earlier: the earlier plan.
        limits: of the whole search; it takes a share.
    """
    deadline = time.monotonic() + SHARE * limits.seconds
    effort = None if limits.effort is None else max(1, int(SHARE * limits.effort))
    limits = replace(limits, effort=effort)
    for allowed in _neighbourhoods(problem, model, earlier):
        answer = solve(_with_alone(model, allowed), limits.until(deadline))
        if answer.x is not None:
            return answer.x
        log.info("what the earlier plan procures makes no plan: %s", answer.status)
    return None


def _neighbourhoods(problem: Problem, model: PlanModel, earlier: Earlier) -> Iterator[Procurements]:
    same = procured(problem, earlier, matched(problem, earlier))
    yield same
    offers = {offer for offer, _ in same}
    wider = frozenset(
        (timeline.offer, node)
        for timeline in model.timelines.all
        for node in timeline.procured
        if timeline.offer in offers
    )
    if wider != same:
        yield wider


def _with_alone(model: PlanModel, allowed: Procurements) -> Milp:
    """The model in which nothing else may be procured."""
    upper = model.milp.upper.copy()
    for timeline in model.timelines.all:
        for node, column in timeline.procured.items():
            if (timeline.offer, node) not in allowed:
                upper[column] = 0.0
    return replace(model.milp, upper=upper)
