from __future__ import annotations

import pytest

from sourcemix.cli import progress
from sourcemix.cli.output import Output
from sourcemix.model.plan import Progress


def test_where_the_search_stands_in_words() -> None:
    assert progress.standing(None) == "nothing found yet"
    both = Progress(seconds=1, cost=101_000, bound=100_000)
    assert progress.standing(both) == "cost £101,000, at least £100,000, gap 0.99%"
    assert progress.standing(Progress(seconds=1, cost=5, bound=None)) == "cost £5"
    assert progress.standing(Progress(seconds=1, cost=None, bound=7)) == "at least £7"


def test_a_log_gets_lines_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.01)
    with progress.shown(Output()) as board:
        assert board is not None
        board.tell(Progress(seconds=0, cost=101_000, bound=100_000))
        seen = ""
        while "cost £101,000" not in seen:
            seen += capsys.readouterr().err
    assert seen.startswith("Searching, ")


def test_quiet_shows_nothing() -> None:
    with progress.shown(Output(quiet=True)) as board:
        assert board is None


def test_the_line_says_which_of_several_plans_is_searched_for() -> None:
    board = progress.Board()
    board.tell(Progress(seconds=0, cost=101_000, bound=100_000))
    board.step("one partnership")
    assert board.line() == "Searching for one partnership, 0 s: nothing found yet"
