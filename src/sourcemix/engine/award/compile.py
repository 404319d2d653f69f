"""An event as whole numbers: the only place of this room where names become indices.

Money is in pence, quantities in thousandths of a unit, both `int`; unit prices and rates are
exact fractions. Bids that cannot win are left out here, each with the reason in words. Lots,
suppliers, bids and rules are put in an order that does not depend on the file. The event has
passed `sourcemix.model.checks`: names lead somewhere, quantities are above 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pydantic import BaseModel

from sourcemix.engine.award.limits import PaidLimit, paid_limits
from sourcemix.model.canonical import canonical
from sourcemix.model.event import Bid, Bidder, Condition, Discount, Event, Lot
from sourcemix.model.rules import MustNotUse, Rule, rule_name

MILLI = 1000
"""Thousandths in a unit."""


def pence(pounds: Decimal) -> int:
    """An amount in pounds, to the penny, as pence."""
    return int(pounds * 100)


def milli(units: Decimal) -> int:
    """A quantity in units, to a thousandth, as thousandths."""
    return int(units * MILLI)


@dataclass(frozen=True, slots=True)
class LotTerms:
    """A lot.

    Attributes:
        id: its id.
        quantity: thousandths to buy.
        region: where it is.
        incumbent: index of the supplier that has it today; -1 if that one does not bid; None if
            nobody has it.
        switching: pence if anybody else wins any of it.
        unawarded: pence for leaving it without a winner; None forbids it.
    """

    id: str
    quantity: int
    region: str
    incumbent: int | None
    switching: int
    unawarded: int | None


@dataclass(frozen=True, slots=True)
class BidTerms:
    """A bid that may win.

    Attributes:
        id: its id.
        supplier: index of its supplier.
        lots: index of each lot with the thousandths offered (at most, if it is divisible).
        price: pence for all of it; 0 if it is divisible.
        unit: pence for a thousandth of a unit; None if it is all or nothing.
        least: fewest thousandths in all, if it is divisible and wins.
    """

    id: str
    supplier: int
    lots: tuple[tuple[int, int], ...]
    price: int
    unit: Fraction | None
    least: int

    @property
    def divisible(self) -> bool:
        """Whether any quantity may be won."""
        return self.unit is not None

    @property
    def offered(self) -> int:
        """Thousandths over all its lots."""
        return sum(amount for _, amount in self.lots)


@dataclass(frozen=True, slots=True)
class Tier:
    """A threshold of a supplier's discounts.

    Attributes:
        start: pence of price, or number of lots, from which it holds.
        rate: share taken off.
        base: pence of discount already earned at the threshold (incremental only).
    """

    start: int
    rate: Fraction
    base: Fraction


@dataclass(frozen=True, slots=True)
class Discounts:
    """All discounts of one supplier.

    Attributes:
        by_lots: whether thresholds count lots; else they are pence of price.
        incremental: whether a rate holds only beyond its threshold.
        tiers: from the lowest threshold up; the first begins at 0 without a discount.
    """

    by_lots: bool
    incremental: bool
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """An event ready to be modelled.

    Attributes:
        lots: the lots, by id.
        suppliers: the suppliers, by id.
        bids: the bids that may win, by id.
        on_lot: for each lot, the bids on it with the thousandths offered.
        by_supplier: for each supplier, its bids.
        index: position of each bid in `bids`.
        groups: bids of each xor group with more than one.
        conditions: what suppliers tie together.
        discounts: by index of the supplier.
        limits: limits on what is paid.
        rules: the other rules.
        free_disposal: whether a lot may be bought more than once.
        left_out: bids that cannot win, with the reason in words.
    """

    lots: tuple[LotTerms, ...]
    suppliers: tuple[Bidder, ...]
    bids: tuple[BidTerms, ...]
    on_lot: tuple[tuple[tuple[int, int], ...], ...]
    by_supplier: tuple[tuple[int, ...], ...]
    index: dict[str, int]
    groups: tuple[tuple[int, ...], ...]
    conditions: tuple[Condition, ...]
    discounts: dict[int, Discounts]
    limits: tuple[PaidLimit, ...]
    rules: tuple[Rule, ...]
    free_disposal: bool
    left_out: dict[str, str]

    def full(self, bid: int, lot: int) -> bool:
        """Whether no other bid can win any of a lot beside this one."""
        if self.free_disposal or self.bids[bid].divisible:
            return False
        return dict(self.bids[bid].lots)[lot] == self.lots[lot].quantity


def compiled(event: Event) -> Terms:
    """The event as whole numbers, in an order of its own."""
    suppliers = tuple(sorted(event.suppliers, key=lambda supplier: supplier.id))
    place = {supplier.id: s for s, supplier in enumerate(suppliers)}
    lots = tuple(_lot(lot, place) for lot in sorted(event.lots, key=lambda lot: lot.id))
    where = {lot.id: i for i, lot in enumerate(lots)}
    left_out = _left_out(event)
    kept = sorted((bid for bid in event.bids if bid.id not in left_out), key=lambda bid: bid.id)
    bids = tuple(_bid(bid, place, where) for bid in kept)
    on_lot: list[list[tuple[int, int]]] = [[] for _ in lots]
    by_supplier: list[list[int]] = [[] for _ in suppliers]
    groups: dict[str, list[int]] = {}
    for b, (bid, source) in enumerate(zip(bids, kept, strict=True)):
        by_supplier[bid.supplier].append(b)
        for lot, amount in bid.lots:
            on_lot[lot].append((b, amount))
        if source.xor is not None:
            groups.setdefault(source.xor, []).append(b)
    rules = tuple(sorted(map(canonical, event.rules), key=_content))
    return Terms(
        lots=lots,
        suppliers=suppliers,
        bids=bids,
        on_lot=tuple(map(tuple, on_lot)),
        by_supplier=tuple(map(tuple, by_supplier)),
        index={bid.id: b for b, bid in enumerate(bids)},
        groups=tuple(tuple(groups[name]) for name in sorted(groups) if len(groups[name]) > 1),
        conditions=tuple(sorted(map(canonical, event.conditions), key=_content)),
        discounts=_discounts(event.discounts, place),
        limits=paid_limits(suppliers, rules),
        rules=rules,
        free_disposal=event.free_disposal,
        left_out=left_out,
    )


def _content(item: BaseModel) -> str:
    return item.model_dump_json()


def _lot(lot: Lot, place: dict[str, int]) -> LotTerms:
    incumbent = None if lot.incumbent is None else place.get(lot.incumbent, -1)
    return LotTerms(
        id=lot.id,
        quantity=milli(lot.quantity),
        region=lot.region,
        incumbent=incumbent,
        switching=pence(lot.switching),
        unawarded=None if lot.unawarded == "never" else pence(lot.unawarded),
    )


def _bid(bid: Bid, place: dict[str, int], where: dict[str, int]) -> BidTerms:
    offers = sorted((where[lot], milli(amount)) for lot, amount in bid.lots.items())
    return BidTerms(
        id=bid.id,
        supplier=place[bid.supplier],
        lots=tuple(offers),
        price=0 if bid.price is None else pence(bid.price),
        unit=None if bid.unit_price is None else Fraction(bid.unit_price) * 100 / MILLI,
        least=milli(bid.min),
    )


def _left_out(event: Event) -> dict[str, str]:
    """Bids that cannot win whatever else does, and why."""
    lots = {lot.id: lot for lot in event.lots}
    forbidden: dict[str, str] = {}
    barred: dict[str, str] = {}
    for rule in event.rules:
        if isinstance(rule, MustNotUse):
            name = rule_name(rule)
            if rule.offer is not None:
                forbidden.setdefault(rule.offer, name)
            if rule.supplier is not None:
                barred.setdefault(rule.supplier, name)
    reasons: dict[str, str] = {}
    for bid in event.bids:
        rule_against = forbidden.get(bid.id) or barred.get(bid.supplier)
        if rule_against is not None:
            reasons[bid.id] = f"rule {rule_against} forbids it"
        elif _over_reserve(bid, lots):
            reasons[bid.id] = "it costs more than the reserve of its lots"
    return reasons


def _over_reserve(bid: Bid, lots: dict[str, Lot]) -> bool:
    """Whether a bid costs more than the reserves of its lots, pro-rated by quantity.

    A bid on any lot without a reserve passes.
    """
    allowed = Fraction(0)
    for lot_id, amount in bid.lots.items():
        lot = lots[lot_id]
        if lot.reserve is None:
            return False
        allowed += Fraction(lot.reserve) * Fraction(amount) / Fraction(lot.quantity)
    if bid.price is not None:
        return Fraction(bid.price) > allowed
    assert bid.unit_price is not None
    units = sum(bid.lots.values(), start=Decimal(0))
    price = Fraction(round(Fraction(bid.unit_price) * Fraction(units) * 100), 100)
    return price > allowed


def _discounts(discounts: Iterable[Discount], place: dict[str, int]) -> dict[int, Discounts]:
    by_supplier: dict[int, list[Discount]] = {}
    for discount in discounts:
        by_supplier.setdefault(place[discount.supplier], []).append(discount)
    return {s: _ladder(by_supplier[s]) for s in sorted(by_supplier)}


def _ladder(discounts: list[Discount]) -> Discounts:
    """The tiers of one supplier. Of two with the same threshold, the higher rate counts."""
    by_lots = discounts[0].from_lots is not None
    rates: dict[int, Fraction] = {0: Fraction(0)}
    for discount in discounts:
        start = discount.from_lots if by_lots else pence(discount.from_value or Decimal(0))
        assert start is not None
        rates[start] = max(rates.get(start, Fraction(0)), Fraction(discount.rate))
    incremental = discounts[0].kind == "incremental"
    tiers: list[Tier] = []
    for start in sorted(rates):
        base = Fraction(0)
        if incremental and tiers:
            last = tiers[-1]
            base = last.base + last.rate * (start - last.start)
        tiers.append(Tier(start, rates[start], base))
    return Discounts(by_lots, incremental, tuple(tiers))
