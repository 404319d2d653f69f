"""The cheapest award by trying every set of bids, in whole pence: slow, short and independent.

Follows "Events" of docs/reference/meaning.md. Divisible bids are tried in whole units, a thousandth
more and a thousandth less: it can be worth much to win at all. Written for tests only, from the
text and not from the engine.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

from sourcemix.model.event import Bid, Bidder, Discount, Event

THOUSANDTH = Decimal("0.001")


def cheapest(event: Event) -> int | None:
    """Pence of the cheapest award that holds everything; None where there is none."""
    ways = [_ways(bid) for bid in event.bids if not _over_reserve(event, bid)]
    best: int | None = None
    for choice in product(*ways):
        cost = cost_of(event, tuple(bid for bid in choice if bid is not None))
        if cost is not None and (best is None or cost < best):
            best = cost
    return best


def _ways(bid: Bid) -> list[Bid | None]:
    """Not to win; or to win, with a divisible bid as one whole bid for each quantity."""
    if bid.unit_price is None:
        return [None, bid]
    ways: list[Bid | None] = [None]
    for amounts in product(*(_amounts(int(units)) for units in bid.lots.values())):
        units = sum(amounts)
        if units > 0 and units >= bid.min:
            pennies = round(Fraction(bid.unit_price) * Fraction(units) * 100)
            lots = {name: amount for name, amount in zip(bid.lots, amounts, strict=True) if amount}
            ways.append(
                Bid(
                    id=bid.id,
                    supplier=bid.supplier,
                    lots=lots,
                    price=Decimal(pennies) / 100,
                    xor=bid.xor,
                )
            )
    return ways


def _amounts(most: int) -> list[Decimal]:
    near = [k + off * THOUSANDTH for k in range(most + 1) for off in (-1, 0, 1)]
    return [amount for amount in near if 0 <= amount <= most]


def cost_of(event: Event, chosen: tuple[Bid, ...]) -> int | None:
    """Pence of one award, None if it breaks anything."""
    names = {bid.id for bid in chosen}
    if not (_lots_hold(event, chosen) and _ties_hold(event, names)):
        return None
    paid: dict[str, int] = {}
    for supplier in event.suppliers:
        own = [bid for bid in chosen if bid.supplier == supplier.id]
        if own:
            paid[supplier.id] = _paid(event, supplier, own)
            if not _supplier_holds(supplier, own, paid[supplier.id]):
                return None
    cost = sum(paid.values())
    for supplier in event.suppliers:
        cost += _pence(supplier.onboarding) if supplier.id in paid else 0
    for lot in event.lots:
        winners = {bid.supplier for bid in chosen if lot.id in bid.lots}
        if not winners:
            assert lot.unawarded != "never"
            cost += _pence(lot.unawarded)
        elif lot.incumbent is not None and winners != {lot.incumbent}:
            cost += _pence(lot.switching)
    return cost if all(_rule_holds(event, r, chosen, paid, cost) for r in event.rules) else None


def _pence(pounds: Decimal) -> int:
    return int(pounds * 100)


def _over_reserve(event: Event, bid: Bid) -> bool:
    lots = {lot.id: lot for lot in event.lots}
    if any(lots[name].reserve is None for name in bid.lots):
        return False
    allowed = sum(
        Fraction(lots[name].reserve or 0) * Fraction(units) / Fraction(lots[name].quantity)
        for name, units in bid.lots.items()
    )
    units = sum(map(Fraction, bid.lots.values()))
    price = bid.price if bid.unit_price is None else round(bid.unit_price * Decimal(int(units)), 2)
    return Fraction(price or 0) > allowed


def _lots_hold(event: Event, chosen: tuple[Bid, ...]) -> bool:
    for lot in event.lots:
        parts = [bid.lots[lot.id] for bid in chosen if lot.id in bid.lots]
        if not parts:
            if lot.unawarded == "never":
                return False
        elif sum(parts) < lot.quantity or (sum(parts) > lot.quantity and not event.free_disposal):
            return False
    return True


def _ties_hold(event: Event, names: set[str]) -> bool:
    groups = [bid.xor for bid in event.bids if bid.id in names and bid.xor]
    if len(groups) != len(set(groups)):
        return False
    for tied in event.conditions:
        if tied.bid in names and not names.issuperset(tied.needs):
            return False
        if tied.at_most is not None and len(names.intersection(tied.of)) > tied.at_most:
            return False
    return True


def _paid(event: Event, supplier: Bidder, own: list[Bid]) -> int:
    price = sum(_pence(bid.price or Decimal(0)) for bid in own)
    lots = len({name for bid in own for name in bid.lots})
    mine = [one for one in event.discounts if one.supplier == supplier.id]
    return price - _discount(mine, price, lots)


def _discount(discounts: list[Discount], price: int, lots: int) -> int:
    if not discounts:
        return 0
    if discounts[0].kind == "incremental":
        ordered = sorted(discounts, key=lambda one: one.from_value or 0)
        total = Fraction(0)
        for i, one in enumerate(ordered):
            start = _pence(one.from_value or Decimal(0))
            end = _pence(ordered[i + 1].from_value or Decimal(0)) if i + 1 < len(ordered) else price
            total += Fraction(one.rate) * max(min(price, end) - start, 0)
        return round(total)
    reached = [
        (one.from_lots or _pence(one.from_value or Decimal(0)), one.rate)
        for one in discounts
        if (one.from_lots is not None and lots >= one.from_lots)
        or (one.from_value is not None and price >= _pence(one.from_value))
    ]
    return round(Fraction(max(reached)[1]) * price) if reached else 0


def _supplier_holds(supplier: Bidder, own: list[Bid], paid: int) -> bool:
    units = sum((sum(bid.lots.values(), Decimal(0)) for bid in own), Decimal(0))
    lots = {name for bid in own for name in bid.lots}
    return (
        (supplier.capacity is None or units <= supplier.capacity)
        and (supplier.max_lots is None or len(lots) <= supplier.max_lots)
        and (supplier.max_value is None or paid <= _pence(supplier.max_value))
        and (supplier.min_award is None or paid >= _pence(supplier.min_award))
    )


def _rule_holds(
    event: Event, rule: object, chosen: tuple[Bid, ...], paid: dict[str, int], cost: int
) -> bool:
    bids = {bid.id for bid in chosen}
    figures = rule.__dict__
    kind = figures["kind"]
    if kind in ("max_winners", "max_suppliers", "min_winners", "min_suppliers"):
        where = {lot.id for lot in event.lots if figures["region"] in (None, lot.region)}
        count = len({bid.supplier for bid in chosen if where.intersection(bid.lots)})
        return bool(
            count <= figures["limit"] if kind.startswith("max") else count >= figures["limit"]
        )
    if kind in ("max_share", "min_share"):
        who = figures["who"].model_dump(exclude_none=True)
        total, share = sum(paid.values()), Fraction(figures["share"])
        if not who:
            return all(part <= share * total for part in paid.values())
        fitting = [
            supplier.id
            for supplier in event.suppliers
            if all(
                getattr(supplier, "id" if name == "supplier" else name) == value
                for name, value in who.items()
            )
        ]
        part = sum(paid.get(name, 0) for name in fitting)
        return part <= share * total if kind == "max_share" else part >= share * total
    if kind in ("must_use", "must_not_use"):
        used = figures["offer"] in bids or figures["supplier"] in paid
        return bool(used == (kind == "must_use"))
    if kind == "max_value":
        limit = _pence(figures["amount"])
        names = [figures["supplier"]] if figures["supplier"] else list(paid)
        return all(paid.get(name, 0) <= limit for name in names)
    if kind == "budget":
        return cost <= _pence(figures["amount"])
    if kind == "excludes":
        return len(bids.intersection(figures["offers"])) <= 1
    assert kind == "requires"
    return figures["offer"] not in bids or bids.issuperset(figures["needs"])
