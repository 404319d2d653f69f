"""The table "terms × tests" of the reference pages: written from a full census, read by a test."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.differential.census_rules import CENSUS
from tests.differential.rounds import Tally, all_cases

CASES = 10_000
PAGE = REPOSITORY / "docs" / "reference" / "tests-of-terms.md"
WORKED = REPOSITORY / "docs" / "explanation" / "worked"
ROW = re.compile(r"^\| ([^|]+) \| ([\d,]+) \| ([\d,]+) of ([\d,]+) \|", re.MULTILINE)
COVERS = re.compile(r"^% covers: (.*)$", re.MULTILINE)
Figures = tuple[int, int, int]
"""Cases with a term, those also planned without it, those in which that made a difference."""
RULE = "|---|---:|---:|---|---|\n"
"""The line of the page below which the table stands."""


def pages() -> dict[str, set[str]]:
    """What each worked example says it covers."""
    return {
        path.stem: {
            name
            for line in COVERS.findall(path.read_text(encoding="utf-8"))
            for name in line.split()
        }
        for path in sorted(WORKED.glob("*.md"))
    }


def row(name: str, figures: Figures, found: dict[str, set[str]]) -> str:
    """A line of the table."""
    occurs, tried, counts = figures
    about = set(CENSUS[name].covers.split())
    worked = [
        f"[{page}](../explanation/worked/{page}.md)" for page, c in found.items() if c & about
    ]
    golden = [f"`{stem}`" for stem in CENSUS[name].golden.split()]
    return (
        f"| {name} | {occurs:,} | {counts:,} of {tried:,} "
        f"| {', '.join(worked)} | {', '.join(golden)} |"
    )


def written(page: str) -> dict[str, Figures]:
    """The figures of the table by term."""
    return {
        name: (_number(occurs), _number(tried), _number(counts))
        for name, occurs, counts, tried in ROW.findall(page)
    }


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def shown(tally: Tally) -> str:
    """The rows of the table."""
    found = pages()
    rows = [
        row(name, (tally.occurs[name], tally.tried[name], tally.counts[name]), found)
        for name in CENSUS
    ]
    return "\n".join(rows) + "\n"


def main(path: Path = PAGE) -> None:
    """Write the table anew."""
    tally = all_cases(CASES)
    for seed, wrong in sorted(tally.wrong.items()):
        sys.stdout.write(f"{seed}: {wrong}\n")
    head, rule, _ = path.read_text(encoding="utf-8").partition(RULE)
    path.write_text(head + rule + shown(tally), encoding="utf-8")


if __name__ == "__main__":
    main()
