"""Who could deliver: six kinds of supplier, and the forms an agreement can take."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from sourcemix.model.common import (
    Day,
    Frozen,
    Id,
    MoneyValue,
    Months,
    PositiveMoney,
    RateValue,
    Text,
)

SupplierKind = Literal[
    "in_house", "partnership", "public_body", "voluntary", "community", "commercial"
]
"""The six kinds of supplier."""


class Supplier(Frozen):
    """An organisation, team or group that could deliver services."""

    id: Id
    """Short name."""
    name: str = Field(default="", max_length=500)
    """Name for people; the id where empty."""
    kind: SupplierKind
    """Which of the six kinds it is."""
    legal_form: str = ""
    """`company`, `mutual`, `cio`, `unincorporated_group` …"""
    members: tuple[Text, ...] = ()
    """Members, where it is a consortium or a partnership."""
    identifiers: tuple[Text, ...] = ()
    """Registered identifiers with their scheme, such as `GB-COH-01234567`."""
    sme: bool = False
    """Small or medium-sized enterprise, by its own declaration."""
    local: bool = False
    """Based in the authority's area, by the authority's own definition."""
    failure: RateValue | None = None
    """Chance of failing in a year; used where a `supplier_failure` driver names the supplier."""


class Form(Frozen):
    """What one form of agreement ("formula") brings with it, whoever signs.

    A case states only what differs from the library; the rest is filled in and marked.
    """

    title: str = ""
    """Name for people."""
    description: str = ""
    """One sentence on what the form is for."""
    setup: dict[Id, MoneyValue] = {}
    """Pounds once, by named line. The line `procurement` falls due when the start is decided,
    all others when the agreement starts."""
    lead: Months | None = None
    """Months from the decision to the start."""
    manage: MoneyValue | None = None
    """Pounds a year to manage one live agreement."""
    binding: bool | None = None
    """Whether it can be enforced. If not: no fee, no commitment, and it may be withdrawn."""
    withdrawal: RateValue | None = None
    """Chance in a year that the other side withdraws from an agreement that is not binding."""
    route: str = ""
    """How it is usually reached in law, in a few words."""


class Framework(Frozen):
    """A framework that several offers call off from."""

    id: Id
    """Short name, used by `framework` of an offer."""
    expires: Day | None = None
    """Last day on which an agreement may be called off, as a date."""
    ceiling: PositiveMoney | None = None
    """Most that may be spent through it, in pounds."""
    procurement: PositiveMoney = Decimal(0)
    """Pounds to set it up, paid once for all its offers."""
