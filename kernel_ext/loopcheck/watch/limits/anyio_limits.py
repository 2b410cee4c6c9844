"""anyio's timeouts (`fail_after`), like asyncio's own: seen before they end a wait.

If the cancelled task drops the timeout, we record it with asyncio's lost ones. anyio loads its
asyncio backend at first use, perhaps in the middle of a test. We import nothing for that, and find
no module: we only notice the import.
"""

from __future__ import annotations

import asyncio
import math
import sys
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from loopcheck.watch.hooks import Hook, Undo
from loopcheck.watch.limits import timeouts

BACKEND = "anyio._backends._asyncio"
ASK = ("fail_after", "fail_at")  # the callers whose scope raises an error
OWN = 2  # frames of ours: _left, and the hook's


class Scopes:
    """Calls *listener* for each anyio scope that runs out of time."""

    def __init__(self, listener: Callable[..., None]) -> None:
        self.listener = listener
        self.hooked = self.listening = False
        self._undo: Undo = lambda: None
        self._overdue: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()

    def look(self) -> None:
        """Hook what is loaded now. The plugin calls this after each import."""
        if self.hooked:
            return
        module = sys.modules.get(BACKEND)
        scope: Any = getattr(module, "CancelScope", None)
        if scope is not None:
            self._stop_listening()
            self.hooked = True
            # Its timer may already be set, and will call this in the end.
            hook = Hook(scope, self._overdue.clear, cancel=self._ends, __exit__=self._left)
            self._undo = hook.install()
        elif not self.listening and "anyio" in sys.modules:
            self.listening = True
            sys.meta_path.insert(0, self)

    def undo(self) -> None:
        self._stop_listening()
        self._undo()

    def find_spec(self, name: str, *_: object) -> None:
        """Find nothing; hook the backend once the import has run."""
        if name == BACKEND:
            with suppress(RuntimeError):  # no loop runs: the next test checks again
                asyncio.get_running_loop().call_soon(self.look)

    def _stop_listening(self) -> None:
        if self.listening:
            self.listening = False
            sys.meta_path[:] = [one for one in sys.meta_path if one is not self]

    def _ends(self, scope: Any, *_: object, **__: object) -> None:
        from loopcheck.process.waiting import await_chain  # late: most runs have no such limit

        task = scope._host_task
        if task is None or scope._deadline == math.inf or scope._cancel_called:
            return
        if task.get_loop().time() >= scope._deadline:
            self._overdue[scope] = way = await_chain.where_is(task)
            timeouts.note_ended(task, way)
            self.listener(task, way, scope, drops=True)

    def _left(self, scope: Any, kind: Any = None, *_: object) -> None:
        way = self._overdue.pop(scope, None) if self._overdue else None
        if way is None or kind is not None:
            return
        # Without it the task continued before its cancellation: what it waited for had come by
        # then.
        told = getattr(scope, "_pending_uncancellations", None)
        # `move_on_after` raises no error: returning early is fine there.
        if told and sys._getframe(OWN).f_code.co_name in ASK:
            timeouts.note(way)
