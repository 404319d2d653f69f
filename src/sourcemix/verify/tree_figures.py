"""The figures of a node, worked out again from what has been seen on the way to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from sourcemix.model.case import Case
from sourcemix.model.common import central, in_year
from sourcemix.model.drivers import (
    BudgetDriver,
    DemandDriver,
    PolicyDriver,
    PriceDriver,
    ReorganisationDriver,
    RequirementDriver,
    SupplierFailureDriver,
    WithdrawalDriver,
    driver_id,
)
from sourcemix.model.tree import Node
from sourcemix.verify.arithmetic import to_places
from sourcemix.verify.tree_drivers import Mover, Path


def figure_faults(case: Case, known: Mapping[str, Mover], node: Node, path: Path) -> Iterator[str]:
    """What does not agree at one node, in words."""
    yield from _numbers(case, known, node, path)
    happened = {
        name: period for period, seen in path for name, label in seen.items() if label == "yes"
    }
    yield from _compare(node, "successors", node.split, _split(case, happened))
    for field, expected in _lists(case, node.period, happened).items():
        given = getattr(node, field)
        if set(given) != expected or len(given) != len(expected):
            yield (
                f"tree: node {node.id} has {field} {_names(given)}; by the drivers it is "
                f"{_names(expected)}"
            )


def _numbers(case: Case, known: Mapping[str, Mover], node: Node, path: Path) -> Iterator[str]:
    """Demand, price factors and budget."""
    demand: dict[str, object] = {}
    for service in case.services:
        units = Fraction(in_year(service.demand, node.period)) * case.horizon.months / 12
        for driver in case.drivers:
            if isinstance(driver, DemandDriver) and service.id in driver.services:
                units *= _multiplier(case, known, driver, path)
        demand[service.id] = to_places(units, 3)
    yield from _compare(node, "demand", node.demand, demand)
    prices: dict[str, object] = {}
    for offer in {name for d in case.drivers if isinstance(d, PriceDriver) for name in d.offers}:
        prices[offer] = tuple(
            _price_factor(case, known, offer, item, path) for item in ("price", "fixed")
        )
    given = {name: (factor.price, factor.fixed) for name, factor in node.prices.items()}
    yield from _compare(node, "price factors", given, prices)
    budget = Fraction(1)
    for driver in case.drivers:
        if isinstance(driver, BudgetDriver):
            budget *= known[driver_id(driver)].factor(path)
    yield from _compare(node, "budget factor", {"": node.budget}, {"": to_places(budget, 6)})


def _price_factor(
    case: Case, known: Mapping[str, Mover], offer: str, item: str, path: Path
) -> Decimal:
    factor = Fraction(1)
    for driver in case.drivers:
        if isinstance(driver, PriceDriver) and offer in driver.offers and item in driver.items:
            factor *= _multiplier(case, known, driver, path)
    return to_places(factor, 6)


def _multiplier(
    case: Case, known: Mapping[str, Mover], driver: DemandDriver | PriceDriver, path: Path
) -> Fraction:
    """Drift of every period after the first, and all that has been seen."""
    factor = known[driver.id].factor(path)
    if driver.drift is not None:
        step = 1 + Fraction(central(driver.drift)) * Fraction(case.horizon.months, 12)
        for _ in path[1:]:
            factor *= step
    return factor


def _lists(case: Case, period: int, happened: Mapping[str, int]) -> dict[str, set[str]]:
    """What each list of a node should hold."""
    lists: dict[str, set[str]] = {
        "failed": set(),
        "just_failed": set(),
        "withdrawn": set(),
        "arisen": set(),
        "in_force": set(),
        "ended": set(),
        "merged": set(),
    }
    for driver in case.drivers:
        name = driver_id(driver)
        if name not in happened:
            continue
        if isinstance(driver, SupplierFailureDriver):
            lists["failed"].add(driver.supplier)
            if period < happened[name] + case.appraisal.emergency_periods:
                lists["just_failed"].add(driver.supplier)
        elif isinstance(driver, WithdrawalDriver):
            lists["withdrawn"].add(driver.offer)
        elif isinstance(driver, RequirementDriver):
            lists["arisen"].add(name)
        elif isinstance(driver, PolicyDriver):
            lists["in_force"].add(name)
        elif isinstance(driver, ReorganisationDriver):
            lists["merged"].update(_reorganised(case, driver, "merge"))
            if happened[name] == period:
                lists["ended"].update(_reorganised(case, driver, "end"))
    return lists


def _split(case: Case, happened: Mapping[str, int]) -> dict[str, int]:
    """By offer, into how many agreements reorganisation has split it."""
    return {
        offer: len(driver.successors)
        for driver in case.drivers
        if isinstance(driver, ReorganisationDriver) and driver_id(driver) in happened
        for offer in _reorganised(case, driver, "split")
    }


def _reorganised(case: Case, driver: ReorganisationDriver, way: str) -> Iterator[str]:
    """The offers whose agreements a reorganisation treats in a way."""
    for offer in case.offers:
        if driver.by_offer.get(offer.id, driver.on_vesting) == way:
            yield offer.id


def _compare(
    node: Node, what: str, given: Mapping[str, object], expected: Mapping[str, object]
) -> Iterator[str]:
    for name in sorted(set(given) | set(expected)):
        if given.get(name) != expected.get(name):
            label = f"{what} of `{name}`" if name else what
            yield (
                f"tree: node {node.id} has {label} {_text(given.get(name))}; by the drivers it "
                f"is {_text(expected.get(name))}"
            )


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return " and ".join(str(part) for part in value)
    return "nothing" if value is None else str(value)


def _names(names: object) -> str:
    listed = sorted(names) if isinstance(names, tuple | set) else []
    return ", ".join(f"`{name}`" for name in listed) or "nothing"
