"""The exact model on what is still open: a few procurements, all terms and all rules.

Where the arrays of the search leave something out, only a plan of the exact model counts. And where
all that a better plan could procure is still open, its bound is a proof.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from sourcemix.engine import highs
from sourcemix.engine.answer import Limits, OnProgress
from sourcemix.engine.milp import Bools, Floats
from sourcemix.engine.planning.extract import plan_nodes
from sourcemix.engine.planning.model import IDLE, PlanModel, build_model
from sourcemix.engine.planning.rules import ActiveRule
from sourcemix.engine.planning.settled import Settled, at_least_cost, rounded_to_plan
from sourcemix.engine.planning.solve import TIGHTENING
from sourcemix.engine.problem import Problem
from sourcemix.engine.search.arrays import Ints
from sourcemix.engine.search.tables import Tables
from sourcemix.engine.second_opinion import ask
from sourcemix.model.plan import PlanNode, Progress, Status

log = logging.getLogger(__name__)
Procurements = frozenset[tuple[int, int]]
"""Offers and nodes of the problem at which they are procured."""
PENNY = 0.01
WORTH = 1.0
"""Pounds by which a solution may be dearer than wanted and still be made into a plan: its charges
may be larger than its decisions bring about."""


@dataclass(frozen=True, slots=True)
class Polished:
    """What the exact model says.

    Attributes:
        nodes: the plan; None where none was found.
        cost: its cost in pounds.
        bound: no plan with these procurements alone costs less; minus infinity if nothing is known.
        live: who is live in the plan, by offer and node of the problem.
        procured: what it procures.
        finished: whether the model was solved to the end, be it to the end that there is no plan.
    """

    nodes: tuple[PlanNode, ...] | None
    cost: float
    bound: float
    live: Bools
    procured: Procurements = frozenset()
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """Who is live where that is not to change.

    Attributes:
        live: by offer and node of the problem, whether it is live.
        where: likewise, whether that is to stay so.
    """

    live: Bools
    where: Bools


def procurements(tables: Tables, states: Ints) -> Procurements:
    """What a plan procures where."""
    machines, world = tables.machines, tables.world
    found = set()
    for offer in range(len(states)):
        patterns = int(machines.patterns[offer])
        base, width = int(machines.first_pattern[offer]), int(machines.notice[offer]) + 1
        ages, lead = int(machines.ages[offer]), int(machines.lead[offer])
        for node in states[offer].nonzero()[0]:
            above = int(world.parent[node])
            state, before = int(states[offer, node]), int(states[offer, above]) if above >= 0 else 0
            if lead > 0:
                kept = int(machines.shifted[base + before % patterns])
                if state % patterns != kept:
                    found.add((offer, tables.order[node]))
                continue
            live = state // patterns
            if live and (live - 1) // width == 0 and ages:
                found.add((offer, tables.order[node]))
    return frozenset(found)


def live_in(tables: Tables, states: Ints) -> Bools:
    """By offer and node of the problem, whether it is live in a plan."""
    live = np.zeros(states.shape, dtype=np.bool_)
    live[:, tables.order] = states >= tables.machines.patterns[:, None]
    return live


def nobody(problem: Problem) -> Bools:
    """By offer and node of the problem: none is live."""
    return np.zeros((len(problem.offers), problem.nodes), dtype=np.bool_)


def live_columns(problem: Problem, model: PlanModel, x: Floats) -> Bools:
    """By offer and node of the problem, whether it is live in a solution."""
    live = nobody(problem)
    for timeline in model.timelines.all:
        for node, column in timeline.live.items():
            live[timeline.offer, node] = x[column] > 0.5
    return live


def lines_below(tables: Tables, only: Procurements) -> int:
    """Columns of live agreements that the exact model has with some procurements, at most."""
    place = {node: index for index, node in enumerate(tables.order)}
    return sum(int(tables.world.end[place[node]]) - place[node] for _, node in only)


def polish(
    problem: Problem,
    rules: list[ActiveRule],
    only: Procurements | None,
    limits: Limits,
    on_progress: OnProgress | None,
    stopped: Callable[[], bool],
    kept: Kept | None = None,
    below: float = float("inf"),
) -> Polished:
    """Find the best plan with some procurements alone.

    Args:
        problem: the compiled case.
        rules: its rules.
        only: what may be procured where; None: all that the case allows.
        limits: gap, seconds and seed.
        on_progress: called as cost and bound move, the latter without what only breaks ties;
            None: nobody listens, and what it says is no proof of anything.
        stopped: whether to end with what there is.
        kept: who is live where that is not to change; None: anybody may be, anywhere.
        below: what a plan should cost less than; others are not made.
    """
    piece = _Piece(problem, rules, only, limits, time.monotonic() + limits.seconds, stopped)
    model = piece.model(kept)
    offered = "all" if only is None else len(only)
    log.info("exact model: %s procurements, %d columns", offered, model.milp.columns)

    def heard(progress: Progress) -> None:
        if on_progress is None:
            return
        bound = None if progress.bound is None else progress.bound - IDLE
        on_progress(progress.model_copy(update={"bound": bound}))

    limits = limits.until(piece.deadline)
    answer = highs.solve(model.milp, limits, on_progress=heard, stopped=stopped)
    hopeless = False
    if answer.status == "infeasible" and on_progress is not None and not stopped():
        # One word alone is no proof: solvers have been wrong.
        answer = ask(model.milp, limits.until(piece.deadline), heard)
        hopeless = answer.status == "infeasible"
    bound = float("inf") if hopeless else float("-inf")
    if answer.bound is not None:
        bound = answer.bound - IDLE
    finished = hopeless or answer.status == "optimal"
    nothing = Polished(None, float("inf"), bound, nobody(problem), finished=finished)
    if answer.x is None or answer.objective is None or answer.objective >= below + WORTH:
        return nothing
    # The same agreements first: that is quick, and as a rule it costs the same.
    live = live_columns(problem, model, answer.x)
    found = piece.rounded(model, answer, Kept(live, np.ones_like(live)))
    room = limits.gap * abs(bound) + PENNY
    if found is None or (answer.status == "optimal" and found.cost > bound + room):
        again = piece.rounded(model, answer, kept)
        found = again if found is None or (again and again.cost < found.cost) else found
    if found is None:
        return replace(nothing, finished=False)
    return replace(found, bound=bound, finished=finished)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stays the same from one solve of a piece to the next."""

    problem: Problem
    rules: list[ActiveRule]
    only: Procurements | None
    limits: Limits
    deadline: float
    stopped: Callable[[], bool]

    def model(
        self, kept: Kept | None, tighten: float = 0.0, broken: frozenset[int] = frozenset()
    ) -> PlanModel:
        """The exact model with some rows tightened, and who is live kept where it is to be."""
        model = build_model(
            self.problem, self.rules, tighten=tighten, only=broken, offered=self.only
        )
        if kept is None:
            return model
        lower, upper = model.milp.lower.copy(), model.milp.upper.copy()
        for timeline in model.timelines.all:
            for node, column in timeline.live.items():
                if kept.where[timeline.offer, node]:
                    lower[column] = upper[column] = float(kept.live[timeline.offer, node])
        return replace(model, milp=replace(model.milp, lower=lower, upper=upper))

    def rounded(
        self, model: PlanModel, answer: highs.MilpAnswer, kept: Kept | None
    ) -> Polished | None:
        """A plan from a solution; where rounding breaks rows, from one that leaves room for it."""
        broken: frozenset[int] = frozenset()
        for part in TIGHTENING:
            if answer.x is None:
                return None
            settled = rounded_to_plan(self.problem, model, answer.x)
            if isinstance(settled, Settled):
                return self._plan(model, settled, answer.status)
            broken |= settled
            model = self.model(kept, part, broken)
            # Where all stay live it is quick, and without it there would be no plan at all.
            quick = kept is not None and kept.where.all()
            limits, stopped = self.limits.until(self.deadline), None if quick else self.stopped
            answer = highs.solve(model.milp, limits, stopped=stopped)
        return None

    def _plan(self, model: PlanModel, settled: Settled, status: Status) -> Polished:
        if status != "optimal":
            settled = at_least_cost(self.problem, model, settled, self.limits)
        cost = model.milp.objective(settled.rounded) - float(model.idle @ settled.rounded)
        nodes = plan_nodes(self.problem, model.timelines, settled.rounded, settled.volumes)
        live = live_columns(self.problem, model, settled.rounded)
        procured = frozenset(
            (timeline.offer, node)
            for timeline in model.timelines.all
            for node, column in timeline.procured.items()
            if settled.rounded[column] > 0.5
        )
        return Polished(nodes, cost, float("-inf"), live, procured)
