"""Frameworks paid for once, and ceilings: engine, check and enumeration agree, and both count."""

from __future__ import annotations

from functools import lru_cache
from random import Random

import pytest
from tests.conftest import FULL
from tests.differential.brute import Brute, TooManyError
from tests.differential.cases import SPEND, Draft, falls_between, filled_case
from tests.differential.cases_money import add_money, add_shared_framework
from tests.differential.census import without_framework
from tests.differential.frameworks import best_with_framework, framework_cost

from sourcemix.engine.answer import Limits
from sourcemix.engine.planning import solve, unsupported
from sourcemix.verify import account

SEEDS = range(600 if FULL else 40)
PENNY = 0.0101
SPLIT = 0.2
"""Pounds, where the best volumes may fall between thousandths of a unit."""
EXACT = Limits(gap=0, seconds=60)


@lru_cache(maxsize=64)
def enumeration(seed: int) -> tuple[Brute, float | None]:
    """A case small enough for every policy to be tried, with its optimum."""
    for attempt in range(1000):
        name = f"{seed} {attempt}"
        document = add_money(Draft(seed * 1000 + attempt).document(), name)
        found = filled_case(add_shared_framework(document, name, SPEND))
        if found is None:
            continue
        brute = Brute(*found)
        try:
            return brute, best_with_framework(brute)
        except TooManyError:
            continue
    raise AssertionError(f"no small case for seed {seed}")


@pytest.mark.parametrize("seed", SEEDS)
def test_engine_check_and_enumeration_agree(seed: int) -> None:
    brute, best = enumeration(seed)
    case, tree = brute.ground.case, brute.ground.tree
    assert not unsupported(case)
    answer = solve(case, tree, EXACT)
    if best is None or answer.nodes is None:
        assert (best, answer.status) == (None, "infeasible")
        return
    near = SPLIT if falls_between(case) else PENNY
    assert answer.status == "optimal"
    assert answer.claimed == pytest.approx(best, abs=near)
    assert answer.bound is not None
    assert answer.bound <= best + PENNY / 2
    accounts = account(case, tree, answer.nodes)
    assert accounts.discrepancies == ()
    assert float(accounts.cost) == pytest.approx(best, abs=near)


@pytest.mark.parametrize("seed", SEEDS)
def test_any_plan_costs_the_same_to_check_and_enumeration(seed: int) -> None:
    brute, _ = enumeration(seed)
    case, tree = brute.ground.case, brute.ground.tree
    if falls_between(case):
        return
    rng = Random(seed)
    for plan in filter(None, (brute.any_plan(rng) for _ in range(6))):
        cost, more = brute.exact(plan), framework_cost(brute, plan)
        accounts = account(case, tree, brute.written(plan))
        assert (not accounts.discrepancies) == (cost is not None and more is not None)
        if cost is not None and more is not None:
            assert float(accounts.cost) == pytest.approx(float(cost + more), abs=0.0051)


@pytest.mark.parametrize("field", ["procurement", "ceiling"])
def test_each_term_counts(field: str) -> None:
    counts = 0
    for seed in SEEDS:
        brute, best = enumeration(seed)
        case = without_framework(field)(brute.ground.case)
        if case != brute.ground.case:
            other = best_with_framework(Brute(case, brute.ground.tree))
            if best is None or other is None:
                counts += best is not other
            else:
                counts += abs(best - other) > 0.01
    assert counts >= len(SEEDS) / 8
