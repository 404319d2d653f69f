"""Discount rates by named schedule.

Rates fall with distance because the far future is less certain (Weitzman 2001, "Gamma
discounting"; HM Treasury, The Green Book).
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources

from sourcemix.errors import InputError

__all__ = ["Band", "bands", "discount_rate", "schedules"]

UNDISCOUNTED = "none"
"""Name of the schedule under which a pound later is worth a pound today."""


@dataclass(frozen=True, slots=True)
class Band:
    """The rate of a run of years under one schedule.

    Attributes:
        schedule: name of the schedule.
        first_year: first discount year that it holds for, from 1.
        last_year: last discount year that it holds for.
        rate: real rate a year; 0.035 is 3.5%.
        valid_from: day from which the figure has been in force.
        valid_to: last day on which it was; None while it still is.
        jurisdiction: where it holds.
        source: address at which it was read.
        note: what a reader should know, such as what is still to be confirmed.
    """

    schedule: str
    first_year: int
    last_year: int
    rate: Decimal
    valid_from: date
    valid_to: date | None
    jurisdiction: str
    source: str
    note: str


@cache
def bands() -> tuple[Band, ...]:
    """Every row of the data file, in its order."""
    file = resources.files(__package__).joinpath("data", "discounting.csv")
    lines = io.StringIO(file.read_text(encoding="utf-8"))
    return tuple(_band(row) for row in csv.DictReader(lines))


def schedules() -> tuple[str, ...]:
    """Names that `money.discounting` may take, sorted; `none` among them."""
    return tuple(sorted({band.schedule for band in bands()} | {UNDISCOUNTED}))


def discount_rate(name: str, year: int) -> Decimal:
    """The rate that turns a pound of discount year `year` into one of year `year - 1`.

    Args:
        name: a schedule, such as `green-book-2026`; `none` gives 0.
        year: discount year, from 1. Year 0 is undiscounted and has no rate.

    Raises:
        InputError: no schedule of that name, or none of its rates covers the year.
    """
    if name not in schedules():
        known = ", ".join(f"`{schedule}`" for schedule in schedules())
        raise InputError(f"there is no discount schedule `{name}`; use one of {known}")
    if name == UNDISCOUNTED:
        return Decimal(0)
    for band in bands():
        if band.schedule == name and band.first_year <= year <= band.last_year:
            return band.rate
    last = max(band.last_year for band in bands() if band.schedule == name)
    raise InputError(f"`{name}` has rates for years 1 to {last}, not for year {year}")


def _band(row: dict[str, str]) -> Band:
    return Band(
        schedule=row["schedule"],
        first_year=int(row["first_year"]),
        last_year=int(row["last_year"]),
        rate=Decimal(row["rate"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        jurisdiction=row["jurisdiction"],
        source=row["source"],
        note=row["note"],
    )
