"""The figures of a node: what everything that has happened means for demand, prices and rules."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sourcemix.errors import InputError
from sourcemix.futures.numbers import rounded, shown
from sourcemix.futures.sources import Past
from sourcemix.model.case import Case
from sourcemix.model.common import LARGEST, central, in_year
from sourcemix.model.drivers import (
    BudgetDriver,
    DemandDriver,
    PolicyDriver,
    PriceDriver,
    ReorganisationDriver,
    RequirementDriver,
    SupplierFailureDriver,
    WithdrawalDriver,
    driver_id,
)
from sourcemix.model.tree import PriceFactor


def figures(case: Case, past: Past, period: int) -> dict[str, Any]:
    """The fields of a node that follow from the past, for `Node(**fields)`."""
    happened = _Happened(case, past, period)
    return {
        "demand": happened.demand(),
        "prices": happened.prices(),
        "failed": happened.failed(),
        "just_failed": happened.failed(within=case.appraisal.emergency_periods),
        "withdrawn": happened.withdrawn(),
        "arisen": happened.yes(RequirementDriver),
        "in_force": happened.yes(PolicyDriver),
        "ended": happened.ended(),
        "split": happened.split(),
        "merged": happened.merged(),
        "budget": happened.budget(),
    }


class _Happened:
    """The case at one node."""

    def __init__(self, case: Case, past: Past, period: int) -> None:
        self.case, self.past, self.period = case, past, period

    def demand(self) -> dict[str, Decimal]:
        """Units of each service in the period, to a thousandth."""
        factors = {service.id: Fraction(1) for service in self.case.services}
        for driver in self.case.drivers:
            if isinstance(driver, DemandDriver):
                for name in set(driver.services):
                    factors[name] *= self._multiplier(driver)
        share = Fraction(self.case.horizon.months, 12)
        found = {}
        for service in sorted(self.case.services, key=lambda service: service.id):
            yearly = Fraction(in_year(service.demand, self.period))
            units = yearly * share * factors[service.id]
            if units > LARGEST:
                raise InputError(
                    f"the drivers move the demand for `{service.id}` to {shown(int(units))} "
                    f"units by {self.case.horizon.begins(self.period)}; at most {LARGEST:,} can "
                    "be planned with"
                )
            found[service.id] = rounded(units, 3)
        return found

    def prices(self) -> dict[str, PriceFactor]:
        """Multipliers on the charges of offers that a price driver names, to six decimals."""
        found: dict[str, dict[str, Fraction]] = {}
        for driver in self.case.drivers:
            if not isinstance(driver, PriceDriver):
                continue
            for name in set(driver.offers):
                entry = found.setdefault(name, {"price": Fraction(1), "fixed": Fraction(1)})
                for item in set(driver.items):
                    entry[item] *= self._multiplier(driver)
        return {
            name: PriceFactor(
                price=self._limited(entry["price"], f"the prices of `{name}`"),
                fixed=self._limited(entry["fixed"], f"the fixed charge of `{name}`"),
            )
            for name, entry in sorted(found.items())
        }

    def budget(self) -> Decimal:
        """Multiplier on budget rules."""
        factor = Fraction(1)
        for driver in self.case.drivers:
            if isinstance(driver, BudgetDriver):
                factor *= self.past.factors.get(driver_id(driver), Fraction(1))
        return self._limited(factor, "the budget")

    def failed(self, within: int | None = None) -> tuple[str, ...]:
        """Suppliers that have failed, or have failed within so many periods."""
        return tuple(
            sorted(
                driver.supplier
                for driver in self.case.drivers
                if isinstance(driver, SupplierFailureDriver)
                and (since := self.past.since.get(driver_id(driver))) is not None
                and (within is None or self.period - since < within)
            )
        )

    def withdrawn(self) -> tuple[str, ...]:
        """Offers that have been withdrawn."""
        return tuple(
            sorted(
                driver.offer
                for driver in self.case.drivers
                if isinstance(driver, WithdrawalDriver) and driver_id(driver) in self.past.since
            )
        )

    def yes(self, kind: type[RequirementDriver] | type[PolicyDriver]) -> tuple[str, ...]:
        """Drivers of a kind that have happened."""
        return tuple(
            sorted(
                driver_id(driver)
                for driver in self.case.drivers
                if isinstance(driver, kind) and driver_id(driver) in self.past.since
            )
        )

    def ended(self) -> tuple[str, ...]:
        """Offers whose live agreements a reorganisation ends as this period begins."""
        found = self._reorganised("end")
        now = {name for driver, name in found if self._since(driver) == self.period}
        return tuple(sorted(now))

    def split(self) -> dict[str, int]:
        """Into how many agreements a reorganisation has split those of an offer, by offer."""
        found = {name: len(driver.successors) for driver, name in self._reorganised("split")}
        return dict(sorted(found.items()))

    def merged(self) -> tuple[str, ...]:
        """Offers whose agreements a reorganisation has merged."""
        return tuple(sorted({name for _, name in self._reorganised("merge")}))

    def _reorganised(self, way: str) -> Iterator[tuple[ReorganisationDriver, str]]:
        """Reorganisations that have happened, with the offers that they treat in one way."""
        for driver in self.case.drivers:
            if isinstance(driver, ReorganisationDriver) and self._since(driver) is not None:
                for offer in self.case.offers:
                    if driver.by_offer.get(offer.id, driver.on_vesting) == way:
                        yield driver, offer.id

    def _since(self, driver: ReorganisationDriver) -> int | None:
        return self.past.since.get(driver_id(driver))

    def _multiplier(self, driver: DemandDriver | PriceDriver) -> Fraction:
        """Drift up to this period, times what has been seen."""
        drift = Fraction(central(driver.drift)) if driver.drift is not None else Fraction(0)
        grown = (1 + drift * self.case.horizon.months / 12) ** self.period
        return grown * self.past.factors.get(driver_id(driver), Fraction(1))

    def _limited(self, factor: Fraction, what: str) -> Decimal:
        if factor > 1000:
            raise InputError(
                f"the drivers multiply {what} by {shown(int(factor))} by "
                f"{self.case.horizon.begins(self.period)}; at most 1,000 can be planned with"
            )
        return rounded(factor, 6)
