"""Parts of a plan: what is not in them stays, and a plan is never the worse for them."""

from __future__ import annotations

import numpy as np
import pytest
from tests.differential.draw import drawn
from tests.differential.solving import in_process
from tests.engine.search.small_tables import small

from sourcemix.engine.answer import Limits
from sourcemix.engine.search.moves import Moves
from sourcemix.engine.search.polish import Kept, polish
from sourcemix.verify import account

PENNY = 0.0101
SEEDS = [seed for seed in range(40) if drawn(seed).best is not None][:10]
LIMITS = Limits(gap=0.0, seconds=60)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_part_leaves_the_rest_and_betters_the_plan(seed: int) -> None:
    problem, rules, _ = small(seed)
    everything = frozenset(
        (offer, node) for offer in range(len(problem.offers)) for node in range(problem.nodes)
    )
    best = drawn(seed).best
    assert best is not None
    moves = Moves(problem, seed)
    with in_process():
        rough = Limits(gap=1.0, seconds=60)
        plan = polish(problem, rules, None, rough, None, lambda: False)
        for _ in range(4):
            part = moves.part(plan, everything)
            assert not part.kept.where.all()
            assert (part.kept.live == plan.live).all()
            assert plan.procured <= part.only
            found = polish(problem, rules, part.only, LIMITS, None, lambda: False, part.kept)
            moves.judge(proven=True)
            assert found.nodes is not None
            kept = part.kept.where
            assert (found.live[kept] == plan.live[kept]).all()
            assert best - PENNY <= found.cost <= plan.cost + PENNY
            accounts = account(problem.case, problem.tree, found.nodes)
            assert accounts.discrepancies == ()
            assert float(accounts.cost) == pytest.approx(found.cost, abs=PENNY)
            plan = found


@pytest.mark.parametrize("seed", SEEDS[:5])
def test_who_is_live_can_be_kept_everywhere(seed: int) -> None:
    problem, rules, _ = small(seed)
    with in_process():
        plan = polish(problem, rules, None, LIMITS, None, lambda: False)
        kept = Kept(plan.live, np.ones_like(plan.live))
        again = polish(problem, rules, plan.procured, LIMITS, None, lambda: False, kept)
        dearer = polish(problem, rules, None, LIMITS, None, lambda: False, below=plan.cost - 10)
    assert (again.live == plan.live).all()
    assert again.cost == pytest.approx(plan.cost, abs=PENNY)
    assert dearer.nodes is None
