"""Rules that few small cases would have by chance: averages, sums, budgets, with a price or not."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.differential.cases import SPEND, Draft, Parts, decimal, pounds
from tests.differential.cases_drivers import budget_driver

SCOPES = ("every_node", "expected_each_period", "whole_plan")
TIED = ("keep_in_house", "max_share", "min_share", "outcome_floor", "budget")
COUNTS = ("max_suppliers", "min_suppliers", "max_live", "max_exit_exposure")
STATES = ("must_use", "must_not_use", "excludes", "requires", "max_term")
SEVERAL = ("same_supplier", "separate_suppliers")
"""Rules for which a case needs two services."""
KINDS: dict[str, int] = {
    **dict.fromkeys((*COUNTS, *STATES), 1),
    **dict.fromkeys(("keep_in_house", "min_share", "max_exit_exposure"), 2),
    "max_share": 3,
    "separate_suppliers": 5,
    "same_supplier": 5,
    "outcome_floor": 4,
    **dict.fromkeys(("budget", "max_value"), 6),
}
"""What a rule may be about, with its weight: more for what matters less often."""


def add_rules(document: Parts, draft: Draft, rng: Random) -> None:
    """Rules about things that fit the case, one as a rule; a second one always has a price."""
    for number in range(rng.choice([0, 1, 1, 1, 2])):
        _add_rule(document, draft, rng, number)


def _add_rule(document: Parts, draft: Draft, rng: Random, number: int) -> None:
    kinds = {kind: weight for kind, weight in KINDS.items() if _fits(document, kind)}
    (kind,) = rng.choices(list(kinds), list(kinds.values()))
    scope = rng.choice(_scopes(kind))
    rule: Parts = {"kind": kind, "scope": scope, "id": f"theme{number}"}
    rule |= _terms(draft, rng, kind, scope)
    if number or rng.random() < 0.6:
        rule["soft"] = _price(rng, kind, rule)
    if rng.random() < 0.3:
        rule["from"] = draft.day(rng.randrange(draft.periods))
    elif rng.random() < 0.3:
        rule["until"] = draft.day(rng.randrange(draft.periods))
    if kind == "budget" and not number:
        _add_to_budget(document, draft, rng, scope)
    policies = [d for d in document["drivers"] if d["kind"] == "policy"]
    if policies and not number and rng.random() < 0.4:
        policies[0]["rule"] = rule
    else:
        document["rules"].append(rule)


def _scopes(kind: str) -> tuple[str, ...]:
    if kind == "max_value":
        return (*SCOPES[::2], SCOPES[2])
    return (*SCOPES, SCOPES[1]) if kind in (*COUNTS, *TIED) else SCOPES[:1]


def _add_to_budget(document: Parts, draft: Draft, rng: Random, scope: str) -> None:
    """What makes budgets differ: one that changes, and cash that is not real."""
    if scope != "whole_plan" and rng.random() < 0.6:
        document["drivers"].append(budget_driver(draft, rng))
    if rng.random() < 0.8:
        document["indices"] = {"prices": decimal(rng, 0.1, 0.4), **document["indices"]}
        document["money"]["deflator"] = "prices"


def _fits(document: Parts, kind: str) -> bool:
    """Whether a case has what a rule speaks of."""
    if kind in SEVERAL:
        return len(document["services"]) > 1
    return kind != "outcome_floor" or bool(document["outcomes"])


def _terms(draft: Draft, rng: Random, kind: str, scope: str) -> Parts:
    """What a rule says, about where it matters."""
    offer = rng.choice(draft.offers)
    names = [o["id"] for o in draft.offers]
    service = rng.choice(draft.services)
    years = draft.periods * draft.months / 12
    match kind:
        case "max_suppliers" | "max_live":
            return {"limit": rng.choice([0, 1, 1])}
        case "min_suppliers":
            return {"limit": rng.choice([1, 1, 2])}
        case "must_use" | "must_not_use":
            which = rng.choice(["offer", "supplier"])
            return {which: offer["id" if which == "offer" else "supplier"]}
        case "excludes":
            return {"offers": rng.sample(names, 2)}
        case "requires":
            first, *rest = rng.sample(names, 2)
            return {"offer": first, "needs": rest}
        case "same_supplier" | "separate_suppliers":
            return {"services": rng.sample(draft.services, 2)}
        case "max_term":
            return {"months": rng.choice([0, 1, 1, 2]) * draft.months}
        case "keep_in_house":
            return {"service": service, "share": decimal(rng, 0.1, 0.9)}
        case "outcome_floor":
            outcome = rng.choice(draft.outcomes)
            low, high = (56, 70) if outcome["better"] == "higher" else (50, 62)
            return {"outcome": outcome["id"], "level": rng.randint(low, high)}
        case "max_value":
            most = pounds(rng, 0.1, 0.8 * years)
            whose = {"supplier": offer["supplier"]} if rng.random() < 0.7 else {}
            return {**whose, "amount": most}
        case "budget":
            size = rng.uniform(0.5, 1.6) * len(draft.services)
            size *= years if scope == "whole_plan" else 1
            return {"amount": pounds(rng, size, size), "real": rng.random() < 0.3}
        case "max_exit_exposure":
            return {"amount": pounds(rng, 0, 0.8)}
    who: list[Any] = [{"sme": True}, {"local": False}, *[{"supplier": offer["supplier"]}] * 3]
    who += [{"kind": rng.choice(draft.suppliers)["kind"]}] * 2
    who += [{}, {}, {}] if kind == "max_share" else []
    of: Parts = {"of": "service", "service": service} if rng.random() < 0.5 else {}
    return {"who": rng.choice(who), "share": decimal(rng, 0.1, 0.9), **of}


def _price(rng: Random, kind: str, rule: Parts) -> Any:
    """A price of about what a breach is worth avoiding."""
    of_spend = kind in ("max_share", "min_share") and "of" not in rule
    if of_spend or kind in ("max_value", "max_exit_exposure", "budget"):
        return decimal(rng, 0.05, 2)
    if kind in ("keep_in_house", "max_share", "min_share"):
        return decimal(rng, 1, 20)
    if kind == "outcome_floor":
        return decimal(rng, 50, 1500)
    if kind == "max_term":
        return decimal(rng, 50, 500)
    return decimal(rng, 0.02 * SPEND, 0.5 * SPEND)
