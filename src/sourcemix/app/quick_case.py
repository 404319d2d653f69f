"""A draft case from five answers per service.

Demand is one year of service, so that a unit price is what the service costs in a year. Everything
that the officer does not know is indicative: low, central, high, and the prior that it rests on.
The central price of every form is today's cost, because no prior says that one form is cheaper than
another for any service; what tells the forms apart is what it takes to set them up, to manage them,
to change them and to leave them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sourcemix.app.quick_input import QuickService
from sourcemix.evidence import forms, prior
from sourcemix.model.case import Authority, Case, Horizon, MoneyBasis
from sourcemix.model.common import Indicative, PositiveMoney, UnitPrice
from sourcemix.model.drivers import Chance, DemandDriver, Driver, RequirementDriver
from sourcemix.model.offers import Agreement, ExitTerms, Offer, ServiceTerms, Term, Window
from sourcemix.model.services import Service
from sourcemix.model.suppliers import Form, Supplier

MoneyRange = Indicative[PositiveMoney]
PriceRange = Indicative[UnitPrice]

PERIODS = 20
"""Half-years: ten years."""
OWN = "own_team"
DEMAND, CHANGE = "demand_changes", "new_requirement"
FOREVER = 600
"""Months of an agreement that runs on until it is ended."""
CHANGED_AFTER = 3
"""Years after which a changing service meets a new requirement, if it does."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to have a service delivered, compared for every service.

    Attributes:
        name: end of the offer's id.
        title: for people.
        supplier: who would deliver.
        form: form of the library.
        term: how long it runs and how it is left.
        lead: months from decision to start: the library's, rounded up to half a year.
        price: low and high, as a share of today's cost.
        prior: priors of the price.
        fee: whether leaving early costs a fee.
    """

    name: str
    title: str
    supplier: str
    form: str
    term: Term
    lead: int
    price: tuple[str, str]
    prior: str
    fee: bool = False


LONG = "contract_5"
SHORT = "contract_2_1_1"

WAYS: tuple[Way, ...] = (
    Way(
        OWN, "In-house", OWN, "in_house", Term(initial=FOREVER, break_from=0, notice=12), 12,
        ("1", "1.25"), "P105",
    ),
    Way(
        "shared", "Shared service 5+2+2", "partners",
        "inter_authority", Term(initial=60, extensions=(24, 24), break_from=24, notice=12), 6,
        ("0.85", "1.15"), "P055, P054",
    ),
    Way(
        "public_body", "Another public body 3+1+1", "public_body", "formal_sla",
        Term(initial=36, extensions=(12, 12), notice=6), 6, ("0.85", "1.15"), "P055, P054",
    ),
    Way(
        LONG, "Contract, five years", "company", "contract", Term(initial=60, notice=6), 12,
        ("0.96", "1.092"), "P010, P047", fee=True,
    ),
    Way(
        SHORT, "Contract 2+1+1", "company", "contract",
        Term(initial=24, extensions=(12, 12), notice=6), 12, ("0.96", "1.092"), "P010, P047",
        fee=True,
    ),
    Way(
        "call_off", "Framework 2+1+1", "company", "framework_call_off",
        Term(initial=24, extensions=(12, 12), notice=6), 6, ("0.96", "1.092"), "P010, P047",
        fee=True,
    ),
)  # fmt: skip
"""What is compared. Companies and voluntary organisations share the forms of contract: no prior
tells their prices apart."""

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
        service.who: f"today_{name}"
        for service, name in zip(known, names, strict=True)
        if not service.in_house and service.who
    }
    offers: list[Offer] = []
    agreements: list[Agreement] = []
    own_forms: dict[str, Form] = {}
    for service, name in zip(known, names, strict=True):
        own_forms |= _forms(service, name)
        offers += [_offer(service, name, way) for way in WAYS]
        signed = _agreement(service, name, start)
        if not service.in_house:
            offers.append(_today(service, name, incumbents.get(service.who, "not_named"), start))
        agreements += [signed] if signed else []
    return Case(
        title="First answer" if len(known) > 1 else known[0].what,
        description="A draft from five answers per service. Figures with low, central and high are "
        "indicative: put your own in their place.",
        authority=Authority(name=authority),
        horizon=Horizon(start=start, periods=PERIODS, period="half_year"),
        money=MoneyBasis(price_base=f"{year}-{(year + 1) % 100:02d}"),
        services=tuple(_service(*pair) for pair in zip(known, names, strict=True)),
        suppliers=(*_PEOPLE, *_incumbents(known, incumbents)),
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
    return part(
        case.model_copy(
            update={
                "title": case.service(service).name,
                "services": (case.service(service),),
                "drivers": tuple(
                    driver.model_copy(update={"services": (service,)})
                    for driver in case.drivers
                    if isinstance(driver, DemandDriver | RequirementDriver)
                    and service in driver.services
                ),
            }
        ),
        offers,
    )


def part(case: Case, offers: tuple[Offer, ...]) -> Case:
    """The case with some of its offers, and what they need."""
    ids = {offer.id for offer in offers}
    return case.model_copy(
        update={
            "offers": offers,
            "suppliers": tuple(
                s for s in case.suppliers if any(offer.supplier == s.id for offer in offers)
            ),
            "forms": {
                name: form
                for name, form in case.forms.items()
                if any(offer.form == name for offer in offers)
            },
            "agreements": tuple(a for a in case.agreements if a.offer in ids),
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


def money_range(figure: Decimal, low: str, central: str, high: str, source: str) -> MoneyRange:
    """Shares of a figure as an indicative amount, in whole pounds."""
    values = [(figure * Decimal(part)).quantize(Decimal(1)) for part in (low, central, high)]
    return MoneyRange(low=values[0], central=values[1], high=values[2], prior=source)


def price_range(figure: Decimal, low: str, central: str, high: str, source: str) -> PriceRange:
    """Shares of a figure as an indicative price for a year of service, in pounds."""
    values = [(figure * Decimal(part)).quantize(Decimal("0.01")) for part in (low, central, high)]
    return PriceRange(low=values[0], central=values[1], high=values[2], prior=source)


def _three(name: str) -> tuple[Decimal, Decimal, Decimal]:
    """Low, central and high of a prior in per cent, as shares."""
    row = prior(name)
    assert row.low is not None
    assert row.central is not None
    assert row.high is not None
    return (row.low / 100, row.central / 100, row.high / 100)


def _of_prior(figure: Decimal, name: str) -> MoneyRange:
    """The percentages of a prior, of a figure."""
    low, central, high = map(str, _three(name))
    return money_range(figure, low, central, high, name)


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
        unmet=price_range(service.annual_cost, "1.41", "1.45", "1.56", "P079"),
    )


def _incumbents(known: tuple[QuickService, ...], ids: dict[str, str]) -> list[Supplier]:
    people = [Supplier(id=ids[who], name=who, kind="commercial") for who in ids]
    if any(not service.in_house and not service.who for service in known):
        people.append(Supplier(id="not_named", name="Today's provider", kind="commercial"))
    return people


def _forms(service: QuickService, name: str) -> dict[str, Form]:
    """The library's forms with what depends on the size of the service put right for it."""
    found: dict[str, Form] = {}
    for way in WAYS:
        base = forms()[way.form]
        manage = _of_prior(service.annual_cost, "P045")
        if way.form == "in_house":
            # Somebody still commissions it: a third, as in the library.
            manage = MoneyRange(
                low=_third(manage.low),
                central=_third(manage.central),
                high=_third(manage.high),
                prior="assumption",
            )
        setup = dict(base.setup)
        if "mobilisation" in setup:
            setup["mobilisation"] = _of_prior(service.annual_cost, "P036")
        found[f"{way.form}.{name}"] = base.model_copy(
            update={"manage": manage, "setup": setup, "lead": way.lead}
        )
    return found


def _third(amount: Decimal) -> Decimal:
    return (amount / 3).quantize(Decimal(1))


def _offer(service: QuickService, name: str, way: Way) -> Offer:
    cost = service.annual_cost
    stays = service.in_house and way.supplier == OWN
    low, high = way.price
    exit_terms = ExitTerms()
    if way.fee:
        exit_terms = ExitTerms(fee_per_missing_year=_of_prior(cost, "P037"))
    return Offer(
        id=f"{name}.{way.name}",
        name=way.title,
        supplier=way.supplier,
        form=f"{way.form}.{name}",
        services={
            name: ServiceTerms(
                price=cost if stays else price_range(cost, low, "1", high, way.prior)
            )
        },
        term=way.term,
        exit=exit_terms,
        # Nobody charges the authority a mark-up on its own work.
        change_rate=Decimal(0) if way.supplier == OWN else None,
        note="Today's cost." if stays else "Indicative; nobody has offered this yet.",
    )


def _today(service: QuickService, name: str, supplier: str, start: date) -> Offer:
    """Today's agreement: it can be kept to its end, not taken up again."""
    return Offer(
        id=f"{name}.today",
        name="Today's agreement",
        supplier=supplier,
        form=f"contract.{name}",
        services={name: ServiceTerms(price=service.annual_cost)},
        available=Window(until=start - timedelta(days=366)),
        term=Term(initial=FOREVER, break_from=0, notice=6),
        change_rate=(prior("P051").central or Decimal(0)) / 100,
        note="Today's cost.",
    )


def _agreement(service: QuickService, name: str, start: date) -> Agreement | None:
    began = date(start.year - 2, start.month, 1)
    if service.in_house:
        return Agreement(offer=f"{name}.{OWN}", started=began)
    if service.ends is None:
        return Agreement(offer=f"{name}.today", started=began)
    after = service.ends + timedelta(days=1)
    if after <= start:
        return None
    return Agreement(offer=f"{name}.today", started=began, in_notice=after)


def _drivers(changing: tuple[str, ...], start: date) -> tuple[Driver, ...]:
    """What may change: how much is needed, and what."""
    if not changing:
        return ()
    asked = prior("P057").central
    assert asked is not None
    factors = [1 + part for part in _three("P107")]
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
