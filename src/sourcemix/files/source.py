"""Getting the text of a file, or saying plainly why not."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Literal

from sourcemix.errors import FileError

Format = Literal["yaml", "json"]

LARGEST: dict[Format, int] = {"yaml": 5_000_000, "json": 95_000_000}
"""Largest file accepted of each format, in bytes."""

_BY_SUFFIX: dict[str, Format] = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_text(path: str | os.PathLike[str]) -> tuple[str, Format]:
    """The text of a file, and the format that its name or its first character tells.

    Raises:
        FileError: it is absent, a folder, too large, empty, a workbook, or not text in UTF-8.
    """
    path = Path(path)
    source = str(path)
    size = _size(path)
    if path.suffix.lower() in _WORKBOOKS:
        raise FileError(_WORKBOOK, source=source)
    format_ = _BY_SUFFIX.get(path.suffix.lower())
    check_size(size, format_ or "json", source)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileError(_why(error), source=source) from None
    text = _decoded(data, source)
    if format_ is None:
        format_ = "json" if text.lstrip()[:1] in ("{", "[") else "yaml"
    check_size(len(data), format_, source)
    return text, format_


def check_size(size: int, format_: Format, source: str) -> None:
    """Refuse what is too large before anything is done with it.

    Raises:
        FileError: it is.
    """
    if size <= LARGEST[format_]:
        return
    advice = "; save it as JSON, which is read much faster" if format_ == "yaml" else ""
    raise FileError(
        f"the file has {size // 1_000_000} MB; {format_.upper()} files may have up to "
        f"{LARGEST[format_] // 1_000_000} MB{advice}",
        source=source,
    )


_WORKBOOK = (
    "this is a workbook; reading workbooks comes later: save it as YAML (`.yaml`) or JSON (`.json`)"
)


def _size(path: Path) -> int:
    try:
        found = path.stat()
    except OSError as error:
        raise FileError(_why(error), source=str(path)) from None
    except ValueError:
        raise FileError("this cannot be the name of a file", source=str(path)) from None
    if stat.S_ISDIR(found.st_mode):
        raise FileError("this is a folder; name a file in it", source=str(path))
    if not stat.S_ISREG(found.st_mode):
        raise FileError("this is not a file", source=str(path))
    return found.st_size


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "there is no such file; check the name and the folder"
    if isinstance(error, PermissionError):
        return "you may not read this file; ask its owner"
    return f"the file cannot be read: {error.strerror or 'unknown reason'}"


def _decoded(data: bytes, source: str) -> str:
    if data.startswith((_ZIP, _OLE)):
        raise FileError(_WORKBOOK, source=source)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileError("the file is in UTF-16; save it as UTF-8", source=source)
    if b"\x00" in data:
        raise FileError("this is not a text file; give a YAML or JSON file", source=source)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(
            f"the file is not in UTF-8 (first at line {line}); save it as UTF-8", source=source
        ) from None
    if not text.strip():
        raise FileError("the file is empty", source=source)
    return text
