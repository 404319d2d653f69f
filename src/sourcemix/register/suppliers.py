"""The suppliers of a store: every name in it, matched anew after each import."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from typing import Any

import numpy as np

from sourcemix.register.matching import Entry, Link, match
from sourcemix.register.names import is_nobody, plain_name
from sourcemix.register.store import Connection

__all__ = ["renew_suppliers", "several"]

_NAMES = """
    SELECT one, coalesce(supplier_number, ''), coalesce(charity_number, ''),
        coalesce(vat_number, ''), sum(n)::BIGINT FROM (
        SELECT one, supplier_number, charity_number, vat_number, count(*) AS n
            FROM contract JOIN named USING (supplier) GROUP BY ALL
        UNION ALL
        SELECT supplier AS one, supplier_number, charity_number, vat_number, count(*) AS n
            FROM payment
            GROUP BY ALL
    ) WHERE one IS NOT NULL GROUP BY ALL ORDER BY ALL
"""
_PUBLIC = frozenset({"council", "nhs", "police", "fire", "university", "college", "school"})
_VOLUNTARY = re.compile(
    r"(?i)\b(?:charit|foundation\b|association\b|society\b|community\b|voluntary|volunteer|cic\b"
    r"|cio\b|mind\b|age uk|citizens advice|women'?s aid|church\b|trust\b|hospice)"
)

_FIRM = re.compile(r"(?i)\b(?:ltd|limited|plc|llp|cyf|cyfyngedig)\b")
"""Legal forms of firms: `Green Healthcare Limited` is no body of the health service."""


def renew_suppliers(con: Connection) -> None:
    """Match all names of contracts and payments anew."""
    _name_each(con)
    entries = [Entry(*row) for row in con.execute(_NAMES).fetchall()]
    links = match(entries)
    con.execute("DELETE FROM supplier")
    con.execute("DELETE FROM alias")
    if not entries:
        return
    _insert(con, "alias", {
        "name": [e.name for e in entries],
        "company": [e.company for e in entries],
        "charity": [e.charity for e in entries],
        "vat": [e.vat for e in entries],
        "supplier_id": [link.group for link in links],
        "how": [link.how for link in links],
        "score": [link.score for link in links],
    })  # fmt: skip
    _insert(con, "supplier", _suppliers(entries, links))


_BETWEEN = re.compile(r"\s*(?:;|\||\s/\s|,(?=\S))\s*")


def several(text: str) -> list[str]:
    """The names in one cell: notices list them with semicolons, or commas without a space."""
    names = [name for name in _BETWEEN.split(html.unescape(text)) if len(name) >= 3]
    return list(dict.fromkeys(names)) if len(names) > 1 else [text]


def _name_each(con: Connection) -> None:
    """Note the single names in each cell of suppliers."""
    con.execute("DELETE FROM named")
    found = con.execute(
        "SELECT DISTINCT supplier FROM contract WHERE supplier IS NOT NULL ORDER BY 1"
    ).fetchall()
    pairs = [(cell, one) for (cell,) in found for one in several(cell)]
    if pairs:
        columns = {"supplier": [cell for cell, _ in pairs], "one": [one for _, one in pairs]}
        _insert(con, "named", columns)


def _suppliers(entries: list[Entry], links: list[Link]) -> dict[str, list[Any]]:
    members: dict[int, list[Entry]] = defaultdict(list)
    for entry, link in zip(entries, links, strict=True):
        members[link.group].append(entry)
    columns: dict[str, list[Any]] = {
        name: [] for name in ("supplier_id", "name", "kind", "company", "charity", "vat")
    }
    for group, found in sorted(members.items()):
        best = max(found, key=lambda e: (e.weight, len(e.name), e.name))
        columns["supplier_id"].append(group)
        columns["name"].append(best.name)
        columns["kind"].append(_kind(best.name, any(e.charity for e in found)))
        for number in ("company", "charity", "vat"):
            values = [getattr(e, number) for e in found if getattr(e, number)]
            columns[number].append(min(values) if values else None)
    return columns


def _kind(name: str, charity: bool) -> str:
    if is_nobody(name):
        return "unknown"
    if plain_name(name).kinds & _PUBLIC and not _FIRM.search(name):
        return "public_body"
    if charity or _VOLUNTARY.search(name):
        return "voluntary"
    return "commercial"


def _insert(con: Connection, table: str, columns: dict[str, list[Any]]) -> None:
    numbers = {"supplier_id": np.int64, "score": np.float64}
    data = {
        name: np.array(values, dtype=numbers.get(name, object)) for name, values in columns.items()
    }
    con.register("batch", data)
    con.execute(f"INSERT INTO {table} SELECT * FROM batch")
    con.unregister("batch")
