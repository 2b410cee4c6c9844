"""Hooks that many callers may install: set once, and everything restored after the last undo."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from loopcheck.labels import LOCK
from loopcheck.process import objects
from loopcheck.watch import faults

Undo = Callable[[], None]
Note = Callable[..., None]
Notes = dict[str, Note]  # by the method whose calls they see
_TRACE = BaseException.__dict__["__traceback__"]  # Python's own, whatever a user's class defines


def once(leave: Undo) -> Undo:
    """Return *leave* as an undo that runs only once, and never in the middle of an install."""
    done = False

    def undo() -> None:
        nonlocal done
        with LOCK:
            if not done:
                done = True
                leave()

    return undo


def together(*undos: Undo) -> Undo:
    """Return one undo for all of *undos*, each of them once, and the last first."""
    left = list(undos)

    def undo() -> None:
        while left:
            left.pop()()

    return undo


def placed(owner: Any, name: str, ours: Any) -> Undo:
    """Put *ours* into the place of *name* of a module or class, until the undo.

    If other code has wrapped it since, ours stays: it has to pass calls through from then on.
    """
    theirs = vars(owner)[name]
    setattr(owner, name, ours)

    def undo() -> None:
        if vars(owner).get(name) is ours:
            setattr(owner, name, theirs)

    return undo


class Counted:
    """One hook for many users: the first installs it, and the last undo removes it."""

    def __init__(self, hook: Callable[[], Undo]) -> None:
        self._hook, self._users = hook, 0
        self._undo: Undo = lambda: None

    def install(self) -> Undo:
        with LOCK:
            self._users += 1
            if self._users == 1:
                self._undo = self._hook()
        return once(self._leave)

    def _leave(self) -> None:
        self._users -= 1
        if not self._users:
            self._undo()


class Hook(Counted):
    """Lets a function see each call of a method before the method runs."""

    def __init__(self, cls: type, forget: Undo, **notes: Callable[..., None]) -> None:
        super().__init__(self._all)
        self._cls, self._forget, self._notes = cls, forget, notes

    def _all(self) -> Undo:
        return together(self._forget, *(hooked(self._cls, *note) for note in self._notes.items()))


def step_aside(error: BaseException) -> None:
    """Take the frame that handles *error* out of its traceback; a bare `raise` does not restore it.

    So an error that passes through our hook shows the same lines as without it.
    """
    trace = _TRACE.__get__(error)
    if trace is not None:
        _TRACE.__set__(error, trace.tb_next)


def hooked(cls: type, name: str, note: Callable[..., None]) -> Undo:
    """Let *note* see each call of a method before the method runs."""
    return _wrapped(cls, name, note, None)


def answered(cls: type, name: str, note: Callable[..., None]) -> Undo:
    """Let *note* see what each call of a method returned, then its arguments."""
    return _wrapped(cls, name, None, note)


def _wrapped(
    cls: type, name: str, before: Callable[..., None] | None, after: Callable[..., None] | None
) -> Undo:
    theirs, own = getattr(cls, name), name in vars(cls)
    active = True

    @wraps(theirs)
    def ours(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True  # like pytest's own: a failure points at the user's line
        if active and before is not None:
            try:
                before(*args, **kwargs)
            except Exception:  # our code must never break the user's loop
                faults.note()
        try:
            result = theirs(*args, **kwargs)
        except BaseException as error:
            step_aside(error)
            raise
        if active and after is not None:
            try:
                after(result, *args, **kwargs)
            except Exception:
                faults.note()
        return result

    setattr(cls, name, of_its_kind(ours, theirs))

    def undo() -> None:
        nonlocal active
        active = False  # if other code has wrapped after us, ours stays as a pass-through
        if getattr(cls, name) is not ours:
            return
        if own:
            setattr(cls, name, theirs)
        else:
            delattr(cls, name)  # a base class has it

    return undo


def hooked_where_loaded(kinds: Iterable[tuple[str, str, Notes]]) -> Iterator[Undo]:
    """Hook the methods of those classes, given by module and name, that are loaded."""
    for module, name, notes in kinds:
        kind = objects.loaded_class(module, name)
        for method, note in notes.items():
            if kind is not None and hasattr(kind, method):
                yield hooked(kind, method, note)


def of_its_kind(ours: Any, theirs: Any) -> Any:
    """Return *ours*, marked as an `async def` if *theirs* is one.

    A mock created from the class checks that to know what to await. Our function is a plain one and
    runs at the call: if the coroutine goes to a task, nothing later shows which code called it.
    """
    if inspect.iscoroutinefunction(theirs):
        if sys.version_info >= (3, 12):
            return inspect.markcoroutinefunction(ours)
        code = ours.__code__  # 3.11 reads the flags; only an instruction creates a coroutine there
        ours.__code__ = code.replace(co_flags=code.co_flags | inspect.CO_COROUTINE)
    return ours


class _Asked:
    """Replaces a method in its class, and returns the method itself.

    Code that reads it from the class without a look-up takes it for the function: `create_autospec`
    leaves out `self` of functions only.
    """

    __slots__ = ("note", "theirs")

    def __init__(self, theirs: Any, note: Callable[[Any], None]) -> None:
        self.theirs, self.note = theirs, note

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        if instance is not None:
            try:
                self.note(instance)
            except Exception:
                faults.note()
        return self.theirs.__get__(instance, owner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.theirs, name)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return type(self.theirs)


objects.stand_ins[_Asked] = "theirs"


def asked(cls: type, name: str, note: Callable[[Any], None]) -> Undo:
    """Let *note* see each object whose method is looked up, as for a call.

    No frame of ours is between the call and the method: a warning of the method for its caller's
    line, by a `stacklevel`, still names that line.
    """
    ours = _Asked(vars(cls)[name], note)
    restore = placed(cls, name, ours)

    def undo() -> None:
        ours.note = lambda instance: None  # if other code has wrapped after us
        restore()

    return undo
