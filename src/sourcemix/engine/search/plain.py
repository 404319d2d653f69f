"""Whether the arrays say all there is to say about a case.

Where they do, a plan of the search is a plan of the case, to the penny. Where they leave something
out, the exact model has to finish every plan (`polish`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sourcemix.engine.planning.outcomes import worth
from sourcemix.engine.planning.rules import ActiveRule
from sourcemix.engine.problem import Problem
from sourcemix.engine.search.arrays import Ints
from sourcemix.engine.search.counting import COUNTED
from sourcemix.engine.search.managing import Managed
from sourcemix.engine.search.neighbourhood import explorer_from
from sourcemix.engine.search.response import core_of, resting, scratch_of
from sourcemix.engine.search.tables import Tables
from sourcemix.model.rules import MaxTerm


def left_out(problem: Problem, rules: list[ActiveRule]) -> tuple[str, ...]:
    """What the arrays leave out or understate, in words."""
    return tuple(dict.fromkeys(_left_out(problem, rules)))


def _left_out(problem: Problem, rules: list[ActiveRule]) -> Iterator[str]:
    case = problem.case
    if float(case.appraisal.risk.weight):
        yield "the weight on bad futures"
    if any(worth(problem, outcome) for outcome in case.outcomes):
        yield "the targets of outcomes"
    if Managed(problem).merges:
        yield "mergers"
    for framework in case.frameworks:
        if framework.procurement or framework.ceiling is not None:
            yield "frameworks"
    for terms in problem.offers:
        if any(terms.takeover.values()):
            yield "takeover"
        if any(entry.tiers for entry in terms.services.values()):
            yield "tiers"
    for active in rules:
        counted = type(active.rule) in COUNTED and active.rule.scope == "every_node"
        held = isinstance(active.rule, MaxTerm)
        if not counted and not held:
            yield f"the rule `{active.name}`"


def holds(tables: Tables, states: Ints) -> bool:
    """Whether a plan of the search holds what the arrays only put a price on."""
    problem, core = tables.problem, core_of(tables)
    scratch = scratch_of(core)
    explorer = explorer_from(core, resting(core, scratch), scratch)
    explorer.adopt(states)
    live, counts = explorer.live, tables.counts
    broken = (live.sums > counts.limit + 1e-9) & (counts.price > 0.0)
    if (broken & (tables.hard[None, :])).any():
        return False
    never = np.isinf(problem.unmet[tables.order])
    for node, service in zip(*np.nonzero(never), strict=True):
        listed = live.listed[node, service, : live.length[node, service]]
        entries = tables.entries
        units = entries.paid[node, listed].sum() + entries.rest[node, listed].sum()
        if units < entries.demand[node, service] - 1e-6:
            return False
    return True
