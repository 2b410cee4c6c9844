"""All records: plain, frozen facts about a process, safe to keep, compare and send.

No record holds a live object, a frame or a traceback. Unknown is None, never a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from loopcheck.light import frozen
from loopcheck.questions import NOTHING_KNOWN, Answer, Question, Questions

Owner = Literal["user", "library", "machinery"]
Phase = Literal["collect", "setup", "call", "teardown", "session"]
Outcome = Literal["passed", "failed", "skipped"]
# Starlette's and FastAPI's TestClient has a loop as long as its `with`, else one for each request.
ClientLoop = Literal["entered", "request"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of source, as pytest would write it: posix path from the run's root, or a cell."""

    file: str
    line: int
    name: str | None = None  # the function, or the name that the line gives a value to

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@frozen
class Subject:
    """The object a finding is about, by the name your code gives it."""

    name: str  # "client", "cart.store"
    type: str  # "valkey.asyncio.client.Valkey"
    path: str | None = None  # "client.connection_pool._available_connections[0]._reader._loop"


@frozen
class Edit:
    """A change of a file: the text from *start* to *end* becomes *text*."""

    file: str  # as a place names it
    start: tuple[int, int]  # line from 1, column from 0 in characters; a byte order mark has none
    end: tuple[int, int]  # excluded
    text: str


@frozen
class Edits:
    """One way to mend a fault, which a machine can apply and take back."""

    changes: tuple[Edit, ...]
    safe: bool  # what the test checks is kept; otherwise it is a suggestion
    words: str  # "await the call"


@frozen
class LoopRecord:
    """An event loop, described in words."""

    label: str  # "loop 1"; machinery has a description instead of a number: "the kernel's loop"
    role: str | None = None  # "module loop of tests/test_cart.py"
    state: Literal["open", "running", "closed"] = "open"
    kind: str | None = None  # class: "asyncio.unix_events._UnixSelectorEventLoop"
    made_at: Place | None = None  # the line of user code that created it, if there is one
    thread: str | None = None  # the thread it runs in, None while it does not run
    owner: Owner = "user"
    cell: int | None = None  # the cell that was running when it was made
    born: int = 0  # order of birth within the run; 0: never seen being born
    started_at: Place | None = None  # the line that waits while another thread starts and runs it
    test_client: ClientLoop | None = None
    stopped_at: Place | None = None  # the line of user code that stopped it last, else closed it

    def __str__(self) -> str:
        return f"{self.label} ({self.role})" if self.role else self.label


@frozen
class FrameRecord:
    """One frame of the failing stack."""

    place: Place
    module: str
    owner: Owner


@frozen
class ErrorRecord:
    """One exception of the chain, and whose code raised it."""

    type: str  # "RuntimeError", "asyncpg.exceptions._base.InterfaceError"
    message: str
    module: str  # module whose line raised it
    function: str
    raised: Literal["await", "raise", "other"]  # what the raising line of a user frame does
    owner: Owner
    frames: tuple[FrameRecord, ...] = ()  # outermost first
    two_loops: bool = False  # raised below an `if`, since an object keeps another loop


Keeper = Literal["fixture", "global", "closure", "local", "argument", "default"]


@frozen
class BoundRecord:
    """An object in the failing lines that is bound to a loop."""

    subject: Subject
    loop: LoopRecord  # the loop it is bound to
    witness: str  # type of the object that showed the loop: "asyncio.streams.StreamReader"
    keeper: Keeper | None = None  # what in user code keeps a reference to it
    fixture: str | None = None  # the fixture whose value it is, or whose value leads to it
    kept_at: Place | None = None  # the fixture, or the line that keeps it: the line to change
    made_at: Place | None = None  # the line that made it
    used_at: Place | None = None  # the line of user code that used it
    pool: bool = False  # a database pool: LC604 reports it if its loop is closed
    own_loop: bool = False  # its class creates the loop that it works on
    asks_when_made: bool = False  # its constructor asks for the running loop, and keeps it
    closed_at: Place | None = None  # the line that made it close that loop
    looked_up_at: Place | None = None  # the line of its class that keeps the loop, not its maker's
    stuck: bool = False  # nothing runs its loop: callbacks wait there, or the object owns the loop


@frozen
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
    loops: tuple[LoopRecord, ...] = ()  # the first loops that it was set up on in a whole run
    loop_count: int = 0  # how many loops there were


@frozen
class OwnMark:
    """The asyncio mark of a test function itself: it overrides the class, module and settings."""

    place: Place
    scope: str | None  # the loop scope that the mark sets
    instead: str  # the loop scope that the class, module or settings set


@frozen
class TestRecord:
    """The test that was running."""

    __test__ = False  # pytest would take the class for a test

    nodeid: str
    name: str
    phase: Phase
    loop_scope: str | None = None
    place: Place | None = None
    own_mark: OwnMark | None = None


@frozen
class SourceRecord:
    """The text of a file or cell whose lines ran."""

    file: str
    text: str


@frozen
class Column:
    """One test on the axis of a timeline."""

    test: str  # "test_read"
    outcome: Outcome | None = None


@frozen
class Span:
    """Something that lived on a loop: a fixture, or the tests that ran there."""

    kind: Literal["test", "fixture"]
    name: str
    first: int  # column
    last: int | None = None  # None: it still exists at the end


@frozen
class Lane:
    """One loop from birth to close."""

    loop: LoopRecord
    first: int
    last: int | None = None  # None: still open at the end
    spans: tuple[Span, ...] = ()


@frozen
class Mark:
    """A point on a lane: an object bound there, or the failure."""

    kind: Literal["bound", "failed"]
    lane: int  # index into lanes
    name: str  # the object, by the name your code gives it
    column: int | None = None  # None: at an unknown time in the loop's life
    code: str | None = None  # the code of the finding that it belongs to


@frozen
class Timeline:
    """A run as a picture: columns are tests in order, lanes are loops."""

    columns: tuple[Column, ...] = ()
    lanes: tuple[Lane, ...] = ()
    marks: tuple[Mark, ...] = ()
    left_out: int = 0  # tests of the run that have no column here


@frozen
class Evidence:
    """Everything loopcheck saw about one failure, or in one look."""

    test: TestRecord | None = None
    errors: tuple[ErrorRecord, ...] = ()  # the raised error, then its causes and contexts
    used_on: LoopRecord | None = None  # the loop that the failing lines ran on
    bound: tuple[BoundRecord, ...] = ()
    fixtures: tuple[FixtureRecord, ...] = ()
    sources: tuple[SourceRecord, ...] = ()
    notes: tuple[str, ...] = ()  # what loopcheck could not look at, one line each
    dropped: tuple[NeverAwaited, ...] = ()  # what a test left, whether it passed or not
    lost: tuple[LostException, ...] = ()
    logged: LoggedError | None = None  # where no mode explains the failure
    leaked: tuple[LeakedTask, ...] = ()
    destroyed: tuple[DestroyedTask, ...] = ()
    outlived: tuple[LeakedTask, ...] = ()  # tasks of earlier tests that use what this test needs
    stalls: tuple[Stall, ...] = ()
    generators: tuple[LeftGenerator, ...] = ()
    premature: tuple[Premature, ...] = ()
    spun: SpinRecord | None = None  # a busy loop that its own limit has ended
    cancels: tuple[SwallowedCancel, ...] = ()
    unclosed: tuple[Unclosed, ...] = ()
    unclosed_loops: tuple[LoopRecord, ...] = ()  # collected while open; may have failed the test
    failed: bool = False  # the test that left them did not run to its end
    item: ItemRecord | None = None
    set_up: SetUpRecord | None = None
    lookup: LookupRecord | None = None
    session: SessionRecord | None = None
    nested: NestedRun | None = None
    foreseen: FixtureRecord | None = None  # a fixture inspected before any test requests it
    unrequested: bool = False  # all tests are collected, and none requests *foreseen*
    refusal: Refusal | None = None
    loop_wish: LoopWish | None = None
    cut_off: CutOff | None = None
    ended_early: EndedEarly | None = None
    hang: HangRecord | None = None
    exit: ExitHolder | None = None  # what the process waits for after its tests
    lost_tests: tuple[LostTests, ...] = ()  # of the whole run: no failure comes from them
    shared: SharedRecord | None = None
    endpoint: EndpointRecord | None = None
    dirt: DirtRecord | None = None
    unmet: MissedPatch | None = None
    doubles: tuple[DoubleRecord, ...] = ()  # mocks and fakes that broke the failing lines
    slept: MockedSleep | None = None
    executor: MockedExecutor | None = None
    swallowed: tuple[Swallowed, ...] = ()
    questions: Questions = NOTHING_KNOWN  # answers the questions that only one mode has

    def ask(self, question: Question[Answer]) -> Answer | None:
        """Return the answer to a mode's own *question*; the first call does the work."""
        return self.questions.answer(question)

    @classmethod
    def knowing(cls, answers: Mapping[Question[Any], Any], **fields: Any) -> Evidence:
        """Return evidence with these *answers* to questions: tests of a mode need no loop then."""
        return cls(questions=Questions(answers), **fields)


# A look at the process as it is, whether anything failed or not.


@frozen
class TaskGroup:
    """Tasks that wait at the same place, shown as one entry."""

    count: int
    coroutine: str  # qualified name of the outermost coroutine: "worker"
    loop: str  # label: "loop 1", "the kernel's loop"
    owner: Owner
    names: tuple[str, ...] = ()  # a few names that user code set; not "Task-12", asyncio's default
    stack: tuple[Place, ...] = ()  # the await chain, outermost first, down to the line it waits on
    waits_for: str | None = None  # type of the innermost awaitable: "asyncio.locks.Event"
    made_at: Place | None = None  # where they were created, if a watch saw it
    waits_at: Place | None = None  # the stack's innermost line of user code, else the innermost
    state: Literal["waiting", "running", "new"] = "waiting"  # new: no line of it has run yet
    followed: int | None = None  # how many tasks the stack was read for; None: all


@frozen
class PoolRecord:
    """A client's or database's connections."""

    subject: Subject
    loop: LoopRecord | None = None
    in_use: int | None = None
    free: int | None = None
    most: int | None = None
    closed: bool | None = None
    holders: tuple[str, ...] = ()  # the code that holds connections: "worker at shop/db.py:12"


@frozen
class RegistryRecord:
    """Something that user code registered in a process-wide registry."""

    kind: Literal["metric", "exception handler", "atexit hook", "signal handler"]
    name: str  # "orders_total", "SIGTERM", "save_all"
    detail: str | None = None
    made_at: Place | None = None
    loop: LoopRecord | None = None


@frozen
class PatchRecord:
    """A patch that is in place now."""

    target: str  # "asyncio.sleep"
    by: Literal["unittest.mock", "monkeypatch"]
    double: str  # type of the replacement: "unittest.mock.AsyncMock"
    made_at: Place | None = None
    missed: tuple[str, ...] = ()  # names that still hold the original: "feed.sleep"


SCOPES = ("function", "class", "module", "package", "session")  # pytest's, narrowest first


@frozen
class ConfigRecord:
    """A setting that decides how async tests run here, or a version."""

    name: str
    value: str
    said_in: str | None = None  # the file that sets it, "pytest.ini"; None: the default
    advice: str | None = None  # what is out of date about it, and what to write instead
    line: int | None = None  # of *said_in*, where a line of that file is at fault
    code: str | None = None  # the mode of the fault: "LC304"


@frozen
class Look:
    """Everything that one look saw. A part that the caller left out is empty."""

    loops: tuple[LoopRecord, ...] = ()
    tasks: tuple[TaskGroup, ...] = ()  # most first
    task_count: int = 0
    objects: tuple[BoundRecord, ...] = ()
    pools: tuple[PoolRecord, ...] = ()
    registries: tuple[RegistryRecord, ...] = ()
    patches: tuple[PatchRecord, ...] = ()
    config: tuple[ConfigRecord, ...] = ()
    fixtures: tuple[FixtureRecord, ...] = ()
    notes: tuple[str, ...] = ()  # "pools: could not look, KeyError in asyncpg 0.33"


# What the watches recorded while it happened.


@frozen
class LostException:
    """An exception that no code received: from a task never awaited, or from a callback."""

    type: str  # "KeyError", "asyncpg.exceptions._base.InterfaceError"
    message: str  # its text arguments, secrets masked
    said: str  # asyncio's message: "Task exception was never retrieved"
    place: Place | None = None  # the innermost line of user code in its traceback
    coroutine: str | None = None  # the task's coroutine: "Feed.consume"
    callback: str | None = None  # qualified name, if no task raised it
    of_protocol: bool = False  # a protocol's method raised it, and asyncio reported nothing to it
    executed: str | None = None  # what a thread of an executor ran: "_write"; no task raised it
    answers: bool = False  # its line gives a future its result, and the future was done already
    caught: bool = False  # asyncio's own code called the function, as a server's does
    loop: str | None = None  # label
    started_at: Place | None = None  # the call that started the task, if only one is possible
    kept: bool = False  # its test has a name for the task: a line that did not run may await it
    referenced: bool = False  # the line that starts the task assigns it, or passes it on
    gone: bool = False  # the task was gone before its test failed: no line could await it
    slipped_by: Slipped | None = None  # the handler that a cancellation of its own passed


@frozen
class Slipped:
    """A CancelledError that a task raised by itself, and the `except Exception` that it passed."""

    handler: str  # "except Exception"
    handler_at: Place
    raised_at: Place


@frozen
class LoggedError:
    """An error that code caught and logged while the test ran, or that it dropped."""

    name: str  # the function that raised it
    type: str  # "KeyError"
    message: str  # its first argument, secrets masked
    place: Place  # the innermost line of user code in its traceback
    logger: str  # "aiohttp.server"
    logged_at: Place | None  # the line that logs it, None if it is a library's
    undone: str | None  # what the failing line reads, and the function would have changed
    used_at: Place | None  # the failing line
    gathered_at: Place | None = None  # the `gather` whose results it was among
    dropped_at: Place | None = None  # the line that drops those results: often the same
    expected_at: Place | None = None  # the `pytest.raises` that waits for it


@frozen
class Stall:
    """One step of a loop that took so long that nothing else could run on the loop."""

    loop: str  # label
    seconds: float
    place: Place | None = None  # the line of user code that samples saw most often
    call: str | None = None  # what was running then: "time.sleep", "socket.SocketIO.readinto"
    blocked: bool = False  # it waited in that call, and computed nothing
    is_call: bool = True  # False: the line enters or reads it, as in `with lock:`
    limit: float = 0.0  # seconds above which loopcheck calls a step too long
    phase: Phase | None = None  # the test phase in which it happened
    synchronous: bool = False  # the line is in a function that is not async
    twin: str | None = None  # an installed async counterpart of the call: "valkey.asyncio"
    delays: bool = False  # a task, a timeout or input of the loop had to wait for it
    alone: bool = False  # its loop runs beside the tests, and has nothing else to run
    missed: bool = False  # the deadline that the failure is about passed meanwhile
    # --loopcheck-hang ended it. "never": no other thread could have ended the wait
    ended: Literal["never", "late"] | None = None
    others: int = 0  # threads that waited, too, when it was ended
    holder: Holder | None = None  # the task of its loop that holds the lock that it waits for


@frozen
class LeftGenerator:
    """An async generator that no code iterated to its end."""

    name: str  # qualified: "rows"
    place: Place  # the `yield` it stopped at
    how: Literal["collected", "kept", "late"]  # while its loop ran; until it closed; afterwards
    loop: str | None = None  # label
    owner: Owner = "user"
    cleans_up: bool = False  # a `finally` or `with` around the `yield` has not run yet
    cut_short: bool = False  # its clean-up was not finished when the loop began to close
    left_at: Place | None = None  # the `async for`, or the call that takes single steps
    by: Literal["break", "return", "error", "anext", "closed"] | None = None
    through: str | None = None  # the generator that iterated it, and was itself left
    parameter: str | None = None  # the parameter through which the leaving function received it
    said: str | None = None  # the call in that `async for`, as it is written: "self.db.rows(…)"
    asserted: bool = False  # the failing line reads something that the clean-up changes
    closed: str | None = None  # what the failing line uses, and the clean-up had closed
    refused_at: Place | None = None  # the line that raises because of what the clean-up changes


@frozen
class SwallowedCancel:
    """A cancellation that user code caught and did not raise again."""

    coroutine: str  # the task's; if a timeout was lost, the coroutine that caught it
    caught_at: Place  # the `except`, the `suppress`, or the line that leaves a `finally`
    words: str  # as the code writes it: "except BaseException"
    how: Literal["went on", "timeout lost", "returned", "failed", "not raised"]
    waits_at: Place | None = None  # the `await` that received it
    expected: bool = False  # an outer line expects a TimeoutError, and works without it
    sure: bool = True  # no other handler may have dropped it


@frozen
class Premature:
    """A failing line that reads what a task has not changed yet."""

    asked: str  # what the line reads, as it writes it: "bus.seen"
    place: Place  # the failing line
    coroutine: str | None = None  # the task's; None: it is unknown which task
    waits_at: Place | None = None  # the line of user code where the task waits
    started: bool = True  # a line of the task ran
    again: bool = False  # it has changed it, and will in the next iteration of its loop
    missing: bool = False  # the line failed on a part that is not there: `seen[0]`
    held: bool = False  # loopcheck evaluated it again after the failure, and it held
    itself: bool = False  # the line asks the task itself: `assert task.done()`
    timer: bool = False  # not a task, but a callback that the loop was about to call
    threads: bool = False  # no task: all pending work is what `run_in_executor` runs
    mock: bool = False  # a mock asserts itself: `send.assert_called_once()`
    loop: LoopRecord | None = None  # the task's loop, if it is not the test's
    fixture: str | None = None  # the async fixture on that loop that started the task
    polled: bool = False  # the code polled it until a limit ran out
    idle: bool = False  # user code created that loop, and nothing ran it meanwhile
    cut_off: bool = False  # its loop closed in the middle of the test, and cancelled it
    made_at: Place | None = None  # the line that started a task which was cut off
    endless: bool = False  # the task loops, and may never end: a wait for its end would not help
    queue: str | None = None  # what that loop takes from and marks as done: "self.jobs"


# How pytest collected the failing test, or why it did not.


@frozen
class ItemRecord:
    """How pytest collected the failing test, and which plugin should run it."""

    name: str  # the function's: "test_read"
    place: Place | None  # its `def`
    runner: Literal["pytest", "pytest-asyncio", "unittest", "other"]
    form: Literal["plain", "coroutine", "generator"]  # the kind of function in the source
    wrapper: str | None = None  # a decorator's function, not async, that replaces it
    wrapper_at: Place | None = None  # its line, if that is user code
    passed_over: bool = False  # its runner calls it, or not even that, and never awaits it
    marks: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()  # without `self` and those that have a default
    isolated: bool | None = None  # in an IsolatedAsyncioTestCase; None: in no TestCase
    owner_class: Place | None = None
    unrun_set_up: Place | None = None  # async method of its class that should set what it lacks
    lacks: str | None = None  # the attribute that the failing line reads
    library: str | None = None  # the library that its lines, or else its module, use: "trio"


@frozen
class SetUpRecord:
    """The fixture that pytest itself failed to set up: none of its own lines ran."""

    fixture: FixtureRecord
    form: Literal["plain", "coroutine", "generator"]
    asked_by: str | None = None  # what requests it: "test_read", "fixture `shop`"
    again: bool = False  # an earlier test failed there, and pytest 9 no longer gives a reason
    handed: bool = False  # pytest 8 set it up anyway: its value is the coroutine
    wrapper: str | None = None  # a decorator's function, not async, that returns the coroutine
    backend: FixtureRecord | None = None  # `anyio_backend`, if anyio should set the fixture up
    anyio_test: str | None = None  # another test of the run, for which anyio sets it up
    anyio_marked: bool = False  # that test has anyio's mark
    too_wide: bool = False  # pytest refused it because it requests one of a narrower scope
    narrower: FixtureRecord | None = None  # that one, if it is the user's


@frozen
class LookupRecord:
    """A fixture that a test or fixture requests and pytest does not find."""

    name: str
    asked_by: str  # "test_read", "shop"
    asked_at: Place | None = None  # the `def` that names it, or the `usefixtures`
    by_fixture: bool = False
    synchronous: bool = False  # that fixture is a plain function
    marked: bool = False  # no argument names it, but a `usefixtures` mark or setting does
    called: bool = False  # requested by a call of `request.getfixturevalue`
    near: tuple[str, ...] = ()  # visible fixtures with a similar name
    elsewhere: tuple[Place, ...] = ()  # fixtures of that name that are not visible here
    near_elsewhere: tuple[str, Place] | None = None  # if none is visible: a similar one elsewhere
    in_class: Place | None = None  # one in a visible file, but in a class: only its tests see it
    of_class: str | None = None  # that class
    unloaded: Place | None = None  # one that no file or plugin of this run loads: its function
    unloaded_as: str | None = None  # the name that its decorator sets
    cut_off: bool = False  # it is in a conftest.py above the folder that --confcutdir names
    function: Place | None = None  # a function of that name, without the decorator
    asynchronous: bool = False  # that function is `async def`
    renamed: str | None = None  # the visible fixture that a function of that name defines
    given: str | None = None  # what a `@patch` of the test replaces by passing its `new`
    plugin: str | None = None  # a package that has this fixture and is not installed
    recursive: bool = False  # it exists, and requests itself


@frozen
class SessionRecord:
    """Facts about the whole pytest run, as the failing test sees them."""

    asyncio: str | None = None  # version of pytest-asyncio, None where it is not loaded
    mode: str | None = None  # of pytest-asyncio
    mode_at: Place | None = None  # the line that sets auto mode, if aiohttp's plugin is loaded too
    anyio: bool = False  # its plugin is loaded
    trio: bool = False  # pytest-trio is loaded
    removed: tuple[str, ...] = ()  # fixtures that this pytest-asyncio no longer has
    overrides: tuple[FixtureRecord, ...] = ()  # definitions of those that the test can see
    settings: str | None = None  # the file that pytest reads them from
    idle: tuple[SettingRecord, ...] = ()  # `asyncio_mode = auto`, where it has no effect
    idle_scopes: tuple[SettingRecord, ...] = ()  # a default loop scope that has no effect


@frozen
class SettingRecord:
    """A line of a configuration file that has no effect."""

    name: str  # as the file writes it
    place: Place
    read: bool  # pytest reads this file
    meant: str = "asyncio_mode"
    value: str = "auto"
    section: str = "[pytest]"  # the section that pytest reads in this kind of file
    looked: bool = False  # pytest looked for that section here, and no file has it


SharedKind = Literal["global", "attribute", "parameter", "fixture", "default"]


@frozen
class SharedRecord:
    """A container that several tests share, an earlier change to it, and the failure from that."""

    name: str  # "KWARGS", "TestCart.items", "settings"
    type: str  # "dict"
    kind: SharedKind
    explains: Literal["key", "argument", "extra", "index", "assertion"]
    scope: str | None = None  # a fixture's
    by_fixture: bool = False  # a parameter from `params=` of the fixture of that name
    place: Place | None = None  # the line that creates it
    used_at: Place | None = None  # the failing line
    changed_by: str | None = None  # the test that ran when it changed
    lost: tuple[str, ...] = ()  # keys or elements, as the code writes them
    gained: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()  # keys with another value


Wanted = Literal[
    "await",
    "async with",
    "async for",
    "result",
    "truth",
    "rows",
    "value",
    "more",
    "layer",
    "awaited",  # a test asserts that it was awaited
    "nothing",  # a line calls it like a plain function, and drops the result
    "branch",  # a line tests the coroutine, and the result would have chosen the other branch
]


@frozen
class DoubleRecord:
    """A mock or fake that broke the failing line, and what that line needed of it."""

    subject: Subject  # by the name that the mock was created with: "repo.get_user"
    kind: Literal["sync", "async", "fake"]  # a mock that returns at once; one that needs an await
    wanted: Wanted
    said: str  # the expression of the line: "repo.get_user(user_id)", "result"
    got: str | None = None  # type of the value there: "dict", "coroutine"
    sure: bool = False  # the value is certainly what the mock returned
    made_at: Place | None = None
    used_at: Place | None = None
    called_at: Place | None = None
    set_at: Place | None = None  # the line that sets its return value or side effect
    skipped: str | None = None  # the user's function that did not run because of it
    layer_at: Place | None = None  # the line of that function that would have mattered
    spec: str | None = None  # the class in its `spec`, if it has one
    in_spec: bool = False  # that class has something of this name
    real: Literal["async", "sync"] | None = None  # what it replaces, if that is known
    original: str | None = None  # what it replaced: "shop.client.fetch"
    unnamed: bool = False  # your code has no name for its parent: "mock.find()"
    returned_by: str | None = None  # the helper that creates and returns it, without a name for it
    class_passed: bool = False  # `made_at` passes its class to what creates it
    returns: bool = False  # a fake that awaits and yields nothing: it need not be async
    told: bool = False  # the test set a return value or a side effect
    freed: bool = False  # no line uses it: Python warned that its coroutine was never awaited
    detail: str | None = None


@frozen
class LostTests:
    """A test, a class or a file of tests that pytest does not collect."""

    how: Literal["twin", "constructor", "class name", "nested", "file name", "switched off"]
    name: str  # "test_login", "UserTests", "tests_user.py"
    place: Place  # its `def` or `class`; of a file the first test
    tests: tuple[str, ...] = ()  # the tests in it, if it is not a test itself
    inside: str | None = None  # the class or function around it
    twin: Place | None = None  # the later definition, which pytest collects
    constructor: Place | None = None
    patterns: tuple[str, ...] = ()  # the names that pytest looks for
    off_at: Place | None = None  # `__test__ = False`, set by a base: in the class of that name


@frozen
class CoroutineTaker:
    """A function that takes a coroutine to run it, and did not run it."""

    name: str  # "Pool.submit"
    parameter: str  # what it calls it: "work"
    call: str  # as the line with the call has it: "pool.submit"
    at: Place | None = None  # the line of it that leaves the coroutine alone; None: of a library
    is_list: bool = False  # the parameter has several, and a loop runs them


@frozen
class NeverAwaited:
    """A coroutine that was created and dropped: not one line of it ran."""

    name: str  # "Valkey.execute_command"
    owner: Owner  # whose lines the coroutine would have run
    made_at: Place | None = None  # the call, if only one is possible
    made_by: str | None = None  # the function that contains the call
    caller: str | None = None  # that line passes the function to it: it calls, and awaits nothing
    threaded: bool = False  # it calls in another thread
    no_loop: bool = False  # the test is a plain function: no loop runs a task
    by_loop: bool = False  # a loop calls `made_by`: nothing could await that
    passed_at: Place | None = None  # the line that passes the function on, to where it is called
    taker: CoroutineTaker | None = None  # it was passed to that: no `await` is missing
    double: str | None = None  # a mock that is awaited and received it: "asyncio.wait_for"
    kept_by: str | None = None  # a mock that received it, and keeps it: "asyncio.create_task"
    used_at: Place | None = None  # the line that failed because it took it for the result
    held: bool = False  # `used_at` reads what it has not changed yet; a later line may await it
    kept: bool = False  # it has a name, or that is unknown: a line that did not run may await it
    fixture: str | None = None  # a plain fixture, which returns it as its value
    handed_back_by: str | None = None  # that function returns it: `used_at` awaits, and drops it
    in_plain: bool = False  # the call is in a function that is not async: it cannot await there
    set_up: bool = False  # `made_at` defines it: pytest or unittest calls that name and drops it
    in_generator: bool = False  # it is in a generator expression
    awaited_as: str | None = None  # if the line has no plain call: "async with await connect(…)"
    hidden_by: Place | None = None  # a plain function around it returns it: nothing knew to await
    # Left to another mode or to no mode: it is unknown which test made it, or a library did.
    role: Literal["mock", "test", "fixture", "nested run", "another test", "library"] | None = None


@frozen
class LeakedTask:
    """A task that was still pending when its loop was closed."""

    coroutine: str  # "Worker.run"
    owner: Owner
    scope: str | None = None  # of the loop, in pytest-asyncio's words
    of_a_test: bool = True  # the loop was made for tests, not by one
    waits_at: Place | None = None  # the line of user code where it waits
    made_at: Place | None = None  # the call that a watch saw start it
    made_by: str | None = None  # the function that contains the call
    owned_at: Place | None = None  # the call whose function has to end it, if that is another
    closer: str | None = None  # what ends the object that keeps it: "await {}.stop()"
    dropped: bool = False  # that line keeps no reference to the task
    call: str | None = None  # the call that creates a library's coroutine: "asyncio.sleep(30)"
    started: bool = True  # a line of it ran
    cancelling: bool = False  # cancelled, and no code waited for its end
    died_of: str | None = None  # failed after its test had ended; nothing retrieved the exception
    collected: bool = False  # by the garbage collector: after its test, before its loop closed
    left_by: str | None = None  # the test that started it, if a later one has failed
    shared: str | None = None  # what both use, by the name that the later test has for it
    child: str | None = None  # a task that it started, and that was cancelled too early to end
    child_at: Place | None = None  # the call that started that one


@frozen
class DestroyedTask:
    """A task that the garbage collector took while it was pending."""

    task: LeakedTask
    loop_closed: bool = False  # before that, and it had not cancelled the task


@frozen
class Doubled:
    """A method that a test replaces with a double of its own."""

    name: str  # "ClientSession.close"
    place: Place


@frozen
class WayOut:
    """A line that leaves a function which closes something on its other ways out."""

    place: Place
    function: str
    name: str  # of what it closes: "api"
    opened_at: Place


@frozen
class Unclosed:
    """A client that was never closed, or whose connection was not."""

    name: str  # by the name your code gives it, else by its class
    type: str | None  # class, if it is known: "valkey.asyncio.client.Valkey"
    how: Literal["left", "collected"]  # open until its loop closed; until nothing referred to it
    scope: str | None = None  # of the loop, in pytest-asyncio's words
    fixture: bool = False  # the name is that of a fixture, which passes it to tests
    keeps: str | None = None  # the attribute that holds the client, if the name is its owner's
    closer: str | None = None  # what closes the owner: "await {}.aclose()"
    made_at: Place | None = None  # the fixture, or the line that assigns it to a name
    opened_at: Place | None = None  # the line of user code that made it connect
    clean_up: Place | None = None  # the line that should close it, if its failure is hidden
    hidden_by: str | None = None  # "try", "suppress"
    lost_by: str | None = None  # the function that raised before it could return the client
    doubled: Doubled | None = None  # the test's double that took the call which should close it
    beside: Place | None = None  # the line that closes what was created beside it
    closes: str | None = None  # what that line closes: "self.sending"
    leaves: str | None = None  # what it leaves: "self.receiving"
    way_out: WayOut | None = None
    plain: bool = False  # created in a function that can't await


# Databases.


@frozen
class Kept:
    """A pool, connection or session by its name in your code; the lines that keep and make it."""

    subject: Subject
    keeper: Keeper | None = None
    fixture: str | None = None
    scope: str | None = None  # of that fixture
    kept_at: Place | None = None
    made_at: Place | None = None


@frozen
class DoneAt:
    """A line of user code that ran earlier, and for which test or fixture."""

    place: Place
    test: str | None = None  # the test that ran, by its node id; None: the failing one
    fixture: str | None = None  # the fixture that contains the line
    apart: bool = False  # only another test's: no fixture of this one, nor one that outlives a test


@frozen
class Opening:
    """What would make an object ready for the call that it refuses."""

    attribute: str  # which is as it was when the object was created
    now: str  # its value: "None", "False"
    method: str  # which changes that
    is_async: bool  # it is awaited, or entered by `async with`
    enters: bool = False  # it is `__enter__` or `__aenter__`: a block calls it
    ends: bool = False  # it begins the end that the call waits for: `close`


@frozen
class DeniedEnd:
    """Why an assertion can't hold once its object is closed: by a flag, or by a later assertion."""

    attribute: str | None = None
    now: bool | None = None  # what the close has set it to
    asked: str | None = None  # what both assertions are about
    later: Place | None = None  # the assertion that expects what the failing one has got


@frozen
class StalePool:
    """A pool, an executor or another object that is used after its end, or before it is open."""

    thing: Kept
    kind: Literal["pool", "connection", "executor", "object"]
    how: Literal["closed", "released", "not opened", "ended", "loop"]  # ended: by the server
    used_at: Place | None = None
    ended: DoneAt | None = None  # the line that closed it or gave it back
    surely: bool = True  # that line has run, or there is none
    way: Literal["call", "block", "returned"] | None = None  # how its function closed it
    closed_as: str | None = None  # "Db._pool", if that name still refers to the closed one
    asked_at: Place | None = None  # the check on that name before a new one: `if Db._pool is None`
    loop: LoopRecord | None = None  # its own, if that is closed
    needs: Opening | None = None  # of an object that is not open
    denied: DeniedEnd | None = None  # nothing was called: an assertion says that it is open
    part: str | None = None  # what came from it, and is used: "response" of a session


@frozen
class ConnectionUse:
    """A task that is in the middle of an operation on a connection."""

    coroutine: str
    place: Place | None = None  # the line of user code where it waits


@frozen
class SharedConnection:
    """A connection or session that was used while another operation was still using it."""

    thing: Kept
    kind: Literal["connection", "session", "stream"]
    used_at: Place | None = None  # the line of user code that was refused
    started_at: Place | None = None  # the line that started the tasks that share it
    coroutine: str | None = None  # of that line
    others: tuple[ConnectionUse, ...] = ()  # tasks that were using it
    nested: bool = False  # the same task was: a query inside a copy


@frozen
class ImplicitIO:
    """An attribute of a model, or a call, that queried the database outside an `await`."""

    name: str  # "user.posts", "engine.sync_engine"
    model: str | None = None  # "User"
    attribute: str | None = None
    relationship: bool = False
    left_out: bool = False  # a column that no query has loaded yet: deferred, or not selected
    sync: str | None = None  # the plain function that reads it: it can't await
    # "inside": a property in your code reads it; "base": the query was for the base of its class
    how: Literal["expired", "lazy", "inside", "base", "detached", "call"] = "call"
    used_at: Place | None = None
    since: Place | None = None  # the line that expired it, if the function shows it
    by: str | None = None  # "commit", "rollback", "flush"
    expires: bool | None = None  # the session has `expire_on_commit`


@frozen
class HeldConnection:
    """A connection that was taken and not given back."""

    taken: DoneAt
    name: str | None = None  # what keeps it: "session", "connection"
    made_at: Place | None = None  # the line that assigns this name, or the fixture
    lender: Place | None = None  # a context manager in user code: its block has ended by now
    inside: Place | None = None  # the line that takes another one: in its block, or after a write
    count: int = 1  # taken by the same line
    kept: bool = True  # it stays taken: by an earlier test, or by a task that waits for another one


@frozen
class ExhaustedPool:
    """A pool or a server that has no free connection left, or an SQLite file that is locked."""

    thing: Kept | None  # None: the server's limit, or the file's
    most: int | None = None
    used_at: Place | None = None
    holders: tuple[HeldConnection, ...] = ()
    server: bool = False  # it is the server's limit
    said: bool = True  # the pool itself reports it; False: a limit of the test's ended the wait
    file: str | None = None  # "the SQLite file `shop.db`": the holder has written to it


@frozen
class TableStory:
    """A line that created or dropped a table."""

    verb: Literal["create", "drop"]
    done: DoneAt
    words: str  # the database: "the SQLite file `app.db`"
    name: str  # as the code writes it: "app.users"
    same: bool  # it is the database that the failing line uses
    state: Literal["open", "committed", "rolled back"] = "open"
    orm: bool = False  # by `create_all`
    checks: bool = False


@frozen
class SchemaRecord:
    """A table that is missing, or exists already, and what the run did with it."""

    what: Literal["missing", "exists", "defined twice", "not awaited"]
    table: str
    kind: str = "table"
    database: str | None = None  # "an in-memory SQLite database"
    thing: Kept | None = None  # the engine or connection that the failing line uses
    used_at: Place | None = None
    story: tuple[TableStory, ...] = ()  # oldest first
    temporary: DoneAt | None = None  # a temporary table of that name was created there
    model: Place | None = None  # the class that declares it
    models: str | None = None  # that class's name
    empty: DoneAt | None = None  # a `create_all` of a metadata that does not contain it
    unknown: bool = False  # no metadata of the process contains it
    near: tuple[str, ...] = ()  # known tables with a similar name
    memory: bool = False
    memory_at: Place | None = None  # the line that sets ":memory:", if no engine does
    fixture_at: Place | None = None  # the line of the fixture that sent the statement
    pool: str | None = None  # class of the engine's pool
    sure: bool = True  # the error's class or number shows it, not its words
    at_once: bool = False  # two created it at the same time
    bare: bool = False  # a second `Table(…)` was refused, and no class
    first: Place | None = None  # the first `Table(…)`
    unfollowed: bool = False  # this run may have created it in a way that no watch sees


@frozen
class NestedRun:
    """A call that tried to start a loop inside a running one."""

    call: str  # "asyncio.run", "loop.run_until_complete"
    coroutine: str | None = None  # name of the coroutine that it should run: "fetch"
    called_at: Place | None = None  # the line of user code that calls it
    synchronous: bool = False  # that line is in a function that is not async
    running: LoopRecord | None = None  # the loop that already runs there
    of_library: bool = False  # a library makes the call, and starts loops of its own
    in_a_thread: bool = True  # a thread could call the function, and start a loop there
    local: bool = False  # the calling function defines *coroutine*: no other can call it


@frozen
class MissedError:
    """An error that a line of user code does not catch, as it expects one of a similar name."""

    expected: str  # "TimeoutError", "redis.exceptions.ResponseError"
    raised: str  # its import path: "valkey.exceptions.TimeoutError"
    written: str  # as the line writes it: "asyncio.TimeoutError"
    place: Place  # the line that expects it
    how: Literal["except", "raises", "suppress", "xfail", "isinstance", "decorator"]
    alike: Literal["name", "base", "kind", "file"]  # file: one class, its file loaded by two names
    got_from: Place | None = None  # the import that brings the line its class
    handed_at: Place | None = None  # where the class was passed to it: `@retry(on=TimeoutError)`
    listed_at: Place | None = None  # the global tuple that the line uses: `RETRYABLE = (…)`
    raised_at: Place | None = None  # the innermost line of user code


@frozen
class Swallowed:
    """An error that a line of user code caught and dropped while a test ran."""

    function: str  # "Limiter.allow"
    place: Place  # the `except`
    words: str  # as the code writes it: "except Exception"
    broad: bool  # it catches every error
    type: str  # of the error
    message: str
    by: Literal["interpreter", "raise", "library", "stdlib", "double"]  # what raised it
    outcome: Literal["allows", "refuses", "goes on", "other"]  # what the handler does then
    value: str | None = None  # what the function returns then, if the code writes it: "True"
    raised_at: Place | None = None  # the innermost line of user code
    asserted: bool = False  # the test asserts about the function's return value
    seen: bool = False  # the failing assertion got that very value
    # How it is known; made: the watch saw it raised, and the value that the handler returns
    known: Literal["interpreter", "log", "made"] = "interpreter"
    counted: bool = False  # the test reads what the handler records


StandInKind = Literal[
    "wrapper",
    "provider",
    "function",
    "coroutine",
    "class",
    "client class",
    "fixture",
    "sync client",
    "context manager",
    "generator",
]


@frozen
class StandIn:
    """An object used as a client that is none itself, and leads to one."""

    subject: Subject
    kind: StandInKind
    wanted: str  # "setnx"; for a synchronous client what the code awaited
    client: str  # the class that has it: "valkey.asyncio.client.Valkey"; "": it is unknown
    place: Place | None  # the line to change: it passes the object on, or makes it
    used_at: Place
    way: str | None = None  # the expression that reaches the client: "wrapper._client"
    handed: bool = False  # the using code received it from others, and is not the test itself
    as_client: bool = False  # the using code names it as one names a client: "self.redis"


@frozen
class Undecoded:
    """A failing line that mixes bytes and text, and the client that returns one of them."""

    client: Subject
    answers: Literal["bytes", "text"]
    place: Place  # the failing line
    how: Literal["equal", "member", "key", "asked", "number", "repr", "call", "keywords"]
    answer: str | None = None  # what the client returned, if it is short: "b'42'"
    wanted: str | None = None  # "'42'"
    proved: bool = True  # decoded, the line would hold; else only the error's words point to it
    made_at: Place | None = None  # the line that creates the client
    ignored: bool = False  # that line asks for decoding, and the client has a pool that does not
    pooled: bool = False  # that line passes the client a pool, whose settings count


@frozen
class TwiceRegistered:
    """A metric that its registry refused, because another one has its name."""

    name: str  # as your code writes it, if that is known: "orders_total"
    type: str  # "prometheus_client.metrics.Counter"
    again: Place  # the line of user code that registered it now
    how: Literal["line again", "imported again", "reloaded", "two lines", "unknown"]
    first: Place | None = None  # the line that registered the existing one
    called_at: Place | None = None  # the line of user code that led there now: a call, an import
    before: Place | None = None  # a module's own line that led there when the module was loaded
    modules: tuple[str, ...] = ()  # two module names of one file: the one of now, the one before
    other: str | None = None  # the existing one's name, if it differs
    registry: str | None = None  # its name in your code, "" for none; None: the library's own


SleepFailure = Literal[
    "spins",
    "recursion",
    "not awaitable",
    "no timeout",
    "too early",
    "no time",
    "no timer",
    "cancelled",
]


@frozen
class MockedSleep:
    """A mock or fake of `asyncio.sleep`, and how its test failed because of it."""

    target: str  # "asyncio.sleep", "feed.sleep"
    how: SleepFailure
    place: Place | None = None  # the line that patches
    used_at: Place | None = None  # the loop that spins, or the line that sleeps
    double: str = "mock"  # "AsyncMock", or the name of a function
    mock: bool = True
    everywhere: bool = True  # it replaces asyncio's own name
    real: tuple[str, ...] = ()  # names that still hold the real one
    coroutine: str | None = None  # of the task that had no turn, or was cancelled in its first


@frozen
class RemovedApi:
    """What a library, or Python, has removed."""

    what: str  # "app=", "coroutine", "aioredis"
    owner: str  # "httpx.AsyncClient", "asyncio.coroutine"
    since: str  # "httpx 0.28"
    instead: str
    place: Place  # the line that uses it
    version: str  # the installed version: "httpx 0.28.1"
    used_at: Place | None = None  # the line that failed, if that came later
    said: str | None = None  # a warning, which filters made an error: it is still there


@frozen
class WrongOverride:
    """A FastAPI dependency override that did not have the intended effect."""

    how: Literal["parameters", "generator", "coroutine", "context", "factory", "maker", "key"]
    key: str  # the function that it should replace, by its name
    double: str  # in words: "`override`", "a lambda", "a MagicMock"
    type: str = "function"
    place: Place | None = None  # the line that overrides
    made_at: Place | None = None  # of the override; for "key" the function that the routes use
    used_at: Place | None = None
    parameters: tuple[str, ...] = ()  # the parameters that FastAPI demanded of the request
    # For "maker", the call that would work: "FakeDb()". For a mock, "return_value" or "itself".
    gives: str | None = None
    meant: str | None = None  # the function that the routes depend on
    sure: bool = True


@frozen
class MockedExecutor:
    """A mock of a thread pool, and what happened to the work passed to it."""

    how: Literal["never ran", "refused", "no loop", "foreign", "hangs"]
    target: str | None = None  # "concurrent.futures.ThreadPoolExecutor"; None: no patch
    place: Place | None = None  # the line that patches, or that creates the mock
    used_at: Place | None = None
    double: str = "mock"
    function: str | None = None  # the function that was passed and not called
    left: bool = False  # its patch is over, and the loop still has it


@frozen
class MissedPatch:
    """A patch that the failing code did not use, and what it used instead."""

    target: str  # "store.get_client"; for "stale" the name in its own module, never patched
    how: Literal[
        "copy",  # another module imported the original
        "twin",  # a file is loaded under two names, and the other one was patched
        "early",  # a global was built from the original before the patch
        "kept",  # a table or a class keeps it
        "default",  # an argument has it as its default
        "depends",  # a `Depends(…)` keeps it
        "none",  # the patched function should have set a global
        "unmade",  # no code called the function that sets it
        "stale",  # a global was imported while it was None
        "typo",  # there is nothing of that name, but a similar one
        "namesake",  # the library has another one of that name, which the code uses
    ]
    place: Place | None = None  # the line that patches
    name: str | None = None  # the name that holds the original, or None: "service.get_client"
    kept_at: Place | None = None  # the line that keeps it; the function that would have set it
    used_at: Place | None = None
    double: str | None = None  # type of the replacement
    twin: str | None = None  # the other name of the module
    none: bool = False  # the kept value is None
    keeper: tuple[str, str] | None = None  # an object that got it, and its attribute: Desk, "load"
    met: bool = False  # other code called the replacement: another target would lose it
    sure: bool = True


# Fixtures that are set up in a kernel.


@frozen
class UpRecord:
    """The result of setting up a fixture in a kernel."""

    name: str
    type: str  # its value's
    fixture: FixtureRecord
    set_up: tuple[FixtureRecord, ...] = ()  # for it, in order; without those set up before
    parameter: str | None = None
    other_parameters: tuple[str, ...] = ()
    already: bool = False
    changed: bool = False  # it was set up from an older definition than its name has now


@frozen
class FixtureError:
    """An error that a fixture raised."""

    fixture: str
    type: str
    message: str
    place: Place | None = None  # the innermost line of user code
    test_only: str | None = None  # what it needs a test for: "request.node.get_closest_marker(…)"


@frozen
class DownRecord:
    """The result of tearing fixtures down in a kernel."""

    asked: tuple[str, ...]
    torn: tuple[str, ...]  # in order
    errors: tuple[FixtureError, ...] = ()


@frozen
class Refusal:
    """What this kind of loop can't do, or what a policy was meant to change."""

    what: Literal["method", "watcher", "no watcher", "no such policy", "deprecated", "no effect"]
    name: str  # the loop's method, or what asyncio does not have: "add_reader"
    call: str | None = None  # as your code writes it: "asyncio.create_subprocess_exec"
    called_at: Place | None = None
    kind: str | None = None  # class of the loop or policy: "uvloop.Loop"
    policy_at: Place | None = None  # the `class` of a policy in user code, or the fixture for it
    late: Place | None = None  # sets a policy in a fixture or test, where it has no effect
    late_in: str | None = None  # "the fixture `policy`", "the test"
    factories: bool = False  # this pytest-asyncio has the hook `pytest_asyncio_loop_factories`
    factory_at: Place | None = None  # the project's own hook, if it created the test's loop
    class_at: Place | None = None  # the `class` of that loop, if it is user code


@frozen
class LoopWish:
    """A property of the loop that a failing line needs, and an unused `event_loop` would set."""

    what: str  # "the debug mode", "the kind of loop"
    setter: str  # the call that sets it: "loop.set_debug", "uvloop.new_event_loop"
    given_at: Place  # the line of the override, or of what it calls
    asked_at: Place  # the failing line
    kind: str | None = None  # the kind of loop: "uvloop.Loop"
    factories: bool = False  # this pytest-asyncio has the hook `pytest_asyncio_loop_factories`
    factory_at: Place | None = None  # the project's own hook, if it created the test's loop
    debug: bool = False  # this pytest-asyncio has a setting `asyncio_debug`


@frozen
class CutOff:
    """A task that a failing line reads, and that ended with the loop of an earlier test."""

    asked: str  # what the line reads, as it writes it: "service.running"
    place: Place  # the failing line
    coroutine: str  # of the task
    loop: LoopRecord  # the earlier test's
    same_file: bool  # both tests are in one file


@frozen
class EndedEarly:
    """A task that a failing line needs, and that user code ended by closing its loop."""

    name: str  # "bot.task"
    type: str  # "_asyncio.Task"
    coroutine: str
    loop: LoopRecord  # closed
    place: Place  # the line that waits for the task, or reads it
    waits: bool  # it waits for what the task should deliver


# Fixtures as the source defines them, before any test requests them.


@frozen
class LeftOpen:
    """An object that a fixture hands out and never closes."""

    type: str
    method: str  # that closes it, to be awaited
    name: str | None  # in the fixture


@frozen
class DefinedFixture:
    """A fixture in user code, as pytest would treat it."""

    fixture: FixtureRecord
    form: Literal["plain", "coroutine", "generator"]
    decorator: Literal["@pytest.fixture", "@pytest_asyncio.fixture"]
    runner: str | None  # "pytest", "pytest-asyncio", another plugin; None: nothing runs it
    mode: str | None = None  # of pytest-asyncio
    parameters: int = 0
    overrides: int = 0  # how many fixtures of its name it overrides
    needed_by: tuple[str, ...] = ()
    up: bool = False  # set up in the kernel now
    last_run: FixtureRecord | None = None  # as the last run of tests left it, with its loops
    narrower_needs: tuple[str, ...] = ()  # "tmp_path (function)": pytest refuses, ScopeMismatch
    left_open: LeftOpen | None = None


@frozen
class Unreadable:
    """A conftest.py that could not be imported, and what its text still shows."""

    file: str
    type: str
    message: str
    place: Place | None = None
    known: tuple[FixtureRecord, ...] = ()


# Tests that wait for what does not come.

Thing = Literal[
    "lock",
    "queue",
    "event",
    "condition",
    "semaphore",
    "barrier",
    "stream",
    "pool",
    "task",
    "turn",  # nothing: an `asyncio.sleep(0)`, time and again
    "other",
]


@frozen
class Holder:
    """A task that holds the resource, or could release it, and is itself waiting."""

    coroutine: str  # "worker"
    place: Place | None = None  # where it acquired the resource
    waits_at: Place | None = None
    same: bool = False  # the holder is the waiting task itself
    again: bool = False  # it waits for what it already holds
    loop: LoopRecord | None = None  # its loop, if that is another one and does not run
    woken: bool = False  # work is already queued for it there
    fixture: str | None = None  # the fixture that started it
    left_at: Place | None = None  # for a suspended async generator: the line that left it
    threads: int = 0  # it is a function that runs in a thread: so many threads are at its line
    call: str | None = None  # the call that the thread is in there
    takes_timeout: bool = False  # what it calls has a parameter `timeout`
    joined: str | None = None  # the thread's name, if what waits needs the thread to end


@frozen
class Died:
    """An error that explains a wait: of a task that could have ended it, or one that it hides."""

    coroutine: str  # "worker": the task's, or the function that raised
    type: str  # of its exception: "builtins.KeyError"
    place: Place  # the line of user code that raised
    on_purpose: bool = False  # a test's own double raised it, and *place* is its caller
    is_logged: bool = False  # code, or asyncio, caught it and wrote it to the log
    in_thread: bool = False  # it ended a thread


@frozen
class Endless:
    """A task that runs until it is cancelled, while another task waits for its end."""

    coroutine: str  # "heartbeat"
    loop_at: Place  # its `while True`
    waited_by: str  # "serve"
    waited_at: Place
    started_at: Place | None = None  # the call that made the task
    group: bool = False  # a group of tasks waits for it at the end of its block


@frozen
class PartRead:
    """What a stream has received so far of the data that a task waits for."""

    size: int  # bytes
    start: str  # "b'HELLO'", the first of them, secrets masked
    missing: str | None = None  # the separator that has not arrived: "\\n"
    short: int | None = None  # or how many bytes have not arrived


@frozen
class FullPipe:
    """An output of a child process that nothing reads, so that its next write waits."""

    stream: str  # "stdout"
    at_its_end: bool = False  # the task waits for the end of the process
    started_at: Place | None = None


@frozen
class StrandedTask:
    """A task that should end a wait, on another loop, which was stopped before it ended."""

    coroutine: str
    loop: LoopRecord
    waits_at: Place | None = None


@frozen
class Unreleased:
    """A function that acquired a lock, was called before the wait, and may not have released it."""

    function: str  # "Inventory.reserve"
    called_at: Place
    acquired_at: Place
    left_at: Place | None = None  # the `return` or `raise` before its release; None: it has none
    raises: bool = False  # that is a `raise`


@frozen
class UnmarkedItem:
    """A function that may leave an item of a queue without `task_done()`."""

    function: str  # "Crawler.work"
    taken_at: Place
    left_at: Place  # the line that leaves it
    goes_on: bool  # there it goes on with the next item; otherwise it returns


@frozen
class CancelledConsumer:
    """A task that marked the items of a queue, and was cancelled before the queue was joined."""

    coroutine: str
    place: Place  # the line that cancels


@frozen
class ThreadDelivery:
    """A line that ends a wait from another thread, and does not wake the loop that sleeps there."""

    place: Place
    call: str  # "self.items.put_nowait"
    given: str | None = None  # its arguments; None: the line passes the method on to be called
    sole: bool = True  # no other line of the project could have


@frozen
class UnnotifiedChange:
    """A line that changes what a task waits for on a condition, and that nothing notifies after."""

    place: Place
    changed: str  # "self.count"
    checked: str | None = None  # what the task waits for, if it holds by now: "self.count == 0"
    sole: bool = True  # no other line of the project could have


@frozen
class UnguardedRelease:
    """A function that released what it had acquired only if no error came between."""

    function: str
    acquired_at: Place
    released_at: Place
    skipped_by: Died | None = None  # the error that came between; None: it is gone
    sure: bool = False  # that error is known to have come between
    leaves: str | None = None  # "__aexit__": that releases it, and *function* is `__aenter__`
    waits_at: Place | None = None  # the first wait between them, if it has to wait
    guarded: bool = False  # for some lines between them, a handler releases it


@frozen
class HandFedStream:
    """The line that fed a stream reader last, or makes it: no connection is behind it."""

    place: Place
    fed: bool  # else nothing did, and the line makes it


@frozen
class WaitRecord:
    """A task that can't continue, and what it waits for."""

    coroutine: str  # "save", the innermost of user code, else the outermost
    task: str  # what the task runs: "test_save"
    stack: tuple[Place, ...] = ()  # the lines of user code, outermost first
    thing: Thing = "other"
    method: str | None = None  # "Queue.get", "Lock.acquire", "StreamReader.readline"
    subject: Subject | None = None
    made_at: Place | None = None
    holders: tuple[Holder, ...] = ()
    maybe_taken: Place | None = None  # a waiting task acquires locks there: which ones is unknown
    stranded: StrandedTask | None = None
    died: tuple[Died, ...] = ()
    held_up: int | None = None  # items of a queue not marked as done; members of a pool
    to_end: bool = False  # of a stream: `read()` without a number
    part_read: PartRead | None = None  # of a stream
    full_pipe: FullPipe | None = None  # of the process that it waits for
    cancelling: bool = False  # it was cancelled, and continued
    endless: Endless | None = None
    # What earlier calls did: cleared the event after another had set it, or kept the lock.
    lost_set: tuple[Place, Place] | None = None  # the lines that cleared and set it
    kept_lock: tuple[Place, Place] | None = None  # the line that acquires it, the earlier call
    unreleased: Unreleased | None = None  # a lock that an earlier call may have left locked
    delivery: ThreadDelivery | None = None  # what ends it, but does not wake the loop
    unnotified: UnnotifiedChange | None = None  # of a condition
    unguarded: UnguardedRelease | None = None  # of a lock or a semaphore
    unmarked: UnmarkedItem | None = None  # of a queue that is joined
    cut_off: CancelledConsumer | None = None  # likewise
    hand_fed: HandFedStream | None = None  # of a stream


@frozen
class SpinRecord:
    """A loop in user code that spins without progress."""

    loop_at: Place  # the `while`, `for` or `async for`
    coroutine: str
    waits_on: str | None = None  # its condition, as the code writes it: "not done"
    # How other tasks get to run. "turns": always, and whether anything changes is unknown.
    gives_way: Literal["never", "always", "timer", "waits", "turns"] = "never"
    still: bool = False  # nothing that it does or reads can end it
    endless: bool = False  # `while True`, without any exit: it checks nothing
    over: str | None = None  # what an `async for` iterates
    feeds: Place | None = None  # the `async for` that it always has one more item for
    keyword: Literal["while", "async for", "for"] = "while"
    kept_out: str | None = None  # it had a limit: the task that should change *waits_on*, kept out


@frozen
class StoppedClock:
    """What replaces a loop's clock, which showed the same time while a test waited for a timer."""

    name: str  # "time.monotonic", "loop.time"
    double: str  # "mock", or the name of the function in its place
    by: str | None = None  # the library that put it there: "freezegun"
    place: Place | None = None  # the line that did


@frozen
class HangRecord:
    """What a hanging test was doing. *proved*: nothing in the process can end the wait."""

    proved: bool
    seconds: float | None = None  # of --loopcheck-hang
    waits: tuple[WaitRecord, ...] = ()  # from the test down to the tasks it depends on
    cycle: bool = False  # these wait for each other
    spin: SpinRecord | None = None
    blocked_at: Place | None = None  # the line whose call did not return
    blocked_in: str | None = None  # "time.sleep"
    called: str | None = None  # what that line calls: "socket.receive_json"; outside of a loop
    takes_timeout: bool = False  # that function has a parameter `timeout`
    beside: tuple[str, ...] = ()  # how the other threads wait: "`chat` waits at chat.py:27"
    others: int = 0  # threads that run beside the one that hangs
    fixture: str | None = None  # the fixture that pytest was setting up
    ran_at: Place | None = None  # the line of user code that runs the loop
    cancels: tuple[SwallowedCancel, ...] = ()  # of the tasks that the test waited for
    limited: bool = False  # the wait had a limit of its own, which ran out
    loop: LoopRecord | None = None  # its own, if the task that should end the wait is on another
    unwoken: bool = False  # a thread delivered the result, and did not wake the loop
    hidden: Died | None = None  # the error whose clean-up waits
    missed: Place | None = None  # the line that published the message before anybody subscribed
    outside: bool = False  # of any loop: synchronous code of a test or a fixture
    clock: StoppedClock | None = None  # a timer would end the wait, but its loop's time stood still
    native: bool = False  # only a thread that runs no Python can end the wait
    interrupted: bool = False  # not --loopcheck-hang ended it, but another limit for the test
    held_by: Holder | None = None  # a task that holds the lock of threads that *blocked_at* takes


@frozen
class ExitHolder:
    """What the interpreter waits for at its exit."""

    kind: Literal["thread", "job", "process", "callback"]
    name: str
    at: Place | None = None  # the line of the project that a thread or callback is in
    test: str | None = None  # that ran as the thread or process began
    # What the thread is busy with; of a job, that it runs in a process.
    activity: Literal["coroutine", "loop", "timer", "queue", "process"] | None = None
    started_at: Place | None = None  # the line of the project that starts the thread or process
    by_library: bool = False  # that line calls a library, which does it
    owned_at: Place | None = None  # the line that makes or starts the object whose method does it
    closer: str | None = None  # what ends it there: `feed.stop()`; `….stop()` without a name


# Addresses, and what answers there.

Nobody = Literal["refused", "no name", "no socket", "no route", "no answer"]
Somebody = Literal[  # a server answers, but not the intended one
    "database", "user", "password", "db number", "replica", "protocol", "tls", "scheme"
]


@frozen
class ServerRecord:
    """A server of the test run itself that should answer at an address."""

    name: str  # "server", "serve"
    state: Literal["closed", "not serving", "ended", "starting"]
    place: Place | None = None  # the line that closed it, or that should start it


@frozen
class EndpointRecord:
    """The address that a failing line connects to, and what answered there."""

    met: Nobody | Somebody
    name: str  # of the client, else the call: "client", "asyncpg.connect"
    type: str  # "valkey.asyncio.client.Valkey"
    address: str  # "localhost:6380"; without a port that the system chose
    wanted: str | None = None  # what the client is for: "Valkey", "PostgreSQL"
    asked: str | None = None  # the database, user or number that the client requests
    heard: str | None = None  # what answers instead: "postgres", "an HTTP server"
    set_at: Place | None = None  # the line that sets the address
    says_user: bool = False  # a password was refused, and that line names the user
    set_by: Literal["text", "part", "variable", "default", "call"] = "call"
    variable: str | None = None  # the environment variable, if that sets it
    made_at: Place | None = None
    used_at: Place | None = None
    server: ServerRecord | None = None
    listening: tuple[str, ...] = ()  # servers of that kind elsewhere: "valkey-server on port 6379"
    late: str | None = None  # the process that listens there by now
    expected: bool = False  # the failing line expects an error, though another one
    sure: bool = True


LostLock = Literal[
    # of a store, then of one process
    "expired", "gone", "thread", "object", "twice", "never",
    "within", "holder", "stranger", "unlocked",
]  # fmt: skip


@frozen
class LockRecord:
    """A lock that was released, or renewed, by code that did not hold it."""

    name: str  # by the name in your code, else by what the failing line writes
    type: str
    how: LostLock
    action: Literal["release", "extend"] = "release"
    key: str | None = None  # in the store
    made_at: Place | None = None
    taken_at: Place | None = None
    taken_by: str | None = None  # "the thread `worker`", "the task `refresh`"
    released_at: Place | None = None  # the line of user code that failed
    released_by: str | None = None
    before_at: Place | None = None  # the line that released or removed it before
    before: str | None = None  # what that line calls: "flushdb"
    timeout: float | None = None  # seconds
    held: float | None = None  # seconds between acquire and release, if a watch saw both
    hides: str | None = None  # class of the block's own error
    left: bool = False  # the failing line is the end of a `with`


@frozen
class LeftOverride:
    """An entry of `app.dependency_overrides` that another test set, and nothing took out."""

    key: str  # what it overrides: "get_session"
    by: str  # the test, or the fixture of other tests, that set it
    fixture: bool
    place: Place | None  # the line that sets it
    used_at: Place  # the failing line


@frozen
class LeftPatch:
    """A patch that an earlier test started, and nothing has stopped."""

    target: str  # "shop.clock.now"
    by: str  # the test
    started_by: str  # the function: "setUp"
    place: Place  # the line that started it
    used_at: Place  # the failing line


@frozen
class DirtRecord:
    """What an earlier test left in a store or database, and the failing one found there."""

    store: str  # "Valkey", "sqlite"
    what: tuple[str, ...]  # keys, or a table
    table: bool
    left_by: str  # the test
    name: str  # of the client or engine: "client"
    type: str
    left_at: Place | None = None
    met_at: Place | None = None  # the line of user code that found it
    said: str = ""  # the command: "INCR", "SELECT"
    kept_at: Place | None = None  # the fixture or line that creates the client
    used_at: Place | None = None  # the failing line
    refused: bool = False  # the database refused a second row of that key
    entries: int = 0  # for an application container: how many entries an earlier test left
    of_its_own: bool = False  # that container also has entries that no test put there
    scope: str | None = None  # of the fixture that has the container; None: a module has it
    calls: bool = False  # the container has the calls of a mock, which `name` names
