"""What offers and futures say, whatever they are called: what decides between equal plans.

Ids, and the order of rows, carry no meaning. Neither do notes, nor the size of the money unit:
amounts count in proportion to the largest of the offer. What an offer says does not depend on any
other offer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any

from sourcemix.model.case import Case
from sourcemix.model.drivers import (
    Driver,
    PolicyDriver,
    ReorganisationDriver,
    RequirementDriver,
    driver_id,
)
from sourcemix.model.offers import Offer
from sourcemix.model.tree import Tree

Contents = Mapping[str, str]
"""Content by id."""

_MONEY = frozenset(
    {
        *("fixed", "price", "setup", "fee_per_missing_year", "transition", "cost", "income"),
        *("manage", "ceiling", "procurement"),
    }
)
"""Fields of an offer, its form and its framework that hold amounts."""
_ELSEWHERE = frozenset(
    {"id", "supplier", "form", "services", "reduces", "takeover", "framework", "index"}
)
"""Fields of an offer that name something; what it says stands in place of its name."""
_SILENT = frozenset({"note", "parties", "currency", "vat", "price_base"})
"""Fields of an offer that move no decision."""


def offer_contents(case: Case) -> dict[str, str]:
    """What each offer says, by its id."""
    services = {service.id: _service(case, service.id) for service in case.services}
    suppliers = {supplier.id: _supplier(case, supplier.id) for supplier in case.suppliers}
    return {offer.id: _hash(_offer(case, offer, services, suppliers)) for offer in case.offers}


def service_contents(case: Case) -> dict[str, str]:
    """What each service is, by its id."""
    return {service.id: _service(case, service.id) for service in case.services}


def node_contents(case: Case, tree: Tree) -> tuple[str, ...]:
    """What has happened up to each node, in the order of the tree."""
    offers, services = offer_contents(case), service_contents(case)
    suppliers = {supplier.id: _supplier(case, supplier.id) for supplier in case.suppliers}
    names = {**services, **suppliers, **offers}
    drivers = {driver_id(driver): _hash(_driver(driver, names)) for driver in case.drivers}
    found: list[str] = []
    for node in tree.nodes:
        above = "" if node.parent is None else found[node.parent]
        seen = sorted((drivers.get(name, name), label) for name, label in node.seen.items())
        found.append(_hash([above, node.period, seen]))
    return tuple(found)


def _offer(case: Case, offer: Offer, services: Contents, suppliers: Contents) -> Any:
    stated = offer.model_dump(by_alias=True)
    form = case.forms[offer.form].model_dump(exclude={"description", "route"})
    framework = next(
        (f.model_dump(exclude={"id"}) for f in case.frameworks if f.id == offer.framework), None
    )
    largest = max(_amounts([stated, form, framework]), default=Fraction(0)) or Fraction(1)
    outcomes = {outcome.id: outcome.statement for outcome in case.outcomes}
    entries = []
    for name, terms in stated["services"].items():
        levels = terms.pop("outcomes")
        reached = sorted((outcomes.get(o, o), str(Fraction(level))) for o, level in levels.items())
        entries.append([services[name], reached, _said(terms, largest)])
    return [
        suppliers.get(offer.supplier),
        _said(form, largest),
        _said(framework, largest),
        _said(case.indices.get(offer.index or ""), largest),
        sorted(map(repr, entries)),
        sorted([services[name], _said(share, largest)] for name, share in offer.reduces.items()),
        sorted(
            [suppliers[entry["from"]], _said(entry["cost"], largest, money=True)]
            for entry in stated["takeover"]
        ),
        [
            _said(agreement.model_dump(exclude={"offer"}), largest)
            for agreement in case.agreements
            if agreement.offer == offer.id
        ],
        _said({k: v for k, v in stated.items() if k not in _ELSEWHERE | _SILENT}, largest),
    ]


def _supplier(case: Case, name: str) -> str:
    return _hash(_said(case.supplier(name).model_dump(exclude={"id"}), Fraction(1)))


def _service(case: Case, name: str) -> str:
    service = case.service(name)
    return _hash(
        _said(service.model_dump(include={"name", "unit", "demand", "max_providers"}), Fraction(1))
    )


def _driver(driver: Driver, names: Contents) -> Any:
    stated = driver.model_dump(exclude={"id", "adapts", "rule", "factor", "by_offer"})
    for field in ("services", "offers"):
        if field in stated:
            stated[field] = sorted(names.get(name, name) for name in stated[field])
    for field in ("supplier", "offer"):
        if field in stated:
            stated[field] = names.get(stated[field], stated[field])
    if isinstance(driver, PolicyDriver):
        stated["rule"] = driver.rule.kind
    if isinstance(driver, RequirementDriver):
        stated["adapts"] = sorted(names.get(name, name) for name in driver.adapts)
    if isinstance(driver, ReorganisationDriver):
        stated["by_offer"] = sorted((names.get(o, o), way) for o, way in driver.by_offer.items())
    return _said(stated, Fraction(1))


def _said(value: Any, largest: Fraction, *, money: bool = False) -> Any:
    """A value as plain text in one order, amounts in proportion to the largest."""
    match value:
        case Mapping():
            return {
                key: _said(inner, largest, money=money or key in _MONEY)
                for key, inner in sorted(value.items())
                if key != "prior"
            }
        case tuple() | list():
            return [_said(inner, largest, money=money) for inner in value]
        case Decimal():
            return str(Fraction(value) / largest if money else Fraction(value))
        case date():
            return value.isoformat()
    return value


def _amounts(value: Any, *, money: bool = False) -> Iterable[Fraction]:
    """Every amount in what an offer states."""
    match value:
        case Mapping():
            for key, inner in value.items():
                yield from _amounts(inner, money=money or key in _MONEY)
        case tuple() | list():
            for inner in value:
                yield from _amounts(inner, money=money)
        case Decimal() if money:
            yield Fraction(value)


def _hash(value: Any) -> str:
    return sha256(repr(value).encode()).hexdigest()
