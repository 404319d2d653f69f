"""Functions on plain arrays, compiled to machine code and kept on disk.

A compiled function's plain twin is its `py_func`. It holds no lock while it runs, so two of them
run side by side on two cores.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile at the first call, and keep the result beside the module (or in the user's cache)."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))
