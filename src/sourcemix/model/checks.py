"""What the types alone cannot say: whether a document fits together.

Pure functions from a case or an event to its faults. They never stop at the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sourcemix.errors import Fault
from sourcemix.model import checks_case, checks_event, checks_money, checks_time
from sourcemix.model.case import Case
from sourcemix.model.checks_reorganisation import reorganisation_faults
from sourcemix.model.event import Event
from sourcemix.model.references import Known
from sourcemix.model.suppliers import Form

__all__ = ["case_faults", "event_faults"]


def case_faults(
    case: Case, library: Mapping[str, Form], also: Known | None = None
) -> Iterator[Fault]:
    """Everything in a case that does not fit together.

    A case put together with `model_construct` from the sound parts of a file is checked as far as
    it goes: without `horizon` or `money`, what needs them is left out.

    Args:
        case: the case.
        library: forms of agreement that the library offers, by name.
        also: names of entries that the document has but the case lacks, because they are broken
            in themselves, by the name of their list. References to them are not faults.
    """
    also = also or {}
    yield from checks_case.reference_faults(case, library, also)
    yield from checks_case.content_faults(case)
    yield from checks_money.weight_faults(case)
    yield from checks_money.class_faults(case, library, also)
    yield from reorganisation_faults(case)
    if not also.get("offers"):
        yield from checks_case.unserved(case)
    if hasattr(case, "horizon"):
        yield from checks_time.time_faults(case)
    if hasattr(case, "money"):
        yield from checks_money.money_faults(case, also)


def event_faults(event: Event, also: Known | None = None) -> Iterator[Fault]:
    """Everything in an event that does not fit together.

    Args:
        event: the event.
        also: as for `case_faults`.
    """
    yield from checks_event.event_faults(event, also or {})
