"""What still refers to an object: a module, or suspended code. We search from the object up.

Searched upwards, the path is complete: from a name down, a budget may end before the object.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import types
from collections.abc import Iterator

from loopcheck.process import objects
from loopcheck.process.frames import module_of
from loopcheck.process.patches.replaced import MOCKS
from loopcheck.source import project_files

DEEPEST = 24  # steps: a SQLAlchemy engine keeps its sockets within 16
MOST = 5_000  # objects on the way
# Registries in which libraries track objects they handed out: user code does not keep them there.
BOOKS = ("sqlalchemy", "weakref", "asyncio", "selectors", "anyio", "gc", "warnings", "contextvars")
FROZEN = 5_000  # objects hidden from the collector without a freeze: 3.12 starts with 400
_OF_THE_RUN = ("_pytest", "pytest_asyncio", "loopcheck", "pluggy")


def kept(thing: object) -> bool:
    """Return whether a module, a live fixture, or suspended code still leads to *thing*.

    The search ends at a class: it stays with its module, and its module keeps all that the class
    leads to. After a `gc.freeze()`, which some projects call once their tests are collected, the
    collector does not show what modules and fixtures keep: then we assume that the object is kept.
    """
    if gc.get_freeze_count() > FROZEN:
        return True
    stack = _frames()
    frames = set(map(id, stack))
    seen = {id(thing), id(sys.modules), *_going_down(stack)}
    spaces = _spaces()
    level: tuple[object, ...] = (thing,)
    for _ in range(DEEPEST):
        if not level or len(seen) > MOST:
            break
        above: list[object] = []
        for one in _referrers(level):
            if id(one) in seen or id(one) in frames:
                continue
            seen.add(id(one))
            if id(one) in spaces or _goes_on(one):
                return True
            if _shut(one):
                continue
            if objects.is_a(one, type):
                return True
            above.append(one)
        level = tuple(above)
    return len(seen) > MOST  # too many to say that nothing refers to it


def _referrers(level: tuple[object, ...]) -> list[object]:
    """Return the objects that refer to these, without frames and without our own lists.

    We pass the tuple *level* to the call as it is, so that we can recognize it in the result.
    """
    found = gc.get_referrers(*level)
    return [one for one in found if one is not level and type(one) is not types.FrameType]


def _frames() -> list[types.FrameType]:
    frame, found = sys._getframe(), []
    while frame is not None:
        found.append(frame)
        frame = frame.f_back  # type: ignore[assignment]
    return found


def _going_down(stack: list[types.FrameType]) -> Iterator[int]:
    """Yield the fixtures being torn down now: anyio closes its loop before the value goes."""
    for frame in stack:
        named = frame.f_code.co_name == "finish" and module_of(frame)
        if named == "_pytest.fixtures":
            yield id(frame.f_locals.get("self"))


def _spaces() -> set[int]:
    """Return the namespaces of modules whose names are meant to keep their objects alive."""
    found = set()
    for name, module in list(sys.modules.items()):
        if not objects.is_module(module) or name.partition(".")[0] in BOOKS:
            continue
        if project_files.owner(module.__dict__.get("__file__") or "", name) != "machinery":
            found.add(id(module.__dict__))
    return found


def _goes_on(thing: object) -> bool:
    """Return whether *thing* is suspended code, or a fixture that still has a value."""
    if type(thing) is types.GeneratorType:
        return thing.gi_frame is not None and not _run_s(thing.gi_code)
    if type(thing) is types.CoroutineType:
        return thing.cr_frame is not None
    if type(thing) is types.AsyncGeneratorType:
        return thing.ag_frame is not None
    named = type(thing).__name__ == "FixtureDef"
    return named and getattr(thing, "cached_result", None) is not None


def _run_s(code: types.CodeType) -> bool:
    return project_files.owner(code.co_filename) == "library" and any(
        f"/{name}/" in code.co_filename.replace("\\", "/") for name in _OF_THE_RUN
    )


def _shut(thing: object) -> bool:
    """Return whether a reference from *thing* proves nothing: loops, handles, pytest's nodes.

    The same holds for a mock's own subclass, with all that it contains: it goes when the mock goes.
    """
    if objects.is_loop(thing) or objects.is_a(thing, asyncio.Handle) or _of_a_mock(thing):
        return True
    module = objects.module_of(type(thing))
    if module in MOCKS and type(thing).__name__ == "MagicProxy":
        return True
    first = module.partition(".")[0]
    return first in _OF_THE_RUN or first == "selectors"


def _of_a_mock(thing: object) -> bool:
    module = sys.modules.get(objects.module_of(thing)) if objects.is_a(thing, type) else None
    if module is None or module.__name__ not in MOCKS:
        return False
    return vars(module).get(thing.__name__) is not thing  # type: ignore[attr-defined]
