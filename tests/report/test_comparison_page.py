"""What a plan is compared with, in words that promise no more than is proven."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from tests.analysis.flexible import long_deal_wins

from sourcemix.app.plan import plan_case
from sourcemix.model.plan import Comparison, Plan, Step
from sourcemix.report.comparison_page import called, print_comparisons, step_words
from sourcemix.report.terminal import Page


def step(value: str | None, low: str | None, high: str | None, note: str = "") -> Step:
    return Step.model_validate(
        {
            "name": "timing",
            "dearer": "fixed_plan",
            "cheaper": "plan",
            "value": value,
            "low": low,
            "high": high,
            "note": note,
        }
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (step("700", "700", "700"), "is worth £700, proven."),
        (step("700", "600", "800"), "is worth £700 (between £600 and £800, proven)."),
        (step("0", "0", "0"), "is worth nothing, proven."),
        # A penny either way is what the rule for ties leaves a plan.
        (step("0.01", "0.01", "0.01"), "is worth nothing, proven."),
        (step("0", "-0.01", "0"), "is worth nothing, proven."),
        (step("0.02", "0.02", "0.02"), "is worth £0.02, proven."),
        (
            step("0.40", "0.01", "0.90"),
            "in the plans found (between £0 and £0.90, proven), and that holds zero.",
        ),
        (step("0.01", "-5", "900"), "may be worth nothing: £900 at most is not ruled out."),
        (step("0", "-5", "900"), "may be worth nothing: £900 at most is not ruled out."),
        (
            step("50", "-5", "900"),
            "may be worth nothing: £50 in the plans found (between -£5 and £900, proven), "
            "and that holds zero.",
        ),
        (
            step("50", None, "900"),
            "may be worth nothing: £50 in the plans found (how far it is from the truth is not "
            "known), and that holds zero.",
        ),
        (step(None, None, None, "time ran out"), "has no figure: time ran out."),
    ],
)
def test_a_step_in_words(given: Step, words: str) -> None:
    assert step_words(given).endswith(words)
    assert step_words(given).startswith("Choosing when")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_case(long_deal_wins(), gap=0, seconds=60, compare=True)


def page_of(plan: Plan, **changes: Any) -> str:
    out = StringIO()
    console = Console(file=out, width=80, highlight=False)
    print_comparisons(Page(console), plan.result.model_copy(update=changes))
    return " ".join(out.getvalue().split())


def test_flexibility_worth_nothing_is_said_as_plainly(plan: Plan) -> None:
    text = page_of(plan)
    assert "Flexibility is worth nothing here: a mix chosen once and kept costs no more" in text
    assert "One timetable £3,000" in text
    assert "Weighed" not in text


def test_a_penny_is_not_proven_to_be_saved(plan: Plan) -> None:
    penny = step("0.01", "0.01", "0.01")
    text = page_of(plan, chain=(plan.result.chain[0], penny))
    assert "Flexibility is worth nothing here" in text
    assert "proven to save" not in text
    more = step("0.30", "0.30", "0.30")
    text = page_of(plan, chain=(plan.result.chain[0], more))
    assert "is proven to save money" in text
    assert "is worth £0.30, proven." in text


def test_nothing_is_said_to_be_proven_that_is_not(plan: Plan) -> None:
    open_steps = tuple(
        one.model_copy(update={"high": Decimal(90), "low": Decimal(-10)})
        for one in plan.result.chain
    )
    text = page_of(plan, chain=open_steps)
    assert "Nothing is proven to be gained by shorter terms or later decisions" in text
    gained = (open_steps[0], step("700", "600", "800"))
    assert "Deciding later, once more is known, is proven to save money" in page_of(
        plan, chain=gained
    )
    by_timetable = (step("9", "8", "9").model_copy(update={"name": "form_and_term"}), open_steps[1])
    assert "proven to save money here, by a timetable" in page_of(plan, chain=by_timetable)
    missing = (open_steps[0], step(None, None, None, "time ran out"))
    text = page_of(plan, chain=missing)
    assert "has no figure: time ran out." in text
    assert "proven to" not in text


def test_what_the_table_cannot_say_stands_below_it(plan: Plan) -> None:
    first = plan.result.comparisons[0]
    waived = first.model_copy(update={"kind": "as_is", "name": "as_is", "waived": ("sme", "cap")})
    gone = Comparison(
        kind="named",
        name="two_lots",
        status="infeasible",
        reason="proved",
        cost=None,
        bound=None,
        gap=None,
        verified=False,
        conflicts=("all demand for `desk` must be met",),
    )
    text = page_of(plan, comparisons=(waived, gone))
    assert "As it is* £3,000" in text
    assert "- As it is (*): no such plan holds every rule; it breaks `sme` and `cap`." in text
    assert "two lots not possible" in text
    assert "What it cannot hold: all demand for `desk` must be met." in text
    several = gone.model_copy(update={"conflicts": ("the rule `cap`", "the rule `sme`")})
    assert (
        "What cannot hold together, for a plan of this kind: the rule `cap` and the rule `sme`."
    ) in page_of(plan, comparisons=(several,))


def test_demand_that_a_plan_leaves_is_said(plan: Plan) -> None:
    first = plan.result.comparisons[0]
    short = first.model_copy(update={"expected": {**first.expected, "unmet": Decimal(1234)}})
    text = page_of(plan, comparisons=(short,))
    assert f"{called(first.kind, first.name)}: not all demand is met: penalties of £1,230" in text
    assert "not all demand is met" not in page_of(plan)


def test_agreements_of_today_are_spoken_of_where_there_are_any(plan: Plan) -> None:
    first = plan.result.comparisons[0]
    own = first.model_copy(update={"kind": "in_house", "name": "in_house"})
    today = first.model_copy(update={"kind": "as_is", "name": "as_is"})
    assert "- In-house: in-house offers alone." in page_of(plan, comparisons=(own,))
    text = page_of(plan, comparisons=(today, own))
    assert "- In-house: in-house offers alone, once today's agreements have ended." in text


def test_penalties_and_outcomes_make_a_column_of_their_own(plan: Plan) -> None:
    dear = plan.result.comparisons[0].model_copy(update={"cost": Decimal(4000)})
    text = page_of(plan, comparisons=(dear,))
    assert "Weighed" in text
    assert "“Eight futures of ten” is of the weighed cost" in text
    assert "is of the weighed cost" not in page_of(plan)


def test_a_range_of_one_figure_is_one_figure(plan: Plan) -> None:
    first = plan.result.comparisons[0]
    wide = first.model_copy(update={"low": Decimal(2900), "high": Decimal(3100)})
    assert "£2,900 to £3,100" in page_of(plan, comparisons=(wide,))
    same = first.model_copy(update={"low": Decimal("2900.10"), "high": Decimal("2900.40")})
    text = page_of(plan, comparisons=(same,))
    assert "£2,900" in text
    assert "£2,900 to" not in text


def test_without_comparisons_there_is_nothing(plan: Plan) -> None:
    assert page_of(plan, comparisons=(), chain=()) == ""


def test_names() -> None:
    assert called("as_is", "as_is") == "As it is"
    assert called("named", "two_lots") == "two lots"
