"""Options that commands share, and where their defaults come from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[
    bool, typer.Option("--json", help="Write the document as JSON to standard output, alone.")
]
Verbose = Annotated[
    int,
    typer.Option(
        "--verbose", "-v", count=True, help="Say on standard error what is done; -vv says more."
    ),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Show no progress and no notes, only the answer.")
]
Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="Also write the document here: .json, .yaml or .yml."),
]
Gap = Annotated[
    float | None,
    typer.Option(
        "--gap",
        min=0,
        max=1,
        help="Stop when the result is proven to be within this share of the best: 0.01 is 1%, "
        "0 asks for the best.",
    ),
]
Time = Annotated[
    float | None,
    typer.Option("--time", min=0.1, max=1e7, help="Stop after so many seconds."),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed", min=0, max=2**31 - 1, help="Seed of the search; same seed, same result."
    ),
]
Compare = Annotated[
    bool,
    typer.Option(
        "--compare",
        help="Also plan baselines and the chain of plans that says what flexibility is worth.",
    ),
]
Nodes = Annotated[
    int | None, typer.Option("--nodes", min=1, help="Most nodes of the tree of futures.")
]


@dataclass(frozen=True, slots=True)
class Search:
    """How to search: the options given, over the environment, over the defaults.

    Attributes:
        gap: None where neither says: then the case decides.
        seconds: time limit.
        seed: seed of the search.
        nodes: most nodes of the tree.
    """

    gap: float | None
    seconds: float
    seed: int
    nodes: int


def search(
    gap: float | None = None,
    time: float | None = None,
    seed: int | None = None,
    nodes: int | None = None,
) -> Search:
    """Put the options over the environment.

    Raises:
        InputError: a `SOURCEMIX_*` variable cannot be used.
    """
    from sourcemix import settings

    around = settings.load()
    return Search(
        gap=around.gap if gap is None else gap,
        seconds=around.time if time is None else time,
        seed=around.seed if seed is None else seed,
        nodes=around.nodes if nodes is None else nodes,
    )
