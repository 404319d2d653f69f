from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from rich.console import Console

from sourcemix import files
from sourcemix.app.new import new_case
from sourcemix.app.plan import plan_case
from sourcemix.app.quick import quick
from sourcemix.app.quick_answer import months_before
from sourcemix.app.quick_case import LONG, one_service, part
from sourcemix.app.quick_input import parse_quick
from sourcemix.model.case import Case
from sourcemix.model.rules import MustUse
from sourcemix.report.first_answer import FirstAnswer
from sourcemix.report.quick_page import print_first_answer

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def first() -> tuple[Case, FirstAnswer]:
    return quick(parse_quick(new_case("quick")), today=TODAY)


def test_act_by_is_the_end_less_lead_and_notice(first: tuple[Case, FirstAnswer]) -> None:
    draft, answer = first
    it = answer.services[0]
    assert it.ends == date(2029, 3, 31)
    offer = draft.offer(it.best.offer)
    lead = draft.forms[offer.form].lead
    assert lead is not None
    assert it.last_safe == months_before(date(2029, 4, 1), lead)
    assert it.act_by == months_before(it.last_safe, offer.term.notice)
    assert not it.late


def test_nothing_forces_a_date_in_house(first: tuple[Case, FirstAnswer]) -> None:
    payroll = first[1].services[1]
    assert (payroll.act_by, payroll.last_safe, payroll.late) == (None, None, False)


def test_the_best_way_is_the_cheapest_and_no_cheaper_than_the_bound(
    first: tuple[Case, FirstAnswer],
) -> None:
    for entry in first[1].services:
        costs = [way.cost for way in entry.ways]
        assert costs == sorted(costs)
        assert entry.best == entry.ways[0]
        assert entry.bound is not None
        assert entry.bound <= entry.best.cost
        assert all(way.low <= way.cost <= way.high for way in entry.ways)
        assert all(way.worth_pursuing == (way.low <= entry.best.cost) for way in entry.ways)


def test_the_break_even_price_makes_both_cost_the_same(first: tuple[Case, FirstAnswer]) -> None:
    """Planned again with the price cut by the break-even, five years cost as much as 2+1+1."""
    draft, answer = first
    entry = answer.services[2]
    case = one_service(draft, "office_cleaning")
    price = Decimal(180_000) * (1 - entry.break_even.central)
    live = {agreement.offer for agreement in case.agreements}
    name = f"office_cleaning.{LONG}"
    offers = tuple(
        offer
        if offer.id != name
        else offer.model_copy(
            update={
                "services": {
                    s: terms.model_copy(update={"price": price})
                    for s, terms in offer.services.items()
                }
            }
        )
        for offer in case.offers
        if offer.id == name or offer.id in live
    )
    rule = MustUse(kind="must_use", offer=name, from_=date(2028, 10, 1))
    cut = plan_case(part(case, offers).model_copy(update={"rules": (rule,)}), gap=0)
    short = next(way for way in entry.ways if way.offer.endswith("contract_2_1_1"))
    assert cut.cost is not None
    # The share is rounded to a tenth of a per cent.
    assert abs(cut.cost - short.cost) < Decimal("0.001") * short.cost


def test_the_unknowns_that_change_the_form_come_first(first: tuple[Case, FirstAnswer]) -> None:
    unknowns = first[1].unknowns
    assert len(unknowns) == 3
    switches = [bool(unknown.best_instead) for unknown in unknowns]
    assert switches == sorted(switches, reverse=True)


def test_an_unknown_at_its_end_is_what_planning_says(first: tuple[Case, FirstAnswer]) -> None:
    entry = first[1].services[2]
    top = entry.unknowns[0]
    assert top.best_instead
    way = next(way for way in entry.ways if way.title == top.best_instead)
    # The price of that way alone moves, so its new cost lies between its low cost and its cost.
    assert way.low <= entry.best.cost + top.change <= way.cost


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


def test_a_date_that_has_passed_is_said() -> None:
    text = "what,annual_cost,who,ends,outlook\nPost,20000,X,31/03/2027,steady\n"
    _, answer = quick(parse_quick(text), today=TODAY)
    (entry,) = answer.services
    assert entry.last_safe is not None
    assert entry.late == (entry.last_safe < TODAY)
    ended = "what,annual_cost,who,ends,outlook\nPost,20000,X,31/03/2026,steady\n"
    _, answer = quick(parse_quick(ended), today=TODAY)
    assert answer.services[0].late
    assert "ended on 31 March 2026" in answer.services[0].notes[0]


def test_months_before_stays_within_the_month() -> None:
    assert months_before(date(2028, 3, 31), 1) == date(2028, 2, 29)
    assert months_before(date(2028, 4, 1), 12) == date(2027, 4, 1)
