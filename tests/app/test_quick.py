from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console

from sourcemix import files
from sourcemix.app.new import new_case
from sourcemix.app.plan import plan_case
from sourcemix.app.quick import quick
from sourcemix.app.quick_answer import months_before
from sourcemix.app.quick_case import one_service
from sourcemix.app.quick_compare import compare
from sourcemix.app.quick_figures import sheets
from sourcemix.app.quick_input import parse_quick
from sourcemix.app.quick_ways import LONG, SHORT
from sourcemix.model.case import Case
from sourcemix.report.first_answer import BreakEven, FirstAnswer
from sourcemix.report.quick_page import break_even_words, print_first_answer

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def first() -> tuple[Case, FirstAnswer]:
    return quick(parse_quick(new_case("quick")), today=TODAY)


def test_act_by_keeps_every_form_in_the_running_open(first: tuple[Case, FirstAnswer]) -> None:
    draft, answer = first
    it = answer.services[0]
    assert it.ends == date(2029, 3, 31)
    assert len(it.running) > 1
    leads = []
    for way in it.running:
        lead = draft.forms[draft.offer(way.offer).form].lead
        assert lead is not None
        assert way.last_safe == months_before(date(2029, 4, 1), lead)
        leads.append(lead)
    assert it.last_safe == months_before(date(2029, 4, 1), min(leads))
    assert it.act_by == months_before(date(2029, 4, 1), max(leads) + 6)


def test_nothing_forces_a_date_in_house(first: tuple[Case, FirstAnswer]) -> None:
    payroll = first[1].services[1]
    assert (payroll.act_by, payroll.last_safe) == (None, None)


def test_a_way_is_in_the_running_unless_another_is_cheaper_over_all_its_range(
    first: tuple[Case, FirstAnswer],
) -> None:
    for entry in first[1].services:
        costs = [way.cost for way in entry.ways]
        assert costs == sorted(costs)
        assert all(way.low <= way.cost <= way.high for way in entry.ways)
        for way in entry.ways:
            beaten = any(other.high < way.low for other in entry.ways)
            assert way.in_running != beaten
        assert entry.settled == (len(entry.running) == 1)
        assert entry.gap <= Decimal("0.000001")


def test_default_figures_alone_settle_nothing(first: tuple[Case, FirstAnswer]) -> None:
    assert not any(entry.settled for entry in first[1].services)
    text = printed(first[1])
    assert text.count("too close to call") == 3
    assert "Find out first what “" in text


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_per_cent_beside_the_break_even_decides_between_five_years_and_2_1_1(
    first: tuple[Case, FirstAnswer], place: int
) -> None:
    """Planned again at the break-even price both cost the same; 1% cheaper wins, dearer loses."""
    draft, answer = first
    service = draft.services[place].id
    cut = answer.services[place].break_even.central
    for change, sign in ((Decimal(0), 0), (Decimal("-0.01"), -1), (Decimal("0.01"), 1)):
        long, short = replanned(draft, place, service, 1 - cut + change)
        if sign:
            assert (long - short) * sign > 0
        else:
            assert abs(long - short) <= 1


def replanned(draft: Case, place: int, service: str, factor: Decimal) -> tuple[Decimal, Decimal]:
    """Costs of five years and 2+1+1 where the price of five years is so much of today's."""
    known = parse_quick(new_case("quick"))[place]
    alone = one_service(draft, service)
    price = (known.annual_cost * factor).quantize(Decimal("0.000001"))
    name = f"{service}.{LONG}"
    offer = alone.offer(name)
    cheaper = offer.model_copy(
        update={"services": {service: offer.services[service].model_copy(update={"price": price})}}
    )
    changed = alone.model_copy(
        update={"offers": tuple(cheaper if o.id == name else o for o in alone.offers)}
    )
    found = {s.offer.id: s for s in sheets(compare(changed, known, seconds=60, seed=0, gap=0))}
    return found[name].cost, found[f"{service}.{SHORT}"].cost


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        ("0.06", "0.11", "a five-year deal must be 6% to 11% cheaper than 2+1+1"),
        ("0.06", "0.06", "a five-year deal must be 6% cheaper than 2+1+1"),
        (
            "-0.035", "-0.005",
            "a five-year deal may be 0.5% to 3.5% dearer than 2+1+1",
        ),
        (
            "-0.02", "0.036",
            "five years from 2% dearer to 3.6% cheaper than 2+1+1",
        ),
    ],
)  # fmt: skip
def test_the_break_even_in_words(low: str, high: str, text: str) -> None:
    cut = BreakEven(Decimal(low), Decimal(low), Decimal(high))
    assert break_even_words(cut) == text


def test_the_unknowns_are_ranked_by_the_form_that_comes_first_then_by_pounds(
    first: tuple[Case, FirstAnswer],
) -> None:
    assert len(first[1].unknowns) == 3
    for found in (first[1].unknowns, *(entry.unknowns for entry in first[1].services)):
        ranks = [(not unknown.instead, -abs(unknown.change)) for unknown in found]
        assert ranks == sorted(ranks)


def test_an_unknown_at_its_end_is_what_planning_says(first: tuple[Case, FirstAnswer]) -> None:
    """Planned again with the price at that end, the way named comes first at that cost."""
    draft, answer = first
    entry = answer.services[2]
    top = next(unknown for unknown in entry.unknowns if "“In-house”" in unknown.what)
    assert (top.comes_first, top.instead) == ("In-house", entry.first.title)
    known = parse_quick(new_case("quick"))[2]
    alone = one_service(draft, "office_cleaning")
    own = alone.offer("office_cleaning.own_team")
    terms = own.services["office_cleaning"].model_copy(update={"price": top.at})
    cheap = own.model_copy(update={"services": {"office_cleaning": terms}})
    changed = alone.model_copy(
        update={"offers": tuple(cheap if o.id == own.id else o for o in alone.offers)}
    )
    found = sheets(compare(changed, known, seconds=60, seed=0, gap=0))
    least = min(found, key=lambda sheet: sheet.cost)
    assert least.offer.name == "In-house"
    assert abs(least.cost - entry.first.cost - top.change) < 1


def printed(answer: FirstAnswer) -> str:
    return " ".join(page_of(answer).split())


def page_of(answer: FirstAnswer, width: int = 80) -> str:
    sink = io.StringIO()
    print_first_answer(answer, Console(file=sink, width=width))
    return sink.getvalue()


def several(answer: FirstAnswer, number: int, **change: Any) -> FirstAnswer:
    """The answer with so many services, all of them with a long name."""
    name = "Grounds maintenance and street trees, north and west "
    source = answer.services[0]
    services = tuple(replace(source, service=f"{name}{n}", **change) for n in range(number))
    unknowns = tuple(replace(unknown, service=f"{name}0") for unknown in answer.unknowns)
    return replace(answer, services=services, unknowns=unknowns)


def test_three_and_more_that_are_late_are_said_together(first: tuple[Case, FirstAnswer]) -> None:
    past = {"act_by": date(2026, 10, 1), "last_safe": date(2026, 11, 1)}
    page = " ".join(page_of(several(first[1], 3, **past)).split())
    assert "Past: should have been decided by the date above: Grounds" in page
    assert page.count("1 month ago") == 3
    assert page.count("1 October 2026*") == page.count("1 November 2026*") == 3


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("late", [False, True])
def test_the_page_is_one_page_for_up_to_five_services(
    first: tuple[Case, FirstAnswer], number: int, late: bool
) -> None:
    past = {"act_by": date(2026, 10, 1), "last_safe": date(2026, 11, 1), "notes": ("a note",)}
    page = page_of(several(first[1], number, **(past if late else {})))
    lines = page.splitlines()
    assert len(lines) <= 66
    assert max(map(len, lines)) <= 80
    assert not any(line != line.rstrip() for line in lines)
    assert " ".join(page.split()).count("cheaper than 2+1+1") == number


def test_more_services_get_a_line_each(first: tuple[Case, FirstAnswer]) -> None:
    page = page_of(several(first[1], 30))
    assert sum("too close to call" in line for line in page.splitlines()) == 30
    assert "Forms worth pursuing" not in page
    assert "--json" in page
    assert len(page.splitlines()) < 30 + 40


def test_a_winner_is_named_where_ranges_do_not_overlap(first: tuple[Case, FirstAnswer]) -> None:
    source = first[1].services[0]
    ways = (source.ways[0], *(replace(way, in_running=False) for way in source.ways[1:]))
    answer = replace(first[1], services=(replace(source, settled=True, ways=ways),))
    page = page_of(answer)
    assert "too close to call" not in page
    assert source.first.title in page.splitlines()[5]


def test_the_page_is_one_page_without_savings(first: tuple[Case, FirstAnswer]) -> None:
    sink = io.StringIO()
    print_first_answer(first[1], Console(file=sink, width=80))
    lines = sink.getvalue().splitlines()
    assert len(lines) <= 66
    assert max(map(len, lines)) <= 80
    text = " ".join(sink.getvalue().split())
    assert "No saving is shown" in text
    assert "Act by" in text
    assert "2+1+1" in text


def test_the_same_answers_give_the_same_page() -> None:
    text = "what,annual_cost,who,ends,outlook\nPost,20000,X,30/09/2028,changing\n"
    one, other = (quick(parse_quick(text), today=TODAY) for _ in range(2))
    assert one == other
    assert files.dumps(one[0]) == files.dumps(other[0])


def test_the_draft_of_the_answer_can_be_planned(first: tuple[Case, FirstAnswer]) -> None:
    plan = plan_case(files.case_from(files.dumps(first[0])), gap=0.05, seconds=60)
    assert plan.verified


def test_a_date_that_has_passed_is_said_to_be_past() -> None:
    text = "what,annual_cost,who,ends,outlook\nPost,20000,X,31/03/2028,steady\n"
    _, answer = quick(parse_quick(text), today=TODAY)
    (entry,) = answer.services
    assert (entry.act_by, entry.last_safe) == (date(2026, 10, 1), date(2027, 10, 1))
    page = printed(answer)
    assert (
        "Post should have been decided by 1 October 2026: 1 month ago (last safe date "
        "1 October 2027)."
    ) in page
    assert "extend today's agreement" in page
    assert "bridging agreement" in page


def test_an_agreement_that_has_ended_is_past_its_last_safe_date() -> None:
    text = "what,annual_cost,who,ends,outlook\nPost,20000,X,31/03/2026,steady\n"
    draft, answer = quick(parse_quick(text), today=TODAY)
    page = printed(answer)
    assert "(last safe date 1 October 2025, also past)" in page
    assert "ended on 31 March 2026" in page
    assert plan_case(files.case_from(files.dumps(draft)), seconds=60).verified


def test_months_before_stays_within_the_month() -> None:
    assert months_before(date(2028, 3, 31), 1) == date(2028, 2, 29)
    assert months_before(date(2028, 4, 1), 12) == date(2027, 4, 1)
