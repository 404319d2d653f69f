"""Planning a case: filled, planned, recomputed, put into words."""

from __future__ import annotations

import logging
from importlib.metadata import version

from sourcemix.analysis.chain import chain_steps
from sourcemix.analysis.figures import Figures, figures
from sourcemix.app.compare import OnStep, plan_and_compare
from sourcemix.app.run_record import now, run_record
from sourcemix.engine import planning
from sourcemix.engine.answer import Limits, OnProgress, PlanAnswer
from sourcemix.errors import InputError, VerificationError
from sourcemix.evidence import fill
from sourcemix.files.fit import unfit
from sourcemix.futures import grow
from sourcemix.model.canonical import canonical, digest
from sourcemix.model.case import Case
from sourcemix.model.plan import Plan, PlanResult
from sourcemix.model.tree import Tree
from sourcemix.report import sentences
from sourcemix.settings import Settings
from sourcemix.verify import Accounts, account, tree_faults

log = logging.getLogger(__name__)


def plan_case(
    case: Case,
    *,
    gap: float | None = None,
    seconds: float | None = None,
    seed: int = 0,
    nodes: int = Settings.nodes,
    compare: bool = False,
    on_progress: OnProgress | None = None,
    on_step: OnStep | None = None,
) -> Plan:
    """Find the best plan for a case, prove how good it is, and check it independently.

    Every figure of the plan is recomputed exactly from case, tree and decisions.

    Args:
        case: the case; what it leaves open is filled in from the library.
        gap: stop when (cost - bound) / |cost| is at most this; none: what the case says.
        seconds: time limit of the search; none: 300.
        seed: seed of the search.
        nodes: most nodes of the tree of futures.
        compare: also plan baselines, and the chain of plans that says what flexibility is worth.
            The time limit is for all of it.
        on_progress: called as cost and bound move.
        on_step: called with what is planned next, in words, where there is more than the plan.

    Returns:
        The plan as a document. Its `result` is the same for the same input, seed and version.

    Raises:
        InputError: the case cannot be planned as it is; all faults at once.
        TreeTooLarge: its drivers make more nodes than allowed.
        SolverError: the solver ended without an answer.
        VerificationError: the plan found does not survive being recomputed.
    """
    started = now()
    asked = float(case.appraisal.gap) if gap is None else gap
    limits = Limits(gap=asked, seconds=Settings.time if seconds is None else seconds, seed=seed)
    ready, tree = _prepared(case, nodes)
    log.info("tree of futures: %d nodes", len(tree.nodes))
    if compare:
        answer, comparisons = plan_and_compare(ready, tree, limits, on_progress, on_step)
    else:
        answer, comparisons = planning.solve(ready, tree, limits, on_progress), ()
    accounts = None if answer.nodes is None else checked(ready, tree, answer)
    judged = figures(answer, accounts.cost if accounts else None, asked)
    result = _result(ready, tree, answer, accounts, judged, seed)
    if comparisons:
        steps = chain_steps(comparisons, result)
        result = result.model_copy(update={"comparisons": comparisons, "chain": steps})
    return Plan(
        status=result.status,
        reason=result.reason,
        cost=result.cost,
        bound=result.bound,
        gap=result.gap,
        verified=result.verified,
        result=result,
        run=run_record(started, answer, limits, {"nodes": nodes, "ties": answer.ties}),
        case=ready,
    )


def _prepared(case: Case, nodes: int) -> tuple[Case, Tree]:
    """The case with its defaults, in canonical order, and its tree.

    Faults are looked for in the user's own order of rows, so that their paths lead to them.
    """
    faults = tuple(unfit(case))
    if faults:
        raise InputError(faults)
    filled = fill(case)
    ready = canonical(filled)
    try:
        return ready, grow(ready, budget=nodes)
    except InputError:
        grow(filled, budget=nodes)
        raise


def checked(case: Case, tree: Tree, answer: PlanAnswer) -> Accounts:
    """Recompute a plan.

    Raises:
        VerificationError: something does not agree.
    """
    assert answer.nodes is not None
    accounts = account(case, tree, answer.nodes)
    wrong = (*tree_faults(case, tree), *accounts.discrepancies)
    if wrong:
        raise VerificationError(wrong)
    return accounts


def _result(
    case: Case,
    tree: Tree,
    answer: PlanAnswer,
    accounts: Accounts | None,
    judged: Figures,
    seed: int,
) -> PlanResult:
    empty = PlanResult(
        status=judged.status,
        reason=judged.reason,
        cost=judged.cost,
        bound=judged.bound,
        gap=judged.gap,
        verified=accounts is not None,
        input_sha256=digest(case),
        version=version("sourcemix"),
        seed=seed,
        conflicts=answer.conflicts,
        not_modelled=tree.not_modelled,
        tree=tree,
    )
    if accounts is None:
        return empty
    return empty.model_copy(
        update={
            "mean": accounts.mean,
            "cvar": accounts.cvar,
            "authority_cost": accounts.authority_cost,
            "low": accounts.low,
            "high": accounts.high,
            "expected": accounts.expected,
            "indicative_share": accounts.indicative_share,
            "financial_years": accounts.financial_years,
            "leaves": accounts.leaves,
            "first": sentences.first_decisions(case, accounts.nodes),
            "later": sentences.later_decisions(case, tree, accounts.nodes),
            "swing_score": accounts.swing_score,
            "parties": accounts.parties,
            "ledger": sentences.ledger(accounts.parties),
            "nodes": accounts.nodes,
            "verification": accounts.verification,
        }
    )
