"""What a document states against what it should state: figures, and proofs by bound and gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from pydantic import BaseModel

from sourcemix.model.award import AwardResult
from sourcemix.model.plan import Comparison, PlanResult, Run

OPTIMAL = Decimal("0.000001")
"""Largest gap that counts as none."""
Proven = PlanResult | AwardResult | Comparison
"""What has a cost, a bound and a gap."""


def proof_faults(path: str, result: Proven, run: Run) -> Iterator[str]:
    """What does not agree between cost, bound, gap and status, in words.

    Args:
        path: where the result stands in the document.
        result: what is stated.
        run: how it came about, for the gap that was asked for.
    """
    if result.cost is None or result.bound is None:
        yield from differences(f"{path}.gap", result.gap, None)
        if result.status in ("optimal", "within_gap"):
            yield f"{path}.status: stated as {result.status}, without a cost and a bound"
        return
    if result.bound > result.cost:
        yield f"{path}.bound: {result.bound} is above the cost of {result.cost}"
    gap = _gap(result.cost, result.bound)
    yield from differences(f"{path}.gap", result.gap, gap)
    yield from _status(f"{path}.status", result, run, gap)


def _gap(cost: Decimal, bound: Decimal) -> Decimal | None:
    """The gap, rounded up to six decimals; None where the cost is 0 and the bound is not."""
    if cost == 0:
        return Decimal(0) if bound == 0 else None
    exact = (Fraction(cost) - Fraction(bound)) / abs(Fraction(cost))
    return Decimal(f"{ceil(exact * 10**6)}E-6")


def _status(path: str, result: Proven, run: Run, gap: Decimal | None) -> Iterator[str]:
    asked = run.settings.get("gap")
    if result.status not in ("optimal", "within_gap", "feasible"):
        yield f"{path}: stated as {result.status}, with a cost and a bound"
    elif gap is not None and (result.status == "optimal") != (gap <= OPTIMAL):
        yield f"{path}: stated as {result.status}, with a gap of {gap}"
    elif result.status == "within_gap" and gap is None:
        yield f"{path}: stated as within_gap, without a gap"
    elif (
        result.status == "within_gap"
        and gap is not None
        and isinstance(asked, int | float | Decimal)
        and gap > _six(asked)
    ):
        yield f"{path}: stated as within_gap, with a gap of {gap}; asked for was {asked}"


def _six(value: float | Decimal) -> Decimal:
    return Decimal(str(value)).quantize(OPTIMAL, rounding=ROUND_CEILING)


def differences(path: str, stated: Any, exact: Any, by: str = "recomputed") -> Iterator[str]:
    """Sentences on what differs, figure by figure."""
    if isinstance(stated, BaseModel) and isinstance(exact, BaseModel):
        for name in type(stated).model_fields:
            yield from differences(
                f"{path}.{name}", getattr(stated, name), getattr(exact, name), by
            )
    elif isinstance(stated, Mapping) and isinstance(exact, Mapping):
        for key in sorted(set(stated) | set(exact)):
            yield from differences(f"{path}.{key}", stated.get(key), exact.get(key), by)
    elif isinstance(stated, tuple) and isinstance(exact, tuple):
        if len(stated) != len(exact):
            yield f"{path}: {len(stated)} entries stated, {len(exact)} {by}"
        for position, (one, other) in enumerate(zip(stated, exact, strict=False)):
            yield from differences(f"{path}[{position}]", one, other, by)
    elif stated != exact:
        yield f"{path}: {_text(stated)} stated, {_text(exact)} {by}"


def _text(value: object) -> str:
    return "nothing" if value is None else str(value)
