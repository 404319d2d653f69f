"""From a compiled case to the arrays that search and bound work on.

What the arrays cannot say exactly they understate, so that a bound on them is a bound on the case:
tiers count at their lowest mean price, outcomes are credited beyond their targets, and rules and
charges that no array holds are left out. The exact model has the last word on every plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sourcemix.engine.planning.rules import ActiveRule
from sourcemix.engine.problem import Problem
from sourcemix.engine.search.arrays import Counts, Entries, Flags, Floats, Machines, World
from sourcemix.engine.search.counting import counts_of, least_of
from sourcemix.engine.search.machines import machines_of
from sourcemix.engine.search.offers import Ledgers, ledgers_of
from sourcemix.engine.search.overruns import add_overruns
from sourcemix.engine.search.sums import families_of
from sourcemix.engine.search.surcharges import Surcharges, surcharges_of

UNMET = 8.0
"""Times the dearest unit that is on offer for a service: price of what may not be left unmet."""


@dataclass(frozen=True, slots=True)
class Tables:
    """A case as arrays.

    Attributes:
        problem: what was compiled.
        order: node of the problem by node of the arrays.
        world: the tree.
        machines: state machines and charges of the offers.
        entries: what they can serve.
        counts: rules that count who is live.
        hard: by row of these, whether it must hold.
        constant: weighted pounds that are due whatever is decided.
    """

    problem: Problem
    order: list[int]
    world: World
    machines: Machines
    entries: Entries
    counts: Counts
    hard: Flags
    constant: float


def compile_tables(
    problem: Problem,
    rules: list[ActiveRule],
    chance: Floats | None = None,
    surcharges: Surcharges | None = None,
) -> Tables:
    """Compile a case.

    Args:
        problem: the compiled case.
        rules: its rules.
        chance: by node of the problem, what to weigh it with; none: its probability.
        surcharges: what prices on rules add; none: nothing.
    """
    order = depth_first(problem)
    world = _world(problem, order, problem.probability if chance is None else chance)
    if surcharges is None:
        surcharges = free_of_charge(problem, rules)
    ledgers = ledgers_of(problem, order, surcharges)
    add_overruns(problem, rules, order, ledgers)
    machines = machines_of(problem, rules, order, ledgers)
    entries = _entries(problem, order, ledgers)
    bias = float(problem.case.appraisal.optimism_bias.get("operating", 0))
    remaining = sum(float(service.overhead.remaining) for service in problem.case.services)
    always = remaining * problem.year * (1.0 + bias)
    counts, hard = counts_of(problem, rules, order, entries, surcharges.rows)
    # Prices on averages count from the least that their sums can be.
    moved = sum(float(world.weight @ price[order]) * least_of(s) for s, price in surcharges.rows)
    return Tables(
        problem=problem,
        order=order,
        world=world,
        machines=machines,
        entries=entries,
        counts=counts,
        hard=hard,
        constant=always * float(world.weight.sum()) + surcharges.constant + moved,
    )


def free_of_charge(problem: Problem, rules: list[ActiveRule]) -> Surcharges:
    """Nothing on top; rules on averages have their rows all the same."""
    families = families_of(problem, rules)
    nothing = [np.zeros(len(family.rows)) for family in families]
    return surcharges_of(problem, np.ones(problem.nodes), families, nothing)


def depth_first(problem: Problem) -> list[int]:
    """Nodes of the problem so that all below one follow it directly."""
    below: list[list[int]] = [[] for _ in range(problem.nodes)]
    for node in range(1, problem.nodes):
        below[problem.parent[node]].append(node)
    order: list[int] = []
    waiting = [0]
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting.extend(reversed(below[node]))
    return order


def _world(problem: Problem, order: list[int], chance: Floats) -> World:
    place = {node: index for index, node in enumerate(order)}
    parent = np.array([place.get(int(problem.parent[node]), -1) for node in order], dtype=np.int64)
    end = np.arange(1, len(order) + 1, dtype=np.int64)
    for node in range(len(order) - 1, 0, -1):
        end[parent[node]] = max(end[parent[node]], end[node])
    period = problem.period[order].astype(np.int64)
    return World(parent, end, period, chance[order], chance[order] * problem.discount[period])


def _entries(problem: Problem, order: list[int], ledgers: Ledgers) -> Entries:
    offers, services = len(problem.offers), len(problem.services)
    held = [ledgers.held[offer] for offer in range(offers)]
    count = [len(held[o]) * ledgers.class_count[o] for o in range(offers)]
    service = [s for o in range(offers) for _ in range(ledgers.class_count[o]) for s in held[o]]
    owner = [o for o in range(offers) for _ in range(count[o])]
    by_service = [[e for e, s in enumerate(service) if s == at] for at in range(services)]
    demand = problem.demand[order]
    price = np.hstack(ledgers.price)
    unmet = _unmet(problem, order, ledgers, by_service, price)
    return Entries(
        first=np.cumsum([0, *count], dtype=np.int64),
        services=np.array([len(h) for h in held], dtype=np.int64),
        service=np.array(service, dtype=np.int64),
        owner=np.array(owner, dtype=np.int64),
        paid=np.ascontiguousarray(np.hstack(ledgers.paid)),
        rest=np.ascontiguousarray(np.hstack(ledgers.rest)),
        # Nothing is served for more than it costs to leave it.
        price=np.ascontiguousarray(np.minimum(price, unmet[:, service])),
        of_service=np.array([e for found in by_service for e in found], dtype=np.int64),
        first_of=np.cumsum([0, *(len(found) for found in by_service)], dtype=np.int64),
        demand=np.ascontiguousarray(demand),
        unmet=unmet,
    )


def _unmet(
    problem: Problem, order: list[int], ledgers: Ledgers, by_service: list[list[int]], price: Floats
) -> Floats:
    """Prices of unmet units; a high one where nothing may be left unmet."""
    unmet = problem.unmet[order].copy()
    for service, found in enumerate(by_service):
        dearest = float(price[:, found].max()) if found else 0.0
        dearest += ledgers.dearest[service]
        high = UNMET * dearest + 1.0
        column = unmet[:, service]
        unmet[:, service] = np.where(np.isinf(column), high, column)
    return unmet
