"""Writing a document where the user wants it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sourcemix.cli.failure import NotWrittenError
from sourcemix.errors import Fault, InputError

if TYPE_CHECKING:
    from sourcemix.files import Document

SUFFIXES = (".json", ".yaml", ".yml")


def check_place(path: Path | None) -> None:
    """Refuse a place that cannot be written before time is spent on the result.

    Raises:
        InputError: the suffix says no format.
        NotWrittenError: the folder is not there, or may not be written.
    """
    if path is None:
        return
    if path.suffix.lower() not in SUFFIXES:
        right = ", ".join(SUFFIXES)
        raise InputError([Fault(("--out",), f"`{path}` should end in one of {right}")])
    check_folder(path)


def check_folder(path: Path) -> None:
    """Refuse a file whose folder is not there, or a folder in its place.

    Raises:
        NotWrittenError: it cannot be written.
    """
    if not path.parent.is_dir():
        raise NotWrittenError(f"Cannot write {path}: there is no folder {path.parent}.")
    if path.is_dir():
        raise NotWrittenError(f"Cannot write {path}: it is a folder.")
    if not os.access(path.parent, os.W_OK):
        raise NotWrittenError(f"Cannot write {path}: you may not write in {path.parent}.")


def save(document: Document, path: Path | None) -> None:
    """Write a document whole or not at all; None writes nothing.

    Raises:
        NotWrittenError: the disk or the folder refuses it.
    """
    if path is None:
        return
    from sourcemix import files

    try:
        files.write(document, path)
    except InputError as error:
        raise NotWrittenError(str(error)) from error


def save_text(text: str, path: Path) -> None:
    """Write a text whole or not at all.

    Raises:
        NotWrittenError: the disk or the folder refuses it.
    """
    check_folder(path)
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise NotWrittenError(f"Cannot write {path}: {error.strerror or error}.") from error
