"""Text of any encoding, as UTF-8."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from sourcemix.register import limits

__all__ = ["is_plain", "lines", "starts_of"]

DOUBLE_BOM = "ï»¿"
"""A byte order mark that was read as cp1252 and written again as UTF-8."""

_BOMS = (codecs.BOM_UTF8, DOUBLE_BOM.encode())
_CHUNK = 2**20


def is_plain(path: Path) -> bool:
    """Whether a file has no oddity that two readers might take differently.

    Oddities are blank lines, noughts, carriage returns alone and backslashes before quotes. That
    it is UTF-8 is not looked at here.
    """
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            seen = tail + chunk
            if any(sign in seen for sign in (b"\0", b"\n\n", b"\n\r", b'\\"')):
                return False
            if b"\r" in seen and seen.count(b"\r") - seen.endswith(b"\r") != seen.count(b"\r\n"):
                return False
            tail = chunk[-1:]
    return True


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    half = len(head) // 2
    if half and head[1::2].count(0) > half // 2:
        return "utf-16-le"
    if half and head[0::2].count(0) > half // 2:
        return "utf-16-be"
    return "utf-8"


def lines(path: Path) -> Iterator[tuple[str, str]]:
    """Lines of a file with their ends, each with the encoding that it was read in.

    A line that is not UTF-8 is read as cp1252: files are put together from several sources.
    """
    encoding = _encoding(path)
    if encoding != "utf-8":
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            for line in file:
                yield line.lstrip("\ufeff").replace("\0", ""), encoding
        return
    with path.open("rb") as file:
        first = True
        for raw in _raw_lines(file):
            if first:
                for mark in (*_BOMS, codecs.BOM_UTF8):
                    raw = raw.removeprefix(mark)
                first = False
            yield _decoded(raw)


def _raw_lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(limits.LONGEST_LINE):
        # A file of an old Mac has carriage returns alone.
        if b"\r" in line[:-2]:
            yield from line.splitlines(keepends=True)
        else:
            yield line


def _decoded(raw: bytes) -> tuple[str, str]:
    try:
        return raw.decode("utf-8").replace("\0", ""), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1252").replace("\0", ""), "cp1252"
    except UnicodeDecodeError:
        return raw.decode("latin-1").replace("\0", ""), "cp1252"


def starts_of(path: Path, count: int) -> list[str]:
    """The first lines of a file."""
    found = []
    for line, _ in lines(path):
        found.append(line)
        if len(found) >= count:
            break
    return found
