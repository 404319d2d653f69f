"""`sourcemix check`: everything that is wrong with files, or what would be planned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sourcemix.cli import options
from sourcemix.cli.exits import Exit
from sourcemix.cli.failure import Failure, failure_of, show
from sourcemix.cli.output import Output, start
from sourcemix.errors import SourcemixError

if TYPE_CHECKING:
    from sourcemix.app.check import Checked


def check(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Cases, events, plans or awards.")
    ],
    json: options.Json = False,
    nodes: options.Nodes = None,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
) -> None:
    """List all that is wrong with files, with lines.

    Where nothing is wrong: what would be planned, and which defaults would be used.
    """
    from sourcemix.app.check import check_file

    output = start(json=json, verbose=verbose, quiet=quiet)
    budget = options.search(nodes=nodes).nodes
    results: list[Checked | Failure] = []
    for path in paths:
        try:
            checked = check_file(path, nodes=budget)
        except SourcemixError as error:
            results.append(failure_of(error))
            if not output.json:
                show(error, output)
            continue
        results.append(checked)
        if not output.json:
            _print(checked, path, output)
    if output.json:
        output.data(_as_data(paths, results))
    wrong = [result.code for result in results if isinstance(result, Failure)]
    raise typer.Exit(wrong[0] if wrong else Exit.DONE)


def _print(checked: Checked, path: Path, output: Output) -> None:
    from sourcemix.report.terminal import Page

    page = Page(output.console)
    page.title(f"{path}: nothing wrong.")
    page.say(f"{checked.kind.capitalize()}: {checked.title}")
    page.points(f"{what}: {count:,}" for what, count in checked.counts.items())
    if checked.not_modelled:
        page.heading("What a plan would leave out")
        page.points(checked.not_modelled)
    if checked.defaults:
        page.heading("Defaults used, because the file leaves them open")
        page.table(
            ["What", "Value", "Range", "Prior"],
            [[d.what, d.value, d.range, d.prior] for d in checked.defaults],
            "wrww",
        )


def _as_data(paths: list[Path], results: list[Checked | Failure]) -> dict[str, Any]:
    files: list[dict[str, Any]] = []
    for path, result in zip(paths, results, strict=True):
        entry: dict[str, Any] = {"file": str(path), "ok": not isinstance(result, Failure)}
        entry |= result.as_data()
        files.append(entry)
    return {"files": files}
