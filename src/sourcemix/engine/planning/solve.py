"""Plan a case: build the exact model, solve it, give the plan back in the model's words."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace

from sourcemix.engine.answer import Limits, OnProgress, PlanAnswer, Ties
from sourcemix.engine.highs import MilpAnswer
from sourcemix.engine.highs import solve as solve_milp
from sourcemix.engine.milp import Floats
from sourcemix.engine.planning.conflicts import conflicts
from sourcemix.engine.planning.extract import plan_nodes
from sourcemix.engine.planning.model import IDLE, PlanModel, build_model
from sourcemix.engine.planning.restriction import Restriction
from sourcemix.engine.planning.rules import ActiveRule, active_rules
from sourcemix.engine.planning.settled import Settled, at_least_cost, settle
from sourcemix.engine.planning.ties import stages
from sourcemix.engine.problem import Problem, compile_problem
from sourcemix.engine.second_opinion import ask
from sourcemix.model.case import Case
from sourcemix.model.plan import Reason
from sourcemix.model.tree import Tree

TIGHTENING = (0.01, 0.05, 0.25, 1.0, 1.0)
"""Shares of what rounding can do to a row by which it is tightened, one after the other; each time
with the rows that the time before has broken, too."""

log = logging.getLogger(__name__)


def solve(
    case: Case,
    tree: Tree,
    limits: Limits,
    on_progress: OnProgress | None = None,
    *,
    within: Restriction | None = None,
    waive_rules: bool = False,
    start: Floats | None = None,
) -> PlanAnswer:
    """Find the plan of least expected cost, with a proven bound.

    Where a gap of 0 is asked for and proven, the tie rule chooses among plans that cost the same.

    Args:
        case: a filled case in canonical order.
        tree: its futures.
        limits: gap, seconds and seed.
        on_progress: called as cost and bound move.
        within: what the plan may do less; none: all that the case allows.
        waive_rules: plan without the rules that have no price.
        start: `columns` of an answer to the same case and rules under a tighter restriction; the
            search starts from it and never ends dearer.

    Raises:
        SolverError: the solver's process failed before it found anything.
    """
    deadline = time.monotonic() + limits.seconds
    problem = compile_problem(case, tree)
    rules = [
        active
        for active in active_rules(problem)
        if not waive_rules or active.rule.soft is not None
    ]
    search = _Search(problem, rules, within, limits, deadline, on_progress)
    model = search.model()
    log.info("model: %d columns, %d rows", model.milp.columns, model.milp.rows)
    answer = search.run(model, start)
    if answer.status == "infeasible":
        answer = ask(model.milp, limits.until(deadline), on_progress)
    if answer.status == "infeasible":
        return search.infeasible(answer)
    if answer.x is None:
        return search.without_plan(answer)
    settled = settle(problem, model, answer)
    if isinstance(settled, frozenset):
        proof, only = answer.bound, settled
        for part in TIGHTENING:
            if answer.interrupted:
                break
            log.info("rounding breaks %d rows: solving again with these tightened", len(only))
            model = search.model(part, only)
            again = search.run(model, start)
            # The bound of the model as it was stays the proof.
            answer = replace(again, bound=proof)
            if again.x is None:
                break
            settled = settle(problem, model, again)
            if isinstance(settled, Settled):
                break
            only |= settled
    if isinstance(settled, frozenset):
        reason: Reason = "solver_stopped" if answer.reason == "proved" else answer.reason
        return search.without_plan(replace(answer, status="unknown", reason=reason))
    if answer.status != "optimal":
        settled = at_least_cost(problem, model, settled, limits.seed)
    return PlanAnswer(
        answer.status,
        answer.reason,
        model.milp.objective(settled.rounded) - float(model.idle @ settled.rounded),
        search.proven(answer),
        answer.trace,
        interrupted=answer.interrupted,
        nodes=plan_nodes(problem, model.timelines, settled.rounded, settled.volumes),
        ties=search.ties(answer, settled),
        columns=settled.columns,
    )


@dataclass(frozen=True, slots=True)
class _Search:
    """What stays the same from one solve of a case to the next."""

    problem: Problem
    rules: list[ActiveRule]
    within: Restriction | None
    limits: Limits
    deadline: float
    on_progress: OnProgress | None

    @property
    def exact(self) -> bool:
        """Whether a proof of optimality is asked for; then the tie rule decides between equals."""
        return self.limits.gap == 0.0

    def model(self, tighten: float = 0.0, only: frozenset[int] = frozenset()) -> PlanModel:
        """The model, some rows on volumes tightened by a share of what rounding can do to them."""
        return build_model(
            self.problem,
            self.rules,
            tighten=tighten,
            only=only,
            within=self.within,
            idle=not self.exact,
        )

    def run(self, model: PlanModel, start: Floats | None) -> MilpAnswer:
        """Solve it in the time that is left."""
        return solve_milp(
            model.milp,
            self.limits.until(self.deadline),
            on_progress=self.on_progress,
            start=start,
            then=stages(self.problem, model) if self.exact else (),
        )

    def infeasible(self, answer: MilpAnswer) -> PlanAnswer:
        """What cannot hold together, as far as time and the user allow."""
        found: tuple[str, ...] = ()
        interrupted = answer.interrupted
        if not interrupted:
            try:
                left = self.limits.until(self.deadline)
                found = conflicts(self.problem, self.rules, left, self.within)
            except KeyboardInterrupt:
                interrupted = True
        return PlanAnswer(
            "infeasible", "proved", None, None, answer.trace, found, interrupted=interrupted
        )

    def without_plan(self, answer: MilpAnswer) -> PlanAnswer:
        """An answer that holds no plan, but may hold a bound."""
        bound = self.proven(answer)
        return PlanAnswer(
            answer.status,
            answer.reason,
            None,
            bound,
            answer.trace,
            interrupted=answer.interrupted,
        )

    def proven(self, answer: MilpAnswer) -> float | None:
        """The bound, less what only breaks ties."""
        if answer.bound is None or self.exact:
            return answer.bound
        return answer.bound - IDLE

    def ties(self, answer: MilpAnswer, settled: Settled) -> Ties:
        """Whether the tie rule has been applied."""
        if not self.exact or answer.status != "optimal":
            return "not_asked"
        return "decided" if settled.to_the_end else "open"
