"""Where two loops met in a failure: what its frames hold of another loop than they ran on.

A client that once met a wrong loop drops its connection and works again. Then only the frames still
hold what was bound to that loop, and they live as long as the exception: look at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import cast

from loopcheck.light import dataclass
from loopcheck.process import failure, futures, objects
from loopcheck.process.failure import Link, Step
from loopcheck.process.frames import first_argument
from loopcheck.process.loops import loop_checks, returned_futures
from loopcheck.process.loops.returned_futures import Returned
from loopcheck.source import parsed_files

NEAR = 6  # steps from a name on the failing line to the loop-bound object


@dataclass(frozen=True, eq=False)
class Meeting:
    """A failure where two loops met: the other loop's objects, and the frames of user code."""

    used_on: asyncio.AbstractEventLoop | None
    home: asyncio.AbstractEventLoop
    witness: object
    targets: tuple[object, ...]  # objects to search for from the user's names, best first
    user: tuple[Step, ...]  # the user's frames, innermost first
    returned: Returned | None = None  # what a call returned, if nothing keeps it


def read(link: Link, fallback: asyncio.AbstractEventLoop | None = None) -> Meeting | None:
    """Return where the error of *link* met another loop, None if everything was on its own loop.

    *fallback* is the test's loop, for loops that are not written in Python (uvloop).
    """
    start, used_on = failure.runner(link.trace, fallback)
    inner = link.trace[start:]
    user = _users(inner) or _users(link.trace)  # in a thread only the line that called run()
    below = inner[_deepest_user(inner) + 1 :]
    gone = _closed_loop(link)
    strangers = [
        (thing, loop)
        for step in reversed(below)
        for thing in _held(step)
        if (loop := objects.bound_loop(thing)) is not None and loop is not used_on
    ]
    own = [thing for step in reversed(below) if (thing := _self(step)) is not None]
    if gone is not None:  # the error is about this loop, whatever else is on another one
        strangers = [one for one in strangers if one[1] is gone]
        strangers = strangers or list(_said(user, gone)) or [(gone, gone)]
    if not strangers and user and inner and not below:
        strangers = list(_awaited(user[0], used_on))
        if not strangers and _refused_by_a_task(link.error):
            returned = returned_futures.awaited(user[0], used_on)
            if returned is not None:
                return Meeting(used_on, returned.loop, returned.loop, (), user, returned)
            other = _handed_to(user[1:], used_on)
            strangers = _of_one_loop(_awaited(user[0], other)) if other is not None else []
            used_on = other or used_on
    last = link.trace[-1] if link.trace else None
    if not strangers and last is not None:
        check = loop_checks.refused(last.frame, last.line, used_on)
        return Meeting(used_on, check[1], check[0], check[:1], user) if check else None
    if not strangers:
        return None
    witness, home = strangers[0]
    same = [thing for thing, loop in strangers if loop is home]
    return Meeting(used_on, home, witness, tuple(_once([*same, *own])), user)


def _closed_loop(link: Link) -> asyncio.AbstractEventLoop | None:
    """Return the loop that refused to work because it is closed."""
    last = link.trace[-1] if link.trace else None
    if last is None or last.frame.f_code.co_name != "_check_closed":
        return None
    loop = last.frame.f_locals.get("self")
    known = last.module.startswith("asyncio.") and objects.is_loop(loop)
    return cast("asyncio.AbstractEventLoop", loop) if known else None


def _said(
    user: tuple[Step, ...], gone: asyncio.AbstractEventLoop
) -> Iterator[tuple[object, asyncio.AbstractEventLoop]]:
    """Yield the objects on the failing line of user code that are bound to *gone*.

    Not if it names the loop itself: whatever it was to run there, the loop is what it calls.
    """
    named = list(_named(user[0])) if user else []
    for value in named if all(one is not gone for one in named) else ():
        for path, thing, _ in objects.walk(value):
            if len(path) > NEAR:
                break
            if objects.bound_loop(thing) is gone:
                yield thing, gone
                break


def _named(step: Step) -> Iterator[object]:
    """Yield the values of the names on the failing line."""
    code = step.frame.f_code
    said = parsed_files.names_at(code.co_filename, step.line)
    space = {**step.frame.f_globals, **step.frame.f_locals}
    for name in sorted(said & space.keys()):
        yield space[name]


def _users(trace: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(step for step in reversed(trace) if step.owner == "user")


def _once(things: Sequence[object]) -> list[object]:
    return list({id(thing): thing for thing in things}.values())


def _deepest_user(trace: Sequence[Step]) -> int:
    return max((i for i, step in enumerate(trace) if step.owner == "user"), default=-1)


def _self(step: Step) -> object | None:
    thing = first_argument(step.frame) if step.owner == "library" else None
    return None if objects.is_loop(thing) or objects.is_a(thing, type) else thing


def _held(step: Step) -> Iterator[object]:
    """Yield what a library frame works on: its `self`; in asyncio's own also all futures."""
    if (own := _self(step)) is not None:
        yield own
    if step.owner == "library" and step.module.startswith("asyncio."):
        for value in list(step.frame.f_locals.values()):
            if futures.is_future(value):
                yield value


def _refused_by_a_task(error: BaseException) -> bool:
    """Return whether a task awaited a future that belongs to another loop."""
    refused = objects.said(error).endswith(" attached to a different loop")
    return refused and objects.is_a(error, RuntimeError)


def _handed_to(
    callers: Sequence[Step], loop: asyncio.AbstractEventLoop | None
) -> asyncio.AbstractEventLoop | None:
    """Return the only loop besides *loop* that the lines of *callers* name.

    `asyncio.wrap_future` passes an error on from another thread without a frame of its own.
    """
    found: dict[int, asyncio.AbstractEventLoop] = {}
    for value in (value for step in callers for value in _named(step)):
        for path, thing, _ in objects.walk(value):
            if len(path) > NEAR:
                break
            if objects.is_loop(thing) and thing is not loop:
                found[id(thing)] = thing
    return next(iter(found.values())) if len(found) == 1 else None


def _of_one_loop(
    found: Iterator[tuple[object, asyncio.AbstractEventLoop]],
) -> list[tuple[object, asyncio.AbstractEventLoop]]:
    all_of_them = list(found)
    return all_of_them if len({id(loop) for _, loop in all_of_them}) == 1 else []


def _awaited(
    step: Step, used_on: asyncio.AbstractEventLoop | None
) -> Iterator[tuple[object, asyncio.AbstractEventLoop]]:
    """Yield futures of another loop that the failing line of user code awaits directly."""
    code = step.frame.f_code
    if parsed_files.step_at(code.co_filename, step.line, step.span) != "await":
        return
    for value in _named(step):
        for path, thing, _ in objects.walk(value):
            if len(path) > NEAR:
                break
            loop = objects.bound_loop(thing) if futures.is_future(thing) else None
            if loop is not None and loop is not used_on:
                yield thing, loop
