"""Python's own warning about a coroutine that was never awaited: its words, and who says them."""

from __future__ import annotations

import re
from typing import Any

from loopcheck.process import objects

HOOK = "_warn_unawaited_coroutine"  # of `warnings`, private: the interpreter calls it
_WORDS = re.compile(r"coroutine '(?P<name>[^']+)' was never awaited")


def words(coroutine: Any) -> str:
    """Return what Python says about *coroutine*, without the lines that created it."""
    return f"coroutine '{coroutine.__qualname__}' was never awaited"


def is_one(warned: Any) -> bool:
    """Return whether a recorded warning is about a coroutine that was never awaited."""
    return warned.category is RuntimeWarning and coroutine_name(warned) is not None


def coroutine_name(warned: Any) -> str | None:
    """Return the coroutine's name in a recorded warning; None if the warning is another one."""
    message = warned.message  # any object: no `str()` here
    said = objects.said(message) if objects.is_a(message, Warning) else message
    found = _WORDS.match(said) if type(said) is str else None
    return found["name"] if found is not None else None
