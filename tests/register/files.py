"""Small files as councils publish them, made here."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from sourcemix.register.reading import Asked, Part, read_files
from sourcemix.register.store import look

HEADER = "Contract Ref,Title,Supplier,Start Date,End Date,Annual Value"
ROW = "C1,Grass cutting,Green Ltd,2024-04-01,2027-03-31,1000.00"


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def book(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Path:
    workbook = xlsxwriter.Workbook(str(path))
    day = workbook.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if hasattr(cell, "year"):
                    sheet.write_datetime(number, place, cell, day)
                elif cell is not None:
                    sheet.write(number, place, cell)
    workbook.close()
    return path


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def packed(content: bytes) -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as file:
        file.write(content)
    return out.getvalue()


def release(ocid: str = "ocds-x-1", **more: Any) -> dict[str, Any]:
    """A release with one award."""
    return {
        "ocid": ocid, "id": f"{ocid}-r1", "date": "2024-01-01T00:00:00Z", "tag": ["award"],
        "buyer": {"id": "B", "name": "Anytown Borough Council"},
        "parties": [{"id": "S", "name": "Green Ltd", "roles": ["supplier"],
                     "identifier": {"scheme": "GB-COH", "id": "7654321"}}],
        "tender": {"id": "T1", "title": "Grass cutting", "procurementMethod": "open"},
        "awards": [{"id": "A1", "status": "active", "value": {"amount": 3000, "currency": "GBP"},
                    "suppliers": [{"id": "S", "name": "Green Ltd"}],
                    "contractPeriod": {"startDate": "2024-04-01T00:00:00Z",
                                       "endDate": "2027-03-31T23:59:59Z"}}],
    } | more  # fmt: skip


def lines(items: Sequence[Any]) -> bytes:
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


def read_one(path: Path, **asked: Any) -> tuple[Part, Path]:
    """Read one file of one table into a fresh store; what came in is what went out."""
    store = path.with_name("store.duckdb")
    store.unlink(missing_ok=True)
    (result,) = read_files([path], store, Asked(**asked))
    for part in result.parts:
        assert part.counts.rows_in == part.counts.stored + part.counts.set_aside, part
    return result.parts[0], store


def table(store: Path, query: str) -> list[tuple[Any, ...]]:
    with look(store) as con:
        return list(con.execute(query).fetchall())
