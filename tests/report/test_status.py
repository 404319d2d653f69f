"""Which route did what, in a sentence."""

from __future__ import annotations

import pytest

from sourcemix.report.status import route_words

LARGE = "Planned by the search for large cases"


@pytest.mark.parametrize(
    ("route", "plan", "bound", "words"),
    [
        ("exact", "exact", "exact", "Planned by the exact model."),
        ("search", "search", "search", f"{LARGE}."),
        (
            "search",
            "exact",
            "search",
            f"{LARGE}: the exact model found the plan and the search proved the bound.",
        ),
        (
            "both",
            "exact",
            "exact",
            f"{LARGE} and the exact model side by side: the exact model found the plan and proved "
            "the bound.",
        ),
        ("search", None, "search", f"{LARGE}: the search proved the bound."),
        (None, None, None, ""),
    ],
)
def test_who_did_what(route: str | None, plan: str | None, bound: str | None, words: str) -> None:
    assert route_words({"route": route, "plan_by": plan, "bound_by": bound}) == words
