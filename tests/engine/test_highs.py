"""The solver's process: answers, proofs, and what survives when it is cut short."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sourcemix.engine import highs
from sourcemix.engine.answer import Limits
from sourcemix.engine.milp import INFINITY, Builder, Milp
from sourcemix.errors import SolverError
from sourcemix.model.plan import Progress


def knapsack() -> Milp:
    """Take 60 and 120, not 100: worth 220 with weights 10 + 30 in 50 would be 100 + 120."""
    builder = Builder()
    columns = [builder.column(-worth, 0.0, 1.0, integer=True) for worth in (60, 100, 120)]
    builder.row(-INFINITY, 50.0, columns, [10.0, 20.0, 30.0])
    return builder.build()


def hard() -> Milp:
    """A market split (Cornuéjols and Dawande 1998): a first solution is easy, a proof is not."""
    rng = np.random.default_rng(1)
    builder = Builder()
    columns = [builder.column(0.0, 0.0, 1.0, integer=True) for _ in range(50)]
    for _ in range(6):
        weights = rng.integers(0, 100, 50).astype(float)
        over, under = (builder.column(1.0, 0.0, INFINITY) for _ in range(2))
        half = float(weights.sum() // 2)
        builder.row(half, half, [*columns, over, under], [*weights, -1.0, 1.0])
    return builder.build()


def test_proves_the_optimum() -> None:
    answer = highs.solve(knapsack(), Limits(gap=0.0, seconds=20.0))
    assert (answer.status, answer.reason) == ("optimal", "proved")
    assert answer.objective == answer.bound == -220.0
    assert answer.x is not None
    assert list(answer.x) == [0.0, 1.0, 1.0]


def test_infeasible_with_and_without_presolve() -> None:
    builder = Builder()
    column = builder.column(1.0, 0.0, 1.0, integer=True)
    builder.row(2.0, INFINITY, [column], [1.0])
    milp = builder.build()
    for presolve in (True, False):
        answer = highs.solve(milp, Limits(seconds=20.0), presolve=presolve)
        assert (answer.status, answer.x, answer.bound) == ("infeasible", None, None)


def test_a_model_without_columns() -> None:
    empty = Builder()
    empty.offset = 5.0
    assert highs.solve(empty.build(), Limits()).objective == 5.0
    empty.row(1.0, INFINITY, [], [])
    assert highs.solve(empty.build(), Limits()).status == "infeasible"


def test_the_time_limit_keeps_the_best_and_claims_no_proof() -> None:
    answer = highs.solve(hard(), Limits(gap=0.0, seconds=1.0))
    assert (answer.status, answer.reason) == ("feasible", "time_limit")
    assert answer.x is not None
    assert answer.objective is not None
    assert answer.bound is not None
    assert answer.bound <= answer.objective


def test_a_solver_that_ignores_its_limit_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highs, "GRACE", -999.0)
    answer = highs.solve(hard(), Limits(gap=0.0, seconds=1000.0))
    assert (answer.status, answer.reason) in {
        ("feasible", "time_limit"),
        ("unknown", "time_limit"),
    }


def test_an_interrupt_keeps_the_best() -> None:
    def stop(progress: Progress) -> None:
        if progress.cost is not None:
            raise KeyboardInterrupt

    answer = highs.solve(hard(), Limits(gap=0.0, seconds=60.0), on_progress=stop)
    assert (answer.status, answer.reason) == ("feasible", "interrupted")
    assert answer.x is not None


def test_a_crash_without_a_word_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    started = subprocess.Popen

    def crash(command: list[str], **settings: object) -> subprocess.Popen[bytes]:
        return started([sys.executable, "-c", "import os; os.abort()"], **settings)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr("sourcemix.engine.standby.subprocess.Popen", crash)
    with pytest.raises(SolverError, match="ended by the system"):
        highs.solve(knapsack(), Limits())


def test_progress_never_loses_ground() -> None:
    answer = highs.solve(hard(), Limits(gap=0.0, seconds=2.0))
    costs = [step.cost for step in answer.trace if step.cost is not None]
    bounds = [step.bound for step in answer.trace if step.bound is not None]
    assert all(later <= sooner + 1e-6 for sooner, later in pairwise(costs))
    assert bounds == sorted(bounds)


def test_entries_of_a_column_in_a_row_add_up() -> None:
    builder = Builder()
    column = builder.column(1.0, 0.0, 10.0)
    builder.row(6.0, INFINITY, [column, column], [1.0, 2.0])
    assert highs.solve(builder.build(), Limits(gap=0.0)).objective == pytest.approx(2.0)


def test_a_start_is_never_made_worse() -> None:
    """Within 90% of the best, which anything is, the search may stop at once."""
    start = np.array([1.0, 1.0, 0.0])
    answer = highs.solve(knapsack(), Limits(gap=0.9, seconds=20.0), start=start)
    assert answer.objective is not None
    assert answer.objective <= -160.0


def test_a_start_is_kept_where_nothing_else_is_found() -> None:
    def stop(progress: Progress) -> None:
        raise KeyboardInterrupt

    milp = hard()
    first = highs.solve(milp, Limits(gap=0.0, seconds=1.0))
    assert first.x is not None
    again = highs.solve(milp, Limits(gap=0.0, seconds=60.0), on_progress=stop, start=first.x)
    assert again.reason == "interrupted"
    assert again.objective is not None
    assert again.objective <= milp.objective(first.x) + 1e-6


def test_a_start_that_does_not_hold_is_left_aside() -> None:
    start = np.array([1.0, 1.0, 1.0])
    answer = highs.solve(knapsack(), Limits(gap=0.0, seconds=20.0), start=start)
    assert (answer.status, answer.objective) == ("optimal", -220.0)


def test_further_stages_keep_what_came_before() -> None:
    """Two of three at least cost; of those that cost no more than 1 above it, the last two."""
    builder = Builder()
    columns = [builder.column(cost, 0.0, 1.0, integer=True) for cost in (1.0, 1.0, 2.0)]
    builder.row(2.0, INFINITY, columns, [1.0, 1.0, 1.0])
    free = np.zeros(3, dtype=np.bool_)
    last_kept = np.array([False, False, True])
    stages = (
        highs.Stage(np.array([5.0, 1.0, 1.0]), 1.0, free),
        highs.Stage(np.array([0.0, 0.0, 1.0]), None, last_kept),
    )
    answer = highs.solve(builder.build(), Limits(gap=0.0, seconds=20.0), then=stages)
    assert (answer.objective, answer.bound) == (2.0, 2.0)
    assert answer.x is not None
    assert list(answer.x) == [1.0, 1.0, 0.0]
    second, third = answer.then
    assert list(second) == [0.0, 1.0, 1.0]
    assert third[2] == 1.0, "it would rather be 0, but is kept"


def test_stages_are_for_what_is_solved_to_the_end() -> None:
    stage = highs.Stage(np.ones(62), 1.0, np.zeros(62, dtype=np.bool_))
    answer = highs.solve(hard(), Limits(gap=0.0, seconds=1.0), then=(stage,))
    assert (answer.reason, answer.then) == ("time_limit", ())


def test_whether_a_solution_holds() -> None:
    milp = knapsack()
    assert milp.holds(np.array([1.0, 1.0, 0.0]))
    assert not milp.holds(np.array([1.0, 1.0, 1.0]))
    assert not milp.holds(np.array([0.5, 0.0, 0.0]))
    assert not milp.holds(np.array([-1.0, 0.0, 0.0]))
    assert milp.objective(np.array([1.0, 1.0, 0.0])) == -160.0


def test_an_interrupt_after_the_proof_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = highs._Watch.take

    def take(watch: highs._Watch, message: dict[str, Any], x: Any) -> None:
        taken(watch, message, x)
        if message["kind"] == "end":
            raise KeyboardInterrupt

    monkeypatch.setattr(highs._Watch, "take", take)
    milp = knapsack()
    stage = highs.Stage(np.ones(milp.columns), 0.0, np.zeros(milp.columns, dtype=np.bool_))
    answer = highs.solve(milp, Limits(gap=0.0, seconds=20.0), then=[stage])
    assert (answer.status, answer.interrupted) == ("optimal", True)
    assert answer.then == ()
