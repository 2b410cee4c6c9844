"""anyio's timeouts (`fail_after`), like asyncio's own: seen before they end a wait.

If the cancelled task drops the timeout, we record it with asyncio's lost ones. We also record a
clean-up that a scope cut off. anyio loads its asyncio backend at first use, perhaps in the middle
of a test, right before its first scope. We import nothing for that: we only notice the import.
"""

from __future__ import annotations

import asyncio
import math
import sys
import weakref
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from loopcheck.watch import faults
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

    def find_spec(self, name: str, *more: Any) -> ModuleSpec | None:
        """Find the backend as it is found without us, to hook it once it has run."""
        if name != BACKEND:
            return None
        others = [one for one in sys.meta_path if one is not self and hasattr(one, "find_spec")]
        found = next(filter(None, (one.find_spec(name, *more) for one in others)), None)
        if found is not None and found.loader is not None:
            found.loader = _Notices(found.loader, self.look)  # type: ignore[assignment]
        return found

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

    def _left(self, scope: Any, kind: Any = None, error: Any = None, *_: object) -> None:
        if kind is asyncio.CancelledError and error.__context__ is not None and scope.cancel_called:
            from loopcheck.watch.limits import cut_off_cleanups  # late: few tests have one

            cut_off_cleanups.note(error)
        way = self._overdue.pop(scope, None) if self._overdue else None
        if way is None or kind is not None:
            return
        # Without it the task continued before its cancellation: what it waited for had come by
        # then.
        told = getattr(scope, "_pending_uncancellations", None)
        # `move_on_after` raises no error: returning early is fine there.
        if told and sys._getframe(OWN).f_code.co_name in ASK:
            timeouts.note(way)


class _Notices:
    """Takes the place of a loader until the module has run."""

    def __init__(self, theirs: Any, look: Callable[[], None]) -> None:
        self.theirs, self.look = theirs, look

    def __getattr__(self, name: str) -> Any:
        return getattr(self.theirs, name)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self.theirs
        if module.__spec__ is not None:
            module.__spec__.loader = self.theirs
        self.theirs.exec_module(module)
        try:
            self.look()
        except Exception:  # our code must never break the user's import
            faults.note()
