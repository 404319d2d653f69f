"""The search on small cases: its plans hold, and its bounds are never above the optimum."""

from __future__ import annotations

import pytest
from benchmarks.planning_cases import SIZES, portfolio
from tests.conftest import FULL
from tests.differential.draw import drawn, falls_between
from tests.differential.solving import in_process
from tests.engine.search.small_tables import small

from sourcemix.engine.answer import Limits, PlanAnswer
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.problem import compile_problem
from sourcemix.engine.search import exact_part, solve
from sourcemix.engine.search.bound import safe_bound
from sourcemix.engine.search.fixing import still_open
from sourcemix.engine.search.plain import left_out
from sourcemix.engine.search.polish import Polished, polish
from sourcemix.engine.search.prices import first_prices
from sourcemix.engine.search.response import core_of
from sourcemix.errors import SolverError
from sourcemix.futures import grow
from sourcemix.model.plan import Progress
from sourcemix.verify import account

SEEDS = range(1000 if FULL else 40)
PENNY, SPLIT = 0.0101, 0.2


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
def test_the_best_bound_of_prices_is_not_above_the_optimum_either(seed: int) -> None:
    """Few steps end far below the optimum, where a wrong bound would not show."""
    best = drawn(seed).best
    if best is None:
        return
    _, _, tables = small(seed)
    climb = first_prices(core_of(tables), best, 60)
    climb.go(1.2 * best - tables.constant, 1500)
    assert safe_bound(tables, climb) <= best + PENNY / 2


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_that_the_best_plan_procures_is_ruled_out(seed: int) -> None:
    best = drawn(seed).best
    if best is None:
        return
    problem, rules, tables = small(seed)
    climb = first_prices(core_of(tables), best, 60)
    climb.go(best - tables.constant, 300)
    only = still_open(climb, best - tables.constant, tables.order)
    with in_process():
        limits = Limits(gap=0, seconds=120)
        found = polish(problem, rules, only, limits, None, lambda: False)
    assert found.cost == pytest.approx(best, abs=SPLIT if falls_between(problem.case) else PENNY)


def test_an_interrupt_keeps_the_best_plan() -> None:
    case = portfolio(SIZES["56"], 0)
    problem = compile_problem(case, grow(case, budget=1000))

    def heard(progress: Progress) -> None:
        if progress.cost is not None:
            raise KeyboardInterrupt

    answer = solve(problem, active_rules(problem), Limits(gap=0, seconds=600), heard)
    assert answer.interrupted
    assert answer.nodes is not None
    assert account(problem.case, problem.tree, answer.nodes).discrepancies == ()
    assert answer.bound is not None
    assert answer.bound <= float(account(problem.case, problem.tree, answer.nodes).cost)


def test_the_search_goes_on_where_the_solver_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*given: object) -> Polished:
        raise SolverError("it has run out of memory")

    monkeypatch.setattr(exact_part, "polish", broken)
    seed = next(seed for seed in SEEDS if drawn(seed).best and not left_out(*small(seed)[:2]))
    problem, rules, _ = small(seed)
    answer = solve(problem, rules, Limits(gap=0, effort=2))
    assert "run out of memory" in caplog.text
    assert answer.nodes is not None
    assert account(problem.case, problem.tree, answer.nodes).discrepancies == ()


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
