"""The exact model of a case on its tree, put together from its rooms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sourcemix.engine.milp import Builder, Floats, Milp
from sourcemix.engine.planning.frameworks import add_ceilings, add_framework_costs
from sourcemix.engine.planning.ledger import Ledger
from sourcemix.engine.planning.linking import Presence, add_linking
from sourcemix.engine.planning.outcomes import add_outcomes
from sourcemix.engine.planning.restriction import Restriction, add_restriction
from sourcemix.engine.planning.risk import add_risk
from sourcemix.engine.planning.rules import (
    ActiveRule,
    ExactRows,
    Parts,
    add_rules,
    longest_terms,
    spending_helps,
)
from sourcemix.engine.planning.running import add_running_costs
from sourcemix.engine.planning.serving import Serving, add_serving
from sourcemix.engine.planning.timeline import Timelines
from sourcemix.engine.problem import Problem

IDLE = 0.004
"""Pounds over the whole plan, spread over every agreement that could be live.

Of plans that cost the same, the one with fewer live agreements is wanted: an agreement that nobody
needs binds the authority for nothing. Less than half a penny in all, it never outweighs a cost.
"""


@dataclass(frozen=True, slots=True)
class PlanModel:
    """A mixed-integer model of a case, and what its columns mean.

    Attributes:
        milp: the model, costs in pounds of present value.
        timelines: columns of decisions and live agreements.
        serving: columns of volumes.
        exact_rows: rows that rounding the volumes could break, with what they must not exceed.
        idle: part of the objective by column that only breaks ties, in pounds.
    """

    milp: Milp
    timelines: Timelines
    serving: Serving
    exact_rows: tuple[tuple[int, float], ...]
    idle: Floats

    def broken(self, x: Floats) -> frozenset[int]:
        """Places of the exact rows that a solution breaks by more than float noise."""
        milp = self.milp
        found = set()
        for place, (row, limit) in enumerate(self.exact_rows):
            entries = slice(milp.start[row], milp.start[row + 1])
            parts = milp.value[entries] * x[milp.index[entries]]
            noise = 1e-9 + 1e-12 * float(np.abs(parts).sum())
            if float(parts.sum()) > limit + noise:
                found.add(place)
        return frozenset(found)


def build_model(
    problem: Problem,
    rules: list[ActiveRule],
    *,
    waived: frozenset[int] = frozenset(),
    ceilings: frozenset[str] | None = None,
    tighten: float = 0.0,
    only: frozenset[int] | None = None,
    within: Restriction | None = None,
    idle: bool = True,
) -> PlanModel:
    """Build the model.

    Args:
        problem: the compiled case.
        rules: the rules to hold.
        waived: services whose demand may be left unmet for nothing (to find conflicts).
        ceilings: frameworks whose ceilings hold; None: all (to find conflicts).
        tighten: share of what rounding can move rows on volumes by which they are tightened.
        only: rows that are tightened, by their place in `exact_rows`; None: all.
        within: what plans may do less; adds rows, never columns.
        idle: whether of plans that cost the same one with fewer live agreements is to be found.
    """
    builder = Builder()
    ledger = Ledger(problem, builder)
    timelines = Timelines(problem, builder, longest_terms(problem, rules))
    presence = Presence(problem, builder, timelines)
    fees = add_running_costs(ledger, timelines)
    serving = add_serving(ledger, timelines, waived, ordered=spending_helps(rules))
    add_linking(ledger, timelines, presence)
    add_outcomes(ledger, serving)
    add_framework_costs(ledger, timelines)
    exact = ExactRows(problem, builder, serving, tighten=tighten, only=only)
    parts = Parts(problem, builder, ledger, timelines, presence, serving, fees, exact)
    add_rules(parts, rules)
    add_ceilings(parts, ceilings)
    # After the rules: those with a price are part of what a future costs.
    add_risk(ledger, fees)
    if within is not None:
        add_restriction(problem, builder, timelines, within)
    slivers = _charge_idle(problem, builder, timelines) if idle else np.zeros(builder.size)
    return PlanModel(builder.build(), timelines, serving, tuple(exact.rows), slivers)


def _charge_idle(problem: Problem, builder: Builder, timelines: Timelines) -> Floats:
    """Charge every live agreement a sliver, so that idle ones are not taken up."""
    sliver = IDLE / (problem.periods * len(problem.offers))
    idle = np.zeros(builder.size)
    for timeline in timelines.all:
        for node, column in timeline.live.items():
            idle[column] = sliver * float(problem.probability[node])
            builder.charge(column, float(idle[column]))
    return idle
