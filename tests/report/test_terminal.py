from __future__ import annotations

import io

import pytest
from rich.console import Console

from sourcemix.report.terminal import Page


def page(width: int) -> tuple[Page, io.StringIO]:
    sink = io.StringIO()
    return Page(Console(file=sink, width=width)), sink


@pytest.mark.parametrize("width", [20, 25, 33, 40, 80])
def test_money_and_dates_are_never_broken(width: int) -> None:
    shown, sink = page(width)
    shown.say("It costs £1.4 million to £1.6 million if signed by 7 November 2026 or April 2027.")
    lines = sink.getvalue().splitlines()
    assert all(len(line) <= width for line in lines)
    for whole in ("£1.4 million", "£1.6 million", "7 November 2026", "April 2027"):
        assert sum(line.count(whole) for line in lines) == 1, (whole, lines)


def test_tables_keep_money_whole_and_use_ascii_only() -> None:
    shown, sink = page(40)
    name = "A supplier with a very long name indeed, and longer"
    shown.table(["Who", "Amount"], [[name, "£1,234,567"]], "wr")
    text = sink.getvalue()
    assert "£1,234,567" in text
    assert all(len(line) <= 40 for line in text.splitlines())
    assert text.replace("£", "").isascii()


def test_markup_in_names_is_text() -> None:
    shown, sink = page(80)
    shown.say("[bold]Acme[/bold] [link=x]")
    shown.table(["A"], [["[red]x[/red]"]], "l")
    assert "[bold]Acme[/bold] [link=x]" in sink.getvalue()
    assert "[red]x[/red]" in sink.getvalue()


def test_no_line_of_a_table_ends_in_spaces() -> None:
    shown, sink = page(40)
    shown.table(["Who", "What"], [["A supplier", ""], ["B", "cleaning and so on, and on"]], "ww")
    lines = sink.getvalue().splitlines()
    assert len(lines) >= 4
    assert all(line == line.rstrip() for line in lines)
