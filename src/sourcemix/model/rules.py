"""Rules: limits that the authority sets itself. Used by cases and by events."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from sourcemix.model.common import Day, Frozen, Id, Level, Months, PositiveMoney, Share
from sourcemix.model.suppliers import SupplierKind

Scope = Literal["every_node", "expected_each_period", "whole_plan"]
"""Where a rule holds: in every future, on average in each period, or over the plan as a whole."""


class Who(Frozen):
    """Which suppliers a rule speaks of; every field given must fit."""

    supplier: Id | None = None
    """One supplier."""
    kind: SupplierKind | None = None
    """One of the six kinds."""
    sme: bool | None = None
    """Small and medium-sized enterprises, or the others."""
    local: bool | None = None
    """Local suppliers, or the others."""


class _Rule(Frozen):
    """What all rules share."""

    id: Id | None = None
    """Short name; the kind and its position where absent."""
    scope: Scope = "every_node"
    """Where it holds."""
    from_: Day | None = Field(default=None, alias="from")
    """First day on which it holds."""
    until: Day | None = None
    """Last day on which it holds."""
    soft: PositiveMoney | None = None
    """Where given, the rule may be broken at this price in pounds for each unit of breach (a
    year, for rules on what is live, on levels and on exposure)."""
    stated_in_notice: bool = False
    """Events for award: whether the tender notice states the rule."""


class MaxSuppliers(_Rule):
    """No more suppliers than this may be live at the same time."""

    kind: Literal["max_suppliers"]
    limit: int = Field(ge=0)
    """Most suppliers, in-house not counted."""
    service: Id | None = None
    """Only for this service."""
    region: str | None = None
    """Events: only in this region."""


class MinSuppliers(_Rule):
    """At least this many suppliers must be live for a service, so that one failure is not all."""

    kind: Literal["min_suppliers"]
    limit: int = Field(ge=0)
    """Fewest suppliers."""
    service: Id | None = None
    """Only for this service; each service where absent."""
    region: str | None = None
    """Events: only in this region."""


class MaxShare(_Rule):
    """Some suppliers may have no more than this share."""

    kind: Literal["max_share"]
    of: Literal["spend", "service"] = "spend"
    """Share of the spend, or of a service's volume."""
    service: Id | None = None
    """The service, where `of` is `service`."""
    who: Who
    """Whose share. An empty selection means each supplier on its own."""
    share: Share
    """The limit."""


class MinShare(_Rule):
    """Some suppliers must have at least this share."""

    kind: Literal["min_share"]
    of: Literal["spend", "service"] = "spend"
    """Share of the spend, or of a service's volume."""
    service: Id | None = None
    """The service, where `of` is `service`."""
    who: Who
    """Whose share."""
    share: Share
    """The limit."""


class MustUse(_Rule):
    """This offer or supplier must be live."""

    kind: Literal["must_use"]
    offer: Id | None = None
    """The offer (events: the bid)."""
    supplier: Id | None = None
    """The supplier."""


class MustNotUse(_Rule):
    """This offer or supplier must not be live."""

    kind: Literal["must_not_use"]
    offer: Id | None = None
    """The offer (events: the bid)."""
    supplier: Id | None = None
    """The supplier."""


class KeepInHouse(_Rule):
    """At least this share of a service must be delivered in-house."""

    kind: Literal["keep_in_house"]
    service: Id
    """The service."""
    share: Share
    """Smallest share of its demand."""


class MaxLive(_Rule):
    """No more agreements than this may be live at the same time."""

    kind: Literal["max_live"]
    limit: int = Field(ge=0)
    """Most live agreements, in-house not counted."""


class MaxTerm(_Rule):
    """No agreement may run longer than this."""

    kind: Literal["max_term"]
    months: Months
    """Longest time in months, extensions included."""
    who: Who = Who()
    """Only agreements with these suppliers."""


class Budget(_Rule):
    """The authority's cost must stay within this."""

    kind: Literal["budget"]
    amount: PositiveMoney
    """Pounds a year (scope `whole_plan`: pounds in all)."""
    real: bool = False
    """Whether the amount is in the price base; else it is cash."""


class OutcomeFloor(_Rule):
    """An outcome must reach at least this level (at most, where lower is better)."""

    kind: Literal["outcome_floor"]
    outcome: Id
    """The outcome."""
    level: Level
    """The level, in the outcome's unit."""


class Excludes(_Rule):
    """These offers must not be live at the same time."""

    kind: Literal["excludes"]
    offers: tuple[Id, ...] = Field(min_length=2)
    """The offers (events: the bids)."""


class Requires(_Rule):
    """An offer may be live only while another one is."""

    kind: Literal["requires"]
    offer: Id
    """The offer that needs another."""
    needs: tuple[Id, ...] = Field(min_length=1)
    """The offers it needs, all of them."""


class SameSupplier(_Rule):
    """These services must have the same supplier."""

    kind: Literal["same_supplier"]
    services: tuple[Id, ...] = Field(min_length=2)
    """The services."""


class SeparateSuppliers(_Rule):
    """These services must not share a supplier."""

    kind: Literal["separate_suppliers"]
    services: tuple[Id, ...] = Field(min_length=2)
    """The services."""


class MaxExitExposure(_Rule):
    """What leaving everything would cost must stay below this: the cap on lock-in."""

    kind: Literal["max_exit_exposure"]
    amount: PositiveMoney
    """Pounds: fees for missing periods, charges in notice, and transition."""


class MaxValue(_Rule):
    """No supplier may be paid more than this."""

    kind: Literal["max_value"]
    amount: PositiveMoney
    """Pounds over the whole plan (events: the award)."""
    supplier: Id | None = None
    """Only this supplier; each supplier where absent."""


class MaxWinners(_Rule):
    """Events: no more suppliers than this may win."""

    kind: Literal["max_winners"]
    limit: int = Field(ge=0)
    """Most winning suppliers."""
    region: str | None = None
    """Only in this region."""


class MinWinners(_Rule):
    """Events: at least this many suppliers must win."""

    kind: Literal["min_winners"]
    limit: int = Field(ge=0)
    """Fewest winning suppliers."""
    region: str | None = None
    """Only in this region."""


Rule = Annotated[
    MaxSuppliers
    | MinSuppliers
    | MaxShare
    | MinShare
    | MustUse
    | MustNotUse
    | KeepInHouse
    | MaxLive
    | MaxTerm
    | Budget
    | OutcomeFloor
    | Excludes
    | Requires
    | SameSupplier
    | SeparateSuppliers
    | MaxExitExposure
    | MaxValue
    | MaxWinners
    | MinWinners,
    Field(discriminator="kind"),
]
"""Any rule."""


STATES = frozenset(
    {
        "max_suppliers",
        "min_suppliers",
        "must_use",
        "must_not_use",
        "max_live",
        "outcome_floor",
        "excludes",
        "requires",
        "same_supplier",
        "separate_suppliers",
        "max_exit_exposure",
    }
)
"""Rules on how things stand rather than on what adds up: being broken is priced by the year."""


EVERY_NODE_ONLY = frozenset(
    {
        "must_use",
        "must_not_use",
        "max_term",
        "excludes",
        "requires",
        "same_supplier",
        "separate_suppliers",
    }
)
"""Rules of which an average says nothing: they hold at every node."""


def rule_name(rule: Rule) -> str:
    """The name of a rule in messages and results: its id, or what it says in a few words.

    By content, not by position: results speak of rules in an order that is not the file's.
    """
    if rule.id is not None:
        return rule.id
    stated = rule.model_dump(by_alias=True, exclude_defaults=True, exclude_none=True)
    said = [
        f"{name} {_words(value)}"
        for name, value in stated.items()
        if name not in ("kind", "id", "stated_in_notice")
    ]
    return f"{rule.kind} ({', '.join(said)})" if said else rule.kind


def _words(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case dict() if not value:
            return "each"
        case dict():
            return " ".join(f"{name} {_words(inner)}" for name, inner in value.items())
        case tuple():
            return " and ".join(_words(inner) for inner in value)
        case Decimal():
            return f"{value.normalize():f}"
    return str(value)
