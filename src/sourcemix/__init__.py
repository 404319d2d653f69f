"""Sourcemix finds the best mix of suppliers and agreements, proves it and checks it.

The names below are the public face. Each is fetched when it is first asked for, so that
`import sourcemix` stays light; everything else may change without notice.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sourcemix.app import award_event, plan_case, verify_document
    from sourcemix.errors import (
        Fault,
        FileError,
        InputError,
        SolverError,
        SourcemixError,
        TreeTooLarge,
        UnsupportedError,
        VerificationError,
    )
    from sourcemix.files import read_award, read_case, read_event, read_plan
    from sourcemix.model.award import Award
    from sourcemix.model.case import Case
    from sourcemix.model.event import Event
    from sourcemix.model.plan import Plan, Progress, Verification
    from sourcemix.model.tree import Tree

_HOMES = {
    "sourcemix.app": ("award_event", "plan_case", "verify_document"),
    "sourcemix.errors": (
        "Fault",
        "FileError",
        "InputError",
        "SolverError",
        "SourcemixError",
        "TreeTooLarge",
        "UnsupportedError",
        "VerificationError",
    ),
    "sourcemix.files": ("read_award", "read_case", "read_event", "read_plan"),
    "sourcemix.model.award": ("Award",),
    "sourcemix.model.case": ("Case",),
    "sourcemix.model.event": ("Event",),
    "sourcemix.model.plan": ("Plan", "Progress", "Verification"),
    "sourcemix.model.tree": ("Tree",),
}

_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Award",
    "Case",
    "Event",
    "Fault",
    "FileError",
    "InputError",
    "Plan",
    "Progress",
    "SolverError",
    "SourcemixError",
    "Tree",
    "TreeTooLarge",
    "UnsupportedError",
    "Verification",
    "VerificationError",
    "__version__",
    "award_event",
    "plan_case",
    "read_award",
    "read_case",
    "read_event",
    "read_plan",
    "verify_document",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("sourcemix")
    elif name in _HOME_OF:
        value = getattr(import_module(_HOME_OF[name]), name)
    else:
        raise AttributeError(f"module 'sourcemix' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
