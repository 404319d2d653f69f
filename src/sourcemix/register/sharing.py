"""A store as Parquet files, so that the same SQL runs on another engine."""

from __future__ import annotations

from pathlib import Path

import duckdb

from sourcemix.errors import FileError
from sourcemix.register.store import look

__all__ = ["share"]

_TABLES = {
    "payment": 'SELECT *, coalesce(year(coalesce(date, period_date)), 0) AS "year" '
    "FROM store.payment",
    "contract": "SELECT * FROM store.contract",
    "part": "SELECT * FROM store.part",
    "repair": "SELECT * FROM store.repair",
    "aside": "SELECT * FROM store.aside",
    "supplier": "SELECT * FROM store.supplier",
    "alias": "SELECT * FROM store.alias",
    "named": "SELECT * FROM store.named",
}


def share(store: Path, folder: Path) -> tuple[Path, ...]:
    """Write the tables of a store as Parquet, payments partitioned by year.

    Raises:
        FileError: the store cannot be opened, or the folder not written.
    """
    with look(store):
        pass
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        con = duckdb.connect(":memory:")
        con.execute("SET autoinstall_known_extensions=false")
        con.execute("SET memory_limit='450MB'")
        con.execute(f"ATTACH '{str(store).replace(chr(39), chr(39) * 2)}' AS store (READ_ONLY)")
        for name, query in _TABLES.items():
            target = folder / name if name == "payment" else folder / f"{name}.parquet"
            options = "FORMAT parquet, COMPRESSION zstd"
            if name == "payment":
                options += ', PARTITION_BY ("year"), OVERWRITE_OR_IGNORE'
            place = str(target).replace("'", "''")
            con.execute(f"COPY ({query}) TO '{place}' ({options})")
            written.append(target)
        con.close()
    except (duckdb.Error, OSError) as error:
        raise FileError(f"cannot be written: {str(error)[:200]}", source=str(folder)) from error
    return tuple(written)
