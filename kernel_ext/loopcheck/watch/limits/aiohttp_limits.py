"""The limit of aiohttp's client (`ClientTimeout(total=…)`): looked at before it ends a request."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from loopcheck.watch.hooks import Hook, Undo

HELPERS = "aiohttp.helpers"


class Timers:
    """Tells *listener* of each request of aiohttp's whose time runs out."""

    def __init__(self, listener: Callable[..., None]) -> None:
        self.listener = listener
        self.undo: Undo = lambda: None
        self.hooked = False

    def look(self) -> None:
        """Hook what is loaded by now. Asked whenever modules were imported."""
        timer: Any = getattr(sys.modules.get(HELPERS), "TimerContext", None)
        if timer is not None and not self.hooked:
            self.hooked = True
            self.undo = Hook(timer, lambda: None, timeout=self._ends).install()

    def _ends(self, timer: Any) -> None:
        from loopcheck.source.catching import cancel_handlers  # late: most runs have no such limit

        for task in timer._tasks if not timer._cancelled else ():
            self.listener(task, cancel_handlers.steps_of(task), timer)
