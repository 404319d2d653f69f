"""Past deals and surveys of them: what was planned and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from sourcemix.evidence import tables

__all__ = ["Deal", "Survey", "deals", "surveys"]


@dataclass(frozen=True, slots=True)
class Deal:
    """One long public deal.

    Attributes:
        id: short name, such as `D001`.
        authority: the public body, or bodies.
        supplier: who delivered.
        services: what, in words.
        outcome: how it ended or went on.
        reason: why, in a line.
        signed: year; None where not found. Likewise below.
        ended: year in which it ended.
        planned_years: planned length in years, extensions agreed by its end included.
        years_run: years that it ran.
        value: planned value in millions of pounds, nominal.
        exit_cost: paid by the authority to leave, in millions of pounds; a minus was received.
        dispute: settlement, penalty or claim, in millions of pounds; `confidence` says which.
        returned_in_house: `yes`, `part`, `no`, or empty where not found.
        confidence: which cells were read and which are inferred.
        sources: where it was read.
    """

    id: str
    authority: str
    supplier: str
    services: str
    outcome: str
    reason: str
    signed: int | None
    ended: int | None
    planned_years: Decimal | None
    years_run: Decimal | None
    value: Decimal | None
    exit_cost: Decimal | None
    dispute: Decimal | None
    returned_in_house: str
    confidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """One finding of a survey or study.

    Attributes:
        id: short name, such as `S01`.
        survey: its name.
        year: year of publication.
        sample: how many cases, in words; empty where not found.
        finding: what was found.
        figure: the figure, in words.
        sources: where it was read.
    """

    id: str
    survey: str
    year: int | None
    sample: str
    finding: str
    figure: str
    sources: tuple[str, ...]


@cache
def deals() -> tuple[Deal, ...]:
    """Every deal, by id."""
    return tuple(_deal(row) for row in tables.rows("deals.csv"))


@cache
def surveys() -> tuple[Survey, ...]:
    """Every finding, by id."""
    return tuple(
        Survey(
            id=row["id"],
            survey=row["survey"],
            year=tables.year(row["year"]),
            sample=row["sample"],
            finding=row["finding"],
            figure=row["figure"],
            sources=tables.several(row["sources"]),
        )
        for row in tables.rows("surveys.csv")
    )


def _deal(row: dict[str, str]) -> Deal:
    return Deal(
        id=row["id"],
        authority=row["authority"],
        supplier=row["supplier"],
        services=row["services"],
        outcome=row["outcome"],
        reason=row["reason"],
        signed=tables.year(row["signed"]),
        ended=tables.year(row["ended"]),
        planned_years=tables.number(row["planned_years"]),
        years_run=tables.number(row["years_run"]),
        value=tables.number(row["value_gbp_million"]),
        exit_cost=tables.number(row["exit_cost_gbp_million"]),
        dispute=tables.number(row["dispute_gbp_million"]),
        returned_in_house=row["returned_in_house"],
        confidence=row["confidence"],
        sources=tables.several(row["sources"]),
    )
