"""The exact route on swing weights, reorganisation that splits or merges, and VAT that is lost."""

from __future__ import annotations

from typing import Any

import pytest

from sourcemix.model.case import Case
from tests.engine.small import FORMS, case, offer
from tests.engine.test_planning import offers_live, planned

CONTACT = {
    "id": "contact",
    "statement": "Residents reach us",
    "measure": "share who do",
    "unit": "percent",
    "baseline": 60,
    "target": 80,
    "swing_weight": "0.5",
}
GOOD = offer("good", "vale", "12", desk={"outcomes": {"contact": 80}})
CHEAP = offer("cheap", "moor", "10", desk={"outcomes": {"contact": 60}})


def test_a_swing_weight_has_the_price_that_the_case_states() -> None:
    """Half of £1,000 a year for 20 points: the good one earns £500.

    Good: 3 x (1,200 - 500). Cheap: 3 x 1,000. At £300: 3 x (1,200 - 150) is too dear.
    """
    priced = planned(case([GOOD, CHEAP], outcomes=[CONTACT], appraisal={"swing_value": 1000}))
    assert priced.claimed == pytest.approx(3 * 700)
    assert offers_live(priced) == [["good"]] * 3
    # Two thirds by one that reaches 90 reach the target as well: 800 + 333.33 - 500.
    better = {**GOOD, "services": {"desk": {"price": 12, "outcomes": {"contact": 90}}}}
    mixed = planned(case([better, CHEAP], outcomes=[CONTACT], appraisal={"swing_value": 1000}))
    assert mixed.claimed == pytest.approx(3 * 633.33, abs=0.05)
    low = planned(case([GOOD, CHEAP], outcomes=[CONTACT], appraisal={"swing_value": 300}))
    assert low.claimed == pytest.approx(3000)


def test_a_swing_weight_without_a_price_moves_nothing() -> None:
    answer = planned(case([GOOD, CHEAP], outcomes=[CONTACT]))
    assert answer.claimed == pytest.approx(3000)
    assert offers_live(answer) == [["cheap"]] * 3


def test_a_swing_may_go_down() -> None:
    """From 20 days to 10: at 15 days, half of £1,000 x 1."""
    days = {**CONTACT, "better": "lower", "baseline": 20, "target": 10, "swing_weight": 1}
    quick = offer("quick", "vale", "14", desk={"outcomes": {"contact": 15}})
    answer = planned(case([quick, CHEAP], outcomes=[days], appraisal={"swing_value": 1000}))
    assert answer.claimed == pytest.approx(3 * (1400 - 500))


MANAGED = {
    **FORMS,
    "contract": {"lead": 0, "manage": 100, "binding": True},
    "large": {"lead": 0, "manage": 300, "binding": True},
}
BOUND = {"term": {"initial": 120, "notice": 36}}


def reorganised(how: str, **more: Any) -> dict[str, Any]:
    return {
        "kind": "reorganisation",
        "at": "2028-04-01",
        "p": 1,
        "on_vesting": how,
        "successors": ["North", "South", "West"],
        **more,
    }


def today(*offers: str) -> list[dict[str, Any]]:
    return [{"offer": name, "started": "2027-04-01"} for name in offers]


def of_desk(name: str, supplier: str, **more: Any) -> dict[str, Any]:
    """An offer at £1,000 a year, already live and bound to stay."""
    return offer(name, supplier, "0", **{"fixed": 1000, **BOUND, **more})


@pytest.mark.parametrize(
    ("p", "setup", "cost"),
    [
        # Managed by one, then by three, twice: 3,000 + 100 + 300 + 300.
        (1, 1000, 3700),
        # Half of the time by three: 3,000 + 100 + (600 + 200) / 2.
        ("0.5", 1000, 3500),
        # Procured anew as from vesting day, it is not split: 3,000 + 3 x 100 + 250.
        (1, 250, 3550),
    ],
)
def test_each_successor_manages_an_agreement_that_is_split(p: str, setup: int, cost: int) -> None:
    old = of_desk("old", "vale", setup={"systems": setup}, term={"initial": 120})
    driver = reorganised("split", p=p)
    given = case([old], forms=MANAGED, agreements=today("old"), drivers=[driver])
    assert planned(given).claimed == pytest.approx(cost)


def test_a_pending_agreement_that_starts_on_vesting_day_is_not_split() -> None:
    signed = [{"offer": "old", "pending": "2028-04-01"}]
    given = case(
        [of_desk("old", "vale", available={"until": "2027-04-01"}, lead=12)],
        forms=MANAGED,
        agreements=signed,
        drivers=[reorganised("split")],
    )
    # 100 units unmet at £50 in the first year, then twice 1,000 + 100.
    assert planned(given).claimed == pytest.approx(5000 + 2 * 1100)


def merging(*drivers: dict[str, Any]) -> Case:
    """Four agreements with one supplier, managed for 100, 300, 300 and 100, one with another."""
    offers = [
        of_desk("a", "vale"),
        of_desk("b", "vale", form="large"),
        of_desk("c", "vale", form="large"),
        of_desk("d", "vale"),
        of_desk("e", "moor"),
    ]
    live = today("a", "b", "c", "d", "e")
    return case(offers, periods=2, forms=MANAGED, agreements=live, drivers=list(drivers))


def test_agreements_of_one_supplier_that_are_merged_are_managed_as_one() -> None:
    """900 in the first year; then 300 for the dearest of vale's, and 100 for moor's."""
    given = merging(reorganised("merge"))
    assert planned(given).claimed == pytest.approx(10 * 1000 + 900 + 300 + 100)


def test_only_what_the_same_driver_merges_becomes_one() -> None:
    """The first makes one of a and b, the second of c and d: 300 each, and 100 for moor's."""
    first = reorganised("novate", id="first", by_offer={"a": "merge", "b": "merge"})
    second = reorganised("novate", id="second", by_offer={"c": "merge", "d": "merge"})
    given = merging(first, second)
    assert planned(given).claimed == pytest.approx(10 * 1000 + 900 + 300 + 300 + 100)


def test_the_dearest_of_those_still_live_is_paid() -> None:
    """b and c would cost 300, a and d 100. The large ones run out after the second year."""
    ends = {"term": {"initial": 24, "notice": 24}, "available": {"until": "2027-04-01"}}
    offers = [
        of_desk("a", "vale"),
        of_desk("b", "vale", form="large", **ends),
        of_desk("c", "vale", form="large", **ends),
        of_desk("d", "vale"),
    ]
    live = today("a", "b", "c", "d")
    driver = reorganised("merge")
    given = case(offers, forms=MANAGED, agreements=live, drivers=[driver])
    # Charges: 4,000 + 4,000 + 2,000. Managing: 800, then 300, then 100.
    assert planned(given).claimed == pytest.approx(10_000 + 800 + 300 + 100)


def test_a_merger_makes_keeping_worth_while() -> None:
    """The two at £1,000 could be left for one at £1,950 by another supplier.

    Managed for 100 each: 2,200 a year, or 2,050 and what it costs to set up the other one.
    """
    services = [
        {"id": name, "unit": "ticket", "demand": 100, "unmet": 50} for name in ("desk", "net")
    ]
    free = {"term": {"initial": 120}, "available": {"until": "2027-04-01"}}
    net = {"services": {"net": {"price": 0}}}
    both = {"services": {"desk": {"price": 0}, "net": {"price": 0}}, "fixed": 1950}
    offers = [
        of_desk("desk_1", "vale", **free),
        of_desk("net_1", "vale", **free) | net,
        of_desk("both", "moor", term={"initial": 120}, setup={"systems": 220}) | both,
    ]
    more: dict[str, Any] = {
        "forms": MANAGED,
        "agreements": today("desk_1", "net_1"),
        "services": services,
        "periods": 2,
    }
    # Never merged: 4,400 against 220 + 2 x 2,050 = 4,320.
    apart = planned(case(offers, **more))
    assert offers_live(apart) == [["both"]] * 2
    assert apart.claimed == pytest.approx(4320)
    # Merged in the second year: 2,200 + 2,100 = 4,300.
    kept = planned(case(offers, **more, drivers=[reorganised("merge")]))
    assert offers_live(kept) == [["desk_1", "net_1"]] * 2
    assert kept.claimed == pytest.approx(4300)


def test_what_is_merged_counts_once_against_the_budget() -> None:
    """£5,000 and 900, then 400: a budget of 5,400 from the second year on holds exactly."""
    budget = {"kind": "budget", "from": "2028-04-01", "real": True}
    given = merging(reorganised("merge"))
    held = given.model_dump(by_alias=True) | {"rules": [{**budget, "amount": 5400}]}
    assert planned(Case.model_validate(held)).status == "optimal"
    held["rules"] = [{**budget, "amount": "5399.99"}]
    assert planned(Case.model_validate(held)).status == "infeasible"


LOST = {"price_base": "2026-27", "discounting": "none", "irrecoverable_vat": "0.1"}
OWN = offer("own", "own", "10.5", form="in_house")


def test_vat_that_is_lost_is_paid_to_suppliers_outside_only() -> None:
    """£10 and a tenth of VAT, or £10.50 in-house, without; the offer's own rate goes first."""
    outside = offer("outside", "vale", "10")
    assert planned(case([outside, OWN])).claimed == pytest.approx(3000)
    lost = planned(case([outside, OWN], money=LOST))
    assert lost.claimed == pytest.approx(3150)
    assert offers_live(lost) == [["own"]] * 3
    recovered = {**outside, "irrecoverable_vat": 0}
    assert planned(case([recovered, OWN], money=LOST)).claimed == pytest.approx(3000)
    own_rate = {**outside, "irrecoverable_vat": "0.04"}
    assert planned(case([own_rate, OWN], money=LOST)).claimed == pytest.approx(3120)


def test_vat_is_lost_on_charges_and_change_without_optimism_bias() -> None:
    """A year: 600 fixed, 500 by unit; from the second on, change at 0.4 x 0.5 of both.

    1,100 + 1,320 + 1,320 = 3,740; a tenth of that is VAT; half of it again is optimism bias.
    Managing, set-up and fees bear no VAT: 3 x 100 (and half of it for bias) and 70.
    """
    driver = {
        "kind": "requirement", "id": "ai", "services": ["desk"], "at": "2028-04-01", "p": 1,
        "size": "0.5",
    }  # fmt: skip
    only = offer("only", "vale", "5", fixed=600, change_rate="0.4", setup={"systems": 70})
    only["available"] = {"until": "2027-04-01"}
    bias = {"optimism_bias": {"operating": "0.5"}}
    given = case([only], money=LOST, drivers=[driver], forms=MANAGED, appraisal=bias)
    assert planned(given).claimed == pytest.approx(3740 * 1.6 + 300 * 1.5 + 70)


def test_vat_counts_against_the_budget_but_not_as_spend_or_exposure() -> None:
    """£1,000 and £100 of VAT a year, under a year's notice: the exposure is £1,000."""
    bound = offer("bound", "vale", "0", fixed=1000, term={"initial": 120, "notice": 12})
    bound["term"]["break_from"] = 0
    rules: list[dict[str, Any]] = [
        {"kind": "budget", "amount": 1100, "real": True},
        {"kind": "max_value", "amount": 3000},
        {"kind": "max_exit_exposure", "amount": 1000},
        {"kind": "must_use", "offer": "bound"},
    ]
    assert planned(case([bound], money=LOST, rules=rules)).claimed == pytest.approx(3300)
    rules[0] = {"kind": "budget", "amount": "1099.99", "real": True, "id": "tight"}
    answer = planned(case([bound], money=LOST, rules=rules))
    assert answer.status == "infeasible"
    assert "the rule `tight` (budget)" in answer.conflicts


def test_conflicts_call_things_by_their_names() -> None:
    services = [
        {"id": "desk", "name": "Service desk", "unit": "ticket", "demand": 1, "unmet": "never"}
    ]
    policy = {
        "kind": "policy", "id": "away", "at": "2028-04-01", "p": 1,
        "rule": {"kind": "must_not_use", "supplier": "vale"},
    }  # fmt: skip
    small = case([offer("cheap", "vale", "10")], services=services, drivers=[policy])
    data = small.model_dump(by_alias=True)
    data["suppliers"][1]["name"] = "Vale Ltd"
    assert planned(Case.model_validate(data)).conflicts == (
        "the rule of the policy `away`: must_not_use (supplier Vale Ltd)",
        "all demand for `Service desk` must be met",
    )
    data["drivers"] = []
    data["rules"] = [{"kind": "max_share", "who": {"supplier": "vale"}, "share": 0}]
    assert planned(Case.model_validate(data)).conflicts == (
        "the rule `max_share (who supplier Vale Ltd, share 0)`",
        "all demand for `Service desk` must be met",
    )
