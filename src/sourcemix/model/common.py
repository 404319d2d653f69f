"""What all parts of the model share: numbers, durations, names, the frozen base.

Numbers are `Decimal` throughout. A figure may be given as an `Indicative` value
(low, central, high) where it comes from the priors rather than from an offer.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

LARGEST = Decimal(10) ** 12
"""Largest figure accepted anywhere: a trillion. Larger ones are typing errors or attacks."""


class Frozen(BaseModel):
    """Base of every model type: cannot be changed, refuses fields it does not know."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        serialize_by_alias=True,
        str_max_length=20_000,
        use_attribute_docstrings=True,
    )


def _day(value: object) -> object:
    # Pydantic would take 86400 for a moment of 1970.
    if isinstance(value, int | float | Decimal):
        raise ValueError("should be a date, such as 2027-04-01")
    return value


Day = Annotated[date, BeforeValidator(_day)]
"""A date, year-month-day."""


def _no_bool(value: object) -> object:
    # bool is an int in Python: `price: true` would silently mean £1.
    if isinstance(value, bool):
        raise ValueError("should be a number, not true or false")
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str) and any(sign in value for sign in "£$€"):
        raise ValueError("write the number without a currency sign; `money.currency` says it once")
    return value


_Number = BeforeValidator(_no_bool)

_SUM = LARGEST * 10**6
Money = Annotated[Decimal, _Number, Field(decimal_places=2, ge=-_SUM, le=_SUM, allow_inf_nan=False)]
"""An amount of a result in pounds, to the penny; a sum may be larger than any figure given."""
PositiveMoney = Annotated[
    Decimal, _Number, Field(decimal_places=2, ge=0, le=LARGEST, allow_inf_nan=False)
]
"""An amount in pounds, to the penny, zero or more."""
UnitPrice = Annotated[
    Decimal, _Number, Field(decimal_places=6, ge=0, le=LARGEST, allow_inf_nan=False)
]
"""Pounds for one unit, to six decimals."""
Volume = Annotated[Decimal, _Number, Field(decimal_places=3, ge=0, le=LARGEST, allow_inf_nan=False)]
"""Units of a service or lot, to a thousandth."""
Share = Annotated[Decimal, _Number, Field(decimal_places=6, ge=0, le=1, allow_inf_nan=False)]
"""A share between 0 and 1, to six decimals."""
Rate = Annotated[Decimal, _Number, Field(decimal_places=6, ge=-1, le=100, allow_inf_nan=False)]
"""A rate (0.02 is 2%), to six decimals."""
Factor = Annotated[Decimal, _Number, Field(decimal_places=6, ge=0, le=1000, allow_inf_nan=False)]
"""A multiplier, to six decimals."""
Probability = Annotated[Decimal, _Number, Field(decimal_places=9, ge=0, le=1, allow_inf_nan=False)]
"""A probability, to nine decimals."""
Score = Annotated[Decimal, _Number, Field(decimal_places=6, ge=0, le=100, allow_inf_nan=False)]
"""A quality score, 0 to 100, to six decimals."""
Level = Annotated[
    Decimal, _Number, Field(decimal_places=6, ge=-LARGEST, le=LARGEST, allow_inf_nan=False)
]
"""A level of an outcome, in the outcome's own unit."""
Months = Annotated[int, BeforeValidator(_no_bool), Field(ge=0, le=1200)]
"""A duration in whole months."""
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=64)]
"""A short name that other parts refer to: letters, digits, `_`, `-` and `.`."""
Text = Annotated[str, Field(min_length=1, max_length=500)]
"""A line of text for people."""

T = TypeVar("T")


class Indicative(Frozen, Generic[T]):
    """A figure from the priors or an estimate: a range, not an offer. Marked in every output."""

    low: T
    """Low end of the plausible range, in the unit of the field."""
    central: T
    """The value that plans use, in the unit of the field."""
    high: T
    """High end of the plausible range, in the unit of the field."""
    prior: str = ""
    """Row of the priors that it rests on, such as `P045`, or where else it comes from."""

    @model_validator(mode="after")
    def _ordered(self) -> Indicative[T]:
        if not self.low <= self.central <= self.high:  # type: ignore[operator]
            raise ValueError("low, central and high should not decrease")
        return self


MoneyValue = PositiveMoney | Indicative[PositiveMoney]
"""An amount, or an indicative range of one."""
PriceValue = UnitPrice | Indicative[UnitPrice]
"""A unit price, or an indicative range of one."""
RateValue = Rate | Indicative[Rate]
"""A rate, or an indicative range of one."""


def central(value: T | Indicative[T]) -> T:
    """The figure to plan with: the value itself, or the central one of a range."""
    return value.central if isinstance(value, Indicative) else value


Many = TypeVar("Many")


def in_year(values: Many | tuple[Many, ...], year: int) -> Many:
    """The entry of agreement year `year` (from 0); a list's last entry holds from then on."""
    if isinstance(values, tuple):
        return values[min(year, len(values) - 1)]
    return values
