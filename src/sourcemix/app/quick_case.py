"""A draft case from five answers per service.

Demand is one year of service, so that a unit price is what the service costs in a year. Everything
that the officer does not know is indicative: low, central, high, and the prior that it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from sourcemix.app.quick_input import QuickService
from sourcemix.app.quick_ways import (
    ENDS,
    FOREVER,
    OWN,
    WAYS,
    PriceRange,
    WayTo,
    form_of,
    of_prior,
    pension_of,
    price_of,
    share,
)
from sourcemix.evidence import prior
from sourcemix.model.case import Authority, Case, Horizon, MoneyBasis
from sourcemix.model.drivers import Chance, DemandDriver, Driver, RequirementDriver
from sourcemix.model.offers import Agreement, ExitTerms, Offer, ServiceTerms, Term, Window
from sourcemix.model.services import Service
from sourcemix.model.suppliers import Form, Supplier

PERIODS = 20
"""Half-years: ten years."""
UNNAMED = "not_named"
DEMAND, CHANGE = "demand_changes", "new_requirement"
TODAY_NOTICE = 6
"""Months of notice of today's agreements: an assumption (P039 has 3 at the centre, 12 at most)."""
TODAY = "today"
"""End of the id of the offer behind today's agreement with somebody else."""
CHANGED_AFTER = 3
"""Years after which a changing service meets a new requirement, if it does."""


_ABOUT = """\
A draft from five answers per service. Figures with low, central and high are indicative: put your
own in their place. Each names the row of the priors that it rests on, or says that it is an
assumption. Notes give the source of lead times and terms.
Working assumptions: pay is 30%, 50% or 70% of the cost of a service; today's agreements ask for
6 months' notice and cost nothing to leave; what depends on size is in proportion to the service.
Where a service is said to be changing: its demand falls by 36.8% or 16.4%, or rises by 16.8% (P107)
with chances of 25%, 50% and 25% (assumption), and after three years half of all futures
(assumption) bring new requirements of 12% a year (P057)."""

_PEOPLE = (
    Supplier(id=OWN, name="Own team", kind="in_house"),
    Supplier(id="partners", name="A shared service with other authorities", kind="partnership"),
    Supplier(id="public_body", name="Another public body", kind="public_body"),
    Supplier(id="company", name="A company or voluntary organisation", kind="commercial"),
)


def draft_case(services: Iterable[QuickService], *, today: date, authority: str) -> Case:
    """A draft case that can be planned, changed and kept.

    Args:
        services: what is known of each service.
        today: the day of asking; the plan begins on the next 1 April or 1 October.
        authority: whose question it is.
    """
    known = tuple(services)
    names = ids_of(service.what for service in known)
    start = _start(today)
    year = start.year if start.month >= 4 else start.year - 1
    incumbents = {
        service.who: f"{TODAY}_{name}"
        for service, name in zip(known, names, strict=True)
        if not service.in_house and service.who
    }
    offers: list[Offer] = []
    agreements: list[Agreement] = []
    own_forms: dict[str, Form] = {}
    for service, name in zip(known, names, strict=True):
        own_forms |= {f"{way.form}.{name}": form_of(service, way) for way in WAYS}
        offers += [_offer(service, name, way) for way in WAYS]
        signed = _agreement(service, name, start)
        if signed is not None:
            agreements.append(signed)
            if not service.in_house:
                offers.append(_today(service, name, incumbents.get(service.who, UNNAMED), start))
    people = (*_PEOPLE, *_incumbents(known, incumbents))
    used = {offer.supplier for offer in offers}
    return Case(
        title="First answer" if len(known) > 1 else known[0].what,
        description=" ".join(_ABOUT.split()),
        authority=Authority(name=authority),
        horizon=Horizon(start=start, periods=PERIODS, period="half_year"),
        money=MoneyBasis(price_base=f"{year}-{(year + 1) % 100:02d}"),
        services=tuple(_service(*pair) for pair in zip(known, names, strict=True)),
        suppliers=tuple(supplier for supplier in people if supplier.id in used),
        forms=own_forms,
        offers=tuple(offers),
        agreements=tuple(agreements),
        drivers=_drivers(
            tuple(n for s, n in zip(known, names, strict=True) if s.outlook == "changing"), start
        ),
    )


def one_service(case: Case, service: str) -> Case:
    """The part of a draft that one service needs, as a case of its own."""
    offers = tuple(offer for offer in case.offers if service in offer.services)
    ids = {offer.id for offer in offers}
    used = {offer.form for offer in offers}
    people = {offer.supplier for offer in offers}
    return case.model_copy(
        update={
            "title": case.service(service).name,
            "services": (case.service(service),),
            "suppliers": tuple(s for s in case.suppliers if s.id in people),
            "forms": {name: form for name, form in case.forms.items() if name in used},
            "offers": offers,
            "agreements": tuple(a for a in case.agreements if a.offer in ids),
            "drivers": tuple(
                driver.model_copy(update={"services": (service,)})
                for driver in case.drivers
                if isinstance(driver, DemandDriver | RequirementDriver)
                and service in driver.services
            ),
        }
    )


def ids_of(names: Iterable[str]) -> tuple[str, ...]:
    """A short name for each name, no two alike."""
    found: list[str] = []
    for name in names:
        stem = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:30].strip("_") or "service"
        candidate, number = stem, 2
        while candidate in found:
            candidate, number = f"{stem}_{number}", number + 1
        found.append(candidate)
    return tuple(found)


def _start(today: date) -> date:
    for day in (date(today.year, 4, 1), date(today.year, 10, 1)):
        if today <= day:
            return day
    return date(today.year + 1, 4, 1)


def _service(service: QuickService, name: str) -> Service:
    return Service(
        id=name,
        name=service.what,
        unit="year of service",
        demand=Decimal(1),
        max_providers=1,
        # Cover at short notice, where nobody has an agreement.
        unmet=_cover(service.annual_cost),
    )


def _incumbents(known: tuple[QuickService, ...], ids: dict[str, str]) -> list[Supplier]:
    people = [Supplier(id=ids[who], name=who, kind="commercial") for who in ids]
    if any(not service.in_house and not service.who for service in known):
        people.append(Supplier(id=UNNAMED, name="Today's provider", kind="commercial"))
    return people


def _cover(cost: Decimal) -> PriceRange:
    low, central, high = ((cost * (1 + share("P079", e))).quantize(Decimal("0.01")) for e in ENDS)
    return PriceRange(low=low, central=central, high=high, prior="P079")


def _offer(service: QuickService, name: str, way: WayTo) -> Offer:
    stays = service.in_house and way.supplier == OWN
    fee = of_prior(service.annual_cost, "P037") if way.fee else Decimal(0)
    note = "Today's cost." if stays else "Indicative; nobody has offered this yet."
    return Offer(
        id=f"{name}.{way.name}",
        name="In-house, as today" if stays else way.title,
        supplier=way.supplier,
        form=f"{way.form}.{name}",
        services={name: ServiceTerms(price=price_of(service, way))},
        fixed=pension_of(service, way) or Decimal(0),
        term=way.term,
        exit=ExitTerms(fee_per_missing_year=fee),
        note=f"{note} Sources: {way.source}.",
    )


def _today(service: QuickService, name: str, supplier: str, start: date) -> Offer:
    """Today's agreement: it can be kept to its end, not taken up again."""
    return Offer(
        id=f"{name}.{TODAY}",
        name="Today's agreement, kept",
        supplier=supplier,
        form=f"contract.{name}",
        services={name: ServiceTerms(price=service.annual_cost)},
        available=Window(until=start - timedelta(days=366)),
        term=Term(initial=FOREVER, break_from=0, notice=TODAY_NOTICE),
        note="Today's cost.",
    )


def _agreement(service: QuickService, name: str, start: date) -> Agreement | None:
    began = date(start.year - 2, start.month, 1)
    if service.in_house:
        return Agreement(offer=f"{name}.{OWN}", started=began)
    if service.ends is None:
        return Agreement(offer=f"{name}.{TODAY}", started=began)
    after = service.ends + timedelta(days=1)
    if after <= start:
        return None
    return Agreement(offer=f"{name}.{TODAY}", started=began, in_notice=after)


def _drivers(changing: tuple[str, ...], start: date) -> tuple[Driver, ...]:
    """What may change: how much is needed, and what."""
    if not changing:
        return ()
    asked = prior("P057").central
    assert asked is not None
    factors = [1 + share("P107", end) for end in ENDS]
    odds = (Decimal("0.25"), Decimal("0.5"), Decimal("0.25"))
    return (
        DemandDriver(
            kind="demand",
            id=DEMAND,
            services=changing,
            at=date(start.year + 2, start.month, 1),
            outcomes=tuple(Chance(p=p, factor=f) for p, f in zip(odds, factors, strict=True)),
        ),
        RequirementDriver(
            kind="requirement",
            id=CHANGE,
            services=changing,
            at=date(start.year + CHANGED_AFTER, start.month, 1),
            p=Decimal("0.5"),
            size=asked / 100 * CHANGED_AFTER,
        ),
    )
