"""Five answers per service, as councils write them: read, cleaned, and every fault listed.

Figures may have a pound sign, commas, `k` or `m`; dates may be written in any British way; an
answer that is not known may be blank, `TBC` or `not known` wherever a default exists. Every default
that is used is noted, so that the reader sees it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from sourcemix.app.quick_values import (
    Outlook,
    ends,
    is_in_house,
    is_unknown,
    money,
    outlook,
    plain,
)
from sourcemix.errors import Fault, FileError, InputError

COLUMNS = ("what", "annual_cost", "who", "ends", "outlook")
"""The five columns."""
LARGEST_FILE = 10_000_000
"""Largest CSV file accepted, in bytes."""
MOST_SERVICES = 200
"""Most services in one go."""

T = TypeVar("T")

_SYNONYMS = {
    "service": "what",
    "name": "what",
    "annual_spend": "annual_cost",
    "cost": "annual_cost",
    "cost_a_year": "annual_cost",
    "a_year": "annual_cost",
    "annual_value": "annual_cost",
    "spend": "annual_cost",
    "provider": "who",
    "supplier": "who",
    "who_delivers_it": "who",
    "end": "ends",
    "end_date": "ends",
    "contract_end": "ends",
    "steady_or_changing": "outlook",
    "future": "outlook",
}


@dataclass(frozen=True, slots=True)
class QuickService:
    """What is known of one service.

    Attributes:
        what: the service, in words.
        annual_cost: pounds a year today.
        who: who delivers it now; empty where that is not known.
        in_house: whether the authority's own staff do.
        ends: last day of today's agreement; None: no end is known.
        outlook: whether the need is steady or changing.
        notes: what was taken to be so, because nobody said.
    """

    what: str
    annual_cost: Decimal
    who: str
    in_house: bool
    ends: date | None
    outlook: Outlook
    notes: tuple[str, ...] = ()


def read_quick(path: Path) -> tuple[QuickService, ...]:
    """Read a five-column CSV file.

    Raises:
        FileError: it is absent, too large, or not text.
        InputError: everything that is wrong with it, each with its line.
    """
    return parse_quick(_text(path), source=str(path))


def parse_quick(text: str, *, source: str = "") -> tuple[QuickService, ...]:
    """Read the text of a five-column CSV file; commas, semicolons or tabs.

    Raises:
        InputError: everything that is wrong with it, each with its line.
    """
    rows = list(_rows(text, source))
    if not rows:
        raise InputError([Fault((), "the file is empty; " + _right_header(), 1)], source=source)
    columns = _columns(rows[0][1], rows[0][0], source)
    faults: list[Fault] = []
    services: list[QuickService] = []
    seen: dict[str, int] = {}
    for line, cells in rows[1:]:
        if len(cells) > len(rows[0][1]) and any(cell.strip() for cell in cells[len(rows[0][1]) :]):
            message = 'has more cells than the header; put figures with commas in quotes: "1,200"'
            faults.append(Fault(("row",), message, line))
            continue
        given = {
            name: cells[place].strip() if place < len(cells) else ""
            for name, place in columns.items()
        }
        service = service_of(given, faults, line)
        if service is None:
            continue
        before = seen.setdefault(service.what.casefold(), line)
        if before != line:
            message = f"`{service.what}` is on line {before} already; give each service once"
            faults.append(Fault(("what",), message, line))
        services.append(service)
    if not services and not faults:
        faults.append(Fault((), "there are no services under the header", rows[0][0]))
    if len(services) > MOST_SERVICES:
        faults.append(Fault((), f"{len(services)} services; at most {MOST_SERVICES} at a time"))
    if faults:
        raise InputError(faults, source=source)
    return tuple(services)


def service_of(
    given: Mapping[str, str], faults: list[Fault], line: int | None = None
) -> QuickService | None:
    """Clean the five answers of one service; what cannot be used is added to `faults`."""
    before = len(faults)
    notes: list[str] = []

    def read(column: str, reader: Callable[[str], T]) -> T | None:
        try:
            return reader(given.get(column, ""))
        except ValueError as error:
            faults.append(Fault((column,), str(error), line))
            return None

    what = read("what", _what)
    cost = read("annual_cost", money)
    who, in_house = _who(given.get("who", ""), notes)
    last = read("ends", ends)
    if not in_house and is_unknown(given.get("ends", "")):
        notes.append("no end date is known: taken to run on until it is ended")
    future = read("outlook", outlook)
    if is_unknown(given.get("outlook", "")):
        notes.append("nobody said how it will change: taken to be steady")
    if len(faults) > before or what is None or cost is None or future is None:
        return None
    return QuickService(what, cost, who, in_house, last, future, tuple(notes))


def _what(text: str) -> str:
    what = " ".join(text.split())
    if is_unknown(what):
        raise ValueError("is blank; say which service it is")
    if len(what) > 200:
        raise ValueError("is longer than 200 characters; a few words will do")
    return what


def _who(text: str, notes: list[str]) -> tuple[str, bool]:
    who = " ".join(text.split())
    if is_in_house(who):
        return "Own team", True
    if is_unknown(who):
        notes.append("nobody said who delivers it: taken to be a company")
        return "", False
    return who[:200], False


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise FileError(
                "is larger than 10 MB; quick takes some services only", source=str(path)
            )
        data = path.read_bytes()
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror}", source=str(path)) from None
    if b"\0" in data:
        raise FileError("is not a CSV file; save the sheet as CSV first", source=str(path))
    for encoding in ("utf-8-sig", "cp1252"):
        # Excel saves "CSV" in the Windows alphabet, in which £ is another byte.
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError("is not text; save the sheet as CSV UTF-8", source=str(path))


def _rows(text: str, source: str) -> Iterator[tuple[int, list[str]]]:
    head = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max((",", ";", "\t"), key=lambda mark: (head.count(mark), mark == ","))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    try:
        begins = 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        fault = Fault((), f"this is not CSV: {error}", reader.line_num)
        raise InputError([fault], source=source) from None


def _columns(header: list[str], line: int, source: str) -> dict[str, int]:
    places: dict[str, int] = {}
    faults: list[Fault] = []
    for place, cell in enumerate(header):
        name = re.sub(r"[^a-z]+", "_", plain(cell).replace("£", "")).strip("_")
        name = _SYNONYMS.get(name, name)
        if name in places and name in COLUMNS:
            faults.append(Fault((name,), f"there are two columns `{name}`", line))
        places.setdefault(name, place)
    missing = [name for name in COLUMNS if name not in places]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        word = "column" if len(missing) == 1 else "columns"
        faults.append(Fault((), f"there is no {word} {names}; {_right_header()}", line))
    if faults:
        raise InputError(faults, source=source)
    return {name: places[name] for name in COLUMNS}


def _right_header() -> str:
    return f"the first line should be: {','.join(COLUMNS)}"
