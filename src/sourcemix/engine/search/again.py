"""Beginning from an earlier plan: its policies made feasible, and its prices.

The policy of an offer that is nearest to the earlier one is the answer to very high prices: what
it costs not to be live where the earlier plan has it, and to be live where it has not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sourcemix.engine.search.arrays import FAR, Floats, Ints
from sourcemix.engine.search.programme import first_state, follow, programme
from sourcemix.engine.search.response import Core, buying_at, scratch_of
from sourcemix.engine.search.split import Prices
from sourcemix.engine.search.tables import Tables
from sourcemix.model.plan import Multipliers

INSIST = 1e9
"""Pounds for doing otherwise than the earlier plan at a node: far more than anything costs."""


def nearest_states(core: Core, order: Sequence[int], wanted: Sequence[frozenset[int]]) -> Ints:
    """States of all offers that do what is wanted as nearly as their terms allow.

    Args:
        core: the case.
        order: node of the problem by node of the arrays.
        wanted: by node of the problem: the offers that should be live.
    """
    world, machines = core.world, core.machines
    nodes, offers = len(world.parent), len(machines.lead)
    scratch = scratch_of(core)
    found = np.zeros((offers, nodes), dtype=np.int64)
    for offer in range(offers):
        wish = np.array([-INSIST if offer in wanted[at] else INSIST for at in order])
        scratch.extra[:] = (wish * world.weight)[:, None]
        buying_at(core, offer, scratch.buying)
        state = first_state(machines, offer)
        programme(
            machines,
            world,
            offer,
            0,
            nodes,
            state,
            scratch.extra,
            scratch.buying,
            scratch.future,
            scratch.choice,
        )
        follow(world, 0, nodes, state, scratch.choice, found[offer])
    return found


def kept_multipliers(tables: Tables, prices: Prices) -> Multipliers:
    """Prices as they are kept with a plan: by ids, in whole pounds, in the order of the tree."""
    problem, entries = tables.problem, tables.entries
    places = np.argsort(tables.order)
    offers: dict[str, dict[str, tuple[tuple[int, ...], ...]]] = {}
    for offer, terms in enumerate(problem.offers):
        first, last = int(entries.first[offer]), int(entries.first[offer + 1])
        held = int(entries.services[offer])
        offers[terms.id] = {
            problem.services[int(entries.service[first + place])]: tuple(
                _whole(prices.split[places, entry])
                for entry in range(first + place, last, max(held, 1))
            )
            for place in range(held)
        }
    rules = tuple(_whole(prices.rows[places, row]) for row in range(prices.rows.shape[1]))
    return Multipliers(offers=offers, rules=rules)


def _whole(column: Floats) -> tuple[int, ...]:
    return tuple(int(value) for value in np.rint(np.clip(column, -FAR * 1e3, FAR * 1e3)))


def no_prices(core: Core) -> Prices:
    """Prices of nothing."""
    return Prices(np.zeros_like(core.entries.paid), np.zeros_like(core.counts.price))


def covered(tables: Tables, kept: Multipliers) -> bool:
    """Whether there are prices for all that the offers of a case can serve."""
    return all(
        kept.offers.get(terms.id, {}).get(tables.problem.services[service])
        for offer, terms in enumerate(tables.problem.offers)
        for service in _services(tables, offer)
    )


def _services(tables: Tables, offer: int) -> list[int]:
    entries = tables.entries
    first = int(entries.first[offer])
    return [int(s) for s in entries.service[first : first + int(entries.services[offer])]]


def laid_out(tables: Tables, kept: Multipliers, match: Sequence[int], fresh: Prices) -> Prices:
    """The kept prices on the arrays of this case.

    Args:
        tables: the case as arrays.
        kept: prices of the earlier case.
        match: by node of the problem: its node in the earlier tree.
        fresh: prices for offers and services that the earlier case did not have.
    """
    problem, entries = tables.problem, tables.entries
    at = np.array([match[node] for node in tables.order])
    split, rows = fresh.split.copy(), np.zeros_like(fresh.rows)
    for offer, terms in enumerate(problem.offers):
        first, held = int(entries.first[offer]), int(entries.services[offer])
        for entry in range(first, int(entries.first[offer + 1])):
            service = problem.services[int(entries.service[entry])]
            classes = kept.offers.get(terms.id, {}).get(service, ())
            if classes:
                which = min((entry - first) // held, len(classes) - 1)
                split[:, entry] = np.array(classes[which], dtype=np.float64)[at]
    if len(kept.rules) == rows.shape[1]:
        for row, figures in enumerate(kept.rules):
            rows[:, row] = np.array(figures, dtype=np.float64)[at]
        rows = np.clip(rows, 0.0, tables.counts.price)
    return Prices(split, rows)
