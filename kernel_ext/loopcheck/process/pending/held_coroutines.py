"""Coroutines that the frames of a failure hold, and that nothing has awaited yet."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from types import CoroutineType, FrameType
from typing import Any, cast

from loopcheck.process import objects
from loopcheck.process.doubles import doubles
from loopcheck.process.waiting import await_chain
from loopcheck.source.values import meaning

DEEPEST = 3  # from a name over an object to a list in it
MOST = 2_000  # objects to look at


def find(
    frames: Iterable[FrameType], *, of_mocks: bool = False
) -> list[CoroutineType[Any, Any, Any]]:
    """Return the coroutines without a first step that names of *frames* lead to.

    They are those of functions, or with *of_mocks* those that a call of a mock created.
    """
    found: dict[int, CoroutineType[Any, Any, Any]] = {}
    seen: set[int] = set()
    here = [value for frame in frames for value in meaning.own_names(frame).values()]
    for _ in range(DEEPEST):
        onward: list[object] = []
        for thing in here:
            if id(thing) in seen or len(seen) >= MOST:
                continue
            seen.add(id(thing))
            if type(thing) is CoroutineType:
                if await_chain.is_new(thing) and doubles.is_mocks_code(thing.cr_code) is of_mocks:
                    found.setdefault(id(thing), thing)
            elif not objects.is_mock(thing):  # kept_coroutines.py reads those of mocks
                onward += [part for _, part in islice(objects.steps(thing), MOST)]
                if of_mocks and objects.is_a(thing, dict):
                    keys = list(islice(dict.keys(cast("dict[object, object]", thing)), MOST))
                    onward += [key for key in keys if type(key) is CoroutineType]
        here = onward
    return list(found.values())
