"""Small random events that use every term that awards follow."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from sourcemix.model.event import Event


def random_event(seed: int) -> Event:
    """An event of three or four lots and up to ten bids with a price; the same for each seed."""
    dice = Random(seed)
    lots = [_lot(dice, i) for i in range(dice.choice((3, 4)))]
    suppliers = [_supplier(dice, i) for i in range(dice.choice((2, 3, 4)))]
    disposal = dice.random() < 0.3
    bids = [_bid(dice, i, lots, suppliers, disposal) for i in range(dice.randint(7, 10))]
    document = {
        "event": f"Random {seed}",
        "purpose": "design",
        "lots": lots,
        "suppliers": suppliers,
        "bids": bids,
        "conditions": _conditions(dice, bids),
        "discounts": _discounts(dice, suppliers),
        "rules": [_rule(dice, bids, suppliers) for _ in range(dice.choice((0, 0, 1, 1, 2)))],
        "free_disposal": disposal,
    }
    return Event.model_validate(document)


def divisible_event(seed: int) -> Event:
    """A small event with divisible bids, of which whole units are the best; the same for each seed.

    Prices are multiples of £10 a unit, so that a thousandth costs whole pence and nothing is
    rounded; with no limit in money, every corner of the quantities is then in whole units.
    """
    dice = Random(seed)
    lots = [_lot(dice, i) for i in range(dice.choice((2, 3)))]
    suppliers = [_supplier(dice, i) for i in range(3)]
    for supplier in suppliers:
        supplier.pop("max_value", None)
        supplier.pop("min_award", None)
    bids = [_bid(dice, i, lots, suppliers, disposal=False) for i in range(4)]
    for i in (4, 5):
        bid = _bid(dice, i, lots, suppliers, disposal=True)
        del bid["price"]
        bid["lots"] = dict(list(bid["lots"].items())[:2])
        bid["unit_price"] = dice.randint(2, 6) * 10
        bid["min"] = dice.randint(0, sum(bid["lots"].values()))
        bids.append(bid)
    rules = [_rule(dice, bids, suppliers)]
    counting = ("max_winners", "min_winners", "must_use", "excludes", "requires")
    document = {
        "event": f"Divisible {seed}",
        "purpose": "design",
        "lots": lots,
        "suppliers": suppliers,
        "bids": bids,
        "conditions": _conditions(dice, bids),
        "rules": [rule for rule in rules if rule["kind"] in counting],
        "free_disposal": dice.random() < 0.3,
    }
    return Event.model_validate(document)


def _money(dice: Random, low: int, high: int) -> Decimal:
    # Whole pounds, tens of pence and odd pence: rounding of discounts is met with and without.
    grain = dice.choice((100, 10, 1))
    return Decimal(dice.randint(low * 100 // grain, high * 100 // grain) * grain) / 100


def _lot(dice: Random, i: int) -> dict[str, Any]:
    return {
        "id": f"L{i}",
        "quantity": dice.choice((1, 1, 2, 3)),
        "region": dice.choice(("north", "south")),
        "reserve": _money(dice, 80, 200) if dice.random() < 0.3 else None,
        "incumbent": dice.choice(("s0", "s1")) if dice.random() < 0.4 else None,
        "switching": _money(dice, 1, 30),
        "unawarded": _money(dice, 60, 250) if dice.random() < 0.7 else "never",
    }


def _supplier(dice: Random, i: int) -> dict[str, Any]:
    supplier: dict[str, Any] = {
        "id": f"s{i}",
        "kind": dice.choice(("commercial", "voluntary")),
        "sme": dice.random() < 0.5,
        "local": dice.random() < 0.5,
    }
    for name, value in (
        ("capacity", dice.randint(2, 5)),
        ("max_value", _money(dice, 100, 300)),
        ("max_lots", dice.randint(1, 3)),
        ("min_award", _money(dice, 20, 150)),
        ("onboarding", _money(dice, 1, 40)),
    ):
        if dice.random() < 0.25:
            supplier[name] = value
    return supplier


def _bid(
    dice: Random,
    i: int,
    lots: list[dict[str, Any]],
    suppliers: list[dict[str, Any]],
    disposal: bool,
) -> dict[str, Any]:
    chosen = dice.sample(lots, min(dice.choice((1, 1, 1, 2, 2, 3)), len(lots)))
    units = {
        lot["id"]: lot["quantity"] if dice.random() < 0.6 else dice.randint(1, lot["quantity"])
        for lot in chosen
    }
    if disposal and dice.random() < 0.2:
        units[chosen[0]["id"]] += 1
    return {
        "id": f"b{i}",
        "supplier": dice.choice(suppliers)["id"],
        "lots": units,
        "price": _money(dice, 20, 60) * sum(units.values()),
        "xor": dice.choice((None, None, None, "g1", "g2")),
    }


def _conditions(dice: Random, bids: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = [bid["id"] for bid in bids]
    conditions: list[dict[str, Any]] = []
    if dice.random() < 0.3:
        one, *needs = dice.sample(names, dice.choice((2, 3)))
        conditions.append({"bid": one, "needs": needs})
    if dice.random() < 0.3:
        conditions.append({"at_most": dice.randint(0, 2), "of": dice.sample(names, 4)})
    return conditions


def _discounts(dice: Random, suppliers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    discounts: list[dict[str, Any]] = []
    for supplier in suppliers:
        shape = dice.choice(("none", "none", "value", "incremental", "lots"))
        if shape == "none":
            continue
        for threshold in sorted(dice.sample((1, 2, 3), dice.choice((1, 2)))):
            one: dict[str, Any] = {
                "supplier": supplier["id"],
                "rate": Decimal(dice.choice((3, 5, 10, 20))) / 100,
            }
            if shape == "lots":
                one["from_lots"] = threshold
            else:
                one["from_value"] = threshold * 60
                one["kind"] = "incremental" if shape == "incremental" else "all_units"
            discounts.append(one)
    return discounts


def _rule(
    dice: Random, bids: list[dict[str, Any]], suppliers: list[dict[str, Any]]
) -> dict[str, Any]:
    names = [bid["id"] for bid in bids]
    supplier = dice.choice(suppliers)["id"]
    region = dice.choice((None, "north", "south"))
    who = dice.choice(({"sme": True}, {"local": True}, {"kind": "voluntary"}, {"supplier": "s0"}))
    share = Decimal(dice.choice((20, 25, 40, 50, 60, 80))) / 100
    return dice.choice(
        (
            {"kind": "max_winners", "limit": dice.randint(1, 2), "region": region},
            {"kind": "max_suppliers", "limit": dice.randint(1, 2), "region": region},
            {"kind": "min_winners", "limit": dice.randint(1, 3), "region": region},
            {"kind": "min_suppliers", "limit": dice.randint(1, 3), "region": region},
            {"kind": "max_share", "who": who, "share": share},
            {"kind": "max_share", "who": {}, "share": share},
            {"kind": "min_share", "who": who, "share": share},
            {"kind": "must_use", "offer": dice.choice(names)},
            {"kind": "must_use", "supplier": supplier},
            {"kind": "must_not_use", "offer": dice.choice(names)},
            {"kind": "must_not_use", "supplier": supplier},
            {"kind": "max_value", "amount": _money(dice, 80, 250)},
            {"kind": "max_value", "amount": _money(dice, 60, 250), "supplier": supplier},
            {"kind": "budget", "amount": _money(dice, 150, 500)},
            {"kind": "excludes", "offers": dice.sample(names, 3)},
            {"kind": "requires", "offer": names[0], "needs": dice.sample(names[1:], 2)},
        )
    )
