"""How good a result is, and what an assurer looks for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from sourcemix.model.award import AwardResult
from sourcemix.model.plan import PlanResult, Reason
from sourcemix.report.terminal import Page
from sourcemix.report.words import counted, listed, percent

_PLACES = tuple(Decimal(place) for place in ("0.1", "0.01", "0.001", "0.0001"))
"""How finely a share in per cent is shown."""
_WHY: dict[Reason, str] = {
    "proved": "",
    "gap_reached": "",
    "time_limit": "time ran out",
    "effort_spent": "the effort given was spent",
    "interrupted": "interrupted",
    "solver_stopped": "the solver stopped early",
}


_ROUTES = {
    "exact": "the exact model",
    "search": "the search for large cases",
    "both": "the search for large cases and the exact model side by side",
}
"""What the routes are called."""


def status_words(result: PlanResult | AwardResult) -> str:
    """The status in a sentence that promises no more than is proven."""
    match result.status:
        case "optimal":
            if result.gap:
                return "Proven best, to one part in a million."
            return "Proven best: nothing cheaper can meet the needs and rules."
        case "within_gap":
            within = _dearer(result) or percent(result.gap or Decimal(0), 4)
            return f"Within {within} of the best possible, proven."
        case "feasible":
            why = _WHY[result.reason]
            text = "Best found so far; not proven"
            text += f" ({why})" if why else ""
            dearer = _dearer(result)
            if not dearer:
                return f"{text}: how much dearer it is than the best is not known."
            return f"{text}: could be up to {dearer} dearer than the best."
        case "infeasible":
            return "Not possible: nothing can meet all of the needs and rules, proven."
        case "unknown":
            why = _WHY[result.reason] or "the search ended"
            return f"No result: {why} before one was found. That does not mean that there is none."


def _dearer(result: PlanResult | AwardResult) -> str:
    """By how much the cost may exceed the best one, as a share of that; empty if not known."""
    if result.cost is None or result.bound is None or result.bound <= 0:
        return ""
    shown = (result.cost - result.bound) / result.bound * 100
    places = next((p for p in _PLACES if shown >= p), _PLACES[-1])
    # Rounded up in the last figure shown, so that the promise is never too good.
    return percent(shown.quantize(places, rounding=ROUND_CEILING) / 100, 4)


def route_words(settings: Mapping[str, object]) -> str:
    """Which route did what, in a sentence; empty where the record of a run does not say."""
    route = settings.get("route")
    if route not in _ROUTES:
        return ""
    names = {"exact": "the exact model", "search": "the search"}
    plan, bound = (names.get(str(settings.get(who)), "") for who in ("plan_by", "bound_by"))
    done = [f"{plan} found the plan"] if plan else []
    done += [f"{bound} proved the bound"] if bound else []
    if plan and plan == bound:
        # Where the one route that was taken did all, there is nothing to tell apart.
        alone = plan == names.get(str(route))
        done = [] if alone else [f"{plan} found the plan and proved the bound"]
    details = f": {listed(done)}" if done else ""
    return f"Planned by {_ROUTES[str(route)]}{details}."


def footer(page: Page, result: PlanResult | AwardResult, how: str = "") -> None:
    """Print who planned, the independent check, the version, the seed and the hash."""
    page.blank()
    if how:
        page.say(how, "dim")
    if result.verification is not None and result.verified:
        checks = counted(result.verification.checks, "statement")
        page.say(f"Verified: an independent check of {checks} agrees.", "dim")
    page.say(
        f"Sourcemix {result.version}, seed {result.seed}, input {result.input_sha256[:12]}", "dim"
    )
