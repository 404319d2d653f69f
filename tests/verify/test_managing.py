"""Management of agreements that reorganisation has split or merged, worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.verify.cases import accounts_of, by_node, case, offer

FORMS: dict[str, dict[str, Any]] = {
    "contract": {"lead": 0, "manage": 60, "binding": True},
    "alliance": {"lead": 0, "manage": 90, "binding": True},
    "informal": {"lead": 0, "manage": 30, "binding": False, "withdrawal": "0.2"},
}
LONG = {"initial": 12, "extensions": [12, 12]}


def vesting(way: str, **more: Any) -> dict[str, Any]:
    """Certain from April 2028, the second period."""
    return {
        "kind": "reorganisation",
        "at": "2028-04-01",
        "p": 1,
        "on_vesting": way,
        "successors": ["North", "South", "Coast"],
        **more,
    }


def test_each_successor_manages_a_split_agreement() -> None:
    given = case(offer(term=LONG), forms=FORMS, drivers=[vesting("split")])
    accounts = accounts_of(given, {0: [("procure", "a", 0)]})
    # 60 before vesting; after it North, South and Coast pay 60 each. All else stays as it was.
    assert by_node(accounts, "manage") == [60, 180, 180]
    assert by_node(accounts, "volume") == [10_000, 10_000, 10_000]
    assert accounts.discrepancies == ()


def test_half_a_year_costs_half() -> None:
    given = case(
        offer(term=LONG), forms=FORMS, drivers=[vesting("split")], period="half_year", periods=4
    )
    assert by_node(accounts_of(given, {0: [("procure", "a", 0)]}), "manage") == [30, 30, 90, 90]


def test_only_where_it_happens() -> None:
    given = case(offer(term=LONG), forms=FORMS, drivers=[vesting("split", p="0.5")])
    accounts = accounts_of(given, {0: [("procure", "a", 0)]})
    assert sorted(by_node(accounts, "manage")) == [60, 60, 60, 180, 180]
    # By halves: 60 + (180 + 60) / 2 x 2.
    assert accounts.expected["manage"] == 60 + 240


def test_an_agreement_that_starts_on_vesting_day_is_not_split() -> None:
    given = case(offer(term={"initial": 12}), forms=FORMS, drivers=[vesting("split")])
    again = {0: [("procure", "a", 0)], 1: [("procure", "a", 1)], 2: [("procure", "a", 2)]}
    assert by_node(accounts_of(given, again), "manage") == [60, 60, 60]


def test_todays_agreement_is_split() -> None:
    given = case(
        offer(term=LONG),
        forms=FORMS,
        drivers=[vesting("split")],
        agreements=[{"offer": "a", "started": "2027-04-01"}],
    )
    assert by_node(accounts_of(given, {}), "manage") == [60, 180, 180]


def test_merged_agreements_are_managed_as_one_at_the_dearest_rate() -> None:
    given = case(
        offer("a", term=LONG, form="alliance"),
        offer("b", term={"initial": 24}),
        offer("c", term=LONG, supplier="bolt"),
        forms=FORMS,
        drivers=[vesting("merge")],
        services=[{"id": "desk", "unit": "ticket", "demand": 1000, "unmet": 50}],
    )
    accounts = accounts_of(given, {0: [("procure", name, 0) for name in "abc"]})
    # Acme's two, 90 and 60, cost 90 together; Bolt's one, 60, is merged with nothing.
    assert by_node(accounts, "manage") == [90 + 60 + 60, 90 + 60, 90 + 60]


def test_the_dearest_of_those_still_live() -> None:
    given = case(
        offer("a", term={"initial": 24}, form="alliance"),
        offer("b", term=LONG),
        forms=FORMS,
        drivers=[vesting("merge")],
    )
    accounts = accounts_of(given, {0: [("procure", "a", 0), ("procure", "b", 0)]})
    # The dearer one expires after two years: then the other one's rate holds.
    assert by_node(accounts, "manage") == [150, 90, 60]


def test_an_agreement_that_starts_later_is_managed_by_itself() -> None:
    given = case(
        offer("a", term=LONG), offer("b", term=LONG), offer("c", term=LONG),
        forms=FORMS, drivers=[vesting("merge")],
    )  # fmt: skip
    accounts = accounts_of(
        given, {0: [("procure", "a", 0), ("procure", "b", 0)], 1: [("procure", "c", 1)]}
    )
    assert by_node(accounts, "manage") == [120, 60 + 60, 60 + 60]


def test_what_two_drivers_merge_stays_apart() -> None:
    other = vesting("novate", id="second", by_offer={"c": "merge", "d": "merge"})
    given = case(
        *(offer(name, term=LONG) for name in "abcd"),
        forms=FORMS,
        drivers=[vesting("merge", by_offer={"c": "novate", "d": "novate"}), other],
    )
    accounts = accounts_of(given, {0: [("procure", name, 0) for name in "abcd"]})
    assert by_node(accounts, "manage") == [240, 60 + 60, 60 + 60]


def test_what_is_indicative_stays_so() -> None:
    ranged = {"low": 50, "central": 60, "high": 70}
    forms = {**FORMS, "contract": {**FORMS["contract"], "manage": ranged}}
    given = case(
        offer(term=LONG, services={"desk": {"price": 0}}), forms=forms, drivers=[vesting("split")]
    )
    assert accounts_of(given, {0: [("procure", "a", 0)]}).indicative_share == Decimal(1)
