"""The exact model on what is still open: a few procurements, all terms and all rules.

Where the arrays of the search leave something out, only a plan of the exact model counts. And where
all that a better plan could procure is still open, its bound is a proof.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from sourcemix.engine import highs
from sourcemix.engine.answer import Limits, OnProgress
from sourcemix.engine.planning.extract import plan_nodes
from sourcemix.engine.planning.model import IDLE, build_model
from sourcemix.engine.planning.rules import ActiveRule
from sourcemix.engine.planning.settled import Settled, at_least_cost, rounded_to_plan
from sourcemix.engine.planning.solve import TIGHTENING
from sourcemix.engine.problem import Problem
from sourcemix.engine.search.arrays import Ints
from sourcemix.engine.search.tables import Tables
from sourcemix.engine.second_opinion import ask
from sourcemix.model.plan import PlanNode, Progress

log = logging.getLogger(__name__)
Procurements = frozenset[tuple[int, int]]
"""Offers and nodes of the problem at which they are procured."""


@dataclass(frozen=True, slots=True)
class Polished:
    """What the exact model says.

    Attributes:
        nodes: the plan; None where none was found.
        cost: its cost in pounds.
        bound: no plan with these procurements alone costs less; minus infinity if nothing is known.
    """

    nodes: tuple[PlanNode, ...] | None
    cost: float
    bound: float


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
    """
    deadline = time.monotonic() + limits.seconds
    model = build_model(problem, rules, offered=only)
    offered = "all" if only is None else len(only)
    log.info("exact model: %s procurements, %d columns", offered, model.milp.columns)

    def heard(progress: Progress) -> None:
        if on_progress is None:
            return
        bound = None if progress.bound is None else progress.bound - IDLE
        on_progress(progress.model_copy(update={"bound": bound}))

    answer = highs.solve(model.milp, limits.until(deadline), on_progress=heard, stopped=stopped)
    if answer.status == "infeasible" and on_progress is not None and not stopped():
        answer = ask(model.milp, limits.until(deadline), heard)
    bound = float("inf") if answer.status == "infeasible" else float("-inf")
    if answer.bound is not None:
        bound = answer.bound - IDLE
    settled = None if answer.x is None else rounded_to_plan(problem, model, answer.x)
    broken: frozenset[int] = frozenset()
    for part in TIGHTENING:
        if not isinstance(settled, frozenset):
            break
        broken |= settled
        model = build_model(problem, rules, tighten=part, only=broken, offered=only)
        answer = highs.solve(model.milp, limits.until(deadline), stopped=stopped)
        settled = None if answer.x is None else rounded_to_plan(problem, model, answer.x)
    if not isinstance(settled, Settled):
        return Polished(None, float("inf"), bound)
    if answer.status != "optimal":
        settled = at_least_cost(problem, model, settled, limits)
    cost = model.milp.objective(settled.rounded) - float(model.idle @ settled.rounded)
    nodes = plan_nodes(problem, model.timelines, settled.rounded, settled.volumes)
    return Polished(nodes, cost, bound)
