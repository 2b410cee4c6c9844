"""Methods of a class that tell us first: counted, and as they were found after the last undo."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from loopcheck.facts.labels import LOCK

Undo = Callable[[], None]


class Hook:
    """Lets a function see each call of a method before the method does."""

    def __init__(self, cls: type, forget: Undo, **notes: Callable[..., None]) -> None:
        self._cls, self._forget, self._notes = cls, forget, notes
        self._users = 0
        self._undo: list[Undo] = []

    def install(self) -> Undo:
        """Begin to see the calls; the hook goes with the last undo, and what was kept with it."""
        with LOCK:
            self._users += 1
            if self._users == 1:
                self._undo = [_hooked(self._cls, *note) for note in self._notes.items()]
        done = False

        def undo() -> None:
            nonlocal done
            with LOCK:
                if not done:
                    done = True
                    self._leave()

        return undo

    def _leave(self) -> None:
        self._users -= 1
        if not self._users:
            while self._undo:
                self._undo.pop()()
            self._forget()


def _hooked(cls: type, name: str, note: Callable[..., None]) -> Undo:
    theirs = getattr(cls, name)
    active = True

    @wraps(theirs)
    def ours(*args: Any, **kwargs: Any) -> Any:
        if active:
            with suppress(Exception):  # ours must never break the user's loop
                note(*args, **kwargs)
        return theirs(*args, **kwargs)

    setattr(cls, name, ours)

    def undo() -> None:
        nonlocal active
        active = False  # if somebody wrapped after us, ours stays as a pass-through
        if getattr(cls, name) is ours:
            setattr(cls, name, theirs)

    return undo
