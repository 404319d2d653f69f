"""Progress of a search on standard error: cost, bound, gap and time.

On a terminal one line that changes; elsewhere a line every ten seconds, so that a log stays
readable.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from rich.live import Live
from rich.text import Text

from sourcemix.cli.output import Output
from sourcemix.model.plan import Progress

EVERY = 10.0
"""Seconds between lines where standard error is not a terminal."""


class Board:
    """The latest news of a search."""

    def __init__(self) -> None:
        """Begin now, with no news."""
        self.began = time.monotonic()
        self.latest: Progress | None = None
        self._what = ""

    def tell(self, progress: Progress) -> None:
        """Take the latest news."""
        self.latest = progress

    def step(self, what: str) -> None:
        """Take what is being planned from now on, one thing of several."""
        self.latest, self._what = None, f" for {what}"

    def line(self) -> str:
        """Where the search stands, in one line."""
        seconds = time.monotonic() - self.began
        return f"Searching{self._what}, {seconds:,.0f} s: {standing(self.latest)}"

    def __rich__(self) -> Text:
        return Text(self.line(), no_wrap=True, overflow="ellipsis")


def standing(progress: Progress | None) -> str:
    """Cost, bound and gap in words: `cost £1,204,000, at least £1,190,000, gap 1.2%`."""
    if progress is None or (progress.cost is None and progress.bound is None):
        return "nothing found yet"
    parts = []
    if progress.cost is not None:
        parts.append(f"cost £{progress.cost:,.0f}")
    if progress.bound is not None:
        parts.append(f"at least £{progress.bound:,.0f}")
    if progress.cost and progress.bound is not None:
        gap = max(0.0, (progress.cost - progress.bound) / abs(progress.cost))
        parts.append(f"gap {gap:.2%}")
    return ", ".join(parts)


@contextmanager
def shown(out: Output) -> Iterator[Board | None]:
    """Show progress while something runs; gives the board that takes the news, or None."""
    errors = out.errors
    if out.quiet:
        yield None
        return
    board = Board()
    if errors.is_terminal:
        live = Live(get_renderable=board.__rich__, console=errors, transient=True)
        with live:
            yield board
        return
    over = Event()
    teller = Thread(target=_tell_now_and_then, args=(board, over, out), daemon=True)
    teller.start()
    try:
        yield board
    finally:
        over.set()
        teller.join()


def _tell_now_and_then(board: Board, over: Event, out: Output) -> None:
    while not over.wait(EVERY):
        out.errors.print(board.line())
