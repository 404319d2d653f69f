"""What the rules of an event are tested on: who wins what, and is paid what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sourcemix.model.award import SupplierAward, Winner
from sourcemix.model.event import Bidder, Event
from sourcemix.verify.arithmetic import ZERO, total
from sourcemix.verify.discounts import one_kind, rebate


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """An award.

    Attributes:
        event: the event.
        winners: winning bids by id, with their prices by the event.
        suppliers: what each winning supplier wins, by id.
        lots: lots that each winning supplier wins any of.
        unawarded: lots without a winner.
        costs: pounds by component, exactly.
    """

    event: Event
    winners: Mapping[str, Winner]
    suppliers: Mapping[str, SupplierAward]
    lots: Mapping[str, frozenset[str]]
    unawarded: tuple[str, ...]
    costs: Mapping[str, Decimal]

    @property
    def cost(self) -> Decimal:
        """Pounds of all components."""
        return sum(self.costs.values(), Decimal("0.00"))

    def paid(self, supplier: str) -> Fraction:
        """Pounds that a supplier is paid: price less discount."""
        row = self.suppliers.get(supplier)
        return Fraction(row.price) - Fraction(row.discount) if row is not None else ZERO

    def winning_in(self, region: str | None) -> set[str]:
        """Suppliers that win any of a lot, in a region if given."""
        regions = {lot.id: lot.region for lot in self.event.lots}
        return {
            supplier
            for supplier, lots in self.lots.items()
            if region is None or any(regions.get(lot) == region for lot in lots)
        }


def award_facts(
    event: Event, winners: tuple[Winner, ...], prices: Mapping[str, Decimal]
) -> AwardFacts:
    """Work out costs and the table of suppliers from the quantities won.

    Args:
        event: the event.
        winners: winning bids, known to the event.
        prices: price of each by the event, in pounds.
    """
    suppliers = {bid.id: bid.supplier for bid in event.bids}
    won: dict[str, set[str]] = {}
    price: dict[str, Decimal] = {}
    for winner in winners:
        supplier = suppliers[winner.bid]
        price[supplier] = price.get(supplier, Decimal("0.00")) + prices[winner.bid]
        won.setdefault(supplier, set()).update(_won(winner))
    bidders = {bidder.id: bidder for bidder in event.suppliers}
    table = {
        supplier: _row(event, bidders[supplier], price[supplier], len(won[supplier]))
        for supplier in sorted(won)
    }
    taken = {lot for lots in won.values() for lot in lots}
    unawarded = tuple(sorted(lot.id for lot in event.lots if lot.quantity and lot.id not in taken))
    return AwardFacts(
        event=event,
        winners={winner.bid: winner for winner in winners},
        suppliers=table,
        lots={supplier: frozenset(lots) for supplier, lots in won.items()},
        unawarded=unawarded,
        costs=_costs(event, table, won, unawarded),
    )


def _won(winner: Winner) -> set[str]:
    return {lot for lot, units in winner.lots.items() if units}


def _row(event: Event, bidder: Bidder, price: Decimal, lots: int) -> SupplierAward:
    discounts = tuple(d for d in event.discounts if d.supplier == bidder.id)
    off = Decimal("0.00")
    if discounts and one_kind(discounts):
        off = rebate(discounts, Fraction(price), lots)
    return SupplierAward(
        supplier=bidder.id, lots=lots, price=price, discount=off, onboarding=bidder.onboarding
    )


def _costs(
    event: Event,
    table: Mapping[str, SupplierAward],
    won: Mapping[str, set[str]],
    unawarded: tuple[str, ...],
) -> dict[str, Decimal]:
    zero = Decimal("0.00")
    switching = unawarded_cost = zero
    for lot in event.lots:
        holders = {supplier for supplier, lots in won.items() if lot.id in lots}
        if lot.incumbent is not None and holders - {lot.incumbent}:
            switching += lot.switching
        if lot.id in unawarded and lot.unawarded != "never":
            unawarded_cost += lot.unawarded
    rows = table.values()
    return {
        "price": sum((row.price for row in rows), zero),
        "discount": -sum((row.discount for row in rows), zero),
        "switching": switching,
        "onboarding": sum((row.onboarding for row in rows), zero),
        "unawarded": unawarded_cost,
    }


def paid_in_all(facts: AwardFacts) -> Fraction:
    """Pounds that all suppliers are paid."""
    return total(facts.paid(supplier) for supplier in facts.suppliers)
