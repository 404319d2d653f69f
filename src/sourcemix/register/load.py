"""Rows of any table into the temporary table `raw`, every cell as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from sourcemix.register import delimited, limits, text
from sourcemix.register.store import Connection

__all__ = ["Loaded", "batches", "load_rows", "load_text", "make_raw"]

_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded.

    Attributes:
        encoding: how the text was read.
        mended: rows with a quote that never closes.
        fast: whether the database read the file itself.
    """

    encoding: str
    mended: int
    fast: bool


def make_raw(con: Connection, width: int) -> None:
    """Make an empty table `raw` of so many columns."""
    columns = ", ".join(f"c{i} VARCHAR" for i in range(width))
    con.execute(f'CREATE OR REPLACE TEMP TABLE raw ("row" BIGINT, {columns})')


def load_text(
    con: Connection, path: Path, dialect: delimited.Dialect, first: int, width: int
) -> Loaded:
    """Load a text table from record `first` (from 0) on.

    A file that is plain in every way is read by the database itself, which is many times faster;
    any other is read record by record.
    """
    if text.is_plain(path) and _by_database(con, path, dialect, first, width):
        return Loaded("utf-8", 0, True)
    make_raw(con, width)
    seen: dict[str, int] = {}
    mended = 0

    def numbered() -> Iterator[tuple[int, Sequence[str]]]:
        nonlocal mended
        blank: list[int] = []
        for number, record in enumerate(delimited.records(path, dialect), 1):
            if number <= first:
                continue
            seen[record.encoding] = seen.get(record.encoding, 0) + 1
            mended += record.mended
            if not any(record.cells):
                blank.append(number)
                continue
            for earlier in blank:
                yield earlier, ()
            blank.clear()
            yield number, record.cells

    load_rows(con, numbered(), width)
    return Loaded(_encoding(seen), mended, False)


def _encoding(seen: dict[str, int]) -> str:
    if len(seen) > 1 and "cp1252" in seen:
        return f"utf-8, {seen['cp1252']:,} rows cp1252"
    return next(iter(seen), "utf-8")


def _by_database(
    con: Connection, path: Path, dialect: delimited.Dialect, first: int, width: int
) -> bool:
    head = list(islice(delimited.records(path, dialect), first + 1))
    if any(record.mended for record in head) or any(
        "\n" in cell for record in head[:first] for cell in record.cells
    ):
        return False
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    # A statement that fails takes the whole transaction with it; the store is a draft anyway.
    con.commit()
    try:
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE raw AS
            SELECT row_number() OVER () + {first} AS "row", *
            FROM read_csv(?, auto_detect=false, header=false, skip={first}, delim=?, quote='"',
                          escape='"', strict_mode=true, null_padding=false, all_varchar=true,
                          max_line_size=2097152, columns={{{columns}}})
            """,
            [str(path), dialect.delimiter],
        )
    except duckdb.Error:
        return False
    finally:
        con.begin()
    return True


def load_rows(con: Connection, rows: Iterable[tuple[int, Sequence[str]]], width: int) -> int:
    """Load numbered rows; cells beyond the width go into the last column. Returns their number."""
    names = ["row", *(f"c{i}" for i in range(width))]
    count = 0
    for batch in batches(rows, _BATCH):
        columns: list[list[Any]] = [[] for _ in names]
        for number, cells in batch:
            columns[0].append(number)
            if len(cells) > width:
                cells = [*cells[: width - 1], " ".join(filter(None, cells[width - 1 :]))]
            for i in range(width):
                cell = cells[i] if i < len(cells) else None
                columns[i + 1].append(cell[: limits.LONGEST_CELL] if cell else None)
        data: dict[str, Any] = {"row": np.array(columns[0], dtype=np.int64)}
        data |= {n: np.array(c, dtype=object) for n, c in zip(names[1:], columns[1:], strict=True)}
        con.register("batch", data)
        con.execute("INSERT INTO raw SELECT * FROM batch")
        con.unregister("batch")
        count += len(batch)
    return count


def batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Rows in lists of at most so many."""
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch
