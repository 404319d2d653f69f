"""Service at a node: the compiled lists beside sorting everything anew."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine.search.small_tables import small

from sourcemix.engine.search.dispatch import Live, node_cost, worth
from sourcemix.engine.search.programme import variant_of
from sourcemix.engine.search.response import BARRED, Core, core_of, respond, resting, scratch_of

SEEDS = range(30)


def plain_cost(core: Core, live: Live, node: int) -> float:
    """Weighted pounds of a node, from the states alone."""
    entries, counts, machines = core.entries, core.counts, core.machines
    variants = [variant_of(machines, o, live.states[o, node]) for o in range(len(machines.lead))]
    listed = []
    for offer, variant in enumerate(variants):
        if variant >= 0:
            held = entries.services[offer]
            first = entries.first[offer] + machines.classes[offer, node, variant] * held
            listed += list(range(first, first + held))
    cost = 0.0
    for service in range(entries.demand.shape[1]):
        mine = [e for e in listed if entries.service[e] == service]
        left = entries.demand[node, service] - entries.paid[node, mine].sum()
        for entry in sorted(mine, key=lambda e: entries.price[node, e]):
            units = max(0.0, min(left, entries.rest[node, entry]))
            cost += units * entries.price[node, entry]
            left -= units
        cost += max(0.0, left) * entries.unmet[node, service]
    sums: dict[int, dict[int, float]] = {}
    for offer, variant in enumerate(variants):
        if variant >= 0:
            for member in range(counts.first[offer], counts.first[offer + 1]):
                groups = sums.setdefault(int(counts.row[member]), {})
                groups[int(counts.group[member])] = float(counts.sign[member])
    for row in range(len(counts.limit)):
        beyond = sum(sums.get(row, {}).values()) - counts.limit[row]
        if beyond > 1e-9:
            cost += counts.price[node, row] * (1.0 if counts.flat[row] else beyond)
    return float(cost * core.world.weight[node])


def mixed(seed: int) -> tuple[Core, Live]:
    """A plan in which offers have responded in a random order, some only below some node."""
    _, _, tables = small(seed)
    core = core_of(tables)
    scratch, rng = scratch_of(core), np.random.default_rng(seed)
    live = resting(core, scratch)
    for _ in range(12):
        offer, node = rng.integers(len(core.machines.lead)), rng.integers(len(core.world.parent))
        bar = BARRED if rng.random() < 0.3 else 0.0
        respond(core, live, scratch, int(offer), int(node), int(core.world.end[node]), bar)
    return core, live


@pytest.mark.parametrize("seed", SEEDS)
def test_lists_stay_in_step(seed: int) -> None:
    core, live = mixed(seed)
    for node in range(len(core.world.parent)):
        cost = node_cost(core.world, core.entries, core.counts, live, node, node + 1)
        assert cost == pytest.approx(plain_cost(core, live, node), abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_worth_is_what_being_live_saves(seed: int) -> None:
    core, live = mixed(seed)
    nodes = len(core.world.parent)
    scratch = scratch_of(core)
    machines = core.machines
    for offer in range(len(machines.lead)):
        worth(*core, live, offer, 0, nodes, scratch.extra)
        patterns, width = machines.patterns[offer], machines.notice[offer] + 1
        kept = live.states[offer].copy()
        for node in range(nodes):
            for variant in range(int(machines.ages[offer])):
                live.states[offer, node] = 0
                without = plain_cost(core, live, node)
                live.states[offer, node] = (1 + variant * width) * patterns
                with_it = plain_cost(core, live, node)
                live.states[offer, node] = kept[node]
                kind = machines.classes[offer, node, variant]
                assert scratch.extra[node, kind] == pytest.approx(with_it - without, abs=1e-6)
