"""A connection or session that two tasks use at once: which task used it when another failed."""

from __future__ import annotations

import ast
import asyncio
import re
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, Literal

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import failure, futures, objects, parameters
from loopcheck.process.databases import connection_names, stale_connections
from loopcheck.process.frames import first_argument
from loopcheck.process.waiting import await_chain, waits
from loopcheck.records import ConnectionUse, Kept, Place, SharedConnection, Subject
from loopcheck.runner import fixtures, loop_scopes
from loopcheck.source import bindings, calls, parsed_files
from loopcheck.source.modules import spaces
from loopcheck.source.values import value_origins

peek = objects.peek
CODE = "isce"  # SQLAlchemy's own code for a state that another operation is about to change
SESSIONS = ("sqlalchemy.ext.asyncio.session", "sqlalchemy.orm.session")
FLUSHING = "Session is already flushing"
SHOWN = 3
# How asyncio, aiohttp, anyio and websockets refuse a second reader.
READS = re.compile(r"(?i)another (?:coroutine|task) is already|concurrent call to receive")
SiteOf = Callable[[object], calls.Callers]
Kind = Literal["connection", "session", "stream"]


def read(
    error: BaseException, item: Any, labels: Labels, site_of: SiteOf
) -> SharedConnection | None:
    """Return what two tasks of one loop used at once, if *error* says that they did.

    *site_of* returns the lines that created a task, innermost first.
    """
    around: Place | None = None
    group: failure.Link | None = None  # the error of the task group that the failed task was in
    for link in connection_names.passed_on(error):
        around = (
            connection_names.used_at(link, labels) or around
        )  # a library's own task has no line of user code
        if objects.is_a(link.error, BaseExceptionGroup):
            group = link
        found = _refused(link)
        loop = _loop(link, item)
        if found is None or not _at_home(found[0], loop):
            continue
        things, kind = found
        steps = link.users
        mine = steps[0].frame if steps else None
        lent = connection_names.lent(things[0], steps)
        sharing = _sharing(things, loop, mine)
        return SharedConnection(
            thing=_thing([*things, *lent], kind, steps, item, labels),
            kind=kind,
            used_at=around,
            coroutine=await_chain.short(mine.f_code.co_qualname) if mine is not None else None,
            others=_others(sharing, labels),
            started_at=_started(sharing, things, site_of, labels)
            or _grouped(group, link, things, labels),
            nested=_nested(link, things[0]),
        )
    return None


def _refused(link: failure.Link) -> tuple[list[Any], Kind] | None:
    """Return the objects that refused, innermost first, if the error of *link* says so."""
    kind = objects.type_name(link.error)
    own = stale_connections.selves(link)
    changing = (
        kind.startswith("sqlalchemy.") and stale_connections.peek_class(link.error, "code") == CODE
    )
    if changing or _flushes_elsewhere(link):
        sessions = [one for one in own if objects.module_of(type(one)) in SESSIONS]
        sessions += [s for one in own if (s := peek(one, "session")) and _session(s)]
        return (sessions, "session") if sessions else None
    if kind == "asyncpg.exceptions._base.InterfaceError":
        if "another operation is in progress" not in objects.all_said(link.error):
            return None
        inner = [
            one for one in own if stale_connections.is_a(one, "asyncpg.connection", "Connection")
        ]
        outer = [one for one in own if _keeps(one)]
        session = any(_session(one) for one in outer)
        return (inner[:1] + outer, "session" if session else "connection") if inner else None
    if own and link.trace[-1].owner != "user" and READS.search(objects.all_said(link.error)):
        users = [one for one in own if not objects.module_of(type(one)).startswith("asyncio.")]
        in_streams = link.trace[-1].module == "asyncio.streams"
        return (users, "connection") if users and in_streams else (own, "stream")
    return None


def _flushes_elsewhere(link: failure.Link) -> bool:
    """Return whether a session refused a flush that was not nested in a flush of its own."""
    last = link.trace[-1] if link.trace else None
    if last is None or FLUSHING not in objects.all_said(link.error) or last.module not in SESSIONS:
        return False
    session = last.frame.f_locals.get("self")
    flushes = [one for one in link.trace if one.frame.f_code.co_name == "flush"]
    return sum(one.frame.f_locals.get("self") is session for one in flushes) == 1


def _session(thing: object) -> bool:
    return any(objects.module_of(kind) in SESSIONS for kind in objects.mro(type(thing)))


def _keeps(thing: object) -> bool:
    module = objects.module_of(type(thing))
    kept = ("sqlalchemy.ext.asyncio.", "sqlalchemy.orm.session", "sqlalchemy.engine.base")
    return module.startswith(kept) or objects.type_name(thing) == "asyncpg.pool.PoolConnectionProxy"


def _thing(
    things: list[Any], use: Kind, steps: Sequence[failure.Step], item: Any, labels: Labels
) -> Kept:
    """Return the outermost of *things* that has a name; of a stream the failing line's own name."""
    known = _named(things, steps[:1], None, labels) if use == "stream" else []
    known = known or _named(things, steps, item, labels)
    # A container that leads there is not one of *things*.
    known = known or _named(things, steps[:1], None, labels)
    kind = objects.type_name(things[0])
    unnamed = Kept(subject=Subject(name=kind.rpartition(".")[2], type=kind))
    thing = next(iter(known), unnamed)
    at = thing.kept_at or thing.made_at
    if at is not None and _handed_over(at, labels):
        return replace(thing, kept_at=None, made_at=None)
    return thing


def _named(
    things: list[Any], steps: Sequence[failure.Step], item: Any, labels: Labels
) -> list[Kept]:
    found = [connection_names.named([one], steps, item, labels) for one in things[::-1]]
    return [one for one in found if one.keeper is not None and _is_kin(one, things)]


def _is_kin(found: Kept, things: list[Any]) -> bool:
    """Return whether *found* may be one of *things*: an HTTP client that leads there is not."""
    if not any(_session(one) for one in things):
        return True  # a store's client goes under its own name, not under its connection's
    modules = {objects.module_of(kind) for one in things for kind in objects.mro(type(one))}
    return found.subject.type.partition(".")[0] in {one.partition(".")[0] for one in modules}


def _handed_over(at: Place, labels: Labels) -> bool:
    """Return whether the line *at* only stores a parameter: there is nothing to change there."""
    for file in (one.file for one in spaces() if one.file and labels.file(one.file) == at.file):
        given = {
            parameter
            for function in parsed_files.enclosing(file, at.line)[:1]
            for parameter in bindings.parameters(function)
        }
        for node in parsed_files.standing_at(file, at.line):
            if isinstance(node, ast.Assign) and node.lineno == at.line:
                return isinstance(node.value, ast.Name) and node.value.id in given
    return False


def _loop(link: failure.Link, item: Any) -> asyncio.AbstractEventLoop | None:
    loop = failure.ran_on(link)
    if loop is None and item is not None:
        loop = fixtures.runners(item).get(str(loop_scopes.of_test(item)))
    return loop


def _at_home(things: list[Any], loop: asyncio.AbstractEventLoop | None) -> bool:
    """Return whether none of *things* belongs to another loop (LC102, LC604)."""
    homes = [home for one in things if (home := objects.bound_loop(one)) is not None]
    return not any(
        (loop is not None and home is not loop) or objects.closed(home) for home in homes
    )


def _sharing(
    things: list[Any], loop: asyncio.AbstractEventLoop | None, mine: FrameType | None
) -> list[waits.Wait]:
    """Return the tasks that are still in the middle of an operation on one of *things*."""
    if loop is None or objects.closed(loop):
        return []
    found = []
    for task in asyncio.all_tasks(loop):
        if not futures.is_task(task):
            continue
        wait = waits.of_task(task)
        frames = list(wait.frames())
        if mine is not None and any(frame is mine for frame in frames):
            continue
        if any(_works_on(frame, things) for frame in frames) and not _is_drivers(wait):
            found.append(wait)
    # A connection's own task, which keeps it alive, works on it all the time.
    return [one for one in found if one.users()] or found


def _is_drivers(wait: waits.Wait) -> bool:
    """Return whether the driver itself runs the task: asyncpg cancels a query in one."""
    root = await_chain.root_of(futures.coroutine(wait.task))
    return not wait.users() and str(getattr(root, "co_name", "")).startswith("_")


def _others(sharing: Sequence[waits.Wait], labels: Labels) -> tuple[ConnectionUse, ...]:
    found = []
    for wait in sharing:
        users = wait.users()
        root = await_chain.root_of(futures.coroutine(wait.task))
        name = users[-1].f_code.co_qualname if users else getattr(root, "co_qualname", "")
        at = waits.place(users[-1], labels) if users else None
        found.append(ConnectionUse(coroutine=await_chain.short(str(name)), place=at))
    return tuple(sorted(found, key=lambda use: (str(use.place), use.coroutine)))[:SHOWN]


def _started(
    sharing: Sequence[waits.Wait], things: list[Any], site_of: SiteOf, labels: Labels
) -> Place | None:
    """Return the user's line that passes one of *things* to each of the tasks, if it is one line.

    A task that finds it elsewhere, in a global or in an app's state, has to change there.
    """
    places = set()
    for wait in sharing:
        frames = list(wait.frames())
        name = frames[0].f_code.co_name if frames else ""
        made = calls.started(site_of(wait.task), name)
        if made is None or not _takes(frames[0], things):
            return None
        places.add(Place(labels.file(made.file), made.line, made.function))
    return places.pop() if len(places) == 1 else None


def _grouped(
    group: failure.Link | None, link: failure.Link, things: list[Any], labels: Labels
) -> Place | None:
    """Return the line of the task group, if the failed task got one of *things* from its start."""
    if group is None:
        return None
    outside = {id(step.frame) for step in group.trace}
    first = next((step for step in link.trace if id(step.frame) not in outside), None)
    taken = first is not None and _takes(first.frame, things)
    return connection_names.used_at(group, labels) if taken else None


def _takes(frame: FrameType, things: list[Any]) -> bool:
    """Return whether an argument of *frame* is one of *things*, or a user object that has one."""
    given = [frame.f_locals.get(name) for name in parameters.named(frame.f_code)]
    wanted = {id(one) for one in things}
    return any(
        value_origins.leads(one, lambda found: id(found) in wanted) is not None for one in given
    )


def _works_on(frame: FrameType, things: list[Any]) -> bool:
    own = first_argument(frame) if await_chain.owner(frame.f_code) != "user" else None
    return own is not None and any(own is one or peek(own, "_con") is one for one in things)


def _nested(link: failure.Link, thing: object) -> bool:
    """Return whether a line of user code lies between two operations of *thing*."""
    seen = between = False
    for step in link.trace:
        if step.owner == "user":
            between = seen
        elif _works_on(step.frame, [thing]):
            if between:
                return True
            seen = True
    return False
