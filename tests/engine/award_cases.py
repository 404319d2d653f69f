"""One tiny event for each family of the award model."""

from __future__ import annotations

from typing import Any

from sourcemix.model.event import Event


def event(**document: Any) -> Event:
    """An event from its rows; the suppliers that bid are added where they are not given."""
    suppliers = {bid["supplier"]: {"id": bid["supplier"]} for bid in document["bids"]}
    suppliers.update({supplier["id"]: supplier for supplier in document.pop("suppliers", [])})
    return Event.model_validate(
        {"event": "Tiny", "purpose": "design", "suppliers": list(suppliers.values()), **document}
    )


def whole(name: str, supplier: str, price: float, **lots: float) -> dict[str, Any]:
    """A bid that wins all or nothing."""
    return {"id": name, "supplier": supplier, "price": price, "lots": lots}


def divisible(
    name: str, supplier: str, price: float, least: float, **lots: float
) -> dict[str, Any]:
    """A bid that wins any quantity from `least` up."""
    return {"id": name, "supplier": supplier, "unit_price": price, "min": least, "lots": lots}


def lot(name: str, **fields: Any) -> dict[str, Any]:
    """A lot."""
    return {"id": name, **fields}


TWO_LOTS = [lot("A"), lot("B", quantity=10)]
BIDS = [
    whole("a", "s1", 100, A=1),
    whole("ab", "s1", 180, A=1, B=10),
    whole("b", "s2", 90, B=10),
    divisible("d", "s3", 9.5, 2, B=8),
]

CASES: dict[str, Event] = {
    "add_bids": event(lots=TWO_LOTS, bids=BIDS),
    "add_quantities": event(lots=TWO_LOTS, bids=BIDS),
    "add_whole_prices": event(lots=TWO_LOTS, bids=BIDS),
    "add_winners": event(lots=TWO_LOTS, bids=BIDS, rules=[{"kind": "min_winners", "limit": 2}]),
    "add_cover": event(
        lots=[lot("A", unawarded=300), lot("B", quantity=10)],
        bids=[*BIDS, whole("half", "s2", 50, B=5)],
    ),
    "add_left_alone": event(
        lots=[lot("A", quantity=10, unawarded=300)],
        bids=[
            whole("all", "s1", 100, A=10),
            whole("half", "s2", 50, A=5),
            divisible("d", "s3", 9, 0, A=8),
        ],
        free_disposal=True,
    ),
    "add_groups": event(
        lots=TWO_LOTS,
        bids=[{**BIDS[0], "xor": "g"}, {**BIDS[1], "xor": "g"}, {**BIDS[2], "xor": "alone"}],
    ),
    "add_conditions": event(
        lots=TWO_LOTS,
        bids=BIDS,
        conditions=[{"bid": "a", "needs": ["b"]}, {"at_most": 1, "of": ["a", "b", "d"]}],
    ),
    "add_switching": event(
        lots=[
            lot("A", incumbent="s2", switching=7),
            lot("B", quantity=10, incumbent="s2", switching=11),
        ],
        bids=BIDS,
    ),
    "add_capacity": event(
        lots=TWO_LOTS,
        bids=BIDS,
        suppliers=[
            {"id": "s1", "capacity": 11, "onboarding": 5},
            {"id": "s2", "capacity": 10},
            {"id": "s3", "capacity": 3},
        ],
    ),
    "add_reach": event(
        lots=[lot("A", quantity=3), lot("B", quantity=4, unawarded=50)],
        bids=[
            whole("a1", "s1", 10, A=3),
            whole("b1", "s1", 10, B=4),
            whole("a2", "s2", 10, A=3),
        ],
        suppliers=[
            {"id": "s1", "capacity": 5, "onboarding": 5},
            {"id": "s2", "capacity": 9, "onboarding": 5},
        ],
    ),
    "add_max_lots": event(
        lots=[*TWO_LOTS, lot("C", quantity=2)],
        bids=[
            whole("a", "s1", 100, A=1),
            whole("b", "s1", 90, B=10),
            whole("c1", "s1", 10, C=1),
            whole("c2", "s1", 11, C=1),
        ],
        suppliers=[{"id": "s1", "max_lots": 2}],
    ),
    "add_discounts": event(
        lots=[*TWO_LOTS, lot("C")],
        bids=[*BIDS[:3], whole("c", "s2", 40, C=1), whole("c3", "s3", 50, C=1)],
        discounts=[
            {"supplier": "s1", "from_value": 150, "rate": 0.1},
            {"supplier": "s2", "from_lots": 2, "rate": 0.05},
            {"supplier": "s3", "from_value": 20, "rate": 0.02, "kind": "incremental"},
        ],
    ),
    "add_whole_discounts": event(
        lots=[lot("A"), lot("B")],
        bids=[whole("a", "s1", 10.1, A=1), whole("b", "s1", 20, B=1)],
        discounts=[{"supplier": "s1", "from_value": 0, "rate": 0.05}],
    ),
    "add_min_award": event(
        lots=TWO_LOTS,
        bids=BIDS,
        suppliers=[{"id": "s1", "min_award": 120}, {"id": "s3", "min_award": 5}],
    ),
    "add_paid_limits": event(
        lots=TWO_LOTS,
        bids=BIDS,
        suppliers=[{"id": "s1", "max_value": 150, "sme": True}],
        rules=[
            {"kind": "min_share", "who": {"sme": True}, "share": 0.25},
            {"kind": "max_share", "who": {"supplier": "s3"}, "share": 0.4},
            {"kind": "max_value", "supplier": "s2", "amount": 95.5},
        ],
    ),
    "add_winner_counts": event(
        lots=[lot("A", region="north"), lot("B", quantity=10, region="south")],
        bids=BIDS,
        rules=[
            {"kind": "max_winners", "limit": 2},
            {"kind": "max_winners", "limit": 1, "region": "south"},
            {"kind": "min_winners", "limit": 1, "region": "north"},
        ],
    ),
    "add_must_use": event(
        lots=TWO_LOTS,
        bids=BIDS,
        rules=[{"kind": "must_use", "offer": "d"}, {"kind": "must_use", "supplier": "s1"}],
    ),
    "add_excludes": event(
        lots=TWO_LOTS, bids=BIDS, rules=[{"kind": "excludes", "offers": ["a", "d"]}]
    ),
    "add_requires": event(
        lots=TWO_LOTS, bids=BIDS, rules=[{"kind": "requires", "offer": "ab", "needs": ["d"]}]
    ),
    "add_budget": event(
        lots=[lot("A"), lot("B", quantity=10, unawarded=500)],
        bids=BIDS,
        rules=[{"kind": "budget", "amount": 250}],
    ),
}
