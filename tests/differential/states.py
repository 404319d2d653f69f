"""Where an offer may stand, and what a way through a node consists of."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from tests.differential.ground import ZERO
from tests.differential.prices import Prices


@dataclass(frozen=True)
class Live:
    """A live agreement: whole periods run, what had arisen when it was procured, its end.

    `since` is the node at which it started (none: before the case); `told`: whether the notice
    was given before the case begins.
    """

    age: int
    known: frozenset[str]
    since: int | None
    ends: int | None = None
    told: bool = False


@dataclass(frozen=True)
class Coming:
    """A signed agreement that starts in period `start`."""

    start: int
    known: frozenset[str]


@dataclass(frozen=True)
class State:
    """Where an offer stands when a node is done."""

    live: Live | None = None
    coming: tuple[Coming, ...] = ()


@dataclass(frozen=True)
class Served:
    """What a live agreement can do for one service at a node.

    Volume up to `paid` costs nothing more, as it is committed; beyond it, up to `most`, units are
    charged by `prices`, change included.
    """

    service: str
    paid: Fraction
    most: Fraction | None
    prices: Prices

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.service, self.paid, self.most, self.prices))


@dataclass(frozen=True)
class Standing:
    """What others feel of an offer at a node.

    `spend`: what a supplier outside is paid whatever it serves, where anything speaks of spend.
    `exposure`: what leaving it would cost, where anything speaks of that. `calls`: whether it is
    procured here through a framework. `managed`: what managing it costs if it has been merged
    with others; `manage` is then no line of its own.
    """

    live: bool
    before: bool
    starts: bool
    serves: tuple[Served, ...] = ()
    spend: Fraction = ZERO
    exposure: Fraction = ZERO
    calls: bool = False
    managed: Fraction | None = None

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.live, self.before, self.starts, self.serves, self.spend, self.exposure))


@dataclass(frozen=True)
class Move:
    """One way through a node: decisions, where it leads, its own cost.

    `cost` is its expected present value, and leaves out what depends on others: volume beyond the
    committed, takeover, and the lines that are not an offer's own. `paid` and `fees` say the same
    undiscounted, as the authority pays it: here, and in the periods in which fees fall due.
    """

    after: State
    standing: Standing
    cost: Fraction
    decisions: tuple[tuple[str, int], ...] = ()
    paid: Fraction = ZERO
    fees: tuple[tuple[int, Fraction], ...] = ()
