"""Plain data to YAML that people like to read: short things on one line, numbers as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

WIDTH = 100
"""Longest line that holds a whole list or group of fields."""

_SAFE = re.compile(r"[A-Za-z](?:[A-Za-z0-9_.£/()+-]| (?! |$))*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEARS = re.compile(r"\d{4}-\d{2}")
_RESERVED = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def dump_yaml(data: dict[str, Any]) -> str:
    """YAML text of plain data: dictionaries, lists, text, numbers, true, false and nothing."""
    return "".join(f"{line}\n" for line in _fields(data, 0))


def _fields(data: dict[str, Any], indent: int) -> Iterator[str]:
    space = " " * indent
    for key, value in data.items():
        head = f"{space}{_text(key)}:"
        flow = _flow(value, WIDTH - len(head) - 1)
        # Rows of the document stand one below the other, however short they are.
        if flow is not None and not (indent == 0 and isinstance(value, list) and _rows(value)):
            yield f"{head} {flow}"
        elif isinstance(value, dict):
            yield head
            yield from _fields(value, indent + 2)
        elif isinstance(value, list):
            yield head
            yield from _items(value, indent + 2)
        else:
            yield f"{head} {_scalar(value)}"


def _items(values: list[Any], indent: int) -> Iterator[str]:
    space = " " * indent
    for value in values:
        flow = _flow(value, WIDTH - indent - 2)
        if flow is not None:
            yield f"{space}- {flow}"
        elif isinstance(value, dict):
            lines = _fields(value, indent + 2)
            yield f"{space}- {next(lines).lstrip(' ')}"
            yield from lines
        elif isinstance(value, list):
            lines = _items(value, indent + 2)
            yield f"{space}- {next(lines).lstrip(' ')}"
            yield from lines
        else:
            yield f"{space}- {_scalar(value)}"


def _rows(values: list[Any]) -> bool:
    return any(isinstance(value, dict) for value in values)


def _flow(value: Any, width: int) -> str | None:
    """The value on one line; None where that would be longer than `width`."""
    parts: list[str] = []
    if value in ({}, []):
        return "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, dict):
        entries = ((f"{_text(key)}: ", item) for key, item in value.items())
    elif isinstance(value, list):
        entries = (("", item) for item in value)
    else:
        text = _scalar(value)
        return text if len(text) <= width else None
    left = width - 2
    for head, item in entries:
        part = _flow(item, left - len(head))
        if part is None:
            return None
        parts.append(head + part)
        left -= len(head) + len(part) + 2
    inside = ", ".join(parts)
    text = f"{{{inside}}}" if isinstance(value, dict) else f"[{inside}]"
    return text if len(text) <= width else None


def written_out(value: Decimal) -> str:
    """A number without an exponent, unless that would take hundreds of digits."""
    return f"{value:f}" if abs(value.adjusted()) < 100 else str(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return written_out(value)
    if isinstance(value, int | float):
        return repr(value)
    return _text(str(value))


def _text(text: str) -> str:
    if _DATE.fullmatch(text) or _YEARS.fullmatch(text):
        return text
    if _SAFE.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else _escaped(char) for char in quoted)


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
