"""Checks of an event: names, quantities, conditions, discounts, and what an award allows."""

from __future__ import annotations

from collections.abc import Iterator

from sourcemix.errors import Fault, Path
from sourcemix.model.event import Bid, Condition, Discount, Event, Lot
from sourcemix.model.references import (
    Known,
    duplicates,
    ids,
    keys,
    many,
    one,
    rule_references,
    rule_sense,
)
from sourcemix.model.rules import MaxShare, MinShare, Rule
from sourcemix.model.wording import hint


def event_faults(event: Event, also: Known) -> Iterator[Fault]:
    """Everything in an event that does not fit together."""
    known = {
        where: {*ids(getattr(event, where)), *also.get(where, ())}
        for where in ("lots", "suppliers", "bids")
    }
    for where in ("lots", "suppliers", "bids"):
        yield from duplicates(where, ids(getattr(event, where)))
    yield from duplicates("rules", [rule.id for rule in event.rules])
    yield from _lots(event, known)
    yield from _bidders(event)
    yield from _bids(event, known)
    for i, condition in enumerate(event.conditions):
        yield from _condition(("conditions", i), condition, known)
    yield from _discounts(event, known)
    for i, rule in enumerate(event.rules):
        yield from _rule(("rules", i), rule, event, known, regions_known=not also.get("lots"))
    if event.quality is not None:
        yield from keys(("quality", "scores"), event.quality.scores, known, "bids")


def _lots(event: Event, known: Known) -> Iterator[Fault]:
    for i, lot in enumerate(event.lots):
        yield from one(("lots", i, "incumbent"), lot.incumbent, known, "suppliers")
        if not lot.quantity:
            yield Fault(("lots", i, "quantity"), "should be more than 0")


def _bidders(event: Event) -> Iterator[Fault]:
    bidding = {bid.supplier for bid in event.bids}
    for i, supplier in enumerate(event.suppliers):
        path: Path = ("suppliers", i)
        if event.purpose == "award" and supplier.kind == "in_house" and supplier.id in bidding:
            message = (
                "an in-house team cannot bid in an event for award; take its bids out and compare "
                "with its cost, or set `purpose: design`"
            )
            yield Fault((*path, "kind"), message)
        least, most = supplier.min_award, supplier.max_value
        if least is not None and most is not None and least > most:
            message = f"{least} is more than `max_value` ({most}), so it could never win"
            yield Fault((*path, "min_award"), message)


def _bids(event: Event, known: Known) -> Iterator[Fault]:
    lots = {lot.id: lot for lot in event.lots}
    for i, bid in enumerate(event.bids):
        path: Path = ("bids", i)
        yield from one((*path, "supplier"), bid.supplier, known, "suppliers")
        yield from keys((*path, "lots"), bid.lots, known, "lots")
        for name, units in bid.lots.items():
            if not units:
                message = "0 units: say how many, or leave the lot out"
                yield Fault((*path, "lots", name), message)
        if not event.free_disposal:
            yield from _too_much(path, bid, lots)


def _too_much(path: Path, bid: Bid, lots: dict[str, Lot]) -> Iterator[Fault]:
    if any(name not in lots for name in bid.lots):
        return
    if bid.unit_price is None:
        for name, units in bid.lots.items():
            if units > lots[name].quantity:
                message = (
                    f"more of the lot than there is: {units} of {lots[name].quantity}, all or "
                    "nothing, so the bid could never win; correct it, or set `free_disposal: true`"
                )
                yield Fault((*path, "lots", name), message)
        return
    usable = sum(min(units, lots[name].quantity) for name, units in bid.lots.items())
    if bid.min > usable:
        message = (
            f"more of its lots than there is: `min` is {bid.min}, its lots need {usable} in all, "
            "so the bid could never win"
        )
        yield Fault((*path, "min"), message)


def _condition(path: Path, condition: Condition, known: Known) -> Iterator[Fault]:
    yield from one((*path, "bid"), condition.bid, known, "bids")
    yield from many((*path, "needs"), condition.needs, known, "bids")
    yield from many((*path, "of"), condition.of, known, "bids")
    if condition.bid is not None and condition.bid in condition.needs:
        yield Fault((*path, "needs"), f"`{condition.bid}` cannot need itself")


def _discounts(event: Event, known: Known) -> Iterator[Fault]:
    first: dict[str, tuple[int, Discount]] = {}
    thresholds: set[tuple[str, object, object]] = set()
    for i, discount in enumerate(event.discounts):
        path: Path = ("discounts", i)
        yield from one((*path, "supplier"), discount.supplier, known, "suppliers")
        at, before = first.setdefault(discount.supplier, (i, discount))
        mixed_kind = discount.kind != before.kind
        mixed_base = (discount.from_lots is None) != (before.from_lots is None)
        if mixed_kind or mixed_base:
            message = (
                f"mixes kinds of discount of `{discount.supplier}` with `discounts[{at}]`: one "
                "supplier's discounts are all `all_units` or all `incremental`, and all from "
                "`from_value` or all from `from_lots`"
            )
            yield Fault(path, message)
            continue
        threshold = (discount.supplier, discount.from_value, discount.from_lots)
        if threshold in thresholds:
            yield Fault(path, f"`{discount.supplier}` already has a discount from this threshold")
        thresholds.add(threshold)


def _rule(
    path: Path, rule: Rule, event: Event, known: Known, *, regions_known: bool
) -> Iterator[Fault]:
    yield from rule_references(path, rule, known, event=True)
    yield from rule_sense(path, rule)
    region = getattr(rule, "region", None)
    regions = {lot.region for lot in event.lots if lot.region}
    if region is not None and region not in regions and regions_known:
        message = f"no lot is in region `{region}`{hint(region, regions)}"
        yield Fault((*path, "region"), message)
    if event.purpose != "award" or rule.stated_in_notice:
        return
    if isinstance(rule, MaxShare | MinShare):
        stated = rule.who.model_dump(exclude_none=True, exclude={"supplier"})
        if stated:
            message = (
                "an award may not favour or limit SMEs, kinds of supplier or local suppliers "
                "unless the tender notice says so; if it does, add `stated_in_notice: true`, or "
                "set `purpose: design`"
            )
            yield Fault((*path, "who"), message)
