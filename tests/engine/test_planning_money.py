"""The exact route on terms of money: tiers, frameworks, classes of cost, optimism bias."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sourcemix.engine.answer import PlanAnswer
from tests.engine.small import case, offer
from tests.engine.test_planning import offers_live, planned


def served(answer: PlanAnswer, node: int = 0) -> dict[str, Decimal]:
    assert answer.nodes is not None
    return {p.offer: p.volumes["desk"] for p in answer.nodes[node].positions if p.volumes}


def tiered(kind: str, *tiers: tuple[str, str], **more: Any) -> dict[str, Any]:
    listed = [{"from": start, "price": price} for start, price in tiers]
    desk = {"tiers": listed, "tier_kind": kind}
    return offer("big", "vale", "10", desk=desk, **more)


SMALL = offer("small", "moor", "7", desk={"capacity": 30})


def test_a_price_for_all_units_is_just_reached() -> None:
    """From 80 units on, all cost £8. The small offer at £7 can take 30, and takes 20.

    All with the big one: 800. 30 with the small one: 210 + 700. 20 with it: 140 + 640.
    """
    answer = planned(case([tiered("all_units", ("80", "8")), SMALL], periods=1))
    assert answer.claimed == pytest.approx(140 + 640)
    assert served(answer) == {"big": 80, "small": 20}


def test_rounding_does_not_fall_below_a_threshold() -> None:
    services = [{"id": "desk", "unit": "ticket", "demand": "99.999", "unmet": "never"}]
    big = tiered("all_units", ("66.667", "8"))
    dear = offer("small", "moor", "7", desk={"capacity": 50})
    answer = planned(case([big, dear], periods=1, services=services))
    assert served(answer) == {"big": Decimal("66.667"), "small": Decimal("33.332")}


def test_a_tier_is_not_reached_by_units_that_nobody_needs() -> None:
    """The committed units of the small offer are free; the big one cannot serve 80 beside them."""
    small = offer("small", "moor", "7", desk={"commit": "0.5"}, term={"initial": 12, "notice": 12})
    today = [{"offer": "small", "started": "2027-04-01"}]
    big = tiered("all_units", ("80", "1"))
    answer = planned(case([big, small], periods=1, agreements=today))
    # 50 are paid for; then 80 at £1 are less than 50 at £7, or at £10.
    assert answer.claimed == pytest.approx(350 + 80)
    assert served(answer) == {"big": 80, "small": 20}


def test_units_beyond_a_threshold_are_cheaper() -> None:
    """50 at £10, then £6. All with the big one: 500 + 300; 30 with the small one: 210 + 620."""
    answer = planned(case([tiered("incremental", ("50", "6")), SMALL], periods=1))
    assert answer.claimed == pytest.approx(800)
    assert served(answer) == {"big": 100}


def test_units_beyond_a_threshold_are_dearer() -> None:
    """60 at £5, then £9: the small one takes 30 at £7, and 10 are left at £9."""
    big = offer("big", "vale", "5", desk={"tiers": [{"from": 60, "price": 9}]})
    answer = planned(case([big, SMALL], periods=1))
    assert answer.claimed == pytest.approx(300 + 210 + 90)
    assert served(answer) == {"big": 70, "small": 30}


YEAR = {"term": {"initial": 12}}
CALL = offer("call", "vale", "8", framework="fw", **YEAR)
OUTSIDE = offer("outside", "moor", "10", **YEAR)


@pytest.mark.parametrize(
    ("expires", "years"), [("2027-03-31", 0), ("2027-04-01", 1), ("2028-04-30", 2)]
)
def test_a_framework_is_called_off_until_it_expires(expires: str, years: int) -> None:
    answer = planned(case([CALL, OUTSIDE], frameworks=[{"id": "fw", "expires": expires}]))
    assert answer.claimed == pytest.approx(years * 800 + (3 - years) * 1000)
    assert offers_live(answer) == [["call"]] * years + [["outside"]] * (3 - years)


@pytest.mark.parametrize(("procurement", "cost"), [(500, 2900), (700, 3000)])
def test_a_framework_is_paid_for_once(procurement: int, cost: int) -> None:
    """Three agreements of a year each, at £800 and one procurement, or at £1,000."""
    frameworks = [{"id": "fw", "procurement": procurement}]
    other = {**CALL, "id": "other", "supplier": "hub"}
    answer = planned(case([CALL, other, OUTSIDE], frameworks=frameworks))
    assert answer.claimed == pytest.approx(cost)


def test_todays_agreements_have_paid_for_their_framework() -> None:
    frameworks = [{"id": "fw", "procurement": 700}]
    today = [{"offer": "call", "started": "2027-04-01"}]
    answer = planned(case([CALL, OUTSIDE], frameworks=frameworks, agreements=today))
    assert answer.claimed == pytest.approx(800 + 2 * 1000)


def test_a_ceiling_is_used_up_and_not_passed() -> None:
    """250 of 300 units for £2,000; the others outside, at £10."""
    answer = planned(case([CALL, OUTSIDE], frameworks=[{"id": "fw", "ceiling": 2000}]))
    assert answer.claimed == pytest.approx(2000 + 500)


def test_a_ceiling_that_cannot_be_held_is_named() -> None:
    bound = {"term": {"initial": 36, "notice": 36}, "fixed": 1000, "framework": "fw"}
    answer = planned(
        case(
            [offer("call", "vale", "8", **bound)],
            frameworks=[{"id": "fw", "ceiling": 2500}],
            agreements=[{"offer": "call", "started": "2027-04-01"}],
        )
    )
    assert answer.status == "infeasible"
    assert answer.conflicts == ("the ceiling of the framework `fw`",)


def test_optimism_bias_by_class_can_turn_the_choice() -> None:
    """£400 to set up and £8, or £10: 2,800 to 3,000. Half as much again on set-up: a tie broken."""
    build = offer("build", "vale", "8", setup={"works": 400})
    buy = offer("buy", "moor", "10")
    assert planned(case([build, buy])).claimed == pytest.approx(2800)
    biased = planned(case([build, buy], appraisal={"optimism_bias": {"setup": "0.6"}}))
    assert biased.claimed == pytest.approx(3000)
    assert offers_live(biased) == [["buy"]] * 3
    # Works that are capital have another rate: 2,400 + 480, and a tenth on what recurs.
    capital = {**build, "classes": {"works": "capital"}}
    bias = {"setup": "0.6", "capital": "0.2", "operating": "0.1"}
    found = planned(case([capital, buy], appraisal={"optimism_bias": bias}))
    assert found.claimed == pytest.approx(2640 + 480)
