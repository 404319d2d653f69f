"""The offers that look cheapest today: what a buyer who compares price lists would take."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from math import floor

from sourcemix.engine.terms import offer_terms, undriven_demand
from sourcemix.model.case import Case
from sourcemix.model.common import Indicative, central
from sourcemix.model.content import offer_contents
from sourcemix.model.offers import Offer, ServiceTerms

Figure = Decimal | Indicative[Decimal]
THOUSANDTH = Decimal("0.001")


def lowest_today(case: Case) -> dict[str, str]:
    """For each service that any offer can take up: the offer with the lowest charge today.

    The charge of the first agreement year for the undriven demand of the first period, by the
    unit. One that could serve nothing then counts as the dearest. Of equal ones the longest term
    wins, then the content.
    """
    content = offer_contents(case)
    startable = [offer for offer in case.offers if _may_start(case, offer)]
    found = {}
    for service in case.services:
        priced = [
            (_rank(case, offer, service.id), -offer.term.longest, content[offer.id], offer.id)
            for offer in startable
            if service.id in offer.services
        ]
        if priced:
            found[service.id] = min(priced)[-1]
    return found


def _rank(case: Case, offer: Offer, service: str) -> tuple[bool, Fraction]:
    """Order by charge, those that could serve nothing last."""
    charge = charge_today(case, offer, service)
    return charge is None, charge or Fraction(0)


def charge_today(case: Case, offer: Offer, service: str) -> Fraction | None:
    """Pounds a unit of a service in the first period; None where the offer could serve nothing."""
    months = case.horizon.months
    entry = offer.services[service]
    undriven = undriven_demand(case, case.service(service))[0]
    demand = Fraction(undriven)
    served = min(demand, _capacity(entry, months, demand))
    if not served:
        return None
    binding = case.forms[offer.form].binding is not False
    committed = Decimal(0)
    if binding:
        committed = _thousandth(Fraction(entry.commit) * Fraction(undriven))
    paid = max(served, Fraction(committed))
    fixed = _first(offer.fixed) * months / 12 / len(offer.services)
    return (fixed + _volume(entry, paid, months)) / served


def _volume(entry: ServiceTerms, units: Fraction, months: int) -> Fraction:
    """Pounds for the units paid for, tiers included."""
    prices = [(Fraction(0), _first(entry.price))]
    for tier in sorted(entry.tiers, key=lambda tier: tier.from_):
        begins = _thousandth(Fraction(tier.from_) * months / 12)
        prices.append((Fraction(begins), Fraction(tier.price)))
    reached = [(begins, price) for begins, price in prices if begins <= units]
    if entry.tier_kind == "all_units":
        return units * reached[-1][1]
    ends = [begins for begins, _ in reached[1:]] + [units]
    return sum(
        ((end - begins) * price for (begins, price), end in zip(reached, ends, strict=True)),
        Fraction(0),
    )


def _first(values: Figure | tuple[Figure, ...]) -> Fraction:
    """A figure of the first agreement year."""
    first: Figure = values[0] if isinstance(values, tuple) else values
    return Fraction(central(first))


def _capacity(entry: ServiceTerms, months: int, unlimited: Fraction) -> Fraction:
    listed = entry.capacity
    first = listed[0] if isinstance(listed, tuple) else listed
    if first is None:
        return unlimited
    return Fraction(floor(Fraction(first) * months / 12 * 1000), 1000)


def _thousandth(units: Fraction) -> Decimal:
    exact = Decimal(units.numerator) / Decimal(units.denominator)
    return exact.quantize(THOUSANDTH, rounding=ROUND_HALF_EVEN)


def _may_start(case: Case, offer: Offer) -> bool:
    """Whether any period of the horizon is one in which it may start."""
    services = tuple(service.id for service in case.services)
    suppliers = tuple(supplier.id for supplier in case.suppliers)
    terms = offer_terms(case, offer, services, suppliers)
    return any(
        period >= terms.lead and period - terms.lead <= terms.call_off_until
        for period in range(terms.earliest, terms.latest + 1)
    )
