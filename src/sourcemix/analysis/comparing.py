"""One plan to compare with: planned, recomputed exactly, and judged like any other result."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from sourcemix.analysis.baselines import Candidate
from sourcemix.analysis.figures import figures
from sourcemix.engine import planning
from sourcemix.engine.answer import Limits, OnProgress, PlanAnswer
from sourcemix.engine.milp import Floats
from sourcemix.errors import SolverError, VerificationError
from sourcemix.model.case import Case
from sourcemix.model.drivers import PolicyDriver
from sourcemix.model.plan import Comparison, Reason
from sourcemix.model.tree import Tree
from sourcemix.verify import Accounts, account, kind_faults, without_rules

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Compared:
    """A plan to compare with, and what another search can start from.

    Attributes:
        comparison: the plan with its figures.
        columns: the engine's solution under all rules; None without one.
        interrupted: whether the user interrupted a search for it.
    """

    comparison: Comparison
    columns: Floats | None
    interrupted: bool = False


def compare(
    case: Case,
    tree: Tree,
    candidate: Candidate,
    limits: Limits,
    *,
    asked: float,
    start: Floats | None = None,
    on_progress: OnProgress | None = None,
) -> Compared:
    """Plan a candidate and recompute it.

    Where no plan of its kind can hold the rules, a baseline is planned without those that have no
    price; a link of the chain is not.

    Args:
        case: a filled case in canonical order.
        tree: its futures.
        candidate: what the plan may do.
        limits: gap to search for, seconds and seed.
        asked: the gap that the result is judged by.
        start: the engine's solution of the link before.
        on_progress: called as cost and bound move.

    Raises:
        VerificationError: the plan found does not survive being recomputed.
    """
    deadline = time.monotonic() + limits.seconds
    waive = False
    try:
        answer = planning.solve(
            case, tree, limits, on_progress, within=candidate.within, start=start
        )
        hopeless = answer.status == "infeasible" and not answer.interrupted
        if hopeless and not candidate.link and _has_hard_rules(case):
            waive = True
            left = limits.until(deadline)
            answer = planning.solve(
                case, tree, left, on_progress, within=candidate.within, waive_rules=True
            )
    except SolverError as error:
        log.warning("%s: %s", candidate.name, error)
        return Compared(without_plan(candidate, "solver_stopped"), None)
    if answer.nodes is None:
        conflicts = answer.conflicts
        comparison = without_plan(candidate, answer.reason)
        judged = figures(answer, None, asked)
        return Compared(
            comparison.model_copy(
                update={"status": judged.status, "bound": judged.bound, "conflicts": conflicts}
            ),
            None,
            answer.interrupted,
        )
    comparison = _recomputed(case, tree, candidate, answer, asked, waive=waive)
    return Compared(comparison, None if waive else answer.columns, answer.interrupted)


def without_plan(candidate: Candidate, reason: Reason) -> Comparison:
    """A candidate for which no plan has been found."""
    return Comparison(
        kind=candidate.kind,
        name=candidate.name,
        status="unknown",
        reason=reason,
        cost=None,
        bound=None,
        gap=None,
        verified=False,
    )


def _has_hard_rules(case: Case) -> bool:
    policies = [driver.rule for driver in case.drivers if isinstance(driver, PolicyDriver)]
    return any(rule.soft is None for rule in (*case.rules, *policies))


def _recomputed(
    case: Case,
    tree: Tree,
    candidate: Candidate,
    answer: PlanAnswer,
    asked: float,
    *,
    waive: bool,
) -> Comparison:
    assert answer.nodes is not None
    held = without_rules(case) if waive else case
    accounts = account(held, tree, answer.nodes)
    kind = kind_faults(held, tree, accounts.nodes, candidate.kind, candidate.name)
    wrong = (*accounts.discrepancies, *kind)
    if wrong:
        raise VerificationError([f"{candidate.name}: {fault}" for fault in wrong])
    judged = figures(answer, accounts.cost, asked)
    broken = _broken(case, tree, accounts) if waive else ()
    return Comparison(
        kind=candidate.kind,
        name=candidate.name,
        status=judged.status,
        reason=judged.reason,
        cost=judged.cost,
        bound=judged.bound,
        gap=judged.gap,
        verified=True,
        waived=broken,
        mean=accounts.mean,
        cvar=accounts.cvar,
        authority_cost=accounts.authority_cost,
        low=accounts.low,
        high=accounts.high,
        expected=accounts.expected,
        financial_years=accounts.financial_years,
        nodes=accounts.nodes,
    )


def _broken(case: Case, tree: Tree, accounts: Accounts) -> tuple[str, ...]:
    """Rules without a price that a plan breaks, by name."""
    rules = account(case, tree, accounts.nodes).rules
    kept = {check.rule for check in accounts.rules}
    return tuple(check.rule for check in rules if not check.holds and check.rule not in kept)
