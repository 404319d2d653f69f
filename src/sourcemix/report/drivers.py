"""What has been seen of the drivers, in words."""

from __future__ import annotations

from sourcemix.model.case import Case
from sourcemix.model.drivers import (
    BudgetDriver,
    Chance,
    DemandDriver,
    Driver,
    PriceDriver,
    ReorganisationDriver,
    RequirementDriver,
    driver_id,
)
from sourcemix.report.conditions import Fact, Term
from sourcemix.report.words import day, listed, offer_services, percent, service_name, supplier_name

_TREND = {"low": "low", "middle": "as expected", "high": "high"}


def condition(case: Case, terms: tuple[Term, ...]) -> str:
    """Terms in words: facts of a term joined by `and`, terms by `or`."""
    texts = [" and ".join(fact_words(case, fact) for fact in term) for term in terms]
    return ", or ".join(texts)


def fact_words(case: Case, fact: Fact) -> str:
    """One fact in words: `Three Counties Hub has failed`."""
    key, value = fact
    name, _, period = key.partition("@")
    if name.startswith("failure:"):
        who = supplier_name(case, name.removeprefix("failure:"))
        return f"{who} has {'' if value == 'yes' else 'not '}failed"
    if name.startswith("withdrawal:"):
        return f"{_offer(case, name)} has {'' if value == 'yes' else 'not '}been withdrawn"
    driver = next((d for d in case.drivers if driver_id(d) == name), None)
    if value in _TREND:
        seen = f" (seen on {day(case.horizon.begins(int(period)))})" if period else ""
        return f"{_subject(case, driver, name)} runs {_TREND[value]}{seen}"
    chances = getattr(driver, "outcomes", ())
    if driver is not None and value.isdigit() and int(value) < len(chances):
        return f"{_subject(case, driver, name)} {_moved(chances[int(value)])}"
    return _arises(driver, name, value == "yes")


def _offer(case: Case, name: str) -> str:
    offer = case.offer(name.removeprefix("withdrawal:"))
    return f"{supplier_name(case, offer.supplier)}'s offer for {offer_services(case, offer)}"


def _subject(case: Case, driver: Driver | None, name: str) -> str:
    match driver:
        case DemandDriver():
            about = f"demand for {listed(service_name(case, s) for s in driver.services)}"
        case PriceDriver():
            about = "prices"
        case BudgetDriver():
            return "the budget" if name == "budget" else f"the budget ({name})"
        case _:
            return name
    return f"{about} ({name})"


def _moved(chance: Chance) -> str:
    if chance.factor == 1:
        return "stays as it is"
    verb = "falls" if chance.factor < 1 else "rises"
    return f"{verb} to {percent(chance.factor)}"


def _arises(driver: Driver | None, name: str, yes: bool) -> str:
    if isinstance(driver, RequirementDriver):
        return f"the requirement {name} {'arises' if yes else 'does not arise'}"
    if isinstance(driver, ReorganisationDriver):
        return f"reorganisation {'goes' if yes else 'does not go'} ahead"
    return f"{name} {'comes' if yes else 'does not come'} into force"
