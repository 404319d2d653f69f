"""The best policy of one offer: its value, its policy, and the plain twin of the compiled one."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
from tests.engine.search.small_tables import small

from sourcemix.engine.search.programme import NEVER, first_state, follow, programme, spent
from sourcemix.engine.search.response import buying_at, core_of, scratch_of

SEEDS = range(25)


def plain(compiled: Any) -> Any:
    """The Python function that was compiled."""
    return cast(Any, compiled).py_func


@pytest.mark.parametrize("seed", SEEDS)
def test_policy_costs_what_the_programme_says(seed: int) -> None:
    _, _, tables = small(seed)
    core = core_of(tables)
    scratch, rng = scratch_of(core), np.random.default_rng(seed)
    nodes = len(core.world.parent)
    for offer in range(len(core.machines.lead)):
        scratch.extra[:] = rng.uniform(-30_000, 10_000, scratch.extra.shape)
        buying_at(core, offer, scratch.buying)
        state = first_state(core.machines, offer)
        given = (core.machines, core.world, offer, 0, nodes, state, scratch.extra)
        value = programme(*given, scratch.buying, scratch.future, scratch.choice)
        twin = plain(programme)(*given, scratch.buying, scratch.future, scratch.choice)
        assert value == pytest.approx(twin, abs=1e-6)
        if value >= NEVER / 2:
            continue
        follow(core.world, 0, nodes, state, scratch.choice, scratch.states)
        assert value == pytest.approx(spent(*given, scratch.states), abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_policy_of_a_start_elsewhere_is_cheaper(seed: int) -> None:
    """Rewarding a procurement can only bring the cost down by that reward, or less."""
    _, _, tables = small(seed)
    core = core_of(tables)
    scratch = scratch_of(core)
    nodes = len(core.world.parent)
    for offer in range(len(core.machines.lead)):
        scratch.extra[:] = -20_000.0
        buying_at(core, offer, scratch.buying)
        state = first_state(core.machines, offer)
        given = (core.machines, core.world, offer, 0, nodes, state, scratch.extra)
        free = programme(*given, scratch.buying, scratch.future, scratch.choice)
        for node in range(nodes):
            scratch.buying[node] -= 500.0
            lower = programme(*given, scratch.buying, scratch.future, scratch.choice)
            scratch.buying[node] += 500.0
            assert free - 500.0 - 1e-6 <= lower <= free + 1e-6
