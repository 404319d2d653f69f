"""Spreadsheets: Excel and OpenDocument, sheet by sheet."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from sourcemix.errors import FileError

__all__ = ["formulas_without_value", "hidden", "rows", "sheet_names"]

_CHUNK = 2**20


def _workbook(path: Path, name: str) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError, ValueError) as error:
        if "assword" in str(error):
            raise FileError("the workbook is locked with a password", source=name) from error
        raise FileError("the workbook is damaged and cannot be read", source=name) from error


def sheet_names(path: Path, name: str) -> list[str]:
    """Names of the sheets of a workbook.

    Raises:
        FileError: it is damaged or locked.
    """
    return list(_workbook(path, name).sheet_names)


def hidden(path: Path, name: str) -> frozenset[str]:
    """Names of the sheets that a reader of the workbook does not see.

    Raises:
        FileError: it is damaged or locked.
    """
    sheets = _workbook(path, name).sheets_metadata
    return frozenset(sheet.name for sheet in sheets if sheet.visible != SheetVisibleEnum.Visible)


def rows(path: Path, sheet: str, name: str) -> Iterator[list[str]]:
    """Rows of a sheet from its first row on, cells as text; blank rows at the end left out.

    Raises:
        FileError: it is damaged or locked.
    """
    try:
        table = _workbook(path, name).get_sheet_by_name(sheet)
        above = table.start[0] if table.start else 0
        blank = above
        for row in table.iter_rows():
            cells = [_shown(cell) for cell in row]
            if not any(cells):
                blank += 1
                continue
            for _ in range(blank):
                yield []
            blank = 0
            yield cells
    except (CalamineError, ValueError) as error:
        raise FileError(f"the sheet `{sheet}` cannot be read", source=name) from error


def _shown(cell: object) -> str:
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float):
        # Numbers as a person would type them: `1234.5`, not `1234.50000001` or `1.2e3`.
        return f"{cell:.10f}".rstrip("0").rstrip(".") if abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute) else cell.isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell)


def formulas_without_value(path: Path) -> int:
    """How many formulas of an Excel workbook hold no value, as a program wrote but never computed.

    Such cells read as blank.
    """
    if not zipfile.is_zipfile(path):
        return 0
    found = 0
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
                continue
            tail = b""
            with archive.open(name) as sheet:
                while chunk := sheet.read(_CHUNK):
                    seen = tail + chunk
                    found += seen.count(b"</f></c>") + seen.count(b"<v></v></c>")
                    found += seen.count(b"</f><v/></c>") + seen.count(b"</f><v /></c>")
                    tail = seen[-10:]
                    found -= tail.count(b"</f></c>") + tail.count(b"<v></v></c>")
    return found
