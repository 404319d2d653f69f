"""Who serves a service at a node: the compiled search beside trying every choice."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from sourcemix.engine.search.node_problem import BARRED, FREE, HELD, Items, room_for, solve_node

MOST = 8


def random_items(rng: np.random.Generator) -> tuple[Items, int]:
    items, count = room_for(MOST), int(rng.integers(1, MOST + 1))
    items.paid[:count] = rng.choice([0, 1], count) * rng.uniform(0, 60, count)
    items.rest[:count] = rng.choice([0, 1, 1, 1], count) * rng.uniform(0, 120, count)
    items.price[:count] = rng.uniform(0, 40, count)
    items.split[:count] = rng.uniform(-300, 2000, count) * rng.choice([1, 1, 0.3, 0], count)
    return items, count


def cost(items: Items, chosen: tuple[int, ...], demand: float, unmet: float) -> float:
    """Plainly: what is paid for, then by price, then unmet."""
    taken = [i for i, one in enumerate(chosen) if one]
    left = demand - sum(items.paid[i] for i in taken)
    total = sum(items.split[i] for i in taken)
    for i in sorted(taken, key=lambda i: items.price[i]):
        units = max(0.0, min(left, items.rest[i])) if items.price[i] < unmet else 0.0
        total += units * items.price[i]
        left -= units
    return float(total + max(left, 0.0) * unmet)


@pytest.mark.parametrize("seed", range(300))
def test_search_equals_trying_every_choice(seed: int) -> None:
    rng = np.random.default_rng(seed)
    items, count = random_items(rng)
    demand, unmet = float(rng.uniform(0, 200)), float(rng.uniform(20, 120))
    least = min(cost(items, chosen, demand, unmet) for chosen in product((0, 1), repeat=count))
    value, _ = solve_node(items, count, demand, unmet, 100_000)
    assert value == pytest.approx(least, abs=1e-5)
    assert value <= least + 1e-9
    answer = tuple(int(one) for one in items.chosen[:count])
    assert cost(items, answer, demand, unmet) == pytest.approx(least, abs=1e-5)


@pytest.mark.parametrize("seed", range(200))
def test_what_is_settled_of_an_item_holds(seed: int) -> None:
    rng = np.random.default_rng(2000 + seed)
    items, count = random_items(rng)
    items.fixed[:count] = rng.choice([FREE, FREE, BARRED, HELD], count)
    demand, unmet = float(rng.uniform(0, 200)), float(rng.uniform(20, 120))
    allowed = [{FREE: (0, 1), BARRED: (0,), HELD: (1,)}[int(flag)] for flag in items.fixed[:count]]
    least = min(cost(items, chosen, demand, unmet) for chosen in product(*allowed))
    value, _ = solve_node(items, count, demand, unmet, 100_000)
    assert value == pytest.approx(least, abs=1e-5)
    answer = tuple(int(one) for one in items.chosen[:count])
    assert cost(items, answer, demand, unmet) == pytest.approx(least, abs=1e-5)
    assert all(one in may for one, may in zip(answer, allowed, strict=True))


@pytest.mark.parametrize("seed", range(100))
def test_a_search_cut_short_gives_a_lower_bound(seed: int) -> None:
    rng = np.random.default_rng(1000 + seed)
    items, count = random_items(rng)
    demand, unmet = float(rng.uniform(100, 200)), float(rng.uniform(20, 120))
    least = min(cost(items, chosen, demand, unmet) for chosen in product((0, 1), repeat=count))
    value, _ = solve_node(items, count, demand, unmet, 1)
    assert value <= least + 1e-9
