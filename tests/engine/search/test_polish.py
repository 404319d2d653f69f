"""The exact model's part in the search: its plans hold, and cost what they are said to cost."""

from __future__ import annotations

import pytest
from tests.conftest import FULL
from tests.differential.draw import drawn
from tests.differential.solving import in_process
from tests.engine.search.small_tables import small

from sourcemix.engine.answer import Limits
from sourcemix.engine.search.polish import polish
from sourcemix.verify import account

PENNY = 0.0101
SEEDS = [seed for seed in range(60 if FULL else 8) if drawn(seed).best is not None]


@pytest.mark.parametrize("gap", [0.5, 0.05, 0.0])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_that_ends_early_costs_what_it_decides(seed: int, gap: float) -> None:
    problem, rules, _ = small(seed)
    with in_process():
        found = polish(problem, rules, None, Limits(gap=gap, seconds=60), None, lambda: False)
    assert found.nodes is not None
    accounts = account(problem.case, problem.tree, found.nodes)
    assert accounts.discrepancies == ()
    assert float(accounts.cost) == pytest.approx(found.cost, abs=PENNY)
    best = drawn(seed).best
    assert best is not None
    assert found.bound <= best + PENNY / 2
    assert found.cost >= best - PENNY
