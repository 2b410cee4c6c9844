"""What tests leave in stores and databases, and what a later one finds of it.

Only what a test's own lines do counts: a fixture may seed what all tests are meant to find.
"""

from __future__ import annotations

import asyncio
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Literal, NamedTuple

from loopcheck.labels import LOCK
from loopcheck.process import thread_stacks
from loopcheck.process.frames import is_users
from loopcheck.process.waiting import await_chain, parent_tasks
from loopcheck.watch import tasks
from loopcheck.watch.loops import LEDGER

MOST = 5_000  # keys and tables to remember
DEEPEST = 80  # frames up to the test
TASKS = 3  # on the way there

# again: after a fresh one; found: rows with the values that the query asks for; more: a collection
# to which this test has added, with members of earlier tests; some: rows under a condition
Touch = Literal["fresh", "again", "read", "found", "some", "overall", "insert", "more"]
Line = tuple[str, int, str]
Where = tuple[object, ...]  # which store
Key = tuple[Where, str]  # one of its keys, or a table


class Left(NamedTuple):
    """Something that a test wrote and that was not removed since."""

    test: int
    line: Line | None  # in user code
    until: float | None = None  # it expires then
    values: frozenset[int] = frozenset()  # hashes of what was put into rows


class Met(NamedTuple):
    """The first contact of a later test with it."""

    store: str  # "Valkey", "sqlite"
    what: str  # the key or the table
    table: bool
    left: Left
    touch: Touch
    said: str  # "INCR", "SELECT"
    line: Line | None  # the innermost in user code
    tested: tuple[str, int]  # the line of the test itself
    owner: weakref.ref[object]  # the client's pool, or the engine: we search for its name
    beside: bool = False  # the test or a fixture has its own rows there
    members: frozenset[str] = frozenset()  # of a collection: those that earlier tests added
    cut: bool = False  # beside those, the answer lacks some that this test added
    values: frozenset[int] = frozenset()  # of rows under a condition: hashes of what is not ours


class Written(NamedTuple):
    """Rows that were passed to a driver's connection, which may have refused them."""

    connection: weakref.ref[object]
    key: Key
    left: Left
    sql: str
    changes: int | None  # that the connection had made before: SQLite counts them
    open: bool  # a transaction was in progress


class _State:
    def __init__(self) -> None:
        self.left: dict[tuple[Where, str], Left] = {}
        self.pending: dict[int, list[tuple[Key, Left]]] = {}  # not committed
        self.written: list[Written] = []  # not yet known to be accepted
        self.writers: dict[Key, dict[int, Left]] = {}  # of a table: which test left which value
        self.fixed: dict[Key, frozenset[int]] = {}  # what fixtures wrote to tables
        self.mine: dict[Key, frozenset[int]] = {}  # what the running test wrote
        self.owned: set[tuple[Where, str]] = set()  # touched by the running test
        self.met: list[Met] = []
        self.dirty: set[tuple[Where, str]] = set()  # keys that this test continued to use
        self.members: dict[Key, dict[str, Left]] = {}  # of a collection: which test added each
        self.mixed: set[Key] = set()  # collections of earlier tests to which this one has added
        self.moment = 0
        self.asked = False  # we may look at stores with our own client
        self.seeded: set[tuple[Where, str]] = set()  # touched by fixtures: meant for all tests
        self.servers: dict[Where, tuple[type, dict[str, object]]] = {}
        self.looking = False
        self.stays = False

    def turn(self) -> None:
        """Reset the state for each test."""
        if self.moment != LEDGER.moment:
            self.moment = LEDGER.moment
            self.owned.clear()
            self.met.clear()
            self.dirty.clear()
            self.mixed.clear()
            self.mine.clear()


STATE = _State()


def met() -> tuple[Met, ...]:
    """Return what the running test has found of earlier ones."""
    with LOCK:
        return tuple(STATE.met) if STATE.moment == LEDGER.moment else ()


def begin_anew() -> None:
    """Forget what an earlier run left, except during `remembered`."""
    with LOCK:
        if not STATE.stays:
            STATE.__init__()  # type: ignore[misc]


@contextmanager
def remembered() -> Iterator[None]:
    """Keep what is known through an undo: a late library is watched by a new install."""
    STATE.stays = True
    try:
        yield
    finally:
        STATE.stays = False


# The calling code


def asking() -> tuple[Line | None, tuple[str, int] | None]:
    """Return the user's innermost line, and the line of the test that led there, if one did."""
    innermost = None
    for depth, frame in enumerate(_stack()):
        if depth > DEEPEST:
            break
        if is_users(frame):
            code = frame.f_code
            innermost = innermost or (code.co_filename, frame.f_lineno, code.co_name)
            if code.co_name.startswith("test"):
                return innermost, (code.co_filename, frame.f_lineno)
    return innermost, None


def _stack() -> Iterator[FrameType]:
    """Yield the frames outwards, also those that wait for a SQLAlchemy greenlet, or for a task.

    `async with sessions.begin()` commits in a task of its own. Last come the frames of the tasks
    that have started this one: what a test starts writes for that test.
    """
    yield from thread_stacks.outwards(sys._getframe(1))
    greenlets = sys.modules.get("greenlet")
    now = greenlets.__dict__["getcurrent"]() if greenlets is not None else None
    while now is not None and now.parent is not None:
        now = now.parent
        yield from thread_stacks.outwards(now.gr_frame)
    for task in parent_tasks.of_running(TASKS):
        yield from reversed(await_chain.frames(task.get_coro()))
    starter = asyncio.current_task() if asyncio._get_running_loop() is not None else None
    for _ in range(TASKS):
        starter = tasks.parent(starter)
        if starter is not None:
            yield from reversed(await_chain.frames(starter.get_coro()))
