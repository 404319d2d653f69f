"""Which of several plans that cost the same: the tie rule `lowest_exposure_then_content`.

Once the least cost is proven, further objectives follow one another, each within what the one
before allows: the lowest expected exposure; then weights drawn from what offers and futures say,
which single out one plan by content; then, for its agreements, the least cost once more, and
weights on the volumes. Neither ids, nor the order of rows or columns, nor a seed has a say.
"""

from __future__ import annotations

from hashlib import sha256

import numpy as np

from sourcemix.engine.highs import Stage
from sourcemix.engine.milp import Bools, Floats
from sourcemix.engine.planning.model import PlanModel
from sourcemix.engine.planning.rules.exposure import exposure
from sourcemix.engine.problem import TODAY, Problem
from sourcemix.model.content import node_contents, offer_contents, service_contents

HALF_PENNY = 0.005
"""Pounds by which a plan may cost more than the least and still be as good."""
SAME = 0.001
"""Pounds, or weights, up to which two sums of floats count as the same."""
EXACT = 1e-6
"""Pounds by which float noise may move the cost of a plan whose agreements are settled."""
STAGES = 4
"""How many further objectives there are."""
VOLUMES = 3
"""The first of them that settles volumes."""
_PRIME = 2**61 - 1


def stages(problem: Problem, model: PlanModel) -> tuple[Stage, ...]:
    """What is minimised after the cost, one after the other."""
    free = np.zeros(model.milp.columns, dtype=np.bool_)
    settled = agreements(model)
    return (
        Stage(expected_exposure(problem, model), HALF_PENNY, free),
        Stage(_by_agreement(problem, model), SAME, free),
        Stage(model.milp.cost, None, settled),
        Stage(_by_volume(problem, model), EXACT, settled),
    )


def expected_exposure(problem: Problem, model: PlanModel) -> Floats:
    """Σ probability × exposure over all nodes, in pounds by column."""
    cost = np.zeros(model.milp.columns)
    for node in range(problem.nodes):
        chance = float(problem.probability[node])
        for column, value in exposure(problem, model.timelines, node):
            cost[column] += chance * value
    return cost


def agreements(model: PlanModel) -> Bools:
    """Columns that say which agreements start, run and end."""
    columns = np.zeros(model.milp.columns, dtype=np.bool_)
    for timeline in model.timelines.all:
        columns[list(timeline.procured.values())] = True
        columns[list(timeline.live.values())] = True
        for line in timeline.lines:
            columns[list(line.at.values())] = True
            columns[list(line.notices.values())] = True
    return columns


def _by_agreement(problem: Problem, model: PlanModel) -> Floats:
    """Weights on agreements: fewer starts, then fewer that are live, then by content, about."""
    offers, nodes = offer_contents(problem.case), node_contents(problem.case, problem.tree)
    at_node = [_number(content) for content in nodes]
    cost = np.zeros(model.milp.columns)
    for timeline in model.timelines.all:
        content = offers[problem.offers[timeline.offer].id]
        for line in timeline.lines:
            drawn = _number(content, line.begins, line.signed == TODAY)
            if line.start != TODAY and line.at[line.start] != model.timelines.one:
                cost[line.at[line.start]] += problem.periods
            for node, column in line.at.items():
                if column != model.timelines.one:
                    cost[column] += 1.0 + _mixed(drawn, at_node[node])
    return cost


def _by_volume(problem: Problem, model: PlanModel) -> Floats:
    """A weight between 1 and 2 for the share of a service that each offer serves at a node."""
    offers, nodes = offer_contents(problem.case), node_contents(problem.case, problem.tree)
    services = service_contents(problem.case)
    at_node = [_number(content) for content in nodes]
    cost = np.zeros(model.milp.columns)
    for (node, service), _ in model.serving.spans.items():
        for piece in model.serving.pieces(node, service):
            content = offers[problem.offers[piece.offer].id]
            drawn = _number(content, services[problem.services[service]])
            cost[piece.column] = 1.0 + _mixed(drawn, at_node[node])
    for column in model.serving.unmet.values():
        cost[column] = 3.0  # served rather than unmet
    return cost


def _number(*content: object) -> int:
    digest = sha256(repr(content).encode()).digest()
    return int.from_bytes(digest[:8]) % _PRIME


def _mixed(one: int, other: int) -> float:
    """A number from 0 up to 1 that hangs on both."""
    return (one * other % _PRIME) / _PRIME
