"""Drawing small cases, each with its tree and its true optimum.

What is faulty or too large to be enumerated is drawn again: at most `NODES` nodes, six offers and
three services. A seed stands for one case, the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from tests.differential.brute import Brute, TooManyError
from tests.differential.cases import Draft
from tests.differential.cases_drivers import add_drivers
from tests.differential.cases_money import add_money
from tests.differential.cases_rules import add_rules
from tests.differential.search import Search

from sourcemix.errors import TreeTooLarge
from sourcemix.evidence import fill
from sourcemix.futures import grow
from sourcemix.model.canonical import canonical
from sourcemix.model.case import Case
from sourcemix.model.checks import case_faults
from sourcemix.model.tree import Tree

NODES = 12
"""Most nodes of a tree."""


@dataclass(frozen=True)
class Drawn:
    """A case that has been enumerated.

    Attributes:
        case: filled and in canonical order.
        tree: its futures.
        search: its plans.
        best: least cost in pounds; None where no plan is possible.
        refused: drafts before it that were too large.
    """

    case: Case
    tree: Tree
    search: Search
    best: float | None
    refused: int = 0


def draft_case(rng: Random) -> tuple[Case, Tree] | None:
    """A case with its tree; None where it is faulty or its tree too large."""
    draft = Draft(rng)
    document = draft.document()
    add_money(document, draft, rng)
    add_drivers(document, draft, rng)
    add_rules(document, draft, rng)
    case = canonical(Case.model_validate(document))
    if list(case_faults(case, {})):
        return None  # such as a service that must be served and that nobody offers
    try:
        tree = grow(case, budget=NODES)
    except TreeTooLarge:
        return None
    assert fill(case) == case, "a case of these tests leaves nothing to be filled in"
    return case, tree


@lru_cache(maxsize=40)
def drawn(seed: int) -> Drawn:
    """The case of a seed."""
    refused = 0
    for attempt in range(1000):
        found = draft_case(Random(f"{seed} {attempt}"))
        if found is None:
            continue
        search = Search(Brute(*found, exposed=True))
        try:
            return Drawn(*found, search, search.best, refused)
        except TooManyError:
            refused += 1
    raise AssertionError(f"no small case for seed {seed}")


def falls_between(case: Case) -> bool:
    """Whether the best volumes may fall between thousandths of a unit.

    They may where an offer goes beyond the target of an outcome, at which the credit stops, and
    where a rule or a ceiling speaks of what is served.
    """
    reached = any(
        level != outcome.target and (level > outcome.target) == (outcome.better == "higher")
        for outcome in case.outcomes
        for offer in case.offers
        for terms in offer.services.values()
        for name, level in terms.outcomes.items()
        if name == outcome.id
    )
    kinds = {rule.kind for rule in case.rules}
    kinds |= {d.rule.kind for d in case.drivers if d.kind == "policy"}
    ceiling = any(framework.ceiling is not None for framework in case.frameworks)
    return reached or ceiling or bool(kinds & set(VOLUMES))


VOLUMES = (*("keep_in_house", "max_share", "min_share", "outcome_floor", "budget", "max_value"),)
"""Rules that speak of what is served."""
