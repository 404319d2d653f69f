"""Where a command writes: tables and documents to standard output, all else to standard error."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from typing import Any

import simplejson
from rich.console import Console


class _Plain(Console):
    """A console that leaves a broken pipe to the one place that handles it."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


@dataclass(frozen=True, slots=True)
class Output:
    """What the user asked to see.

    Attributes:
        json: the document on standard output, and nothing else there.
        verbose: how many `-v`.
        quiet: nothing on standard error but errors.
    """

    json: bool = False
    verbose: int = 0
    quiet: bool = False

    @property
    def console(self) -> Console:
        """For the answer."""
        return _Plain(file=sys.stdout, soft_wrap=False, highlight=False, emoji=False, markup=False)

    @property
    def errors(self) -> Console:
        """For progress, notes and errors."""
        return _Plain(file=sys.stderr, soft_wrap=True, highlight=False, emoji=False, markup=False)

    def note(self, text: str) -> None:
        """Say something beside the answer."""
        if not self.quiet:
            self.errors.print(text)

    def document(self, text: str) -> None:
        """Write a document to standard output as it stands."""
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()

    def data(self, value: Any) -> None:
        """Write plain data to standard output as JSON; dates as text, amounts as numbers."""
        text = simplejson.dumps(
            value, indent=2, ensure_ascii=False, use_decimal=True, default=date.isoformat
        )
        self.document(text)


def start(*, json: bool = False, verbose: int = 0, quiet: bool = False) -> Output:
    """Set up logging and say where to write.

    Raises:
        InputError: a `SOURCEMIX_*` variable cannot be used.
    """
    from sourcemix import logs, settings

    logs.start(verbose, settings.load().log)
    return Output(json, verbose, quiet)
