"""What an event must hold beyond its types."""

from __future__ import annotations

from typing import Any

import pytest

from sourcemix.model.checks import event_faults
from sourcemix.model.event import Event


def document(**changes: Any) -> dict[str, Any]:
    """A small event without faults."""
    return {
        "event": "School transport",
        "lots": [{"id": "L1", "region": "north"}, {"id": "L2", "quantity": 10}],
        "suppliers": [{"id": "vale", "sme": True}, {"id": "hill"}],
        "bids": [
            {"id": "b1", "supplier": "vale", "lots": {"L1": 1}, "price": 100},
            {"id": "b2", "supplier": "hill", "lots": {"L1": 1, "L2": 10}, "price": 200},
            {"id": "b3", "supplier": "hill", "lots": {"L2": 50}, "unit_price": 9, "min": 5},
        ],
        **changes,
    }


def bid(**changes: Any) -> list[Any]:
    return [
        *document()["bids"],
        {"id": "b4", "supplier": "vale", "lots": {"L1": 1}, "price": 1, **changes},
    ]


def found(**changes: Any) -> list[str]:
    event = Event.model_validate(document(**changes))
    return [str(fault) for fault in event_faults(event)]


def test_a_sound_event_has_no_faults() -> None:
    assert found() == []


def test_a_price_above_the_reserve_is_no_fault() -> None:
    assert found(lots=[{"id": "L1", "reserve": 5}, {"id": "L2", "quantity": 10}]) == []


FROM_VALUE = {"supplier": "vale", "from_value": 5, "rate": "0.1"}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"bids": bid(supplier="valee")}, "bids[3].supplier: supplier `valee` is not in "
         "`suppliers`; did you mean `vale`?"),
        ({"bids": bid(lots={"L3": 1})}, "bids[3].lots.L3: lot `L3` is not in `lots`"),
        ({"bids": bid(id="b1")}, "bids[3].id: the id `b1` is already used by `bids[0]`"),
        ({"bids": bid(lots={"L1": 2})}, "bids[3].lots.L1: more of the lot than there is: 2 of 1"),
        ({"bids": bid(lots={"L1": 0})}, "bids[3].lots.L1: 0 units"),
        ({"bids": bid(price=None, unit_price=1, lots={"L2": 20}, min=11)}, "bids[3].min: more of "
         "its lots than there is: `min` is 11, its lots need 10"),
        ({"lots": [{"id": "L1", "incumbent": "x"}, {"id": "L2", "quantity": 10}]},
         "lots[0].incumbent: supplier `x`"),
        ({"lots": [{"id": "L1"}, {"id": "L2", "quantity": 10}, {"id": "L3", "quantity": 0}]},
         "lots[2].quantity: should be more than 0"),
        ({"conditions": [{"bid": "b1", "needs": ["x"]}]}, "conditions[0].needs[0]: bid `x`"),
        ({"conditions": [{"at_most": 1, "of": ["b1", "x"]}]}, "conditions[0].of[1]: bid `x`"),
        ({"conditions": [{"bid": "b1", "needs": ["b1"]}]}, "`b1` cannot need itself"),
        ({"discounts": [{**FROM_VALUE, "supplier": "x"}]}, "discounts[0].supplier: supplier `x`"),
        ({"discounts": [FROM_VALUE, {**FROM_VALUE, "kind": "incremental"}]}, "discounts[1]: mixes "
         "kinds of discount of `vale` with `discounts[0]`"),
        ({"discounts": [FROM_VALUE, {"supplier": "vale", "from_lots": 2, "rate": 1}]}, "mixes"),
        ({"discounts": [FROM_VALUE, FROM_VALUE]}, "discounts[1]: `vale` already has a discount"),
        ({"suppliers": [{"id": "vale", "kind": "in_house"}, {"id": "hill"}]}, "suppliers[0].kind: "
         "an in-house team cannot bid in an event for award"),
        ({"suppliers": [{"id": "vale", "min_award": 9, "max_value": 5}, {"id": "hill"}]},
         "suppliers[0].min_award: 9 is more than `max_value` (5)"),
        ({"rules": [{"kind": "min_share", "who": {"sme": True}, "share": 1}]}, "rules[0].who: an "
         "award may not favour or limit SMEs"),
        ({"rules": [{"kind": "max_share", "who": {"kind": "voluntary"}, "share": 1}]}, "unless the "
         "tender notice says so"),
        ({"rules": [{"kind": "min_share", "who": {"local": True}, "share": 1}]}, "local suppliers"),
        ({"rules": [{"kind": "must_use", "offer": "b9"}]}, "rules[0].offer: bid `b9` is not in "
         "`bids`"),
        ({"rules": [{"kind": "excludes", "offers": ["b1", "x"]}]}, "rules[0].offers[1]: bid `x`"),
        ({"rules": [{"kind": "max_winners", "limit": 1, "region": "nort"}]}, "rules[0].region: no "
         "lot is in region `nort`; did you mean `north`?"),
        ({"rules": [{"kind": "min_suppliers", "limit": 1, "service": "x"}]}, "an event has no "
         "services"),
        ({"quality": {"weight": 1, "scores": {"x": 1}}}, "quality.scores.x: bid `x`"),
    ],
)  # fmt: skip
def test_faults(changes: dict[str, Any], fault: str) -> None:
    (only,) = found(**changes)
    assert fault in only


def test_what_a_design_may_do_and_an_award_may_not() -> None:
    share = {"kind": "min_share", "who": {"sme": True}, "share": 1}
    own = [{"id": "vale", "kind": "in_house"}, {"id": "hill"}]
    assert found(purpose="design", suppliers=own, rules=[share]) == []
    assert found(rules=[{**share, "stated_in_notice": True}]) == []
    assert found(rules=[{"kind": "max_share", "who": {"supplier": "vale"}, "share": 1}]) == []


def test_with_free_disposal_a_bid_may_cover_more_than_there_is() -> None:
    assert found(bids=bid(lots={"L1": 2}), free_disposal=True) == []
