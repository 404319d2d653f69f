"""Checks of a case that need no calendar: names, rules, figures."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sourcemix.errors import Fault, Path
from sourcemix.model.case import Case
from sourcemix.model.common import RateValue, central
from sourcemix.model.drivers import (
    BudgetDriver,
    DemandDriver,
    Driver,
    PolicyDriver,
    PriceDriver,
    ReorganisationDriver,
    RequirementDriver,
    SupplierFailureDriver,
    WithdrawalDriver,
    driver_id,
)
from sourcemix.model.offers import Offer, ServiceTerms
from sourcemix.model.references import (
    Known,
    duplicates,
    ids,
    keys,
    many,
    one,
    rule_references,
    rule_sense,
    scope_faults,
)
from sourcemix.model.rules import (
    MaxSuppliers,
    MaxWinners,
    MinSuppliers,
    MinWinners,
    Rule,
)


def reference_faults(case: Case, known_forms: Collection[str], also: Known) -> Iterator[Fault]:
    """Names that lead nowhere, and names given twice."""
    known = _known(case, known_forms, also)
    for where in ("outcomes", "services", "suppliers", "offers", "frameworks"):
        yield from duplicates(where, ids(getattr(case, where)))
    yield from duplicates("rules", [rule.id for rule in case.rules])
    yield from _driver_names(case)
    for i, link in enumerate(case.links):
        yield from many(("links", i, "services"), link.services, known, "services")
    for i, offer in enumerate(case.offers):
        yield from _offer_references(("offers", i), offer, known)
    for i, agreement in enumerate(case.agreements):
        yield from one(("agreements", i, "offer"), agreement.offer, known, "offers")
    for i, driver in enumerate(case.drivers):
        yield from _driver_references(("drivers", i), driver, known)
    for i, rule in enumerate(case.rules):
        yield from rule_references(("rules", i), rule, known, event=False)
    for name, baseline in case.baselines.items():
        yield from many(("baselines", name, "offers"), baseline.offers, known, "offers")


def _known(case: Case, known_forms: Collection[str], also: Known) -> Known:
    found = {
        "outcomes": ids(case.outcomes),
        "services": ids(case.services),
        "suppliers": ids(case.suppliers),
        "forms": [*known_forms, *case.forms],
        "offers": ids(case.offers),
        "frameworks": ids(case.frameworks),
        "indices": list(case.indices),
    }
    return {where: {*names, *also.get(where, ())} for where, names in found.items()}


def _offer_references(path: Path, offer: Offer, known: Known) -> Iterator[Fault]:
    yield from one((*path, "supplier"), offer.supplier, known, "suppliers")
    yield from one((*path, "form"), offer.form, known, "forms")
    yield from keys((*path, "services"), offer.services, known, "services")
    for name, terms in offer.services.items():
        place = (*path, "services", name, "outcomes")
        yield from keys(place, terms.outcomes, known, "outcomes")
    seen: set[str] = set()
    for i, takeover in enumerate(offer.takeover):
        place = (*path, "takeover", i, "from")
        yield from one(place, takeover.from_, known, "suppliers")
        if takeover.from_ in seen:
            yield Fault(place, f"`{takeover.from_}` is listed twice; take one out")
        seen.add(takeover.from_)
    yield from one((*path, "index"), offer.index, known, "indices")
    yield from one((*path, "framework"), offer.framework, known, "frameworks")
    yield from keys((*path, "reduces"), offer.reduces, known, "services")


def _driver_references(path: Path, driver: Driver, known: Known) -> Iterator[Fault]:
    match driver:
        case DemandDriver():
            yield from many((*path, "services"), driver.services, known, "services")
        case PriceDriver():
            yield from many((*path, "offers"), driver.offers, known, "offers")
        case RequirementDriver():
            yield from many((*path, "services"), driver.services, known, "services")
            yield from keys((*path, "adapts"), driver.adapts, known, "offers")
        case SupplierFailureDriver():
            yield from one((*path, "supplier"), driver.supplier, known, "suppliers")
        case WithdrawalDriver():
            yield from one((*path, "offer"), driver.offer, known, "offers")
        case PolicyDriver():
            yield from rule_references((*path, "rule"), driver.rule, known, event=False)
        case ReorganisationDriver():
            yield from keys((*path, "by_offer"), driver.by_offer, known, "offers")
        case BudgetDriver():
            pass


def _driver_names(case: Case) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for i, driver in enumerate(case.drivers):
        name = driver_id(driver)
        if name not in first:
            first[name] = i
            continue
        before = f"`drivers[{first[name]}]`"
        if isinstance(driver, SupplierFailureDriver):
            message = f"the failure of `{driver.supplier}` is already given by {before}"
            yield Fault(("drivers", i, "supplier"), message)
        elif isinstance(driver, WithdrawalDriver):
            message = f"the withdrawal of `{driver.offer}` is already given by {before}"
            yield Fault(("drivers", i, "offer"), message)
        else:
            message = f"the id `{name}` is already used by {before}; give every driver its own `id`"
            yield Fault(("drivers", i, "id"), message)


def content_faults(case: Case) -> Iterator[Fault]:
    """Figures and rules that make no sense together."""
    kinds = {supplier.id: supplier.kind for supplier in case.suppliers}
    for i, offer in enumerate(case.offers):
        path: Path = ("offers", i)
        kind = kinds.get(offer.supplier)
        if offer.reduces and kind is not None and kind != "community":
            message = (
                f"only suppliers of kind `community` reduce demand; `{offer.supplier}` is "
                f"`{kind}`: leave `reduces` out, or correct its kind"
            )
            yield Fault((*path, "reduces"), message)
        if offer.fixed == ():
            yield Fault((*path, "fixed"), "the list is empty; give at least one figure")
        for name, terms in offer.services.items():
            yield from _terms_content((*path, "services", name), terms)
    yield from _rule_content(case)
    yield from _hazards(case)


def _terms_content(path: Path, terms: ServiceTerms) -> Iterator[Fault]:
    for field in ("price", "capacity"):
        if getattr(terms, field) == ():
            yield Fault((*path, field), "the list is empty; give at least one figure")
    for i in range(1, len(terms.tiers)):
        here, before = terms.tiers[i].from_, terms.tiers[i - 1].from_
        if here <= before:
            message = f"tiers should go up: {here} is not more than {before} before it"
            yield Fault((*path, "tiers", i, "from"), message)


def _rule_content(case: Case) -> Iterator[Fault]:
    placed: list[tuple[Path, Rule]] = [(("rules", i), rule) for i, rule in enumerate(case.rules)]
    for i, driver in enumerate(case.drivers):
        if isinstance(driver, PolicyDriver):
            placed.append((("drivers", i, "rule"), driver.rule))
    for path, rule in placed:
        yield from rule_sense(path, rule)
        if isinstance(rule, MaxWinners | MinWinners):
            right = rule.kind.replace("winners", "suppliers")
            yield Fault((*path, "kind"), f"`{rule.kind}` is for events; in a case use `{right}`")
        if isinstance(rule, MaxSuppliers | MinSuppliers) and rule.region is not None:
            yield Fault((*path, "region"), "regions are for events; leave `region` out of a case")
        yield from scope_faults(path, rule)


def _hazards(case: Case) -> Iterator[Fault]:
    for i, supplier in enumerate(case.suppliers):
        yield from _hazard(("suppliers", i, "failure"), supplier.failure)
    for name, form in case.forms.items():
        yield from _hazard(("forms", name, "withdrawal"), form.withdrawal)


def _hazard(path: Path, value: RateValue | None) -> Iterator[Fault]:
    if value is not None and not 0 <= central(value) <= 1:
        yield Fault(path, f"a chance in a year lies between 0 and 1, not at {central(value)}")


def unserved(case: Case) -> Iterator[Fault]:
    """Demand that may never be unmet although nobody offers to serve it."""
    offered = {name for offer in case.offers for name in offer.services}
    for i, service in enumerate(case.services):
        demand = service.demand if isinstance(service.demand, tuple) else (service.demand,)
        if service.unmet == "never" and service.id not in offered and any(demand):
            message = (
                f"no offer includes service `{service.id}`, and its demand may never be unmet; add "
                "an offer, or say in `unmet` what an unserved unit costs"
            )
            yield Fault(("services", i), message)
