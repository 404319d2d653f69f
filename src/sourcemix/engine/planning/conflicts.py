"""Which rules and needs cannot hold together, in words.

A deletion filter (Chinneck and Dravnieks 1991): leave out one rule or need after another for good
as long as the rest is still infeasible. What remains cannot hold together; and every part matters,
unless time ran out for one of them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

from sourcemix.engine.answer import Limits
from sourcemix.engine.highs import solve as solve_milp
from sourcemix.engine.planning.model import build_model
from sourcemix.engine.planning.restriction import Restriction
from sourcemix.engine.planning.rules import ActiveRule
from sourcemix.engine.problem import Problem
from sourcemix.model.case import Case
from sourcemix.model.references import NAMED
from sourcemix.model.rules import Rule, Who, rule_name

TRY = 10.0
"""Seconds for each attempt; one that takes longer keeps its rule or need in the answer."""
LEAST = 20.0
"""Seconds for all attempts together, however little is left of the time limit."""

Names = Mapping[str, Mapping[str, str]]
"""What services, suppliers and offers are called, by their list and id."""


def conflicts(
    problem: Problem, rules: list[ActiveRule], limits: Limits, within: Restriction | None = None
) -> tuple[str, ...]:
    """Rules and needs that cannot hold together; empty if out of time at once.

    Args:
        problem: the compiled case.
        rules: the rules that were to hold.
        limits: seconds and seed.
        within: what plans may do less; it holds throughout.

    Raises:
        KeyboardInterrupt: the user does not want to wait for it.
    """
    # For plans to compare with, the reason is not worth more time than was given.
    least = LEAST if within is None else 0.0
    deadline = time.monotonic() + max(least, limits.seconds)
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
        model = build_model(
            problem, kept, waived=waived, ceilings=frozenset(ceilings), within=within
        )
        answer = solve_milp(model.milp, short)
        if answer.interrupted:
            raise KeyboardInterrupt
        return answer.status == "infeasible"

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
    names = _names(problem.case)
    if not (held or capped or needed):
        return ("more suppliers hold agreements than `max_providers` allows, whatever is decided",)
    return tuple(
        [_in_words(active, names) for active in held]
        + [f"the ceiling of the framework `{name}`" for name in capped]
        + [
            f"all demand for `{names['services'][problem.services[service]]}` must be met"
            for service in needed
        ]
    )


def _names(case: Case) -> Names:
    return {
        "services": {service.id: service.name or service.id for service in case.services},
        "suppliers": {supplier.id: supplier.name or supplier.id for supplier in case.suppliers},
        "offers": {offer.id: offer.name or offer.id for offer in case.offers},
        "outcomes": {outcome.id: outcome.id for outcome in case.outcomes},
    }


def _in_words(active: ActiveRule, names: Names) -> str:
    """A rule by the id that its author gave it, or by what it says, with names for ids."""
    rule = active.rule
    if active.name != rule_name(rule):
        return f"the rule of the policy `{active.name}`: {rule_name(_with_names(rule, names))}"
    if rule.id is not None:
        return f"the rule `{rule.id}` ({rule.kind})"
    return f"the rule `{rule_name(_with_names(rule, names))}`"


def _with_names(rule: Rule, names: Names) -> Rule:
    """The rule with names in place of ids, to be read by people only."""
    shown: dict[str, object] = {}
    for field, where in NAMED.items():
        value = getattr(rule, field, None)
        if isinstance(value, str):
            shown[field] = names[where].get(value, value)
        elif isinstance(value, tuple):
            shown[field] = tuple(names[where].get(name, name) for name in value)
    who = getattr(rule, "who", None)
    if isinstance(who, Who):
        supplier = who.supplier and names["suppliers"].get(who.supplier, who.supplier)
        shown["who"] = who.model_copy(update={"supplier": supplier})
    return rule.model_copy(update=shown)
