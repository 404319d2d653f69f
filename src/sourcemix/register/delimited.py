"""Tables as text: which sign stands between cells, and records that survive stray quotes."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sourcemix.register import limits, text

__all__ = ["Dialect", "Record", "records", "sniff"]

csv.field_size_limit(2 * limits.LONGEST_LINE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text table is written.

    Attributes:
        delimiter: the sign between cells.
    """

    delimiter: str


@dataclass(frozen=True, slots=True)
class Record:
    """One record as a spreadsheet would show it.

    Attributes:
        cells: its cells.
        encoding: what its lines were read in.
        mended: whether a stray quote was taken as a sign like any other.
    """

    cells: list[str]
    encoding: str
    mended: bool = False


def sniff(path: Path) -> Dialect:
    """The delimiter of a table: the one that gives most rows the same number of cells, over one."""
    sample = text.starts_of(path, 60)
    best, found = (-1.0, 0), ","
    for delimiter in (",", ";", "\t", "|"):
        widths = [len(r.cells) for r in _assembled(((s, "utf-8") for s in sample), delimiter)]
        usual = Counter(width for width in widths if width > 1).most_common(1)
        if not usual:
            continue
        width, count = usual[0]
        score = (count / len(widths) + min(width, 12) / 24, width)
        if score > best:
            best, found = score, delimiter
    return Dialect(found)


def records(path: Path, dialect: Dialect) -> Iterator[Record]:
    """Every record of a table as text, blank lines included."""
    return _assembled(text.lines(path), dialect.delimiter)


def _assembled(lines: Iterable[tuple[str, str]], delimiter: str) -> Iterator[Record]:
    opening = re.compile(rf'(?:^|{re.escape(delimiter)})[ ]*"')
    source = iter(lines)
    again: deque[tuple[str, str]] = deque()
    held: list[tuple[str, str]] = []
    size = 0
    while True:
        line = again.popleft() if again else next(source, None)
        if line is not None:
            held.append(line)
            size += len(line[0])
        if not held:
            return
        whole = "".join(part for part, _ in held)
        if '"' not in whole or not _open_quote(whole, delimiter, opening):
            yield _record(held, delimiter)
        elif line is not None and size < limits.LONGEST_RECORD and len(held) < limits.MOST_LINES:
            continue
        else:
            # The quote never closes: it is a sign like any other, and the next lines stand alone.
            yield _stray(held[0], delimiter)
            again.extendleft(reversed(held[1:]))
        held, size = [], 0


def _open_quote(whole: str, delimiter: str, opening: re.Pattern[str]) -> bool:
    """Whether a record goes on in the next line, because a quote is still open."""
    at = 0
    while found := opening.search(whole, at):
        end = found.end()
        while True:
            end = whole.find('"', end)
            if end < 0:
                return True
            if whole[end + 1 : end + 2] == '"':
                end += 2
                continue
            break
        at = end + 1
        if at < len(whole) and whole[at] != delimiter:
            # Signs behind a closing quote belong to the cell up to the next delimiter.
            after = whole.find(delimiter, at)
            if after < 0:
                return False
            at = after
    return False


def _record(held: list[tuple[str, str]], delimiter: str) -> Record:
    whole = "".join(part for part, _ in held).rstrip("\r\n")
    encodings = {encoding for _, encoding in held}
    encoding = "cp1252" if "cp1252" in encodings else held[0][1]
    if '"' not in whole:
        return Record(whole.split(delimiter) if whole else [], encoding)
    rows = list(csv.reader([whole], delimiter=delimiter, skipinitialspace='" "' in whole))
    if len(rows) != 1:
        rows = list(csv.reader(whole.splitlines(keepends=True), delimiter=delimiter))
    return Record(rows[0] if len(rows) == 1 else whole.split(delimiter), encoding)


def _stray(line: tuple[str, str], delimiter: str) -> Record:
    return Record(line[0].rstrip("\r\n").split(delimiter), line[1], mended=True)
