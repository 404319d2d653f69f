"""A plan with what it is compared with: the links of the chain, the plan, then the baselines."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from sourcemix.analysis.baselines import Candidate, baselines, chain_links
from sourcemix.analysis.comparing import Compared, compare, without_plan
from sourcemix.engine import planning, routes
from sourcemix.engine.answer import Limits, OnProgress, PlanAnswer
from sourcemix.engine.earlier import Earlier
from sourcemix.engine.milp import Floats
from sourcemix.model.case import Case
from sourcemix.model.plan import Comparison
from sourcemix.model.tree import Tree
from sourcemix.report.comparison_page import called

OnStep = Callable[[str], None]
"""Called with what is planned next, in words."""

PLAN = 2
"""Shares of the time that the plan itself gets; each plan to compare with gets one. What one does
not use goes to those that follow."""
SHARPER = 10
"""By how much the gap of the plan and the links of the chain is searched for more closely than was
asked. Their costs are set against each other, and gaps as wide as what lies between say nothing."""
SHARP = 0.0001
"""A gap that is asked for below this is close enough."""
AFTER_INTERRUPT = 10.0
"""Seconds that are left for the plan where the search of a link before it is interrupted."""


def plan_and_compare(
    case: Case,
    tree: Tree,
    limits: Limits,
    on_progress: OnProgress | None = None,
    on_step: OnStep | None = None,
    earlier: Earlier | None = None,
) -> tuple[PlanAnswer, tuple[Comparison, ...]]:
    """Plan a case, started from the chain of plans that may do less, and plan the baselines.

    The exact model plans all that may do less: what is the same in every future has few decisions.
    The plan itself takes the route that suits its size.

    An interrupt ends the comparing, not the planning: the plan is still searched for, from where
    the chain has come to, for a short time. What has been found is kept.

    Args:
        case: a filled case in canonical order.
        tree: its futures.
        limits: seed, gap, and seconds for all of it. The chain is searched more closely than the
            gap asks for, where time allows.
        on_progress: called as cost and bound of what is being planned move.
        on_step: called with what is planned next.
        earlier: an earlier plan to begin from.

    Raises:
        SolverError: the solver failed before it found a plan.
        VerificationError: a plan to compare with does not survive being recomputed.
    """
    links, others = chain_links(case), baselines(case)
    run = _Run(case, tree, limits, len(links) + len(others) + PLAN, on_progress, on_step)
    start: Floats | None = None
    for link in links:
        found = run.compare(link, start)
        start = start if found is None else found
    answer = run.plan(start, earlier)
    for other in others:
        run.compare(other, None)
    return answer, tuple(run.found)


class _Run:
    """The comparisons so far, and the time that is left for the others."""

    def __init__(
        self,
        case: Case,
        tree: Tree,
        limits: Limits,
        shares: int,
        on_progress: OnProgress | None,
        on_step: OnStep | None,
    ) -> None:
        self.found: list[Comparison] = []
        self._case, self._tree, self._limits = case, tree, limits
        self._on_progress, self._on_step = on_progress, on_step
        self._deadline = time.monotonic() + limits.seconds
        self._shares = shares
        self._interrupted = False

    def compare(self, candidate: Candidate, start: Floats | None) -> Floats | None:
        """Plan one to compare with; gives what the next link can start from."""
        limits = self._share(1)
        asked = self._limits.gap
        if candidate.link:
            limits = replace(limits, gap=_sharper(asked))
        compared = Compared(without_plan(candidate, "interrupted"), None)
        if not self._interrupted:
            self._tell(called(candidate.kind, candidate.name))
            try:
                compared = compare(
                    self._case,
                    self._tree,
                    candidate,
                    limits,
                    asked=asked,
                    start=start,
                    on_progress=self._on_progress,
                )
            except KeyboardInterrupt:
                self._interrupted = True
            self._interrupted |= compared.interrupted
        self.found.append(compared.comparison)
        return compared.columns

    def plan(self, start: Floats | None, earlier: Earlier | None) -> PlanAnswer:
        """Plan the case itself, from the best of the chain."""
        limits = replace(self._share(PLAN), gap=_sharper(self._limits.gap))
        if self._interrupted:
            limits = replace(limits, seconds=min(limits.seconds, AFTER_INTERRUPT))
        self._tell("the plan")
        answer = self._planned(limits, start, earlier)
        if self._interrupted and answer.reason == "time_limit":
            answer = replace(answer, reason="interrupted")
        self._interrupted |= answer.interrupted
        return answer

    def _planned(self, limits: Limits, start: Floats | None, earlier: Earlier | None) -> PlanAnswer:
        case, tree, told = self._case, self._tree, self._on_progress
        if routes.route_of(case, tree, limits) == "exact":
            return planning.solve(case, tree, limits, told, start=start, earlier=earlier)
        held = [one for one in self.found if one.cost is not None]
        best = min(held, key=lambda one: one.cost or 0, default=None)
        if best is None:
            return routes.solve(case, tree, limits, told, earlier)
        begun = earlier or Earlier(case.horizon, tree, best.nodes, None)
        return no_dearer(routes.solve(case, tree, limits, told, begun), best, limits.gap)

    def _share(self, shares: int) -> Limits:
        """Limits with a share of the time that is left."""
        left = max(0.0, self._deadline - time.monotonic())
        seconds = max(1.0, left * shares / self._shares)
        self._shares -= shares
        return replace(self._limits, seconds=seconds)

    def _tell(self, what: str) -> None:
        if self._on_step is not None:
            self._on_step(what)


def _sharper(gap: float) -> float:
    return min(gap, max(gap / SHARPER, SHARP))


def no_dearer(answer: PlanAnswer, link: Comparison, gap: float) -> PlanAnswer:
    """The answer, or the plan of a link of the chain where that is cheaper: a plan may do it, too.

    Args:
        answer: to the case itself.
        link: a plan that may do less, recomputed.
        gap: the gap asked for.
    """
    assert link.cost is not None
    cost = float(link.cost)
    if answer.claimed is not None and answer.claimed <= cost:
        return answer
    found = replace(
        answer,
        status="feasible",
        claimed=cost,
        nodes=link.nodes,
        ties="not_asked",
        columns=None,
        routes=replace(answer.routes, plan="exact"),
    )
    if answer.bound is None or cost - answer.bound > gap * abs(cost):
        return found
    return replace(found, status="within_gap", reason="gap_reached")
