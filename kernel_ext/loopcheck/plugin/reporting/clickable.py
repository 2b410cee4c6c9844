"""Paths relative to where pytest was started: pytest shows its own so, and so they are links."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

# `tests/test_jobs.py:5`, `tests/test_jobs.py::test_two`, and in a command `tests/test_jobs.py`
PATH = re.compile(r"(?<![\w./@~+-])\w[\w./@~+-]*(?:\.\w+(?=::|:\d)|\.py(?=['\s]|$))")


def elsewhere(config: pytest.Config) -> Callable[[str], str] | None:
    """Return a function that makes paths from the root relative to here; None at the root."""
    root, here = config.rootpath, config.invocation_params.dir
    if root == here:
        return None

    @lru_cache(1_000)
    def moved(path: str) -> str:
        with suppress(ValueError, OSError):  # no relative path leads to another drive
            if (root / path).is_file():
                return os.path.relpath(root / path, here).replace(os.sep, "/")
        return path

    return lambda said: PATH.sub(lambda one: moved(one[0]), said)
