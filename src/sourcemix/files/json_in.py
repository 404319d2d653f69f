"""JSON to plain data. Numbers stay exact; objects that name a field twice are refused."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import Any

from sourcemix.errors import Fault, FileError, InputError, Path
from sourcemix.files.loaded import DEEPEST, TOO_DEEP, TOO_EXTREME, Loaded, extreme

_MOST_DIGITS = 60


class _Repeated(dict[str, Any]):
    """An object in which some fields are given more than once."""

    repeated: tuple[str, ...] = ()


class _NotUsable(str):
    """A number that cannot be used, as text."""

    __slots__ = ()


def load_json(text: str, source: str = "") -> Loaded:
    """Read JSON text; whole numbers become `int`, others `Decimal`.

    Raises:
        InputError: it is not JSON, or nested deeply.
        FileError: it holds nothing.
    """
    try:
        data = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_number,
            parse_int=_whole,
            parse_constant=_NotUsable,
        )
    except json.JSONDecodeError as error:
        raise InputError([_syntax_fault(error)], source=source) from None
    except RecursionError:
        raise InputError([Fault((), f"the file {TOO_DEEP}")], source=source) from None
    if data is None:
        raise FileError("the file is empty", source=source)
    loaded = Loaded(data, source)
    _inspect(data, (), loaded.faults, source)
    return loaded


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) == len(pairs):
        return result
    times = Counter(name for name, _ in pairs)
    repeated = _Repeated(result)
    repeated.repeated = tuple(name for name in result if times[name] > 1)
    return repeated


def _number(text: str) -> Decimal | _NotUsable:
    return _NotUsable(text) if extreme(text) else Decimal(text)


def _whole(text: str) -> int | _NotUsable:
    return int(text) if len(text) <= _MOST_DIGITS else _NotUsable(text)


def _inspect(value: Any, path: Path, faults: list[Fault], source: str) -> None:
    # Called for containers only: most values are scalars, and files may be large.
    if len(path) >= DEEPEST:
        raise InputError([Fault((), f"the file {TOO_DEEP}")], source=source)
    if isinstance(value, _Repeated):
        for name in value.repeated:
            faults.append(Fault((*path, name), f"`{name}` is given twice; take one out"))
    if not isinstance(value, dict | list):
        return
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for step, item in entries:
        if isinstance(item, dict | list):
            _inspect(item, (*path, step), faults, source)
        elif isinstance(item, _NotUsable):
            number = "NaN" in item or "Infinity" in item
            why = "is not a number that can be used" if number else TOO_EXTREME
            faults.append(Fault((*path, step), f"`{str(item)[:60]}` {why}"))


def textual(value: Any) -> Any:
    """The same data with every scalar as text, so that its field decides what it means."""
    if isinstance(value, dict):
        return {key: textual(item) for key, item in value.items()}
    if isinstance(value, list):
        return [textual(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    return value


_PROBLEMS = {
    "Expecting property name enclosed in double quotes": "the name of a field in double quotes is "
    "expected here; perhaps a comma too many before it",
    "Illegal trailing comma before end of object": "there is a comma too many",
    "Illegal trailing comma before end of array": "there is a comma too many",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing after the name of a field",
    "Expecting value": "a value is missing",
    "Extra data": "something follows the end of the document; keep one document in each file",
    "Unterminated string starting at": "a quotation mark is not closed",
    "Invalid control character at": "a line break or tab inside quotes should be written `\\n` "
    "or `\\t`",
    "Invalid \\escape": "a backslash begins a special character; write it twice",
}
"""Words of the parser, and what they mean to a person."""


def _syntax_fault(error: json.JSONDecodeError) -> Fault:
    meaning = _PROBLEMS.get(error.msg.rstrip(": "), "this is not JSON")
    return Fault((), meaning, error.lineno, error.colno)
