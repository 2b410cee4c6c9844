"""Databases: which line took or closed which connection, and where tables were created.

Installed only in a process that has loaded one of LIBRARIES. An entry is a few code objects and
numbers: connections are known by their ids, and are not kept alive.
"""

from __future__ import annotations

import asyncio
import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import field
from functools import wraps
from types import CodeType, FrameType
from typing import Any, Literal

from loopcheck.light import dataclass
from loopcheck.process import futures, objects
from loopcheck.process.databases import table_statements
from loopcheck.source import project_files
from loopcheck.watch import faults
from loopcheck.watch.hooks import Counted, Notes, Undo, hooked_where_loaded, step_aside, together
from loopcheck.watch.loops import LEDGER

Waiting = tuple[int, frozenset[int]]  # since this moment; the tasks that wait for the requester
State = Literal["open", "committed", "rolled back"]

KEPT = 1_000  # entries of each kind
CROWD = 8  # of those that wait for one pool: the next would pay 0.1 ms each
PARENTS = 5  # tasks that wait for each other
POOLS = 100  # pools whose last wait is kept
OUTWARD = 150  # frames to look at: SQLAlchemy's ORM takes 40
USERS = 6  # user lines to keep for one entry
LIBRARIES = ("asyncpg.pool", "sqlalchemy.pool.base", "aiosqlite.core", "psycopg_pool.pool_async")


@dataclass(frozen=True)
class Site:
    """Where user code was: lines innermost first, and the number of tests begun."""

    lines: tuple[tuple[CodeType, int, bool], ...]  # True: called by the next line, directly
    moment: int
    task: int | None = None  # id of the running task


@dataclass()
class Statement:
    """A statement that created, dropped or renamed a table."""

    verb: str  # "create", "drop"
    kind: str  # "table", "type", "index"
    names: tuple[str, ...]  # as the code writes them, without quotes
    checks: bool  # `if not exists`
    database: str  # a key that is unique for each database: see `table_statements.Where`
    words: str  # its description for people
    site: Site
    connection: int  # id of the driver's connection
    orm: bool  # of a MetaData
    temporary: bool = False  # only its connection has it
    state: State = "open"
    refused: bool = False  # it created nothing, since that existed already


@dataclass()
class Made:
    """A call of `MetaData.create_all` or `drop_all`."""

    verb: str
    tables: tuple[str, ...]  # in the metadata
    metadata: weakref.ref[Any]
    database: str
    words: str
    site: Site


@dataclass()
class Journal:
    """What was recorded since the install."""

    taken: dict[int, Site] = field(default_factory=dict)  # by id of holder or record
    asked: dict[int, Site] = field(default_factory=dict)  # the last request, by id of pool
    waiting: dict[int, dict[int | None, Waiting]] = field(default_factory=dict)  # by requester
    waited: dict[int, tuple[tuple[int, Site], ...]] = field(default_factory=dict)  # by id of pool
    closed: dict[int, Site] = field(default_factory=dict)  # by id of pool, connection, session
    statements: deque[Statement] = field(default_factory=lambda: deque(maxlen=KEPT))
    made: deque[Made] = field(default_factory=lambda: deque(maxlen=KEPT))

    def clear(self) -> None:
        self.taken.clear()
        self.asked.clear()
        self.waiting.clear()
        self.waited.clear()
        self.closed.clear()
        self.statements.clear()
        self.made.clear()


JOURNAL = Journal()
_owners: dict[CodeType, str] = {}  # read for each frame of each loan


def loaded() -> bool:
    """Return whether a library is loaded that we can watch."""
    return any(name in sys.modules for name in LIBRARIES)


def here() -> Site:
    """Return the running lines of user code, also through SQLAlchemy's greenlets.

    Each loan of a pool pays for this: all entries for one take 0.03 ms.
    """
    frame: FrameType | None = sys._getframe(1)
    lines: list[tuple[CodeType, int, bool]] = []
    direct = False
    greenlets: _Greenlets | None = None
    for _ in range(OUTWARD):
        if frame is None:
            greenlets = greenlets or _Greenlets()
            frame = greenlets.outer()
            if frame is None:
                break
        code = frame.f_code
        who = _owners.get(code)
        if who is None:
            who = _owners[code] = _owner(code)
        if who == "loop":
            break
        if who == "user":
            if lines and direct:
                lines[-1] = (*lines[-1][:2], True)
            lines.append((code, frame.f_lineno or 0, False))
            if len(lines) == USERS:
                break
            direct = True
        elif frame.f_globals is not globals():
            direct = False
        frame = frame.f_back
    return Site(tuple(lines), LEDGER.moment, _task())


def _owner(code: CodeType) -> str:
    if code.co_name == "_run" and code.co_filename.endswith(("asyncio/events.py", "\\events.py")):
        return "loop"
    return project_files.owner(code.co_filename)


def _task() -> int | None:
    if asyncio._get_running_loop() is None:
        return None
    task = asyncio.current_task()
    return id(task) if task is not None else None


class _Greenlets:
    """The way out of a greenlet: its frames do not lead to those that wait for it."""

    def __init__(self) -> None:
        module = sys.modules.get("greenlet")
        self.now: Any = module.getcurrent() if module is not None else None

    def outer(self) -> FrameType | None:
        self.now = self.now.parent if self.now is not None else None
        return self.now.gr_frame if self.now is not None else None


def _keep(kept: dict[int, Site], thing: object, site: Site) -> None:
    kept.pop(id(thing), None)  # the newest are last
    kept[id(thing)] = site
    if len(kept) > KEPT:
        del kept[next(iter(kept))]


# asyncpg


def _acquired(holder: Any) -> None:
    pool = id(holder._pool)
    site = here()
    asked = JOURNAL.asked.pop(pool, None)
    if not site.lines:  # before 3.12 a timeout runs it in a separate task
        now = asked if asked is not None and asked.moment == site.moment else None
        site = now or _of_waiters() or site
    if pool in JOURNAL.waiting:
        JOURNAL.waiting[pool].pop(site.task, None)
    _keep(JOURNAL.taken, holder, site)


def _given_back(holder: Any) -> None:
    JOURNAL.taken.pop(id(holder), None)


def _asked(pool: Any, *given: Any, **named: Any) -> None:
    """Record which code has the connections of an exhausted pool: free ones are in its queue.

    Later, when the failure is reported, some code may have released its connection on its way out.
    """
    limited = given[0] if given else named.get("timeout")
    if limited is None and pool._queue._queue:
        return
    site = here()
    if not site.lines:
        site = _of_waiters() or site
    _keep(JOURNAL.asked, pool, site)
    waiting = JOURNAL.waiting.setdefault(id(pool), {})
    if not pool._queue._queue and len(waiting) < CROWD:
        waiting[site.task] = site.moment, _waiters()
        _waits(pool, pool._holders)


def running_and_waiting_tasks() -> frozenset[int | None]:
    """Return the running task and those that wait for it; None stands for no task."""
    return _waiters() | {_task()}


def _waiters() -> frozenset[int]:
    """Return the tasks that wait for the running one: they keep what they hold."""
    from loopcheck.process.waiting import parent_tasks  # late: few pools are exhausted

    return frozenset(map(id, parent_tasks.of_running(PARENTS)))


def _of_waiters() -> Site | None:
    """Return where the tasks are that wait for the running one: `wait_for(pool.acquire(), 1)`.

    Before 3.12 the wait runs in a task of its own, which has no line of user code.
    """
    from loopcheck.process.waiting import (  # late: this kind of wait is rare
        await_chain,
        parent_tasks,
    )

    for task in parent_tasks.of_running(PARENTS):
        way = await_chain.follow(futures.coroutine(task))
        lines: list[tuple[CodeType, int, bool]] = []
        direct = False
        for code, line in way.steps if way is not None else ():
            users = project_files.owner(code.co_filename) == "user"
            if users:
                lines.append((code, line, direct))  # called by the one before, which is further out
            direct = users
        if lines:
            return Site(tuple(lines[: -USERS - 1 : -1]), LEDGER.moment, id(task))
    return None


def _waits(pool: object, holders: Iterable[object]) -> None:
    taken = ((id(one), JOURNAL.taken.get(id(one))) for one in holders)
    JOURNAL.waited.pop(id(pool), None)
    JOURNAL.waited[id(pool)] = tuple((key, site) for key, site in taken if site is not None)
    if len(JOURNAL.waited) > POOLS:
        oldest = next(iter(JOURNAL.waited))
        del JOURNAL.waited[oldest]
        JOURNAL.waiting.pop(oldest, None)


def _released(pool: Any, connection: Any, *_: Any, **__: Any) -> None:
    _keep(JOURNAL.closed, connection, here())


def _closed(thing: Any, *_: Any, **__: Any) -> None:
    _keep(JOURNAL.closed, thing, here())


def _async_closed(connection: Any, *_: Any, **__: Any) -> None:
    # Called at the exit of an `async with`; a task of SQLAlchemy's then closes it.
    inner = getattr(connection, "sync_connection", None)
    if inner is not None:
        _keep(JOURNAL.closed, inner, here())


def _sync_closed(connection: Any, *_: Any, **__: Any) -> None:
    greenlet = sys.modules.get("greenlet")
    if greenlet is None or greenlet.getcurrent().parent is None:  # else the async side was used
        _keep(JOURNAL.closed, connection, here())


def _new(thing: Any, *_: Any, **__: Any) -> None:
    JOURNAL.closed.pop(id(thing), None)  # another object had this address


def _asyncpg_runs(connection: Any, query: Any, *_: Any, **__: Any) -> None:
    if type(query) is str and (said := table_statements.read_all(query)):
        alone = objects.peek(connection, "_top_xact") is None
        where = table_statements.of_asyncpg(connection)
        _statement(said, connection, where, orm=False, state="committed" if alone else "open")


def _transaction_commits(transaction: Any) -> None:
    connection = objects.peek(transaction, "_connection")
    if JOURNAL.statements and connection is not None:
        _ended(connection, "committed")


def _transaction_rolls_back(transaction: Any) -> None:
    connection = objects.peek(transaction, "_connection")
    if JOURNAL.statements and connection is not None:
        _ended(connection, "rolled back")


# aiosqlite


def _aiosqlite_runs(connection: Any, sql: Any, *_: Any, **__: Any) -> None:
    if type(sql) is str and (said := table_statements.read_all(sql)):
        where = table_statements.of_aiosqlite(connection)
        _statement(said, connection, where, orm=False, state="committed")


# SQLAlchemy


def _dialect_runs(dialect: Any, cursor: Any, statement: Any, *given: Any, **named: Any) -> None:
    if type(statement) is not str or not (said := table_statements.read_all(statement)):
        return
    context = named.get("context", given[-1] if given else None)
    connection = objects.peek(context, "root_connection")
    where = table_statements.of_sqlalchemy(connection)
    orm = objects.peek(context, "isddl") is True and _in_metadata()
    _statement(said, table_statements.driver(connection), where, orm=orm)


def _in_metadata() -> bool:
    frame: FrameType | None = sys._getframe()
    for _ in range(40):
        if frame is None:
            return False
        if frame.f_code.co_name in ("create_all", "drop_all"):
            return True
        frame = frame.f_back
    return False


def _statement(
    said: tuple[table_statements.Said, ...],
    connection: Any,
    where: tuple[str, str],
    *,
    orm: bool,
    state: State = "open",
) -> None:
    site = here()
    for one in said:
        JOURNAL.statements.append(
            Statement(
                *(one.verb, one.kind, one.names, one.checks, *where, site, id(connection), orm),
                temporary=one.temporary,
            )
        )


def _commits(dialect: Any, connection: Any) -> None:
    if JOURNAL.statements:
        _ended(table_statements.driver_of(connection), "committed")


def _rolls_back(dialect: Any, connection: Any) -> None:
    if JOURNAL.statements:
        _ended(table_statements.driver_of(connection), "rolled back")


def _ended(connection: Any, how: State) -> None:
    for one in reversed(JOURNAL.statements):
        if one.connection == id(connection) and one.state == "open":
            one.state = how


def _creates(metadata: Any, bind: Any, *_: Any, **__: Any) -> None:
    _made("create", metadata, bind)


def _drops(metadata: Any, bind: Any, *_: Any, **__: Any) -> None:
    _made("drop", metadata, bind)


def _made(verb: str, metadata: Any, bind: Any) -> None:
    tables = objects.peek(metadata, "tables")
    names = tuple(str(name) for name in tables) if objects.is_a(tables, dict) else ()
    where = table_statements.of_sqlalchemy(bind)
    JOURNAL.made.append(Made(verb, names, weakref.ref(metadata), *where, here()))


def _after(
    cls: type, name: str, note: Callable[[Any, Any], None], failed: Callable[[Any], None]
) -> Undo:
    """Let *note* see what a method returns, or call *failed* if it raised; undo as a hook does."""
    theirs = getattr(cls, name)
    active = True

    @wraps(theirs)
    def ours(self: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True  # like pytest's own: a failure points at the user's line
        try:
            given = theirs(self, *args, **kwargs)
        except BaseException as error:
            if active and objects.is_a(error, Exception):
                try:
                    failed(self)
                except Exception:
                    faults.note()
            step_aside(error)
            raise
        if active:
            try:
                note(self, given)
            except Exception:
                faults.note()
        return given

    setattr(cls, name, ours)

    def undo() -> None:
        nonlocal active
        active = False
        if getattr(cls, name) is ours:
            setattr(cls, name, theirs)

    return undo


def _connected(pool: Any, fairy: Any) -> None:
    record = fairy._connection_record
    if record is not None:
        _keep(JOURNAL.taken, record, here())


def _refused(pool: Any) -> None:
    if objects.peek(pool, "_max_overflow") is not None:
        JOURNAL.waiting.setdefault(id(pool), {})[_task()] = LEDGER.moment, _waiters()
        from loopcheck.process.databases import pools  # late: a pool seldom refuses

        _waits(pool, (*pools.checked_out(pool), *pools.collected(pool)))


# One hook for each loaded class

HOOKS: tuple[tuple[str, str, Notes], ...] = (
    ("asyncpg.pool", "PoolConnectionHolder", {"acquire": _acquired, "_release": _given_back}),
    (
        "asyncpg.pool",
        "Pool",
        {
            "__init__": _new,
            "_acquire": _asked,
            "release": _released,
            "close": _closed,
            "terminate": _closed,
        },
    ),
    (
        "asyncpg.connection",
        "Connection",
        {"close": _closed, "terminate": _closed, "execute": _asyncpg_runs},
    ),
    (
        "asyncpg.transaction",
        "Transaction",
        {
            "_Transaction__commit": _transaction_commits,
            "_Transaction__rollback": _transaction_rolls_back,
        },
    ),
    (
        "aiosqlite.core",
        "Connection",
        {"close": _closed, "execute": _aiosqlite_runs, "executescript": _aiosqlite_runs},
    ),
    ("psycopg_pool.pool_async", "AsyncConnectionPool", {"__init__": _new, "close": _closed}),
    ("sqlalchemy.ext.asyncio.engine", "AsyncConnection", {"close": _async_closed}),
    ("sqlalchemy.engine.base", "Connection", {"close": _sync_closed}),
    (
        "sqlalchemy.engine.default",
        "DefaultDialect",
        {
            "do_execute": _dialect_runs,
            "do_execute_no_params": _dialect_runs,
            "do_commit": _commits,
            "do_rollback": _rolls_back,
        },
    ),
    ("sqlalchemy.sql.schema", "MetaData", {"create_all": _creates, "drop_all": _drops}),
)


def _hook() -> Undo:
    undos = [*hooked_where_loaded(HOOKS)]
    pool = objects.loaded_class("sqlalchemy.pool.base", "Pool")
    if pool is not None and hasattr(pool, "connect"):
        undos.append(_after(pool, "connect", _connected, _refused))
    return together(JOURNAL.clear, *undos)


install = Counted(_hook).install
