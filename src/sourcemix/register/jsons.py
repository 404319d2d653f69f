"""JSON of any shape, one item at a time: packages, lists, lines, single objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ijson
import orjson

from sourcemix.errors import FileError
from sourcemix.register import limits

__all__ = ["Item", "items"]

_LISTS = ("releases", "records", "contracts", "notices", "awards", "payments", "data", "results",
          "items", "rows", "value", "features")  # fmt: skip
_SMALL = 48 * 2**20
"""Bytes of a document that is read at once; a larger one is read piece by piece."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a document.

    Attributes:
        number: its place among the items, from 1; a line's number in JSON Lines.
        value: the item; None where it cannot be read.
        wrong: why it cannot be read.
        version: version of the standard, where the package says it.
        text: what was there, where it cannot be read.
    """

    number: int
    value: Any
    wrong: str = ""
    version: str = ""
    text: str = ""


def items(path: Path, name: str) -> Iterator[Item]:
    """Items of a document: releases, records, rows of a list, or the document itself.

    Raises:
        FileError: it is no JSON at all.
    """
    if _is_lines(path):
        yield from _lines(path)
        return
    try:
        if path.stat().st_size <= _SMALL:
            yield from _unpacked(_parsed(path.read_bytes()))
        else:
            yield from _streamed(path)
    except (ValueError, RecursionError, ijson.JSONError) as error:
        reason = "it is nested too deep" if isinstance(error, RecursionError) else str(error)[:200]
        raise FileError(f"the JSON cannot be read: {reason}", source=name) from error


def _parsed(raw: bytes) -> Any:
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    text = raw.decode("utf-8", errors="replace")
    # NaN, lone surrogates and line breaks in texts: publishers write them all.
    return json.loads(text, strict=False, parse_constant=lambda _: None)


def _is_lines(path: Path) -> bool:
    """Whether each line is a document of its own."""
    with path.open("rb") as file:
        first = file.readline(limits.LONGEST_LINE).removeprefix(b"\xef\xbb\xbf").strip()
        second = file.readline(limits.LONGEST_LINE).strip()
    if not first.startswith(b"{") or not first.endswith(b"}"):
        return False
    if not second:
        # One line alone: a document of its own, unless it is a release with nothing around it.
        return False
    return second.startswith(b"{")


def _lines(path: Path) -> Iterator[Item]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(limits.LONGEST_LINE):
            number += 1
            if not line.strip():
                continue
            try:
                value = _parsed(line)
            except (ValueError, RecursionError) as error:
                shown = line[:2000].decode("utf-8", errors="replace").strip()
                yield Item(number, None, f"not JSON: {str(error)[:80]}", text=shown)
                continue
            for inner in _unpacked(value):
                yield Item(number, inner.value, inner.wrong, inner.version)


def _unpacked(document: Any) -> Iterator[Item]:
    """Items of a document held in memory."""
    if isinstance(document, dict) and not _is_one(document):
        version = str(document.get("version") or "")
        for key in _LISTS:
            found = document.get(key)
            if isinstance(found, list) and found:
                yield from (Item(n, value, "", version) for n, value in enumerate(found, 1))
                return
        if any(key in document for key in ("releases", "records")):
            return
    if isinstance(document, list):
        yield from (Item(number, value) for number, value in enumerate(document, 1))
        return
    version = str(document.get("version") or "") if isinstance(document, dict) else ""
    yield Item(1, document, "", version)


def _is_one(document: dict[str, Any]) -> bool:
    """Whether a document is one item, not a package of them."""
    if "compiledRelease" in document or "versionedRelease" in document:
        return True
    return "ocid" in document


def _streamed(path: Path) -> Iterator[Item]:
    """Items of a document too large to be held in memory."""
    with path.open("rb") as file:
        prefix = _list_prefix(path)
        if prefix is None:
            raise ValueError("it is too large, and no list of releases or records is in it")
        version = ""
        for number, value in enumerate(ijson.items(file, prefix, use_float=True), 1):
            yield Item(number, value, "", version)


def _list_prefix(path: Path) -> str | None:
    """Where the list of items is: `item` for a bare list, `releases.item` for a package."""
    with path.open("rb") as file:
        for prefix, event, _ in ijson.parse(file):
            if event == "start_array" and (prefix == "" or prefix in _LISTS):
                return f"{prefix}.item" if prefix else "item"
    return None
