"""The offers with the lowest charge today, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from tests.verify.cases import case, offer, two_services

from sourcemix.futures import grow
from sourcemix.model.case import Case
from sourcemix.verify.cheapest import cheapest
from sourcemix.verify.world import World


def best(given: Case) -> dict[str, list[str]]:
    found = cheapest(World(given, grow(given)))
    return {service: sorted(offers) for service, offers in found.items()}


def priced(name: str, price: Any, **more: Any) -> dict[str, Any]:
    terms = more.pop("terms", {})
    return offer(name, services={"desk": {"price": price, **terms}}, **more)


def test_the_fixed_charge_counts_by_the_unit() -> None:
    # 1,000 tickets: 9 + 500 / 1,000 is 9.50, against 9.49.
    assert best(case(priced("a", 9, fixed=500), priced("b", "9.49"))) == {"desk": ["b"]}
    # In half a year there are 500 tickets and half of the charge: the same.
    halves = case(priced("a", 9, fixed=500), priced("b", "9.49"), period="half_year", periods=4)
    assert best(halves) == {"desk": ["b"]}


def test_capacity_spreads_the_fixed_charge_over_fewer_units() -> None:
    # 9 + 500 / 250 is 11 a ticket.
    small = priced("a", 9, fixed=500, terms={"capacity": 250})
    assert best(case(small, priced("b", "10.99"))) == {"desk": ["b"]}
    assert best(case(small, priced("b", "11.01"))) == {"desk": ["a"]}


def test_a_commitment_is_paid_for() -> None:
    # 800 paid at 8 for 500 served: 12.80 a ticket.
    bound = priced("a", 8, terms={"capacity": 500, "commit": "0.8"})
    assert best(case(bound, priced("b", "12.79"))) == {"desk": ["b"]}
    assert best(case(bound, priced("b", "12.81"))) == {"desk": ["a"]}
    # An informal agreement commits to nothing.
    loose = {**bound, "form": "informal"}
    assert best(case(loose, priced("b", "8.01"))) == {"desk": ["a"]}


def test_tiers_count() -> None:
    tiers = {"tiers": [{"from": 400, "price": 5}]}
    # 400 at 10 and 600 at 5: 7 a ticket; all units at 5.
    assert best(case(priced("a", 10, terms=tiers), priced("b", "6.99"))) == {"desk": ["b"]}
    whole = priced("a", 10, terms={**tiers, "tier_kind": "all_units"})
    assert best(case(whole, priced("b", "5.01"))) == {"desk": ["a"]}


def test_the_first_agreement_year_and_the_first_period_decide() -> None:
    services = [{"id": "desk", "unit": "t", "demand": [1000, 10, 10], "unmet": 50}]
    rising = priced("a", [9, 90], fixed=[500, 9000])
    assert best(case(rising, priced("b", "9.51"), services=services)) == {"desk": ["a"]}


def test_neither_index_nor_drivers_nor_set_up_count() -> None:
    given = case(
        priced("a", 9, setup={"people": 9000}, index="pay"),
        priced("b", "9.01"),
        indices={"pay": "0.5"},
        drivers=[
            {"kind": "price", "id": "rise", "offers": ["a"], "drift": "0.5"},
            {"kind": "demand", "id": "fall", "services": ["desk"], "drift": "-0.5"},
        ],
    )
    assert best(given) == {"desk": ["a"]}


def test_the_fixed_charge_goes_in_equal_parts_to_each_service() -> None:
    both = offer("a", services={"desk": {"price": 9}, "net": {"price": 40}}, fixed=1000)
    desk = offer("b", services={"desk": {"price": "9.49"}})
    net = offer("c", services={"net": {"price": "90.01"}})
    # 500 for each: 9.50 a ticket; 40 + 50 a site.
    assert best(two_services(both, desk, net)) == {"desk": ["b"], "net": ["a"]}


@pytest.mark.parametrize(
    "more",
    [
        {"lead": 36},
        {"available": {"until": "2027-03-31"}},
        {"available": {"from": "2029-04-02"}},
        {"available": {"from": "2027-04-02", "until": "2028-03-31"}},
        {"lead": 12, "available": {"until": "2027-04-01"}},
        {"framework": "old"},
    ],
)
def test_only_what_may_start_within_the_horizon(more: dict[str, Any]) -> None:
    given = case(
        priced("a", 1, **more),
        priced("b", 9),
        frameworks=[{"id": "old", "expires": "2027-03-31"}],
    )
    assert best(given) == {"desk": ["b"]}


@pytest.mark.parametrize(
    "more",
    [
        {"lead": 24},
        {"available": {"from": "2029-04-01"}},
        {"available": {"until": "2027-04-01"}},
        {"framework": "now", "lead": 24},
    ],
)
def test_a_late_start_is_a_start(more: dict[str, Any]) -> None:
    given = case(
        priced("a", 1, **more),
        priced("b", 9),
        frameworks=[{"id": "now", "expires": "2027-04-01"}],
    )
    assert best(given) == {"desk": ["a"]}


def test_of_equal_charges_the_longest_term() -> None:
    long = priced("b", 9, term={"initial": 24, "extensions": [12]})
    assert best(case(priced("a", 9), long)) == {"desk": ["b"]}
    assert best(case(priced("a", 9), priced("b", 9))) == {"desk": ["a", "b"]}


def test_what_serves_nothing_comes_last() -> None:
    nothing = priced("a", 1, terms={"capacity": 0})
    assert best(case(nothing, priced("b", 900))) == {"desk": ["b"]}
    assert best(case(nothing)) == {"desk": ["a"]}
    later = [{"id": "desk", "unit": "t", "demand": [0, 10, 10], "unmet": 50}]
    assert best(case(priced("a", 9), priced("b", 8), services=later)) == {"desk": ["a", "b"]}
