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
    """The object a finding is about, by the user's own name."""

    name: str  # "client", "cart.store"
    type: str  # "valkey.asyncio.client.Valkey"
    path: str | None = None  # "client.connection_pool._available_connections[0]._reader._loop"


@frozen
class LoopRecord:
    """An event loop, in words."""

    label: str  # "loop 1"; machinery has words instead of a number: "the kernel's loop"
    role: str | None = None  # "module loop of tests/test_cart.py"
    state: Literal["open", "running", "closed"] = "open"
    kind: str | None = None  # class: "asyncio.unix_events._UnixSelectorEventLoop"
    made_at: Place | None = None  # who made it, where that is a line of the user's
    thread: str | None = None  # the thread it runs in, None while it does not run
    owner: Owner = "user"
    cell: int | None = None  # the cell that was running when it was made
    born: int = 0  # order of birth within the run; 0: never seen being born

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
    """One exception of the chain, and who raised it."""

    type: str  # "RuntimeError", "asyncpg.exceptions._base.InterfaceError"
    message: str
    module: str  # module whose line raised it
    function: str
    raised: Literal["await", "raise", "other"]  # what the raising line of a user's own frame does
    owner: Owner
    frames: tuple[FrameRecord, ...] = ()  # outermost first


Keeper = Literal["fixture", "global", "closure", "local", "argument", "default"]


@frozen
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
    own_loop: bool = False  # its own lines made the loop that it works on
    closed_at: Place | None = None  # the line that had it close that loop
    stuck: bool = False  # nobody runs its loop: callbacks wait there, or it is an object's own


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
    loops: tuple[LoopRecord, ...] = ()  # the first ones that it was set up on in a whole run
    loop_count: int = 0  # how many there were


@frozen
class OwnMark:
    """The asyncio mark of a test function itself: it wins over all that is said around it."""

    place: Place
    scope: str | None  # the loop scope that it says
    instead: str  # the one that class, module or settings say


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
    """Text of a user's file or cell whose lines ran."""

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
    last: int | None = None  # None: still there at the end


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
    name: str  # the object, by the user's name
    column: int | None = None  # None: at some time of the loop's life
    code: str | None = None  # of the finding that it belongs to


@frozen
class Timeline:
    """A run as a picture: columns are tests in order, lanes are loops."""

    columns: tuple[Column, ...] = ()
    lanes: tuple[Lane, ...] = ()
    marks: tuple[Mark, ...] = ()
    left_out: int = 0  # tests of the run that have no column here


@frozen
class Evidence:
    """All that was seen about one failure, or in one look."""

    test: TestRecord | None = None
    errors: tuple[ErrorRecord, ...] = ()  # what was raised, then its causes and contexts
    used_on: LoopRecord | None = None  # the loop that the failing lines ran on
    bound: tuple[BoundRecord, ...] = ()
    fixtures: tuple[FixtureRecord, ...] = ()
    sources: tuple[SourceRecord, ...] = ()
    notes: tuple[str, ...] = ()  # what could not be looked at, one line each
    dropped: tuple[NeverAwaited, ...] = ()  # what a test left, whether it passed or not
    lost: tuple[LostException, ...] = ()
    leaked: tuple[LeakedTask, ...] = ()
    outlived: tuple[LeakedTask, ...] = ()  # of earlier tests, and after what this one needs
    stalls: tuple[Stall, ...] = ()
    generators: tuple[LeftGenerator, ...] = ()
    premature: tuple[Premature, ...] = ()
    spun: SpinRecord | None = None  # it has ended, by a limit of its own
    cancels: tuple[SwallowedCancel, ...] = ()
    unclosed: tuple[Unclosed, ...] = ()
    unclosed_loops: tuple[LoopRecord, ...] = ()  # collected open; the test may have failed for them
    failed: bool = False  # the test that left them did not come to its end
    item: ItemRecord | None = None
    set_up: SetUpRecord | None = None
    lookup: LookupRecord | None = None
    session: SessionRecord | None = None
    nested: NestedRun | None = None
    foreseen: FixtureRecord | None = None  # a fixture looked at before any test asks for it
    refusal: Refusal | None = None
    loop_wish: LoopWish | None = None
    cut_off: CutOff | None = None
    ended_early: EndedEarly | None = None
    hang: HangRecord | None = None
    lost_tests: tuple[LostTests, ...] = ()  # of the whole run: nothing failed for them
    shared: SharedRecord | None = None
    endpoint: EndpointRecord | None = None
    dirt: DirtRecord | None = None
    unmet: MissedPatch | None = None
    doubles: tuple[DoubleRecord, ...] = ()  # that the failing lines stumbled over
    slept: MockedSleep | None = None
    executor: MockedExecutor | None = None
    swallowed: tuple[Swallowed, ...] = ()
    questions: Questions = NOTHING_KNOWN  # who answers what one mode alone wants to know

    def ask(self, question: Question[Answer]) -> Answer | None:
        """Return the answer to a mode's own *question*; the case looks when it is first asked."""
        return self.questions.answer(question)

    @classmethod
    def knowing(cls, answers: Mapping[Question[Any], Any], **fields: Any) -> Evidence:
        """Return evidence that has *answers* to questions: for a test of a mode, without a loop."""
        return cls(questions=Questions(answers), **fields)


# A look at the process as it is, whether anything failed or not.


@frozen
class TaskGroup:
    """Tasks that wait at the same place; many look like one."""

    count: int
    coroutine: str  # qualified name of the outermost coroutine: "worker"
    loop: str  # label: "loop 1", "the kernel's loop"
    owner: Owner
    names: tuple[str, ...] = ()  # that the user gave, a few; "Task-12" is nobody's name
    stack: tuple[Place, ...] = ()  # the await chain, outermost first, down to the line it waits on
    waits_for: str | None = None  # type of what is awaited in the end: "asyncio.locks.Event"
    made_at: Place | None = None  # where they were created, if that was watched
    waits_at: Place | None = None  # of the stack: the user's innermost line, else the innermost
    state: Literal["waiting", "running", "new"] = "waiting"  # new: not a line of it ran yet
    followed: int | None = None  # of how many the stack was read; None: of all


@frozen
class PoolRecord:
    """A client's or database's connections."""

    subject: Subject
    loop: LoopRecord | None = None
    in_use: int | None = None
    free: int | None = None
    most: int | None = None
    closed: bool | None = None
    holders: tuple[str, ...] = ()  # who has the connections in use: "worker at shop/db.py:12"


@frozen
class RegistryRecord:
    """Something that user code entered into a registry of the process."""

    kind: Literal["metric", "exception handler", "atexit hook", "signal handler"]
    name: str  # "orders_total", "SIGTERM", "save_all"
    detail: str | None = None
    made_at: Place | None = None
    loop: LoopRecord | None = None


@frozen
class PatchRecord:
    """A double that is in place now."""

    target: str  # "asyncio.sleep"
    by: Literal["unittest.mock", "monkeypatch"]
    double: str  # type of what stands there: "unittest.mock.AsyncMock"
    made_at: Place | None = None
    missed: tuple[str, ...] = ()  # names that hold the original all the same: "feed.sleep"


SCOPES = ("function", "class", "module", "package", "session")  # of pytest, narrowest first


@frozen
class ConfigRecord:
    """A setting that decides how async tests run here, or a version."""

    name: str
    value: str
    said_in: str | None = None  # "pytest.ini"; None: the default
    advice: str | None = None  # what is out of date about it, and what to say instead


@frozen
class Look:
    """All that one look saw. What was not asked for is empty."""

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


# What the watches saw go by.


@frozen
class LostException:
    """An exception that reached nobody: of a task that nobody awaited, or of a callback."""

    type: str  # "KeyError", "asyncpg.exceptions._base.InterfaceError"
    message: str  # its arguments that are text, secrets masked
    said: str  # asyncio's words: "Task exception was never retrieved"
    place: Place | None = None  # the user's innermost line in its traceback
    coroutine: str | None = None  # of the task: "Feed.consume"
    callback: str | None = None  # qualified name, where no task was it
    of_protocol: bool = False  # the callback is a protocol's method, and was told of nothing
    executed: str | None = None  # what a thread of an executor ran: "_write"; no task was it
    loop: str | None = None  # label
    started_at: Place | None = None  # the call that started the task, where only one can be meant
    kept: bool = False  # its test had a name for the task: a line that did not run may ask it
    gone: bool = False  # the task was gone before its test failed: no line of it could ask


@frozen
class Stall:
    """One turn of a loop that took so long that nothing else of the loop's ran."""

    loop: str  # label
    seconds: float
    place: Place | None = None  # the user's line that was seen most often
    call: str | None = None  # what was running then: "time.sleep", "socket.SocketIO.readinto"
    blocked: bool = False  # it waited in that call, and computed nothing
    is_call: bool = True  # else it was entered or read there: `with lock:`
    limit: float = 0.0  # seconds; what was called too long
    phase: Phase | None = None  # of the test that it was seen in
    synchronous: bool = False  # the line stands in a function that is not async
    twin: str | None = None  # the call's asynchronous twin that is there: "valkey.asyncio"
    delays: bool = False  # a task, a limit or input of the loop had to wait for it
    alone: bool = False  # its loop runs beside the tests, and has nothing else
    missed: bool = False  # the deadline that a failure is about passed meanwhile
    # --loopcheck-hang ended it. "never": no other thread could have brought what it waited for
    ended: Literal["never", "late"] | None = None


@frozen
class LeftGenerator:
    """An asynchronous generator that nobody iterated to its end."""

    name: str  # qualified: "rows"
    place: Place  # the `yield` it stopped at
    how: Literal["collected", "kept", "late"]  # while its loop ran; until it closed; afterwards
    loop: str | None = None  # label
    owner: Owner = "user"
    cleans_up: bool = False  # something stands around the `yield` that has yet to run
    cut_short: bool = False  # and had not come to its end when the loop began to close
    left_at: Place | None = None  # the `async for`, or the call where steps are taken by hand
    by: Literal["break", "return", "error", "anext", "closed"] | None = None
    through: str | None = None  # the generator that iterated it, and was left itself
    parameter: str | None = None  # by which the function that left it was given it
    asserted: bool = False  # what failed asks for something that the clean-up changes
    closed: str | None = None  # what the failing line works with, and the clean-up had ended


@frozen
class SwallowedCancel:
    """A cancellation that the user's own lines caught and did not raise again."""

    coroutine: str  # of the task, or where a timeout was lost: what caught it
    caught_at: Place  # `except`, `suppress`, or what leaves a `finally`
    words: str  # as it is written: "except BaseException"
    how: Literal["went on", "timeout lost", "returned", "failed"]
    waits_at: Place | None = None  # the `await` that it came to
    expected: bool = False  # a line around it counts on a TimeoutError, and does without


@frozen
class Premature:
    """A failing line that asks for what a task was still to change."""

    asked: str  # as the line says it: "bus.seen"
    place: Place  # the failing line
    coroutine: str | None = None  # of the task; None: nobody knows which task it was
    waits_at: Place | None = None  # the user's line
    started: bool = True  # a line of it ran
    held: bool = False  # asked again after the failure, and it held
    itself: bool = False  # the line asks for the task: `assert task.done()`
    timer: bool = False  # it is no task, but a callback that the loop was about to call
    threads: bool = False  # no task: all that is started is what `run_in_executor` runs
    loop: LoopRecord | None = None  # of the task, where that is not the loop of the test
    fixture: str | None = None  # the async fixture on that loop that started the task
    polled: bool = False  # it was asked for again and again, until a limit
    idle: bool = False  # the user's code made that loop, and nobody ran it meanwhile


# How pytest came to the failing test, or did not.


@frozen
class ItemRecord:
    """How pytest collected the failing test, and who was to run it."""

    name: str  # of the function: "test_read"
    place: Place | None  # its `def`
    runner: Literal["pytest", "pytest-asyncio", "unittest", "other"]
    form: Literal["plain", "coroutine", "generator"]  # of what the user wrote
    wrapper: str | None = None  # a decorator's function, not async, that stands before it
    wrapper_at: Place | None = None  # where that is the user's
    passed_over: bool = False  # its runner calls it, or not even that, and never awaits it
    marks: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()  # without `self` and those that have a default
    isolated: bool | None = None  # an IsolatedAsyncioTestCase; None: of no TestCase
    owner_class: Place | None = None
    unrun_set_up: Place | None = None  # async method of its class that was to set what it lacks
    lacks: str | None = None  # the attribute that the failing line asked for
    library: str | None = None  # the one that its lines, or else its module, use: "trio"


@frozen
class SetUpRecord:
    """The fixture that pytest itself failed to set up: no line of the user's ran in it."""

    fixture: FixtureRecord
    form: Literal["plain", "coroutine", "generator"]
    asked_by: str | None = None  # "test_read", "fixture `shop`"
    again: bool = False  # an earlier test failed there, and pytest 9 gave no reason any more
    handed: bool = False  # pytest 8 set it up all the same: its coroutine is its value
    wrapper: str | None = None  # a decorator's function, not async, that gives the coroutine
    backend: FixtureRecord | None = None  # `anyio_backend`, where anyio is to set it up
    anyio_test: str | None = None  # another test of the run, for which anyio sets it up
    anyio_marked: bool = False  # that test has anyio's mark


@frozen
class LookupRecord:
    """A fixture that was asked for and not found."""

    name: str
    asked_by: str  # "test_read", "shop"
    asked_at: Place | None = None  # the `def` that names it, or the `usefixtures`
    by_fixture: bool = False
    synchronous: bool = False  # that fixture is a plain function
    marked: bool = False  # no argument says it, but a `usefixtures`: a mark, or a setting
    called: bool = False  # by a call of `request.getfixturevalue`
    near: tuple[str, ...] = ()  # names of fixtures within reach that look like it
    elsewhere: tuple[Place, ...] = ()  # fixtures of that name, out of reach
    near_elsewhere: tuple[str, Place] | None = None  # out of reach, where none within it is
    in_class: Place | None = None  # one in a class whose tests alone have it, of a file it can see
    of_class: str | None = None  # that class
    unloaded: Place | None = None  # one that no file or plugin of this run brings: its function
    unloaded_as: str | None = None  # the name that its decorator gives it
    cut_off: bool = False  # it stands in a conftest.py above the folder that --confcutdir names
    function: Place | None = None  # a function of that name, without the decorator
    asynchronous: bool = False  # that function is `async def`
    renamed: str | None = None  # the fixture, within reach, that a function of that name defines
    given: str | None = None  # what a `@patch` of the test puts its `new` in the place of
    plugin: str | None = None  # a package that has such a fixture and is not installed
    recursive: bool = False  # it is there, and asks for itself


@frozen
class SessionRecord:
    """What holds for the whole run of pytest, as the failing test sees it."""

    asyncio: str | None = None  # version of pytest-asyncio, None where it is not loaded
    mode: str | None = None  # of pytest-asyncio
    mode_at: Place | None = None  # the line that says auto, where aiohttp's plugin is loaded, too
    anyio: bool = False  # its plugin is loaded
    trio: bool = False  # pytest-trio is loaded
    removed: tuple[str, ...] = ()  # fixtures that this pytest-asyncio no longer has
    overrides: tuple[FixtureRecord, ...] = ()  # of those, the test can see
    settings: str | None = None  # the file that pytest reads them from
    idle: tuple[SettingRecord, ...] = ()  # `asyncio_mode = auto`, where it has no effect
    idle_scopes: tuple[SettingRecord, ...] = ()  # a default loop scope that has none


@frozen
class SettingRecord:
    """A line of a configuration file that has no effect."""

    name: str  # as it is written
    place: Place
    read: bool  # pytest reads this file
    meant: str = "asyncio_mode"
    value: str = "auto"
    section: str = "[pytest]"  # what pytest reads of a file of that kind
    looked: bool = False  # pytest looked for that section here, and found it in no file


SharedKind = Literal["global", "attribute", "parameter", "fixture", "default"]


@frozen
class SharedRecord:
    """A container of several tests', changed by an earlier one, and the failure that explains."""

    name: str  # "KWARGS", "TestCart.items", "settings"
    type: str  # "dict"
    kind: SharedKind
    explains: Literal["key", "argument", "extra", "index", "assertion"]
    scope: str | None = None  # of a fixture
    by_fixture: bool = False  # a parameter, by `params=` of the fixture of that name
    place: Place | None = None  # the line that makes it
    used_at: Place | None = None  # the failing line
    changed_by: str | None = None  # the test that ran when it changed
    lost: tuple[str, ...] = ()  # keys or elements, as they are written
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
    "awaited",  # a test asserts that it was
    "nothing",  # a line calls it like a plain function, and drops what it gets
]


@frozen
class DoubleRecord:
    """A double that the failing line stumbled over, and what that line wanted of it."""

    subject: Subject  # by the name that its maker gave it: "repo.get_user"
    kind: Literal["sync", "async", "fake"]  # a mock that gives at once; that gives a coroutine
    wanted: Wanted
    said: str  # what the line says: "repo.get_user(user_id)", "result"
    got: str | None = None  # type of what stood there: "dict", "coroutine"
    sure: bool = False  # what stood there is what the double gave, and nothing else
    made_at: Place | None = None
    used_at: Place | None = None
    called_at: Place | None = None
    set_at: Place | None = None  # the line that said what it is to give or to do
    skipped: str | None = None  # the function of the user's that did not run for it
    layer_at: Place | None = None  # the line of that which would have mattered
    spec: str | None = None  # the class that it stands in for, where it was told
    in_spec: bool = False  # that class has something of this name
    real: Literal["async", "sync"] | None = None  # what it stands in for, where that is known
    original: str | None = None  # what it replaced: "shop.client.fetch"
    unnamed: bool = False  # the user has no name for what it came out of: "mock.find()"
    returns: bool = False  # a fake that awaits and yields nothing: it need not be async
    told: bool = False  # the test said what a call of it is to return or to raise
    detail: str | None = None


@frozen
class LostTests:
    """A test, a class or a file of tests that pytest makes nothing of."""

    how: Literal["twin", "constructor", "class name", "nested", "file name", "switched off"]
    name: str  # "test_login", "UserTests", "tests_user.py"
    place: Place  # its `def` or `class`; of a file the first test
    tests: tuple[str, ...] = ()  # the tests in it, where it is no test itself
    inside: str | None = None  # the class or function around it
    twin: Place | None = None  # the later definition, which pytest collects
    constructor: Place | None = None
    patterns: tuple[str, ...] = ()  # the names that pytest looks for
    off_at: Place | None = None  # a base says `__test__ = False`, in the class of that name


@frozen
class NeverAwaited:
    """A coroutine that was made and dropped: not one line of it ran."""

    name: str  # "Valkey.execute_command"
    owner: Owner  # whose lines it would have run
    made_at: Place | None = None  # the call, where only one can be meant
    made_by: str | None = None  # the function that the call stands in
    caller: str | None = None  # that line gives the function to it: it calls, and awaits nothing
    double: str | None = None  # "asyncio.wait_for", which is awaited and was given it
    used_at: Place | None = None  # the line that failed since it took it for the result
    kept: bool = False  # it has a name, or nobody knows: a line that did not run may await it
    fixture: str | None = None  # a plain one, which returns it as its value
    handed_back_by: str | None = None  # that function returns it: `used_at` awaits, and drops it
    in_plain: bool = False  # the call stands in a function that is not async: none can await there
    set_up: bool = False  # `made_at` defines it: pytest or unittest calls such a name, and drops it
    in_generator: bool = False  # it stands in a generator expression
    # Another mode's business, or nobody's: which test made it is not known, or a library did.
    role: Literal["mock", "test", "fixture", "nested run", "another test", "library"] | None = None


@frozen
class LeakedTask:
    """A task that was still pending when its loop was closed."""

    coroutine: str  # "Worker.run"
    owner: Owner
    scope: str | None = None  # of the loop, in pytest-asyncio's words
    of_a_test: bool = True  # the loop was made for tests, not by one
    waits_at: Place | None = None  # the user's line
    made_at: Place | None = None  # the call that was seen to start it
    made_by: str | None = None  # the function that the call stands in
    call: str | None = None  # what makes a library's coroutine there: "asyncio.sleep(30)"
    started: bool = True  # a line of it ran
    cancelling: bool = False  # somebody has asked it to end, and did not wait for that
    died_of: str | None = None  # pending when its test was over, it failed later and nobody asked
    left_by: str | None = None  # the test that started it, where a later one has failed
    shared: str | None = None  # what both work with, by the name that the later one has for it
    child: str | None = None  # a task that it started, and was cancelled too early to end
    child_at: Place | None = None  # the call that started that one


@frozen
class Unclosed:
    """A client whose connection, or which itself, nobody closed."""

    name: str  # by the user's name, else by its class
    type: str | None  # class, where it is known: "valkey.asyncio.client.Valkey"
    how: Literal["left", "collected"]  # until its loop was closed; when nobody kept it any more
    scope: str | None = None  # of the loop, in pytest-asyncio's words
    fixture: bool = False  # the name is that of a fixture, which gives it to tests
    made_at: Place | None = None  # the fixture, or the line that gives it its name
    opened_at: Place | None = None  # the user's line that made it connect
    clean_up: Place | None = None  # the line that was to close it, where its failure is hidden
    hidden_by: str | None = None  # "try", "suppress"


# Databases.


@frozen
class Kept:
    """A pool, connection or session, by the user's name, and the lines that keep and make it."""

    subject: Subject
    keeper: Keeper | None = None
    fixture: str | None = None
    scope: str | None = None  # of that fixture
    kept_at: Place | None = None
    made_at: Place | None = None


@frozen
class DoneAt:
    """A line of the user's that ran earlier, and on whose behalf."""

    place: Place
    test: str | None = None  # the test that ran, by its node id; None: the failing one
    fixture: str | None = None  # the line stands in this fixture
    apart: bool = False  # another test's own: no fixture of this one, nor one that lasts


@frozen
class StalePool:
    """A pool or a connection that is used after its end."""

    thing: Kept
    kind: Literal["pool", "connection"]
    how: Literal["closed", "released", "not opened", "ended", "loop"]  # ended: by the server
    used_at: Place | None = None
    ended: DoneAt | None = None  # the line that closed it or gave it back
    closed_as: str | None = None  # "Db._pool", where that line left the name with the closed one
    asked_at: Place | None = None  # and who makes one asks the name: `if Db._pool is None`
    loop: LoopRecord | None = None  # its own, where that is closed


@frozen
class ConnectionUse:
    """A task that is in the middle of an operation."""

    coroutine: str
    place: Place | None = None  # the user's line that it waits at


@frozen
class SharedConnection:
    """A connection or session that was asked for something while it was at something else."""

    thing: Kept
    kind: Literal["connection", "session"]
    used_at: Place | None = None  # the user's line that was refused
    coroutine: str | None = None  # of that line
    others: tuple[ConnectionUse, ...] = ()  # tasks that were using it
    nested: bool = False  # the same task was: a query inside of a copy


@frozen
class ImplicitIO:
    """An attribute of a model, or a call, that went to the database outside of an `await`."""

    name: str  # "user.posts", "engine.sync_engine"
    model: str | None = None  # "User"
    attribute: str | None = None
    relationship: bool = False
    left_out: bool = False  # a column that no query has loaded yet: deferred, or not asked for
    sync: str | None = None  # the plain function that asks: it can't await
    # "inside": a property of the user's reads it; "base": the query was for the base of its class
    how: Literal["expired", "lazy", "inside", "base", "detached", "call"] = "call"
    used_at: Place | None = None
    since: Place | None = None  # the line that let it expire, where the function shows it
    by: str | None = None  # "commit", "rollback", "flush"
    expires: bool | None = None  # the session has `expire_on_commit`


@frozen
class HeldConnection:
    """A connection that was taken and not given back."""

    taken: DoneAt
    name: str | None = None  # what keeps it: "session", "connection"
    made_at: Place | None = None  # the line that gives it this name, or the fixture
    lender: Place | None = None  # the user's own context manager: its block has ended by now
    count: int = 1  # taken by the same line
    kept: bool = True  # it will not come back: of an earlier test, or of who waits for another


@frozen
class ExhaustedPool:
    """A pool, or a server, that has no connection left."""

    thing: Kept | None  # None: the server's limit
    most: int | None = None
    used_at: Place | None = None
    holders: tuple[HeldConnection, ...] = ()
    server: bool = False  # it is the server's limit
    said: bool = True  # by the pool itself; else a limit of the test's ended the wait


@frozen
class TableStory:
    """A table that was made or dropped, and where."""

    verb: Literal["create", "drop"]
    done: DoneAt
    words: str  # the database: "the SQLite file `app.db`"
    name: str  # as it was written: "app.users"
    same: bool  # the database is the one that was asked
    state: Literal["open", "committed", "rolled back"] = "open"
    orm: bool = False  # by `create_all`
    checks: bool = False


@frozen
class SchemaRecord:
    """A table that is not there, or there already, and what was seen of it."""

    what: Literal["missing", "exists", "defined twice", "not awaited"]
    table: str
    kind: str = "table"
    database: str | None = None  # "an in-memory SQLite database"
    thing: Kept | None = None  # the engine or connection that was asked
    used_at: Place | None = None
    story: tuple[TableStory, ...] = ()  # oldest first
    temporary: DoneAt | None = None  # a temporary table of that name was made there
    model: Place | None = None  # the class that declares it
    models: str | None = None  # name of that class
    empty: DoneAt | None = None  # a `create_all` of a metadata that does not know it
    unknown: bool = False  # no metadata of the process knows it
    near: tuple[str, ...] = ()  # tables that are known, with a like name
    memory: bool = False
    memory_at: Place | None = None  # the line that says ":memory:", where no engine does
    fixture_at: Place | None = None  # the line of the fixture that sent the statement
    pool: str | None = None  # class of the engine's pool
    sure: bool = True  # a class or a number of the error says so, not its words
    at_once: bool = False  # two made it at the same time
    bare: bool = False  # a second `Table(…)` was refused, and no class
    first: Place | None = None  # where the first `Table(…)` stands
    unfollowed: bool = False  # this run may have made it past what is watched


@frozen
class NestedRun:
    """A loop that was to be started inside a running one."""

    call: str  # "asyncio.run", "loop.run_until_complete"
    coroutine: str | None = None  # name of what was to run there: "fetch"
    called_at: Place | None = None  # the user's line
    synchronous: bool = False  # that line stands in a function that is not async
    running: LoopRecord | None = None  # the loop that runs there already
    of_library: bool = False  # the call is a library's, which starts loops of its own
    in_a_thread: bool = True  # a thread could call the function, and start a loop there


@frozen
class MissedError:
    """An error that went past a line of the user's which waits for another of like name."""

    expected: str  # "TimeoutError", "redis.exceptions.ResponseError"
    raised: str  # as one can import it: "valkey.exceptions.TimeoutError"
    written: str  # as the line says it: "asyncio.TimeoutError"
    place: Place  # the line that waits
    how: Literal["except", "raises", "suppress", "xfail", "isinstance", "decorator"]
    alike: Literal["name", "base", "kind", "file"]  # file: one class, its file loaded by two names
    got_from: Place | None = None  # the import that gives the line its class
    handed_at: Place | None = None  # where the class was handed to it: `@retry(on=TimeoutError)`
    listed_at: Place | None = None  # the global tuple that it waits for: `RETRYABLE = (…)`
    raised_at: Place | None = None  # the user's innermost line


@frozen
class Swallowed:
    """An error that a line of the user's caught and made nothing of, while a test ran."""

    function: str  # "Limiter.allow"
    place: Place  # the `except`
    words: str  # as it is written: "except Exception"
    broad: bool  # it takes every error
    type: str  # of the error
    message: str
    by: Literal["interpreter", "raise", "library", "stdlib", "double"]  # who raised it
    outcome: Literal["allows", "refuses", "goes on", "other"]  # what the handler makes of it
    value: str | None = None  # what the function returns then, where that is written: "True"
    raised_at: Place | None = None  # the user's innermost line
    asserted: bool = False  # what the function gave is what the test asserts about
    seen: bool = False  # the failing assertion got that very value
    # Who told; made: its making was seen, and the value that the handler returns
    known: Literal["interpreter", "log", "made"] = "interpreter"
    counted: bool = False  # the test asks for what the handler writes down


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
    """What stands where a client is wanted: it leads to one, and is none."""

    subject: Subject
    kind: StandInKind
    wanted: str  # "setnx"; of a synchronous client what was awaited
    client: str  # the class that has it: "valkey.asyncio.client.Valkey"; "": it is not known
    place: Place | None  # the line to change: it hands the thing on, or makes it
    used_at: Place
    way: str | None = None  # how the client is got, as one writes it: "wrapper._client"
    handed: bool = False  # the code that asks got it from others, and is not the test itself
    as_client: bool = False  # who asks calls it as one calls a client: "self.redis"


@frozen
class Undecoded:
    """A failing line that mixes bytes and text, and the client that answers in one of them."""

    client: Subject
    answers: Literal["bytes", "text"]
    place: Place  # the failing line
    how: Literal["equal", "member", "key", "asked", "number", "repr", "call", "keywords"]
    answer: str | None = None  # what the client gave, where it is short: "b'42'"
    wanted: str | None = None  # "'42'"
    proved: bool = True  # decoded, the line would hold; else the error's words say what it is about
    made_at: Place | None = None  # the line that makes the client
    ignored: bool = False  # that line asks for decoding, and the client has a pool that does not
    pooled: bool = False  # that line hands the client a pool, whose settings count


@frozen
class TwiceRegistered:
    """A metric that its registry refused, since another has its name."""

    name: str  # as the user wrote it, where that is known: "orders_total"
    type: str  # "prometheus_client.metrics.Counter"
    again: Place  # the user's line that registered it now
    how: Literal["line again", "imported again", "reloaded", "two lines", "unknown"]
    first: Place | None = None  # the line that registered the one that is there
    called_at: Place | None = None  # the user's line that led there now: a call, an import
    before: Place | None = None  # a module's own line that led there when it was loaded
    modules: tuple[str, ...] = ()  # names that one file goes by: the one of now, the one of before
    other: str | None = None  # name of the one that is there, where it is not the same
    registry: str | None = None  # the user's name for it, "" for none; None: the library's own


@frozen
class MockedSleep:
    """A double of `asyncio.sleep`, and what its test failed for."""

    target: str  # "asyncio.sleep", "feed.sleep"
    how: Literal[
        "spins", "recursion", "not awaitable", "no timeout", "too early", "no time", "no timer"
    ]
    place: Place | None = None  # the line that put it there
    used_at: Place | None = None  # the loop that goes round, or the line that sleeps
    double: str = "mock"  # "AsyncMock", or the name of a function
    mock: bool = True
    everywhere: bool = True  # it is asyncio's own name
    real: tuple[str, ...] = ()  # names that keep the real one


@frozen
class RemovedApi:
    """What a library, or Python, once had and has no more."""

    what: str  # "app=", "coroutine", "aioredis"
    owner: str  # "httpx.AsyncClient", "asyncio.coroutine"
    since: str  # "httpx 0.28"
    instead: str
    place: Place  # the line that asks for it
    version: str  # what is installed: "httpx 0.28.1"
    used_at: Place | None = None  # where it was refused, if that was later


@frozen
class WrongOverride:
    """A dependency override of FastAPI's that did not do what it was for."""

    how: Literal["parameters", "generator", "coroutine", "context", "factory", "maker", "key"]
    key: str  # the function that was to be replaced, by its name
    double: str  # in words: "`override`", "a lambda", "a MagicMock"
    type: str = "function"
    place: Place | None = None  # the line that overrides
    made_at: Place | None = None  # of the override; of "key" the function that the routes have
    used_at: Place | None = None
    parameters: tuple[str, ...] = ()  # that the request was asked for
    gives: str | None = None  # of "maker", the call that would do: "FakeDb()"
    meant: str | None = None  # the function that the routes depend on
    sure: bool = True


@frozen
class MockedExecutor:
    """A double of a pool of threads, and what came of what was handed to it."""

    how: Literal["never ran", "refused", "no loop", "foreign", "hangs"]
    target: str | None = None  # "concurrent.futures.ThreadPoolExecutor"; None: nothing was patched
    place: Place | None = None  # the line that patches, or that makes the double
    used_at: Place | None = None
    double: str = "mock"
    function: str | None = None  # what was handed over and not called
    left: bool = False  # its patch is over, and the loop keeps it


@frozen
class MissedPatch:
    """A patch that the failing code never met, and what it met instead."""

    target: str  # "store.get_client"; of "stale" the name at home, which nobody patched
    how: Literal[
        "copy",  # another module imported the original
        "twin",  # of a file that is loaded under two names, the other one was patched
        "early",  # a global was made of the original before
        "kept",  # a table, a class or a default argument keeps it
        "depends",  # a `Depends(…)` does
        "none",  # the patched function was to set a global
        "unmade",  # nobody called the function that sets it
        "stale",  # a global was imported while it was None
        "typo",  # there was nothing of that name, and nearly
        "namesake",  # the library has another of that name, which the code uses
    ]
    place: Place | None = None  # the line that patches
    name: str | None = None  # what keeps the original, or is None: "service.get_client"
    kept_at: Place | None = None  # the line that keeps it; the function that would have set it
    used_at: Place | None = None
    double: str | None = None  # type of what was put there
    twin: str | None = None  # the other name of the module
    none: bool = False  # what was kept is None
    sure: bool = True


# Fixtures that are up in a kernel.


@frozen
class UpRecord:
    """What became of a fixture that was to be brought up."""

    name: str
    type: str  # of its value
    fixture: FixtureRecord
    set_up: tuple[FixtureRecord, ...] = ()  # for it, in order; what was up before is not here
    parameter: str | None = None
    other_parameters: tuple[str, ...] = ()
    already: bool = False
    changed: bool = False  # it is up by another definition than its name has now


@frozen
class FixtureError:
    """What a fixture raised."""

    fixture: str
    type: str
    message: str
    place: Place | None = None  # the user's innermost line
    test_only: str | None = None  # what it asked its test for: "request.node.get_closest_marker(…)"


@frozen
class DownRecord:
    """What became of fixtures that were to be torn down."""

    asked: tuple[str, ...]
    torn: tuple[str, ...]  # in order
    errors: tuple[FixtureError, ...] = ()


@frozen
class Refusal:
    """What a loop can't do for the kind it is, or what a policy was meant to change."""

    what: Literal["method", "watcher", "no watcher", "no such policy", "deprecated", "no effect"]
    name: str  # the loop's method, or what asyncio does not have: "add_reader"
    call: str | None = None  # as the user wrote it: "asyncio.create_subprocess_exec"
    called_at: Place | None = None
    kind: str | None = None  # of the loop: "asyncio.windows_events.ProactorEventLoop"; of a policy
    policy_at: Place | None = None  # the `class` of a policy of the user's, or who gives it
    late: Place | None = None  # sets a policy in a fixture or test, where it has no effect
    late_in: str | None = None  # "the fixture `policy`", "the test"
    factories: bool = False  # this pytest-asyncio asks `pytest_asyncio_loop_factories`
    factory_at: Place | None = None  # the user's own such hook, where it gave the test's loop
    class_at: Place | None = None  # the `class` of that loop, where it is one of the user's


@frozen
class LoopWish:
    """What a failing line asks of its loop, and an `event_loop` that no test runs on would give."""

    what: str  # "the debug mode", "the kind of loop"
    setter: str  # what would give it, as it is written: "loop.set_debug", "uvloop.new_event_loop"
    given_at: Place  # the line of the override, or of what it calls
    asked_at: Place  # the failing line
    kind: str | None = None  # the kind of loop: "uvloop.Loop"
    factories: bool = False  # this pytest-asyncio asks `pytest_asyncio_loop_factories`
    factory_at: Place | None = None  # the user's own such hook, where it gave the test's loop
    debug: bool = False  # this pytest-asyncio has a setting `asyncio_debug`


@frozen
class CutOff:
    """A task that a failing line asks for, and that ended as the loop of an earlier test did."""

    asked: str  # as the line says it: "service.running"
    place: Place  # the failing line
    coroutine: str  # of the task
    loop: LoopRecord  # the earlier test's
    same_file: bool  # both tests are in one


@frozen
class EndedEarly:
    """A task that a failing line counts on, and that a line of the user's ended with its loop."""

    name: str  # "bot.task"
    type: str  # "_asyncio.Task"
    coroutine: str
    loop: LoopRecord  # closed
    place: Place  # the line that waits, or asks for the task
    waits: bool  # for what the task should bring


# Fixtures as they are written, before any test asks for them.


@frozen
class DefinedFixture:
    """A fixture of the user's, as pytest would treat it."""

    fixture: FixtureRecord
    form: Literal["plain", "coroutine", "generator"]
    decorator: Literal["@pytest.fixture", "@pytest_asyncio.fixture"]
    runner: str | None  # "pytest", "pytest-asyncio", another plugin; None: nobody runs it
    mode: str | None = None  # of pytest-asyncio
    parameters: int = 0
    overrides: int = 0  # fixtures of its name that lie below it
    needed_by: tuple[str, ...] = ()
    up: bool = False  # in the kernel, now
    last_run: FixtureRecord | None = None  # as the last run of tests left it, with its loops
    narrower_needs: tuple[str, ...] = ()  # "tmp_path (function)": pytest refuses, ScopeMismatch


@frozen
class Unreadable:
    """A conftest.py that could not be imported, and what its text still says."""

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
    """Somebody who has what is waited for, or could bring it, and waits, too."""

    coroutine: str  # "worker"
    place: Place | None = None  # where it took it
    waits_at: Place | None = None
    same: bool = False  # it is the one that waits
    again: bool = False  # what it waits for is what it has
    loop: LoopRecord | None = None  # the loop it is on, where that is another and does not run
    woken: bool = False  # it has been given something to do there
    fixture: str | None = None  # the fixture that started it
    left_at: Place | None = None  # of an async generator that stands half-way: who left it there


@frozen
class Died:
    """A task that could have brought what is waited for, and failed; nobody has asked for it."""

    coroutine: str  # "worker"
    type: str  # of its exception: "builtins.KeyError"
    place: Place  # the user's line that raised


@frozen
class Endless:
    """A task that goes round until it is cancelled, and somebody waits for its end."""

    coroutine: str  # "heartbeat"
    loop_at: Place  # its `while True`
    waited_by: str  # "serve"
    waited_at: Place
    started_at: Place | None = None  # the call that made the task
    group: bool = False  # it is waited for at the end of a block: of a group of tasks


@frozen
class PartRead:
    """What a stream has of what is waited for."""

    size: int  # bytes
    start: str  # "b'HELLO'", the first of them, secrets masked
    missing: str | None = None  # the end that has not come: "\\n"
    short: int | None = None  # or how many bytes have not


@frozen
class WaitRecord:
    """A task that can't go on, and what it waits for."""

    coroutine: str  # "save", the user's innermost, else the outermost
    task: str  # what the task runs: "test_save"
    stack: tuple[Place, ...] = ()  # the user's lines, outermost first
    thing: Thing = "other"
    method: str | None = None  # "Queue.get", "Lock.acquire", "StreamReader.readline"
    subject: Subject | None = None
    made_at: Place | None = None
    holders: tuple[Holder, ...] = ()
    maybe_taken: Place | None = None  # a waiting task takes locks there: nobody can say which
    died: tuple[Died, ...] = ()
    held_up: int | None = None  # items of a queue that are not marked as done; members of a pool
    to_end: bool = False  # of a stream, by a `read()` without a number
    part_read: PartRead | None = None  # of a stream
    cancelling: bool = False  # it was asked to end, and went on
    endless: Endless | None = None


@frozen
class SpinRecord:
    """A loop of the user's code that goes round without getting on."""

    loop_at: Place  # the `while`, `for` or `async for`
    coroutine: str
    waits_on: str | None = None  # its condition, as it is written: "not done"
    # How other tasks come to run. "turns": always, and whether anything changes is not known.
    gives_way: Literal["never", "always", "timer", "waits", "turns"] = "never"
    still: bool = False  # nothing it does or asks can end it
    endless: bool = False  # `while True`, without any way out: it asks for nothing
    over: str | None = None  # what an `async for` goes over
    keyword: Literal["while", "async for", "for"] = "while"
    kept_out: str | None = None  # it had a limit: what was to change *waits_on*, and could not run


@frozen
class HangRecord:
    """What a test that did not go on was at. *proved*: nothing in the process can bring it."""

    proved: bool
    seconds: float | None = None  # of --loopcheck-hang
    waits: tuple[WaitRecord, ...] = ()  # from the test down to those that bring the others
    cycle: bool = False  # these wait for each other
    spin: SpinRecord | None = None
    blocked_at: Place | None = None  # the line whose call did not come back
    blocked_in: str | None = None  # "time.sleep"
    fixture: str | None = None  # the fixture that was being set up
    ran_at: Place | None = None  # the user's own line that runs the loop
    cancels: tuple[SwallowedCancel, ...] = ()  # of the tasks that the test waited for
    limited: bool = False  # it had a limit of its own, and that ran out
    loop: LoopRecord | None = None  # its own, where who should bring it is on another
    unwoken: bool = False  # it was brought, by a thread that did not wake the loop


# Addresses, and who answers there.

Nobody = Literal["refused", "no name", "no socket", "no route", "no answer"]
Somebody = Literal[  # but not who was meant
    "database", "user", "password", "db number", "replica", "protocol", "tls", "scheme"
]


@frozen
class ServerRecord:
    """What was to answer at an address: a server of the run's own."""

    name: str  # "server", "serve"
    state: Literal["closed", "not serving", "ended", "starting"]
    place: Place | None = None  # the line that closed it, or that was to start it


@frozen
class EndpointRecord:
    """The address that a failing line asked for, and what it met there."""

    met: Nobody | Somebody
    name: str  # of the client, else the call: "client", "asyncpg.connect"
    type: str  # "valkey.asyncio.client.Valkey"
    address: str  # "localhost:6380"; a port that nobody chose is not shown
    wanted: str | None = None  # what the client is for: "Valkey", "PostgreSQL"
    asked: str | None = None  # the database, user or number that was asked for
    heard: str | None = None  # who answers instead: "postgres", "an HTTP server"
    set_at: Place | None = None  # the line that says the address
    says_user: bool = False  # a password was refused, and that line says whose
    set_by: Literal["text", "part", "variable", "default", "call"] = "call"
    variable: str | None = None  # of the environment, where that says it
    made_at: Place | None = None
    used_at: Place | None = None
    server: ServerRecord | None = None
    listening: tuple[str, ...] = ()  # where servers of that kind are: "valkey-server on port 6379"
    late: str | None = None  # the process that listens there by now
    expected: bool = False  # the failing line counts on an error, if on another one
    sure: bool = True


LostLock = Literal[
    # of a store, then of one process
    "expired", "gone", "thread", "object", "twice", "never",
    "within", "holder", "stranger", "unlocked",
]  # fmt: skip


@frozen
class LockRecord:
    """A lock that was released, or renewed, by somebody who did not hold it."""

    name: str  # by the user's name, else by what the failing line says
    type: str
    how: LostLock
    action: Literal["release", "extend"] = "release"
    key: str | None = None  # in the store
    made_at: Place | None = None
    taken_at: Place | None = None
    taken_by: str | None = None  # "the thread `worker`", "the task `refresh`"
    released_at: Place | None = None  # the user's line that failed
    released_by: str | None = None
    before_at: Place | None = None  # who released it, or took it away, before
    before: str | None = None  # what that line calls: "flushdb"
    timeout: float | None = None  # seconds
    held: float | None = None  # seconds between taking and releasing, where that was seen
    hides: str | None = None  # class of the block's own error
    left: bool = False  # the failing line is the end of a `with`


@frozen
class DirtRecord:
    """What an earlier test left in a store or database, and the failing one met."""

    store: str  # "Valkey", "sqlite"
    what: tuple[str, ...]  # keys, or a table
    table: bool
    left_by: str  # the test
    name: str  # of the client or engine: "client"
    type: str
    left_at: Place | None = None
    met_at: Place | None = None  # the user's line that met it
    said: str = ""  # "INCR", "SELECT"
    kept_at: Place | None = None  # the fixture or line that makes the client
    used_at: Place | None = None  # the failing line
    refused: bool = False  # the database refused a second row of that key
    entries: int = 0  # it is a container of the application's: so many that an earlier test left
    of_its_own: bool = False  # that container has others, which no test put there
