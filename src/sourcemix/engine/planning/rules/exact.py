"""Rows that rounding the volumes could break.

A plan's volumes are rounded to a thousandth. Where that breaks rows, the model is made again with
these tightened, and no others: by a part of the most that rounding can move them, and if that is
not enough by all of it, so that the rounded plan holds them as they were.
"""

from __future__ import annotations

from collections.abc import Sequence

from sourcemix.engine.milp import INFINITY, Builder
from sourcemix.engine.planning.serving import Serving
from sourcemix.engine.problem import Problem

HALF = 0.0005
"""Units that rounding to the nearest moves a volume by, at most."""


class ExactRows:
    """Rows on volumes, with what they must not exceed once the volumes are rounded."""

    def __init__(
        self,
        problem: Problem,
        builder: Builder,
        serving: Serving,
        *,
        tighten: float,
        only: frozenset[int] | None = None,
    ) -> None:
        """Begin with no rows.

        Args:
            problem: the compiled case.
            builder: where rows go.
            serving: columns of volumes.
            tighten: share of the most that rounding can move a row by which it is tightened.
            only: rows that are tightened, by their place in `rows`; None: all.
        """
        self.rows: list[tuple[int, float]] = []
        self._builder, self._tighten, self._only = builder, tighten, only
        self._volumes = {
            piece.column: (node, service, piece.offer, float(problem.demand[node, service]))
            for node, service in serving.spans
            for piece in serving.pieces(node, service)
        }
        self._offers = {
            at: len({span.offer for span in spans}) for at, spans in serving.spans.items()
        }

    def at_most(self, limit: float, columns: Sequence[int], values: Sequence[float]) -> None:
        """Add ``values @ x[columns] <= limit``; values of the same column add up."""
        merged: dict[int, float] = {}
        for column, value in zip(columns, values, strict=True):
            merged[column] = merged.get(column, 0.0) + value
        held = limit
        if self._tighten and (self._only is None or len(self.rows) in self._only):
            # No further than the row can go: all of a service from one supplier needs no room.
            least = -sum(self._builder.most(column, -value) for column, value in merged.items())
            held -= max(0.0, min(self._tighten * self._step(merged), limit - least))
        row = self._builder.row(-INFINITY, held, list(merged), list(merged.values()))
        if any(column in self._volumes for column in merged):
            self.rows.append((row, limit))

    def _step(self, values: dict[int, float]) -> float:
        """The most that rounding can add to a row.

        Every volume moves by half a thousandth at most, and one of a service then makes up for all
        of them, for what is unmet and for what is avoided.
        """
        unit: dict[tuple[int, int], dict[int, float]] = {}
        for column, value in values.items():
            if column in self._volumes:
                node, service, offer, demand = self._volumes[column]
                found = unit.setdefault((node, service), {})
                found[offer] = max(found.get(offer, 0.0), abs(value) / demand)
        return sum(
            HALF * (sum(found.values()) + (self._offers[at] + 2) * max(found.values()))
            for at, found in unit.items()
        )
