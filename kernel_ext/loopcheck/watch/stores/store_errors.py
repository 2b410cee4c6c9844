"""Errors of a store's client, when they are created: before 3.12 Python reports no handling.

A newly created error has not reached the handler around it yet: a client may retry. So what we keep
is only a hint, and a failing test must show the value that the handler returns.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache, wraps
from itertools import islice, takewhile
from types import CodeType, FrameType
from typing import Any, NamedTuple

from loopcheck.process import objects
from loopcheck.process.frames import line_of, module_of, owner_of
from loopcheck.process.waiting import frames_around
from loopcheck.source import project_files
from loopcheck.watch import faults
from loopcheck.watch.hooks import Counted, Undo, step_aside, together
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.swallowed import DEEPEST, EACH, KEPT, Entry, told

ERRORS = (("redis.exceptions", "RedisError"), ("valkey.exceptions", "ValkeyError"))


class Step(NamedTuple):
    """A frame without its values."""

    code: CodeType
    offset: int
    module: str

    @property
    def line(self) -> int:
        return line_of(self.code, self.offset)

    @property
    def file(self) -> str:
        return self.code.co_filename


class Made(NamedTuple):
    """An error and where it was created, innermost first."""

    type: str
    names: tuple[str, ...]
    said: str
    steps: tuple[Step, ...]


_made: list[Made] = []  # in the test at `_moment`
_seen: dict[tuple[str, int], int] = {}
_moment = 0


def taken() -> tuple[Entry, ...]:
    """Return the errors of this test raised below a handler, each with the innermost one."""
    found = map(_entry, _made) if _moment == LEDGER.moment else ()
    return tuple(one for one in found if one is not None)


def _entry(made: Made) -> Entry | None:
    from loopcheck.source.catching import handlers  # late: it reads sources, and most tests pass

    for at, step in enumerate(made.steps):
        if _is_users(step) and handlers.taker(step.file, step.line, made.names) is not None:
            if any(_may_go_on(one, made.names) for one in made.steps[:at] if not _is_users(one)):
                return None
            raised = tuple((s.file, s.line, s.module) for s in reversed(made.steps[: at + 1]))
            outer = filter(_is_users, made.steps[at + 1 :])
            asked = tuple((s.file, s.line, s.code.co_name) for s in outer)
            here = step.code, step.line, made.type, made.names, made.said
            return Entry(*here, raised, asked, made=True)
    return None


def _is_users(step: Step) -> bool:
    return project_files.owner(step.file, step.module) == "user"


@lru_cache(1024)
def _may_go_on(step: Step, names: tuple[str, ...]) -> bool:
    """Return whether the client itself catches it there, and its handler does not end in a raise.

    If the server has lost a script, the client loads it again: the error was only temporary.
    """
    from loopcheck.source.catching import handlers  # late

    first, name = step.code.co_firstlineno, step.code.co_name
    handler = handlers.taker_alone(step.file, first, name, step.line, names)
    if handler is None:
        return False
    node = handler.node
    return not (isinstance(node, ast.ExceptHandler) and isinstance(node.body[-1], ast.Raise))


def _note(error: BaseException) -> None:
    global _moment
    if _moment != LEDGER.moment:
        _moment = LEDGER.moment
        _made.clear()
        _seen.clear()
    if len(_made) >= KEPT:
        return
    around = islice(frames_around.read_outwards(sys._getframe(2)), DEEPEST * 2)
    frames = list(_to_the_users(around))
    key = (frames[-1].f_code.co_filename, frames[-1].f_lineno or 0) if frames else ("", 0)
    count = _seen.get(key, 0)
    if count >= EACH or project_files.owner(key[0]) != "user":
        return
    frames += takewhile(_before_pytest, around)
    if any(_tries_again(one, error) or _answers(one) for one in frames):
        return
    _seen[key] = count + 1
    _made.append(Made(*told(error), tuple(map(_step, frames))))


def _to_the_users(around: Iterator[FrameType]) -> Iterator[FrameType]:
    """Yield the frames up to the first of user code: enough for most of a thousand errors."""
    for frame in around:
        yield frame
        if project_files.owner(frame.f_code.co_filename) == "user":
            return


def _before_pytest(frame: FrameType) -> bool:
    return owner_of(frame) != "machinery"


def _tries_again(frame: FrameType, error: BaseException) -> bool:
    """Return whether the client's own `call_with_retry` will retry after *error*."""
    if (
        frame.f_code.co_name != "call_with_retry"
        or project_files.owner(frame.f_code.co_filename) == "user"
    ):
        return False
    kept = frame.f_locals
    failures, limit = kept.get("failures"), objects.peek(kept.get("self"), "_retries")
    taken = objects.peek(kept.get("self"), "_supported_errors")
    if type(failures) is not int or type(limit) is not int or type(taken) is not tuple:
        return False
    return (limit < 0 or failures < limit) and any(objects.is_a(error, one) for one in taken)


def _answers(frame: FrameType) -> bool:
    """Return whether a pipeline returns errors as results, and raises none."""
    asked = "raise_on_error" in frame.f_code.co_varnames
    return asked and frame.f_locals.get("raise_on_error") is False


def _step(frame: FrameType) -> Step:
    return Step(frame.f_code, frame.f_lasti, module_of(frame))


def _hooked(kind: type) -> Undo:
    theirs: Callable[..., None] = kind.__init__  # type: ignore[misc]
    own = objects.class_dict(kind).get("__init__")
    active = True

    @wraps(theirs)
    def ours(self: BaseException, *args: Any, **kwargs: Any) -> None:
        if active and LEDGER.moment:
            try:
                _note(self)
            except Exception:  # our code must never break the user's client
                faults.note()
        try:
            theirs(self, *args, **kwargs)
        except BaseException as error:
            step_aside(error)
            raise

    setattr(kind, "__init__", ours)  # noqa: B010 — mypy forbids to assign it

    def undo() -> None:
        nonlocal active
        active = False
        if objects.class_dict(kind).get("__init__") is not ours:
            return
        if own is None:
            delattr(kind, "__init__")
        else:
            setattr(kind, "__init__", own)  # noqa: B010

    return undo


def _hook() -> Undo:
    if hasattr(sys, "monitoring"):
        return lambda: None  # the interpreter reports each handled error
    kinds = [objects.loaded_class(*one) for one in ERRORS]
    return together(*(_hooked(kind) for kind in kinds if kind is not None))


install = Counted(_hook).install
