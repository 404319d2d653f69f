"""`sourcemix schema` and `sourcemix migrate`: the formats of files."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sourcemix.cli import options
from sourcemix.cli.output import start
from sourcemix.cli.saving import save_text


class Name(StrEnum):
    """Documents of which there is a schema."""

    case = "case"
    event = "event"
    plan = "plan"
    award = "award"
    tree = "tree"


def schema(
    name: Annotated[Name, typer.Argument(help="Which document.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write it here.")] = None,
    json: options.Json = False,
) -> None:
    """Print the JSON Schema of a document."""
    import json as jsons

    from sourcemix import files

    output = start(json=json)
    text = jsons.dumps(files.schema(name.value), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        output.document(text)
    else:
        save_text(text, out)


def migrate(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A file of an older version.")],
    json: options.Json = False,
) -> None:
    """Bring an old file up to this version, in place."""
    from sourcemix import files

    output = start(json=json)
    done = files.migrate(path)
    if output.json:
        output.data({"file": str(path), "before": done.before, "after": done.after})
    else:
        output.console.print(f"{path}: {done.message}.")
