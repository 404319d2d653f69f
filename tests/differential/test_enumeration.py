"""The engine, the independent check and an enumeration of everything agree on small cases."""

from __future__ import annotations

from functools import lru_cache
from random import Random

import pytest
from tests.conftest import FULL
from tests.differential.brute import Brute, TooManyError
from tests.differential.cases import falls_between, small_case

from sourcemix.engine.answer import Limits
from sourcemix.engine.planning import solve, unsupported
from sourcemix.verify import account, tree_faults

SEEDS = range(2000 if FULL else 60)
PENNY = 0.0101
"""A penny: costs are rounded once, and the engine may spend half a one on breaking ties."""
SPLIT = 0.2
"""Pounds, where the best volumes may fall between thousandths of a unit."""
EXACT = Limits(gap=0, seconds=60)


@lru_cache(maxsize=64)
def enumeration(seed: int) -> Brute:
    """The enumeration of a case; several tests ask for it."""
    return Brute(*small_case(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_engine_check_and_enumeration_agree(seed: int) -> None:
    case, tree = small_case(seed)
    assert not unsupported(case)
    assert not tree_faults(case, tree)
    best = enumeration(seed).by_nodes
    answer = solve(case, tree, EXACT)
    if best is None or answer.nodes is None:
        assert (best, answer.status) == (None, "infeasible")
        return
    assert answer.status == "optimal"
    near = SPLIT if falls_between(case) else PENNY
    assert answer.claimed == pytest.approx(best, abs=near)
    assert answer.bound is not None
    assert answer.bound <= best + PENNY / 2
    accounts = account(case, tree, answer.nodes)
    assert accounts.discrepancies == ()
    assert all(rule.holds for rule in accounts.rules)
    assert float(accounts.cost) == pytest.approx(best, abs=near)


@pytest.mark.parametrize("seed", SEEDS)
def test_best_plan_of_the_enumeration_passes_the_check(seed: int) -> None:
    case, tree = small_case(seed)
    brute = enumeration(seed)
    if brute.by_nodes is None:
        return
    plan = brute.plan()
    cost = brute.exact(plan)
    assert cost is not None
    assert float(cost) == pytest.approx(brute.by_nodes, abs=1e-6)
    if not falls_between(case):
        accounts = account(case, tree, brute.written(plan))
        assert accounts.discrepancies == ()
        assert float(accounts.cost) == pytest.approx(float(cost), abs=0.0051)


@pytest.mark.parametrize("seed", SEEDS)
def test_any_plan_costs_the_same_to_check_and_enumeration(seed: int) -> None:
    case, tree = small_case(seed)
    if falls_between(case):
        return
    brute = enumeration(seed)
    rng = Random(seed)
    for plan in filter(None, (brute.any_plan(rng) for _ in range(6))):
        cost = brute.exact(plan)
        accounts = account(case, tree, brute.written(plan))
        sound = not accounts.discrepancies and all(rule.holds for rule in accounts.rules)
        assert sound == (cost is not None)
        if cost is not None:
            assert float(accounts.cost) == pytest.approx(float(cost), abs=0.0051)


def test_both_ways_of_enumeration_agree() -> None:
    compared = 0
    for seed in SEEDS[::3]:
        brute = enumeration(seed)
        try:
            plain = brute.by_policies
        except TooManyError:
            continue
        compared += 1
        if plain is None:
            assert brute.by_nodes is None
        else:
            assert brute.by_nodes == pytest.approx(plain, abs=1e-6)
    assert compared >= len(SEEDS) / 6
