"""An object that refuses a call since nothing has opened it, and the methods that would.

What the call needs is as `__init__` left it, and only methods such as `connect` or `__aenter__`
change that. If a line on the way has called one of them, there is another reason.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from loopcheck.light import dataclass
from loopcheck.modes.databases.lc604_stale_pool import providers, refusals
from loopcheck.process import failure, objects
from loopcheck.records import Kept
from loopcheck.source import parsed_files
from loopcheck.source.bindings import Function
from loopcheck.source.nodes import contains
from loopcheck.source.values import lifecycle_methods, meaning


@dataclass(frozen=True, eq=False)
class Unopened:
    """An object that is not open. Lives only while loopcheck gathers evidence."""

    thing: object
    attribute: str
    methods: tuple[str, ...]  # any of which opens it
    is_async: bool  # the first of them is awaited, or entered by `async with`


def of(link: failure.Link) -> Unopened | None:
    """Return the object that raised the error of *link*, if its class shows it is not open."""
    on_a_loop = any(one.frame.f_code.co_flags & inspect.CO_COROUTINE for one in link.users)
    for thing, attribute in refusals.of(link, own=True):
        now = objects.attribute(thing, attribute)
        if type(now) in (bool, int, type(None)) and lifecycle_methods.is_new(thing, attribute):
            names = lifecycle_methods.changers(thing, attribute)
            methods = sorted(filter(_opens, names), key=lambda name: (name.startswith("_"), name))
            is_async = bool(methods) and _is_async(thing, methods[0])
            if methods and (on_a_loop or is_async):
                return Unopened(thing, attribute, tuple(methods), is_async)
    return None


def _opens(name: str) -> bool:
    """Return whether a line of the project may call *name* to make its object ready.

    `wait_closed` waits for what `close` begins. What begins with "on_" is for others to call.
    """
    if name.startswith("on_"):
        return False
    if name.startswith("_"):
        return name in lifecycle_methods.ENTERS
    return lifecycle_methods.opens(name) or lifecycle_methods.closes(name)


def _is_async(thing: object, name: str) -> bool:
    code = objects.code_of(objects.class_attribute(type(thing), name))
    return name == "__aenter__" or (code is not None and bool(code.co_flags & inspect.CO_COROUTINE))


def is_opened(seen: Unopened, kept: Kept, steps: Sequence[failure.Step], item: Any) -> bool:
    """Return whether a line on the way to the failing one opens the object, or means to.

    A function inside a test that is still on the way has its own line, and has run only up to it.
    """
    inner: list[Function] = []
    for step in steps:
        block = parsed_files.function_of(step.frame.f_code)
        for owner in providers.opened_in(block, seen.methods):
            may_have_run = owner.lineno < step.line and not any(contains(f, owner) for f in inner)
            if may_have_run and meaning.of(owner, step.frame) is seen.thing:
                return True
        if block is not None:
            inner.append(block)
    return any(one.may_open(seen.methods) for one in providers.of_fixture(kept, item))
