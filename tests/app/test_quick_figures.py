"""The sheet of a way says exactly what the independent check says, at any value of a figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import pytest

from sourcemix.app.quick_case import draft_case, one_service
from sourcemix.app.quick_compare import Comparison, compare
from sourcemix.app.quick_figures import CHANGE_RATE, Sheet, sheets
from sourcemix.app.quick_input import QuickService
from sourcemix.evidence import prior
from sourcemix.model.case import Case
from sourcemix.verify import account

TODAY = date(2026, 11, 22)
IT = QuickService("IT", Decimal(400_000), "Northgate Ltd", False, date(2029, 3, 31), "changing")
OWN = QuickService("Payroll", Decimal(95_000), "Own team", True, None, "changing")
SOON = QuickService("Post", Decimal(20_000), "X", False, date(2027, 3, 31), "steady")
RUNS_ON = QuickService("Print", Decimal(60_000), "Inky", False, None, "changing")


def compared(known: QuickService) -> Comparison:
    draft = draft_case([known], today=TODAY, authority="Exampleshire")
    case = one_service(draft, draft.services[0].id)
    return compare(case, known, seconds=60, seed=0, gap=0)


@pytest.fixture(scope="module", params=[IT, OWN, SOON, RUNS_ON], ids=lambda known: known.what)
def comparison(request: pytest.FixtureRequest) -> Comparison:
    known: QuickService = request.param
    return compared(known)


def total(found: tuple[Sheet, ...], end: Literal["low", "high"] | None) -> Fraction:
    return sum(
        (
            sheet.exactly(
                {} if end is None else {k: getattr(f, end) for k, f in sheet.figures.items()}
            )
            for sheet in found
        ),
        Fraction(0),
    )


def all_at(case: Case, end: Literal["low", "high"]) -> Case:
    """The case with every range at one end, and every mark-up at that of its prior."""
    rate = getattr(prior(CHANGE_RATE), end) / 100

    def move(value: Any) -> Any:
        if isinstance(value, dict):
            if value.keys() == {"low", "central", "high", "prior"}:
                return value[end]
            moved = {key: move(item) for key, item in value.items()}
            if moved.get("change_rate"):
                moved["change_rate"] = rate
            return moved
        if isinstance(value, list | tuple):
            return [move(item) for item in value]
        return value

    return Case.model_validate(move(case.model_dump(by_alias=True)))


def test_the_sheets_add_up_to_the_verified_cost(comparison: Comparison) -> None:
    found = sheets(comparison)
    assert comparison.plan.verified
    assert comparison.plan.cost is not None
    assert abs(total(found, None) - Fraction(comparison.plan.cost)) <= Fraction(1, 200)


@pytest.mark.parametrize("end", ["low", "high"])
def test_moved_figures_cost_what_the_check_says(
    comparison: Comparison, end: Literal["low", "high"]
) -> None:
    result = comparison.plan.result
    cost = account(all_at(comparison.plan.case, end), result.tree, result.nodes).cost
    assert abs(total(sheets(comparison), end) - Fraction(cost)) <= Fraction(1, 200)


def test_each_way_has_a_copy_with_today_to_its_end(comparison: Comparison) -> None:
    nodes = comparison.plan.result.nodes
    for way in comparison.ways:
        first = {p.offer for p in nodes[0].positions if comparison.of_way[p.offer] == way.id}
        last = {p.offer for p in nodes[-1].positions if comparison.of_way[p.offer] == way.id}
        assert last == {way.id}
        assert len(first) == len(comparison.plan.case.agreements) // len(comparison.ways)
