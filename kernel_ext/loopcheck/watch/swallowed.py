"""Errors that lines of user code handle, as the interpreter reports them from 3.12 on.

Nothing is traced: Python calls us when it enters an `except`, and never for code that raises
nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType, FrameType, TracebackType

from loopcheck.labels import plain
from loopcheck.process import objects
from loopcheck.source import project_files
from loopcheck.source.catching import handler_answers
from loopcheck.watch import faults
from loopcheck.watch.hooks import Counted, Undo
from loopcheck.watch.loops import LEDGER

TOOLS = (4, 3)  # numbers that by convention no debugger, profiler or coverage uses
EACH = 8  # how often to keep one line in one test: a loop may handle a million errors
KEPT = 300  # in one test
DEEPEST = 60  # frames to follow outwards

Line = tuple[str, int, str]  # file, line, function
# Python's own, whatever the user's classes define.
_NAME = type.__dict__["__name__"].__get__
_ANY = Exception  # the original, before a test can replace it
_ARGS, _TRACE = (BaseException.__dict__[name].__get__ for name in ("args", "__traceback__"))


class Entry:
    """Code, strings and numbers: no error, no frame. Most are never read, as their tests pass."""

    __slots__ = ("asked", "code", "last", "line", "made", "names", "raised", "said", "type")

    def __init__(
        self,
        code: CodeType,
        line: int,  # in the `try`, where the error was raised
        type: str,
        names: tuple[str, ...],  # of its class and its bases
        said: str,
        raised: tuple[Line, ...],  # from here to where it was raised: file, line, module
        asked: tuple[Line, ...],  # the user's lines around, innermost first
        *,
        last: bool = False,  # of this line: no further one is kept
        made: bool = False,  # it was created below: whether it came here is unknown
    ) -> None:
        self.code, self.line, self.type, self.names = code, line, type, names
        self.said, self.raised, self.asked = said, raised, asked
        self.last, self.made = last, made

    @property
    def file(self) -> str:
        return self.code.co_filename

    @property
    def function(self) -> str:
        return self.code.co_qualname

    @property
    def message(self) -> str:
        return plain(self.said)


entries: list[Entry] = []  # of the test at `_moment`
_seen: dict[tuple[str, int], int] = {}
_moment = 0


def allowing() -> tuple[Entry, ...]:
    """Return the handled errors whose function has a constant that means yes."""
    if _moment != LEDGER.moment:
        return ()
    codes = {id(one.code): one.code for one in entries}
    say_yes = {key for key, code in codes.items() if handler_answers.says_yes(code)}
    return tuple(one for one in entries if id(one.code) in say_yes)


def taken() -> tuple[Entry, ...]:
    """Return the errors that were handled in the running test, or the last one."""
    return tuple(entries) if _moment == LEDGER.moment else ()


def _handled(code: CodeType, offset: int, error: BaseException) -> None:
    try:
        if project_files.owner(code.co_filename) == "user":
            _note(code, error)
    except _ANY:  # raised from here it would reach that line, be handled, and reported again
        faults.note()


def _note(code: CodeType, error: BaseException) -> None:
    global _moment
    if _moment != LEDGER.moment:
        _moment = LEDGER.moment
        entries.clear()
        _seen.clear()
    trace: TracebackType | None = _TRACE(error)
    if trace is None or trace.tb_frame.f_code is not code:
        return
    key = (code.co_filename, trace.tb_lineno)
    count = _seen.get(key, 0)
    if count >= EACH or len(entries) >= KEPT or not objects.is_a(error, Exception):
        return
    _seen[key] = count + 1
    around = _raised(trace), _asked(trace.tb_frame)
    entries.append(Entry(code, trace.tb_lineno, *told(error), *around, last=count + 1 == EACH))


def told(error: BaseException) -> tuple[str, tuple[str, ...], str]:
    """Return the type of *error*, the names of its class and bases, and its message."""
    names = tuple([str(_NAME(base)) for base in objects.mro(type(error))])
    said = " ".join([arg for arg in _ARGS(error) if type(arg) is str])[:300]
    return objects.type_name(error), names, said


def _raised(trace: TracebackType | None) -> tuple[Line, ...]:
    found: list[Line] = []
    while trace is not None and len(found) < DEEPEST:
        frame = trace.tb_frame
        module = str(frame.f_globals.get("__name__", ""))
        found.append((frame.f_code.co_filename, trace.tb_lineno, module))
        trace = trace.tb_next
    return tuple(found)


def _asked(frame: FrameType | None) -> tuple[Line, ...]:
    found: list[Line] = []
    for _ in range(DEEPEST):
        frame = frame.f_back if frame is not None else None
        if frame is None:
            break
        code = frame.f_code
        if project_files.owner(code.co_filename) == "user":
            found.append((code.co_filename, frame.f_lineno or 0, code.co_name))
        elif code.co_name == "runtest" and "_pytest" in code.co_filename:
            break  # pytest's own frames, some twenty, are outside
    return tuple(found)


def _hook() -> Undo:
    monitoring = getattr(sys, "monitoring", None)
    free = [tool for tool in TOOLS if monitoring and monitoring.get_tool(tool) is None]
    if monitoring is None or not free:
        return lambda: None
    tool, event = free[0], monitoring.events.EXCEPTION_HANDLED
    monitoring.use_tool_id(tool, "loopcheck")
    monitoring.register_callback(tool, event, _handled)
    monitoring.set_events(tool, event)

    def undo() -> None:
        monitoring.set_events(tool, 0)
        monitoring.register_callback(tool, event, None)
        monitoring.free_tool_id(tool)
        entries.clear()
        _seen.clear()

    return undo


install: Callable[[], Undo] = Counted(_hook).install
