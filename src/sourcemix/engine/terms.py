"""Terms of an offer in periods and pounds, and where it stands today."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from math import floor

from sourcemix.model.case import Case
from sourcemix.model.common import Indicative, central
from sourcemix.model.offers import Offer, ServiceTerms
from sourcemix.model.services import Service


@dataclass(frozen=True, slots=True)
class ServiceCharge:
    """What an offer says about one service.

    Attributes:
        price: pounds a unit by agreement year; the last entry holds from then on.
        tiers: units of a period from which another price holds, with that price, going up.
        all_units: whether a tier's price holds for all units, not only for those beyond it.
        capacity: units of a period by agreement year; infinite without a limit.
        committed: units by period that are paid for whether used or not.
        levels: level by outcome id.
    """

    price: tuple[float, ...]
    tiers: tuple[tuple[float, float], ...]
    all_units: bool
    capacity: tuple[float, ...]
    committed: tuple[float, ...]
    levels: dict[str, float]


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """One offer.

    Attributes:
        id: its id.
        supplier: index of its supplier.
        services: charge by service index.
        lead: periods from decision to start.
        longest: periods from start to expiry.
        notice: periods of notice; none under a form that is not binding.
        missing: by age at which it is left, the periods of the commitment that are not run.
        earliest: first period in which it may start.
        latest: last period in which it may start.
        procurement: pounds when procured.
        setup: pounds at the start.
        capital_setup: pounds of `setup` that are classed capital.
        capital: lines that are classed capital.
        framework: framework that it is called off from.
        call_off_until: last period in which it may be procured.
        fixed: pounds a period by agreement year, before index.
        manage: pounds a period to manage it while live.
        income: pounds a period to the authority while live.
        fee: pounds for each missing period.
        transition: pounds at an end.
        takeover: pounds by index of the supplier that had one of the services before.
        index: real growth of its charges by period.
        change_rate: mark-up on changed work.
        vat: VAT that cannot be recovered, as a share of its spend.
        reduces: share of demand avoided by service index.
        months: length of a period in months.
    """

    id: str
    supplier: int
    services: dict[int, ServiceCharge]
    lead: int
    longest: int
    notice: int
    missing: tuple[int, ...]
    earliest: int
    latest: int
    procurement: float
    setup: float
    capital_setup: float
    capital: frozenset[str]
    framework: str | None
    call_off_until: int
    fixed: tuple[float, ...]
    manage: float
    income: float
    fee: float
    transition: float
    takeover: dict[int, float]
    index: tuple[float, ...]
    change_rate: float
    vat: float
    reduces: dict[int, float]
    months: int

    def year_of(self, age: int) -> int:
        """Agreement year (from 0) in which a period of that age begins."""
        return age * self.months // 12


@dataclass(frozen=True, slots=True)
class Today:
    """An agreement signed before the case begins.

    Attributes:
        begins: period in which it starts; negative: live for so many periods already.
        ends: first period in which it is no longer live by a notice already given.
        pending: whether it has yet to start.
    """

    begins: int
    ends: int | None
    pending: bool


def offer_terms(
    case: Case, offer: Offer, services: tuple[str, ...], suppliers: tuple[str, ...]
) -> OfferTerms:
    """Put one offer of a filled case into periods and pounds."""
    months = case.horizon.months
    year = months / 12
    form = case.forms[offer.form]
    setup = {**form.setup, **offer.setup}
    lead = offer.lead if offer.lead is not None else form.lead or 0
    binding = form.binding is not False
    at_start = {line: _pounds(amount) for line, amount in setup.items() if line != "procurement"}
    capital = frozenset(line for line, kind in offer.classes.items() if kind == "capital")
    first, last = _window(case, offer)
    return OfferTerms(
        id=offer.id,
        supplier=suppliers.index(offer.supplier),
        services={
            services.index(name): _charge(case, name, terms, binding)
            for name, terms in offer.services.items()
        },
        lead=lead // months,
        longest=offer.term.longest // months,
        notice=offer.term.notice // months if binding else 0,
        missing=missing_by_age(offer, months),
        earliest=first,
        latest=last,
        procurement=_pounds(setup.get("procurement", Decimal(0))),
        setup=sum(at_start.values()),
        capital_setup=sum(amount for line, amount in at_start.items() if line in capital),
        capital=capital,
        framework=offer.framework,
        call_off_until=_call_off_until(case, offer),
        fixed=tuple(amount * year for amount in _list(offer.fixed)),
        manage=_pounds(form.manage or Decimal(0)) * year,
        income=float(offer.income) * year,
        fee=_pounds(offer.exit.fee_per_missing_year) * year if binding else 0.0,
        transition=_pounds(offer.exit.transition),
        takeover={suppliers.index(entry.from_): _pounds(entry.cost) for entry in offer.takeover},
        index=_real_index(case, offer),
        change_rate=float(offer.change_rate or 0),
        vat=_vat(case, offer),
        reduces={services.index(name): float(share) for name, share in offer.reduces.items()},
        months=months,
    )


def missing_by_age(offer: Offer, months: int) -> tuple[int, ...]:
    """Periods of the commitment not run, by age in periods at which the agreement is left."""
    term = offer.term
    longest = term.longest // months
    if term.break_from is not None:
        free = term.break_from // months
        return tuple(max(0, free - age) for age in range(longest + 1))
    blocks = [term.initial // months]
    for extension in term.extensions:
        blocks.append(blocks[-1] + extension // months)
    return tuple(min(end for end in blocks if end >= age) - age for age in range(longest + 1))


def today(case: Case, offer: str) -> tuple[Today, ...]:
    """Agreements of an offer signed before the case begins: one live, one pending, or both."""
    horizon = case.horizon
    found = []
    for agreement in case.agreements:
        if agreement.offer != offer:
            continue
        if agreement.pending is not None:
            found.append(Today(max(0, horizon.first_from(agreement.pending)), None, pending=True))
            continue
        ends = None if agreement.in_notice is None else horizon.first_from(agreement.in_notice)
        started = agreement.started
        assert started is not None
        run = (horizon.start.year - started.year) * 12 + horizon.start.month - started.month
        whole = run - (1 if started.day > horizon.start.day else 0)
        found.append(Today(-(whole // horizon.months), ends, pending=False))
    return tuple(found)


def undriven_demand(case: Case, service: Service) -> tuple[Decimal, ...]:
    """Units of a service by period without any driver, to 0.001 unit."""
    yearly = service.demand
    by_period = yearly if isinstance(yearly, tuple) else (yearly,) * case.horizon.periods
    return tuple(_to_thousandth(units * case.horizon.months / 12) for units in by_period)


def _to_thousandth(units: Decimal) -> Decimal:
    return units.quantize(Decimal("0.001"), rounding=ROUND_HALF_EVEN)


def _charge(case: Case, service: str, terms: ServiceTerms, binding: bool) -> ServiceCharge:
    months = case.horizon.months
    commit = terms.commit if binding else Decimal(0)
    undriven = undriven_demand(case, case.service(service))
    capacity = terms.capacity
    yearly = capacity if isinstance(capacity, tuple) else (capacity,)
    return ServiceCharge(
        price=_list(terms.price),
        tiers=tuple(
            (float(_to_thousandth(tier.from_ * months / 12)), float(tier.price))
            for tier in sorted(terms.tiers, key=lambda tier: tier.from_)
        ),
        all_units=terms.tier_kind == "all_units",
        capacity=tuple(
            float("inf") if units is None else floor(Fraction(units) * months / 12 * 1000) / 1000
            for units in yearly
        ),
        committed=tuple(float(_to_thousandth(commit * units)) for units in undriven),
        levels={outcome: float(level) for outcome, level in terms.outcomes.items()},
    )


def _window(case: Case, offer: Offer) -> tuple[int, int]:
    horizon = case.horizon
    first, last = 0, horizon.periods - 1
    if offer.available.from_ is not None:
        first = max(first, horizon.first_from(offer.available.from_))
    if offer.available.until is not None:
        last = min(last, horizon.period_of(offer.available.until))
    return first, last


def _call_off_until(case: Case, offer: Offer) -> int:
    """Last period in which the offer's framework lets it be procured: it begins by its expiry."""
    for framework in case.frameworks:
        if framework.id == offer.framework and framework.expires is not None:
            return case.horizon.period_of(framework.expires)
    return case.horizon.periods


def _vat(case: Case, offer: Offer) -> float:
    """VAT that cannot be recovered: the offer's own rate, else the case's; none in-house."""
    if case.supplier(offer.supplier).kind == "in_house":
        return 0.0
    own = offer.irrecoverable_vat
    return float(case.money.irrecoverable_vat if own is None else own)


def deflator(case: Case) -> tuple[float, ...]:
    """Pounds of cash for one pound of the price base, by period; 1 without a deflator."""
    return _level(case, case.money.deflator)


def _real_index(case: Case, offer: Offer) -> tuple[float, ...]:
    """Growth of the offer's index over that of the deflator, by period."""
    if offer.index is None:
        return (1.0,) * case.horizon.periods
    index = _level(case, offer.index)
    return tuple(a / b for a, b in zip(index, deflator(case), strict=True))


def _level(case: Case, index: str | None) -> tuple[float, ...]:
    """Level of an index by period, 1 at the start, moving once a year."""
    horizon = case.horizon
    level = [1.0]
    for year in range(horizon.year_of(horizon.periods - 1)):
        level.append(level[-1] * (1.0 + (_growth(case, index, year) if index else 0.0)))
    return tuple(level[horizon.year_of(period)] for period in range(horizon.periods))


def _growth(case: Case, index: str, year: int) -> float:
    rates = case.indices[index]
    return float(rates[min(year, len(rates) - 1)] if isinstance(rates, tuple) else rates)


def _pounds(value: Decimal | Indicative[Decimal]) -> float:
    return float(central(value))


def _list(
    values: Decimal | Indicative[Decimal] | tuple[Decimal | Indicative[Decimal], ...],
) -> tuple[float, ...]:
    return tuple(_pounds(v) for v in values) if isinstance(values, tuple) else (_pounds(values),)
