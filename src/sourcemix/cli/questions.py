"""Five questions per service, asked at the terminal.

Questions go to standard error, so that standard output holds the answer alone. An answer that
cannot be used is asked for again, with what would be right.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from sourcemix.app import quick_values
from sourcemix.app.quick_input import QuickService, service_of
from sourcemix.cli.output import Output
from sourcemix.errors import Fault, InputError

_QUESTIONS: tuple[tuple[str, str, Callable[[str], object]], ...] = (
    ("annual_cost", "What does it cost a year (£)?", quick_values.money),
    ("who", "Who delivers it now (or “in-house”)?", str),
    ("ends", "When does that end (31/03/2028, or blank if not known)?", quick_values.ends),
    ("outlook", "Is the need steady or changing?", quick_values.outlook),
)


def ask(output: Output) -> tuple[QuickService, ...]:
    """Ask until a service without a name, or the end of the input.

    Raises:
        InputError: no service was given, or the input ends in the middle of one.
    """
    services: list[QuickService] = []
    output.errors.print("Five questions for each service. A blank name ends.")
    while True:
        what = _line(output, f"Service {len(services) + 1}: what is it?")
        if not what:
            break
        if what.casefold() in {service.what.casefold() for service in services}:
            output.errors.print(f"“{what}” has been given already.")
            continue
        given = {"what": what}
        for column, question, read in _QUESTIONS:
            given[column] = _answer(output, question, read)
        faults: list[Fault] = []
        service = service_of(given, faults)
        if service is None:
            output.errors.print("\n".join(str(fault) for fault in faults))
        else:
            services.append(service)
    if not services:
        raise InputError("no service was given; there is nothing to answer")
    return tuple(services)


def _answer(output: Output, question: str, read: Callable[[str], object]) -> str:
    while True:
        text = _line(output, f"  {question}")
        if text is None:
            raise InputError("the answers end in the middle of a service; each needs five")
        try:
            read(text)
        except ValueError as error:
            output.errors.print(f"  That {error}.")
        else:
            return text


def _line(output: Output, question: str) -> str | None:
    """One line of input; None at its end."""
    output.errors.print(question, end=" ")
    line = sys.stdin.readline()
    return line.strip() if line else None
