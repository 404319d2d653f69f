"""Agreements signed before the case begins: one that is live, one that has yet to begin, both."""

from __future__ import annotations

import numpy as np
import pytest
from tests.differential.draw import drawn
from tests.engine.search.small_tables import small

from sourcemix.engine.search.arrays import FAR
from sourcemix.engine.search.plain import left_out
from sourcemix.engine.search.prices import first_prices
from sourcemix.engine.search.programme import NEVER
from sourcemix.engine.search.response import core_of, descend, resting, scratch_of
from sourcemix.engine.search.words import plan_nodes
from sourcemix.verify import account

BOTH = (4, 10, 19, 20, 22, 28, 33, 47, 53)
"""Cases of which an offer has one of each."""
NEITHER_ENDS = (52, 54)
"""Cases in which the one that is live cannot have ended when the other begins."""


@pytest.mark.parametrize("seed", BOTH)
def test_a_plan_with_both_is_one_that_the_check_accepts(seed: int) -> None:
    problem, rules, tables = small(seed)
    machines = tables.machines
    assert ((machines.later < FAR) & (machines.begins < FAR)).any()
    core = core_of(tables)
    scratch = scratch_of(core)
    found = descend(core, resting(core, scratch), scratch, np.random.default_rng(1))
    accounts = account(problem.case, problem.tree, plan_nodes(tables, found.live.states))
    assert accounts.discrepancies == ()
    if not left_out(problem, rules):
        assert found.cost + tables.constant == pytest.approx(float(accounts.cost), abs=0.0101)


@pytest.mark.parametrize("seed", NEITHER_ENDS)
def test_what_no_plan_can_hold_is_known_from_the_start(seed: int) -> None:
    assert drawn(seed).best is None
    climb = first_prices(core_of(small(seed)[2]), 1e6, 1)
    assert climb.go(1e6, 1) >= NEVER / 2
