"""Functions on plain arrays, compiled to machine code and kept on disk.

A compiled function's plain twin is its `py_func`. It holds no lock while it runs, so two of them
run side by side on two cores.

What is kept goes by the time stamp of a function's own file, not of the files of the functions it
calls. So every state of these files has a folder of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, cast

import numba
from numba import config

F = TypeVar("F", bound=Callable[..., object])


def _digest() -> str:
    """Digest of all files of this folder that hold compiled functions."""
    found = sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        content = path.read_bytes()
        if b"@compiled" in content:
            found.update(content)
    return found.hexdigest()[:16]


_folder = getattr(config, "CACHE_DIR", "")
if _folder:
    setattr(config, "CACHE_DIR", str(Path(_folder) / _digest()))  # noqa: B010


def compiled(function: F) -> F:
    """Compile at the first call, and keep the result in the user's cache."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))
