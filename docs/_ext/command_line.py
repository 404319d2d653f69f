"""Write the commands and their options into a page, as the command line itself tells them.

A line `% commands` becomes one section for each command, with what its `--help` prints.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from typer.main import get_command
from typer.testing import CliRunner

from sourcemix.cli.commands import app as commands

LINE = "% commands\n"
PLAIN = {"COLUMNS": "88", "TERMINAL_WIDTH": "88", "NO_COLOR": "1"}
"""The same on every machine."""


def section(command: Any, *names: str) -> str:
    """One command, and those under it."""
    told = CliRunner().invoke(commands, [*names, "--help"], prog_name="sourcemix", env=PLAIN)
    head = "#" * (len(names) + 1)
    text = f"{head} {' '.join(names)}\n\n```text\n{told.output.strip()}\n```\n"
    inner = getattr(command, "commands", {})
    return "\n".join([text, *(section(inner[name], *names, name) for name in inner)])


def expand(text: str) -> str:
    """A page with its `% commands` line replaced."""
    group: Any = get_command(commands)
    return text.replace(
        LINE, "\n".join(section(group.commands[name], name) for name in group.commands)
    )


def _on_read(_app: Sphinx, _page: str, source: list[str]) -> None:
    if LINE in source[0]:
        source[0] = expand(source[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("source-read", _on_read)
    return {"parallel_read_safe": True}
