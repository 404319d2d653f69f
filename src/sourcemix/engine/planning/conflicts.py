"""Which rules and needs cannot hold together, in words.

A deletion filter (Chinneck and Dravnieks 1991): leave out one rule or need after another for good
as long as the rest is still infeasible. What remains cannot hold together; and every part matters,
unless time ran out for one of them.
"""

from __future__ import annotations

import time
from dataclasses import replace

from sourcemix.engine.answer import Limits
from sourcemix.engine.highs import solve as solve_milp
from sourcemix.engine.planning.model import build_model
from sourcemix.engine.planning.rules import ActiveRule
from sourcemix.engine.problem import Problem

TRY = 10.0
"""Seconds for each attempt; one that takes longer keeps its rule or need in the answer."""
LEAST = 20.0
"""Seconds for all attempts together, however little is left of the time limit."""


def conflicts(problem: Problem, rules: list[ActiveRule], limits: Limits) -> tuple[str, ...]:
    """Rules and needs that cannot hold together; empty if interrupted, or out of time at once."""
    deadline = time.monotonic() + max(LEAST, limits.seconds)
    # A rule with a price gives way to anything.
    held = [active for active in rules if active.rule.soft is None]
    needed = [
        index for index, service in enumerate(problem.case.services) if service.unmet == "never"
    ]

    capped = [f.id for f in problem.case.frameworks if f.ceiling is not None]

    def infeasible(kept: list[ActiveRule], needs: list[int], ceilings: list[str]) -> bool:
        waived = frozenset(range(len(problem.services))) - frozenset(needs)
        left = deadline - time.monotonic()
        if left <= 0.0:
            return False
        short = replace(limits, gap=1.0, seconds=min(TRY, left))
        model = build_model(problem, kept, waived=waived, ceilings=frozenset(ceilings))
        answer = solve_milp(model.milp, short)
        if answer.reason == "interrupted":
            raise KeyboardInterrupt
        return answer.status == "infeasible"

    try:
        if not infeasible(held, needed, capped):
            return ()
        for service in list(needed):
            rest = [other for other in needed if other != service]
            if infeasible(held, rest, capped):
                needed = rest
        for name in list(capped):
            others = [framework for framework in capped if framework != name]
            if infeasible(held, needed, others):
                capped = others
        for active in list(held):
            fewer = [other for other in held if other is not active]
            if infeasible(fewer, needed, capped):
                held = fewer
    except KeyboardInterrupt:
        return ()
    return tuple(
        [f"the rule `{active.name}` ({active.rule.kind})" for active in held]
        + [f"the ceiling of the framework `{name}`" for name in capped]
        + [f"all demand for `{problem.services[service]}` must be met" for service in needed]
    )
