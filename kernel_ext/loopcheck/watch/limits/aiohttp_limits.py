"""The timeout of aiohttp's client (`ClientTimeout(total=…)`): seen before it ends a request."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from loopcheck.watch.hooks import Hook, Undo
from loopcheck.watch.limits import timeouts

HELPERS = "aiohttp.helpers"


class Timers:
    """Calls *listener* for each aiohttp request that runs out of time."""

    def __init__(self, listener: Callable[..., None]) -> None:
        self.listener = listener
        self.undo: Undo = lambda: None
        self.hooked = False

    def look(self) -> None:
        """Hook what is loaded now. The plugin calls this after each import."""
        timer: Any = getattr(sys.modules.get(HELPERS), "TimerContext", None)
        if timer is not None and not self.hooked:
            self.hooked = True
            self.undo = Hook(timer, lambda: None, timeout=self._ends).install()

    def _ends(self, timer: Any) -> None:
        from loopcheck.process.waiting import await_chain  # late: most runs have no such limit

        for task in timer._tasks if not timer._cancelled else ():
            way = await_chain.where_is(task)
            timeouts.note_ended(task, way)
            self.listener(task, way, timer)
