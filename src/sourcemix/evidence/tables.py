"""Reading the tables under `data/`."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from importlib import resources

SEPARATOR = " | "
"""Between several sources in one cell."""


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one table, in the order of the file."""
    file = resources.files(__package__).joinpath("data", name)
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))


def number(cell: str) -> Decimal | None:
    """A figure; None where the cell is empty."""
    return Decimal(cell) if cell else None


def year(cell: str) -> int | None:
    """A calendar year; None where the cell is empty."""
    return int(cell) if cell else None


def several(cell: str) -> tuple[str, ...]:
    """The sources in one cell."""
    return tuple(part for part in cell.split(SEPARATOR) if part)
