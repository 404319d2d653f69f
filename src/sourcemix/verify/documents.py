"""Stored documents recomputed: every figure of a plan or an award against its input."""

from __future__ import annotations

from collections.abc import Iterator

from sourcemix.errors import InputError
from sourcemix.model.award import Award, AwardResult
from sourcemix.model.canonical import digest
from sourcemix.model.checks import case_faults, event_faults
from sourcemix.model.plan import Plan, PlanResult, Run, Verification
from sourcemix.verify.accounts import Accounts, account
from sourcemix.verify.awards import award
from sourcemix.verify.comparisons import chain_faults, comparison_faults
from sourcemix.verify.stated import differences, proof_faults
from sourcemix.verify.trees import tree_faults

UNFOUNDED = (
    "cost", "mean", "cvar", "authority_cost", "low", "high", "expected", "indicative_share",
    "leaves", "financial_years", "parties", "swing_score", "costs", "winners", "suppliers",
)  # fmt: skip
"""Figures that only a plan or an award can bear out."""
HEADLINE = ("status", "reason", "cost", "bound", "gap", "verified")


def plan_document(plan: Plan) -> tuple[str, ...]:
    """What differs between a stored plan and the plan recomputed from its case; nothing if none.

    The lower bound cannot be recomputed without planning again; it is checked against the cost,
    the gap and the headline.
    """
    result = plan.result
    found = list(_envelope(plan, result, plan.run, digest(plan.case)))
    unfit = [f"case: {fault}" for fault in case_faults(plan.case, {})]
    faults = unfit or tree_faults(plan.case, result.tree)
    if faults:
        return (*found, *faults)
    if result.nodes:
        try:
            accounts = account(plan.case, result.tree, result.nodes)
        except InputError as error:
            return (*found, *str(error).splitlines())
        found += accounts.discrepancies
        found += _plan_figures(result, accounts)
        if result.conflicts:
            found.append("result.conflicts: stated, although there is a plan")
        found += _record(result.verification, accounts.verification, verified=result.verified)
    else:
        found += _without_result(result)
    found += comparison_faults(plan.case, result, plan.run)
    found += chain_faults(plan.case, result)
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
        found += differences(name, getattr(result, name), getattr(accounts, name))
    found += _record(result.verification, accounts.verification, verified=result.verified)
    return tuple(found)


def _envelope(
    document: Plan | Award, result: PlanResult | AwardResult, run: Run, sha256: str
) -> Iterator[str]:
    """Headline, hash, seed, gap and status."""
    for name in HEADLINE:
        yield from differences(
            name, getattr(document, name), getattr(result, name), by="by `result`"
        )
    yield from differences("result.input_sha256", result.input_sha256, sha256)
    yield from differences("run.seed", run.seed, result.seed, by="by `result`")
    yield from proof_faults("result", result, run)


def _without_result(result: PlanResult | AwardResult) -> Iterator[str]:
    """A document without a plan or award states no figures."""
    if result.status not in ("infeasible", "unknown"):
        yield f"result.status: stated as {result.status}, without anything to recompute"
    if result.verified:
        yield "result.verified: stated, without anything to recompute"
    for name in UNFOUNDED:
        if getattr(result, name, None) not in (None, (), {}):
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
        "swing_score",
        "parties",
    ):
        yield from differences(f"result.{name}", getattr(result, name), getattr(accounts, name))
    order = tuple(node.node for node in result.nodes)
    if order != tuple(node.node for node in accounts.nodes):
        yield "result.nodes: not the nodes of the tree in their order"
        return
    for stated, exact in zip(result.nodes, accounts.nodes, strict=True):
        where = f"result.nodes[{stated.node}]"
        yield from differences(f"{where}.costs", stated.costs, exact.costs)
        yield from differences(f"{where}.exposure", stated.exposure, exact.exposure)


def _record(stated: Verification | None, exact: Verification, *, verified: bool) -> Iterator[str]:
    """The stored record of the check against that of this one."""
    if verified != (stated is not None and not stated.discrepancies):
        yield f"result.verified: stated as {verified}, which the record does not bear out"
    if stated is not None:
        yield from differences("result.verification", stated, exact)
