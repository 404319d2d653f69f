"""Awards recomputed: each feature worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from sourcemix.model.award import Winner
from sourcemix.model.event import Discount, Event
from sourcemix.verify import AwardAccounts, award
from sourcemix.verify.discounts import rebate


def event(**more: Any) -> Event:
    """Two lots of one unit, three suppliers, whole bids and one by quantity."""
    return Event.model_validate(
        {
            "event": "Test",
            "purpose": "design",
            "lots": [
                {"id": "L1", "region": "north", "incumbent": "s3", "switching": 50},
                {"id": "L2", "region": "south", "unawarded": 900},
            ],
            "suppliers": [
                {"id": "s1", "kind": "commercial", "sme": True, "onboarding": 20},
                {"id": "s2", "kind": "voluntary", "local": True},
                {"id": "s3", "kind": "commercial"},
            ],
            "bids": [
                {"id": "b1", "supplier": "s1", "lots": {"L1": 1}, "price": 100},
                {"id": "b2", "supplier": "s2", "lots": {"L2": 1}, "price": 300},
                {"id": "b3", "supplier": "s3", "lots": {"L1": 1}, "price": 200},
                {"id": "b4", "supplier": "s1", "lots": {"L1": 1, "L2": 1}, "price": 350},
                {"id": "b5", "supplier": "s3", "lots": {"L1": 1, "L2": 1}, "unit_price": 150,
                 "min": "0.5"},
            ],
            **more,
        }
    )  # fmt: skip


def wins(of: Event, *bids: str, **part: dict[str, Any]) -> tuple[Winner, ...]:
    """Winners with all they are for, or with the quantities given, at the right price."""
    found = []
    for bid in of.bids:
        if bid.id not in bids and bid.id not in part:
            continue
        lots = {k: Decimal(v) for k, v in part.get(bid.id, dict(bid.lots)).items()}
        price = bid.price
        if price is None:
            price = (sum(lots.values(), Decimal(0)) * (bid.unit_price or 0)).quantize(
                Decimal("0.01")
            )
        found.append(Winner(bid=bid.id, supplier=bid.supplier, lots=lots, price=price))
    return tuple(found)


def check(of: Event, *bids: str, unawarded: tuple[str, ...] = (), **part: Any) -> AwardAccounts:
    return award(of, wins(of, *bids, **part), unawarded)


def wrong(accounts: AwardAccounts, message: str) -> bool:
    return any(message in text for text in accounts.discrepancies)


def test_costs_switching_onboarding() -> None:
    accounts = check(event(), "b1", "b2")
    assert accounts.costs == {
        "price": 400, "discount": 0, "switching": 50, "onboarding": 20, "unawarded": 0,
    }  # fmt: skip
    assert accounts.cost == 470
    assert [(row.supplier, row.lots, row.price) for row in accounts.suppliers] == [
        ("s1", 1, Decimal(100)),
        ("s2", 1, Decimal(300)),
    ]
    assert accounts.discrepancies == ()


def test_no_switching_for_the_incumbent() -> None:
    assert check(event(), "b3", "b2").costs["switching"] == 0


def test_switching_is_due_if_anybody_else_wins_any() -> None:
    lots = [{"id": "L1", "quantity": 2, "incumbent": "s3", "switching": 50}]
    bids = [
        {"id": "b1", "supplier": "s1", "lots": {"L1": 2}, "unit_price": 1},
        {"id": "b3", "supplier": "s3", "lots": {"L1": 2}, "unit_price": 1},
    ]
    of = event(lots=lots, bids=bids)
    both = check(of, b1={"L1": "0.001"}, b3={"L1": "1.999"})
    assert both.costs["switching"] == 50
    assert both.discrepancies == ()


def test_unawarded_lots() -> None:
    accounts = check(event(), "b3", unawarded=("L2",))
    assert accounts.costs["unawarded"] == 900
    assert accounts.unawarded == ("L2",)
    assert accounts.discrepancies == ()
    assert wrong(check(event(), "b3"), "stated as none; they are `L2`")
    assert wrong(check(event(), "b2", unawarded=("L1",)), "lot `L1` has no winner")
    assert wrong(check(event(), "b3", "b2", unawarded=("L2",)), "stated as `L2`; they are none")


def test_divisible_bids() -> None:
    of = event()
    accounts = check(of, "b2", b5={"L1": "1"})
    assert accounts.costs["price"] == 450
    assert accounts.discrepancies == ()
    assert wrong(check(of, "b2", b5={"L1": "0.4"}), "less than its least of 0.5")
    assert wrong(check(of, "b2", b5={"L1": "1.5"}), "more than it offers")
    assert wrong(check(of, "b2", b5={"L1": "0.5"}), "asks for 1 units; 0.5 are won")


def test_the_price_of_a_divisible_bid_is_rounded_half_even() -> None:
    lots = [{"id": "L1", "quantity": "0.5"}]
    bids = [{"id": "b", "supplier": "s1", "lots": {"L1": 1}, "unit_price": "0.25"}]
    of = event(lots=lots, bids=bids)
    assert check(of, b={"L1": "0.5"}).costs["price"] == Decimal("0.12")


def test_whole_bids_win_all_or_nothing() -> None:
    assert wrong(check(event(), "b2", b4={"L1": "1"}), "wins all that it is for or nothing")


def test_free_disposal() -> None:
    assert wrong(check(event(), "b4", "b2"), "lot `L2` asks for 1 units; 2 are won")
    assert check(event(free_disposal=True), "b4", "b2").discrepancies == ()


def test_stated_price_and_supplier() -> None:
    of = event()
    good = wins(of, "b1", "b2")
    dear = good[0].model_copy(update={"price": Decimal("100.01")})
    assert wrong(award(of, (dear, good[1]), ()), "costs £100.00, stated as £100.01")
    other = good[0].model_copy(update={"supplier": "s2"})
    assert wrong(award(of, (other, good[1]), ()), "stated as by `s2`")
    stranger = good[0].model_copy(update={"bid": "zz"})
    assert wrong(award(of, (stranger, good[1]), ()), "is not in the event")
    assert wrong(award(of, (*good, good[0]), ()), "listed twice")


def test_reserve() -> None:
    lots = [{"id": "L1", "reserve": 100}, {"id": "L2", "quantity": 4, "reserve": 800}]
    bids = [
        {"id": "b1", "supplier": "s1", "lots": {"L1": 1, "L2": 2}, "price": 500},
        {"id": "b2", "supplier": "s2", "lots": {"L2": 2}, "unit_price": "200.01"},
    ]
    # 100 and half of 800; the other asks 400.02 for half.
    accounts = check(event(lots=lots, bids=bids), "b1", "b2")
    assert accounts.discrepancies == ("bid `b2` is dearer than the reserve of its lots",)
    open_lot = [lots[0], {"id": "L2", "quantity": 4}]
    assert check(event(lots=open_lot, bids=bids), "b1", "b2").discrepancies == ()


def test_xor_groups_and_conditions() -> None:
    bids = [
        {"id": "b1", "supplier": "s1", "lots": {"L1": 1}, "price": 100, "xor": "g"},
        {"id": "b2", "supplier": "s1", "lots": {"L2": 1}, "price": 300, "xor": "g"},
    ]
    assert wrong(check(event(bids=bids), "b1", "b2"), "of the group `g` one bid may win")
    needs = event(conditions=[{"bid": "b1", "needs": ["b2"]}])
    assert check(needs, "b1", "b2").discrepancies == ()
    assert wrong(check(needs, "b1", unawarded=("L2",)), "wins without `b2`, which it needs")
    most = event(conditions=[{"at_most": 1, "of": ["b1", "b2", "b3"]}])
    assert check(most, "b3", unawarded=("L2",)).discrepancies == ()
    assert wrong(check(most, "b1", "b2"), "at most 1 of these bids may win; `b1`, `b2` win")


def discounts(*rows: dict[str, Any]) -> tuple[Discount, ...]:
    return tuple(Discount.model_validate({"supplier": "s1", **row}) for row in rows)


@pytest.mark.parametrize(
    ("price", "off"), [(99, "0"), (100, "3"), (199, "5.97"), (200, "10"), (300, "15")]
)
def test_discount_on_all_units(price: int, off: str) -> None:
    rows = discounts({"from_value": 200, "rate": "0.05"}, {"from_value": 100, "rate": "0.03"})
    assert rebate(rows, Fraction(price), 1) == Decimal(off)


@pytest.mark.parametrize(("price", "off"), [(99, "0"), (100, "0"), (150, "1.5"), (300, "8")])
def test_discount_on_what_lies_beyond_the_threshold(price: int, off: str) -> None:
    # 3% from 100 to 200, 5% beyond.
    rows = discounts(
        {"kind": "incremental", "from_value": 200, "rate": "0.05"},
        {"kind": "incremental", "from_value": 100, "rate": "0.03"},
    )
    assert rebate(rows, Fraction(price), 1) == Decimal(off)


def test_discount_by_lots() -> None:
    of = event(discounts=[{"supplier": "s1", "from_lots": 2, "rate": "0.1"}])
    assert check(of, "b1", "b2").costs["discount"] == 0
    accounts = check(of, "b4")
    assert accounts.costs["discount"] == -35
    assert accounts.suppliers[0].discount == 35
    assert accounts.cost == 350 - 35 + 50 + 20


def test_discount_is_rounded_half_even() -> None:
    assert rebate(discounts({"from_value": 0, "rate": "0.005"}), Fraction(25), 1) == Decimal("0.12")


def test_discounts_of_more_than_one_kind() -> None:
    rows = [
        {"supplier": "s1", "from_lots": 2, "rate": "0.1"},
        {"supplier": "s1", "from_value": 2, "rate": "0.1"},
    ]
    assert wrong(check(event(discounts=rows), "b1", "b2"), "are of more than one kind")


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ({"capacity": 1}, "wins 2 units, more than its capacity"),
        ({"max_lots": 1}, "wins 2 lots, more than its most of 1"),
        ({"max_value": "349.99"}, "is paid £350.00, more than its `max_value`"),
        ({"min_award": "350.01"}, "is paid £350.00, less than its `min_award`"),
    ],
)
def test_limits_of_a_supplier(limit: dict[str, Any], message: str) -> None:
    suppliers = [{"id": "s1", "kind": "commercial", **limit}, {"id": "s2"}, {"id": "s3"}]
    assert wrong(check(event(suppliers=suppliers), "b4"), f"supplier `s1` {message}")
    fine = {"capacity": 2, "max_lots": 2, "max_value": 350, "min_award": 350}
    suppliers[0] = {"id": "s1", **fine}
    assert check(event(suppliers=suppliers), "b4").discrepancies == ()


def holds(rule: dict[str, Any], *bids: str) -> bool:
    of = event(rules=[rule])
    accounts = check(of, *bids)
    assert accounts.rules[0].holds == (not accounts.discrepancies)
    return accounts.rules[0].holds


@pytest.mark.parametrize("kind", ["max_winners", "max_suppliers"])
def test_max_winners(kind: str) -> None:
    assert holds({"kind": kind, "limit": 2}, "b1", "b2")
    assert not holds({"kind": kind, "limit": 1}, "b1", "b2")
    assert holds({"kind": kind, "limit": 1, "region": "north"}, "b1", "b2")
    assert not holds({"kind": kind, "limit": 0, "region": "north"}, "b1", "b2")


@pytest.mark.parametrize("kind", ["min_winners", "min_suppliers"])
def test_min_winners(kind: str) -> None:
    assert holds({"kind": kind, "limit": 2}, "b1", "b2")
    assert not holds({"kind": kind, "limit": 2}, "b4")
    assert not holds({"kind": kind, "limit": 2, "region": "south"}, "b1", "b2")


def test_max_share() -> None:
    rule = {"kind": "max_share", "who": {}}
    assert holds({**rule, "share": "0.75"}, "b1", "b2")
    assert not holds({**rule, "share": "0.74"}, "b1", "b2")
    assert holds({**rule, "who": {"sme": True}, "share": "0.25"}, "b1", "b2")
    assert not holds({**rule, "who": {"kind": "voluntary"}, "share": "0.7"}, "b1", "b2")


def test_min_share() -> None:
    assert holds({"kind": "min_share", "who": {"local": True}, "share": "0.75"}, "b1", "b2")
    assert not holds({"kind": "min_share", "who": {"sme": True}, "share": "0.26"}, "b1", "b2")


def test_must_use_and_must_not_use() -> None:
    assert holds({"kind": "must_use", "offer": "b1"}, "b1", "b2")
    assert not holds({"kind": "must_use", "supplier": "s3"}, "b1", "b2")
    assert holds({"kind": "must_not_use", "supplier": "s3"}, "b1", "b2")
    assert not holds({"kind": "must_not_use", "offer": "b1"}, "b1", "b2")


def test_max_value() -> None:
    assert holds({"kind": "max_value", "amount": 300}, "b1", "b2")
    assert not holds({"kind": "max_value", "amount": 299}, "b1", "b2")
    assert holds({"kind": "max_value", "amount": 299, "supplier": "s1"}, "b1", "b2")


def test_budget() -> None:
    assert holds({"kind": "budget", "amount": 470}, "b1", "b2")
    assert not holds({"kind": "budget", "amount": "469.99"}, "b1", "b2")


def test_excludes_and_requires() -> None:
    assert not holds({"kind": "excludes", "offers": ["b1", "b2"]}, "b1", "b2")
    assert holds({"kind": "excludes", "offers": ["b1", "b3"]}, "b1", "b2")
    assert holds({"kind": "requires", "offer": "b1", "needs": ["b2"]}, "b1", "b2")
    assert not holds({"kind": "requires", "offer": "b1", "needs": ["b3"]}, "b1", "b2")


def test_an_event_for_award() -> None:
    suppliers = [{"id": "s1", "kind": "in_house"}, {"id": "s2"}, {"id": "s3"}]
    of = event(purpose="award", suppliers=suppliers)
    assert wrong(check(of, "b3", "b2"), "in-house suppliers cannot bid")
    rule = {"kind": "min_share", "who": {"local": True}, "share": "0.1"}
    refused = event(purpose="award", rules=[rule])
    assert wrong(check(refused, "b1", "b2"), "needs `stated_in_notice`")
    stated = event(purpose="award", rules=[{**rule, "stated_in_notice": True}])
    assert check(stated, "b1", "b2").discrepancies == ()


@pytest.mark.parametrize(
    "more",
    [
        {"quality": {"weight": "0.4"}},
        {"rules": [{"kind": "max_live", "limit": 1}]},
        {"rules": [{"kind": "max_winners", "limit": 9, "soft": 1}]},
        {"rules": [{"kind": "max_share", "of": "service", "who": {}, "share": 1}]},
        {"rules": [{"kind": "max_suppliers", "limit": 9, "service": "x"}]},
    ],
)
def test_what_cannot_be_checked_is_named(more: dict[str, Any]) -> None:
    assert wrong(check(event(**more), "b1", "b2"), "is not checked by this version")
