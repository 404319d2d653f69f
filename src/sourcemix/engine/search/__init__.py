"""Planning of large cases: prices, plans and the exact model side by side.

The rooms, from the ground up: `arrays` and `tables` (the case as arrays), `states`, `machines`,
`offers` and `counting` (what is in them), `programme` (the best policy of an offer), `dispatch`
(service at a node), `response` (best response), `node_problem`, `split`, `climb`, `prices` and
`branching` (the bound), `overruns`, `sums`, `surcharges`, `figures` and `pricing` (rules that the
arrays hold by a price), `neighbourhood`, `starts` and `explorers` (the search for plans), `again`
and `begin` (first plans and prices, be they from an earlier plan), `bound` (rounded safely),
`fixing`, `polish`, `moves`, `plain` and `exact_part` (what the exact model does), `words` (the
plan), `standing`, `pace` and `portfolio` (who runs when).
"""

from __future__ import annotations

from sourcemix.engine.answer import Limits, OnProgress, PlanAnswer
from sourcemix.engine.earlier import Earlier
from sourcemix.engine.planning.rules import ActiveRule
from sourcemix.engine.problem import Problem
from sourcemix.engine.search.machines import most_states
from sourcemix.engine.search.portfolio import Portfolio

STATES = 10_000_000
"""Most states of an offer, at all nodes; each takes some twenty bytes."""


def solve(
    problem: Problem,
    rules: list[ActiveRule],
    limits: Limits,
    on_progress: OnProgress | None = None,
    *,
    both: bool = False,
    earlier: Earlier | None = None,
) -> PlanAnswer:
    """Find a plan of low expected cost, with a proven bound.

    Args:
        problem: the compiled case.
        rules: its rules.
        limits: gap, seconds (or effort) and seed.
        on_progress: called as cost and bound move.
        both: whether the exact model of the whole case runs beside it.
        earlier: an earlier plan to begin from.
    """
    return Portfolio(problem, rules, limits, on_progress, both=both, earlier=earlier).run()


def fits(problem: Problem) -> bool:
    """Whether the states of every offer fit into memory; with long lead times they may not."""
    return most_states(problem) <= STATES


__all__ = ["fits", "solve"]
