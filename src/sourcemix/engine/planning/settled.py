"""From a solution to a plan: volumes to a thousandth, and no pound more than its decisions cost."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

import numpy as np

from sourcemix.engine.answer import Limits
from sourcemix.engine.highs import MilpAnswer
from sourcemix.engine.highs import solve as solve_milp
from sourcemix.engine.milp import Bools, Floats, Milp
from sourcemix.engine.planning.extract import Volumes, round_volumes, with_rounded
from sourcemix.engine.planning.model import PlanModel
from sourcemix.engine.planning.ties import HALF_PENNY, STAGES, VOLUMES, agreements
from sourcemix.engine.problem import Problem

SECONDS = 10.0
"""Most that the last step may take, also when time is up or the user has interrupted."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settled:
    """A solution that still holds once its volumes are rounded.

    Attributes:
        columns: as it was found.
        rounded: with rounded volumes.
        volumes: these volumes.
        to_the_end: whether it is that of the last stage.
    """

    columns: Floats
    rounded: Floats
    volumes: Volumes
    to_the_end: bool = False


def settle(problem: Problem, model: PlanModel, answer: MilpAnswer) -> Settled | frozenset[int]:
    """The solution of the last stage that holds every rule and the cost; else what breaks.

    Only stages that settle volumes count: those before may spend the last half penny on them.
    """
    assert answer.x is not None and answer.objective is not None
    found = _rounded(problem, model, answer.x)
    if isinstance(found, frozenset):
        return found
    cost = model.milp.objective
    most = max(answer.objective, cost(found.rounded)) + HALF_PENNY
    # What two sums of floats of this size may differ by.
    most += 1e-6 + 1e-12 * abs(most)
    for number in range(len(answer.then), VOLUMES - 1, -1):
        x = answer.then[number - 1]
        later = _rounded(problem, model, x)
        if isinstance(later, Settled) and model.milp.holds(x) and cost(later.rounded) <= most:
            return replace(later, to_the_end=number == STAGES)
        log.info("stage %d breaks a rule or the cost once it is rounded", number)
    return found


def _rounded(problem: Problem, model: PlanModel, x: Floats) -> Settled | frozenset[int]:
    """A solution with its volumes rounded to a thousandth; or the exact rows that this breaks."""
    volumes = round_volumes(problem, model.serving, x)
    moved = with_rounded(problem, model.serving, x, volumes)
    return model.broken(moved) or Settled(x, moved, volumes)


def at_least_cost(problem: Problem, model: PlanModel, settled: Settled, seed: int) -> Settled:
    """The same decisions, with every column that only follows from them at its cheapest.

    A search that ends before its proof can hold a solution that counts too much: a charge, a
    breach or a bad year larger than its decisions bring about. Its cost would then be wrong.
    """
    rounded = settled.rounded
    kept = _decided(model)
    answer = solve_milp(
        _with_decisions(model, kept, rounded), Limits(gap=0.0, seconds=SECONDS, seed=seed)
    )
    cost = model.milp.objective
    if answer.x is None or cost(answer.x) > cost(rounded):
        log.info("the cost of the plan could not be settled: %s", answer.status)
        return settled
    x = np.where(kept, rounded, answer.x)
    return replace(settled, columns=x, rounded=x)


def _decided(model: PlanModel) -> Bools:
    """Columns that decisions settle: agreements, and what is unmet or avoided."""
    columns = agreements(model)
    for shares in (model.serving.unmet, model.serving.avoided):
        columns[list(shares.values())] = True
    return columns


def _with_decisions(model: PlanModel, kept: Bools, x: Floats) -> Milp:
    """The model with columns kept as they are, and the volume of each offer, in whatever pieces."""
    milp = model.milp
    rows = _by_offer(model)
    volumes = np.array([x[columns].sum() for columns in rows])
    pieces = np.concatenate([np.zeros(0, np.int32), *rows]).astype(np.int32)
    ends = milp.start[-1] + np.cumsum([len(columns) for columns in rows], dtype=np.int32)
    return replace(
        milp,
        lower=np.where(kept, x, milp.lower),
        upper=np.where(kept, x, milp.upper),
        row_lower=np.concatenate([milp.row_lower, volumes]),
        row_upper=np.concatenate([milp.row_upper, volumes]),
        start=np.concatenate([milp.start, ends]).astype(np.int32),
        index=np.concatenate([milp.index, pieces]),
        value=np.concatenate([milp.value, np.ones(len(pieces))]),
    )


def _by_offer(model: PlanModel) -> list[list[int]]:
    """Columns of the volume of each offer for a service at a node."""
    found: dict[tuple[int, int, int], list[int]] = {}
    for node, service in model.serving.spans:
        for piece in model.serving.pieces(node, service):
            found.setdefault((node, service, piece.offer), []).append(piece.column)
    return list(found.values())
