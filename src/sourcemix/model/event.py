"""An event: a one-off award of lots to bids."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from sourcemix.model.case import Authority, MoneyBasis
from sourcemix.model.common import (
    Frozen,
    Id,
    PositiveMoney,
    Score,
    Share,
    Text,
    UnitPrice,
    Volume,
)
from sourcemix.model.rules import Rule
from sourcemix.model.suppliers import SupplierKind


class Lot(Frozen):
    """What is bought."""

    id: Id
    """Short name."""
    name: str = ""
    """Name for people."""
    quantity: Volume = Decimal(1)
    """Units to buy."""
    region: str = ""
    """Where it is, for rules by region."""
    reserve: PositiveMoney | None = None
    """Most that may be paid for the whole lot, in pounds; dearer single-lot bids are left out,
    and a bundle may not cost more than the reserves of its lots together."""
    incumbent: Id | None = None
    """Supplier that has it today."""
    switching: PositiveMoney = Decimal(0)
    """Pounds once if any of it goes to somebody other than the incumbent."""
    unawarded: PositiveMoney | Literal["never"] = "never"
    """Pounds for leaving the lot without a winner (all of its quantity); `never` forbids it."""


class Bidder(Frozen):
    """Who bids."""

    id: Id
    """Short name."""
    name: str = ""
    """Name for people."""
    kind: SupplierKind = "commercial"
    """Which of the six kinds of supplier."""
    legal_form: str = ""
    """`company`, `mutual`, `cio` …"""
    identifiers: tuple[Text, ...] = ()
    """Registered identifiers with their scheme."""
    sme: bool = False
    """Small or medium-sized enterprise."""
    local: bool = False
    """Based in the authority's area."""
    capacity: Volume | None = None
    """Most units over all its lots together."""
    max_value: PositiveMoney | None = None
    """Most that it may be awarded, in pounds."""
    max_lots: int | None = Field(default=None, ge=0)
    """Most lots that it may win."""
    min_award: PositiveMoney | None = None
    """If it wins anything, at least this, in pounds."""
    onboarding: PositiveMoney = Decimal(0)
    """Pounds once if it wins anything."""


class Bid(Frozen):
    """A price for some lots: all or nothing (`price`), or by quantity (`unit_price`)."""

    id: Id
    """Short name."""
    supplier: Id
    """Who bids."""
    lots: dict[Id, Volume] = Field(min_length=1)
    """Units of each lot: exactly these, or (with `unit_price`) at most these."""
    price: PositiveMoney | None = None
    """Pounds for all of it."""
    unit_price: UnitPrice | None = None
    """Pounds for one unit of any of its lots."""
    min: Volume = Decimal(0)
    """With `unit_price`: fewest units in all, if any."""
    xor: Id | None = None
    """Group of which at most one bid wins."""

    @model_validator(mode="after")
    def _one_price(self) -> Self:
        if (self.price is None) == (self.unit_price is None):
            raise ValueError("give `price` (all or nothing) or `unit_price` (by quantity)")
        if self.min and self.unit_price is None:
            raise ValueError("`min` goes with `unit_price`")
        if self.min > sum(self.lots.values()):
            raise ValueError("`min` is more than the bid offers in all")
        return self


class Condition(Frozen):
    """What a supplier ties together: a bid needs others, or at most some of several win."""

    bid: Id | None = None
    """The bid that needs others."""
    needs: tuple[Id, ...] = ()
    """The bids that must win with it, all of them."""
    at_most: int | None = Field(default=None, ge=0)
    """At most this many …"""
    of: tuple[Id, ...] = ()
    """… of these bids may win."""

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        needs = self.bid is not None and bool(self.needs)
        most = self.at_most is not None and bool(self.of)
        mixed = (self.bid is not None or self.needs) and (self.at_most is not None or self.of)
        if needs == most or mixed:
            raise ValueError("give `bid` and `needs`, or `at_most` and `of`")
        return self


class Discount(Frozen):
    """A supplier's rebate from a value, or a number of lots, on."""

    supplier: Id
    """Who gives it."""
    kind: Literal["all_units", "incremental"] = "all_units"
    """On its whole award, or only on what lies beyond the threshold."""
    from_value: PositiveMoney | None = None
    """Pounds of its award, before any discount, from which it holds."""
    from_lots: int | None = Field(default=None, ge=1)
    """Number of lots from which it holds."""
    rate: Share
    """0.03 is 3% off. Of several thresholds reached, the last one counts; they do not add up."""

    @model_validator(mode="after")
    def _one_threshold(self) -> Self:
        if (self.from_value is None) == (self.from_lots is None):
            raise ValueError("give `from_value` or `from_lots`")
        if self.from_lots is not None and self.kind == "incremental":
            raise ValueError("an incremental discount needs `from_value`")
        return self


class Quality(Frozen):
    """How quality counts beside price."""

    weight: Share
    """Weight of quality, 0 to 1."""
    formula: Literal["lowest_price", "weighted_price_quality", "price_per_quality_point"] = (
        "weighted_price_quality"
    )
    """The published scoring formula."""
    scores: dict[Id, Score] = {}
    """Quality score of each bid, 0 to 100."""


class Event(Frozen):
    """A one-off award: lots, suppliers, bids, conditions, discounts and rules."""

    sourcemix: Literal[1] = 1
    """Version of the file format."""
    event: Text
    """What is bought, in a few words."""
    description: str = ""
    """What a reader should know before the figures."""
    purpose: Literal["award", "design"] = "award"
    """`award`: a ground for award, under the published rules. `design`: a study."""
    authority: Authority | None = None
    """Who buys."""
    money: MoneyBasis | None = None
    """What its figures mean."""
    lots: tuple[Lot, ...] = Field(min_length=1)
    """What is bought."""
    suppliers: tuple[Bidder, ...] = Field(min_length=1)
    """Who bids."""
    bids: tuple[Bid, ...] = Field(min_length=1)
    """The bids."""
    conditions: tuple[Condition, ...] = ()
    """What suppliers tie together."""
    discounts: tuple[Discount, ...] = ()
    """Suppliers' rebates."""
    rules: tuple[Rule, ...] = ()
    """Limits that the authority sets itself."""
    free_disposal: bool = False
    """Whether a lot may be bought more than once."""
    quality: Quality | None = None
    """How quality counts beside price."""
    tie: str = "content"
    """What decides between awards of equal cost: content and seed, never the order of rows."""
