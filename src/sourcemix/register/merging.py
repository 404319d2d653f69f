"""Releases of one process into one compiled release, under merge rules of our own.

Rules say which lists are taken whole and which fields are left out; everything else follows from
the standard: objects of a list are merged by their `id`. The rules of the standard's own fields
are in a small data file, so that nothing is fetched; `--schema` takes a full schema instead.
"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import ocdsmerge
from ocdsmerge.exceptions import OCDSMergeError

__all__ = ["compiled", "rules", "unversioned"]

Rules = dict[tuple[str, ...], str]


@cache
def rules(version: str) -> Rules:
    """Merge rules of version `1.0` or `1.1` of the standard; of 1.1 for any other."""
    file = resources.files(__package__).joinpath("data", "merge_rules.csv")
    rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    wanted = "1.0" if version == "1.0" else "1.1"
    return {tuple(row["path"].split(".")): row["rule"] for row in rows if row["version"] == wanted}


def compiled(
    releases: Sequence[Mapping[str, Any]],
    version: str = "1.1",
    schema: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], str]:
    """The compiled release of one process, and a note where the releases do not allow it.

    Args:
        releases: its releases; those without a date count as the earliest.
        version: version of the standard.
        schema: a full schema in place of our own rules.
    """
    usable = [{**release, "date": _date(release)} for release in releases]
    merger = (
        ocdsmerge.Merger(schema=dict(schema))
        if schema is not None
        else ocdsmerge.Merger(merge_rules=rules(version))
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return merger.create_compiled_release(usable), ""
        except (OCDSMergeError, TypeError, AttributeError, RecursionError) as error:
            last = max(usable, key=lambda release: release["date"])
            return dict(last), f"not merged ({type(error).__name__}): the latest release stands"


def _date(release: Mapping[str, Any]) -> str:
    date = release.get("date")
    return date if isinstance(date, str) and date else "0001-01-01T00:00:00Z"


def unversioned(value: Any) -> Any:
    """The last values of a versioned release."""
    if isinstance(value, dict):
        return {key: unversioned(inner) for key, inner in value.items()}
    if isinstance(value, list):
        if value and all(
            isinstance(v, dict) and "releaseDate" in v and "value" in v for v in value
        ):
            return value[-1]["value"]
        return [unversioned(inner) for inner in value]
    return value
