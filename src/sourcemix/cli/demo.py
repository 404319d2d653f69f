"""`sourcemix demo`: plan an example that comes with the product."""

from __future__ import annotations

from typing import Annotated

import typer

from sourcemix.cli import options
from sourcemix.cli.output import start
from sourcemix.cli.plan import plan_and_show
from sourcemix.engine import standby

SMALL = "two-services"
COUNTY = "county-ict"


def demo(
    county: Annotated[
        bool, typer.Option("--county", help="Plan a county's ICT services: larger, slower.")
    ] = False,
    json: options.Json = False,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
) -> None:
    """Plan an example that comes with the product.

    Prints its table and says what to do next.
    """
    standby.warm()
    from sourcemix import files
    from sourcemix.app.examples import example

    output = start(json=json, verbose=verbose, quiet=quiet)
    path = example(COUNTY if county else SMALL)
    try:
        plan_and_show(files.read_case(path), options.search(), output, None, path)
    except typer.Exit:
        output.note(
            "\nThis was an example. Next: `sourcemix new case` starts a case of your own,\n"
            "`sourcemix quick` gives a first answer from five questions per service."
        )
        raise
