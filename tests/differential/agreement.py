"""Whether the engine, the independent check and the enumeration agree on a case.

Each function gives back what is wrong, in words; nothing is wrong where they agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from random import Random

from tests.differential.brute import TooManyError
from tests.differential.draw import Drawn, falls_between
from tests.differential.ground import ZERO
from tests.differential.solving import planned

from sourcemix.engine.answer import PlanAnswer
from sourcemix.model.case import Case
from sourcemix.model.drivers import PolicyDriver
from sourcemix.verify import account, tree_faults
from sourcemix.verify.accounts import Accounts

PENNY = 0.0101
"""A penny: costs are rounded once, and ties may cost half a one."""
SPLIT = 0.2
"""Pounds, where the best volumes may fall between thousandths of a unit."""
HALF_A_PENNY = 0.0051
PLANS = 3
"""Plans taken blindly, for each case."""


def faults(drawn: Drawn, answer: PlanAnswer | None = None) -> list[str]:
    """All that does not agree about a case; planned by the engine unless an answer is given."""
    found = [f"the tree: {fault}" for fault in tree_faults(drawn.case, drawn.tree)]
    found += _engine(drawn, planned(drawn.case, drawn.tree) if answer is None else answer)
    found += _own_plan(drawn)
    found += _blind_plans(drawn)
    return found


def _engine(drawn: Drawn, answer: PlanAnswer) -> Iterator[str]:
    """The engine's plan is as cheap as any, and passes the check."""
    best = drawn.best
    if best is None or answer.nodes is None or answer.claimed is None:
        if best is not None or answer.status != "infeasible":
            yield f"the engine says {answer.status}, the enumeration {best}"
        return
    near = SPLIT if falls_between(drawn.case) else PENNY
    accounts = account(drawn.case, drawn.tree, answer.nodes)
    if answer.status != "optimal":
        yield f"the engine ends with {answer.status}, {answer.reason}"
    # The engine's own figure leaves out what rounding volumes adds to a breach; the check does not.
    if not -near <= answer.claimed - best <= near:
        yield f"the engine claims {answer.claimed}, the enumeration {best}"
    if answer.bound is None or answer.bound > best + HALF_A_PENNY:
        yield f"the engine proves {answer.bound}, the enumeration has {best}"
    if not -PENNY <= float(accounts.cost) - best <= near:
        yield f"the check says {accounts.cost}, the enumeration {best}"
    yield from accounts.discrepancies
    yield from _priced(drawn.case, accounts)
    if answer.ties == "decided" and not falls_between(drawn.case):
        yield from _ties(drawn, accounts)


def _priced(case: Case, accounts: Accounts) -> Iterator[str]:
    """What does not hold has a price, and is paid for."""
    rules = [*case.rules, *(d.rule for d in case.drivers if isinstance(d, PolicyDriver))]
    failing = [check.rule for check in accounts.rules if not check.holds]
    paid = accounts.expected.get("breach", Decimal(0))
    if len(failing) > sum(rule.soft is not None for rule in rules):
        yield f"broken without a price: {failing}"
    if paid < 0 or (paid and not failing):
        yield f"{paid} is paid for breaches, but nothing is broken"


def _ties(drawn: Drawn, accounts: Accounts) -> Iterator[str]:
    """Of plans that cost the same, the engine's has the lowest expected exposure."""
    least = least_exposure(drawn)
    if least is None:
        return
    chance = drawn.search.brute.ground.chance
    got = sum((chance[n.node] * Fraction(n.exposure or 0) for n in accounts.nodes), ZERO)
    # Exposure is rounded to the penny at each node.
    if abs(got - least[0]) > Fraction(drawn.case.horizon.periods, 100):
        yield f"expected exposure is {float(got)}, but could be {float(least[0])} at no cost"


def least_exposure(drawn: Drawn) -> tuple[Fraction, Fraction] | None:
    """Lowest and highest expected exposure of the plans that tie; None if they are too many."""
    try:
        found = [drawn.search.exposure(plan) for plan in drawn.search.tied()]
    except TooManyError:
        return None
    return min(found), max(found)


def _own_plan(drawn: Drawn) -> Iterator[str]:
    """The enumeration's own best plan passes the check, at the same cost."""
    if drawn.best is None or falls_between(drawn.case):
        return
    plan = drawn.search.plan
    assert plan is not None
    accounts = account(drawn.case, drawn.tree, drawn.search.brute.written(plan))
    for wrong in accounts.discrepancies:
        yield f"the enumeration's plan: {wrong}"
    if abs(float(accounts.cost) - drawn.best) > HALF_A_PENNY:
        yield f"the enumeration's plan costs {accounts.cost} by the check, {drawn.best} by itself"


def _blind_plans(drawn: Drawn) -> Iterator[str]:
    """Any plan costs the same to the check, or is not allowed."""
    if falls_between(drawn.case):
        return
    search, rng = drawn.search, Random("blind")
    for plan in filter(None, (search.brute.any_plan(rng) for _ in range(PLANS))):
        cost = search.whole.cost(plan)
        accounts = account(drawn.case, drawn.tree, search.brute.written(plan))
        if bool(accounts.discrepancies) != (cost is None):
            yield f"a plan that costs {cost} has these discrepancies: {accounts.discrepancies}"
        if cost is not None and abs(float(accounts.cost) - float(cost)) > HALF_A_PENNY:
            yield f"a plan costs {accounts.cost} by the check, {float(cost)} by the enumeration"
        exposure = sum(
            (
                Fraction(n.exposure or 0) * search.brute.ground.chance[n.node]
                for n in accounts.nodes
            ),
            ZERO,
        )
        near = Fraction(drawn.case.horizon.periods, 100)
        if abs(exposure - search.exposure(plan)) > near:
            yield f"exposure {float(exposure)} by the check, {float(search.exposure(plan))}"
