"""Reading drivers: each kind becomes a source of branches, or a list of faults."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import pairwise

from sourcemix.errors import Fault, InputError
from sourcemix.futures.numbers import root
from sourcemix.futures.sources import Option, Source, yes_or_no
from sourcemix.model.case import Case
from sourcemix.model.checks_reorganisation import reorganisation_faults
from sourcemix.model.common import central
from sourcemix.model.drivers import (
    BudgetDriver,
    DemandDriver,
    Driver,
    PriceDriver,
    ReorganisationDriver,
    RequirementDriver,
    SupplierFailureDriver,
    WithdrawalDriver,
    driver_id,
)

Moving = DemandDriver | PriceDriver
Tell = Callable[[str, str], None]
"""Notes a fault: the field, and what is wrong with it."""


def sources_of(case: Case) -> tuple[Source, ...]:
    """The sources of branches of a case, by name.

    Raises:
        InputError: drivers that cannot be used, all at once.
    """
    faults = list(reorganisation_faults(case))
    sources: list[Source] = []
    trends: list[tuple[int, Moving]] = []
    names: set[str] = set()
    for position, driver in enumerate(case.drivers):
        tell = _teller(faults, position)
        name = driver_id(driver)
        if name in names:
            tell("id", f"there are two drivers `{name}`; each needs a name of its own")
        names.add(name)
        _known(case, driver, tell)
        if isinstance(driver, Moving) and not driver.outcomes:
            trends.append((position, driver))
        else:
            sources.append(_source(case, driver, name, tell))
    sources += _trends(case, trends, faults)
    if faults:
        raise InputError(faults)
    return tuple(sorted((s for s in sources if s.at), key=lambda source: source.names))


def _teller(faults: list[Fault], position: int) -> Tell:
    def tell(field: str, message: str) -> None:
        faults.append(Fault(("drivers", position, field), message))

    return tell


def _known(case: Case, driver: Driver, tell: Tell) -> None:
    """Check that what a driver names is in the case."""
    if isinstance(driver, DemandDriver | RequirementDriver):
        _all_in(driver.services, {s.id for s in case.services}, "services", tell)
    offers = {offer.id for offer in case.offers}
    if isinstance(driver, PriceDriver):
        _all_in(driver.offers, offers, "offers", tell)
    if isinstance(driver, WithdrawalDriver):
        _all_in((driver.offer,), offers, "offer", tell)
    if isinstance(driver, SupplierFailureDriver):
        _all_in((driver.supplier,), {s.id for s in case.suppliers}, "supplier", tell)
    if isinstance(driver, ReorganisationDriver):
        _all_in(tuple(driver.by_offer), offers, "by_offer", tell)


def _all_in(given: tuple[str, ...], known: set[str], field: str, tell: Tell) -> None:
    where = {"offer": "offers", "by_offer": "offers", "supplier": "suppliers"}.get(field, field)
    for name in given:
        if name not in known:
            tell(field, f"`{name}` is not in `{where}`")


def _source(case: Case, driver: Driver, name: str, tell: Tell) -> Source:
    """The source of one driver that is not a trend."""
    if isinstance(driver, SupplierFailureDriver | WithdrawalDriver):
        return _hazard(case, driver, name, tell)
    if isinstance(driver, Moving | BudgetDriver):
        assert isinstance(driver.at, date)  # the model allows steps no other date
        period = _seen(case, driver.at, tell)
        options = tuple(
            Option(str(position), Fraction(chance.p), {name: Fraction(chance.factor)})
            for position, chance in enumerate(driver.outcomes)
            if chance.p > 0
        )
        return Source((name,), {period: options})
    return Source((name,), {_seen(case, driver.at, tell): yes_or_no(Fraction(driver.p))})


def _seen(case: Case, day: date, tell: Tell) -> int:
    """The period in which a date is seen; faults where that is not within the horizon."""
    horizon = case.horizon
    period = horizon.first_from(day)
    if not 1 <= period < horizon.periods:
        first, end = horizon.begins(1), horizon.begins(horizon.periods)
        tell(
            "at",
            f"{day} is seen in the period that begins on {horizon.begins(period)}; that should be "
            f"after the first period and within the horizon: from {first}, before {end}",
        )
    return period


def _hazard(
    case: Case, driver: SupplierFailureDriver | WithdrawalDriver, name: str, tell: Tell
) -> Source:
    """Something that may happen once, in each period or at one date."""
    yearly = _yearly_hazard(case, driver, tell)
    chance = yearly * case.horizon.months / 12
    if not 0 <= chance <= 1:
        tell(
            "supplier" if isinstance(driver, SupplierFailureDriver) else "offer",
            f"its chance in a period would be {float(chance):g}; it should be between 0 and 1",
        )
        return Source((name,), {}, once=True)
    if driver.at is None:
        periods = range(1, case.horizon.periods)
        return Source((name,), {period: yes_or_no(chance) for period in periods}, once=True)
    period = _seen(case, driver.at, tell)
    gathered = 1 - (1 - chance) ** max(period, 0)
    return Source((name,), {period: yes_or_no(gathered)}, once=True)


def _yearly_hazard(
    case: Case, driver: SupplierFailureDriver | WithdrawalDriver, tell: Tell
) -> Fraction:
    if isinstance(driver, SupplierFailureDriver):
        for supplier in case.suppliers:
            if supplier.id == driver.supplier and supplier.failure is None:
                tell("supplier", f"supplier `{supplier.id}` needs `failure`, its chance a year")
            elif supplier.id == driver.supplier and supplier.failure is not None:
                return Fraction(central(supplier.failure))
        return Fraction(0)
    for offer in case.offers:
        if offer.id != driver.offer:
            continue
        form = case.forms.get(offer.form)
        if form is None or form.withdrawal is None:
            tell("offer", f"form `{offer.form}` needs `withdrawal`, its chance a year")
        else:
            return Fraction(central(form.withdrawal))
    return Fraction(0)


def _trends(case: Case, trends: list[tuple[int, Moving]], faults: list[Fault]) -> list[Source]:
    """The sources of trends with spread; those of one named factor become one source."""
    groups: dict[str, list[tuple[int, Moving]]] = {}
    for position, driver in sorted(trends, key=lambda item: item[1].id):
        dates = _spread_dates(case, driver, _teller(faults, position))
        if _sd(driver) and dates:
            key = f"factor {driver.factor}" if driver.factor else f"driver {driver.id}"
            groups.setdefault(key, []).append((position, driver))
    sources = []
    for members in groups.values():
        dates = _spread_dates(case, members[0][1], _silent)
        for position, driver in members[1:]:
            if _spread_dates(case, driver, _silent) != dates:
                _teller(faults, position)(
                    "at",
                    f"drivers with the factor `{driver.factor}` move together, so their dates "
                    f"should agree; those of `{members[0][1].id}` differ",
                )
        sources.append(_together(case, members, dates, faults))
    return sources


def _sd(driver: Moving) -> Fraction:
    """Standard deviation of a trend's change in one year; 0 where none is given."""
    return Fraction(central(driver.sd)) if driver.sd is not None else Fraction(0)


def _silent(field: str, message: str) -> None:
    """Notes nothing: the fault has been told before."""


def _spread_dates(case: Case, driver: Moving, tell: Tell) -> tuple[int, ...]:
    """The periods in which the spread of a trend is seen, in order."""
    if driver.at is None:
        return tuple(range(1, case.horizon.periods))
    days = (driver.at,) if isinstance(driver.at, date) else driver.at
    periods = sorted(_seen(case, day, tell) for day in days)
    for one, following in pairwise(periods):
        if one == following:
            tell("at", f"two dates fall in the period that begins on {case.horizon.begins(one)}")
    return tuple(periods)


def _together(
    case: Case,
    members: list[tuple[int, Moving]],
    dates: tuple[int, ...],
    faults: list[Fault],
) -> Source:
    """Three points that keep mean and variance, at each date, for all members at once.

    The points 1 - 2s, 1, 1 + 2s with probabilities 1/8, 3/4, 1/8 have mean 1 and variance s^2
    (discrete points that match moments, as in Miller and Rice, 1983; here the first two).
    """
    at: dict[int, tuple[Option, ...]] = {}
    last = 0
    for period in dates:
        years = Fraction((period - last) * case.horizon.months, 12)
        low, high = {}, {}
        for position, driver in members:
            yearly = _sd(driver)
            spread = root(yearly**2 * max(years, Fraction(0)))
            if yearly < 0 or 2 * spread > 1:
                _teller(faults, position)(
                    "sd",
                    f"a spread of {float(yearly):g} a year would fall below zero by "
                    f"{case.horizon.begins(period)}; give more dates in `at`, or a smaller `sd`",
                )
            low[driver.id], high[driver.id] = 1 - 2 * spread, 1 + 2 * spread
        at[period] = (
            Option("low", Fraction(1, 8), low),
            Option("middle", Fraction(3, 4)),
            Option("high", Fraction(1, 8), high),
        )
        last = period
    return Source(tuple(driver.id for _, driver in members), at)
