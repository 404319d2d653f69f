"""Planning with comparisons: what is planned in which order, in whose time, and if interrupted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.analysis.flexible import partnership, waiting_pays

from sourcemix import futures
from sourcemix.app import compare as room
from sourcemix.app.plan import plan_case
from sourcemix.engine import planning
from sourcemix.engine.answer import Limits, PlanAnswer
from sourcemix.model.case import Case
from sourcemix.model.tree import Tree

LIMITS = Limits(gap=0.0, seconds=70.0)


class Watched:
    """Stands in for the engine: notes what it is asked, and may interrupt."""

    def __init__(self, interrupt_at: int | None = None, *, abrupt: bool = False) -> None:
        self.limits: list[Limits] = []
        self.starts: list[bool] = []
        self._at, self._abrupt, self._solve = interrupt_at, abrupt, planning.solve

    def __call__(
        self, case: Case, tree: Tree, limits: Limits, *rest: Any, **more: Any
    ) -> PlanAnswer:
        self.limits.append(limits)
        self.starts.append(more.get("start") is not None)
        if len(self.limits) - 1 != self._at:
            return self._solve(case, tree, limits, *rest, **more)
        if self._abrupt:
            raise KeyboardInterrupt
        answer = self._solve(case, tree, limits, *rest, **more)
        return replace(answer, reason="interrupted", interrupted=True, bound=0.0)


def watched(monkeypatch: pytest.MonkeyPatch, *args: Any, **more: Any) -> Watched:
    engine = Watched(*args, **more)
    monkeypatch.setattr(planning, "solve", engine)
    monkeypatch.setattr("sourcemix.app.compare.time.monotonic", lambda: 0.0)
    return engine


def test_each_link_starts_from_the_one_before_and_baselines_from_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine, told = watched(monkeypatch), list[str]()
    case = partnership()
    room.plan_and_compare(case, futures.grow(case), LIMITS, on_step=told.append)
    assert told == ["One partnership", "Chosen once", "One timetable", "the plan", "Cheapest today"]
    assert engine.starts == [False, True, True, True, False]


def test_the_plan_has_two_shares_of_the_time_and_every_other_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = watched(monkeypatch)
    case = waiting_pays(baselines={"brief": {"offers": ["short"]}})
    room.plan_and_compare(case, futures.grow(case), replace(LIMITS, seconds=60.0, gap=0.1))
    # With a clock that stands still, each share is of all that there was.
    assert [limits.seconds for limits in engine.limits] == [10.0, 12.0, 30.0, 30.0, 60.0]
    assert [limits.gap for limits in engine.limits] == pytest.approx([0.01, 0.01, 0.01, 0.1, 0.1])


@pytest.mark.parametrize("abrupt", [False, True])
def test_an_interrupt_ends_the_comparing_and_keeps_the_plan(
    abrupt: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = watched(monkeypatch, 1, abrupt=abrupt)
    case = waiting_pays()
    answer, found = room.plan_and_compare(case, futures.grow(case), LIMITS)
    assert len(engine.limits) == 3, "a link, the one interrupted, and the plan"
    assert engine.limits[2].seconds == room.AFTER_INTERRUPT
    assert answer.nodes is not None
    assert [one.cost is None for one in found] == [False, abrupt, True]
    assert [one.reason for one in found] == ["proved", "interrupted", "interrupted"]


def test_an_interrupt_of_the_plan_itself_ends_what_would_follow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = watched(monkeypatch, 2)
    case = waiting_pays()
    answer, found = room.plan_and_compare(case, futures.grow(case), LIMITS)
    assert len(engine.limits) == 3
    assert answer.reason == "interrupted"
    assert [one.status for one in found] == ["optimal", "optimal", "unknown"]


def test_the_plan_costs_the_same_with_and_without_comparing() -> None:
    alone = plan_case(waiting_pays(), gap=0, seconds=60)
    beside = plan_case(waiting_pays(), gap=0, seconds=60, compare=True)
    assert alone.result.comparisons == ()
    assert alone.result.chain == ()
    plain = beside.result.model_copy(update={"comparisons": (), "chain": ()})
    assert plain == alone.result
    assert alone.run.settings["ties"] == "decided"
