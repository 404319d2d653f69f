"""Whole columns at a time: plain cells by the database, all others by `cells`, each value once.

A column mostly holds the same few values, or values in plain form. Only what is left over, and of
that each value once, goes through Python; the readings are joined back on. So the rules stand in
one place and a quarter of a million rows take about a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sourcemix.register import cells
from sourcemix.register.dates import Order, order_of
from sourcemix.register.fields import fields, plain_header
from sourcemix.register.layout import Layout
from sourcemix.register.store import Connection, one

__all__ = ["ODD_TEXT", "Cleaned", "clean"]

_TYPES = {
    "money": "DECIMAL(18,2)", "date": "DATE", "enddate": "DATE", "months": "DOUBLE",
    "notice": "DOUBLE", "flag": "BOOLEAN", "taken": "BOOLEAN", "count": "INTEGER",
}  # fmt: skip
ODD_TEXT = (
    r"&[#a-zA-Z][0-9a-zA-Z]*;|[\x00-\x1f\x7f\x{80}-\x{9f}\x{a0}\x{200b}-\x{200d}\x{feff}]|  |^ | $"
    r"|^\[|[ÃÂâ]|^[-.]+$|\\[rn]|_x000D_"
    r"|^(?i:#?n/?a|null|nan|\(blank\)|not applicable)$"
)
_PLAIN = {
    "money": r"regexp_full_match({c}, '-?\d{{1,13}}(\.\d{{1,2}})?')",
    "date": r"regexp_full_match({c}, '(19[5-9]|20\d|21\d)\d-\d\d-\d\d') AND "
    "TRY_CAST({c} AS DATE) IS NOT NULL",
    "months": r"regexp_full_match({c}, '\d{{1,3}}(\.\d{{1,3}})?')",
    "text": "NOT regexp_matches({c}, '" + ODD_TEXT.replace("{", "{{").replace("}", "}}") + "')",
    "vat": r"false",
}
_SAME = {"enddate": "date", "notice": "months", "name": "text"}
_BATCH = 50_000


@dataclass(frozen=True, slots=True)
class Cleaned:
    """How the fields of the table `raw` are read in SQL.

    Attributes:
        values: expression of each field.
        marks: expression of the word kept beside a field, where there is one.
        joins: the joins that the expressions need.
        repaired: fields with recorded repairs.
        notes: what was decided for whole columns, in sentences.
    """

    values: dict[str, str]
    marks: dict[str, str]
    joins: str
    repaired: tuple[str, ...]
    notes: tuple[str, ...]

    def value(self, name: str) -> str:
        """Expression of a field; NULL of the right type where the table has no such column."""
        kind = fields()[name].type
        return self.values.get(name, f"NULL::{_TYPES.get(kind, 'VARCHAR')}")

    def mark(self, name: str) -> str:
        """Expression of the word kept beside a field."""
        return self.marks.get(name, "NULL::VARCHAR")


def clean(con: Connection, layout: Layout) -> Cleaned:
    """Read every column that is used; the readings are kept in temporary tables."""
    values, marks, joins, repaired, notes = {}, {}, [], [], []
    order = _order(con, layout)
    headers = {column.field: column.header for column in layout.columns if column.field}
    for name, position in layout.used().items():
        kind, column = fields()[name].type, f"raw.c{position}"
        unit, note = _unit(con, kind, column, headers[name])
        plain = _PLAIN.get(_SAME.get(kind, kind), "false").format(c=column)
        if unit != "month":
            plain = "false"
            notes.append(note)
        found, has_why, has_mark = _read_rest(con, name, kind, column, plain, unit, order)
        target = _TYPES.get(kind, "VARCHAR")
        if not found:
            values[name] = column if target == "VARCHAR" else f"TRY_CAST({column} AS {target})"
            continue
        joins.append(f"LEFT JOIN fix_{name} ON fix_{name}.was = {column}")
        values[name] = (
            f"CASE WHEN fix_{name}.was IS NOT NULL THEN CAST(fix_{name}.value AS {target}) "
            f"ELSE TRY_CAST({column} AS {target}) END"
        )
        if has_why:
            repaired.append(name)
        if has_mark:
            marks[name] = f"nullif(fix_{name}.mark, '')"
    return Cleaned(values, marks, "\n".join(joins), tuple(repaired), tuple(filter(None, notes)))


def _order(con: Connection, layout: Layout) -> Order:
    """Which of day and month comes first: one answer for all columns of a table."""
    dates = [
        position
        for name, position in layout.used().items()
        if fields()[name].type in ("date", "enddate")
    ]
    found: list[str] = []
    for position in dates:
        rows = con.execute(
            f"SELECT DISTINCT c{position} FROM raw WHERE c{position} NOT LIKE '____-%' "
            f"LIMIT {_BATCH}"
        ).fetchall()
        found.extend(was for (was,) in rows)
    return order_of(found)


def _read_rest(
    con: Connection, name: str, kind: str, column: str, plain: str, unit: str, order: Order
) -> tuple[bool, bool, bool]:
    """Read what is not in plain form, each value once; whether there was any, why and mark."""
    plain = plain.replace(column, "was")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE rest AS SELECT row_number() OVER () AS n, was FROM (SELECT "
        f"DISTINCT {column} AS was "
        f"FROM raw WHERE {column} IS NOT NULL) WHERE NOT ({plain})"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE fix_{name} "
        "(was VARCHAR, value VARCHAR, why VARCHAR, mark VARCHAR)"
    )
    found = why = mark = False
    for batch in _rest(con):
        read = [cells.read_cell(kind, was, order, unit) for was in batch]
        found = True
        why = why or any(cell.why for cell in read)
        mark = mark or any(cell.mark for cell in read)
        data = {
            "was": np.array(batch, dtype=object),
            "value": np.array([cell.value for cell in read], dtype=object),
            "why": np.array([cell.why for cell in read], dtype=object),
            "mark": np.array([cell.mark for cell in read], dtype=object),
        }
        con.register("batch", data)
        con.execute(f"INSERT INTO fix_{name} SELECT * FROM batch")
        con.unregister("batch")
    return found, why, mark


def _rest(con: Connection) -> Iterator[list[str]]:
    """The values left over, batch by batch: there may be as many as rows."""
    for start in range(1, one(con, "SELECT count(*) FROM rest")[0] + 1, _BATCH):
        found = con.execute(
            "SELECT was FROM rest WHERE n >= ? AND n < ?", [start, start + _BATCH]
        ).fetchall()
        yield [was for (was,) in found]


_SCALES = {
    "thousand": re.compile(r"(?i)\b000\W?s?\b|£\s?k\b|\(k\)|\bthousands?\b"),
    "million": re.compile(r"(?i)£\s?m(?:n|illions?)?\b|\(m\)|\bmillions?\b"),
}
_SAYS_UNIT = re.compile(r"\b(month|year|yr|week|day|annum)s?\b")


def _unit(con: Connection, kind: str, column: str, header: str) -> tuple[str, str]:
    """Unit of plain numbers in a column of lengths of time or money, from its header or size."""
    if kind == "money":
        scale = next((word for word, said in _SCALES.items() if said.search(header)), "month")
        return scale, f"`{header}` is read in {scale}s of pounds."
    if kind not in ("months", "notice"):
        return "month", ""
    said = _SAYS_UNIT.findall(plain_header(header))
    if said:
        unit = {"yr": "year", "annum": "year"}.get(said[0], said[0])
        return ("month", "") if unit == "month" else (unit, f"`{header}` is read in {unit}s.")
    if kind == "notice":
        return "month", ""
    largest, usual = one(
        con,
        f"SELECT max(TRY_CAST({column} AS DOUBLE)), median(TRY_CAST({column} AS DOUBLE)) FROM raw",
    )
    if largest is not None and largest <= 15 and usual <= 7:
        return "year", f"`{header}` names no unit; its numbers are so small that they mean years."
    return "month", ""
