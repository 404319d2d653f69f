"""Releases and records into the store, and the contracts that come out of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np
import orjson

from sourcemix.register.jsons import Item
from sourcemix.register.load import batches
from sourcemix.register.merging import compiled, unversioned
from sourcemix.register.ocds_rows import contract_rows
from sourcemix.register.rows import Counts
from sourcemix.register.store import Connection, one

__all__ = ["insert_contracts", "is_ocds", "keep_releases", "renew_contracts"]

_BATCH = 2_000
_GROUP = 1_000
"""Processes compiled at a time."""

Row = dict[str, Any]


def is_ocds(sample: Iterable[Any]) -> bool:
    """Whether items are releases or records of the open contracting data standard."""
    return any(
        isinstance(value, dict)
        and ("compiledRelease" in value or "versionedRelease" in value or _is_release(value))
        for value in sample
    )


def _is_release(value: Mapping[str, Any]) -> bool:
    return "ocid" in value and any(
        isinstance(value.get(name), dict | list)
        for name in ("tender", "awards", "contracts", "buyer", "tag", "parties", "planning", "bids",
                     "releases")
    )  # fmt: skip


@dataclass(slots=True)
class _Staged:
    """Releases on their way into the store."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    aside: list[tuple[int, str, str]] = field(default_factory=list)
    contracts: list[tuple[int, int, int, Row]] = field(default_factory=list)
    rows_in: int = 0


def keep_releases(con: Connection, part: int, items: Iterable[Item]) -> Counts:
    """Keep every release; what is none is set aside. Contracts come from `renew_contracts`.

    A record gives its releases where they are in it, else what it compiled.
    """
    count = stored = aside = 0
    for batch in batches(items, _BATCH):
        staged = _Staged(rows_in=count)
        for item in batch:
            _stage(item, staged, part)
        count = staged.rows_in
        aside += len(staged.aside)
        stored += _store(con, part, staged)
        # A transaction keeps its rows in memory; the store as a whole is a draft until the end.
        con.commit()
        con.begin()
    repeats = _drop_repeats(con, part)
    return Counts(count, stored - repeats, aside + repeats)


def _stage(item: Item, staged: _Staged, part: int) -> None:
    if item.wrong:
        staged.rows_in += 1
        staged.aside.append((item.number, item.wrong, item.text))
        return
    found = list(_releases(item.value))
    if not found:
        staged.rows_in += 1
        shown = orjson.dumps(item.value, default=str)[:2000].decode(errors="replace")
        staged.aside.append((item.number, "neither a release nor a record", shown))
    for release in found:
        staged.rows_in += 1
        ocid = str(release.get("ocid") or "").strip()
        if not ocid:
            shown = orjson.dumps(release, default=str)[:2000].decode(errors="replace")
            staged.aside.append((item.number, "a release without an ocid", shown))
            continue
        body = _body(release)
        date = release.get("date")
        staged.rows.append(
            (ocid, str(release.get("id") or ""), date if isinstance(date, str) else "",
             item.number, item.version[:3], body,
             int.from_bytes(hashlib.blake2b(body, digest_size=8).digest()) >> 1, staged.rows_in)
        )  # fmt: skip
        staged.contracts.extend(
            (part, item.number, place, row) for place, row in enumerate(contract_rows(release))
        )


def _body(release: Mapping[str, Any]) -> bytes:
    return orjson.dumps(release, default=str, option=orjson.OPT_NON_STR_KEYS)


def _releases(value: Any) -> Iterator[Mapping[str, Any]]:
    """Releases of an item: itself, or those of a record."""
    if not isinstance(value, dict):
        return
    embedded = [r for r in value.get("releases") or [] if isinstance(r, dict) and _is_release(r)]
    record = any(key in value for key in ("compiledRelease", "versionedRelease", "releases"))
    if not record:
        if "ocid" in value or _is_release({"ocid": "", **value}):
            yield value
        return
    if embedded:
        yield from embedded
    elif isinstance(value.get("compiledRelease"), dict):
        yield {"ocid": value.get("ocid"), **value["compiledRelease"]}
    elif isinstance(value.get("versionedRelease"), dict):
        yield {"ocid": value.get("ocid"), **unversioned(value["versionedRelease"])}


def _store(con: Connection, part: int, staged: _Staged) -> int:
    if staged.rows:
        columns = list(zip(*staged.rows, strict=True))
        names = ("ocid", "id", "date", "row", "version", "body", "digest", "seq")
        data: dict[str, Any] = {
            name: np.array(column, dtype=np.int64 if name in ("row", "digest", "seq") else object)
            for name, column in zip(names, columns, strict=True)
        }
        data["body"] = np.array([body.decode() for body in columns[5]], dtype=object)
        con.register("batch", data)
        con.execute(
            f"INSERT INTO release SELECT ocid, id, date, {part}, row, version, body, digest, seq "
            "FROM batch"
        )
        con.unregister("batch")
        insert_contracts(con, staged.contracts)
    for number, reason, shown in staged.aside:
        con.execute("INSERT INTO aside VALUES (?, ?, ?, ?)", [part, number, reason, shown])
    return len(staged.rows)


def _drop_repeats(con: Connection, part: int) -> int:
    """Set aside releases that say word for word what another one says."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE repeats AS
        SELECT r.part, r.seq, r."row" AS r, r.ocid FROM release r
        SEMI JOIN (SELECT ocid, digest FROM release GROUP BY ALL HAVING count(*) > 1) d
            ON d.ocid = r.ocid AND d.digest = r.digest
        QUALIFY row_number() OVER (PARTITION BY r.ocid, r.digest ORDER BY r.part, r.seq) > 1
        """
    )
    con.execute(
        "INSERT INTO aside "
        "SELECT ?, r, 'repeats a release that was read before', ocid FROM repeats",
        [part],
    )
    con.execute("DELETE FROM release r USING repeats d WHERE r.part = d.part AND r.seq = d.seq")
    con.execute("CREATE TEMP TABLE IF NOT EXISTS again (ocid VARCHAR)")
    con.execute(
        """
        INSERT INTO again
        SELECT ocid FROM repeats
        UNION SELECT ocid FROM release
            SEMI JOIN (SELECT DISTINCT ocid FROM release WHERE part = ?) USING (ocid)
            GROUP BY ocid HAVING count(*) > 1
        """,
        [part],
    )
    return int(one(con, "SELECT count(*) FROM repeats")[0])


def renew_contracts(con: Connection, schema: Mapping[str, Any] | None = None) -> None:
    """Compile processes with several releases anew, and take their contracts from that."""
    con.execute("CREATE TEMP TABLE IF NOT EXISTS again (ocid VARCHAR)")
    con.execute("DELETE FROM contract WHERE ocid IN (SELECT ocid FROM again)")
    con.execute("DELETE FROM process WHERE ocid IN (SELECT ocid FROM again)")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE pending AS "
        "SELECT row_number() OVER (ORDER BY ocid) AS n, ocid FROM (SELECT DISTINCT ocid FROM again)"
    )
    for start in range(1, one(con, "SELECT count(*) FROM pending")[0] + 1, _GROUP):
        found = con.execute(
            'SELECT r.ocid, r.part, r."row", r.version, r.body FROM release r JOIN pending p '
            "ON p.ocid = r.ocid AND p.n >= ? AND p.n < ? "
            "ORDER BY r.ocid, r.date, r.part, r.seq",
            [start, start + _GROUP],
        ).fetchall()
        rows: list[tuple[int, int, int, Row]] = []
        wholes: list[tuple[str, int, str, str]] = []
        for ocid, group in groupby(found, key=lambda entry: str(entry[0])):
            _renew(ocid, list(group), schema, rows, wholes)
        insert_contracts(con, rows)
        _insert_wholes(con, wholes)
    con.execute("DROP TABLE again")


def _renew(
    ocid: str, group: list[tuple[Any, ...]], schema: Mapping[str, Any] | None,
    rows: list[tuple[int, int, int, Row]], wholes: list[tuple[str, int, str, str]],
) -> None:  # fmt: skip
    """Compile one process; its contracts and its compiled release are added to the lists."""
    _, part, number, version, _ = group[-1]
    releases = [orjson.loads(entry[4]) for entry in group]
    whole, note = (releases[0], "") if len(group) == 1 else compiled(releases, version, schema)
    found = [(part, number, place, row) for place, row in enumerate(contract_rows(whole))]
    _note_changes(found, releases)
    rows.extend(found)
    if len(group) > 1:
        wholes.append((ocid, len(group), _body(whole).decode(), note))


def _insert_wholes(con: Connection, wholes: list[tuple[str, int, str, str]]) -> None:
    if not wholes:
        return
    columns = list(zip(*wholes, strict=True))
    data: dict[str, Any] = {
        name: np.array(column, dtype=np.int64 if name == "releases" else object)
        for name, column in zip(("ocid", "releases", "body", "note"), columns, strict=True)
    }
    con.register("batch", data)
    con.execute("INSERT INTO process SELECT ocid, releases, body, note FROM batch")
    con.unregister("batch")


def _note_changes(rows: list[tuple[int, int, int, Row]], releases: list[Mapping[str, Any]]) -> None:
    """Note the value that each contract had when it was first published."""
    first: dict[Any, Any] = {}
    for release in releases:
        for place, row in enumerate(contract_rows(release)):
            if row.get("stage") == "contract" and row.get("total_value"):
                key = row.get("reference"), row.get("supplier"), place
                first.setdefault(key, row["total_value"])
    for _, _, place, row in rows:
        if row.get("first_value") is None:
            row["first_value"] = first.get((row.get("reference"), row.get("supplier"), place))


def insert_contracts(con: Connection, rows: list[tuple[int, int, int, Row]]) -> None:
    """Insert rows of contracts: part, row, place in it, and the fields."""
    if not rows:
        return
    names = sorted({name for *_, row in rows for name in row})
    data: dict[str, Any] = {
        place: np.array([row[index] for row in rows], dtype=np.int64)
        for index, place in enumerate(("part", "row", "place"))
    }
    for name in names:
        data[name] = np.array([_plain(row[3].get(name)) for row in rows], dtype=object)
    con.register("batch", data)
    targets = ", ".join(f'"{name}"' for name in ("part", "row", "place", *names))
    con.execute(f"INSERT INTO contract ({targets}) SELECT * FROM batch")
    con.unregister("batch")


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)
