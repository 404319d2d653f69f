from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console

from sourcemix.app.award import award_event
from sourcemix.app.new import new_case
from sourcemix.app.plan import plan_case
from sourcemix.files import case_from, event_from
from sourcemix.model.award import Award
from sourcemix.model.plan import Plan
from sourcemix.report.award_page import print_award
from sourcemix.report.plan_page import print_plan
from sourcemix.report.status import status_words


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_case(case_from(new_case("case")), gap=0)


@pytest.fixture(scope="module")
def award() -> Award:
    return award_event(event_from(new_case("event")))


def printed(document: Plan | Award, width: int = 80) -> str:
    sink = io.StringIO()
    console = Console(file=sink, width=width)
    if isinstance(document, Plan):
        print_plan(document, console)
    else:
        print_award(document, console)
    return sink.getvalue()


def with_result(plan: Plan, **change: Any) -> Plan:
    result = plan.result.model_copy(update=change)
    return plan.model_copy(update={"result": result})


def test_the_answer_comes_first_and_the_proof_last(plan: Plan) -> None:
    lines = printed(plan).splitlines()
    assert lines[0] == "Payroll and help desk: Exampleshire District Council"
    assert lines[1].startswith("Proven best")
    assert lines[-2].startswith("Verified: an independent check of ")
    assert plan.result.input_sha256[:12] in lines[-1]
    order = [
        "Who does what",
        "Decide now",
        "Decide later",
        "by financial year",
        "rests on defaults",
    ]
    places = [next(n for n, line in enumerate(lines) if words in line) for words in order]
    assert places == sorted(places)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_asked(plan: Plan, award: Award, width: int) -> None:
    for document in (plan, award):
        assert max(map(len, printed(document, width).splitlines())) <= width


def test_capital_is_shown_where_there_is_any(plan: Plan) -> None:
    assert "Capital" not in printed(plan)
    first, *rest = plan.result.financial_years
    capital = first.model_copy(update={"capital": Decimal(40_000)})
    classed = with_result(plan, financial_years=(capital, *rest))
    for width in (60, 80):
        lines = printed(classed, width).splitlines()
        assert any("Capital" in line and "Revenue" in line for line in lines)
        assert any("£40,000" in line and first.year in line for line in lines)
        assert max(map(len, lines)) <= width


@pytest.mark.parametrize("width", [60, 80])
def test_vat_and_cash_are_shown_where_there_is_any(plan: Plan, width: int) -> None:
    text = printed(plan)
    assert "VAT that cannot be recovered" not in text
    assert "in cash" not in text
    first, *rest = plan.result.financial_years
    total = first.one_off + first.recurring
    change = {
        "capital": Decimal(40_000),
        "vat": Decimal(1_234),
        "cash": total + Decimal(5_000),
        "cash_capital": Decimal(41_000),
        "cash_revenue": total - Decimal(36_000),
    }
    shown = printed(
        with_result(plan, financial_years=(first.model_copy(update=change), *rest)), width
    ).splitlines()
    assert max(map(len, shown)) <= width
    by_class = next(n for n, line in enumerate(shown) if line.startswith("The same by class ("))
    assert shown[by_class + 1].split() == ["Year", "Capital", "Revenue", "Irrecoverable", "VAT"]
    assert shown[by_class + 3].split()[0] == first.year
    assert {"£40,000", "£1,234"} <= set(shown[by_class + 3].split())
    in_cash = next(n for n, line in enumerate(shown) if line.startswith("The same in cash"))
    assert shown[in_cash + 1].split() == ["Year", "Total", "Capital", "Revenue"]
    cash = [f"£{amount:,.0f}" for amount in (total + 5_000, 41_000, total - 36_000)]
    assert shown[in_cash + 3].split() == [first.year, *cash]


def test_vat_in_the_figure_is_not_said_to_be_excluded(plan: Plan) -> None:
    assert "VAT excluded)." in " ".join(printed(plan).split())
    expected = {**plan.result.expected, "vat": Decimal(1_234)}
    text = " ".join(printed(with_result(plan, expected=expected)).split())
    assert "VAT excluded, save what cannot be recovered)." in text


def test_vat_alone_has_its_own_heading(plan: Plan) -> None:
    first, *rest = plan.result.financial_years
    change = {"vat": Decimal(1_234)}
    shown = printed(
        with_result(plan, financial_years=(first.model_copy(update=change), *rest))
    ).splitlines()
    place = shown.index("VAT that cannot be recovered (part of the cost above)")
    assert shown[place + 3].split() == [first.year, "£1,234"]


def test_rounding_alone_makes_no_cash_table(plan: Plan) -> None:
    first, *rest = plan.result.financial_years
    for penny, there in (("0.01", False), ("-0.01", False), ("0.02", True)):
        cash = first.one_off + first.recurring + Decimal(penny)
        year = first.model_copy(update={"cash": cash})
        text = printed(with_result(plan, financial_years=(year, *rest)))
        assert ("in cash" in text) == there


def test_the_swing_score_is_shown_where_there_is_one(plan: Plan) -> None:
    assert "swing score" not in printed(plan)
    text = " ".join(printed(with_result(plan, swing_score=Decimal("0.6213"))).split())
    assert "Outcomes: 62.1% of the weighted swings from baseline to target" in text


def test_every_sentence_of_the_plan_is_shown(plan: Plan) -> None:
    text = " ".join(printed(plan).split())
    for sentence in (*plan.result.first, *plan.result.later):
        assert sentence in text


def test_who_does_what_covers_each_service(plan: Plan) -> None:
    text = printed(plan)
    for name in ("Payroll", "Help desk", "Own team", "Brightdesk Ltd", "today", "runs on"):
        assert name in text


def test_no_saving_is_shown_beyond_half_defaults(plan: Plan) -> None:
    sentence = "No saving is shown"
    assert sentence not in printed(with_result(plan, indicative_share=Decimal("0.5")))
    assert sentence in printed(with_result(plan, indicative_share=Decimal("0.5001")))


def test_forms_of_the_same_name_are_listed_once(plan: Plan) -> None:
    used = {plan.case.offer(p.offer).form for node in plan.result.nodes for p in node.positions}
    assert len(used) > 1
    forms = {
        name: form.model_copy(update={"title": "Contract"})
        for name, form in plan.case.forms.items()
    }
    same = plan.model_copy(update={"case": plan.case.model_copy(update={"forms": forms})})
    text = " ".join(printed(same).split())
    assert "Forms with default costs or lead times: contract." in text


def test_without_a_plan_the_conflicts_are_shown(plan: Plan) -> None:
    text = printed(
        with_result(
            plan,
            status="infeasible",
            cost=None,
            bound=None,
            gap=None,
            verified=False,
            verification=None,
            conflicts=("rule max_suppliers_1 cannot hold",),
        )
    )
    assert "Not possible" in text
    assert "rule max_suppliers_1 cannot hold" in text
    assert "Verified" not in text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"status": "optimal"}, "Proven best: nothing cheaper can meet the needs and rules."),
        (
            {"status": "within_gap", "cost": Decimal(101), "bound": Decimal(100)},
            "Within 1% of the best possible, proven.",
        ),
        (
            {
                "status": "feasible",
                "reason": "time_limit",
                "cost": Decimal("104.12"),
                "bound": Decimal(100),
            },
            "Best found so far; not proven (time ran out): could be up to 4.2% dearer than the "
            "best.",
        ),
        (
            {"status": "feasible", "reason": "interrupted", "cost": Decimal(5), "bound": None},
            "Best found so far; not proven (interrupted): how much dearer it is than the best is "
            "not known.",
        ),
        (
            {"status": "unknown", "reason": "time_limit", "cost": None, "bound": None},
            "No result: time ran out before one was found. That does not mean that there is none.",
        ),
    ],
)
def test_status_promises_no_more_than_is_proven(
    plan: Plan, change: dict[str, Any], text: str
) -> None:
    assert status_words(with_result(plan, **change).result) == text


def test_an_award_shows_suppliers_costs_and_rules(award: Award) -> None:
    text = printed(award)
    for words in (
        "Cost: £130,360, for 3 of 3 lots from 2 suppliers.",
        "Vale Coaches",
        "L1, L2",
        "-£2,640",
        "max winners (limit 3): holds",
    ):
        assert words in text


def test_an_analysis_is_stamped(award: Award) -> None:
    result = award.result.model_copy(update={"ground": "analysis, not a ground for award"})
    text = printed(award.model_copy(update={"result": result}))
    assert "analysis, not a ground for award" in text


def test_one_future_has_no_range() -> None:
    case = case_from(new_case("case")).model_copy(update={"drivers": ()})
    assert "eight futures" not in printed(plan_case(case, gap=0)).lower()


def test_an_award_that_nobody_wins_says_so(award: Award) -> None:
    result = award.result.model_copy(update={"suppliers": (), "winners": ()})
    text = printed(award.model_copy(update={"result": result}))
    assert "Nobody: it costs less to leave every lot without a winner." in text
