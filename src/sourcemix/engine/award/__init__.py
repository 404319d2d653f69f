"""The exact route for events: an event becomes one mixed-integer model, solved and made whole."""

from __future__ import annotations

from sourcemix.engine.award.route import solve
from sourcemix.engine.award.support import unsupported

__all__ = ["solve", "unsupported"]
