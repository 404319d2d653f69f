"""Counting in how many cases each term occurs and counts.

Cases are planned without a term by the engine, which is many times as fast as the enumeration,
and which agrees with it on every one of these cases. What the enumeration found is what the
answer is compared with.
"""

from __future__ import annotations

from collections.abc import Collection

from tests.differential.census_rules import CENSUS
from tests.differential.draw import Drawn, falls_between
from tests.differential.solving import planned

from sourcemix.engine.answer import Limits
from sourcemix.errors import TreeTooLarge
from sourcemix.futures import grow
from sourcemix.model.canonical import canonical
from sourcemix.model.case import Case
from sourcemix.model.checks import case_faults

NODES = 40
"""Most nodes of the tree of a case without a term, such as the one date of a failure."""
CLOSE = Limits(gap=1e-9, seconds=120)
"""Close enough, and no search among plans that cost the same."""
PENNY = 0.02
SPLIT = 0.4
"""Pounds, where the best volumes may fall between thousandths of a unit."""


def count(drawn: Drawn, skip: Collection[str] = ()) -> dict[str, bool | None]:
    """Every term that occurs in a case: whether it counts; None if skipped, or if the rest makes no
    sense without it, or is too large.

    It counts if without it the least cost is another by a penny or more, or if there is a plan
    only with it or only without.
    """
    found: dict[str, bool | None] = {}
    for name, entry in CENSUS.items():
        other = entry.without(drawn.case)
        if other == drawn.case:
            continue
        found[name] = None
        if name not in skip and not list(case_faults(other, {})):
            try:
                found[name] = not _same(drawn.best, _best(other), falls_between(drawn.case))
            except TreeTooLarge:
                continue
    return found


def _best(case: Case) -> float | None:
    case = canonical(case)
    return planned(case, grow(case, budget=NODES), CLOSE).claimed


def _same(one: float | None, two: float | None, rough: bool) -> bool:
    """Whether two optima are the same to the penny."""
    if one is None or two is None:
        return one is two
    return abs(one - two) < (SPLIT if rough else PENNY)
