"""Red flags of the releases in a store, as findings."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import orjson

from sourcemix.register.finding import CODES, Finding
from sourcemix.register.flag_settings import FlagSettings
from sourcemix.register.flags import red_flags
from sourcemix.register.store import Connection

__all__ = ["compiled_releases", "flag_findings"]

_BATCH = 2_000
_GROUPS = {"Tenderer": "bidder", "Buyer": "buyer", "ProcuringEntity": "buyer"}


def compiled_releases(con: Connection) -> Iterator[dict[str, Any]]:
    """Every process of a store as one compiled release, each looked at once."""
    query = """
        SELECT body FROM process
        UNION ALL
        SELECT r.body FROM release r ANTI JOIN process p ON p.ocid = r.ocid
    """
    cursor = con.cursor()
    result = cursor.execute(query)
    while batch := result.fetchmany(_BATCH):
        for (body,) in batch:
            yield orjson.loads(body)


def flag_findings(con: Connection, settings: FlagSettings | None = None) -> Iterator[Finding]:
    """Red flags, those of processes with the contract that they are about; after `prepare`."""
    results = red_flags(compiled_releases(con), settings)
    about: dict[str, tuple[Any, ...]] = {}
    if results.get("OCID"):
        rows = con.execute(
            """
            SELECT ocid, min(id), min(title), min(supplier_name), min(file), min("row"),
                max(total_value) FROM held WHERE ocid IS NOT NULL GROUP BY ocid
            """
        ).fetchall()
        about = {row[0]: row[1:] for row in rows}
    for ocid, flags in sorted(results.get("OCID", {}).items()):
        id, title, supplier, file, row, total = about.get(ocid, ("", "", "", "", None, None))
        for flag, figure in sorted(flags.items()):
            yield Finding(
                flag, "medium", id or "", title or ocid, supplier or "",
                Decimal(0) if total else None,
                total, f"Red flag {flag}, {CODES[flag]}: {figure:.4g} ({ocid}).", file or "", row,
            )  # fmt: skip
    for group, word in _GROUPS.items():
        for id, flags in sorted(results.get(group, {}).items()):
            for flag, figure in sorted(flags.items()):
                if figure:
                    yield Finding(
                        flag, "low", "", f"{word} {id}", id if word == "bidder" else "", None, None,
                        f"Red flag {flag}, {CODES[flag]}: {figure:.4g}.", "", None,
                    )  # fmt: skip
