"""Priors: default figures with a range, a unit and their sources."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from sourcemix.errors import InputError
from sourcemix.evidence import tables

__all__ = ["Prior", "prior", "priors"]


@dataclass(frozen=True, slots=True)
class Prior:
    """One default figure.

    Attributes:
        id: short name, such as `P045`.
        parameter: what it is the figure of.
        applies_to: the kind of agreement, market or body that it was observed for.
        low: low end of the range, in `unit`; None where none was found.
        central: central figure, in `unit`; None where none was found.
        high: high end of the range, in `unit`; None where none was found.
        unit: unit of the three figures, in words.
        year: year of the data, or of the source where that is not stated.
        sources: where it was read.
        note: how it was reached and what to mind.
        confidence: `read`, `combined` (arithmetic of our own) or `inferred`.
        licence: on what ground it is shipped.
    """

    id: str
    parameter: str
    applies_to: str
    low: Decimal | None
    central: Decimal | None
    high: Decimal | None
    unit: str
    year: int | None
    sources: tuple[str, ...]
    note: str
    confidence: str
    licence: str


@cache
def _by_id() -> dict[str, Prior]:
    return {row["id"]: _prior(row) for row in tables.rows("priors.csv")}


def priors() -> tuple[Prior, ...]:
    """Every prior, by id."""
    return tuple(_by_id().values())


def prior(id: str) -> Prior:
    """The prior of that id.

    Raises:
        InputError: there is none.
    """
    try:
        return _by_id()[id]
    except KeyError:
        raise InputError(f"there is no prior `{id}`; they run from P001 on") from None


def _prior(row: dict[str, str]) -> Prior:
    return Prior(
        id=row["id"],
        parameter=row["parameter"],
        applies_to=row["applies_to"],
        low=tables.number(row["low"]),
        central=tables.number(row["central"]),
        high=tables.number(row["high"]),
        unit=row["unit"],
        year=tables.year(row["data_year"]),
        sources=tables.several(row["sources"]),
        note=row["note"],
        confidence=row["confidence"],
        licence=row["licence"],
    )
