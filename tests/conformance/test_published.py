"""Published instances with a known optimum: the award must be that, proven.

A small seeded sample in the normal run; every file with SOURCEMIX_FULL=1.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from tests.conformance import holmberg, orlib, second_solver
from tests.conftest import DATA, FULL

from sourcemix.app.award import award_event
from sourcemix.model.event import Event

COVERING = DATA / "orlib-set-covering"
ALLOCATION = DATA / "single-source-allocation"
SMALL_BYTES = 12_000
"""Allocation files of up to this size are solved in a second or two."""
SECONDS = 1800.0


def _sample(files: list[Path], size: int) -> list[Path]:
    return files if FULL else sorted(Random(7).sample(files, min(size, len(files))))


def _named(files: list[Path], folder: Path) -> list[str]:
    # Without the data one test is left, which says why it is skipped.
    return [file.relative_to(folder).as_posix() for file in files] or ["no-files"]


def _covering() -> list[str]:
    return _named(_sample(sorted(COVERING.glob("scp*.txt")), 4), COVERING)


def _allocation() -> list[str]:
    files = sorted(path for path in ALLOCATION.glob("*/p*") if path.is_file())
    small = files if FULL else [path for path in files if path.stat().st_size <= SMALL_BYTES]
    return _named(_sample(small, 6), ALLOCATION)


def _conforms(event: Event, published: Decimal | None) -> None:
    award = award_event(event, gap=0.0, seconds=SECONDS)
    expected = second_solver.cheapest(event) if published is None else published
    assert (award.status, award.reason) == ("optimal", "proved")
    assert award.cost == award.bound == expected
    assert award.gap == 0
    assert award.verified


def _run(
    path: Path, read: Callable[[Path], Event], optima: dict[str, Decimal] | None = None
) -> None:
    _conforms(read(path), (optima or {}).get(path.stem))


@pytest.mark.parametrize("name", _covering())
def test_set_covering_reaches_the_published_optimum(data: Path, name: str) -> None:
    table = COVERING / "optima.csv"
    _run(COVERING / name, orlib.read, orlib.optima(table) if table.is_file() else None)


@pytest.mark.parametrize("name", _allocation())
def test_single_source_allocation_reaches_the_published_optimum(data: Path, name: str) -> None:
    path = ALLOCATION / name
    table = path.parent / "os"
    _run(path, holmberg.read, holmberg.optima(table) if table.is_file() else None)
