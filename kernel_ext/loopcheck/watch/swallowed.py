"""Errors that lines of user code handle: from 3.12 on the interpreter reports them.

Nothing is traced: Python calls us when it enters an `except`, and never for code that raises
nothing. Before 3.12 a watch that sees a library about to raise an error reports it here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import islice
from types import CodeType, FrameType, TracebackType

from loopcheck.labels import plain
from loopcheck.process import objects, thread_stacks
from loopcheck.process.frames import is_users, module_of
from loopcheck.source import project_files
from loopcheck.source.catching import handler_answers
from loopcheck.watch import faults, interpreter_events
from loopcheck.watch.hooks import Counted, Undo, together
from loopcheck.watch.loops import LEDGER

EACH = 8  # how often to keep one line in one test: a loop may handle a million errors
KEPT = 300  # in one test
DEEPEST = 60  # frames to follow outwards

REPORTED = hasattr(sys, "monitoring")  # the interpreter reports what is handled
Line = tuple[str, int, str]  # file, line, function
Told = tuple[str, tuple[str, ...], str]  # of an error: its type, its classes' names, its message
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
    _begin()
    trace: TracebackType | None = _TRACE(error)
    if trace is None or trace.tb_frame.f_code is not code:
        return
    key = (code.co_filename, trace.tb_lineno)
    count = _seen.get(key, 0)
    if count >= EACH or len(entries) >= KEPT or not objects.is_a(error, Exception):
        return
    _seen[key] = count + 1
    around = _raised(trace), _asked(thread_stacks.outwards(trace.tb_frame.f_back))
    entries.append(Entry(code, trace.tb_lineno, *told(error), *around, last=count + 1 == EACH))


def _begin() -> None:
    """Forget the errors of an earlier test."""
    global _moment
    if _moment != LEDGER.moment:
        _moment = LEDGER.moment
        entries.clear()
        _seen.clear()


def note_before(kind: type, said: str, frame: FrameType) -> None:
    """Record the handler of an error of *kind* that *frame* is about to raise, before 3.12.

    There is no error yet: the bytecode of the frames around shows which one will catch it.
    """
    from loopcheck.process.waiting import frames_around  # late, like the next: only before 3.12
    from loopcheck.source.catching import catching_frames

    passed: list[Line] = []
    around = islice(frames_around.read_outwards(frame), DEEPEST)
    for one in around:
        passed.append((one.f_code.co_filename, one.f_lineno or 0, module_of(one)))
        leaving = catching_frames.leaves(catching_frames.Step(one, None), kind)
        if leaving is catching_frames.Caught:
            told = objects.class_name(kind), _names(kind), said
            _keep(one, told, tuple(passed[::-1]), around)
        if leaving is not kind:
            return


def _keep(
    frame: FrameType, told: Told, raised: tuple[Line, ...], around: Iterator[FrameType]
) -> None:
    """Add the error that *frame* will handle."""
    _begin()
    key = frame.f_code.co_filename, frame.f_lineno or 0
    count = _seen.get(key, 0)
    if count < EACH and len(entries) < KEPT and is_users(frame):
        _seen[key] = count + 1
        around_it = raised, _asked(around)
        entries.append(Entry(frame.f_code, key[1], *told, *around_it, last=count + 1 == EACH))


def told(error: BaseException) -> Told:
    """Return the type of *error*, the names of its class and bases, and its message."""
    said = " ".join([arg for arg in _ARGS(error) if type(arg) is str])[:300]
    return objects.type_name(error), _names(type(error)), said


def _names(kind: type) -> tuple[str, ...]:
    return tuple([str(_NAME(base)) for base in objects.mro(kind)])


def _raised(trace: TracebackType | None) -> tuple[Line, ...]:
    found: list[Line] = []
    while trace is not None and len(found) < DEEPEST:
        frame = trace.tb_frame
        found.append((frame.f_code.co_filename, trace.tb_lineno, module_of(frame)))
        trace = trace.tb_next
    return tuple(found)


def _asked(around: Iterator[FrameType]) -> tuple[Line, ...]:
    """Return the user's lines in the frames *around*, up to pytest's own: some twenty more."""
    found: list[Line] = []
    for frame in islice(around, DEEPEST):
        code = frame.f_code
        if project_files.owner(code.co_filename) == "user":
            found.append((code.co_filename, frame.f_lineno or 0, code.co_name))
        elif code.co_name == "runtest" and "_pytest" in code.co_filename:
            break
    return tuple(found)


def _hook() -> Undo:
    undo = interpreter_events.listen("EXCEPTION_HANDLED", _handled)
    return together(_forget, undo) if undo is not None else _forget


def _forget() -> None:
    entries.clear()
    _seen.clear()


install: Callable[[], Undo] = Counted(_hook).install
