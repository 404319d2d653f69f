"""Changes to a case whose effect on its plan is known beforehand."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from pydantic import BaseModel
from tests.metamorphic.walk import AMOUNTS, changed

from sourcemix.model.canonical import _KEEP_ORDER
from sourcemix.model.case import Case
from sourcemix.model.common import Id, central
from sourcemix.model.rules import Rule

D = TypeVar("D", bound=BaseModel)
Names = dict[str, str]
"""What something was called before, by its name now."""
PRICED_BY_THE_POUND = ("budget", "max_value", "max_exit_exposure")
"""Rules whose `soft` is pounds for each pound of breach: it does not grow with the currency."""


def shuffled(case: Case, seed: int) -> Case:
    """The same case with the rows of every list, and the fields of every mapping, in any order."""
    rng = Random(f"shuffle {seed}")

    def mixed(value: Any) -> Any:
        if isinstance(value, BaseModel):
            return value.model_copy(update={name: mixed(part) for name, part in value})
        if isinstance(value, dict):
            return {key: mixed(value[key]) for key in rng.sample(sorted(value), len(value))}
        if isinstance(value, tuple) and not any(isinstance(item, _KEEP_ORDER) for item in value):
            return tuple(mixed(item) for item in rng.sample(value, len(value)))
        return value

    found: Case = mixed(case)
    return found


def renamed(case: Case, seed: int) -> tuple[Case, Names]:
    """The case with other ids, in another alphabetical order, and what each was before."""
    old = _names(case)
    places = Random(f"rename {seed}").sample(range(len(old)), len(old))
    new = {name: f"{place:02}x" for name, place in zip(old, places, strict=True)}

    def other(value: Any, kind: Any) -> Any:
        return new.get(value, value) if kind == Id else value

    found = changed(case, other)
    # Reading it again finds names that were forgotten.
    return Case.model_validate(found.model_dump(by_alias=True)), {v: k for k, v in new.items()}


def _names(case: Case) -> list[str]:
    """Every id in a case."""
    rows = (case.outcomes, case.services, case.suppliers, case.offers, case.frameworks, case.rules)
    found = {row.id for group in rows for row in group if row.id is not None}
    for driver in case.drivers:
        found |= {name for field in ("id", "factor") if (name := getattr(driver, field, None))}
    return sorted({*found, *case.forms, *case.indices, *case.baselines})


def times_ten(document: D) -> D:
    """The document with every amount of money, and every unit price, ten times as large."""
    found = changed(document, _ten_times)
    if not isinstance(document, Case) or not isinstance(found, Case):
        return found
    rules = tuple(map(_soft_as_it_was, document.rules, found.rules))
    drivers = tuple(
        new.model_copy(update={"rule": _soft_as_it_was(old.rule, new.rule)})
        if old.kind == "policy" and new.kind == "policy"
        else new
        for old, new in zip(document.drivers, found.drivers, strict=True)
    )
    return found.model_copy(update={"rules": rules, "drivers": drivers})


def _ten_times(value: Any, kind: Any) -> Any:
    return value * 10 if kind in AMOUNTS and isinstance(value, Decimal) else value


def _soft_as_it_was(old: Rule, new: Rule) -> Rule:
    shares = old.kind in ("max_share", "min_share") and getattr(old, "of", None) == "spend"
    if shares or old.kind in PRICED_BY_THE_POUND:
        return new.model_copy(update={"soft": old.soft})
    return new


NAMING = ("must_use", "must_not_use", "excludes", "requires")
"""Rules that name offers: a twin would slip past them."""


def with_plain_offer(case: Case) -> Case:
    """The case with its first offer made plain, so that a dearer twin of it can be of no use.

    Of an offer with a capacity, tiers, income or a share that it avoids, two are worth more than
    one. With lead, notice, fees or a window, two agreements that overlap can do what one cannot.
    And what a rule, a driver or an agreement of today says of an offer by name it does not say of
    its twin.
    """
    offer = case.offers[0]
    plain = offer.model_copy(
        update={
            "services": {name: _plain(terms) for name, terms in offer.services.items()},
            "fixed": offer.fixed[0] if isinstance(offer.fixed, tuple) else offer.fixed,
            "exit": offer.exit.model_copy(update={"fee_per_missing_year": Decimal(0)}),
            "term": offer.term.model_copy(update={"notice": 0}),
            "available": type(offer.available)(),
            "lead": 0,
            "income": Decimal(0),
            "reduces": {},
            "framework": None,
        }
    )
    drivers = [
        driver.model_copy(update={"adapts": {}}) if driver.kind == "requirement" else driver
        for driver in case.drivers
        if driver.kind not in ("price", "withdrawal", "reorganisation")
        and not (driver.kind == "policy" and driver.rule.kind in NAMING)
    ]
    return case.model_copy(
        update={
            "offers": (plain, *case.offers[1:]),
            "agreements": tuple(a for a in case.agreements if a.offer != offer.id),
            "rules": tuple(rule for rule in case.rules if rule.kind not in NAMING),
            "drivers": tuple(drivers),
            "baselines": {},
        }
    )


def _plain(terms: Any) -> Any:
    price = terms.price[0] if isinstance(terms.price, tuple) else terms.price
    return terms.model_copy(update={"price": price, "capacity": None, "tiers": ()})


def with_dearer_twin(case: Case) -> Case:
    """The case with one more offer: the same as the first, of the same supplier, but dearer."""
    offer = case.offers[0]
    fixed = offer.fixed[0] if isinstance(offer.fixed, tuple) else offer.fixed
    twin = offer.model_copy(update={"id": "twin", "fixed": central(fixed) + Decimal(100)})
    return case.model_copy(update={"offers": (*case.offers, twin)})


def in_parts(case: Case, parts: int) -> Case:
    """A case by the year, planned by the half-year (2 parts) or quarter (4) on the same terms."""
    horizon = case.horizon
    assert horizon.period == "year"
    finer = {"period": {2: "half_year", 4: "quarter"}[parts], "periods": horizon.periods * parts}
    services = tuple(
        service.model_copy(
            update={"demand": tuple(units for units in service.demand for _ in range(parts))}
        )
        if isinstance(service.demand, tuple)
        else service
        for service in case.services
    )
    emergency = case.appraisal.emergency_periods * parts
    return case.model_copy(
        update={
            "horizon": horizon.model_copy(update=finer),
            "services": services,
            "appraisal": case.appraisal.model_copy(update={"emergency_periods": emergency}),
        }
    )
