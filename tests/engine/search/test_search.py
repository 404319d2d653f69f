"""The search on small cases: its plans hold, and its bounds are never above the optimum."""

from __future__ import annotations

import pytest
from tests.conftest import FULL
from tests.differential.draw import drawn
from tests.engine.search.small_tables import small

from sourcemix.engine.answer import Limits, PlanAnswer
from sourcemix.engine.search import solve
from sourcemix.engine.search.bound import safe_bound
from sourcemix.engine.search.prices import first_prices
from sourcemix.engine.search.response import core_of
from sourcemix.verify import account

SEEDS = range(1000 if FULL else 40)
PENNY = 0.0101


@pytest.mark.parametrize("seed", SEEDS)
def test_bound_of_prices_is_never_above_the_optimum(seed: int) -> None:
    best = drawn(seed).best
    if best is None:
        return
    _, _, tables = small(seed)
    climb = first_prices(core_of(tables), best, 20)
    for _ in range(4):
        climb.go(best - tables.constant, 25)
        assert safe_bound(tables, climb) <= best + PENNY / 2


@pytest.mark.parametrize("seed", SEEDS)
def test_plans_hold_and_are_no_better_than_the_optimum(seed: int) -> None:
    best = drawn(seed).best
    problem, rules, _ = small(seed)
    answer = solve(problem, rules, Limits(gap=0, seconds=120))
    if best is None:
        assert (answer.status, answer.nodes) == ("infeasible", None)
        return
    assert answer.bound is not None
    assert answer.bound <= best + PENNY / 2
    assert answer.nodes is not None
    assert answer.claimed == pytest.approx(best, abs=PENNY)
    accounts = account(problem.case, problem.tree, answer.nodes)
    assert accounts.discrepancies == ()
    assert float(accounts.cost) == pytest.approx(answer.claimed, abs=PENNY)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_effort_gives_the_same_answer(seed: int) -> None:
    problem, rules, _ = small(seed)

    def again() -> PlanAnswer:
        return solve(problem, rules, Limits(gap=0, seconds=60, effort=5))

    one, two = again(), again()
    assert (one.claimed, one.bound, one.nodes) == (two.claimed, two.bound, two.nodes)
