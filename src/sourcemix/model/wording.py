"""Phrases that faults share: what a name may have been meant to be, lists in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

MANY = 1000
"""Beyond this many names, only those that begin alike are compared."""
FEW = 8
"""Up to this many names, all of them are shown where none is close."""

ONE = {
    "agreements": "agreement",
    "bids": "bid",
    "drivers": "driver",
    "forms": "form",
    "frameworks": "framework",
    "indices": "index",
    "lots": "lot",
    "offers": "offer",
    "outcomes": "outcome",
    "rules": "rule",
    "services": "service",
    "suppliers": "supplier",
}
"""What one entry of each list of a document is called."""


def quoted(names: Iterable[str], last: str = "or") -> str:
    """Names in words: "`a`, `b` or `c`"."""
    marked = [f"`{name}`" for name in names]
    if len(marked) < 2:
        return "".join(marked)
    return f"{', '.join(marked[:-1])} {last} {marked[-1]}"


def closest(name: str, names: Collection[str]) -> str | None:
    """The name that was probably meant, if one is close."""
    if len(names) > MANY:
        names = [other for other in names if other[:1].lower() == name[:1].lower()]
    by_lower = {other.lower(): other for other in sorted(names)}
    found = get_close_matches(name.lower(), by_lower, n=1) if len(by_lower) <= MANY else []
    return by_lower[found[0]] if found else None


def hint(name: str, names: Collection[str]) -> str:
    """What may have been meant, as the end of a sentence; empty where nothing can be said."""
    close = closest(name, names)
    if close is not None:
        return f"; did you mean `{close}`?"
    if 0 < len(names) <= FEW:
        return f"; there {'is' if len(names) == 1 else 'are'} {quoted(sorted(names), 'and')}"
    return ""


def unknown(name: str, names: Collection[str], where: str) -> str:
    """That a name is not in a list, and which one may have been meant."""
    return f"{ONE[where]} `{name}` is not in `{where}`{hint(name, names)}"
