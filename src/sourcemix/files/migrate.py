"""Bringing files of older versions of the format up to the present one."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sourcemix.errors import Fault, InputError
from sourcemix.files.reading import document_of, load
from sourcemix.files.source import read_text
from sourcemix.files.version import CURRENT, version_of
from sourcemix.files.writing import write

MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""For each old version, what turns its data into that of the next one."""


@dataclass(frozen=True, slots=True)
class Migration:
    """What became of a file.

    Attributes:
        before: version that the file was in.
        after: version that it is in now.
        message: the same in words.
    """

    before: int
    after: int
    message: str

    @property
    def changed(self) -> bool:
        """Whether the file was rewritten."""
        return self.before != self.after


def migrate(path: str | os.PathLike[str]) -> Migration:
    """Bring a file up to the present version of the format, in place.

    Raises:
        FileError: the file cannot be read or written.
        InputError: it does not say its version, is made for a newer Sourcemix, or is faulty.
    """
    loaded = load(*read_text(path), source=str(path))
    before = version_of(loaded.data)
    if isinstance(before, Fault):
        raise InputError([loaded.placed(before)], source=loaded.source)
    if before == CURRENT:
        message = (
            f"nothing to do: the file is in format {CURRENT}, the newest one and so far the only "
            "one"
        )
        return Migration(before, CURRENT, message)
    loaded.data = brought_up(loaded.data, before, CURRENT)
    write(document_of(loaded), path)
    return Migration(before, CURRENT, f"brought up from format {before} to {CURRENT}")


def brought_up(data: dict[str, Any], before: int, after: int) -> dict[str, Any]:
    """The data of one version of the format as that of a later one."""
    for version in range(before, after):
        data = MIGRATIONS[version](data)
    return data
