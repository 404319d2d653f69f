"""Case and tree, or event, to a result with a proven bound.

Kept free of heavy imports: the solver's child process passes through here and must start quickly.
"""

from __future__ import annotations

import os

from sourcemix.settings import numba_cache

numba_cache(os.environ)
