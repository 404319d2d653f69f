"""Plan a case: build the exact model, solve it, give the plan back in the model's words."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from sourcemix.engine.answer import Limits, OnProgress, PlanAnswer
from sourcemix.engine.highs import MilpAnswer
from sourcemix.engine.highs import solve as solve_milp
from sourcemix.engine.milp import Floats
from sourcemix.engine.planning.conflicts import conflicts
from sourcemix.engine.planning.extract import Volumes, plan_nodes, round_volumes, with_rounded
from sourcemix.engine.planning.model import IDLE, PlanModel, build_model
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.problem import Problem, compile_problem
from sourcemix.engine.second_opinion import ask
from sourcemix.model.case import Case
from sourcemix.model.plan import PlanNode, Reason
from sourcemix.model.tree import Tree

TIGHTENING = (0.25, 1.0)
"""Shares of what rounding can do to a row by which it is tightened, one after the other."""

log = logging.getLogger(__name__)


def solve(
    case: Case, tree: Tree, limits: Limits, on_progress: OnProgress | None = None
) -> PlanAnswer:
    """Find the plan of least expected cost, with a proven bound.

    Args:
        case: a filled case in canonical order, without terms that `unsupported` names.
        tree: its futures.
        limits: gap, seconds and seed.
        on_progress: called as cost and bound move.

    Raises:
        SolverError: the solver's process failed before it found anything.
    """
    deadline = time.monotonic() + limits.seconds
    problem = compile_problem(case, tree)
    rules = active_rules(problem)
    model = build_model(problem, rules)
    log.info("model: %d columns, %d rows", model.milp.columns, model.milp.rows)
    answer = solve_milp(model.milp, limits, on_progress=on_progress)
    if answer.status == "infeasible":
        answer = ask(model.milp, limits.until(deadline), on_progress)
    if answer.status == "infeasible":
        found = conflicts(problem, rules, limits.until(deadline))
        return PlanAnswer("infeasible", "proved", None, None, answer.trace, found)
    if answer.x is None:
        return PlanAnswer(answer.status, answer.reason, None, _proven(answer), answer.trace)
    rounded = _rounded(problem, model, answer.x)
    if rounded is None:
        proof = answer.bound
        for part in TIGHTENING:
            log.info("rounding breaks a rule: solving again with its row tightened")
            model = build_model(problem, rules, tighten=part)
            again = solve_milp(model.milp, limits.until(deadline), on_progress=on_progress)
            # The bound of the model as it was stays the proof.
            answer = replace(again, bound=proof)
            rounded = None if again.x is None else _rounded(problem, model, again.x)
            if rounded is not None:
                break
        else:
            reason: Reason = "solver_stopped" if answer.reason == "proved" else answer.reason
            return PlanAnswer("unknown", reason, None, _proven(answer), answer.trace)
    nodes, cost = _written(problem, model, rounded)
    return PlanAnswer(
        answer.status, answer.reason, cost, _proven(answer), answer.trace, nodes=nodes
    )


def plan_of(
    problem: Problem, model: PlanModel, x: Floats
) -> tuple[tuple[PlanNode, ...], float] | None:
    """The plan of a solution and its cost in pounds; None if rounding its volumes breaks a rule."""
    rounded = _rounded(problem, model, x)
    return None if rounded is None else _written(problem, model, rounded)


def _written(
    problem: Problem, model: PlanModel, rounded: tuple[Volumes, Floats]
) -> tuple[tuple[PlanNode, ...], float]:
    volumes, x = rounded
    cost = float(model.milp.cost @ x) + model.milp.offset - float(model.idle @ x)
    return plan_nodes(problem, model.timelines, x, volumes), cost


def _rounded(problem: Problem, model: PlanModel, x: Floats) -> tuple[Volumes, Floats] | None:
    """Volumes to a thousandth, and the solution with them; None if that breaks a rule."""
    volumes = round_volumes(problem, model.serving, x)
    moved = with_rounded(problem, model.serving, x, volumes)
    return None if model.breaks(moved) else (volumes, moved)


def _proven(answer: MilpAnswer) -> float | None:
    """The bound, less what only breaks ties."""
    return None if answer.bound is None else answer.bound - IDLE
