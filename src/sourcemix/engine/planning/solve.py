"""Plan a case: build the exact model, solve it, give the plan back in the model's words."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from sourcemix.engine.answer import Limits, OnProgress, PlanAnswer
from sourcemix.engine.highs import MilpAnswer
from sourcemix.engine.highs import solve as solve_milp
from sourcemix.engine.planning.conflicts import conflicts
from sourcemix.engine.planning.extract import plan_nodes, round_volumes, with_rounded
from sourcemix.engine.planning.model import IDLE, PlanModel, build_model
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.problem import Problem, compile_problem
from sourcemix.model.case import Case
from sourcemix.model.tree import Tree

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
    began = time.monotonic()
    problem = compile_problem(case, tree)
    rules = active_rules(problem)
    model = build_model(problem, rules)
    log.info("model: %d columns, %d rows", model.milp.columns, model.milp.rows)
    answer = solve_milp(model.milp, limits, on_progress=on_progress)
    if answer.status == "infeasible":
        return _infeasible(problem, model, limits, answer)
    if answer.x is None:
        bound = None if answer.bound is None else answer.bound - IDLE
        return PlanAnswer(answer.status, answer.reason, None, bound, answer.trace)
    volumes = round_volumes(problem, model.serving, answer.x)
    if model.breaks(with_rounded(problem, model.serving, answer.x, volumes)):
        log.info("rounding breaks a rule: solving again with its row tightened by one step")
        left = max(1.0, limits.seconds - (time.monotonic() - began))
        tight = build_model(problem, rules, tighten=True)
        again = solve_milp(tight.milp, replace(limits, seconds=left), on_progress=on_progress)
        if again.x is not None:
            # The bound of the untightened model stays the proof.
            model, answer = tight, replace(again, bound=answer.bound)
            volumes = round_volumes(problem, model.serving, again.x)
    assert answer.x is not None
    assert answer.objective is not None
    return PlanAnswer(
        answer.status,
        answer.reason,
        answer.objective - float(model.idle @ answer.x),
        None if answer.bound is None else answer.bound - IDLE,
        answer.trace,
        nodes=plan_nodes(problem, model.timelines, answer.x, volumes),
    )


def _infeasible(
    problem: Problem, model: PlanModel, limits: Limits, first: MilpAnswer
) -> PlanAnswer:
    """Ask again without presolve before calling a case infeasible."""
    second = solve_milp(model.milp, limits, presolve=False)
    if second.status != "infeasible":
        log.warning("the solver contradicts itself on whether a plan exists")
        return PlanAnswer("unknown", "solver_stopped", None, None, first.trace)
    found = conflicts(problem, active_rules(problem), limits)
    return PlanAnswer("infeasible", "proved", None, None, first.trace, found)
