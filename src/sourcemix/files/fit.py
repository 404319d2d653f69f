"""Whether a case fits together, with the library's forms and the schedules of discount rates."""

from __future__ import annotations

from collections.abc import Iterator

from sourcemix import law
from sourcemix.errors import Fault
from sourcemix.evidence import forms
from sourcemix.model.case import Case
from sourcemix.model.checks import case_faults
from sourcemix.model.references import Known
from sourcemix.model.wording import hint


def unfit(case: Case, also: Known | None = None) -> Iterator[Fault]:
    """Everything in a case that its types alone cannot see; reading a file finds the same.

    Args:
        case: the case, or what is sound of it.
        also: as for `case_faults`.
    """
    yield from case_faults(case, forms(), also)
    if hasattr(case, "money") and case.money.discounting not in law.schedules():
        known = law.schedules()
        name = case.money.discounting
        message = f"there is no discount schedule `{name}`{hint(name, known)}"
        yield Fault(("money", "discounting"), message)
