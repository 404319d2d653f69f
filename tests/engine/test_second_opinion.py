"""The second opinion on "infeasible"."""

from __future__ import annotations

import pytest

from sourcemix.engine import highs, scip
from sourcemix.engine.answer import Limits
from sourcemix.engine.milp import INFINITY, Builder, Milp
from sourcemix.engine.second_opinion import ask

SHORT = Limits(gap=0.0, seconds=20.0)


def model(least: float) -> Milp:
    """Two whole columns of at most 1 that must reach `least` together."""
    builder = Builder()
    columns = [builder.column(3.0, 0.0, 1.0, integer=True) for _ in range(2)]
    builder.row(least, INFINITY, columns, [1.0, 1.0])
    builder.offset = 5.0
    return builder.build()


@pytest.mark.parametrize("with_scip", [True, False])
def test_verdict(with_scip: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert scip.installed()
    if not with_scip:
        monkeypatch.setattr(scip, "installed", lambda: False)
    assert ask(model(3.0), SHORT).status == "infeasible"
    other = ask(model(2.0), SHORT)
    assert (other.status, other.objective) == ("optimal", 11.0)


def test_scip_solves_the_same_model() -> None:
    answer = scip.solve(model(2.0), SHORT)
    assert answer is not None
    assert (answer.status, answer.cost, answer.bound) == ("optimal", 11.0, 11.0)


def test_a_row_without_columns_that_cannot_hold() -> None:
    builder = Builder()
    builder.column(1.0, 0.0, 1.0)
    builder.row(1.0, INFINITY, [], [])
    assert ask(builder.build(), SHORT).status == "infeasible"


def test_solvers_that_contradict_each_other_prove_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = scip.ScipAnswer("optimal", 1.0, 1.0, 0.1)
    monkeypatch.setattr(scip, "solve", lambda *_: found)
    assert ask(model(3.0), SHORT).status == "unknown"


def test_a_process_that_fails_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sourcemix.engine.scip.sys.executable", "/bin/false")
    assert scip.solve(model(3.0), SHORT) is None


def test_what_is_left_of_the_time_goes_to_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    given: list[float] = []

    def slow(*_: object) -> None:
        clock[0] += 15.0

    def noted(milp: Milp, limits: Limits, **_: object) -> highs.MilpAnswer:
        given.append(limits.seconds)
        return highs.MilpAnswer("infeasible", "proved", None, None, None)

    monkeypatch.setattr("sourcemix.engine.second_opinion.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("sourcemix.engine.answer.monotonic", lambda: clock[0])
    monkeypatch.setattr(scip, "solve", slow)
    monkeypatch.setattr(highs, "solve", noted)
    assert ask(model(3.0), SHORT).status == "infeasible"
    assert given == [5.0]
