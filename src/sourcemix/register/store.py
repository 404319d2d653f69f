"""The store: one DuckDB file, changed as a whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from sourcemix.errors import FileError

__all__ = ["Connection", "change", "look", "memory", "one"]

Connection = duckdb.DuckDBPyConnection

VERSION = 1
"""Version of the tables; a store of another version is read again from its files."""

_MEMORY = "450MB"
"""What the database may hold in memory before it moves work to disk."""

_SAFE = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "enable_progress_bar": "false",
    "memory_limit": f"'{_MEMORY}'",
    "threads": str(min(4, os.cpu_count() or 1)),
}


def one(con: Connection, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...]:
    """The first row of an answer; an answer without rows is a fault of ours."""
    return con.execute(query, list(values)).fetchall()[0]


def _connected(path: Path | None, scratch: Path | None, *, read_only: bool) -> Connection:
    config: dict[str, str | bool | int | float | list[str]] = {}
    if read_only:
        config["enable_external_access"] = "false"
    con = duckdb.connect(str(path or ":memory:"), read_only=read_only, config=config)
    for name, value in _SAFE.items():
        con.execute(f"SET {name}={value}")
    if scratch is not None:
        con.execute("SET temp_directory=?", [str(scratch)])
    return con


@contextlib.contextmanager
def look(path: Path) -> Iterator[Connection]:
    """Open a store to ask it questions; it is not changed.

    Raises:
        FileError: it is absent, no store, in use or of another version.
    """
    if not path.is_file():
        raise FileError(
            "there is no such register; `sourcemix register read FILES --out` makes one",
            source=str(path),
        )
    try:
        con = _connected(path, None, read_only=True)
    except duckdb.Error as error:
        raise FileError(
            "not a register that can be opened: damaged, in use or of another kind",
            source=str(path),
        ) from error
    try:
        _check_version(con, path)
        yield con
    finally:
        con.close()


@contextlib.contextmanager
def memory() -> Iterator[Connection]:
    """An empty store in memory, for tests and trials."""
    con = _connected(None, None, read_only=False)
    try:
        con.execute(_tables())
        yield con
    finally:
        con.close()


@contextlib.contextmanager
def change(path: Path, scratch: Path) -> Iterator[tuple[Connection, list[bool]]]:
    """Change a store, or make it, on a copy that takes its place at the very end.

    Whatever goes wrong in between, even the end of the process, leaves the store as it was. The
    list says whether there is anything to keep: append to it.

    Raises:
        FileError: it cannot be written, is in use, or is no store of this version.
    """
    draft = path.with_name(f".{path.name}.part")
    with _locked(path):
        try:
            for left in (draft, draft.with_name(draft.name + ".wal")):
                left.unlink(missing_ok=True)
            if path.exists():
                shutil.copyfile(path, draft)
            con = _connected(draft, scratch, read_only=False)
        except duckdb.Error as error:
            draft.unlink(missing_ok=True)
            raise FileError("not a register that can be opened", source=str(path)) from error
        except OSError as error:
            raise FileError(f"cannot be written: {error.strerror}", source=str(path)) from error
        changed: list[bool] = []
        try:
            if path.exists():
                _check_version(con, path)
            else:
                con.execute(_tables())
            yield con, changed
            con.execute("CHECKPOINT")
            con.close()
            if changed or not path.exists():
                _replace(draft, path)
        finally:
            con.close()
            for left in (draft, draft.with_name(draft.name + ".wal")):
                left.unlink(missing_ok=True)


def _replace(draft: Path, path: Path) -> None:
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(path)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time change a store; the lock ends with the process."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    try:
        lock = path.with_name(f".{path.name}.lock").open("w")
    except OSError as error:
        raise FileError(f"cannot be written: {error.strerror}", source=str(path)) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise FileError("another import is writing to it", source=str(path)) from error
        yield
        Path(lock.name).unlink(missing_ok=True)


def _check_version(con: Connection, path: Path) -> None:
    try:
        version = one(con, "SELECT version FROM about")[0]
    except (duckdb.Error, IndexError) as error:
        raise FileError("not a register made by Sourcemix", source=str(path)) from error
    if version != VERSION:
        raise FileError(
            "a register made by another version; read the files again into a new one",
            source=str(path),
        )


def _tables() -> str:
    file = resources.files(__package__).joinpath("data", "tables.sql")
    return file.read_text(encoding="utf-8")
