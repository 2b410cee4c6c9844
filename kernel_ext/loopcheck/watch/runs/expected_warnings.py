"""Whether the test itself records warnings right now: in `pytest.warns`, with `recwarn`.

All recorders, also pytest's own log of a test, replace the function that shows warnings with a
list.
"""

from __future__ import annotations

import gc
import re
import warnings
from collections.abc import Iterator
from typing import Any

from loopcheck.process import objects

CHECKER = ("_pytest.recwarn", "WarningsChecker")

_pytests = 0  # the id of the list that pytest keeps for the running test


def begin_test() -> None:
    """Take the current recorder for pytest's own."""
    global _pytests
    _pytests = id(_log())


def is_expected(category: type[Warning]) -> bool:
    """Return whether a warning of *category* would reach a block of the test that expects it.

    `catch_warnings(record=True)` and `recwarn` take whatever the filters let through,
    `pytest.warns` and `deprecated_call` only the classes that they name.
    """
    log = _log()
    if log is None or id(log) == _pytests or not _is_let_through(category):
        return False
    named = list(_named_by(log))
    return not named or any(_is_one(category, one) for one in named)


def is_ignored(category: type[Warning], words: str) -> bool:
    """Return whether the filters of the running test ignore a warning with these *words*."""
    for action, message, kind, module, line in warnings.filters:
        said = message is None or (type(message) is re.Pattern and message.match(words))
        if said and module is None and not line and _is_one(category, kind):
            return action == "ignore"
    return False


def _log() -> list[Any] | None:
    """Return the list that warnings are recorded in, None if they are shown."""
    log = getattr(getattr(warnings, "_showwarnmsg_impl", None), "__self__", None)
    return log if type(log) is list else None


def _is_let_through(category: type[Warning]) -> bool:
    """Return whether the first filter that matches *category*, whatever its message, passes it."""
    for action, message, kind, module, line in warnings.filters:
        if message is None and module is None and not line and _is_one(category, kind):
            return action != "ignore"
    return True


def _is_one(category: type[Warning], kind: object) -> bool:
    """`issubclass`, without calling a user's metaclass."""
    return any(kind is one for one in objects.mro(category))


def _named_by(log: list[Any]) -> Iterator[type]:
    """Yield the classes that the `pytest.warns` with *log* expects: a heap walk, 10 ms or more.

    This is rare: an unclosed client was collected in a block that records warnings.
    """
    checker = objects.loaded_class(*CHECKER)
    for holder in gc.get_referrers(log) if checker is not None else ():
        owners = gc.get_referrers(holder) if type(holder) is dict else [holder]
        for one in owners:
            if type(one) is checker and objects.peek(one, "_list") is log:
                expected = objects.peek(one, "expected_warning")
                yield from expected if type(expected) is tuple else ()
                return
