"""Failures of an `IsolatedAsyncioTestCase`, reported while its loop is open.

pytest writes its report after unittest has finished the test: its tasks are cancelled by then, and
its loop is closed.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import Any

from loopcheck.process import objects
from loopcheck.watch.hooks import Undo, hooked, together


def install(tell: Callable[[asyncio.AbstractEventLoop, BaseException], None]) -> Undo:
    """Begin to call *tell* with the first error of each such test, and with its loop."""
    kind = getattr(sys.modules.get("_pytest.unittest"), "TestCaseFunction", None)
    if not isinstance(kind, type):
        return lambda: None

    def note(item: object, case: object, raised: Any) -> None:
        loop = objects.peek(objects.peek(case, "_asyncioRunner"), "_loop")
        first = not objects.peek(item, "_excinfo")  # the one that pytest reports
        if first and objects.is_loop(loop) and not objects.closed(loop):
            tell(loop, raised[1])

    return together(*(hooked(kind, name, note) for name in ("addError", "addFailure")))
