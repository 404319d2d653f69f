"""What rules on sums see in a plan of the search: spend, units, cost, exposure, node by node."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sourcemix.engine.planning.change import adaptation, markup
from sourcemix.engine.planning.tiers import bands_at, charge_for
from sourcemix.engine.planning.timeline import Line
from sourcemix.engine.problem import TODAY, Problem
from sourcemix.engine.search.arrays import Floats, Ints
from sourcemix.engine.search.dispatch import node_cost
from sourcemix.engine.search.neighbourhood import explorer_from
from sourcemix.engine.search.offers import today_of
from sourcemix.engine.search.response import core_of, resting, scratch_of
from sourcemix.engine.search.surcharges import least_exposure
from sourcemix.engine.search.tables import Tables
from sourcemix.engine.search.words import begun_in, served_in, variant_at


@dataclass(frozen=True, slots=True)
class Figures:
    """Undiscounted, by node of the problem.

    Attributes:
        spend: pounds by node and offer.
        units: by offer and service: units served by node.
        live: by node and offer, whether it is live.
        cost: pounds that a node costs the authority, without fees and what offers share.
        exposed: pounds.
    """

    spend: Floats
    cost: Floats
    exposed: Floats
    live: Floats
    units: dict[tuple[int, int], Floats] = field(default_factory=dict)


def figures_of(tables: Tables, states: Ints) -> Figures:
    """Look at a plan."""
    problem = tables.problem
    nodes, offers = problem.nodes, len(problem.offers)
    found = Figures(
        np.zeros((nodes, offers)), np.zeros(nodes), np.zeros(nodes), np.zeros((nodes, offers))
    )
    for place, node in enumerate(tables.order):
        served = served_in(tables, states, place)[0]
        for offer in range(offers):
            variant = variant_at(tables, offer, int(states[offer, place]))
            if variant < 0:
                continue
            line = _line(tables, place, offer, variant)
            units = {s: float(served.get((offer, s), 0)) for s in problem.offers[offer].services}
            found.live[node, offer] = 1.0
            found.spend[node, offer] = _spend(problem, line, node, units)
            found.exposed[node] += least_exposure(problem, line, node)
            found.cost[node] += _cost(tables, line, node, found.spend[node, offer])
            for service, amount in units.items():
                by_node = found.units.setdefault((offer, service), np.zeros(nodes))
                by_node[node] = amount
    return found


def _line(tables: Tables, place: int, offer: int, variant: int) -> Line:
    """The agreement that is live at a node of the arrays."""
    problem = tables.problem
    node = tables.order[place]
    begins, ages = begun_in(tables, place, offer, variant), int(tables.machines.ages[offer])
    if variant == ages:
        given = today_of(problem, offer)
        return Line(offer, TODAY, begins, TODAY, told=None if given is None else given.ends)
    start = problem.above(node, int(problem.period[node]) - begins)
    signed = problem.above(start, problem.offers[offer].lead) if variant < ages else TODAY
    return Line(offer, start, begins, signed)


def _spend(problem: Problem, line: Line, node: int, units: dict[int, float]) -> float:
    """Fixed charge, volume and change of an agreement at a node."""
    age = line.age(int(problem.period[node]))
    fixed = problem.fixed(node, line.offer, age)
    spend = fixed + adaptation(problem, line, node)
    for service, served in units.items():
        paid = max(served, problem.committed(node, line.offer, service))
        volume = charge_for(bands_at(problem, node, line.offer, service, age), paid)
        spend += volume
        spend += markup(problem, line, node, service) * (volume + fixed / len(units))
    return spend


def _cost(tables: Tables, line: Line, node: int, spend: float) -> float:
    """Pounds that the agreement costs the authority at a node."""
    problem, terms = tables.problem, tables.problem.offers[line.offer]
    uplift = 1.0 + float(problem.case.appraisal.optimism_bias.get("operating", 0))
    cost = spend * (uplift + terms.vat) + terms.manage * uplift - terms.income
    if line.start == node and line.signed != TODAY:
        cost += float(tables.machines.setup[line.offer] + tables.machines.procure[line.offer])
    return cost


def costs_by_node(tables: Tables, states: Ints) -> Floats:
    """Undiscounted pounds of every line, by node of the problem, without fees."""
    core, machines = core_of(tables), tables.machines
    scratch, costs = scratch_of(core), np.zeros(tables.problem.nodes)
    explorer = explorer_from(core, resting(core, scratch), scratch)
    explorer.adopt(states)
    for place, node in enumerate(tables.order):
        parts = (core.world, core.entries, core.counts, explorer.live, place, place + 1)
        costs[node] = node_cost(*parts) / max(float(core.world.weight[place]), 1e-300)
        for offer in range(len(states)):
            variant = variant_at(tables, offer, int(states[offer, place]))
            if variant >= 0:
                costs[node] += machines.live[offer, place, variant]
            if variant == 0:
                costs[node] += machines.setup[offer] + machines.procure[offer]
    return costs
