"""The errors that Sourcemix raises on purpose.

::

    SourcemixError
    ├── InputError (also ValueError)      what was given cannot be used
    │   ├── FileError                     a file cannot be read or written
    │   └── UnsupportedError              a term that this version cannot award by
    ├── TreeTooLarge                      the drivers make more nodes than allowed
    ├── SolverError (also RuntimeError)   the solver's process failed
    └── VerificationError                 a result does not survive being recomputed

Every `InputError` carries all the faults of an input at once, each with its place,
what is wrong and what would be right. Their texts are written for the person who
made the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "Fault",
    "FileError",
    "InputError",
    "SolverError",
    "SourcemixError",
    "TreeTooLarge",
    "UnsupportedError",
    "VerificationError",
]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where.

    Attributes:
        path: keys and positions (from 0) that lead to the value in the document.
        message: what is wrong and what would be right, in plain English.
        line: line of the file (from 1), where the format has lines.
        column: column of that line (from 1).
    """

    path: Path
    message: str
    line: int | None = None
    column: int | None = None

    @property
    def place(self) -> str:
        """The place in words: `line 31`, or the path `offers[2].supplier`."""
        if self.line is not None:
            return f"line {self.line}"
        return dotted(self.path)

    def __str__(self) -> str:
        where = self.place
        if self.line is not None and self.path:
            where = f"{where}, {dotted(self.path)}"
        return f"{where}: {self.message}" if where else self.message


def dotted(path: Path) -> str:
    """Write a path as `offers[2].supplier`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


class SourcemixError(Exception):
    """Anything that Sourcemix raises on purpose."""


class InputError(SourcemixError, ValueError):
    """What was given cannot be used; `faults` says why, all at once."""

    def __init__(self, faults: Iterable[Fault] | str, *, source: str = "") -> None:
        """Keep the faults; a plain text becomes a single fault without a place."""
        self.faults: tuple[Fault, ...] = (
            (Fault((), faults),) if isinstance(faults, str) else tuple(faults)
        )
        self.source = source
        head = f"{source}: " if source else ""
        super().__init__("\n".join(f"{head}{fault}" for fault in self.faults))


class FileError(InputError):
    """A file cannot be read or written: absent, too large, of the wrong kind."""


class UnsupportedError(InputError):
    """The input uses terms that this version knows but cannot yet award by."""


class TreeTooLarge(SourcemixError):
    """The drivers make a tree of more nodes than the node budget allows."""


class SolverError(SourcemixError, RuntimeError):
    """The process that solves the model ended without an answer."""


class VerificationError(SourcemixError):
    """A plan or award does not survive being recomputed from its inputs."""

    def __init__(self, discrepancies: Iterable[str]) -> None:
        """Keep each discrepancy as a sentence."""
        self.discrepancies = tuple(discrepancies)
        super().__init__("\n".join(self.discrepancies))
