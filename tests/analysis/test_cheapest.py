"""The lowest charge today, by arithmetic. Demand is 100 units a year."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from tests.engine.small import case, offer

from sourcemix.analysis.cheapest import charge_today, lowest_today

TIERS = [{"from": 40, "price": 5}, {"from": 80, "price": 2}]


@pytest.mark.parametrize(
    ("more", "charge"),
    [
        ({}, Fraction(10)),
        ({"fixed": [500, 9000]}, Fraction(15)),
        ({"desk": {"price": ["8", "99"]}}, Fraction(8)),
        # Half of 100 units on a fixed charge of 500.
        ({"fixed": 500, "desk": {"capacity": 50}}, Fraction(20)),
        # 40 units paid for, 30 used.
        ({"desk": {"commit": "0.4", "capacity": 30}}, Fraction(400, 30)),
        ({"desk": {"commit": "0.4", "capacity": 30}, "form": "informal_sla"}, Fraction(10)),
        # 40 × 10 + 40 × 5 + 20 × 2.
        ({"desk": {"tiers": TIERS}}, Fraction(640, 100)),
        ({"desk": {"tiers": TIERS, "tier_kind": "all_units"}}, Fraction(2)),
        ({"setup": {"legal": 900}, "index": "cpi"}, Fraction(10)),
    ],
)
def test_charge_of_the_first_period(more: dict[str, Any], charge: Fraction) -> None:
    given = case([offer("a", "vale", "10", **more)], indices={"cpi": "0.5"})
    assert charge_today(given, given.offers[0], "desk") == charge


def test_charges_are_of_a_period() -> None:
    horizon = {"start": "2027-04-01", "periods": 4, "period": "half_year"}
    tiered = offer("a", "vale", "10", fixed=500, desk={"tiers": TIERS})
    given = case([tiered], horizon=horizon)
    # 250 and 20 × 10 + 20 × 5 + 10 × 2 for 50 units.
    assert charge_today(given, given.offers[0], "desk") == Fraction(570, 50)


def test_what_is_fixed_is_shared_by_the_services() -> None:
    services = [
        {"id": "desk", "unit": "ticket", "demand": 100},
        {"id": "web", "unit": "day", "demand": 10},
    ]
    both = offer("both", "vale", "0", fixed=1000)
    both["services"] |= {"web": {"price": 3}}
    given = case([both, offer("desk_only", "moor", "5.50")], services=services)
    assert charge_today(given, given.offers[0], "web") == Fraction(53)
    assert lowest_today(given) == {"desk": "both", "web": "both"}


def test_an_offer_without_capacity_serves_nobody() -> None:
    given = case([offer("a", "vale", "1", desk={"capacity": 0}), offer("b", "moor", "9")])
    assert lowest_today(given) == {"desk": "b"}


def test_an_offer_without_capacity_is_dearest_not_absent() -> None:
    alone = case([offer("a", "vale", "1", desk={"capacity": [0, 100]})])
    assert lowest_today(alone) == {"desk": "a"}


def test_without_demand_today_the_longest_term_wins() -> None:
    services = [{"id": "desk", "unit": "ticket", "demand": [0, 100]}]
    dear = offer("dear", "vale", "9", fixed=500, term={"initial": 60})
    cheap = offer("cheap", "moor", "1", term={"initial": 12})
    horizon = {"start": "2027-04-01", "periods": 2}
    given = case([dear, cheap], services=services, horizon=horizon)
    assert lowest_today(given) == {"desk": "dear"}


def test_an_offer_that_cannot_start_is_left_out() -> None:
    gone = offer("gone", "vale", "1", available={"until": "2027-03-31"})
    slow = offer("slow", "vale", "2", lead=36)
    given = case([gone, slow, offer("b", "moor", "9")])
    assert lowest_today(given) == {"desk": "b"}


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_of_equal_ones_the_longest_term_then_the_content(names: tuple[str, str]) -> None:
    long = offer(names[0], "vale", "10", term={"initial": 60, "extensions": [24]})
    short = offer(names[1], "vale", "10", term={"initial": 72})
    assert lowest_today(case([short, long])) == {"desk": names[0]}
    here = offer(names[0], "vale", "10")
    there = offer(names[1], "moor", "10")
    found = lowest_today(case([here, there]))["desk"]
    assert {here["id"]: "vale", there["id"]: "moor"}[found] == _decided()


def _decided() -> str:
    """The supplier that content decides for, by one of the two ways of naming."""
    found = lowest_today(case([offer("x", "vale", "10"), offer("y", "moor", "10")]))["desk"]
    return {"x": "vale", "y": "moor"}[found]
