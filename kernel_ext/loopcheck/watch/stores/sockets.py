"""Connections: which lines opened each, and which were not closed while their loop lived.

A socket that its loop no longer polls looks like a closed one (anyio stops reading between two
calls), so we follow each from its creation to its `close()`. A `close()` from a client's destructor
is the garbage collector's: no code meant it.
"""

from __future__ import annotations

import asyncio
import sys
import weakref
from collections import deque
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, Literal

from loopcheck.process import futures, objects
from loopcheck.process.frames import module_of
from loopcheck.source import project_files
from loopcheck.watch import loop_leaks
from loopcheck.watch.hooks import Counted, Hook, together
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.runs import expected_warnings

Undo = Callable[[], None]
Loop = asyncio.AbstractEventLoop
How = Literal["left", "collected"]
Line = tuple[CodeType, int, bool]  # True: called by the next user line, not by a library

KEPT = 500
MOST = 50  # lines of one run for which the heap is searched, at about 0.1 s
OUTWARD = 100  # frames to look at when a connection is opened
PARENTS = 5  # tasks that wait for each other
INWARD = 14  # frames between a destructor and the transport that it closes
# aiohttp closes a socket whose response was not read: user code has to close its session.
OF_A_RESPONSE = ("ClientResponse.__del__", "Connection.__del__")


class Site:
    """The code that opened a connection: code objects and numbers."""

    __slots__ = ("born", "library", "lines")

    def __init__(
        self,
        lines: tuple[Line, ...],  # the user's, innermost first
        library: str,  # the function that the innermost called: "valkey….Valkey.execute_command"
        born: int,  # the moment: number of tests begun
    ) -> None:
        self.lines, self.library, self.born = lines, library, born


class Entry:
    """A connection, or a client without one, that was not closed."""

    __slots__ = ("how", "kind", "scope", "site", "transport")

    def __init__(
        self,
        site: Site,
        how: How,
        scope: str | None,  # of its loop, in pytest-asyncio's words
        kind: str | None = None,  # class of a client that itself reported that it was not closed
        transport: weakref.ref[Any] | None = None,
    ) -> None:
        self.site, self.how, self.scope, self.kind = site, how, scope, kind
        self.transport = transport


left: deque[Entry] = deque(maxlen=KEPT)
_open: dict[int, tuple[weakref.ref[Any], Site]] = {}
made: dict[int, Site] = {}  # by the id of an aiohttp session: `sessions` writes it
# By the ids of a connector, which the error of its session keeps alive, and of its loop.
_refused: dict[tuple[int, int], Entry] = {}
_kept: dict[tuple[Line, ...], bool] = {}  # whether something keeps what these lines opened


def take() -> list[Entry]:
    """Return what was left since the last call, oldest first."""
    found = list(left)
    left.clear()
    return found


def note(entry: Entry) -> None:
    """Record *entry*, unless its own test is in a block that expects the warning about it."""
    if entry.site.born != LEDGER.moment or not expected_warnings.is_expected(ResourceWarning):
        left.append(entry)


def still_open(library: str) -> list[Site]:
    """Return where the open connections of *library* were opened, oldest first."""
    kept = [(ref(), site) for ref, site in list(_open.values())]
    return [
        site
        for transport, site in kept
        if transport is not None and not transport._closing and site.library.startswith(library)
    ]


def site_of(transport: object) -> Site | None:
    """Return where *transport* was opened, None if it is not open."""
    known = _open.get(id(transport))
    return known[1] if known is not None and known[0]() is transport else None


def _opened(
    transport: Any,
    loop: Loop,
    sock: object,
    protocol: object,
    extra: Any = None,
    server: Any = None,
    *_: object,  # 3.15: a context
    **__: object,
) -> None:
    if server is None:  # else it is the server's end of a client's connection
        site = site_from(sys._getframe(3), loop)
        _open[id(transport)] = weakref.ref(transport), site


def site_from(frame: FrameType | None, loop: Loop | None) -> Site:
    """Return the user's lines in the running task's step, from *frame* outwards."""
    lines: list[Line] = []
    library, direct = "", False
    for _ in range(OUTWARD):
        if frame is None:
            break
        code = frame.f_code
        module = module_of(frame)
        if code.co_name == "_run" and module == "asyncio.events":
            break
        who = project_files.owner(code.co_filename, module if type(module) is str else "")
        if who == "user":
            if lines and direct:
                lines[-1] = (*lines[-1][:2], True)
            lines.append((code, frame.f_lineno or 0, False))
            direct = True
        elif not lines:
            library = f"{module}.{code.co_qualname}"
        elif who == "machinery":
            break
        else:
            direct = False
        frame = frame.f_back
    if not lines and loop is not None:
        lines, library = _of_parents(loop), ""
    return Site(tuple(lines), library, LEDGER.moment)


def _of_parents(loop: Loop) -> list[Line]:
    """Return the user's lines that wait for the running task, innermost first."""
    from loopcheck.process.waiting import (  # late: connecting in a library's task is rare
        await_chain,
        parent_tasks,
    )

    task = asyncio.current_task(loop)
    for _ in range(PARENTS):
        task = parent_tasks.parent(task) if task is not None else None
        way = await_chain.follow(futures.coroutine(task)) if task is not None else None
        lines: list[Line] = []
        direct = False
        for code, line in way.steps if way is not None else ():
            users = project_files.owner(code.co_filename) == "user"
            if users:
                lines.append((code, line, direct))  # called by the one before, which is further out
            direct = users
        if lines:
            return lines[::-1]
    return []


def _closed(transport: Any, *_: Any) -> None:
    known = _open.pop(id(transport), None)
    destructor = _destructor(sys._getframe(2)) if known is not None else None
    if known is not None and destructor is not None and not _of_a_response(destructor):
        _keep(transport._loop, known[1])


def _of_a_response(destructor: CodeType) -> bool:
    return destructor.co_qualname in OF_A_RESPONSE and "aiohttp" in destructor.co_filename


def _destructor(frame: FrameType | None) -> CodeType | None:
    """Return the library's running `__del__`; a user's `__del__` closes on purpose."""
    for _ in range(INWARD):
        if frame is None:
            return None
        code = frame.f_code
        if code.co_name == "__del__":
            return code if project_files.owner(code.co_filename) != "user" else None
        frame = frame.f_back
    return None


def _collected(transport: Any, *_: Any) -> None:
    known = _open.pop(id(transport), None)
    if known is not None and getattr(transport, "_sock", None) is not None:
        _keep(transport._loop, known[1])


def _loop_closes(loop: Loop) -> None:
    if not _open or loop.is_closed():
        return
    for number, (ref, site) in list(_open.items()):
        transport = ref()
        if transport is None or transport._loop is None:
            _open.pop(number, None)
        elif transport._loop is loop:
            del _open[number]
            if not transport._closing and not _ending(transport):
                _left(loop, site, transport)


def _left(loop: Loop, site: Site, transport: Any) -> None:
    """Record what is open at the end of its *loop*, if nothing is left that could close it.

    We check it now, since fixtures wider than the loop may be torn down when the test is looked at.
    """
    made = LEDGER.find(loop)
    if made is None or not loop_leaks.for_tests(made):
        return
    if site.lines not in _kept:  # the next test will connect there again
        from loopcheck.process import keepers  # late: few loops leave anything

        _kept[site.lines] = len(_kept) >= MOST or keepers.kept(transport)
    if not _kept[site.lines]:
        note(Entry(site, "left", made.scope, None, weakref.ref(transport)))


def _ending(transport: Any) -> bool:
    """Return whether *transport* is about to send TLS's goodbye: its owner has closed it."""
    protocol = transport._protocol
    if objects.module_of(type(protocol)) != "asyncio.sslproto":
        return False
    state = getattr(protocol._state, "name", None)
    return state != "WRAPPED" or protocol._app_transport is None or protocol._app_transport._closed


def _keep(loop: Loop, site: Site) -> None:
    made = LEDGER.find(loop)
    if made is not None and loop_leaks.for_tests(made):
        note(Entry(site, "collected", made.scope))


def _said(loop: Loop, context: dict[str, Any]) -> None:
    """Record a client that itself reports that it was collected unclosed, as aiohttp's does."""
    if "exception" in context or not str(context.get("message", "")).startswith(
        "Unclosed client s"
    ):
        return
    client = context.get("client_session")
    entry = _collected_client(client, loop) if client is not None else None
    if entry is not None:
        note(entry)


def _collected_client(client: object, loop: Loop) -> Entry | None:
    born = LEDGER.find(loop)
    if born is None or not loop_leaks.for_tests(born):
        return None
    own = born.scope in (None, "function")
    maker = made.pop(id(client), None) or Site((), "", born.born if own else LEDGER.moment)
    return Entry(maker, "collected", born.scope, objects.type_name(client))


def refused(client: object) -> Entry | None:
    """Return the entry of *client*, an aiohttp session that could not report its collection.

    If filters turn its warning into an error, its destructor ends there. Its connector's destructor
    runs later, maybe in another test: that one is about the same session.
    """
    kind = objects.loaded_class("aiohttp.client", "ClientSession")
    loop = objects.peek(client, "_loop")
    if kind is not None and objects.is_a(client, kind) and objects.is_loop(loop):
        entry = _collected_client(client, loop)
        connector = objects.peek(client, "_connector")
        if entry is not None and objects.peek(connector, "_conns"):
            _refused[id(connector), id(loop)] = entry
        return entry
    connectors = objects.loaded_class("aiohttp.connector", "BaseConnector")
    if connectors is None or not objects.is_a(client, connectors):
        return None
    return _refused.pop((id(client), id(loop)), None)


def _forget() -> None:
    left.clear()
    _open.clear()
    _refused.clear()
    _kept.clear()


def _hook() -> Undo:
    from asyncio import selector_events

    loops = Hook(asyncio.BaseEventLoop, _forget, close=_loop_closes, call_exception_handler=_said)
    transports = Hook(
        selector_events._SelectorTransport,  # type: ignore[attr-defined]
        _forget,
        __init__=_opened,
        close=_closed,
        _force_close=_closed,
        __del__=_collected,
    )
    return together(loops.install(), transports.install())


install = Counted(_hook).install
