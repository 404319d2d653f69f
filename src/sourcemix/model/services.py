"""What must be delivered (services) and what should become true (outcomes)."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from sourcemix.model.common import (
    Day,
    Frozen,
    Id,
    Level,
    MoneyValue,
    PositiveMoney,
    PriceValue,
    Share,
    Text,
    Volume,
)


class Outcome(Frozen):
    """A simple statement of what should become true, with one measure."""

    id: Id
    """Short name."""
    statement: Text
    """One sentence that a resident understands."""
    measure: Text
    """What is measured."""
    unit: Text
    """Unit of the measure, such as `percent`."""
    better: Literal["higher", "lower"] = "higher"
    """Which direction is an improvement."""
    baseline: Level
    """Level today, in `unit`."""
    target: Level
    """Level aimed at, in `unit`. No credit is given beyond it."""
    by: Day | None = None
    """Date by which the target should be met."""
    value: PositiveMoney | None = None
    """Pounds a year for each unit of improvement. Never together with `swing_weight`."""
    swing_weight: Share | None = None
    """Weight of the whole swing from baseline to target against those of other outcomes. What a
    weight of 1 is worth is `appraisal.swing_value`. Never together with `value`."""
    parties: tuple[Text, ...] = ()
    """Who benefits: `residents`, `users`, `staff`, `community` …"""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.value is not None and self.swing_weight is not None:
            raise ValueError("give `value` or `swing_weight`, not both")
        improves = self.target - self.baseline
        if (improves < 0) if self.better == "higher" else (improves > 0):
            raise ValueError(f"the target is worse than the baseline when {self.better} is better")
        return self


class Overhead(Frozen):
    """Authority's own overhead of a service, pounds a year."""

    avoidable: PositiveMoney = Decimal(0)
    """Pounds a year that end when no in-house agreement for the service is live."""
    remaining: PositiveMoney = Decimal(0)
    """Pounds a year that the authority pays whoever delivers; charged to every plan."""


class Service(Frozen):
    """Something that must be delivered, with a demand in its own unit."""

    id: Id
    """Short name."""
    name: str = Field(default="", max_length=500)
    """Name for people; the id where empty."""
    unit: Text
    """Unit of demand, such as `ticket`, or `year of service`."""
    demand: Volume | tuple[Volume, ...]
    """Units a year: one figure, or one for each period (each still a yearly rate)."""
    max_providers: int | None = Field(default=None, ge=1)
    """Most suppliers that may hold a live agreement for the service at the same time."""
    unmet: PriceValue | Literal["never"] = "never"
    """Cost of a unit that nobody serves, in pounds; `never` forbids it."""
    emergency: PriceValue | None = None
    """Pounds a unit for demand left unserved when a supplier has just failed."""
    overhead: Overhead = Overhead()
    """Authority's own overhead of the service."""


class Link(Frozen):
    """Services that cost an interface when different suppliers deliver them."""

    services: tuple[Id, ...] = Field(min_length=2)
    """The linked services."""
    interface: MoneyValue
    """Pounds a year in which more than one supplier holds live agreements among them."""
