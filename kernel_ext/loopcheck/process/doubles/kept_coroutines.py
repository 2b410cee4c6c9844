"""Coroutines that a mock was given and keeps in its `call_args`: nothing will ever run them.

Python warns about them when it collects the mock: in any later test, at any line.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from types import CoroutineType
from typing import Any

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.process.doubles import doubles

MOST = 1_000  # calls of one mock, and of the mocks that came from it


@dataclass(frozen=True, eq=False)
class KeptCoroutine:
    """A coroutine in a mock's arguments that has not begun. Lives only while a probe runs."""

    coroutine: Any
    taker: str  # the last name on the way to the called mock: "create_task", "" if it has none


def find(mocks: Iterable[object]) -> list[KeptCoroutine]:
    """Return the coroutines that *mocks*, or mocks that came from them, were called with."""
    found: dict[int, KeptCoroutine] = {}
    for mock in mocks:
        for name, value in _arguments(mock):
            if type(value) is CoroutineType and _waits_for_its_first_step(value):
                last = name.rpartition(".")[2].strip("()") or _own_name(mock)
                found.setdefault(id(value), KeptCoroutine(value, last))
    return list(found.values())


def _waits_for_its_first_step(coroutine: CoroutineType[Any, Any, Any]) -> bool:
    if inspect.getcoroutinestate(coroutine) != inspect.CORO_CREATED:
        return False
    mock = doubles.behind(coroutine)
    return mock is None or came_of_result(mock)  # any other call of a mock may be meant so


def came_of_result(mock: object) -> bool:
    """Return whether nobody wrote that *mock* is async: it is part of an async call's result.

    What an `AsyncMock` returns is another one, and so is each method of that.
    """
    steps = list(doubles.up(mock))[:-1]
    return any(name == "()" for _, name in steps) and doubles.spec_of(mock) is None


def _arguments(mock: object) -> Iterator[tuple[str, object]]:
    """Yield each argument with the name of the call: "loop.create_task", "" of *mock* itself."""
    kept = objects.peek(mock, "_mock_mock_calls")
    made = list(list.__iter__(kept))[:MOST] if objects.is_a(kept, list) else []
    for one in made:
        row = tuple(tuple.__iter__(one)) if objects.is_a(one, tuple) else ()
        if len(row) == 3 and type(row[1]) is tuple and type(row[2]) is dict:
            name = row[0] if type(row[0]) is str else ""
            for value in (*row[1], *row[2].values()):
                yield name, value


def _own_name(mock: object) -> str:
    name = objects.peek(mock, "_mock_name")
    return name.rpartition(".")[2] if type(name) is str else ""
