"""Drivers: what may change, in the officer's words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sourcemix.model.common import (
    Day,
    Factor,
    Frozen,
    Id,
    PositiveMoney,
    Probability,
    RateValue,
    Share,
)
from sourcemix.model.rules import Rule


class Chance(Frozen):
    """One way a driver may go."""

    p: Probability
    """Probability. Those of one driver add up to 1."""
    factor: Factor
    """Multiplier from that date on."""


def _adds_up(outcomes: tuple[Chance, ...]) -> None:
    total = sum((chance.p for chance in outcomes), Decimal(0))
    if outcomes and total != 1:
        raise ValueError(f"the probabilities add up to {total}; they should add up to 1")


class _Moving(Frozen):
    """A multiplier that moves: in steps (`at`, `outcomes`) or by a trend (`drift`, `sd`)."""

    id: Id
    """Short name."""
    at: Day | tuple[Day, ...] | None = None
    """When it is seen. Steps: one date. A trend with spread: the dates at which the spread
    gathered since the last one is seen; none: every period."""
    outcomes: tuple[Chance, ...] = ()
    """Steps: the ways it may go, each with its probability and factor."""
    drift: RateValue | None = None
    """Trend: expected change a year, 0.02 is 2% growth."""
    sd: RateValue | None = None
    """Trend: standard deviation of the change of one year."""
    factor: Id | None = None
    """Drivers with the same named factor move together."""

    @model_validator(mode="after")
    def _steps_or_trend(self) -> Self:
        if bool(self.outcomes) == (self.drift is not None or self.sd is not None):
            raise ValueError("give either `outcomes` with `at` (steps) or `drift` and `sd` (trend)")
        if self.outcomes and not isinstance(self.at, date):
            raise ValueError("steps need one date in `at`")
        if self.outcomes and self.factor is not None:
            raise ValueError("a named `factor` goes with a trend (`drift`, `sd`), not with steps")
        _adds_up(self.outcomes)
        return self


class DemandDriver(_Moving):
    """Demand for services moves."""

    kind: Literal["demand"]
    services: tuple[Id, ...] = Field(min_length=1)
    """Services whose demand is multiplied."""


class PriceDriver(_Moving):
    """Prices of offers move."""

    kind: Literal["price"]
    offers: tuple[Id, ...] = Field(min_length=1)
    """Offers whose charges are multiplied."""
    items: tuple[Literal["price", "fixed"], ...] = ("price", "fixed")
    """Which charges: unit prices, fixed charges, or both."""


class RequirementDriver(Frozen):
    """A new need may arise, which agreements signed before it did not foresee."""

    kind: Literal["requirement"]
    id: Id
    """Short name."""
    services: tuple[Id, ...] = Field(min_length=1)
    """Services that must change."""
    at: Day
    """When it would arise."""
    p: Probability
    """Probability that it arises."""
    size: Share
    """How much of the service changes, as a share of the agreement's charges for it."""
    adapts: dict[Id, PositiveMoney] = {}
    """Offers that adapt for one payment, in pounds, in place of their change rate."""


class SupplierFailureDriver(Frozen):
    """A supplier may fail."""

    kind: Literal["supplier_failure"]
    supplier: Id
    """Who may fail; the chance in a year is the supplier's `failure`."""
    at: Day | None = None
    """Where given, the failure of all years up to then is gathered at this one date, which keeps
    the tree small; none: it may fail in every period."""


class WithdrawalDriver(Frozen):
    """The other side may withdraw from an informal agreement."""

    kind: Literal["withdrawal"]
    offer: Id
    """The offer; the chance in a year is its form's `withdrawal`."""
    at: Day | None = None
    """As for `supplier_failure`."""


class BudgetDriver(Frozen):
    """The budget may change."""

    kind: Literal["budget"]
    id: Id = "budget"
    """Short name."""
    at: Day
    """When it is seen."""
    outcomes: tuple[Chance, ...] = Field(min_length=1)
    """Multipliers on every `budget` rule from then on."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        _adds_up(self.outcomes)
        return self


class PolicyDriver(Frozen):
    """A rule may come into force."""

    kind: Literal["policy"]
    id: Id = "policy"
    """Short name."""
    at: Day
    """When it would come into force."""
    p: Probability
    """Probability that it does."""
    rule: Rule
    """The rule."""


class ReorganisationDriver(Frozen):
    """The authority may be reorganised."""

    kind: Literal["reorganisation"]
    id: Id = "reorganisation"
    """Short name."""
    at: Day
    """Vesting date."""
    p: Probability
    """Probability that it happens."""
    successors: tuple[str, ...] = ()
    """Names of the successor authorities."""
    on_vesting: Literal["novate", "split", "merge", "end"] = "novate"
    """What becomes of agreements live on that day."""
    by_offer: dict[Id, Literal["novate", "split", "merge", "end"]] = {}
    """Offers for which it is otherwise."""


Driver = Annotated[
    DemandDriver
    | PriceDriver
    | RequirementDriver
    | SupplierFailureDriver
    | WithdrawalDriver
    | BudgetDriver
    | PolicyDriver
    | ReorganisationDriver,
    Field(discriminator="kind"),
]
"""Any driver."""


def driver_id(driver: Driver) -> str:
    """The name under which a driver appears in the tree."""
    if isinstance(driver, SupplierFailureDriver):
        return f"failure:{driver.supplier}"
    if isinstance(driver, WithdrawalDriver):
        return f"withdrawal:{driver.offer}"
    return driver.id
