"""Recognising a table: where its header is, which column is which field, and of which kind it is.

A column is recognised by its header, checked against what stands in it, and where the header says
nothing, by what stands in it alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Literal

from rapidfuzz import fuzz

from sourcemix.register import cells
from sourcemix.register.content import by_content, is_data, share_read
from sourcemix.register.fields import fields, plain_header, squeezed

__all__ = ["Column", "Kind", "Layout", "recognise"]

Kind = Literal["contract", "payment", "release", "flattened", "unknown"]
Rows = Sequence[Sequence[str]]

_DEEPEST_HEADER = 40
_MOST_TRIES = 4
_PEOPLE = frozenset(
    ["manager", "owner", "officer", "contact", "email", "telephone", "phone", "mobile"]
)
"""Words of headers of columns about people, who have no place in a register of ours."""

_CLEARLY = 1.05
"""Times by which a later row must look more like the header: headers are printed again."""
_ENOUGH = 45.0
"""Score below which a header is no match."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        position: its place, from 0.
        header: its header as it stands in the file.
        field: the field that it is read as; empty where it is not used.
        how: by what it was recognised: `name`, `similar name`, `content`, `mapping`.
    """

    position: int
    header: str
    field: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is to be read.

    Attributes:
        kind: what it holds.
        columns: its columns, in their order.
        first: number of the first row of data, from 0.
        notes: what was done to find out, in sentences.
        depth: rows of the header, just above the first row of data; 0 where there is none.
    """

    kind: Kind
    columns: tuple[Column, ...]
    first: int
    notes: tuple[str, ...] = field(default=())
    depth: int = 1

    @property
    def above(self) -> int:
        """Rows above the header, such as a title."""
        return self.first - self.depth

    def used(self) -> dict[str, int]:
        """Position of the column of each field."""
        return {column.field: column.position for column in self.columns if column.field}


def recognise(rows: Rows, mapping: dict[str, str] | None = None) -> Layout:
    """Recognise a table by its first rows.

    Args:
        rows: the first rows, from the first of the file on.
        mapping: corrections: field (or `ignore`) by header in plain form.
    """
    width = max((len(row) for row in rows), default=0)
    tries = [_sql_header(rows, width), *_likely_headers(rows, width)]
    best: tuple[float, Layout] = (0.0, Layout("unknown", (), 0, depth=0))
    for first, header, note in filter(None, [_no_header(rows, width), *tries]):
        found = _mapped(header, rows[first:], first, mapping or {})
        if found is not None and found[0] > best[0] * _CLEARLY:
            depth = _DEPTHS.get(note, 1)
            best = found[0], replace(found[1], notes=(note,) if note else (), depth=depth)
    return best[1]


_TWO_ROWS = "The header stands in two rows."
_NO_HEADER = "The table has no header; its columns are told by what stands in them alone."
_DEPTHS = {_TWO_ROWS: 2, _NO_HEADER: 0}


def _no_header(rows: Rows, width: int) -> tuple[int, list[str], str] | None:
    """Numbered columns, where the very first row of a table is data already."""
    for index, row in enumerate(rows[:_DEEPEST_HEADER]):
        if sum(bool(cell.strip()) for cell in row) >= 3:
            names = [f"Column {place}" for place in range(1, width + 1)]
            return (index, names, _NO_HEADER) if is_data(row) else None
    return None


def _likely_headers(rows: Rows, width: int) -> list[tuple[int, list[str], str]]:
    """Rows that may be the header, alone or with the row below, the likeliest first."""
    tries: list[tuple[float, int, list[str], str]] = []
    for index in range(min(len(rows), _DEEPEST_HEADER)):
        row = rows[index]
        if sum(bool(cell.strip()) for cell in row) < 2:
            continue
        alone = _padded(row, width)
        tries.append((_promise(alone), index + 1, alone, ""))
        if index + 1 < len(rows) and _goes_on(row) and _goes_on(rows[index + 1]):
            joined = _joined(row, rows[index + 1], width)
            tries.append((_promise(joined), index + 2, joined, _TWO_ROWS))
    tries.sort(key=lambda entry: (-entry[0], entry[1]))
    first: dict[tuple[str, ...], int] = {}
    for _, index, names, _ in tries:
        # A header that is printed again on every page counts where it stands first.
        first[tuple(names)] = min(index, first.get(tuple(names), index))
    tries = [entry for entry in tries if first[tuple(entry[2])] == entry[1]]
    least = 0.5 * tries[0][0] if tries else 0.0
    return [entry[1:] for entry in tries[:_MOST_TRIES] if entry[0] >= least]


def _promise(header: Sequence[str]) -> float:
    """How much a row looks like a header: names that are known, and words that are in them."""
    promise = 0.0
    for cell in header:
        plain = plain_header(cell) if len(cell) <= 120 else ""
        if squeezed(plain) in _all_names():
            promise += 1.0
        elif cell.strip().startswith("_link"):
            promise += 2.0
        elif plain and set(plain.split()) & _all_words():
            promise += 0.2
    return promise


@cache
def _all_names() -> frozenset[str]:
    return frozenset(squeezed(name) for known in fields().values() for name in known.names)


@cache
def _all_words() -> frozenset[str]:
    names = [name for known in fields().values() for name in known.names]
    return frozenset(word for name in names for word in name.split() if len(word) > 3)


def _mapped(
    header: list[str], body: Rows, first: int, mapping: dict[str, str]
) -> tuple[float, Layout] | None:
    if sum(name.strip().startswith("_link") for name in header) >= 2 or (
        "_link_release" in header or "_link_main" in header
    ):
        columns = tuple(
            Column(i, name.strip(), name.strip(), "name") for i, name in enumerate(header)
        )
        return 1000.0, Layout("flattened", columns, first)
    columns_of = _samples(body, len(header))
    best: tuple[float, Layout] | None = None
    kinds: tuple[Kind, ...] = ("contract", "payment")
    for kind in kinds:
        chosen, score = _assigned(header, columns_of, kind, mapping)
        barred = {i for i, name in enumerate(header) if plain_header(name) in mapping}
        named = {name for name, _ in chosen.values()}
        extra = by_content(kind, named, columns_of, barred | set(chosen))
        chosen |= {position: (name, "content") for position, name in extra.items()}
        names = {name for name, _ in chosen.values()}
        if not _makes_sense(kind, names):
            continue
        score += _character(kind, names)
        columns = tuple(
            Column(i, name.strip(), *chosen.get(i, ("", ""))) for i, name in enumerate(header)
        )
        if best is None or score > best[0]:
            best = score, Layout(kind, columns, first)
    return best


def _makes_sense(kind: Kind, names: set[str]) -> bool:
    if kind == "payment":
        return "amount" in names and bool(names & {"supplier", "purpose"})
    named = names & {"title", "description", "reference"}
    return bool(named) and bool(
        names & {"start_date", "end_date", "expiry_date", "annual_value", "total_value",
                 "duration_months", "value_low"}
    )  # fmt: skip


def _character(kind: Kind, names: set[str]) -> float:
    """What speaks for a kind beyond the headers themselves."""
    if kind == "payment":
        telling = {"date", "period_date", "transaction", "invoice", "vat_amount", "supplier"}
        return 40.0 * len(names & telling)
    telling = {"start_date", "end_date", "expiry_date", "latest_date", "duration_months", "title",
               "extension_months", "procedure", "awarded_date", "published_date", "cpv",
               "annual_value", "notice_months"}  # fmt: skip
    return 40.0 * len(names & telling)


def _assigned(
    header: list[str], samples: list[list[str]], kind: Kind, mapping: dict[str, str]
) -> tuple[dict[int, tuple[str, str]], float]:
    """Field of each column, the surest first, each field once; and how sure that is in all."""
    scores: list[tuple[float, int, str, str]] = []
    chosen: dict[int, tuple[str, str]] = {}
    for position, name in enumerate(header):
        plain = plain_header(name)
        if plain in mapping:
            if mapping[plain] in fields():
                chosen[position] = (mapping[plain], "mapping")
            continue
        scores.extend(_candidates(position, plain, samples[position], kind))
    total = 100.0 * len(chosen)
    taken = {name for name, _ in chosen.values()}
    barred = {i for i, name in enumerate(header) if plain_header(name) in mapping}
    for score, position, name, how in sorted(scores, key=lambda s: (-s[0], s[1], s[2])):
        if position in chosen or position in barred or name in taken:
            continue
        chosen[position] = (name, how)
        taken.add(name)
        total += score
    return chosen, total


def _candidates(
    position: int, plain: str, sample: list[str], kind: Kind
) -> list[tuple[float, int, str, str]]:
    found = []
    for name, score, exact in _by_name(plain, kind):
        read = share_read(fields()[name].type, sample)
        if read is None:
            found.append((score * 0.9, position, name, "name" if exact else "similar name"))
        elif read >= 0.3 or (exact and read > 0):
            sure = score * (0.5 + 0.5 * read)
            found.append((sure, position, name, "name" if exact else "similar name"))
    return [entry for entry in found if entry[0] >= _ENOUGH]


@lru_cache(maxsize=10_000)
def _by_name(plain: str, kind: Kind) -> tuple[tuple[str, float, bool], ...]:
    """Fields that a header may mean, with a score up to 100, and whether it is their very name."""
    if not plain or _PEOPLE & set(plain.split()):
        return ()
    found = []
    for known in fields().values():
        if kind not in known.tables:
            continue
        tight = squeezed(plain)
        place = next((i for i, name in enumerate(known.names) if squeezed(name) == tight), None)
        if place is not None:
            found.append((known.name, 100.0 - 0.4 * place, True))
            continue
        near = max(_near(plain, name) for name in known.names)
        if near >= _ENOUGH:
            found.append((known.name, near, False))
    return tuple(found)


def _near(plain: str, name: str) -> float:
    words, known = set(plain.split()), set(name.split())
    if len(known) >= 2 and known <= words:
        return 88.0 - 3.0 * len(words - known)
    if len(known) == 1 and len(name) >= 4 and known <= words:
        return 70.0 - 4.0 * len(words - known)
    close = fuzz.ratio(plain, name)
    return close * 0.85 if close >= 86 and min(len(plain), len(name)) >= 5 else 0.0


def _samples(body: Rows, width: int) -> list[list[str]]:
    return [
        [row[i].strip() for row in body if i < len(row) and row[i].strip()] for i in range(width)
    ]


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def _goes_on(row: Sequence[str]) -> bool:
    """Whether a row may be the second row of a header: words, no values."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if len(filled) < 2:
        return False
    values = sum(
        bool(re.fullmatch(r"[£$€(]?-?[\d,./: -]+\)?", cell)) or cells.is_empty_word(cell)
        for cell in filled
    )
    return values == 0 and max(len(cell) for cell in filled) <= 60


def _joined(upper: Sequence[str], lower: Sequence[str], width: int) -> list[str]:
    """A header in two rows: a group's name reaches over the blanks to its right."""
    group, names = "", []
    for above, below in zip(_padded(upper, width), _padded(lower, width), strict=True):
        group = above.strip() or (group if below.strip() else "")
        together = f"{group} {below.strip()}".strip()
        alone = below.strip() or group
        names.append(together if _known(together) or not _known(alone) else alone)
    return names


def _known(name: str) -> bool:
    return squeezed(plain_header(name)) in _all_names()


def _sql_header(rows: Rows, width: int) -> tuple[int, list[str], str] | None:
    """Names from an SQL statement that a report left in place of its header."""
    for index, row in enumerate(rows[:_DEEPEST_HEADER]):
        statement = re.match(r"(?is)\s*select\s+(?:distinct\s+)?(.+?)\bfrom\b", ",".join(row))
        if statement is None:
            continue
        parts = re.split(r",(?![^(]*\))", statement[1])
        names = [re.split(r"(?i)\bas\b|\.", part)[-1].split()[-1:] for part in parts]
        shown = [name[0].strip("\"'`[]") if name else "" for name in names]
        following = rows[index + 1] if index + 1 < len(rows) else []
        if len(shown) == len(following) or len(shown) == width:
            return index + 1, _padded(shown, width), "The header is taken from an SQL statement."
    return None
