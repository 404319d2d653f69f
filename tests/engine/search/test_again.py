"""Beginning from an earlier plan: its policies, and its prices."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from tests.conftest import FULL
from tests.engine.search.small_tables import small, small_case

from sourcemix.engine import planning
from sourcemix.engine.answer import Limits, PlanAnswer
from sourcemix.engine.earlier import Earlier, matched, wanted
from sourcemix.engine.search import solve
from sourcemix.engine.search.again import (
    covered,
    kept_multipliers,
    laid_out,
    nearest_states,
    no_prices,
)
from sourcemix.engine.search.polish import procurements
from sourcemix.engine.search.response import core_of
from sourcemix.engine.search.split import Prices
from sourcemix.engine.search.tables import Tables
from sourcemix.engine.search.words import plan_nodes

SEEDS = range(200 if FULL else 25)


def optimum(seed: int) -> PlanAnswer:
    return planning.solve(*small_case(seed), Limits(gap=0, seconds=60))


def earlier_of(seed: int, answer: PlanAnswer) -> Earlier:
    case, tree = small_case(seed)
    assert answer.nodes is not None
    return Earlier(case.horizon, tree, answer.nodes)


def prices_of(tables: Tables, seed: int) -> Prices:
    rng = np.random.default_rng(seed)
    shape = tables.entries.paid.shape
    rows = rng.uniform(0.0, 1.0, tables.counts.price.shape) * tables.counts.price
    return Prices(rng.uniform(-1e4, 1e4, shape), rows)


@pytest.mark.parametrize("seed", SEEDS)
def test_policies_of_a_plan_are_found_again(seed: int) -> None:
    problem, _, tables = small(seed)
    answer = optimum(seed)
    if answer.nodes is None or any(len(agreements) > 1 for agreements in problem.today):
        return
    earlier = earlier_of(seed, answer)
    want = wanted(problem, earlier, matched(problem, earlier))
    states = nearest_states(core_of(tables), tables.order, want)
    found = plan_nodes(tables, states)
    for node, offers in zip(found, want, strict=True):
        assert {p.offer for p in node.positions} == {problem.offers[o].id for o in offers}


@pytest.mark.parametrize("seed", SEEDS)
def test_any_wish_is_answered_by_a_policy_that_can_be(seed: int) -> None:
    problem, _, tables = small(seed)
    rng = Random(seed)
    offers = range(len(problem.offers))
    want = [frozenset(o for o in offers if rng.random() < 0.5) for _ in range(problem.nodes)]
    core = core_of(tables)
    states = nearest_states(core, tables.order, want)
    may = core.machines.may_procure
    for offer, node in procurements(tables, states):
        assert may[offer, tables.order.index(node)]


@pytest.mark.parametrize("seed", SEEDS)
def test_prices_are_kept_to_the_pound(seed: int) -> None:
    problem, _, tables = small(seed)
    prices = prices_of(tables, seed)
    kept = kept_multipliers(tables, prices)
    assert covered(tables, kept)
    found = laid_out(tables, kept, range(problem.nodes), no_prices(core_of(tables)))
    assert np.abs(found.split - prices.split).max(initial=0.0) <= 0.5
    assert np.abs(found.rows - prices.rows).max(initial=0.0) <= 0.5


def test_what_was_not_kept_begins_afresh() -> None:
    problem, _, tables = small(2)
    fresh = prices_of(tables, 1)
    kept = kept_multipliers(tables, prices_of(tables, 2))
    first = problem.offers[0].id
    other = kept.model_copy(update={"offers": {k: v for k, v in kept.offers.items() if k != first}})
    assert not covered(tables, other)
    found = laid_out(tables, other, range(problem.nodes), fresh)
    entries = slice(int(tables.entries.first[0]), int(tables.entries.first[1]))
    assert np.array_equal(found.split[:, entries], fresh.split[:, entries])


@pytest.mark.parametrize("seed", [2, 8])
def test_the_search_begins_at_the_earlier_plan(seed: int) -> None:
    best = optimum(seed)
    problem, rules, _ = small(seed)
    earlier = earlier_of(seed, best)
    found = solve(problem, rules, Limits(gap=0.0, effort=1), earlier=earlier)
    assert best.claimed is not None
    assert found.claimed == pytest.approx(best.claimed, abs=0.0101)
