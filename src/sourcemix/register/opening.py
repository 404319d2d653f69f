"""Opening files of any kind: what they are, unpacked with care into a scratch folder."""

from __future__ import annotations

import gzip
import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from sourcemix.errors import FileError
from sourcemix.register import limits

__all__ = ["Piece", "digest", "pieces"]

Form = Literal["text", "json", "book"]
_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Piece:
    """One readable part of a file.

    Attributes:
        name: name of the file, with the member of an archive after a colon.
        path: where its bytes are now.
        form: `text` for a table as text, `json`, or `book` for a spreadsheet.
    """

    name: str
    path: Path
    form: Form


def digest(path: Path) -> str:
    """SHA-256 of a file.

    Raises:
        FileError: it is absent, a folder or cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror}", source=str(path)) from error


def pieces(path: Path, scratch: Path) -> Iterator[Piece]:
    """The readable parts of a file, unpacked into a scratch folder where needed.

    Raises:
        FileError: it is of no kind that we read, or unpacks to more than is sensible.
    """
    budget = _Budget(path)
    try:
        yield from _open(path, path.name, scratch, budget, 0)
    except (zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, EOFError) as error:
        raise FileError(f"the archive is damaged: {error}", source=str(path)) from error
    except NotImplementedError as error:
        raise FileError(f"the archive cannot be unpacked: {error}", source=str(path)) from error
    except RuntimeError as error:
        raise FileError("the archive is locked with a password", source=str(path)) from error
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror or error}", source=str(path)) from error


class _Budget:
    """How many more bytes may be unpacked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.packed = max(1, path.stat().st_size) if path.exists() else 1
        self.spent = 0

    def spend(self, count: int) -> None:
        self.spent += count
        most = max(limits.FREE_UNPACKED, self.packed * limits.LARGEST_RATIO)
        if self.spent > min(most, limits.LARGEST_UNPACKED):
            raise FileError(
                f"it unpacks to more than {limits.LARGEST_RATIO} times its size, as only a "
                "file made to do harm does; unpack it yourself and read what is in it",
                source=str(self.path),
            )


def _open(path: Path, name: str, scratch: Path, budget: _Budget, depth: int) -> Iterator[Piece]:
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"\x1f\x8b"):
        plain = _fresh(scratch)
        with gzip.open(path, "rb") as packed:
            _unpack(packed, plain, budget)
        yield from _deeper(plain, name.removesuffix(".gz"), scratch, budget, depth)
    elif head.startswith(b"PK"):
        yield from _zip(path, name, scratch, budget, depth)
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        _small_enough(path.stat().st_size, budget)
        yield Piece(name, path, "book")
    elif head.startswith(b"%PDF"):
        raise FileError("a PDF holds no table that can be read; ask for it as CSV or Excel",
                        source=name)  # fmt: skip
    elif re.match(rb"(?is)\s*(?:<!doctype|<html|<\?xml|<table|<style|<meta)", _no_mark(head)):
        raise FileError(
            "a web page or XML, whatever it is called; open it and save it as CSV or Excel",
            source=name,
        )
    elif (form := _form(head)) is not None:
        yield Piece(name, path, form)
    elif not _no_mark(head).strip():
        raise FileError("the file is empty", source=name)
    else:
        raise FileError(
            "not a kind of file that is read here: give CSV, Excel, OpenDocument or JSON, "
            "also packed as .gz or .zip",
            source=name,
        )


def _no_mark(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf")


def _form(head: bytes) -> Form | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    sample = _no_mark(head).lstrip()
    if not sample:
        return None
    if sample[:1] == b"{" or (sample[:1] == b"[" and sample[1:].lstrip()[:1] in b"{]"):
        return "json"
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) // 4:
        return "text"
    control = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return "text" if control <= len(head) // 50 else None


def _zip(path: Path, name: str, scratch: Path, budget: _Budget, depth: int) -> Iterator[Piece]:
    with zipfile.ZipFile(path) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        names = {info.filename for info in members}
        if len(members) > limits.MOST_MEMBERS:
            raise FileError(f"the archive holds more than {limits.MOST_MEMBERS:,} files",
                            source=name)  # fmt: skip
        if names & {"xl/workbook.xml", "xl/workbook.bin"} or _is_ods(archive, names):
            _small_enough(sum(_true_size(path, info) for info in members), budget)
            yield Piece(name, path, "book")
            return
        wanted = [
            info
            for info in sorted(members, key=lambda info: info.filename)
            if not info.filename.startswith("__MACOSX/")
            and not info.filename.rpartition("/")[2].startswith((".", "~$"))
        ]
        if not wanted:
            raise FileError("the archive holds no file", source=name)
        for info in wanted:
            plain = _fresh(scratch)
            with archive.open(info) as packed:
                _unpack(packed, plain, budget)
            inner = info.filename.replace("\\", "/").rpartition("/")[2]
            yield from _deeper(plain, f"{name}:{inner}", scratch, budget, depth)


def _is_ods(archive: zipfile.ZipFile, names: set[str]) -> bool:
    if "mimetype" not in names or "content.xml" not in names:
        return False
    with archive.open("mimetype") as file:
        return b"opendocument.spreadsheet" in file.read(200)


def _true_size(path: Path, info: zipfile.ZipInfo) -> int:
    """Bytes that a member really unpacks to, whatever it says of itself.

    Whoever makes an archive writes the sizes in it; other readers may not stop at them.
    """
    if info.compress_type == zipfile.ZIP_STORED:
        return info.compress_size
    with path.open("rb") as file:
        file.seek(info.header_offset + 26)
        name_length, extra_length = struct.unpack("<HH", file.read(4))
        file.seek(name_length + extra_length, 1)
        inflate, left, size = zlib.decompressobj(-15), info.compress_size, 0
        while left > 0 and size <= limits.LARGEST_WORKBOOK and not inflate.eof:
            packed = file.read(min(left, 2**14))
            if not packed:
                break
            left -= len(packed)
            size += len(inflate.decompress(packed))
    return size


def _small_enough(size: int, budget: _Budget) -> None:
    if size > limits.LARGEST_WORKBOOK:
        raise FileError(
            "the workbook is too large to be read safely; save its sheets as CSV and read those",
            source=str(budget.path),
        )


def _deeper(path: Path, name: str, scratch: Path, budget: _Budget, depth: int) -> Iterator[Piece]:
    if depth >= limits.DEEPEST:
        raise FileError("archives are packed too deep in one another", source=name)
    try:
        yield from _open(path, name, scratch, budget, depth + 1)
    finally:
        path.unlink(missing_ok=True)


def _unpack(packed: IO[bytes] | gzip.GzipFile, plain: Path, budget: _Budget) -> None:
    with plain.open("wb") as out:
        while chunk := packed.read(_CHUNK):
            budget.spend(len(chunk))
            out.write(chunk)


def _fresh(scratch: Path) -> Path:
    number = sum(1 for _ in scratch.iterdir())
    while (place := scratch / f"piece{number}").exists():
        number += 1
    return place
