"""An award: which bids win an event, at what cost, with its proof and its check."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from sourcemix.model.common import Frozen, Id, Money, PositiveMoney, Volume
from sourcemix.model.event import Event
from sourcemix.model.plan import Reason, Run, Status, Verification


class Winner(Frozen):
    """A bid that wins."""

    bid: Id
    """The bid."""
    supplier: Id
    """Who made it."""
    lots: dict[Id, Volume]
    """Units of each lot that it wins."""
    price: PositiveMoney
    """Pounds before discount, to the penny."""


class SupplierAward(Frozen):
    """What one supplier wins."""

    supplier: Id
    """The supplier."""
    lots: int = Field(ge=0)
    """Number of lots."""
    price: PositiveMoney
    """Pounds before discount."""
    discount: PositiveMoney
    """Pounds of discount."""
    onboarding: PositiveMoney
    """Pounds that taking it on costs the authority."""


class AwardResult(Frozen):
    """The part of an award that depends on the input, the seed and the version alone."""

    status: Status
    """How good it is."""
    reason: Reason
    """Why the search ended."""
    cost: Money | None
    """What is minimised: prices less discounts, plus switching, onboarding and unawarded lots.
    Pounds."""
    bound: Money | None
    """Proven: no award can be cheaper than this. Pounds."""
    gap: Decimal | None
    """(cost - bound) / |cost|, to six decimals, rounded up."""
    verified: bool
    """Whether the independent check agrees with every figure."""
    input_sha256: str
    """Hash of the event; the order of rows does not matter."""
    version: str
    """Version of Sourcemix."""
    seed: int
    """Seed of the search."""
    ground: Literal["award", "analysis, not a ground for award"]
    """What the result may be used for."""
    winners: tuple[Winner, ...] = ()
    """Winning bids, by id."""
    suppliers: tuple[SupplierAward, ...] = ()
    """What each supplier wins, by id."""
    unawarded: tuple[Id, ...] = ()
    """Lots without a winner."""
    costs: dict[str, Money] = {}
    """Pounds by component: `price`, `discount` (negative), `switching`, `onboarding`,
    `unawarded`."""
    conflicts: tuple[str, ...] = ()
    """Infeasible: what cannot hold together, in words."""
    verification: Verification | None = None
    """The independent check."""


class Award(Frozen):
    """An award as a document: result, run, and the event it answers."""

    sourcemix: Literal[1] = 1
    """Version of the file format."""
    kind: Literal["award"] = "award"
    """What the document is."""
    status: Status
    """As in `result`."""
    reason: Reason
    """As in `result`."""
    cost: Money | None
    """As in `result`."""
    bound: Money | None
    """As in `result`."""
    gap: Decimal | None
    """As in `result`."""
    verified: bool
    """As in `result`."""
    result: AwardResult
    """The same, byte for byte, for the same input, seed and version."""
    run: Run
    """How it came about."""
    event: Event
    """The event as awarded."""
