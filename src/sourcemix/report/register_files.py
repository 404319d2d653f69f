"""Findings and pipelines as CSV and Excel, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from sourcemix.register.finding import Finding
from sourcemix.register.listing import Listing
from sourcemix.register.pipeline import Pipeline, uk1_line

__all__ = [
    "csv_text",
    "finding_rows",
    "listing_rows",
    "pipeline_rows",
    "safe",
    "write_workbook",
]

Rows = Sequence[Sequence[Any]]
_HEADS = ("severity", "code", "contract", "title", "supplier", "amount_low", "amount_high",
          "act_by", "reason", "file", "row")  # fmt: skip


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"}:
        return "'" + value
    return value


def finding_rows(findings: Iterable[Finding]) -> Rows:
    """Findings as rows under a head."""
    return [
        _HEADS,
        *(
            (f.severity, f.code, f.contract, f.title, f.supplier, f.low, f.high, f.by, f.reason,
             f.file, f.row)
            for f in findings
        ),
    ]  # fmt: skip


def listing_rows(found: Listing) -> Rows:
    """A list as rows under a head."""
    return [found.heads, *found.rows]


def pipeline_rows(found: Pipeline) -> Rows:
    """Lines of a draft pipeline notice as rows under a head."""
    lines = [uk1_line(project) for project in found.projects if project.uk1]
    heads = tuple(lines[0]) if lines else ("contract_title",)
    return [heads, *(tuple(line.values()) for line in lines)]


def csv_text(rows: Rows) -> str:
    """Rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        writer.writerow(["" if cell is None else safe(cell) for cell in row])
    return out.getvalue()


def write_workbook(path: Path, sheets: dict[str, Rows]) -> None:
    """Rows as an Excel workbook, a sheet each; the same rows give the same file."""
    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    )
    book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    money = book.add_format({"num_format": "#,##0.00"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                _write(sheet, number, place, cell, bold if number == 0 else None, day, money)
    book.close()


def _write(sheet: Any, row: int, place: int, cell: Any, style: Any, day: Any, money: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, Decimal):
        sheet.write_number(row, place, float(cell), money)
    elif isinstance(cell, bool | int | float):
        sheet.write_number(row, place, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, day)
    else:
        sheet.write_string(row, place, str(safe(cell))[:32_767], style)
