"""Prices on rules and weights of futures: at any of them the bound holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.conftest import FULL
from tests.differential.draw import drawn
from tests.engine.search.small_tables import small

from sourcemix.engine.search.arrays import Ints
from sourcemix.engine.search.bound import safe_bound
from sourcemix.engine.search.figures import figures_of
from sourcemix.engine.search.prices import first_prices
from sourcemix.engine.search.pricing import Pricing, breaches, most_of, worst_futures
from sourcemix.engine.search.response import core_of, descend, resting, scratch_of
from sourcemix.engine.search.sums import families_of
from sourcemix.engine.search.surcharges import surcharges_of
from sourcemix.engine.search.tables import Tables, compile_tables
from sourcemix.engine.search.words import plan_nodes
from sourcemix.verify import account

HALF_PENNY = 0.00501
SEEDS = range(1000 if FULL else 30)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bound_at_any_prices_on_rules_is_never_above_the_optimum(seed: int) -> None:
    best = drawn(seed).best
    problem, rules, _ = small(seed)
    families = families_of(problem, rules)
    risk = float(problem.case.appraisal.risk.weight)
    if best is None or not (families or risk):
        return
    rng = np.random.default_rng(seed)
    for _ in range(2):
        chance = problem.probability
        if risk:
            chance = worst_futures(problem, rng.uniform(0, 1e6, problem.nodes))
        weight = chance * problem.discount[problem.period]
        prices = []
        for family in families:
            count = len(family.rows)
            drawn_prices = 10 ** rng.uniform(-3, 3, count) * rng.integers(0, 2, count)
            prices.append(np.minimum(drawn_prices, most_of(family, weight)))
        more = surcharges_of(problem, weight, families, prices)
        tables = compile_tables(problem, rules, chance, more)
        climb = first_prices(core_of(tables), best - tables.constant, 5)
        climb.go(best - tables.constant, 10)
        assert safe_bound(tables, climb) <= best + HALF_PENNY


@pytest.mark.parametrize("seed", range(12))
def test_figures_of_a_plan_are_those_of_the_check(seed: int) -> None:
    problem, _, tables = small(seed)
    core = core_of(tables)
    scratch = scratch_of(core)
    states = descend(core, resting(core, scratch), scratch, np.random.default_rng(seed)).live.states
    nodes = plan_nodes(tables, states)
    found, accounts = figures_of(tables, states), account(problem.case, problem.tree, nodes)
    outside = ~problem.in_house
    for node in accounts.nodes:
        lines = node.costs
        if problem.in_house.any() and any(
            problem.in_house[problem.case.offers.index(problem.case.offer(position.offer))]
            for position in node.positions
        ):
            continue
        spend = sum(float(lines.get(name, 0)) for name in ("fixed", "volume", "change"))
        assert found.spend[node.node][outside].sum() == pytest.approx(spend, abs=0.0251)
        served = sum(float(units) for at in node.positions for units in at.volumes.values())
        mine = sum(by_node[node.node] for by_node in found.units.values())
        assert mine == pytest.approx(served, abs=1e-6)
        assert found.exposed[node.node] <= float(node.exposure or 0) + 0.01


def between(seed: int) -> tuple[Pricing, Tables, Ints, Ints]:
    """Prices on one hard row that one plan breaks and another does not: these plans."""
    problem, rules, tables = small(seed)
    core = core_of(tables)
    scratch = scratch_of(core)
    rng = np.random.default_rng(seed)
    plans = [np.zeros((len(problem.offers), problem.nodes), dtype=np.int64)]
    plans.append(descend(core, resting(core, scratch), scratch, rng).live.states)
    family = families_of(problem, rules)[0]
    row = family.rows[0]
    sums = [float(breaches(family, figures_of(tables, plan))[0]) for plan in plans]
    middle = row.limit + sum(sums) / 2
    hard = replace(family, rows=(replace(row, limit=middle, soft=float("inf")),))
    breaking, holding = (plans[place] for place in np.argsort(sums)[::-1])
    figures = [figures_of(tables, plan) for plan in (breaking, holding)]
    assert breaches(hard, figures[0])[0] > 0.0 > breaches(hard, figures[1])[0]
    return Pricing(problem, rules, tables, (hard,)), tables, breaking, holding


def test_a_price_rises_while_a_plan_breaks_its_row_and_falls_again() -> None:
    pricing, tables, breaking, holding = between(27)
    constants = [tables.constant]
    for plan in (breaking, holding):
        tables = pricing.turn(tables, plan, 1e5)
        constants.append(tables.constant)
    moved = np.abs(np.array(constants) - constants[0])
    assert moved[1] > moved[2]
    assert not pricing.over


def test_what_is_on_top_of_a_price_rises_until_a_plan_holds() -> None:
    pricing, tables, breaking, holding = between(27)
    assert pricing.hard
    on_top = []
    for plan in (breaking, breaking, holding):
        pricing.look(tables, plan)
        pricing.judge(1e5)
        on_top.append(abs(pricing.tables(more=True).constant - pricing.tables().constant))
    assert on_top[0] > 0.0
    assert on_top[1] == pytest.approx(2 * on_top[0])
    assert 0.0 < on_top[2] < on_top[1]
    assert pricing.held is not None
    assert (pricing.held.states == holding).all()


def test_weights_of_futures_make_the_mean_of_the_worst() -> None:
    seed = next(s for s in range(100) if 0 < float(drawn(s).case.appraisal.risk.weight) < 1)
    problem = small(seed)[0]
    costs = np.random.default_rng(1).uniform(0, 100, problem.nodes)
    weights = worst_futures(problem, costs)
    assert weights[0] == pytest.approx(1.0)
    below = np.zeros(problem.nodes)
    np.add.at(below, problem.parent[1:], weights[1:])
    inner = problem.period < problem.periods - 1
    assert weights[inner] == pytest.approx(below[inner])
    discounted = costs * problem.discount[problem.period]
    assert weights @ discounted >= problem.probability @ discounted - 1e-9
