"""`sourcemix verify`: recompute a plan or an award, independently of how it was found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sourcemix.cli import options
from sourcemix.cli.exits import Exit
from sourcemix.cli.output import start
from sourcemix.errors import InputError

if TYPE_CHECKING:
    from sourcemix.model.award import Award
    from sourcemix.model.plan import Plan


def verify(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A plan or an award.")],
    case: Annotated[
        Path | None,
        typer.Option("--case", help="The case or event that it should answer; compares the hash."),
    ] = None,
    json: options.Json = False,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
) -> None:
    """Recompute a plan or an award independently.

    Says whether every figure of it agrees.
    """
    from sourcemix import files
    from sourcemix.app.verify import verify_document
    from sourcemix.report.terminal import Page
    from sourcemix.report.words import counted, plain

    output = start(json=json, verbose=verbose, quiet=quiet)
    document = _result_in(path)
    record = verify_document(document, against=None if case is None else files.read(case))
    if output.json:
        output.data(
            {
                "file": str(path),
                "verified": not record.discrepancies,
                "input_sha256": document.result.input_sha256,
                "checks": record.checks,
                "discrepancies": list(record.discrepancies),
                "rules": [rule.model_dump() for rule in record.rules],
            }
        )
    else:
        page = Page(output.console)
        checks = counted(record.checks, "statement")
        if record.discrepancies:
            page.title(f"{path}: does not agree with an independent check of {checks}.")
            page.points(record.discrepancies)
        else:
            page.title(f"{path}: verified. An independent check of {checks} agrees.")
        page.points(
            f"rule {plain(rule.rule)}: {'holds' if rule.holds else 'does not hold ' + rule.detail}"
            for rule in record.rules
        )
    raise typer.Exit(Exit.NOT_VERIFIED if record.discrepancies else Exit.DONE)


def _result_in(path: Path) -> Plan | Award:
    from sourcemix import files
    from sourcemix.model.award import Award
    from sourcemix.model.plan import Plan

    document = files.read(path)
    if not isinstance(document, Plan | Award):
        raise InputError(
            "this is neither a plan nor an award; `sourcemix check` looks at cases and events",
            source=str(path),
        )
    return document
