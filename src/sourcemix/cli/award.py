"""`sourcemix award`: the best award of an event."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sourcemix.cli import options
from sourcemix.cli.exits import exit_for
from sourcemix.cli.failure import NotWrittenError
from sourcemix.cli.output import start
from sourcemix.cli.saving import check_place, save
from sourcemix.engine import standby


def award(
    event: Annotated[Path, typer.Argument(help="The event, as YAML or JSON.")],
    out: options.Out = None,
    json: options.Json = False,
    gap: options.Gap = None,
    time: options.Time = None,
    seed: options.Seed = None,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
) -> None:
    """Find, prove and check the best award of an event."""
    standby.warm()
    from sourcemix import files
    from sourcemix.app.award import award_event
    from sourcemix.app.placed import in_file
    from sourcemix.cli.progress import shown
    from sourcemix.report.award_page import print_award

    output = start(json=json, verbose=verbose, quiet=quiet)
    check_place(out)
    how = options.search(gap, time, seed)
    read = files.read_event(event)
    with in_file(event), shown(output) as board:
        found = award_event(
            read,
            gap=how.gap,
            seconds=how.seconds,
            seed=how.seed,
            on_progress=None if board is None else board.tell,
        )
    try:
        save(found, out)
    except NotWrittenError:
        # The answer may have taken minutes to find: a full disk must not cost it.
        if not output.json:
            print_award(found, output.console)
        raise
    if output.json:
        output.document(files.dumps(found, "json"))
    else:
        print_award(found, output.console)
        if out is not None:
            output.note(f"Written to {out}.")
    raise typer.Exit(exit_for(found.status, found.reason))
