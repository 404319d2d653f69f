"""Lists of a store: parts, columns, repairs, rows set aside, suppliers, contracts against spend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sourcemix.errors import InputError
from sourcemix.register.reconcile import AGAINST, make_against
from sourcemix.register.store import look

__all__ = ["TABLES", "Listing", "listing"]

TABLES = {
    "parts": "SELECT file, name, kind, encoding, rows_in, stored, set_aside, notes FROM part "
    "ORDER BY part",
    "columns": 'SELECT p.name AS "table", m.header, m.field, m.how FROM mapping m '
    "JOIN part p USING (part) ORDER BY m.part, m.position",
    "repairs": 'SELECT p.name AS "table", r."row", r.field, r.was, r.now, r.why FROM repair r '
    'JOIN part p USING (part) ORDER BY r.part, r."row", r.field',
    "aside": 'SELECT p.name AS "table", a."row", a.reason, a.content FROM aside a '
    'JOIN part p USING (part) ORDER BY a.part, a."row"',
    "spend": AGAINST,
    "suppliers": "SELECT s.supplier_id, s.name, s.kind, a.name AS also, a.how, a.score "
    "FROM supplier s "
    "JOIN alias a USING (supplier_id) ORDER BY s.supplier_id, a.name",
}
"""What can be listed, and how."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of one list.

    Attributes:
        heads: names of its columns.
        rows: the rows that were asked for.
        total: how many there are in all.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int

    def as_data(self) -> dict[str, Any]:
        """The list as the documented JSON."""
        rows = [dict(zip(self.heads, row, strict=True)) for row in self.rows]
        return {"total": self.total, "rows": rows}


def listing(store: Path, name: str, most: int | None = None) -> Listing:
    """List what a store keeps under a name.

    Raises:
        InputError: there is no such list.
        FileError: the store cannot be opened.
    """
    if name not in TABLES:
        raise InputError(f"there is no list `{name}`; there are {', '.join(TABLES)}")
    with look(store) as con:
        if name == "spend":
            make_against(con)
        total = con.execute(f"SELECT count(*) FROM ({TABLES[name]})").fetchall()[0][0]
        limit = "" if most is None else f" LIMIT {int(most)}"
        result = con.execute(TABLES[name] + limit)
        heads = tuple(column[0] for column in result.description or ())
        return Listing(heads, tuple(result.fetchall()), total)


def mapping_text(store: Path) -> str:
    """The columns of a store as a mapping file, to be corrected and given back.

    Raises:
        FileError: the store cannot be opened.
    """
    found = listing(store, "columns")
    lines = [
        "# Field by header. Correct what is wrong, then read the files again with --mapping.",
        "# `ignore` leaves a column out; fields are listed in the documentation.",
        "columns:",
    ]
    seen: dict[str, str] = {}
    for _, header, field, _ in found.rows:
        if header:
            seen.setdefault(header, field or "ignore")
    lines += [f"  {_quoted(header)}: {field}" for header, field in seen.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    shown = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\r", " ")
    return '"' + "".join(sign for sign in shown if sign.isprintable()) + '"'


def rows_of(found: Listing) -> Iterator[dict[str, Any]]:
    """Rows of a list by name of column."""
    return (dict(zip(found.heads, row, strict=True)) for row in found.rows)
