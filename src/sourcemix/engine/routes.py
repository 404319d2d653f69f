"""Which route plans a case: the exact one if it is small, the search if it is large, else both.

The search is loaded only where a case is large enough for it: loading its compiler takes about as
long as loading everything else, and small cases need none of it.
"""

from __future__ import annotations

import logging

from sourcemix.engine import planning
from sourcemix.engine.answer import Limits, OnProgress, PlanAnswer, Taken
from sourcemix.engine.earlier import Earlier
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.problem import compile_problem
from sourcemix.model.case import Case
from sourcemix.model.plan import Progress
from sourcemix.model.tree import Tree

log = logging.getLogger(__name__)
SMALL, LARGE = 1_500, 7_500
"""Nodes times offers: up to the first the exact route alone proves its plan within seconds, beyond
the second it often has no plan worth having after minutes. Measured by `benchmarks/routes.py`."""


def solve(
    case: Case,
    tree: Tree,
    limits: Limits,
    on_progress: OnProgress | None = None,
    earlier: Earlier | None = None,
) -> PlanAnswer:
    """Plan a case by the route that suits its size; the answer says which route did what.

    Args:
        case: a filled case in canonical order.
        tree: its futures.
        limits: gap, seconds (or effort) and seed. With effort, the search works alone: only then
            does the same effort always come to the same result.
        on_progress: called as cost and bound move.
        earlier: an earlier plan to begin from.

    Raises:
        SolverError: the solver's process failed before it found anything.
    """
    taken = route_of(case, tree, limits)
    told = _told(on_progress, taken)
    if taken == "exact":
        return planning.solve(case, tree, limits, told, earlier=earlier)
    problem = compile_problem(case, tree)
    from sourcemix.engine import search

    if not search.fits(problem):
        log.warning("lead times are too long for the search: the exact route plans alone")
        told = _told(on_progress, "exact")
        return planning.solve(case, tree, limits, told, earlier=earlier)
    both = taken == "both"
    return search.solve(problem, active_rules(problem), limits, told, both=both, earlier=earlier)


def route_of(case: Case, tree: Tree, limits: Limits) -> Taken:
    """The route that suits the size of a case."""
    size = len(tree.nodes) * len(case.offers)
    if size <= SMALL:
        return "exact"
    return "both" if size <= LARGE and limits.effort is None else "search"


def _told(on_progress: OnProgress | None, taken: Taken) -> OnProgress | None:
    """Progress with the name of the route that is at work."""
    if on_progress is None:
        return None

    def tell(progress: Progress) -> None:
        on_progress(progress.model_copy(update={"route": taken}))

    return tell
