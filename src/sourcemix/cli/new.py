"""`sourcemix new`: a commented starter file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sourcemix.cli import options
from sourcemix.cli.output import start
from sourcemix.cli.saving import save_text
from sourcemix.errors import Fault, InputError


class Kind(StrEnum):
    """What can be started."""

    case = "case"
    event = "event"
    quick = "quick"


def new(
    kind: Annotated[Kind, typer.Argument(help="What to start.")] = Kind.case,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Where; case.yaml, event.yaml or quick.csv. - prints it."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite the file if it exists.")
    ] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write a commented starter file.

    It is complete: a case, an event, or rows for `sourcemix quick --csv`.
    """
    from sourcemix.app.new import STARTERS, new_case

    output = start(json=json, quiet=quiet)
    path = out or Path(STARTERS[kind.value])
    if str(path) == "-":
        typer.echo(new_case(kind.value), nl=False)
        return
    if path.exists() and not force:
        fault = Fault(("--out",), f"{path} exists; choose another name, or overwrite with --force")
        raise InputError([fault])
    save_text(new_case(kind.value), path)
    following = {
        Kind.case: f"sourcemix plan {path}",
        Kind.event: f"sourcemix award {path}",
        Kind.quick: f"sourcemix quick --csv {path}",
    }[kind]
    if output.json:
        output.data({"written": str(path), "next": following})
    else:
        output.console.print(f"Written to {path}. Change it, then run: {following}")
