"""A mixed-integer linear model as plain arrays, and the builder that makes one."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]

INFINITY = float("inf")
NOISE = 1e-7
"""What a value may be beyond its bounds, and a row by its size, and still count as within them."""


@dataclass(frozen=True, slots=True)
class Milp:
    """Minimise ``cost @ x + offset`` subject to row and column bounds.

    Attributes:
        cost: objective by column, in pounds.
        lower: lower bound by column.
        upper: upper bound by column.
        integer: whether a column must be whole.
        row_lower: lower bound by row.
        row_upper: upper bound by row.
        start: where each row begins in `index` and `value` (CSR), one more than rows.
        index: column of each entry.
        value: coefficient of each entry.
        offset: constant of the objective, in pounds.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    integer: Bools
    row_lower: Floats
    row_upper: Floats
    start: Ints
    index: Ints
    value: Floats
    offset: float = 0.0

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.cost)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    def objective(self, x: Floats) -> float:
        """Cost of a solution, in pounds."""
        return float(self.cost @ x) + self.offset

    def holds(self, x: Floats) -> bool:
        """Whether a solution keeps all bounds and rows, save for float noise."""
        rows = np.repeat(np.arange(self.rows), np.diff(self.start))
        parts = self.value * x[self.index]
        sums = np.bincount(rows, parts, self.rows)
        noise = NOISE * (1.0 + np.bincount(rows, np.abs(parts), self.rows))
        return bool(
            np.all(x >= self.lower - NOISE)
            and np.all(x <= self.upper + NOISE)
            and np.all(np.abs(x - np.round(x))[self.integer] <= NOISE)
            and np.all(sums >= self.row_lower - noise)
            and np.all(sums <= self.row_upper + noise)
        )


class Builder:
    """Gathers columns and rows, then makes a `Milp` of them.

    Rows keep no structure beyond their entries; entries of the same column in one row add up.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.offset = 0.0
        self._cost, self._lower, self._upper = array("d"), array("d"), array("d")
        self._integer = array("b")
        self._row_lower, self._row_upper = array("d"), array("d")
        self._start, self._index, self._value = array("i", [0]), array("i"), array("d")

    @property
    def size(self) -> int:
        """Number of columns so far."""
        return len(self._cost)

    @property
    def rows(self) -> int:
        """Number of rows so far."""
        return len(self._row_lower)

    def column(self, cost: float, lower: float, upper: float, *, integer: bool = False) -> int:
        """Add a column with its objective (pounds) and bounds; its index comes back."""
        self._cost.append(cost)
        self._lower.append(lower)
        self._upper.append(upper)
        self._integer.append(integer)
        return len(self._cost) - 1

    def columns(
        self,
        cost: Sequence[float] | Floats,
        lower: float,
        upper: Sequence[float] | Floats,
        *,
        integer: bool = False,
    ) -> int:
        """Add several columns; the index of the first comes back."""
        first = len(self._cost)
        self._cost.extend(cost)
        self._lower.extend([lower] * len(cost))
        self._upper.extend(upper)
        self._integer.extend([integer] * len(cost))
        return first

    def charge(self, column: int, cost: float) -> None:
        """Add to the objective of a column, in pounds."""
        self._cost[column] += cost

    def most(self, column: int, value: float) -> float:
        """The largest that a column can add to a row, with a coefficient."""
        return max(value * self._lower[column], value * self._upper[column]) if value else 0.0

    def scale(self, factor: float) -> None:
        """Multiply the objective gathered so far."""
        self.offset *= factor
        self._cost = array("d", (cost * factor for cost in self._cost))

    def row(
        self, lower: float, upper: float, columns: Sequence[int], values: Sequence[float]
    ) -> int:
        """Add a row ``lower <= values @ x[columns] <= upper``; its index comes back."""
        merged: dict[int, float] = {}
        for column, value in zip(columns, values, strict=True):
            merged[column] = merged.get(column, 0.0) + value
        for column, value in merged.items():
            if value != 0.0:
                self._index.append(column)
                self._value.append(value)
        self._start.append(len(self._index))
        self._row_lower.append(lower)
        self._row_upper.append(upper)
        return len(self._row_lower) - 1

    def build(self) -> Milp:
        """The model gathered so far."""
        return Milp(
            cost=np.array(self._cost, dtype=np.float64),
            lower=np.array(self._lower, dtype=np.float64),
            upper=np.array(self._upper, dtype=np.float64),
            integer=np.array(self._integer, dtype=np.bool_),
            row_lower=np.array(self._row_lower, dtype=np.float64),
            row_upper=np.array(self._row_upper, dtype=np.float64),
            start=np.array(self._start, dtype=np.int32),
            index=np.array(self._index, dtype=np.int32),
            value=np.array(self._value, dtype=np.float64),
            offset=self.offset,
        )
