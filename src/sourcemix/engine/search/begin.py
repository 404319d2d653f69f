"""How a search begins: first plans and prices, of its own or from an earlier plan."""

from __future__ import annotations

from dataclasses import dataclass

from sourcemix.engine.earlier import Earlier, matched, wanted
from sourcemix.engine.search.again import covered, laid_out, nearest_states, no_prices
from sourcemix.engine.search.climb import STEP, Climb, climb_from
from sourcemix.engine.search.explorers import Explorers
from sourcemix.engine.search.polish import Procurements, procurements
from sourcemix.engine.search.prices import first_prices
from sourcemix.engine.search.tables import Tables

FIRST_STEPS = 60
"""Steps of the search for unit prices."""
FIRST_STEP = 1.0
"""Length of the first step from there, as a share of the step to the goal."""
AGAIN_STEP = 0.1
"""Length of the first step from kept prices: they are near their best, and large steps lose it."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What a search begins with.

    Attributes:
        climb: prices, ready to go on.
        pool: procurements of the earlier plan; empty without one.
    """

    climb: Climb
    pool: Procurements = frozenset()


def begin(tables: Tables, explorers: Explorers, earlier: Earlier | None) -> Begun:
    """Make first plans and prices.

    Args:
        tables: the case as arrays.
        explorers: the search for plans; it has its first ones then.
        earlier: an earlier plan to begin from, if there is one.
    """
    begun = _begun(tables, explorers, earlier)
    begun.climb.go(explorers.record, 1)  # there is a bound from the first moment on
    return begun


def _begun(tables: Tables, explorers: Explorers, earlier: Earlier | None) -> Begun:
    core = explorers.core
    if earlier is None:
        explorers.begin()
        return Begun(_first(explorers))
    match = matched(tables.problem, earlier)
    states = nearest_states(core, tables.order, wanted(tables.problem, earlier, match))
    explorers.begin(states)
    pool = procurements(tables, states)
    if earlier.multipliers is None:
        return Begun(_first(explorers), pool)
    # Offers that are new need prices of their own; they come from a search for unit prices.
    new = not covered(tables, earlier.multipliers)
    fresh = _first(explorers).prices if new else no_prices(core)
    climb = climb_from(core, laid_out(tables, earlier.multipliers, match, fresh))
    climb.march.figures[STEP] = AGAIN_STEP
    return Begun(climb, pool)


def _first(explorers: Explorers) -> Climb:
    climb = first_prices(explorers.core, explorers.record, FIRST_STEPS)
    climb.march.figures[STEP] = FIRST_STEP
    return climb
