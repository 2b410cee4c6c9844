"""Whether a collected test is a coroutine, and whether its runner awaits it.

Every run with a `TestCase` uses this, so it imports nothing that only a failure needs.
"""

from __future__ import annotations

import inspect
import sys
from typing import Any, Literal

Form = Literal["plain", "coroutine", "generator"]


def form(function: object) -> Form:
    """Return whether *function* returns a coroutine, an async generator, or something plain."""
    bare = getattr(function, "__func__", function)
    if inspect.isasyncgenfunction(bare):
        return "generator"
    return "coroutine" if inspect.iscoroutinefunction(bare) else "plain"


def passed_over(item: Any) -> bool:
    """Return whether *item* is async but never awaited by its runner: then it cannot fail."""
    kind = type(item)
    if kind.__module__ == "_pytest.unittest":
        given = form(getattr(item, "obj", None)) != "plain"
        return given and isolated(getattr(item, "cls", None)) is False
    return kind.__module__ == "pytest_asyncio.plugin" and kind.__name__ == "AsyncGenerator"


def isolated(cls: object) -> bool | None:
    """True for an `IsolatedAsyncioTestCase`, False for a plain `TestCase`, None if unknown."""
    unittest = sys.modules.get("unittest")
    if unittest is None or not isinstance(cls, type) or not issubclass(cls, unittest.TestCase):
        return None
    if issubclass(cls, unittest.IsolatedAsyncioTestCase):
        return True
    # Those of Django, Twisted and others run coroutines in their own way.
    runs = {
        base.__module__
        for base in cls.__mro__
        if "run" in base.__dict__ or "__call__" in base.__dict__
    }
    return False if runs == {"unittest.case"} else None
