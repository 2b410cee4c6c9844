"""What tests leave in stores and databases, and what a later one meets of it.

Only what a test's own lines do counts: a fixture may seed what all tests are to find.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Literal, NamedTuple

from loopcheck.labels import LOCK
from loopcheck.process import thread_stacks
from loopcheck.process.waiting import await_chain, parent_tasks
from loopcheck.watch import _frames
from loopcheck.watch.loops import LEDGER

MOST = 5_000  # keys and tables that are remembered
DEEPEST = 80  # frames up to the test
TASKS = 3  # on the way there

# again: after a fresh one; found: rows with the values that were asked for
Touch = Literal["fresh", "again", "read", "found", "overall", "insert"]
Line = tuple[str, int, str]
Where = tuple[object, ...]  # which store
Key = tuple[Where, str]  # a key of it, or a table


class Left(NamedTuple):
    """Something that a test wrote and nobody took away since."""

    test: int
    line: Line | None  # of the user's
    until: float | None = None  # it goes by itself then
    values: frozenset[int] = frozenset()  # hashes of what was put into rows


class Met(NamedTuple):
    """What a later test touched first of it."""

    store: str  # "Valkey", "sqlite"
    what: str  # the key or the table
    table: bool
    left: Left
    touch: Touch
    said: str  # "INCR", "SELECT"
    line: Line | None  # the user's innermost
    tested: tuple[str, int]  # the line of the test itself
    owner: weakref.ref[object]  # the client's pool, or the engine: its name is looked for
    beside: bool = False  # the test or a fixture has rows of its own there


class Written(NamedTuple):
    """Rows that were handed to a driver's connection, which may have refused them."""

    connection: weakref.ref[object]
    key: Key
    left: Left
    sql: str
    changes: int | None  # that the connection had made before: SQLite counts them
    open: bool  # a transaction was going on


class _State:
    def __init__(self) -> None:
        self.left: dict[tuple[Where, str], Left] = {}
        self.pending: dict[int, list[tuple[Key, Left]]] = {}  # not committed
        self.written: list[Written] = []  # not known to be taken
        self.writers: dict[Key, dict[int, Left]] = {}  # of a table: who left which value
        self.fixed: dict[Key, frozenset[int]] = {}  # what fixtures wrote to tables
        self.mine: dict[Key, frozenset[int]] = {}  # what the test that runs did
        self.owned: set[tuple[Where, str]] = set()  # touched by the test that runs
        self.met: list[Met] = []
        self.dirty: set[tuple[Where, str]] = set()  # keys that this test went on with
        self.moment = 0
        self.asked = False  # stores may be looked at with a client of ours
        self.seeded: set[tuple[Where, str]] = set()  # touched by fixtures: all tests are to find it
        self.servers: dict[Where, tuple[type, dict[str, object]]] = {}
        self.looking = False
        self.stays = False

    def turn(self) -> None:
        """Begin anew with each test."""
        if self.moment != LEDGER.moment:
            self.moment = LEDGER.moment
            self.owned.clear()
            self.met.clear()
            self.dirty.clear()
            self.mine.clear()


STATE = _State()


def met() -> tuple[Met, ...]:
    """Return what the test that runs has met of earlier ones."""
    with LOCK:
        return tuple(STATE.met) if STATE.moment == LEDGER.moment else ()


def begin_anew() -> None:
    """Forget what a run before this one left, unless it was asked to stay."""
    with LOCK:
        if not STATE.stays:
            STATE.__init__()  # type: ignore[misc]


@contextmanager
def remembered() -> Iterator[None]:
    """Let what is known outlast an undo: a library that came late is watched by a new install."""
    STATE.stays = True
    try:
        yield
    finally:
        STATE.stays = False


# Who asks


def asking() -> tuple[Line | None, tuple[str, int] | None]:
    """Return the user's innermost line, and the line of the test that led there, if one did."""
    innermost = None
    for depth, frame in enumerate(_stack()):
        if depth > DEEPEST:
            break
        if _frames.is_users(frame):
            code = frame.f_code
            innermost = innermost or (code.co_filename, frame.f_lineno, code.co_name)
            if code.co_name.startswith("test"):
                return innermost, (code.co_filename, frame.f_lineno)
    return innermost, None


def _stack() -> Iterator[FrameType]:
    """Yield the frames outwards, also those that wait for a greenlet of SQLAlchemy's, or a task.

    `async with sessions.begin()` commits in a task of its own.
    """
    yield from thread_stacks.outwards(sys._getframe(1))
    greenlets = sys.modules.get("greenlet")
    now = greenlets.__dict__["getcurrent"]() if greenlets is not None else None
    while now is not None and now.parent is not None:
        now = now.parent
        yield from thread_stacks.outwards(now.gr_frame)
    for task in parent_tasks.of_running(TASKS):
        yield from reversed(await_chain.frames(task.get_coro()))
