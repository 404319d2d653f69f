"""`sourcemix plan`: the best plan for a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sourcemix.cli import options
from sourcemix.cli.exits import exit_for
from sourcemix.cli.failure import NotWrittenError
from sourcemix.cli.output import Output, start
from sourcemix.cli.saving import check_place, save
from sourcemix.engine import standby

if TYPE_CHECKING:
    from sourcemix.model.case import Case


def plan(  # noqa: PLR0913 - one parameter for each option
    case: Annotated[Path, typer.Argument(help="The case, as YAML or JSON.")],
    out: options.Out = None,
    json: options.Json = False,
    gap: options.Gap = None,
    time: options.Time = None,
    seed: options.Seed = None,
    nodes: options.Nodes = None,
    compare: options.Compare = False,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
) -> None:
    """Find, prove and check the best plan of a case."""
    standby.warm()
    from sourcemix import files

    output = start(json=json, verbose=verbose, quiet=quiet)
    check_place(out)
    how = options.search(gap, time, seed, nodes)
    plan_and_show(files.read_case(case), how, output, out, case, compare=compare)


def plan_and_show(
    case: Case,
    how: options.Search,
    output: Output,
    out: Path | None,
    source: Path,
    *,
    compare: bool = False,
) -> None:
    """Plan a case, show the plan, and leave with its exit code.

    Raises:
        Exit: always, with the code of the result.
    """
    from sourcemix import files
    from sourcemix.app.placed import in_file
    from sourcemix.app.plan import plan_case
    from sourcemix.cli.progress import shown
    from sourcemix.report.plan_page import print_plan

    with in_file(source), shown(output) as board:
        found = plan_case(
            case,
            gap=how.gap,
            seconds=how.seconds,
            seed=how.seed,
            nodes=how.nodes,
            compare=compare,
            on_progress=None if board is None else board.tell,
            on_step=None if board is None else board.step,
        )
    try:
        save(found, out)
    except NotWrittenError:
        # The answer may have taken minutes to find: a full disk must not cost it.
        if not output.json:
            print_plan(found, output.console)
        raise
    if output.json:
        output.document(files.dumps(found, "json"))
    else:
        print_plan(found, output.console)
        if out is not None:
            output.note(f"Written to {out}.")
    raise typer.Exit(exit_for(found.status, found.reason))
