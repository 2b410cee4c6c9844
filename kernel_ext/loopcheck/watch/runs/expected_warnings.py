"""Whether the test itself listens for a warning right now: in `pytest.warns`, with `recwarn`.

All that listen, pytest's own log of a test too, put a list in place of what shows warnings.
"""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from typing import Any

from loopcheck.process import objects

CHECKER = ("_pytest.recwarn", "WarningsChecker")

_pytests = 0  # the id of the list that pytest keeps for the test that runs


def begin_test() -> None:
    """Take what listens now for pytest's own."""
    global _pytests
    _pytests = id(_log())


def is_expected(category: type[Warning]) -> bool:
    """Return whether a warning of *category* would come to a block of the test that is for it.

    `catch_warnings(record=True)` and `recwarn` take whatever the filters let through,
    `pytest.warns` and `deprecated_call` what they name.
    """
    log = _log()
    if log is None or id(log) == _pytests or not _is_let_through(category):
        return False
    named = list(_named_by(log))
    return not named or any(_is_one(category, one) for one in named)


def _log() -> list[Any] | None:
    """Return the list that warnings are recorded in, None where they are shown."""
    log = getattr(getattr(warnings, "_showwarnmsg_impl", None), "__self__", None)
    return log if type(log) is list else None


def _is_let_through(category: type[Warning]) -> bool:
    """Return whether the first filter that is about *category*, whatever it says, lets it pass."""
    for action, message, kind, module, line in warnings.filters:
        if message is None and module is None and not line and _is_one(category, kind):
            return action != "ignore"
    return True


def _is_one(category: type[Warning], kind: object) -> bool:
    """`issubclass`, without asking a metaclass of the user's."""
    return any(kind is one for one in objects.mro(category))


def _named_by(log: list[Any]) -> Iterator[type]:
    """Yield what the `pytest.warns` waits for that has *log*: a walk over the heap, 10 ms or more.

    Few come here: an unclosed client was collected in a block that records warnings.
    """
    checker = objects.loaded_class(*CHECKER)
    for holder in gc.get_referrers(log) if checker is not None else ():
        owners = gc.get_referrers(holder) if type(holder) is dict else [holder]
        for one in owners:
            if type(one) is checker and objects.peek(one, "_list") is log:
                expected = objects.peek(one, "expected_warning")
                yield from expected if type(expected) is tuple else ()
                return
