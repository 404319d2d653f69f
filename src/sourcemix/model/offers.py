"""Offers: a supplier offers services under a form, with prices and terms."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from sourcemix.model.common import (
    Day,
    Frozen,
    Id,
    Indicative,
    Level,
    MoneyValue,
    Months,
    PositiveMoney,
    PriceValue,
    Rate,
    Share,
    UnitPrice,
    Volume,
)

CostClass = Literal["revenue", "capital"]


class Window(Frozen):
    """When an offer may start. Both ends are inclusive; an absent end is open."""

    from_: Day | None = Field(default=None, alias="from")
    """Earliest day on which the agreement may start."""
    until: Day | None = None
    """Latest day on which the agreement may start."""


class Tier(Frozen):
    """A lower or higher price from a volume on."""

    from_: Volume = Field(alias="from")
    """Units a year from which the price holds."""
    price: UnitPrice
    """Pounds for one unit."""


class ServiceTerms(Frozen):
    """What an offer says about one service."""

    price: PriceValue | tuple[PriceValue, ...] = Decimal(0)
    """Pounds for one unit: one figure, or a list by agreement year."""
    capacity: Volume | tuple[Volume, ...] | None = None
    """Most units a year: one figure, or a list by agreement year; none: no limit."""
    commit: Share = Decimal(0)
    """Share of the undriven demand of each period that is paid for whether used or not."""
    tiers: tuple[Tier, ...] = ()
    """Prices from given volumes on."""
    tier_kind: Literal["incremental", "all_units"] = "incremental"
    """Whether a tier's price holds for the units beyond its threshold or for all units."""
    outcomes: dict[Id, Level] = {}
    """Level of each outcome that this offer reaches for the service, in the outcome's unit."""


class Term(Frozen):
    """How long an agreement runs and how it can be left. "5+2+2" is 60, [24, 24]."""

    initial: Months = Field(ge=1)
    """Months of the first block."""
    extensions: tuple[Months, ...] = ()
    """Months of each further block, taken one by one without new set-up."""
    break_from: Months | None = None
    """Months after the start from which it can be left without a fee."""
    notice: Months = 0
    """Months of notice to leave, or not to extend."""

    @model_validator(mode="after")
    def _break_within(self) -> Self:
        if self.break_from is not None and self.break_from > self.longest:
            raise ValueError(
                f"`break_from` is {self.break_from} months, beyond the end of the last block "
                f"({self.longest} months)"
            )
        if any(months == 0 for months in self.extensions):
            raise ValueError("an extension should last one month or more")
        return self

    @property
    def longest(self) -> int:
        """Months from the start to the end of the last block."""
        return self.initial + sum(self.extensions)


class ExitTerms(Frozen):
    """What leaving costs the authority."""

    fee_per_missing_year: MoneyValue = Decimal(0)
    """Pounds for each year of the commitment that is not run; pro-rated by period."""
    transition: MoneyValue = Decimal(0)
    """Pounds once, at every end that the same offer does not follow."""


class Takeover(Frozen):
    """An extra cost of taking over from somebody."""

    from_: Id = Field(alias="from")
    """Supplier that held a live agreement for one of the services the period before."""
    cost: MoneyValue
    """Pounds once, when the agreement starts."""


class People(Frozen):
    """Staff who would transfer."""

    transfer_fte: Volume = Decimal(0)
    """Full-time equivalents that would transfer under TUPE."""
    pension: str = ""
    """Pension protection, such as `lgps` or `broadly_comparable`."""


class SupplierParty(Frozen):
    """What the agreement is worth to the supplier."""

    margin: tuple[Rate, Rate] | None = None
    """Low and high margin, as a share of its charges."""
    bid_cost: PositiveMoney | None = None
    """Pounds that bidding costs the supplier; counted only where a margin is stated."""


class StaffParty(Frozen):
    """What the agreement means for staff."""

    posts_kept: int | None = Field(default=None, ge=0)
    """Posts kept in the area."""


class CommunityParty(Frozen):
    """What the agreement is worth to the community."""

    value: PositiveMoney | None = None
    """Stated value in pounds a year."""


class Parties(Frozen):
    """Stated values for parties other than the taxpayer. What is absent is "not assessed"."""

    supplier: SupplierParty | None = None
    """For the supplier."""
    staff: StaffParty | None = None
    """For staff."""
    community: CommunityParty | None = None
    """For the community."""
    residents: CommunityParty | None = None
    """For residents and users, beyond the outcomes."""


class Offer(Frozen):
    """Some services under one form, with prices and terms."""

    id: Id
    """Short name."""
    name: str = ""
    """Name for people; supplier and form where empty."""
    supplier: Id
    """Who offers."""
    form: Id
    """Form of agreement: one of the library, or of the case's own `forms`."""
    services: dict[Id, ServiceTerms] = Field(min_length=1)
    """What is offered for each service."""
    available: Window = Window()
    """When it may start."""
    fixed: MoneyValue | tuple[MoneyValue, ...] = Decimal(0)
    """Pounds a year while live: one figure, or a list by agreement year."""
    setup: dict[Id, MoneyValue] = {}
    """Pounds once, by named line, over the form's. `procurement` is due at the decision."""
    lead: Months | None = None
    """Months from decision to start, over the form's."""
    term: Term
    """How long it runs and how it can be left."""
    exit: ExitTerms = ExitTerms()
    """What leaving costs."""
    takeover: tuple[Takeover, ...] = ()
    """Extra costs of taking over from named suppliers."""
    index: Id | None = None
    """Index that its charges follow, one of the case's `indices`; none: constant in real terms."""
    change_rate: Rate | None = None
    """Mark-up on changed work, as a share of the charges for the changed service."""
    framework: Id | None = None
    """Framework that it is called off from."""
    people: People | None = None
    """Staff who would transfer."""
    parties: Parties = Parties()
    """Stated values for other parties."""
    income: PositiveMoney = Decimal(0)
    """Pounds a year to the authority while live."""
    reduces: dict[Id, Share] = {}
    """Share of a service's demand that disappears while live (suppliers of kind `community`)."""
    classes: dict[Id, CostClass] = {}
    """Cost class by cost line, where it is not revenue."""
    currency: str | None = None
    """Currency of the offer, where it was stated; must be the case's."""
    vat: Literal["excluded", "included"] | None = None
    """Whether its prices hold VAT, where it was stated; must be as in the case."""
    irrecoverable_vat: Rate | None = None
    """As in `money`, where it is otherwise for this offer."""
    price_base: str | None = None
    """Price base of the offer, where it was stated; must be the case's."""
    note: str = ""
    """Where the figures come from, for the reader."""

    @property
    def indicative(self) -> bool:
        """Whether any of its figures is from the priors."""
        return any(isinstance(v, Indicative) for v in _figures(self))


def _figures(offer: Offer) -> list[object]:
    figures: list[object] = [*offer.setup.values(), offer.exit.fee_per_missing_year]
    figures.append(offer.exit.transition)
    figures += offer.fixed if isinstance(offer.fixed, tuple) else [offer.fixed]
    for terms in offer.services.values():
        figures += terms.price if isinstance(terms.price, tuple) else [terms.price]
    figures += [takeover.cost for takeover in offer.takeover]
    return figures


class Agreement(Frozen):
    """An agreement of today: an offer taken up before the case begins."""

    offer: Id
    """The offer that describes its terms."""
    started: Day | None = None
    """Day on which it started; live today."""
    extensions_used: int = Field(default=0, ge=0)
    """How many of its extensions have been taken."""
    in_notice: Day | None = None
    """First day on which it is no longer live, where notice has been given."""
    pending: Day | None = None
    """Day on which it will start, where it has been signed but is not live yet."""

    @model_validator(mode="after")
    def _one_state(self) -> Self:
        if (self.started is None) == (self.pending is None):
            raise ValueError("give `started` for a live agreement or `pending` for a signed one")
        if self.pending is not None and (self.in_notice is not None or self.extensions_used):
            raise ValueError("a pending agreement has no notice and no extensions yet")
        return self


__all__ = [
    "Agreement",
    "CommunityParty",
    "CostClass",
    "ExitTerms",
    "Offer",
    "Parties",
    "People",
    "ServiceTerms",
    "StaffParty",
    "SupplierParty",
    "Takeover",
    "Term",
    "Tier",
    "Window",
]
