"""The version of the file format that a document says it is written in."""

from __future__ import annotations

from typing import Any

from sourcemix.errors import Fault

CURRENT = 1
"""The version that this Sourcemix reads and writes."""

MISSING = (
    f"missing field `sourcemix`: add the line `sourcemix: {CURRENT}` at the top of the file "
    f'(JSON: `"sourcemix": {CURRENT},`); it says which version of the format the file is in'
)
"""What to do about a file that does not say its version."""


def version_of(data: dict[str, Any]) -> int | Fault:
    """The version that a document states, or why it cannot be read."""
    if "sourcemix" not in data:
        return Fault((), MISSING)
    stated = data["sourcemix"]
    path = ("sourcemix",)
    text = str(stated).strip()
    if isinstance(stated, bool | None) or not (text.isascii() and text.isdigit()):
        return Fault(path, f"should be {CURRENT}, the version of the format; it is `{text[:40]}`")
    if len(text) > 9 or int(text) > CURRENT:
        return Fault(
            path,
            f"made for a newer Sourcemix (format {text[:40]}; this one reads format {CURRENT}): "
            "install the newest Sourcemix",
        )
    if int(text) < 1:
        return Fault(path, f"there is no format {text}; it should be {CURRENT}")
    return int(text)
