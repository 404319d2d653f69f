"""Stored documents recomputed: every figure of a plan or an award against its input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from pydantic import BaseModel

from sourcemix.errors import InputError
from sourcemix.model.award import Award, AwardResult
from sourcemix.model.canonical import digest
from sourcemix.model.checks import case_faults, event_faults
from sourcemix.model.plan import Plan, PlanResult, Run, Verification
from sourcemix.verify.accounts import Accounts, account
from sourcemix.verify.awards import award
from sourcemix.verify.trees import tree_faults

OPTIMAL = Decimal("0.000001")
"""Largest gap that counts as none."""
HEADLINE = ("status", "reason", "cost", "bound", "gap", "verified")


def plan_document(plan: Plan) -> tuple[str, ...]:
    """What differs between a stored plan and the plan recomputed from its case; nothing if none.

    The lower bound cannot be recomputed without planning again; it is checked against the cost,
    the gap and the headline.
    """
    result = plan.result
    found = list(_envelope(plan, result, plan.run, digest(plan.case)))
    unfit = [f"case: {fault}" for fault in case_faults(plan.case, tuple(plan.case.forms))]
    faults = unfit or tree_faults(plan.case, result.tree)
    if faults:
        return (*found, *faults)
    if not result.nodes:
        return (*found, *_without_result(result))
    try:
        accounts = account(plan.case, result.tree, result.nodes)
    except InputError as error:
        return (*found, *str(error).splitlines())
    found += accounts.discrepancies
    found += _plan_figures(result, accounts)
    found += _record(result.verification, accounts.verification, verified=result.verified)
    return tuple(found)


def award_document(document: Award) -> tuple[str, ...]:
    """What differs between a stored award and the award recomputed from its event."""
    result = document.result
    found = list(_envelope(document, result, document.run, digest(document.event)))
    if document.event.purpose == "design" and result.ground == "award":
        found.append("an event for design is stated to be a ground for award")
    unfit = [f"event: {fault}" for fault in event_faults(document.event)]
    if unfit:
        return (*found, *unfit)
    if result.cost is None:
        return (*found, *_without_result(result))
    accounts = award(document.event, result.winners, result.unawarded)
    found += accounts.discrepancies
    for name in ("cost", "costs", "suppliers"):
        found += _differences(name, getattr(result, name), getattr(accounts, name))
    found += _record(result.verification, accounts.verification, verified=result.verified)
    return tuple(found)


def _envelope(
    document: Plan | Award, result: PlanResult | AwardResult, run: Run, sha256: str
) -> Iterator[str]:
    """Headline, hash, seed, gap and status."""
    for name in HEADLINE:
        yield from _differences(
            name, getattr(document, name), getattr(result, name), by="by `result`"
        )
    yield from _differences("result.input_sha256", result.input_sha256, sha256)
    yield from _differences("run.seed", run.seed, result.seed, by="by `result`")
    if result.cost is None or result.bound is None:
        yield from _differences("result.gap", result.gap, None)
        if result.status in ("optimal", "within_gap"):
            yield f"result.status: stated as {result.status}, without a cost and a bound"
        return
    if result.bound > result.cost:
        yield f"result.bound: {result.bound} is above the cost of {result.cost}"
    gap = _gap(result.cost, result.bound)
    yield from _differences("result.gap", result.gap, gap)
    yield from _status(result, run, gap)


def _gap(cost: Decimal, bound: Decimal) -> Decimal | None:
    """The gap, rounded up to six decimals; None where the cost is 0 and the bound is not."""
    if cost == 0:
        return Decimal(0) if bound == 0 else None
    exact = (Fraction(cost) - Fraction(bound)) / abs(Fraction(cost))
    return Decimal(f"{ceil(exact * 10**6)}E-6")


def _status(result: PlanResult | AwardResult, run: Run, gap: Decimal | None) -> Iterator[str]:
    asked = run.settings.get("gap")
    if result.status not in ("optimal", "within_gap", "feasible"):
        yield f"result.status: stated as {result.status}, with a cost and a bound"
    elif gap is not None and (result.status == "optimal") != (gap <= OPTIMAL):
        yield f"result.status: stated as {result.status}, with a gap of {gap}"
    elif result.status == "within_gap" and gap is None:
        yield "result.status: stated as within_gap, without a gap"
    elif (
        result.status == "within_gap"
        and gap is not None
        and isinstance(asked, int | float | Decimal)
        and gap > _six(asked)
    ):
        yield f"result.status: stated as within_gap, with a gap of {gap}; asked for was {asked}"


def _six(value: float | Decimal) -> Decimal:
    return Decimal(str(value)).quantize(OPTIMAL, rounding=ROUND_CEILING)


def _without_result(result: PlanResult | AwardResult) -> Iterator[str]:
    """A document without a plan or award states no figures."""
    if result.status not in ("infeasible", "unknown"):
        yield f"result.status: stated as {result.status}, without anything to recompute"
    if result.cost is not None:
        yield "result.cost: stated, without anything to recompute"
    if result.verified:
        yield "result.verified: stated, without anything to recompute"
    for name in ("expected", "leaves", "financial_years", "costs", "winners", "suppliers"):
        if getattr(result, name, None):
            yield f"result.{name}: stated, without anything to recompute"


def _plan_figures(result: PlanResult, accounts: Accounts) -> Iterator[str]:
    for name in (
        "cost",
        "mean",
        "cvar",
        "authority_cost",
        "low",
        "high",
        "expected",
        "indicative_share",
        "financial_years",
        "leaves",
    ):
        yield from _differences(f"result.{name}", getattr(result, name), getattr(accounts, name))
    order = tuple(node.node for node in result.nodes)
    if order != tuple(node.node for node in accounts.nodes):
        yield "result.nodes: not the nodes of the tree in their order"
        return
    for stated, exact in zip(result.nodes, accounts.nodes, strict=True):
        where = f"result.nodes[{stated.node}]"
        yield from _differences(f"{where}.costs", stated.costs, exact.costs)
        yield from _differences(f"{where}.exposure", stated.exposure, exact.exposure)


def _record(stated: Verification | None, exact: Verification, *, verified: bool) -> Iterator[str]:
    """The stored record of the check against that of this one."""
    if verified != (stated is not None and not stated.discrepancies):
        yield f"result.verified: stated as {verified}, which the record does not bear out"
    if stated is not None:
        yield from _differences("result.verification", stated, exact)


def _differences(path: str, stated: Any, exact: Any, by: str = "recomputed") -> Iterator[str]:
    """Sentences on what differs, figure by figure."""
    if isinstance(stated, BaseModel) and isinstance(exact, BaseModel):
        for name in type(stated).model_fields:
            yield from _differences(
                f"{path}.{name}", getattr(stated, name), getattr(exact, name), by
            )
    elif isinstance(stated, Mapping) and isinstance(exact, Mapping):
        for key in sorted(set(stated) | set(exact)):
            yield from _differences(f"{path}.{key}", stated.get(key), exact.get(key), by)
    elif isinstance(stated, tuple) and isinstance(exact, tuple):
        if len(stated) != len(exact):
            yield f"{path}: {len(stated)} entries stated, {len(exact)} {by}"
        for position, (one, other) in enumerate(zip(stated, exact, strict=False)):
            yield from _differences(f"{path}[{position}]", one, other, by)
    elif stated != exact:
        yield f"{path}: {_text(stated)} stated, {_text(exact)} {by}"


def _text(value: object) -> str:
    return "nothing" if value is None else str(value)
