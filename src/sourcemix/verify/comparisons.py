"""The plans to compare with in a plan document, and the chain of what flexibility is worth."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from sourcemix.errors import InputError
from sourcemix.model.case import Case
from sourcemix.model.plan import Comparator, Comparison, PlanResult, Run, Step
from sourcemix.verify.accounts import Accounts, account
from sourcemix.verify.kinds import kind_faults, without_rules
from sourcemix.verify.rule_checks import all_rules
from sourcemix.verify.stated import differences, proof_faults

LINKS: tuple[Comparator, ...] = ("single_partnership", "chosen_once", "fixed_plan")
"""Links of the chain before the plan itself, each freer than the one before."""
STEPS: tuple[Literal["mix", "form_and_term", "timing"], ...] = ("mix", "form_and_term", "timing")
"""What each link gains over the one before."""
FIGURES = (
    "cost", "mean", "cvar", "authority_cost", "low", "high", "expected", "financial_years",
)  # fmt: skip
PENNY = Decimal("0.01")
"""A bound may stand for one that is less than a penny lower."""


def comparison_faults(case: Case, result: PlanResult, run: Run) -> Iterator[str]:
    """What does not agree in the plans to compare with, in words."""
    seen: set[tuple[str, str]] = set()
    for position, one in enumerate(result.comparisons):
        path = f"result.comparisons[{position}]"
        if (one.kind, one.name) in seen:
            yield f"{path}: `{one.name}` stands there twice"
        seen.add((one.kind, one.name))
        found = [*_naming(case, path, one), *proof_faults(path, one, run)]
        found += _recomputed(case, result, path, one) if one.nodes else _unfounded(path, one)
        yield from found
        if one.verified != (bool(one.nodes) and not found):
            yield f"{path}.verified: stated as {one.verified}, which the check does not bear out"
        yield from _against_wider(result, path, one)


def _naming(case: Case, path: str, one: Comparison) -> Iterator[str]:
    """A baseline that the case does not name, or a name that is not its own."""
    if one.kind in ("named", "single_partnership") and one.name not in case.baselines:
        yield f"{path}: the case has no baseline `{one.name}`"
    if one.kind != "named":
        yield from differences(f"{path}.name", one.name, one.kind, by="by its kind")


def _unfounded(path: str, one: Comparison) -> Iterator[str]:
    """A comparison without a plan states no figures."""
    if one.status not in ("infeasible", "unknown"):
        yield f"{path}.status: stated as {one.status}, without anything to recompute"
    for name in (*FIGURES, "waived"):
        if getattr(one, name) not in (None, (), {}):
            yield f"{path}.{name}: stated, without anything to recompute"


def _recomputed(case: Case, result: PlanResult, path: str, one: Comparison) -> Iterator[str]:
    """What differs from the comparison recomputed from its decisions."""
    if one.conflicts:
        yield f"{path}.conflicts: stated, although there is a plan"
    if one.waived and one.kind in LINKS:
        yield f"{path}.waived: a link of the chain is never planned without rules"
    used = without_rules(case) if one.waived else case
    try:
        accounts = account(used, result.tree, one.nodes)
    except InputError as error:
        yield from (f"{path}: {line}" for line in str(error).splitlines())
        return
    yield from (f"{path}: {sentence}" for sentence in accounts.discrepancies)
    for name in FIGURES:
        yield from differences(f"{path}.{name}", getattr(one, name), getattr(accounts, name))
    yield from differences(f"{path}.nodes", one.nodes, accounts.nodes)
    ordered = tuple(node.node for node in one.nodes) == tuple(n.id for n in result.tree.nodes)
    if ordered:
        faults = kind_faults(used, result.tree, one.nodes, one.kind, one.name)
        yield from (f"{path}: {fault}" for fault in faults)
    if one.waived:
        broken = _broken(case, account(case, result.tree, one.nodes))
        yield from differences(f"{path}.waived", tuple(sorted(one.waived)), broken)


def _broken(case: Case, accounts: Accounts) -> tuple[str, ...]:
    """Rules without a price that do not hold, by name."""
    firm = {name for name, rule, _ in all_rules(case) if rule.soft is None}
    return tuple(sorted(c.rule for c in accounts.rules if not c.holds and c.rule in firm))


def _against_wider(result: PlanResult, path: str, one: Comparison) -> Iterator[str]:
    """A plan that should not be, by what is said of those that may do all that it may, and more."""
    if one.cost is None or one.waived:
        return
    wider: list[tuple[str, Comparison | PlanResult]] = [("the plan", result)]
    for other in result.comparisons:
        freer = other.kind == "fixed_plan" or (
            other.kind == "chosen_once" and one.kind not in LINKS[1:]
        )
        if freer and other.kind != one.kind:
            wider.append((f"`{other.kind}`", other))
    for name, freer_one in wider:
        if freer_one.status == "infeasible":
            yield f"{path}.cost: stated, and {name}, which may do all that this may, is infeasible"
        elif freer_one.bound is not None and one.cost < freer_one.bound - PENNY:
            yield (
                f"{path}.cost: {one.cost} is below the bound of {name}, {freer_one.bound}, which "
                "may do all that this may"
            )


def chain_faults(case: Case, result: PlanResult) -> Iterator[str]:
    """What does not follow from costs and bounds in the chain, in words; it may be left out."""
    if not result.chain:
        return
    links = [kind for kind in LINKS if kind != "single_partnership" or kind in case.baselines]
    right = list(zip(STEPS[-len(links) :], links, [*links[1:], "plan"], strict=True))
    if [(step.name, step.dearer, step.cheaper) for step in result.chain] != right:
        steps = "; ".join(f"{name} from {dearer} to {cheaper}" for name, dearer, cheaper in right)
        yield f"result.chain: its steps should be: {steps}"
        return
    ends: dict[str, Comparison | PlanResult] = {one.kind: one for one in result.comparisons}
    ends["plan"] = result
    for position, step in enumerate(result.chain):
        path = f"result.chain[{position}]"
        missing = [name for name in (step.dearer, step.cheaper) if name not in ends]
        if missing:
            yield f"{path}: `{missing[0]}` is not among the plans to compare with"
        else:
            yield from _step_faults(path, step, ends[step.dearer], ends[step.cheaper])


def _step_faults(
    path: str, step: Step, dearer: Comparison | PlanResult, cheaper: Comparison | PlanResult
) -> Iterator[str]:
    """The figures of a step against the costs and bounds that they follow from."""
    value = low = high = None
    if dearer.cost is not None and cheaper.cost is not None:
        value = dearer.cost - cheaper.cost
        low = None if dearer.bound is None else dearer.bound - cheaper.cost
        high = None if cheaper.bound is None else dearer.cost - cheaper.bound
    if bool(step.note) == (value is not None):
        wrong = "there is a figure" if step.note else "there is no figure"
        says = "says why there is none" if step.note else "does not say why"
        yield f"{path}.note: {wrong}, and the note {says}"
    for name, exact in (("value", value), ("low", low), ("high", high)):
        yield from differences(f"{path}.{name}", getattr(step, name), exact)
