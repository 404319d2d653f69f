"""Faults found after a file was read, put back on the lines of that file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sourcemix.errors import InputError
from sourcemix.files.reading import load
from sourcemix.files.source import read_text


@contextmanager
def in_file(path: Path) -> Iterator[None]:
    """Give every `InputError` that is raised inside the file's name, and its faults their lines."""
    try:
        yield
    except InputError as error:
        if error.source:
            raise
        loaded = load(*read_text(path), source=str(path))
        faults = [loaded.placed(fault) for fault in error.faults]
        raise type(error)(faults, source=str(path)) from error
