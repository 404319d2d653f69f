"""Reading files into a store, all of them or none."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from sourcemix.errors import Fault, FileError, InputError
from sourcemix.register import delimited, jsons, limits, sheets
from sourcemix.register.flattened import join_tables, keep_table
from sourcemix.register.layout import Layout, recognise
from sourcemix.register.load import load_rows, load_text, make_raw
from sourcemix.register.ocds import is_ocds, keep_releases, renew_contracts
from sourcemix.register.opening import Piece, digest, pieces
from sourcemix.register.rows import Counts, keep
from sourcemix.register.store import Connection, change, one
from sourcemix.register.suppliers import renew_suppliers

__all__ = ["Asked", "Part", "Read", "read_files"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader is told about the files.

    Attributes:
        authority: whose contracts and payments they are, where the files do not say.
        mapping: corrections of columns: field (or `ignore`) by header in plain form.
        schema: a full schema of releases with extensions, in place of our own merge rules.
    """

    authority: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    schema: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One table that was read.

    Attributes:
        name: file, and sheet or member.
        layout: how it was read.
        encoding: how its text was read.
        counts: how many rows went where.
    """

    name: str
    layout: Layout
    encoding: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one file.

    Attributes:
        file: its path as given.
        parts: its tables; none where it had been read before.
        before: whether the very same content had been read before.
        replaced: whether an older file of that name was replaced.
    """

    file: str
    parts: tuple[Part, ...]
    before: bool = False
    replaced: bool = False

    def as_data(self) -> dict[str, Any]:
        """What became of it as the documented JSON."""
        return {
            "file": self.file,
            "read_before": self.before,
            "replaced": self.replaced,
            "tables": [
                {
                    "name": part.name, "kind": part.layout.kind, "encoding": part.encoding,
                    "rows_in": part.counts.rows_in, "stored": part.counts.stored,
                    "set_aside": part.counts.set_aside, "notes": list(part.counts.notes),
                    "columns": [
                        {"header": c.header, "field": c.field or None, "told_by": c.how or None}
                        for c in part.layout.columns
                    ],
                }
                for part in self.parts
            ],
        }  # fmt: skip


def read_files(paths: Sequence[Path], store: Path, asked: Asked | None = None) -> tuple[Read, ...]:
    """Read files of any kind into a store.

    A file with content that the store has already changes nothing, unless it is told to be read in
    another way; a file with the name of an older one takes its place. If any file cannot be read,
    the store stays as it was.

    Raises:
        InputError: what is wrong with any of the files, all at once.
        FileError: the store cannot be written.
    """
    asked = asked or Asked()
    faults: list[Fault] = []
    results: list[Read] = []
    with (
        tempfile.TemporaryDirectory(prefix="sourcemix-") as scratch,
        change(store, Path(scratch)) as (con, changed),
    ):
        con.begin()
        for path in paths:
            try:
                label = _label(path, paths)
                results.append(_read_file(con, path, label, Path(scratch), asked))
            except InputError as error:
                where = (error.source or str(path),)
                faults += [Fault(where, fault.message) for fault in error.faults]
        if faults:
            raise InputError(faults)
        if any(not result.before for result in results):
            renew_contracts(con, asked.schema)
            join_tables(con)
            renew_suppliers(con)
            changed.append(True)
        con.commit()
    return tuple(results)


def _label(path: Path, paths: Sequence[Path]) -> str:
    """Name of a file in the store; with its folder where several have that name."""
    alike = {other for other in paths if other.name == path.name}
    return path.name if len(alike) == 1 else f"{path.parent.name}/{path.name}"


def _read_file(con: Connection, path: Path, label: str, scratch: Path, asked: Asked) -> Read:
    sha = digest(path)
    said = _said(asked)
    # A file that was read before is read again only where it is to be read in another way.
    same = "sha = ? || ':' || ?" if said else "starts_with(sha, ? || ':' || ?)"
    if one(con, f"SELECT count(*) FROM part WHERE {same}", [sha, said])[0]:
        return Read(str(path), (), before=True)
    sha = f"{sha}:{said}"
    replaced = _forget(con, label)
    folder = Path(tempfile.mkdtemp(dir=scratch))
    parts: list[Part] = []
    for piece in pieces(path, folder):
        parts.extend(_read_piece(con, piece, label, sha, asked))
    if not parts or all(part.layout.kind == "unknown" for part in parts):
        raise FileError(
            "no table of contracts or payments is recognised in it; name its columns in a "
            "mapping file (see --mapping)",
            source=str(path),
        )
    return Read(str(path), tuple(parts), replaced=replaced)


def _said(asked: Asked) -> str:
    """What the reader was told, as a short text; empty where it was told nothing."""
    if not (asked.authority or asked.mapping or asked.schema):
        return ""
    told = [asked.authority, dict(asked.mapping), asked.schema]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _forget(con: Connection, name: str) -> bool:
    """Remove what an older file of that name held; whether there was one."""
    con.execute("CREATE TEMP TABLE IF NOT EXISTS again (ocid VARCHAR)")
    con.execute(
        "INSERT INTO again SELECT ocid FROM release JOIN part USING (part) WHERE file = ?", [name]
    )
    old = [row[0] for row in con.execute("SELECT part FROM part WHERE file = ?", [name]).fetchall()]
    for table in ("mapping", "repair", "aside", "contract", "payment", "release", "flat", "part"):
        for part in old:
            con.execute(f"DELETE FROM {table} WHERE part = ?", [part])
    return bool(old)


def _read_piece(con: Connection, piece: Piece, file: str, sha: str, asked: Asked) -> Iterator[Part]:
    if piece.form == "book":
        empty = sheets.formulas_without_value(piece.path)
        told = f"{empty:,} formulas hold no value and read as blank: open and save it in Excel."
        unseen = sheets.hidden(piece.path, piece.name)
        for sheet in sheets.sheet_names(piece.path, piece.name):
            notes = [told] * bool(empty) + ["This sheet is hidden."] * (sheet in unseen)
            yield from _read_sheet(con, piece, sheet, file, sha, asked, tuple(notes))
    elif piece.form == "text":
        yield from _read_text(con, piece, file, sha, asked)
    else:
        yield _read_json(con, piece, file, sha, asked)


def _read_json(con: Connection, piece: Piece, file: str, sha: str, asked: Asked) -> Part:
    sample = [item.value for item in islice(jsons.items(piece.path, piece.name), 50)]
    if is_ocds(sample):
        part = next_part(con)
        counts = keep_releases(con, part, jsons.items(piece.path, piece.name))
        note_part(con, part, (file, sha, piece.name, "release", "json", asked.authority), counts)
        return Part(piece.name, Layout("release", (), 0), "json", counts)
    header = _keys(piece)
    head = [header, *(_cells(value, header) for value in sample if isinstance(value, dict))]
    layout = recognise(head, dict(asked.mapping))
    make_raw(con, len(header) or 1)
    found = jsons.items(piece.path, piece.name)
    load_rows(con, ((item.number, _cells(item.value, header)) for item in found), len(header) or 1)
    return _kept(con, piece.name, file, sha, layout, "json", asked, [])


def _keys(piece: Piece) -> list[str]:
    """Names of the values of all items, in the order in which they first come."""
    keys: dict[str, None] = {}
    for item in jsons.items(piece.path, piece.name):
        if isinstance(item.value, dict) and len(keys) < limits.WIDEST:
            keys.update(dict.fromkeys(_flat(item.value)))
    return list(keys)[: limits.WIDEST]


def _cells(value: object, header: list[str]) -> list[str]:
    if not isinstance(value, dict):
        return [str(value)]
    flat = _flat(value)
    return [flat.get(key, "") for key in header]


def _flat(value: dict[str, Any], above: str = "", depth: int = 0) -> dict[str, str]:
    """Values of an item by the names that lead to them, as text."""
    flat: dict[str, str] = {}
    for key, inner in value.items():
        name = f"{above} {key}".strip()
        if isinstance(inner, dict) and depth < 4:
            flat |= _flat(inner, name, depth + 1)
        elif isinstance(inner, list):
            flat[name] = "; ".join(str(entry) for entry in inner if not isinstance(entry, dict))
        elif inner is not None:
            flat[name] = ("Yes" if inner else "No") if isinstance(inner, bool) else str(inner)
    return flat


def _read_text(con: Connection, piece: Piece, file: str, sha: str, asked: Asked) -> Iterator[Part]:
    dialect = delimited.sniff(piece.path)
    head = [
        record.cells for record in islice(delimited.records(piece.path, dialect), limits.SAMPLE)
    ]
    layout = recognise(head, dict(asked.mapping))
    width = len(layout.columns)
    if layout.kind == "unknown":
        width = min(limits.WIDEST, max((len(row) for row in head), default=1))
    loaded = load_text(con, piece.path, dialect, layout.first, width)
    if loaded.mended:
        told = f"{loaded.mended:,} rows have a quote that never closes."
        layout = replace(layout, notes=(*layout.notes, told))
    yield _kept(con, piece.name, file, sha, layout, loaded.encoding, asked, head)


def _read_sheet(
    con: Connection, piece: Piece, sheet: str, file: str, sha: str, asked: Asked,
    notes: tuple[str, ...],
) -> Iterator[Part]:  # fmt: skip
    name = f"{piece.name}:{sheet}"
    head = list(islice(sheets.rows(piece.path, sheet, piece.name), limits.SAMPLE))
    if not head:
        return
    layout = recognise(head, dict(asked.mapping))
    layout = replace(layout, notes=(*layout.notes, *notes))
    width = len(layout.columns) or min(limits.WIDEST, max(len(row) for row in head))
    make_raw(con, width)
    numbered = enumerate(sheets.rows(piece.path, sheet, piece.name), 1)
    load_rows(con, (row for row in numbered if row[0] > layout.first), width)
    yield _kept(con, name, file, sha, layout, "workbook", asked, head)


def _kept(
    con: Connection, name: str, file: str, sha: str, layout: Layout, encoding: str,
    asked: Asked, head: list[list[str]],
) -> Part:  # fmt: skip
    part = next_part(con)
    if layout.kind in ("contract", "payment"):
        counts = keep(con, part, layout, asked.authority)
    elif layout.kind == "flattened":
        counts = keep_table(con, part, layout, name)
    else:
        counts = _all_aside(con, part)
    above = _set_above_aside(con, part, head[: max(0, layout.above)])
    counts = Counts(counts.rows_in + above, counts.stored, counts.set_aside + above,
                    (*layout.notes, *counts.notes))  # fmt: skip
    note_part(con, part, (file, sha, name, layout.kind, encoding, asked.authority), counts)
    if layout.columns:
        rows = [(part, c.position, c.header, c.field, c.how) for c in layout.columns]
        values = ", ".join(["(?, ?, ?, ?, ?)"] * len(rows))
        con.execute(f"INSERT INTO mapping VALUES {values}", [cell for row in rows for cell in row])
    return Part(name, layout, encoding, counts)


def _set_above_aside(con: Connection, part: int, rows: Iterable[Sequence[str]]) -> int:
    """Set aside what stands above the header, such as a title; returns how many rows."""
    told = [(number, row) for number, row in enumerate(rows, 1) if any(c.strip() for c in row)]
    for number, row in told:
        shown = " | ".join(cell.strip() for cell in row if cell.strip())[:2000]
        con.execute("INSERT INTO aside VALUES (?, ?, 'above the header', ?)", [part, number, shown])
    return len(told)


def next_part(con: Connection) -> int:
    """A number that no part has yet."""
    return int(one(con, "SELECT coalesce(max(part), 0) + 1 FROM part")[0])


def note_part(
    con: Connection, part: int, about: tuple[str, str, str, str, str, str], counts: Counts
) -> None:
    """Note what a part is and how many rows went where."""
    con.execute(
        "INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [part, *about, counts.rows_in, counts.stored, counts.set_aside, "\n".join(counts.notes)],
    )


def _all_aside(con: Connection, part: int) -> Counts:
    """Set every row of `raw` aside: nothing in the table is recognised."""
    width = len(con.execute("SELECT * FROM raw LIMIT 0").description or []) - 1
    cells = ", ".join(f"coalesce(c{i}, '')" for i in range(width))
    con.execute(
        "INSERT INTO aside SELECT ?, \"row\", 'the table is not recognised', "
        f"rtrim(concat_ws(' | ', {cells}), ' |') FROM raw ORDER BY \"row\"",
        [part],
    )
    count = one(con, "SELECT count(*) FROM raw")[0]
    return Counts(count, 0, count)
