"""Which route plans a case: the exact one if it is small, the search if it is large, else both.

The search is loaded only where it is wanted: it compiles its kernels at its first use.
"""

from __future__ import annotations

import logging
from importlib import import_module

from sourcemix.engine import planning
from sourcemix.engine.answer import Limits, OnProgress, PlanAnswer, Taken
from sourcemix.engine.earlier import Earlier
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.problem import Problem, compile_problem
from sourcemix.model.case import Case
from sourcemix.model.plan import Progress
from sourcemix.model.tree import Tree

SMALL, LARGE = 1_500, 6_000
"""Nodes times offers: up to the first the exact route is quicker, from the second on it has often
found no plan after minutes. Measured by `benchmarks/routes.py`."""

log = logging.getLogger(__name__)


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
    if _two_today(problem):
        log.info("an offer has two agreements today: the exact route plans alone")
        told = _told(on_progress, "exact")
        return planning.solve(case, tree, limits, told, earlier=earlier)
    search = import_module("sourcemix.engine.search")
    found: PlanAnswer = search.solve(
        problem, active_rules(problem), limits, told, both=taken == "both", earlier=earlier
    )
    return found


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


def _two_today(problem: Problem) -> bool:
    """Whether an offer has two agreements signed before the case begins; the search holds one."""
    return any(len(agreements) > 1 for agreements in problem.today)
