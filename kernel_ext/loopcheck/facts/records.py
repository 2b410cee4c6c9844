"""All records: plain, frozen facts about a process, safe to keep, compare and send.

No record holds a live object, a frame or a traceback. Unknown is None, never a word.
"""

from dataclasses import dataclass
from typing import Literal

Phase = Literal["collect", "setup", "call", "teardown", "session"]
Outcome = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of source, as pytest would write it: posix path from the run's root, or a cell."""

    file: str
    line: int
    name: str | None = None  # the function, or the name that the line gives a value to

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The object a finding is about, by the user's own name."""

    name: str  # "client", "cart.store"
    type: str  # "valkey.asyncio.client.Valkey"
    path: str | None = None  # "client.connection_pool._available_connections[0]._reader._loop"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopRecord:
    """An event loop, in words."""

    label: str  # "loop 1"; machinery has words instead of a number: "the kernel's loop"
    role: str | None = None  # "module loop of tests/test_cart.py"
    state: Literal["open", "running", "closed"] = "open"
    kind: str | None = None  # class: "asyncio.unix_events._UnixSelectorEventLoop"
    made_at: Place | None = None  # who made it, where that is a line of the user's
    born: int = 0  # order of birth within the run; 0: never seen being born

    def __str__(self) -> str:
        return f"{self.label} ({self.role})" if self.role else self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameRecord:
    """One frame of the failing stack."""

    place: Place
    module: str
    owner: Literal["user", "library", "machinery"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRecord:
    """One exception of the chain, and who raised it."""

    type: str  # "RuntimeError", "asyncpg.exceptions._base.InterfaceError"
    message: str
    module: str  # module whose line raised it
    function: str
    raised: Literal["await", "raise", "other"]  # what the raising line of a user's own frame does
    owner: Literal["user", "library", "machinery"]
    frames: tuple[FrameRecord, ...] = ()  # outermost first


Keeper = Literal["fixture", "global", "closure", "local", "argument"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundRecord:
    """An object in the failing lines that is bound to a loop."""

    subject: Subject
    loop: LoopRecord  # the loop it is bound to
    witness: str  # type of the object that showed the loop: "asyncio.streams.StreamReader"
    keeper: Keeper | None = None  # how the user's code keeps it
    fixture: str | None = None  # the fixture whose value it is, or is reached from
    kept_at: Place | None = None  # the fixture, or the line that keeps it: the line to change
    made_at: Place | None = None  # the line that made it
    used_at: Place | None = None  # the user's line that used it
    pool: bool = False  # a database pool: LC604's business when its loop is closed


@dataclass(frozen=True, slots=True, kw_only=True)
class FixtureRecord:
    """A fixture that the failing test uses."""

    name: str
    scope: str
    asynchronous: bool
    loop_scope: str | None = None  # as pytest-asyncio treats it; None: it has no loop of its own
    autouse: bool = False
    place: Place | None = None
    needs: tuple[str, ...] = ()
    loop: LoopRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRecord:
    """The test that was running."""

    __test__ = False  # pytest would take the class for a test

    nodeid: str
    name: str
    phase: Phase
    loop_scope: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """Text of a user's file or cell whose lines ran."""

    file: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One test on the axis of a timeline."""

    test: str  # "test_read"
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Something that lived on a loop: a fixture, or the tests that ran there."""

    kind: Literal["test", "fixture"]
    name: str
    first: int  # column
    last: int | None = None  # None: still there at the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One loop from birth to close."""

    loop: LoopRecord
    first: int
    last: int | None = None  # None: still open at the end
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A point on a lane: an object bound there, or the failure."""

    kind: Literal["bound", "failed"]
    lane: int  # index into lanes
    name: str  # the object, by the user's name
    column: int | None = None  # None: at some time of the loop's life
    code: str | None = None  # of the finding that it belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A run as a picture: columns are tests in order, lanes are loops."""

    columns: tuple[Column, ...] = ()
    lanes: tuple[Lane, ...] = ()
    marks: tuple[Mark, ...] = ()
    left_out: int = 0  # tests of the run that have no column here


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was seen about one failure, or in one look."""

    test: TestRecord | None = None
    errors: tuple[ErrorRecord, ...] = ()  # what was raised, then its causes and contexts
    used_on: LoopRecord | None = None  # the loop that the failing lines ran on
    bound: tuple[BoundRecord, ...] = ()
    fixtures: tuple[FixtureRecord, ...] = ()
    sources: tuple[SourceRecord, ...] = ()
    notes: tuple[str, ...] = ()  # what could not be looked at, one line each
