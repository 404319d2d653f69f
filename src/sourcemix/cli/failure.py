"""Errors for people, and for machines: what is wrong, where, what would be right."""

from __future__ import annotations

import errno
import sys
import traceback
from dataclasses import dataclass
from typing import Any

from sourcemix.cli.exits import Exit
from sourcemix.cli.output import Output
from sourcemix.errors import (
    Fault,
    InputError,
    SolverError,
    TreeTooLarge,
    UnsupportedError,
    VerificationError,
)

_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG})
"""What the system says when a disk is full, read-only or broken."""


MOST = 300
"""Most faults that are printed; who has more has the wrong file, or one fault many times."""


class NotWrittenError(Exception):
    """A result could not be written where the user wanted it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as it is shown.

    Attributes:
        code: exit code.
        message: one or two plain sentences.
        faults: each thing that is wrong.
        source: the file it is about.
        hint: what to do next.
        details: what does not agree, in sentences.
    """

    code: Exit
    message: str
    faults: tuple[Fault, ...] = ()
    source: str = ""
    hint: str = ""
    details: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """The error as the documented JSON."""
        faults = [
            {
                "file": self.source or None,
                "path": list(fault.path),
                "line": fault.line,
                "column": fault.column,
                "message": fault.message,
            }
            for fault in self.faults
        ] + [{"message": text} for text in self.details]
        return {"error": {"code": int(self.code), "message": self.message, "faults": faults}}


def failure_of(error: BaseException) -> Failure:
    """Turn an exception into what is shown."""
    match error:
        case UnsupportedError():
            return Failure(
                Exit.UNSUPPORTED,
                "This version of Sourcemix reads these terms of an event, but cannot award by them "
                "yet.",
                error.faults,
                error.source,
            )
        case InputError():
            return _input(error)
        case TreeTooLarge():
            return Failure(Exit.INPUT, str(error))
        case VerificationError():
            return Failure(
                Exit.NOT_VERIFIED,
                "The independent check does not agree, so the result is not shown.",
                details=error.discrepancies,
                hint="This is a fault of Sourcemix or of the file. Please report it.",
            )
        case NotWrittenError():
            return Failure(Exit.NOT_WRITTEN, str(error))
        case KeyboardInterrupt():
            return Failure(Exit.INTERRUPTED, "Interrupted before there was a result.")
        case SolverError():
            return Failure(Exit.UNEXPECTED, f"The solver failed: {error}")
        case _:
            return _unexpected(error)


def _input(error: InputError) -> Failure:
    if len(error.faults) == 1 and not error.faults[0].path and error.faults[0].line is None:
        head = f"{error.source}: " if error.source else ""
        return Failure(Exit.INPUT, head + error.faults[0].message, source=error.source)
    number = len(error.faults)
    things = "one thing is" if number == 1 else f"{number} things are"
    where = f" in {error.source}" if error.source else ""
    return Failure(Exit.INPUT, f"{things} wrong{where}:".capitalize(), error.faults, error.source)


def _unexpected(error: BaseException) -> Failure:
    if isinstance(error, OSError) and error.errno in _DISK:
        return Failure(Exit.NOT_WRITTEN, f"The output cannot be written: {error.strerror}.")
    return Failure(
        Exit.UNEXPECTED,
        f"Something went wrong inside Sourcemix ({type(error).__name__}).",
        hint="Run it again with -v to see where, and please report it.",
    )


def show(error: BaseException, out: Output) -> Exit:
    """Show an error where the user looks for it, and return its exit code."""
    failure = failure_of(error)
    if out.verbose and failure.code is Exit.UNEXPECTED:
        traceback.print_exception(error, file=sys.stderr)
    if out.json:
        out.data(failure.as_data())
        return failure.code
    errors = out.errors
    errors.print(f"Error: {failure.message}")
    for fault in failure.faults[:MOST]:
        errors.print(f"  {fault}")
    if len(failure.faults) > MOST:
        errors.print(f"  and {len(failure.faults) - MOST} more; --json lists them all")
    for text in failure.details:
        errors.print(f"  {text}")
    if failure.hint:
        errors.print(failure.hint)
    return failure.code
