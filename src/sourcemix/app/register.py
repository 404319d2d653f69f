"""What an authority has: reading it, asking about it, and what to do next."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from sourcemix.errors import FileError
from sourcemix.register.choices import Choices, choices
from sourcemix.register.clauses import Clause, enter
from sourcemix.register.held import Held
from sourcemix.register.listing import Listing, listing, mapping_text
from sourcemix.register.mapping import read_mapping
from sourcemix.register.pipeline import Pipeline, pipeline
from sourcemix.register.reading import Asked, Read, read_files
from sourcemix.register.scan import Scan, scan
from sourcemix.register.sharing import share

__all__ = [
    "Clause",
    "budget_round",
    "contract_choices",
    "enter_clause",
    "list_register",
    "read_register",
    "register_mapping",
    "scan_register",
    "share_register",
]


def read_register(
    paths: Sequence[Path],
    store: Path,
    *,
    authority: str = "",
    mapping: Path | None = None,
    schema: Path | None = None,
) -> tuple[Read, ...]:
    """Read files of any kind into a register.

    Raises:
        InputError: what is wrong with any of them, all at once; then nothing is changed.
    """
    corrections = read_mapping(mapping) if mapping else {}
    return read_files(paths, store, Asked(authority, corrections, _schema(schema)))


def _schema(path: Path | None) -> dict[str, object] | None:
    if path is None:
        return None
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise FileError(f"the schema cannot be read: {error}", source=str(path)) from error
    if not isinstance(document, dict) or not isinstance(document.get("properties"), dict):
        raise FileError("not a JSON Schema of a release", source=str(path))
    if any(not reference.startswith("#") for reference in _references(document)):
        raise FileError(
            "refers to other files; give a schema that holds all of its parts: nothing is fetched",
            source=str(path),
        )
    return document


def _references(value: object) -> Iterator[str]:
    """What a schema refers to."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref" and isinstance(inner, str):
                yield inner
            else:
                yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def scan_register(store: Path, on: date) -> Scan:
    """All findings of a register on a day, the gravest first."""
    return scan(store, on)


def contract_choices(store: Path, contract: str, on: date) -> Choices:
    """What can be done with one contract."""
    return choices(store, contract, on)


def budget_round(store: Path, on: date) -> Pipeline:
    """Four years ahead, by category and by financial year."""
    return pipeline(store, on)


def enter_clause(store: Path, contract: str, clause: Clause, on: date) -> Held:
    """Enter what a contract itself says about leaving it."""
    return enter(store, contract, clause, on)


def list_register(store: Path, name: str, most: int | None) -> Listing:
    """List what was read, repaired or set aside."""
    return listing(store, name, most)


def register_mapping(store: Path) -> str:
    """How columns were recognised, as a file that can be corrected."""
    return mapping_text(store)


def share_register(store: Path, folder: Path) -> tuple[Path, ...]:
    """Write a register as Parquet files."""
    return share(store, folder)
