"""The exact route for events: model, solve, make whole, and state what is proven."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from time import monotonic

from sourcemix.engine import highs
from sourcemix.engine.answer import AwardAnswer, Limits, OnProgress
from sourcemix.engine.award.compile import Terms, compiled
from sourcemix.engine.award.conflicts import plain_reasons, trials
from sourcemix.engine.award.draft import Draft, Rounding, rounded_away
from sourcemix.engine.award.exact import Tally, Won, step, tally
from sourcemix.engine.award.extract import winners, won_by
from sourcemix.engine.award.model import drafted
from sourcemix.engine.highs import PROVEN, MilpAnswer
from sourcemix.engine.second_opinion import ask
from sourcemix.model.event import Event
from sourcemix.model.plan import Reason, Status

SLACK = 0.01
"""Pence by which the solver's bound may be off for its tolerances, before it is rounded up."""


@dataclass(frozen=True, slots=True)
class _Found:
    """An award that holds, with its figures."""

    won: Won
    figures: Tally


@dataclass(frozen=True, slots=True)
class _Best:
    """The best award so far, and the best bound in pounds."""

    terms: Terms
    found: _Found | None
    bound: float | None

    @property
    def gap(self) -> float:
        """What is not proven, as a share of the cost."""
        if self.found is None or self.bound is None:
            return float("inf")
        cost = self.found.figures.cost / 100
        return 0.0 if cost <= self.bound else (cost - self.bound) / cost

    def with_(self, found: _Found | None, bound: float | None) -> _Best:
        """The better of two awards, the higher of two bounds."""
        if found is None or (self.found and self.found.figures.cost <= found.figures.cost):
            found = self.found
        bounds = [each for each in (self.bound, bound) if each is not None]
        return _Best(self.terms, found, max(bounds, default=None))


def solve(event: Event, limits: Limits, on_progress: OnProgress | None = None) -> AwardAnswer:
    """The cheapest award of an event that holds all that is asked, with a proven bound.

    Args:
        event: the event; `unsupported` should have found nothing in it.
        limits: gap, seconds and seed.
        on_progress: called with cost and bound as they move.

    Raises:
        SolverError: the solver's process ended without an answer.
    """
    deadline = monotonic() + limits.seconds
    terms = compiled(event)
    reasons = plain_reasons(event, terms)
    if reasons:
        return AwardAnswer("infeasible", "proved", None, None, conflicts=reasons)
    draft = drafted(terms)
    milp = draft.builder.build()
    answer = highs.solve(milp, limits, on_progress=on_progress)
    if answer.status == "infeasible":
        answer = ask(milp, limits.until(deadline), on_progress)
        if answer.status == "infeasible":
            conflicts = trials(event, limits.until(deadline))
            return AwardAnswer("infeasible", "proved", None, None, answer.trace, conflicts)
    best = _Best(terms, _found(draft, answer), _bound(terms, answer.bound, "loose"))
    if answer.x is not None and answer.reason in ("proved", "gap_reached"):
        best = _second_looks(best, limits, deadline)
    return _answer(best, answer, limits)


def _found(draft: Draft, answer: MilpAnswer) -> _Found | None:
    """The award of a solve, if it holds exactly."""
    if answer.x is None:
        return None
    won = won_by(draft, answer.x)
    figures = tally(draft.terms, won)
    return _Found(won, figures) if figures.holds else None


def _second_looks(best: _Best, limits: Limits, deadline: float) -> _Best:
    """Look again where rounding left a gap, or spoiled the award.

    First with the rounding as rows. If what is found still does not hold (quantities are cut to
    thousandths, shares have more decimals than the solver), then with narrowed rows, for the award
    alone: such rows may cut off awards, so their bound proves nothing.
    """
    target = max(limits.gap, PROVEN)
    looks: tuple[Rounding, ...] = ("pennies", "strict")
    for rounding in looks:
        if best.found is not None and (rounding == "strict" or best.gap <= target):
            continue
        if rounding == "pennies" and not rounded_away(best.terms):
            continue
        draft = drafted(best.terms, rounding)
        answer = highs.solve(draft.builder.build(), limits.until(deadline))
        bound = None if rounding == "strict" else _bound(best.terms, answer.bound, rounding)
        best = best.with_(_found(draft, answer), bound)
    return best


def _bound(terms: Terms, bound: float | None, rounding: Rounding) -> float | None:
    """The solver's bound less what rounding may save, up to the next possible cost. Pounds.

    No award costs less than nothing; every award costs a multiple of `step`, so the bound may be
    rounded up to the next one.
    """
    if bound is None:
        return None
    each = step(terms)
    least = (bound - (rounded_away(terms) if rounding == "loose" else 0.0)) * 100
    least -= SLACK + abs(least) * 1e-9
    return max(ceil(least / each) * each, 0) / 100


def _answer(best: _Best, answer: MilpAnswer, limits: Limits) -> AwardAnswer:
    if best.found is None:
        reason: Reason = "solver_stopped" if answer.reason == "proved" else answer.reason
        return AwardAnswer("unknown", reason, None, best.bound, answer.trace)
    figures = best.found.figures
    cost = figures.cost / 100
    status, reason = _standing(best.gap, answer.reason, limits)
    return AwardAnswer(
        status,
        reason,
        cost,
        None if best.bound is None else min(best.bound, cost),
        answer.trace,
        winners=winners(best.terms, best.found.won, figures),
        unawarded=tuple(best.terms.lots[i].id for i in figures.unawarded),
    )


def _standing(gap: float, reason: Reason, limits: Limits) -> tuple[Status, Reason]:
    if gap <= PROVEN:
        return "optimal", "proved"
    if gap <= limits.gap:
        return "within_gap", "gap_reached"
    return "feasible", "solver_stopped" if reason in ("proved", "gap_reached") else reason
