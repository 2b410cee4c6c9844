"""Who still keeps an object: a module, or code that is yet to go on. Looked for from the object up.

Upwards, since the way is complete then: from a name down, a budget may end before the object.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import types
from collections.abc import Iterator

from loopcheck.process import objects
from loopcheck.process.patches.replaced import MOCKS
from loopcheck.source import project_files

DEEPEST = 24  # steps: an engine of SQLAlchemy keeps its sockets within 16
MOST = 5_000  # objects on the way
# Books that libraries keep of what they gave away: nobody asked them to hold it.
BOOKS = ("sqlalchemy", "weakref", "asyncio", "selectors", "anyio", "gc", "warnings", "contextvars")
FROZEN = 5_000  # objects out of the collector's sight that nobody put there: 3.12 starts with 400
_OF_THE_RUN = ("_pytest", "pytest_asyncio", "loopcheck", "pluggy")


def kept(thing: object) -> bool:
    """Return whether a module, a fixture that is up, or suspended code still leads to *thing*.

    A class stays with its module, and leads on to all that was made of it: it is not looked past.
    After a `gc.freeze()`, which some projects call once their tests are collected, modules and
    fixtures can't be asked what they keep: then it may be kept.
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
    return len(seen) > MOST  # too many to say that nobody does


def _referrers(level: tuple[object, ...]) -> list[object]:
    """Return what refers to these, frames apart; the lists that hold them to ask are gone then.

    The tuple itself is handed on to the call as it is, which may find it.
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
    """Yield the fixtures that are torn down now: anyio closes its loop before the value goes."""
    for frame in stack:
        named = frame.f_code.co_name == "finish" and frame.f_globals.get("__name__")
        if named == "_pytest.fixtures":
            yield id(frame.f_locals.get("self"))


def _spaces() -> set[int]:
    """Return the namespaces of modules whose names are meant to keep what they name."""
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
    """Return whether what keeps *thing* says nothing: loops, handles, and pytest's own nodes.

    So does the class that a mock has for itself, with all that waits in it: it goes when the mock
    goes.
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
