"""What the engine takes and gives back, in the model's words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING, Literal

from sourcemix.model.award import Winner
from sourcemix.model.plan import PlanNode, Progress, Reason, Status

if TYPE_CHECKING:
    from sourcemix.engine.milp import Floats

Ties = Literal["not_asked", "decided", "open"]
"""Whether the tie rule has been applied: only a gap of 0 asks for it, and it needs a proof that
nothing is cheaper. `open`: time ran out before it was done; another plan may be as good."""

OnProgress = Callable[[Progress], None]
"""Called with where the search stands, a few times a second at most."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop.

    Attributes:
        gap: stop when (cost - bound) / |cost| is at most this; 0 asks for a proof of optimality.
        seconds: stop after this wall-clock time with the best found so far.
        seed: seed of the search; the same seed gives the same result.
    """

    gap: float = 0.01
    seconds: float = 300.0
    seed: int = 0

    def until(self, deadline: float) -> Limits:
        """The same with the time that is left until a moment of `time.monotonic`.

        A second is left in any case: a solve that has begun should not end in nothing.
        """
        return replace(self, seconds=max(1.0, deadline - monotonic()))


@dataclass(frozen=True, slots=True)
class Answer:
    """What both kinds of answer share.

    Attributes:
        status: how good it is. `infeasible` has had a second opinion.
        reason: why the search ended.
        claimed: the engine's own figure of the cost, in pounds; None without a result.
        bound: proven lower bound in pounds; None where nothing is proven.
        trace: how cost and bound moved.
        conflicts: infeasible: what cannot hold together, in words.
        interrupted: whether the user interrupted the search, be it after its end was proven.
    """

    status: Status
    reason: Reason
    claimed: float | None
    bound: float | None
    trace: tuple[Progress, ...] = ()
    conflicts: tuple[str, ...] = ()
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class PlanAnswer(Answer):
    """The engine's answer to a case.

    Attributes:
        nodes: decisions, live agreements, volumes and unmet demand at every node of the tree, in
            the order of the tree; costs and exposure are left to `verify`. None without a plan.
        ties: whether it was chosen by the tie rule among those that cost the same.
        columns: the solution as the engine's model holds it; another search of the same case, with
            the same rules and fewer limits on what it may do, can start from it.
    """

    nodes: tuple[PlanNode, ...] | None = None
    ties: Ties = "not_asked"
    columns: Floats | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class AwardAnswer(Answer):
    """The engine's answer to an event.

    Attributes:
        winners: winning bids by id with the quantities won and their price; None without an award.
        unawarded: lots left without a winner, by id.
    """

    winners: tuple[Winner, ...] | None = None
    unawarded: tuple[str, ...] = ()
