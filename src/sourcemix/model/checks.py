"""What the types alone cannot say: whether a document fits together.

Pure functions from a case or an event to its faults. They never stop at the first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sourcemix.errors import Fault
from sourcemix.model import checks_case, checks_event, checks_time
from sourcemix.model.case import Case
from sourcemix.model.event import Event
from sourcemix.model.references import Known

__all__ = ["case_faults", "event_faults"]


def case_faults(
    case: Case, known_forms: Collection[str], also: Known | None = None
) -> Iterator[Fault]:
    """Everything in a case that does not fit together.

    A case put together with `model_construct` from the sound parts of a file is checked as far as
    it goes: without `horizon` or `money`, what needs them is left out.

    Args:
        case: the case.
        known_forms: names of the forms of agreement that the library offers.
        also: names of entries that the document has but the case lacks, because they are broken
            in themselves, by the name of their list. References to them are not faults.
    """
    also = also or {}
    yield from checks_case.reference_faults(case, known_forms, also)
    yield from checks_case.content_faults(case)
    if not also.get("offers"):
        yield from checks_case.unserved(case)
    if hasattr(case, "horizon"):
        yield from checks_time.time_faults(case)
    if hasattr(case, "money"):
        yield from checks_case.money_faults(case, also)


def event_faults(event: Event, also: Known | None = None) -> Iterator[Fault]:
    """Everything in an event that does not fit together.

    Args:
        event: the event.
        also: as for `case_faults`.
    """
    yield from checks_event.event_faults(event, also or {})
