"""A case: one sourcing question of one authority."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, Protocol, TypeVar

from pydantic import Field, field_validator

from sourcemix.model.common import Day, Frozen, Id, PositiveMoney, Rate, Share, Text
from sourcemix.model.drivers import Driver
from sourcemix.model.offers import Agreement, Offer
from sourcemix.model.rules import Rule
from sourcemix.model.services import Link, Outcome, Service
from sourcemix.model.suppliers import Form, Framework, Supplier

BiasClass = Literal["operating", "setup", "capital"]
"""Classes of cost that get an uplift of their own for optimism bias."""
PeriodName = Literal["year", "half_year", "quarter"]
MONTHS: dict[str, int] = {"year": 12, "half_year": 6, "quarter": 3}
"""Months in each kind of period."""


class Authority(Frozen):
    """The public body whose question it is."""

    name: Text
    """Its name."""
    id: str = ""
    """Its registered identifier, such as `GB-LAE-EXA`."""


class Horizon(Frozen):
    """The time that a plan covers, in periods of equal length."""

    start: Day
    """First day; the first of a month."""
    periods: int = Field(ge=1, le=120)
    """How many periods."""
    period: PeriodName = "year"
    """Length of one period."""

    @field_validator("start")
    @classmethod
    def _first_of_month(cls, value: date) -> date:
        if value.day != 1:
            raise ValueError("the horizon should start on the first day of a month")
        if not 1900 <= value.year <= 2200:
            raise ValueError("the horizon should start between 1900 and 2200")
        return value

    @property
    def months(self) -> int:
        """Months in one period."""
        return MONTHS[self.period]

    def begins(self, period: int) -> date:
        """First day of a period; periods before the start and after the end count on."""
        index = self.start.year * 12 + self.start.month - 1 + period * self.months
        return date(index // 12, index % 12 + 1, 1)

    def period_of(self, day: date) -> int:
        """The period that holds a day: negative before the horizon, `periods` or more after."""
        months = (day.year - self.start.year) * 12 + day.month - self.start.month
        return months // self.months

    def first_from(self, day: date) -> int:
        """The first period that begins on or after a day."""
        period = self.period_of(day)
        return period if self.begins(period) == day else period + 1

    def year_of(self, period: int) -> int:
        """Whole years from the start to the beginning of a period: the discount year."""
        return period * self.months // 12


class MoneyBasis(Frozen):
    """What the figures of the case mean."""

    currency: Literal["GBP"] = "GBP"
    """Currency of every figure."""
    price_base: str = Field(pattern=r"^\d{4}-\d{2}$", examples=["2026-27"])
    """Financial year in whose prices the figures are."""
    vat: Literal["excluded", "included"] = "excluded"
    """Whether figures hold VAT."""
    discounting: str = "green-book-2026"
    """Name of the schedule of discount rates, or `none`."""
    deflator: Id | None = None
    """Index that turns cash into real prices, one of `indices`."""
    irrecoverable_vat: Rate = Decimal(0)
    """VAT that the authority cannot recover, as a share of what it pays suppliers without VAT:
    0.01 where a twentieth of 20% is lost. An offer may state its own."""


class Risk(Frozen):
    """How much weight bad futures get."""

    measure: Literal["cvar"] = "cvar"
    """Conditional value at risk: the mean cost of the worst futures."""
    level: Share = Decimal("0.9")
    """0.9 means the worst tenth."""
    weight: Share = Decimal(0)
    """Weight of the measure against the expectation."""


class Appraisal(Frozen):
    """How options are compared."""

    risk: Risk = Risk()
    """Weight of bad futures."""
    optimism_bias: dict[BiasClass, Rate] = {}
    """Uplift by class of cost, applied to every option alike, in-house included."""
    gap: Share = Decimal("0.01")
    """Gap at which planning may stop, as a share of the cost."""
    tie: Literal["lowest_exposure_then_content"] = "lowest_exposure_then_content"
    """What decides between plans that are proven to cost the same: the lower exposure, then what
    the offers say."""
    swing_value: PositiveMoney | None = None
    """Pounds a year that a `swing_weight` of 1 is worth, if the whole swing is achieved. None:
    outcomes with a weight are scored, but move no decision."""
    emergency_periods: int = Field(default=1, ge=0)
    """Periods after a failure in which unserved demand costs `emergency`."""


class FixedOffers(Frozen):
    """A baseline made of named offers."""

    offers: tuple[Id, ...] = Field(min_length=1)
    """The offers, taken up at the first possible date."""


class Case(Frozen):
    """Services, outcomes, suppliers, forms, offers, drivers, rules and appraisal settings."""

    sourcemix: Literal[1] = 1
    """Version of the file format."""
    title: Text
    """What the question is, in a few words."""
    description: str = ""
    """What a reader should know before the figures."""
    authority: Authority
    """Whose question it is."""
    horizon: Horizon
    """The time it covers."""
    money: MoneyBasis
    """What its figures mean."""
    indices: dict[Id, Rate | tuple[Rate, ...]] = {}
    """Growth a year of each index: one rate, or one for each year of the horizon."""
    outcomes: tuple[Outcome, ...] = ()
    """What should become true."""
    services: tuple[Service, ...] = Field(min_length=1)
    """What must be delivered."""
    links: tuple[Link, ...] = ()
    """Services that cost an interface between different suppliers."""
    suppliers: tuple[Supplier, ...] = Field(min_length=1)
    """Who could deliver."""
    forms: dict[Id, Form] = {}
    """Forms of agreement, over the library: only what differs."""
    offers: tuple[Offer, ...] = Field(min_length=1)
    """What is on the table."""
    frameworks: tuple[Framework, ...] = ()
    """Frameworks that offers call off from."""
    agreements: tuple[Agreement, ...] = ()
    """Agreements of today."""
    drivers: tuple[Driver, ...] = ()
    """What may change."""
    rules: tuple[Rule, ...] = ()
    """Limits that the authority sets itself."""
    baselines: dict[Id, FixedOffers] = {}
    """Named plans to compare with."""
    appraisal: Appraisal = Appraisal()
    """How options are compared."""

    def supplier(self, name: str) -> Supplier:
        """The supplier of that id. Raises `KeyError`."""
        return _find(self.suppliers, name)

    def service(self, name: str) -> Service:
        """The service of that id. Raises `KeyError`."""
        return _find(self.services, name)

    def offer(self, name: str) -> Offer:
        """The offer of that id. Raises `KeyError`."""
        return _find(self.offers, name)


class _Named(Protocol):
    @property
    def id(self) -> str: ...


_N = TypeVar("_N", bound=_Named)


def _find(items: tuple[_N, ...], name: str) -> _N:
    for item in items:
        if item.id == name:
            return item
    raise KeyError(name)


__all__ = [
    "Appraisal",
    "Authority",
    "BiasClass",
    "Case",
    "FixedOffers",
    "Horizon",
    "MONTHS",
    "MoneyBasis",
    "PeriodName",
    "Risk",
]
