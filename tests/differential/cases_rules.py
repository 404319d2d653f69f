"""Small random cases with the rules that few others have: soft ones, averages, sums, exposure.

Each case has one such rule beside what a case has anyway, so that what it does can be told.
"""

from __future__ import annotations

from random import Random
from typing import Any

from tests.differential.brute import Brute, TooManyError
from tests.differential.cases import NODES, SPEND, Draft, Parts, decimal, pounds
from tests.differential.plans import Plans

from sourcemix.errors import TreeTooLarge
from sourcemix.futures import grow
from sourcemix.model.canonical import canonical
from sourcemix.model.case import Case
from sourcemix.model.checks import case_faults
from sourcemix.model.tree import Tree

Theme = tuple[str, str, bool]
"""Kind of a rule, its scope, whether it has a price."""
ON_AVERAGE = ("expected_each_period", "whole_plan")
LIVE = ("max_suppliers", "min_suppliers", "max_live", "max_exit_exposure")
TIED = ("keep_in_house", "max_share", "min_share", "outcome_floor")
THEMES: tuple[Theme, ...] = (
    *(
        (kind, "every_node", soft)
        for kind in ("same_supplier", "separate_suppliers", "max_exit_exposure", "outcome_floor")
        for soft in (False, True)
    ),
    *(
        (kind, "every_node", True)
        for kind in (
            *("max_suppliers", "min_suppliers", "max_live", "must_use", "must_not_use"),
            *("excludes", "requires", "max_term", "keep_in_house", "max_share", "min_share"),
        )
    ),
    *(
        (kind, scope, soft)
        for kind in (*LIVE, *TIED)
        for scope in ON_AVERAGE
        for soft in (False, True)
    ),
    *(
        ("max_value", scope, soft)
        for scope in ("every_node", "whole_plan")
        for soft in (False, True)
    ),
)
"""What a case is about, by seed."""


def theme_of(seed: int) -> Theme:
    """What the case of a seed is about."""
    return THEMES[seed % len(THEMES)]


def rule_case(seed: int) -> tuple[Case, Tree]:
    """The case of a seed, in canonical order, with its tree; its theme is the first rule."""
    kind, scope, _ = theme_of(seed)
    for attempt in range(4000):
        draft = Draft(1_000_000 + seed * 4000 + attempt)
        document = draft.document()
        if not _fits(document, kind, scope):
            continue
        rng = Random(f"rules {seed} {attempt}")
        others = [rule for rule in draft.rules if rule["kind"] not in TIED][: rng.choice([0, 0, 1])]
        document["rules"] = [_rule(draft, rng, theme_of(seed)), *others]
        case = canonical(Case.model_validate(document))
        if list(case_faults(case, ())):
            continue
        try:
            tree = grow(case, budget=NODES)
            if scope != "every_node" or kind == "max_value":
                Plans(Brute(case, tree))
        except (TreeTooLarge, TooManyError):
            continue
        return case, tree
    raise AssertionError(f"no small case for seed {seed}")


def _fits(document: Parts, kind: str, scope: str) -> bool:
    """Whether a draft has what a rule speaks of, and nothing else that ties volumes together."""
    if kind in ("same_supplier", "separate_suppliers"):
        return len(document["services"]) > 1
    if kind == "outcome_floor":
        for outcome in document["outcomes"]:
            outcome["target"] = 80 if outcome["better"] == "higher" else 40
        return bool(document["outcomes"])
    if kind == "max_value" and scope == "every_node" and document["drivers"]:
        return False
    return kind not in (*TIED, "max_value") or not document["outcomes"]


def _rule(draft: Draft, rng: Random, theme: Theme) -> Parts:
    kind, scope, soft = theme
    rule: Parts = {"kind": kind, "scope": scope, "id": "theme", **_terms(draft, rng, kind)}
    if soft:
        rule["soft"] = _price(rng, kind, rule)
    if rng.random() < 0.3:
        rule["from"] = draft.day(rng.randrange(draft.periods))
    return rule


def _terms(draft: Draft, rng: Random, kind: str) -> Parts:
    """What a rule says, about where it matters."""
    offer = rng.choice(draft.offers)
    names = [o["id"] for o in draft.offers]
    service = rng.choice(draft.services)
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
            return {"services": draft.services}
        case "max_term":
            return {"months": rng.choice([0, 1, 1, 2]) * draft.months}
        case "keep_in_house":
            return {"service": service, "share": decimal(rng, 0.1, 0.9)}
        case "outcome_floor":
            low, high = (56, 70) if draft.outcomes[0]["better"] == "higher" else (50, 62)
            return {"outcome": "first_time", "level": rng.randint(low, high)}
        case "max_value":
            most = pounds(rng, 0.1, 0.8 * draft.periods * draft.months / 12)
            return {"supplier": offer["supplier"], "amount": most}
        case "max_exit_exposure":
            return {"amount": pounds(rng, 0, 0.8)}
    who: list[Any] = [{"supplier": offer["supplier"]}, {"sme": True}, {"local": False}]
    of: Parts = {"of": "service", "service": service} if rng.random() < 0.5 else {}
    return {"who": rng.choice(who), "share": decimal(rng, 0.1, 0.9), **of}


def _price(rng: Random, kind: str, rule: Parts) -> Any:
    """A price of about what a breach is worth avoiding."""
    of_spend = kind in ("max_share", "min_share") and "of" not in rule
    if of_spend or kind in ("max_value", "max_exit_exposure"):
        return decimal(rng, 0.05, 2)
    if kind in ("keep_in_house", "max_share", "min_share"):
        return decimal(rng, 1, 20)
    if kind == "outcome_floor":
        return decimal(rng, 50, 1500)
    if kind == "max_term":
        return decimal(rng, 50, 500)
    return decimal(rng, 0.02 * SPEND, 0.5 * SPEND)
