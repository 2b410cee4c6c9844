"""Where mocks are created: a mock knows its name, its parent and its calls, but not its line."""

from __future__ import annotations

import sys
import weakref
from types import FrameType
from typing import Any

from loopcheck.process.frames import module_of
from loopcheck.source import project_files
from loopcheck.watch.hooks import Hook, Undo
from loopcheck.watch.loops import LEDGER

MOST = 5_000  # mocks to remember
DEEPEST = 40  # callers to look at: `create_autospec` of nested classes needs a dozen
Line = tuple[str, int]


class _Made(weakref.ref[Any]):
    """A weak reference to a mock, with the line that created it; its entry goes with the mock."""

    __slots__ = ("key", "line", "moment")

    key: int
    line: Line | None  # None: a decorator of the test made it, and its line is on no stack
    moment: int  # the number of tests begun


_MADE: dict[int, _Made] = {}  # by id; the weak reference confirms the object
_HOOKS: list[Hook] = []
_latest = -1  # the moment of the newest mock


def install() -> Undo:
    """Record the line that creates each mock; nothing to do while `unittest.mock` is not loaded."""
    module = sys.modules.get("unittest.mock")
    if module is None:
        return lambda: None
    if not _HOOKS:
        _HOOKS.append(Hook(module.NonCallableMock, _MADE.clear, __init__=_note))
    return _HOOKS[0].install()


def made_at(mock: object) -> Line | None:
    """Return file and line of user code that created *mock*, None for a mock's own children."""
    kept = _MADE.get(id(mock))
    return kept.line if kept is not None and kept() is mock else None


def made() -> list[object]:
    """Return the mocks that user code created and that still exist."""
    every = list(_MADE.values())
    return [mock for ref in every if ref.line is not None and (mock := ref()) is not None]


def made_in_this_test() -> list[object]:
    """Return the mocks that were created since the running test began and that still exist."""
    if _latest != LEDGER.moment or not _MADE:
        return []
    of_now = [ref for ref in list(_MADE.values()) if ref.moment == _latest]
    return [mock for ref in of_now if (mock := ref()) is not None]


def in_this_test(mock: object) -> bool:
    """Return whether *mock* was created since the running test began."""
    kept = _MADE.get(id(mock))
    return kept is not None and kept() is mock and kept.moment == LEDGER.moment


def _note(mock: Any, *args: Any, parent: Any = None, _new_parent: Any = None, **more: Any) -> None:
    # `CallableMixin` passes both on by position: the fifth and the eighth.
    if parent is not None or _new_parent is not None or any(one is not None for one in args[4:8:3]):
        return  # an attribute or a result: its parent shows the line
    global _latest
    line = _users(sys._getframe(2), mock)
    if len(_MADE) >= MOST:
        _forget_older_half()
    made = _Made(mock, _forget_gone)
    made.key, made.line, made.moment = id(mock), line, LEDGER.moment
    _MADE[made.key] = made
    _latest = made.moment


def _users(frame: FrameType | None, mock: object) -> Line | None:
    """Return the innermost line of user code that created *mock*."""
    for _ in range(DEEPEST):
        if frame is None:
            return None
        code = frame.f_code
        if project_files.owner(code.co_filename, module_of(frame)) == "user":
            own = code.co_name == "__init__" and frame.f_locals.get("self") is mock
            if not own:  # it is a user's own mock class
                return code.co_filename, frame.f_lineno
        frame = frame.f_back
    return None


def _forget_gone(made: _Made) -> None:
    """Forget a mock at its end: thousands of entries would lengthen each garbage collection."""
    if _MADE.get(made.key) is made:
        del _MADE[made.key]


def _forget_older_half() -> None:
    for key in list(_MADE)[: MOST // 2]:
        _MADE.pop(key, None)
