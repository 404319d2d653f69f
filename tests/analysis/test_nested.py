"""The chain on random cases: nested, each link of its kind, and none tighter than it need be."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from tests.conftest import FULL
from tests.differential.draw import drawn
from tests.differential.solving import in_process

from sourcemix.analysis.baselines import chain_links
from sourcemix.analysis.comparing import compare
from sourcemix.engine import planning
from sourcemix.engine.answer import Limits
from sourcemix.model.case import Case, FixedOffers
from sourcemix.model.plan import Comparator, PlanNode
from sourcemix.model.tree import Tree
from sourcemix.verify import account, kind_faults

SEEDS = range(300 if FULL else 30)
EXACT = Limits(gap=0.0, seconds=60.0)
PENNY = Decimal("0.01")
"""Half a penny is given to the tie rule, on either side."""
KINDS: tuple[Comparator, ...] = ("single_partnership", "chosen_once", "fixed_plan")
Found = list[tuple[Decimal, tuple[PlanNode, ...]] | None]


@in_process()
def links(case: Case, tree: Tree) -> Found:
    """Cost and nodes of each link and of the plan, each started from the one before."""
    found: Found = []
    start = None
    for link in chain_links(case):
        compared = compare(case, tree, link, EXACT, asked=0.0, start=start)
        one = compared.comparison
        assert one.status in ("optimal", "infeasible")
        found.append(None if one.cost is None else (one.cost, one.nodes))
        start = start if compared.columns is None else compared.columns
    answer = planning.solve(case, tree, EXACT, start=start)
    if answer.nodes is None:
        return [*found, None]
    accounts = account(case, tree, answer.nodes)
    return [*found, (accounts.cost, accounts.nodes)]


@pytest.mark.parametrize("seed", SEEDS)
def test_each_link_may_do_what_the_one_before_may(seed: int) -> None:
    given = drawn(seed)
    names = [offer.id for offer in given.case.offers]
    rng = Random(seed)
    some = FixedOffers(offers=tuple(sorted(rng.sample(names, rng.randint(1, len(names))))))
    case = given.case.model_copy(update={"baselines": {"single_partnership": some}})
    found = links(case, given.tree)
    for before, after in pairwise(found):
        if before is not None:
            assert after is not None
            assert after[0] <= before[0] + PENNY
    # What the check calls a plan of a tighter kind, that kind must have found as well.
    for kind, before, after in zip(KINDS, found, found[1:], strict=False):
        if after is None or kind_faults(case, given.tree, after[1], kind, kind):
            continue
        assert before is not None
        assert before[0] <= after[0] + PENNY
