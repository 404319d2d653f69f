"""Which rules and needs cannot hold together, in words.

A deletion filter (Chinneck and Dravnieks 1991): leave out one rule or need after another for good
as long as the rest is still infeasible. What remains cannot hold together, and every part matters.
"""

from __future__ import annotations

from dataclasses import replace

from sourcemix.engine.answer import Limits
from sourcemix.engine.highs import solve as solve_milp
from sourcemix.engine.planning.model import build_model
from sourcemix.engine.planning.rules import ActiveRule
from sourcemix.engine.problem import Problem

TRY = 10.0
"""Seconds for each attempt; one that takes longer keeps its rule or need in the answer."""


def conflicts(problem: Problem, rules: list[ActiveRule], limits: Limits) -> tuple[str, ...]:
    """Rules and needs that cannot hold together; empty if that took too long to find."""
    short = replace(limits, gap=1.0, seconds=min(TRY, limits.seconds))
    held = list(rules)
    needed = [
        index for index, service in enumerate(problem.case.services) if service.unmet == "never"
    ]

    def infeasible(kept: list[ActiveRule], needs: list[int]) -> bool:
        waived = frozenset(range(len(problem.services))) - frozenset(needs)
        model = build_model(problem, kept, waived=waived)
        return solve_milp(model.milp, short).status == "infeasible"

    if not infeasible(held, needed):
        return ()
    for service in list(needed):
        rest = [other for other in needed if other != service]
        if infeasible(held, rest):
            needed = rest
    for active in rules:
        fewer = [other for other in held if other is not active]
        if infeasible(fewer, needed):
            held = fewer
    return tuple(
        [f"the rule `{active.name}` ({active.rule.kind})" for active in held]
        + [f"all demand for `{problem.services[service]}` must be met" for service in needed]
    )
