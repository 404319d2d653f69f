"""The chain: what each freedom is worth, where that is known by arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

import pytest
from tests.analysis import flexible

from sourcemix.analysis.chain import chain_steps, holds_zero, settled
from sourcemix.app.plan import plan_case
from sourcemix.model.case import Case
from sourcemix.model.plan import Comparison, PlanResult, Step


@lru_cache
def result_of(made: Callable[[], Case]) -> PlanResult:
    plan = plan_case(made(), gap=0, seconds=60, compare=True)
    assert plan.verified
    return plan.result


def costs(result: PlanResult) -> dict[str, Decimal | None]:
    return {found.kind: found.cost for found in result.comparisons} | {"plan": result.cost}


def step(result: PlanResult, name: str) -> Step:
    return next(found for found in result.chain if found.name == name)


@pytest.mark.parametrize(
    ("made", "once", "fixed", "plan"),
    [
        (flexible.waiting_pays, 3000, 3000, 2300),
        (flexible.long_deal_wins, 3000, 3000, 3000),
        (flexible.leaving_pays, 3000, 2500, 2500),
        (flexible.partnership, 3000, 3000, 3000),
    ],
)
def test_the_links_cost_what_arithmetic_says(
    made: Callable[[], Case], once: int, fixed: int, plan: int
) -> None:
    result = result_of(made)
    found = costs(result)
    assert [found[kind] for kind in ("chosen_once", "fixed_plan", "plan")] == [once, fixed, plan]
    for name, value in (("form_and_term", once - fixed), ("timing", fixed - plan)):
        proven = step(result, name)
        assert [proven.value, proven.low, proven.high] == [value] * 3


def test_the_chain_begins_at_a_named_partnership() -> None:
    result = result_of(flexible.partnership)
    assert costs(result)["single_partnership"] == 4500
    assert step(result, "mix").value == 1500
    assert [found.name for found in result_of(flexible.leaving_pays).chain] == [
        "form_and_term",
        "timing",
    ]


def test_where_no_timetable_meets_the_need_there_is_no_figure() -> None:
    result = result_of(flexible.no_timetable)
    assert result.status == "optimal"
    fixed = next(found for found in result.comparisons if found.kind == "fixed_plan")
    assert (fixed.status, fixed.cost, fixed.verified) == ("infeasible", None, False)
    assert fixed.conflicts == ("all demand for `desk` must be met",)
    assert fixed.waived == ()
    timing = step(result, "timing")
    assert (timing.value, timing.low, timing.high) == (None, None, None)
    assert "no plan of that kind can hold the rules" in timing.note


def link(kind: str, cost: str | None, bound: str | None, reason: str = "time_limit") -> Comparison:
    return Comparison.model_validate(
        {
            "kind": kind,
            "name": kind,
            "status": "unknown" if cost is None else "feasible",
            "reason": reason,
            "cost": cost,
            "bound": bound,
            "gap": None,
            "verified": cost is not None,
        }
    )


def test_each_step_carries_what_is_proven() -> None:
    plan = result_of(flexible.long_deal_wins).model_copy(
        update={"cost": Decimal(90), "bound": Decimal(85)}
    )
    links = (link("chosen_once", "100", None), link("fixed_plan", "95", "88.50"))
    first, last = chain_steps(links, plan)
    assert (first.value, first.low, first.high) == (Decimal(5), None, Decimal("11.50"))
    assert (last.value, last.low, last.high) == (Decimal(5), Decimal("-1.50"), Decimal(10))
    assert holds_zero(last.low, last.high)
    assert holds_zero(first.low, first.high)
    # The rule for ties leaves a plan up to half a penny.
    assert holds_zero(Decimal("0.01"), Decimal(1))
    assert not holds_zero(Decimal("0.02"), Decimal(1))
    assert holds_zero(Decimal(-1), Decimal("-0.01"))
    assert not holds_zero(Decimal(-1), Decimal("-0.02"))
    assert [settled(Decimal(each)) for each in ("0.01", "-0.01", "0.02")] == [0, 0, Decimal("0.02")]


def test_a_link_that_was_not_found_says_why() -> None:
    plan = result_of(flexible.long_deal_wins)
    found = (link("chosen_once", None, None, "interrupted"), link("fixed_plan", "95", "90"))
    first, last = chain_steps(found, plan)
    assert first.note == "the search was interrupted before one was found (“Chosen once”)"
    assert last.value == 95 - 3000
    stopped = (link("fixed_plan", None, None, "solver_stopped"),)
    note = chain_steps(stopped, plan)[0].note
    assert note == "the solver stopped before one was found (“One timetable”)"


def test_both_links_are_named_where_both_are_missing() -> None:
    plan = result_of(flexible.long_deal_wins)
    late = link("fixed_plan", None, None)
    first, last = chain_steps((link("chosen_once", None, None), late), plan)
    ran_out = "time ran out before one was found"
    assert first.note == f"{ran_out} (“Chosen once” and “One timetable”)"
    assert last.note == f"{ran_out} (“One timetable”)"
    stopped = link("chosen_once", None, None, "solver_stopped")
    assert chain_steps((stopped, late), plan)[0].note == (
        f"the solver stopped before one was found (“Chosen once”); {ran_out} (“One timetable”)"
    )
    none = plan.model_copy(update={"cost": None, "status": "infeasible"})
    assert chain_steps((link("fixed_plan", "95", "90"),), none)[0].note.endswith(
        "proven (“This plan”)"
    )
