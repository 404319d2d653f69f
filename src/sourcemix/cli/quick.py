"""`sourcemix quick`: a first answer from five answers per service."""

from __future__ import annotations

import itertools
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from sourcemix.cli import options
from sourcemix.cli.output import start
from sourcemix.cli.saving import check_place, save
from sourcemix.errors import Fault, InputError


def quick(  # noqa: PLR0913 - one parameter for each option
    csv: Annotated[
        Path | None,
        typer.Option("--csv", help="A CSV file: what, annual_cost, who, ends, outlook."),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Where the draft case goes: .yaml or .json.")
    ] = Path("draft.yaml"),
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite the draft if it exists.")
    ] = False,
    authority: Annotated[str, typer.Option(help="Whose question it is.")] = "Your authority",
    today: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day to count from; today if left out."),
    ] = None,
    json: options.Json = False,
    time: options.Time = None,
    seed: options.Seed = None,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
) -> None:
    """Get a first answer from five questions.

    Five for each service, asked at the terminal or read from a CSV file.
    """
    from sourcemix.app.quick import SECONDS, quick
    from sourcemix.app.quick_input import read_quick
    from sourcemix.cli.questions import ask
    from sourcemix.report.quick_page import print_first_answer

    output = start(json=json, verbose=verbose, quiet=quiet)
    check_place(out)
    if out.exists() and not force:
        fault = Fault(("--out",), f"{out} exists; choose another name, or overwrite with --force")
        raise InputError([fault])
    services = read_quick(csv) if csv is not None else ask(output)
    count = itertools.count(1)
    how = options.search(time=time, seed=seed)
    draft, answer = quick(
        services,
        today=today.date() if today else date.today(),
        authority=authority,
        seconds=SECONDS if time is None else how.seconds,
        seed=how.seed,
        on_service=lambda name: output.note(
            f"Looking at {name} ({next(count)} of {len(services)})"
        ),
    )
    save(draft, out)
    if output.json:
        output.data({"draft": str(out), **asdict(answer)})
    else:
        print_first_answer(answer, output.console)
        output.note(
            f"\nThe draft case is in {out}. Put real figures in it, then run: sourcemix plan {out}"
        )
