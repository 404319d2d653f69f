"""What freedom is worth: the steps of the chain of plans, each with its proven interval.

Each plan may do what the one before may and more. The last step is the value of flexibility, the
value of the multistage solution (Huang and Ahmed 2009). The split depends on the order of steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from sourcemix.model.plan import Comparator, Comparison, PlanResult, Reason, Status, Step

_STEPS: tuple[
    tuple[
        Literal["mix", "form_and_term", "timing"],
        Comparator,
        Literal["chosen_once", "fixed_plan", "plan"],
    ],
    ...,
] = (
    ("mix", "single_partnership", "chosen_once"),
    ("form_and_term", "chosen_once", "fixed_plan"),
    ("timing", "fixed_plan", "plan"),
)
LINK_NAMES: dict[Comparator | Literal["plan"], str] = {
    "single_partnership": "One partnership",
    "chosen_once": "Chosen once",
    "fixed_plan": "One timetable",
    "plan": "This plan",
}
"""What the links of the chain are called."""
PENNY = Decimal("0.01")
"""A difference of a penny or less is none: the rule for ties leaves a plan that much."""
_NOT_FOUND: dict[Reason, str] = {
    "time_limit": "time ran out before one was found",
    "interrupted": "the search was interrupted before one was found",
}


def chain_steps(comparisons: Sequence[Comparison], plan: PlanResult) -> tuple[Step, ...]:
    """The steps between those links that were asked for and the plan."""
    links: dict[str, Comparison | PlanResult] = {found.kind: found for found in comparisons}
    links["plan"] = plan
    return tuple(
        _step(name, dearer, cheaper, links[dearer], links[cheaper])
        for name, dearer, cheaper in _STEPS
        if dearer in links and cheaper in links
    )


def _step(
    name: Literal["mix", "form_and_term", "timing"],
    dearer: Comparator,
    cheaper: Literal["chosen_once", "fixed_plan", "plan"],
    without: Comparison | PlanResult,
    with_it: Comparison | PlanResult,
) -> Step:
    value = low = high = None
    if without.cost is not None and with_it.cost is not None:
        value = without.cost - with_it.cost
        low = None if without.bound is None else without.bound - with_it.cost
        high = None if with_it.bound is None else without.cost - with_it.bound
    return Step(
        name=name,
        dearer=dearer,
        cheaper=cheaper,
        value=value,
        low=low,
        high=high,
        note="" if value is not None else _why({dearer: without, cheaper: with_it}),
    )


def _why(ends: dict[Comparator | Literal["plan"], Comparison | PlanResult]) -> str:
    """Why a step has no figure: for each of its two plans that is not there."""
    names: dict[str, list[str]] = {}
    for kind, found in ends.items():
        if found.cost is None:
            why = missing_plan(found.status, found.reason)
            names.setdefault(why, []).append(f"“{LINK_NAMES[kind]}”")
    return "; ".join(f"{why} ({' and '.join(called)})" for why, called in names.items())


def missing_plan(status: Status, reason: Reason) -> str:
    """Why there is no plan, as the end of a sentence."""
    if status == "infeasible":
        return "no plan of that kind can hold the rules and meet the need in every future, proven"
    return _NOT_FOUND.get(reason, "the solver stopped before one was found")


def holds_zero(low: Decimal | None, high: Decimal | None) -> bool:
    """Whether an interval leaves it open which of two plans is the cheaper by over a penny."""
    return (low is None or settled(low) <= 0) and (high is None or settled(high) >= 0)


def settled(amount: Decimal) -> Decimal:
    """A difference of pounds between two plans; 0 where it is a penny at most."""
    return Decimal(0) if abs(amount) <= PENNY else amount
