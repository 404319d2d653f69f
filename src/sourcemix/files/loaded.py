"""What a file holds before it becomes a document: plain data, and where each value stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from sourcemix.errors import Fault, Path

DEEPEST = 40
"""Deepest nesting accepted; a case needs some eight levels."""
TOO_DEEP = f"is nested more than {DEEPEST} levels deep; no case or event needs that"
"""Why a deeply nested file is refused."""
TOO_EXTREME = (
    "is far beyond any figure that makes sense here; write it out in full, or put a name in quotes"
)
"""Why a number with a huge exponent is refused: written out it would fill the memory."""

_EXTREME = re.compile(r"\s*[-+]?[\d_.]+[eE][-+]?[\d_]{3,}\s*")


@dataclass(slots=True)
class Mark:
    """Where a value stands, and where those inside it do.

    Attributes:
        line: from 1.
        column: from 1.
        below: marks of the entries of a mapping or list.
    """

    line: int
    column: int
    below: dict[str | int, Mark] = field(default_factory=dict)


@dataclass(slots=True)
class Loaded:
    """A file as plain data.

    Attributes:
        data: dictionaries, lists and scalars.
        source: name of the file, for messages.
        mark: where it stands; None where the format has no lines.
        faults: what is wrong with the writing itself, such as fields given twice.
    """

    data: Any
    source: str = ""
    mark: Mark | None = None
    faults: list[Fault] = field(default_factory=list)

    def placed(self, fault: Fault) -> Fault:
        """The fault with the line and column that its path leads to."""
        if fault.line is not None or self.mark is None:
            return fault
        mark = self.mark
        for step in fault.path:
            if step not in mark.below:
                break
            mark = mark.below[step]
        return Fault(fault.path, fault.message, mark.line, mark.column)

    def position(self, path: Path) -> tuple[int, ...]:
        """Where a path leads, as a sort key: the order of the document."""
        at: list[int] = []
        value = self.data
        for step in path:
            if isinstance(value, dict):
                order = list(value)
                at.append(order.index(step) if step in value else len(order))
                value = value.get(step)
            elif isinstance(step, int):
                at.append(step)
                value = value[step] if isinstance(value, list) and step < len(value) else None
        return tuple(at)


def extreme(text: str) -> bool:
    """Whether a text is a number with an exponent of three digits or more."""
    return ("e" in text or "E" in text) and _EXTREME.fullmatch(text) is not None
