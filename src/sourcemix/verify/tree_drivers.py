"""What each driver may do, worked out again from the case for checking a tree.

Written apart from the growing of trees, so that an error there does not repeat itself here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

from sourcemix.model.case import Case
from sourcemix.model.common import central
from sourcemix.model.drivers import (
    BudgetDriver,
    DemandDriver,
    Driver,
    PriceDriver,
    SupplierFailureDriver,
    WithdrawalDriver,
    driver_id,
)

Ways = Mapping[str, Fraction]
"""Probability of each thing that may be seen, by its label."""
Path = tuple[tuple[int, Mapping[str, str]], ...]
"""What has been seen on the way to a node: period, and driver to label."""


@dataclass(frozen=True, slots=True)
class Mover:
    """A driver as a question: what may be seen of it in a period, after what has been seen?

    Attributes:
        name: the driver, as in `seen`.
        ways: what may be seen, by period.
        factors: multiplier of each label, by period.
        once: whether nothing more is seen after `yes`.
        moves_with: the driver whose label it repeats, where several move together.
    """

    name: str
    ways: Mapping[int, Ways]
    factors: Mapping[int, Mapping[str, Fraction]]
    once: bool
    moves_with: str

    def may(self, period: int, path: Path) -> Ways:
        """What may be seen in a period after a path; nothing where it is not looked at."""
        if self.once and any(seen.get(self.name) == "yes" for _, seen in path):
            return {}
        return {label: p for label, p in self.ways.get(period, {}).items() if p > 0}

    def factor(self, path: Path) -> Fraction:
        """Product of the multipliers seen on a path."""
        product = Fraction(1)
        for period, seen in path:
            if self.name in seen:
                product *= self.factors.get(period, {}).get(seen[self.name], Fraction(1))
        return product


def movers(case: Case) -> dict[str, Mover]:
    """Every driver of a case by name."""
    found: dict[str, Mover] = {}
    leaders: dict[str, str] = {}
    for driver in sorted(case.drivers, key=driver_id):
        name = driver_id(driver)
        leader = name
        ways, factors = _of(case, driver)
        if isinstance(driver, DemandDriver | PriceDriver) and driver.factor and ways:
            leader = leaders.setdefault(driver.factor, name)
        once = isinstance(driver, SupplierFailureDriver | WithdrawalDriver)
        found[name] = Mover(name, ways, factors, once, leader)
    return found


def _of(case: Case, driver: Driver) -> tuple[dict[int, Ways], dict[int, Mapping[str, Fraction]]]:
    """Ways and factors of a driver by period."""
    if isinstance(driver, SupplierFailureDriver | WithdrawalDriver):
        return _hazards(case, driver), {}
    if isinstance(driver, DemandDriver | PriceDriver | BudgetDriver):
        if not driver.outcomes:
            assert not isinstance(driver, BudgetDriver)  # the model asks for outcomes there
            return _spread(case, driver)
        assert isinstance(driver.at, date)  # the model asks for one date with outcomes
        period = case.horizon.first_from(driver.at)
        ways = {str(i): Fraction(chance.p) for i, chance in enumerate(driver.outcomes)}
        factors = {str(i): Fraction(chance.factor) for i, chance in enumerate(driver.outcomes)}
        return {period: ways}, {period: factors}
    chance = Fraction(driver.p)
    return {case.horizon.first_from(driver.at): {"yes": chance, "no": 1 - chance}}, {}


def _hazards(case: Case, driver: SupplierFailureDriver | WithdrawalDriver) -> dict[int, Ways]:
    if isinstance(driver, SupplierFailureDriver):
        yearly = case.supplier(driver.supplier).failure
    else:
        yearly = case.forms[case.offer(driver.offer).form].withdrawal
    chance = Fraction(central(yearly)) if yearly is not None else Fraction(0)
    chance *= Fraction(case.horizon.months, 12)
    if driver.at is None:
        stays = dict.fromkeys(range(1, case.horizon.periods), 1 - chance)
    else:
        period = case.horizon.first_from(driver.at)
        stays = {period: (1 - chance) ** period}
    return {period: {"yes": 1 - stay, "no": stay} for period, stay in stays.items()}


def _spread(
    case: Case, driver: DemandDriver | PriceDriver
) -> tuple[dict[int, Ways], dict[int, Mapping[str, Fraction]]]:
    """Low, middle and high at each date at which the spread is seen."""
    if driver.sd is None or not central(driver.sd):
        return {}, {}
    if driver.at is None:
        periods = list(range(1, case.horizon.periods))
    else:
        days = (driver.at,) if isinstance(driver.at, date) else driver.at
        periods = sorted(case.horizon.first_from(day) for day in days)
    ways: dict[int, Ways] = {}
    factors: dict[int, Mapping[str, Fraction]] = {}
    for last, period in zip([0, *periods], periods, strict=False):
        gathered = Decimal((period - last) * case.horizon.months) / 12
        two = 2 * Fraction(_sigma(Decimal(central(driver.sd)), gathered))
        ways[period] = {"low": Fraction(1, 8), "middle": Fraction(3, 4), "high": Fraction(1, 8)}
        factors[period] = {"low": 1 - two, "middle": Fraction(1), "high": 1 + two}
    return ways, factors


def _sigma(yearly: Decimal, years: Decimal) -> Decimal:
    """Spread gathered over some years, to six decimals."""
    with localcontext() as context:
        context.prec = 60
        return (yearly * years.sqrt()).quantize(Decimal("0.000001"), rounding=ROUND_HALF_EVEN)
