"""YAML to plain data, with the line of every value, and without what makes YAML dangerous.

The text is read as a stream of events, so nothing nests in memory before it is checked. Every
scalar stays text (unquoted `null` apart): what it means is decided by the field that it stands in,
so `no` is a name where a name is wanted, and `24_000` a number where a number is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)
from ruamel.yaml.reader import ReaderError

from sourcemix.errors import Fault, FileError, InputError, Path
from sourcemix.files.loaded import DEEPEST, TOO_DEEP, TOO_EXTREME, Loaded, Mark, extreme

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_NOT_A_NUMBER = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)


class Plain(str):
    """A scalar written without quotes."""

    __slots__ = ()


def load_yaml(text: str, source: str = "") -> Loaded:
    """Read YAML text.

    Raises:
        InputError: it is not YAML, or uses tags, anchors, several documents or deep nesting.
        FileError: it holds nothing.
    """
    builder = _Builder(source)
    try:
        for event in _events(text):
            builder.take(event)
    except YAMLError as error:
        raise InputError([_syntax_fault(error, text)], source=source) from None
    except RecursionError:
        raise InputError([Fault((), f"the file {TOO_DEEP}")], source=source) from None
    return builder.loaded()


def _events(text: str) -> Iterator[Event]:
    events: Iterator[Event] = YAML(typ="safe", pure=True).parse(text)
    return events


class _Open:
    """A mapping or list that is not complete yet."""

    __slots__ = ("data", "key", "key_mark", "mark", "step")

    def __init__(self, data: dict[str, Any] | list[Any], mark: Mark, step: str | int) -> None:
        self.data = data
        self.mark = mark
        self.step = step
        self.key: str | None = None
        self.key_mark = mark


class _Builder:
    """Puts plain data together from events."""

    def __init__(self, source: str) -> None:
        self.result = Loaded(None, source)
        self.open: list[_Open] = []
        self.documents = 0

    def loaded(self) -> Loaded:
        if self.result.data is None:
            raise FileError("the file is empty", source=self.result.source)
        return self.result

    def take(self, event: Event) -> None:
        self.refuse_dangers(event)
        mark = Mark(event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, ScalarEvent):
            self.scalar(event, mark)
        elif isinstance(event, CollectionStartEvent):
            self.begin({} if isinstance(event, MappingStartEvent) else [], mark)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self.open.pop()

    def refuse_dangers(self, event: Event) -> None:
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.refuse(event, "a second document begins here (`---`); keep one in each file")
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            sign = "*" if isinstance(event, AliasEvent) else "&"
            self.refuse(
                event,
                f"`{sign}{_short(str(anchor))}`: anchors (`&`) and aliases (`*`) are not "
                "allowed; write the value out, or put text that begins so in quotes",
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.refuse(
                event,
                f"the tag `{_short(str(tag))}` is not allowed; leave it out, or put text that "
                "begins with `!` in quotes",
            )

    def refuse(self, event: Event, message: str) -> None:
        at = event.start_mark
        fault = Fault(self.path(), message, at.line + 1, at.column + 1)
        raise InputError([fault], source=self.source)

    def path(self) -> Path:
        return (*(inside.step for inside in self.open[1:]), *self.step())

    def step(self) -> Path:
        """Key or position of the value to come, as a path of one step."""
        if not self.open:
            return ()
        inside = self.open[-1]
        if isinstance(inside.data, list):
            return (len(inside.data),)
        return () if inside.key is None else (inside.key,)

    def scalar(self, event: ScalarEvent, mark: Mark) -> None:
        text: str = event.value
        if self.wants_key():
            self.key(text, mark)
            return
        plain = event.implicit[0]
        if plain and _NOT_A_NUMBER.fullmatch(text):
            self.fault(mark, f"`{text}` is not a number that can be used")
        if plain and extreme(text):
            self.fault(mark, f"`{_short(text)}` {TOO_EXTREME}")
        if not plain:
            self.value(text, mark)
        else:
            self.value(None if text in _NULL else Plain(text), mark)

    def wants_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].data, dict) and not self.step()

    def key(self, text: str, mark: Mark) -> None:
        inside = self.open[-1]
        inside.key, inside.key_mark = text, mark
        if text in inside.data:
            before = inside.mark.below[text].line
            self.fault(mark, f"`{text}` is given twice (first on line {before}); take one out")

    def value(self, value: Any, mark: Mark) -> None:
        if not self.open:
            self.result.data, self.result.mark = value, mark
            return
        inside = self.open[-1]
        if isinstance(inside.data, list):
            inside.mark.below[len(inside.data)] = mark
            inside.data.append(value)
        elif inside.key is not None:
            if isinstance(value, dict | list):
                mark.line, mark.column = inside.key_mark.line, inside.key_mark.column
            if inside.key not in inside.data:
                inside.mark.below[inside.key] = mark
                inside.data[inside.key] = value
            inside.key = None

    def begin(self, data: dict[str, Any] | list[Any], mark: Mark) -> None:
        if self.wants_key():
            message = "a field's name should be plain text, not a list or fields"
            raise InputError([Fault((), message, mark.line, mark.column)], source=self.source)
        if len(self.open) >= DEEPEST:
            fault = Fault((), f"the file {TOO_DEEP}", mark.line, mark.column)
            raise InputError([fault], source=self.source)
        step = self.step()
        self.value(data, mark)
        self.open.append(_Open(data, mark, step[0] if step else ""))

    @property
    def source(self) -> str:
        return self.result.source

    def fault(self, mark: Mark, message: str) -> None:
        self.result.faults.append(Fault(self.path(), message, mark.line, mark.column))


_WHOLE = re.compile(r"[-+]?[0-9]{1,60}")
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,2})?")


def typed(value: Any) -> Any:
    """The same data with unquoted numbers and `true`, `false` as what they are.

    For documents that Sourcemix itself has written: in those, fields of any type occur.
    """
    if isinstance(value, dict):
        return {key: typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item) for item in value]
    if not isinstance(value, Plain):
        return value
    if value in ("true", "false"):
        return value == "true"
    if _WHOLE.fullmatch(value):
        return int(value)
    return Decimal(value) if _NUMBER.fullmatch(value) else str(value)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"


_PROBLEMS = (
    (
        "mapping values are not allowed",
        "a colon is not expected here; put text with a colon in "
        "quotes, and check how far the lines are indented",
    ),
    (
        "that cannot start any token",
        "this character cannot stand here: put text in quotes, and indent with spaces, not tabs",
    ),
    ("could not find expected ':'", "a colon is missing after the name of a field"),
    ("expected <block end>", "the line is indented differently from those it belongs to"),
    ("expected ',' or", "a comma or a closing bracket is missing"),
    ("while scanning a quoted scalar", "a quotation mark is not closed"),
    ("found unexpected end of stream", "a quotation mark is not closed"),
    ("undefined alias", "aliases (`*`) are not allowed; put text that begins so in quotes"),
    ("undefined tag handle", "tags (`!`) are not allowed; put text that begins so in quotes"),
    (
        "unknown escape character",
        "a backslash in double quotes begins a special character; write "
        "it twice, or use single quotes",
    ),
)
"""Words of the parser, and what they mean to a person."""


def _syntax_fault(error: YAMLError, text: str) -> Fault:
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
        code = error.character if isinstance(error.character, int) else ord(error.character)
        return Fault((), f"the character U+{code:04X} is not allowed; take it out", line)
    if not isinstance(error, MarkedYAMLError):
        return Fault((), "this is not YAML")
    said = f"{error.context or ''} {error.problem or ''}"
    meaning = next((plain for words, plain in _PROBLEMS if words in said), "this is not YAML")
    # An open quotation mark is noticed only at the end of the file; where it begins helps.
    open_quote = (error.context or "").startswith("while scanning a quoted scalar")
    at = (error.problem_mark, error.context_mark)
    mark = next((found for found in (reversed(at) if open_quote else at) if found), None)
    if mark is None:
        return Fault((), meaning)
    return Fault((), meaning, mark.line + 1, mark.column + 1)
