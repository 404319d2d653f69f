"""The event holds what it promises, and an award of it exists, proven and checked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from sourcemix import files, verify
from sourcemix.engine import award
from sourcemix.engine.answer import Limits
from sourcemix.model.event import Event

FILE = Path(__file__).parents[2] / "examples" / "school-transport.yaml"


@pytest.fixture(scope="module")
def event() -> Event:
    return files.read_event(FILE)


def test_size(event: Event) -> None:
    assert len(event.lots) == 60
    assert len(event.suppliers) == 25
    assert len(event.bids) == 400
    assert len({lot.region for lot in event.lots}) == 5


def test_it_has_every_sort_of_bid(event: Event) -> None:
    bundles = [bid for bid in event.bids if len(bid.lots) > 1]
    divisible = [bid for bid in event.bids if bid.unit_price is not None]
    groups = Counter(bid.xor for bid in event.bids if bid.xor)
    assert len(bundles) >= 100
    assert len(divisible) >= 30
    assert groups
    assert min(groups.values()) >= 2
    assert any(condition.needs for condition in event.conditions)
    assert any(condition.of for condition in event.conditions)
    assert {discount.kind for discount in event.discounts} == {"all_units", "incremental"}
    assert any(discount.from_lots for discount in event.discounts)


def test_every_supplier_bids_and_every_lot_has_a_choice(event: Event) -> None:
    assert {bid.supplier for bid in event.bids} == {supplier.id for supplier in event.suppliers}
    for lot in event.lots:
        assert len({bid.supplier for bid in event.bids if lot.id in bid.lots}) >= 3, lot.id


def test_nobody_is_in_house_and_shares_are_in_the_notice(event: Event) -> None:
    assert event.purpose == "award"
    assert all(supplier.kind != "in_house" for supplier in event.suppliers)
    assert all(rule.stated_in_notice for rule in event.rules if rule.kind == "min_share")


def test_incumbents_bid_for_what_they_run(event: Event) -> None:
    bidding = {(bid.supplier, lot) for bid in event.bids for lot in bid.lots}
    incumbents = [(lot.incumbent, lot.id) for lot in event.lots if lot.incumbent is not None]
    assert len(incumbents) >= 30
    assert set(incumbents) <= bidding


def test_a_verified_award(event: Event) -> None:
    event = files.canonical(event)
    assert not award.unsupported(event)
    answer = award.solve(event, Limits(gap=0.01, seconds=120))
    assert answer.status in {"optimal", "within_gap"}
    assert answer.winners is not None
    assert answer.unawarded == ()
    checked = verify.award(event, answer.winners, answer.unawarded)
    assert checked.discrepancies == ()
