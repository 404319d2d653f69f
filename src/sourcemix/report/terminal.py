"""Text and tables for a terminal or a pipe of any width, eighty columns and less included.

No box drawing but hyphens, no meaning in colour alone. Money and dates are never broken.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

from rich.box import Box
from rich.console import Console
from rich.table import Table
from rich.text import Text

_HEAD = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
_WIDEST = 100

_KEEP = re.compile(
    r"£[\d,.]+ (?=million)|\d{1,2} (?=(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December) \d{4})|(?:January|February|March|April|May|June"
    r"|July|August|September|October|November|December) (?=\d{4})"
)
_GLUE = "\N{NO-BREAK SPACE}"


class Page:
    """Writes an answer on a console, part by part."""

    def __init__(self, console: Console) -> None:
        """Write on this console."""
        self.console = console
        self.width = min(console.width, _WIDEST)

    def title(self, text: str) -> None:
        """The first line."""
        self._lines(text, "", "", "bold")

    def heading(self, text: str) -> None:
        """A heading with a blank line above."""
        self.console.print()
        self._lines(text, "", "", "bold")

    def say(self, text: str, style: str = "") -> None:
        """A paragraph."""
        self._lines(text, "", "", style)

    def points(self, texts: Iterable[str]) -> None:
        """A list."""
        for text in texts:
            self._lines(text, "- ", "  ", "")

    def blank(self) -> None:
        """A blank line."""
        self.console.print()

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], fixed: str) -> None:
        """A table.

        Args:
            heads: head of each column.
            rows: its cells.
            fixed: a letter for each column: `r` right-aligned and `l` left-aligned, both never
                wrapped; `w` wrapped where it must be.
        """
        table = Table(box=_HEAD, show_edge=False, pad_edge=False, header_style="bold")
        for head, kind in zip(heads, fixed, strict=True):
            table.add_column(
                Text(head),
                justify="right" if kind == "r" else "left",
                no_wrap=kind != "w",
                overflow="fold",
            )
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        options = self.console.options.update(width=self.width)
        for line in self.console.render_lines(table, options, pad=False):
            text = Text()
            for segment in line:
                text.append(segment.text, segment.style)
            text.rstrip()
            self._line(text)

    def _lines(self, text: str, first: str, rest: str, style: str) -> None:
        glued = _KEEP.sub(lambda found: found.group().replace(" ", _GLUE), text)
        lines = textwrap.wrap(
            glued,
            self.width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in lines:
            self._line(Text(line.replace(_GLUE, " "), style=style))

    def _line(self, text: Text) -> None:
        self.console.print(text, no_wrap=True, overflow="ignore", crop=False, highlight=False)
