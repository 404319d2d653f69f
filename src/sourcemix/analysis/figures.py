"""The figures of a result: cost, bound, gap and status, exactly as the reference defines them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from sourcemix.engine.answer import Answer
from sourcemix.errors import VerificationError
from sourcemix.model.plan import Reason, Status

OPTIMAL = Decimal("0.000001")
"""Largest gap that counts as none."""
_PENNY = Decimal("0.01")
_TOLERANCE = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Figures:
    """How good a result is.

    Attributes:
        status: as recomputed from the exact cost.
        reason: why the search ended; `proved` and `gap_reached` only where the figures bear it out.
        cost: exact cost in pounds; None without a result.
        bound: proven lower bound in pounds, rounded down, never above the cost.
        gap: (cost - bound) / |cost|, rounded up to six decimals; None where nothing is proven.
    """

    status: Status
    reason: Reason
    cost: Decimal | None
    bound: Decimal | None
    gap: Decimal | None


def figures(answer: Answer, cost: Decimal | None, asked: float) -> Figures:
    """Judge an answer by its exact cost.

    Args:
        answer: of the engine.
        cost: as recomputed, in pounds; None where there is no result.
        asked: the gap asked for.

    Raises:
        VerificationError: the engine claims another cost, or its bound is above the exact cost.
    """
    proven = answer.bound is not None and math.isfinite(answer.bound)
    bound = Decimal(repr(answer.bound)) if proven else None
    if cost is None:
        status: Status = "infeasible" if answer.status == "infeasible" else "unknown"
        return Figures(status, answer.reason, None, _floor(bound), None)
    slack = abs(cost) * _TOLERANCE + _PENNY
    claimed = None if answer.claimed is None else Decimal(repr(answer.claimed))
    faults = []
    if claimed is None or abs(claimed - cost) > slack:
        shown = "none" if claimed is None else _pounds(claimed)
        faults.append(f"the search claims a cost of {shown}, but it is {_pounds(cost)}")
    if bound is not None and bound > cost + slack:
        floor = _pounds(bound)
        faults.append(
            f"the search claims that nothing is cheaper than {floor}, but the result costs "
            f"{_pounds(cost)}"
        )
    if faults:
        raise VerificationError(faults)
    # Nothing is decided below a penny: what is closer counts as proven.
    if bound is not None and cost - bound < _PENNY:
        bound = cost
    bound = _floor(bound)
    gap = _gap(cost, bound)
    status = _status(gap, asked)
    return Figures(status, _reason(status, answer.reason), cost, bound, gap)


def _floor(bound: Decimal | None) -> Decimal | None:
    return None if bound is None else bound.quantize(_PENNY, rounding=ROUND_FLOOR)


def _gap(cost: Decimal, bound: Decimal | None) -> Decimal | None:
    if bound is None:
        return None
    if cost == bound:
        return Decimal(0)
    if cost == 0:
        return None
    return ((cost - bound) / abs(cost)).quantize(OPTIMAL, rounding=ROUND_CEILING)


def _status(gap: Decimal | None, asked: float) -> Status:
    if gap is None:
        return "feasible"
    if gap <= OPTIMAL:
        return "optimal"
    return "within_gap" if gap <= Decimal(repr(asked)) else "feasible"


def _reason(status: Status, ended: Reason) -> Reason:
    if status == "optimal":
        return "proved"
    if status == "within_gap":
        return "gap_reached"
    return "solver_stopped" if ended in ("proved", "gap_reached") else ended


def _pounds(amount: Decimal) -> str:
    sign = "-" if amount < 0 else ""
    return f"{sign}£{abs(amount):,.2f}"
