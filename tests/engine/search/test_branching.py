"""Branch and bound on the split bound: never above the optimum, and closer to it than one bound."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import FULL
from tests.differential.draw import drawn
from tests.engine.search.small_tables import small
from tests.engine.small import case, offer

from sourcemix.engine import planning
from sourcemix.engine.answer import Limits
from sourcemix.engine.problem import compile_problem
from sourcemix.engine.search.bound import safe_bound
from sourcemix.engine.search.branching import Branching
from sourcemix.engine.search.climb import BEST, Climb
from sourcemix.engine.search.node_problem import BARRED, HELD
from sourcemix.engine.search.prices import first_prices
from sourcemix.engine.search.response import core_of
from sourcemix.engine.search.tables import Tables, compile_tables
from sourcemix.futures import grow

SEEDS = range(1000 if FULL else 40)
PENNY = 0.0101
EVERY = float("inf")


def begun(tables: Tables, best: float, steps: int) -> Climb:
    climb = first_prices(core_of(tables), best, 20)
    climb.go(best - tables.constant, steps)
    return climb


@pytest.mark.parametrize("cutoff", ["none", "the optimum"])
@pytest.mark.parametrize("seed", SEEDS)
def test_bound_is_never_above_the_optimum(seed: int, cutoff: str) -> None:
    best = drawn(seed).best
    if best is None:
        return
    _, _, tables = small(seed)
    climb = begun(tables, best, 30)
    branching, last = Branching(tables, climb), safe_bound(tables, climb)
    for _ in range(6):
        branching.work(best - tables.constant, EVERY if cutoff == "none" else best, 100)
        assert last <= branching.bound
        last = branching.bound
        # The part that holds the optimum never costs more, be it closed or not.
        assert last <= best + PENNY / 2


def test_halving_closes_the_gap_that_prices_leave() -> None:
    """Three offers for two services each: prices take half of each, a plan needs two of them."""
    names = ("desk", "site", "home")
    offers = [
        offer(f"pair{left}", "vale", "1")
        | {"fixed": 900, "services": {names[left]: {"price": 1}, names[left - 1]: {"price": 1}}}
        for left in range(3)
    ]
    services = [{"id": name, "unit": "ticket", "demand": 100, "unmet": 50} for name in names]
    one = case(offers, periods=1, services=services)
    problem = compile_problem(one, grow(one, budget=10))
    tables = compile_tables(problem, [])
    best = planning.solve(one, problem.tree, Limits(gap=0, seconds=60)).claimed
    assert best is not None
    climb = begun(tables, best, 300)
    branching = Branching(tables, climb)
    assert branching.bound < 0.95 * best
    branching.work(best - tables.constant, best, 1000)
    assert branching.bound == pytest.approx(best, rel=1e-6)
    assert branching.closed < EVERY


def test_what_is_settled_holds_in_the_answers() -> None:
    best = drawn(3).best
    assert best is not None
    _, _, tables = small(3)
    climb = begun(tables, best, 20)
    possible = np.isfinite(tables.machines.live).any(axis=2)
    for flag in (HELD, BARRED):
        for chosen, node in zip(*np.nonzero(possible), strict=True):
            climb.settled.live[:] = 0
            climb.settled.live[chosen, node] = flag
            climb.go(best - tables.constant, 1)
            live = climb.sides.states[chosen, node] >= tables.machines.patterns[chosen]
            assert live == (flag == HELD) or climb.bound > best
            climb.march.figures[BEST] = -1e30


def test_the_same_steps_in_other_pieces_come_to_the_same() -> None:
    best = drawn(3).best
    assert best is not None
    _, _, tables = small(3)
    bounds = []
    for piece in (10, 40, 200):
        branching = Branching(tables, begun(tables, best, 20))
        for _ in range(200 // piece):
            branching.work(best - tables.constant, EVERY, piece)
        bounds.append(branching.bound)
    assert len(set(bounds)) == 1
