"""Figures that no prior bears on, as dated rows with a source, so that none stands in code."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

__all__ = ["Assumption", "assumed", "doubt_of", "rows"]


@dataclass(frozen=True, slots=True)
class Assumption:
    """One figure.

    Attributes:
        value: the figure.
        unit: of what.
        source: where it comes from.
        doubt: ` (to be confirmed)` where no source was read for it, else empty; for sentences.
    """

    value: Decimal
    unit: str
    source: str
    doubt: str


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a data file of the register."""
    file = resources.files(__package__).joinpath("data", name)
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))


@cache
def assumed(name: str) -> Assumption:
    """A figure by its name.

    Raises:
        KeyError: there is none of that name.
    """
    for row in rows("assumptions.csv"):
        if row["name"] == name:
            return Assumption(Decimal(row["value"]), row["unit"], row["source"], doubt_of(row))
    raise KeyError(name)


def doubt_of(row: dict[str, str]) -> str:
    """What a sentence says about a row whose source was not read."""
    return f" ({row['status']})" if row["status"] else ""
