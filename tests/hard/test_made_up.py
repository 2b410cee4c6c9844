"""What Hypothesis makes up gets through every probe, mode and face.

Nothing raises, hangs, calls what is the user's, or is said for certain that is not so.
"""

import asyncio
import random
import sys
import time
import types
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from tried import Planted

import loopcheck
from loopcheck.labels import Labels
from loopcheck.process import object_names
from loopcheck.process.loops import queued_work
from loopcheck.process.waiting import waits, wakers
from loopcheck.report import html, looking, text
from loopcheck.report import json as json_words
from loopcheck.watch.hang import loop_survey

SLOWEST = 20.0  # seconds of processor for one example
RAW = "\x1b[31m<script>"
CALLED: list[str] = []
ARMED = [False]  # while Hypothesis makes an example, nothing of it refuses

Tried = Callable[[st.SearchStrategy[Any], Callable[[Any], None], int], None]


@pytest.fixture
def tried(request: pytest.FixtureRequest, round_number: int, planted: Planted) -> Tried:
    """Try a body with examples, by the seed of the run; each round has others."""

    def run(made: st.SearchStrategy[Any], body: Callable[[Any], None], examples: int) -> None:
        @seed(request.config.option.seed + round_number)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(made)
        def each(example: Any) -> None:
            planted(1)
            CALLED.clear()
            began = time.process_time()
            ARMED[0] = True
            try:
                body(example)
            finally:
                ARMED[0] = False
            assert time.process_time() - began < SLOWEST
            assert not CALLED

        each()

    return run


# Errors

FAMOUS = [
    "Event loop is closed",
    "This event loop is already running",
    "no running event loop",
    "<Queue at 0x7f> is bound to a different event loop",
    "Task got Future attached to a different loop",
    "asyncio.run() cannot be called from a running event loop",
    "object MagicMock can't be used in 'await' expression",
    "'coroutine' object is not subscriptable",
    "Duplicated timeseries in CollectorRegistry",
    "no such table: carts",
    "Cannot release a lock that's no longer owned",
    "greenlet_spawn has not been called",
    "QueuePool limit of size 5 overflow 10 reached",
    "fixture 'client' not found",
    f"password=hunter2 {RAW}",
]


def refuse(self: object, *given: object) -> Any:
    if ARMED[0]:
        CALLED.append(type(self).__name__)
        raise AssertionError("code of the user's ran")
    return NotImplemented


class Silent(Exception):
    """Says nothing of itself."""

    __str__ = __repr__ = refuse


class Odd(Exception):
    """Lies about what it is, and refuses to be compared."""

    __eq__ = refuse

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        refuse(self)
        return Odd

    def __hash__(self) -> int:
        refuse(self)
        return 1

    def __bool__(self) -> bool:
        refuse(self)
        return True


class Long(Exception):
    def __str__(self) -> str:
        return "x" * 3_000_000


KINDS: list[type[Exception]] = [RuntimeError, ValueError, KeyError, AttributeError, TimeoutError]
KINDS += [asyncio.InvalidStateError, OSError, TypeError, ConnectionError, Odd, Long]


@st.composite
def errors(draw: st.DrawFn, deep: int = 3) -> BaseException:
    """Return an error: with a traceback or none, in a chain, a group or a circle."""
    said = draw(st.sampled_from(FAMOUS) | st.text(max_size=30))
    if deep and draw(st.booleans()):
        parts = draw(st.lists(errors(deep - 1), min_size=1, max_size=4))
        made: BaseException = BaseExceptionGroup(said, parts)
    else:
        made = draw(st.sampled_from(KINDS))(said)
    if draw(st.booleans()):
        made = raised(made, draw(st.integers(0, 30)))
    for link in ("__context__", "__cause__"):
        if deep and draw(st.booleans()):
            vars_of = draw(errors(deep - 1) | st.just(made))
            setattr(made, link, vars_of)
            if draw(st.booleans()):
                setattr(vars_of, link, made)
    if draw(st.booleans()):
        made.add_note(f"note {RAW}")
    return made


def raised(error: BaseException, depth: int) -> BaseException:
    def go(left: int) -> None:
        if left:
            go(left - 1)
        raise error

    with suppress(BaseException):
        go(depth)
    return error


def shown(found: Any) -> str:
    """Return all faces of an answer of `loopcheck.why`."""
    plain, rich = text.findings(found.findings), html.findings(found.findings)
    data = str([json_words.finding(one) for one in found.findings])
    assert "\x1b" not in f"{plain}{rich}{found.text}{found.html}"
    assert "<script" not in f"{rich}{found.html}"
    assert "hunter2" not in f"{plain}{rich}{data}"
    return plain


def is_not_blamed(error: BaseException) -> None:
    found = loopcheck.why(error)
    shown(found)
    assert [one for one in found.findings if one.certainty == "certain"] == []


def test_errors_whose_words_alone_are_famous(tried: Tried) -> None:
    tried(errors(), is_not_blamed, 60)


def test_errors_that_do_not_say_what_they_are(tried: Tried) -> None:
    made = st.sampled_from([Silent, Odd]).map(lambda kind: raised(kind("x"), 3))

    def body(error: BaseException) -> None:
        loopcheck.why(error)
        CALLED.clear()  # its own words are asked for, and may refuse

    tried(made, body, 5)


# Objects


class Trap:
    """Refuses whatever is asked of it."""

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        refuse(self)
        return "Trap"

    def __getattribute__(self, name: str) -> Any:
        refuse(self)
        return object.__getattribute__(self, name)

    for _name in ("__eq__", "__iter__"):
        locals()[_name] = refuse
    for _name in ("__len__", "__bool__", "__contains__", "__getitem__", "__call__", "__dir__"):
        locals()[_name] = refuse
    del _name


class Node:
    """An object of the user's with parts."""

    def __init__(self, parts: list[object]) -> None:
        self.parts, self.first = parts, parts[:1]
        for number, part in enumerate(parts):
            setattr(self, f"part{number}", part)


def leaf() -> st.SearchStrategy[object]:
    makers: list[Callable[[], object]] = [asyncio.Lock, asyncio.Queue, asyncio.Event, Trap, object]
    makers += [lambda: types.SimpleNamespace(token="hunter2"), lambda: RAW, lambda: 10**400]
    makers += [lambda: float("nan"), lambda: memoryview(b"x"), lambda: iter([1]), lambda: Node([])]
    return st.sampled_from(makers).map(lambda make: make())


graphs = st.recursive(
    leaf(),
    lambda part: (
        st.lists(part, max_size=6)
        | st.lists(part, max_size=5).map(Node)
        | st.lists(part, max_size=5).map(tuple)
        | st.dictionaries(st.text(max_size=5) | st.just(RAW) | st.integers(), part, max_size=5)
    ),
    max_leaves=40,
)


def tied(graph: Any, chance: random.Random) -> Any:
    """Return *graph* with circles in it."""
    if type(graph) is list:
        graph.append(graph)
    elif type(graph) is Node:
        vars(graph)["itself"] = graph
        graph.parts.append(vars(graph))
    return graph


def test_graphs_of_objects_are_looked_at(tried: Tried, chance: random.Random) -> None:
    def body(graph: Any) -> None:
        tied(graph, chance)
        loop = asyncio.new_event_loop()
        future = loop.create_future()
        kept = {"graph": graph, "real": [future], RAW: graph}
        seen = looking.look(tuple(looking.PARTS), [*kept.items()], deep=False, everything=True)
        view = looking.view(seen, looking.PARTS, machinery=True)
        json_words.look(seen)
        assert "\x1b" not in f"{view.text}{view.html}"
        assert "<script" not in str(view.html)
        target = object()
        root = object_names.Root(
            name="x", value=[graph, target], keeper="global", filename=__file__
        )
        assert object_names.find([root], [target]) is not None
        loop.close()

    tried(graphs, body, 40)


def test_an_error_among_graphs_of_objects(tried: Tried) -> None:
    """A real crossing of loops, with the graph in every frame: the lock is named, no one else."""

    def body(graph: Any) -> None:
        lock = asyncio.Lock()

        async def holds() -> None:
            beside = graph  # noqa: F841
            async with lock:
                with suppress(TimeoutError):
                    await asyncio.wait_for(lock.acquire(), 0.001)

        def crosses() -> None:
            beside = [graph]  # noqa: F841
            asyncio.run(holds())
            asyncio.run(holds())

        try:
            crosses()
        except RuntimeError as error:
            found = loopcheck.why(error)
        shown(found)
        assert [(one.code, one.subject and one.subject.name) for one in found.findings] == [
            ("LC102", "lock")
        ]

    tried(graphs, body, 15)


# Awaits

STEPS = ("sleep", "set", "wait", "put", "get", "acquire", "release", "await", "gather", "limit")


class Program:
    """Tasks that wait for each other: lists of steps, each with a number."""

    def __init__(self, tasks: list[list[tuple[str, int]]]) -> None:
        self.texts = tasks
        self.events = [asyncio.Event() for _ in range(3)]
        self.queues: list[asyncio.Queue[int]] = [asyncio.Queue(2) for _ in range(2)]
        self.locks = [asyncio.Lock() for _ in range(2)]
        self.tasks: list[asyncio.Task[None]] = []

    def __repr__(self) -> str:
        return str(self.texts)

    async def run(self, steps: list[tuple[str, int]]) -> None:
        for step in steps:
            with suppress(RuntimeError, TimeoutError):
                await self.do(*step)

    async def do(self, step: str, n: int) -> None:
        event, queue = self.events[n % 3], self.queues[n % 2]
        lock, task = self.locks[n % 2], self.tasks[n % len(self.tasks)]
        if step == "set":
            event.set()
        elif step == "release":
            lock.release()
        elif step == "await":
            await self.other(task)
        elif step == "gather":
            await asyncio.gather(self.other(task), event.wait())
        elif step == "limit":
            async with asyncio.timeout(0.002 * (n % 3)):
                await event.wait()
        else:
            ways: dict[str, Callable[[], Any]] = {"wait": event.wait, "get": queue.get}
            ways |= {"put": lambda: queue.put(n), "acquire": lock.acquire}
            await ways.get(step, lambda: asyncio.sleep(0.001 * (n % 4)))()

    async def other(self, task: asyncio.Task[None]) -> None:
        if task is not asyncio.current_task():
            await asyncio.shield(task)


programs = st.lists(
    st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 11)), max_size=6),
    min_size=1,
    max_size=6,
)


def is_stuck_if_said(texts: list[list[tuple[str, int]]]) -> None:
    """Whoever is said to be stuck for ever does not get on when all timers have come."""
    loop = asyncio.new_event_loop()
    program, claims = Program(texts), list[asyncio.Task[None]]()
    program.tasks = [loop.create_task(program.run(steps)) for steps in texts]

    def look() -> None:
        claims[:] = [one for one in program.tasks if not one.done() and stuck(one, loop)]
        loop.stop()

    for _ in range(3):
        loop.call_soon(look)
        loop.run_forever()
        loop.call_later(0.012, loop.stop)
        loop.run_forever()
        assert [task for task in claims if task.done()] == [], program
    looking.look(tuple(looking.PARTS), [("program", program)], deep=False, everything=True)
    for task in program.tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*program.tasks, return_exceptions=True))
    loop.close()


def stuck(task: asyncio.Task[None], loop: asyncio.AbstractEventLoop) -> bool:
    """Return what the watchdog would say of a test that consists of *task*."""
    own = waits.chain_of([task], queued_work.pending(loop))
    asked = wakers.Question(
        own=[one.task for one in own],
        until=loop.time() + 5,
        patience=loop.time() + loop_survey.TIMER,
    )
    seen = wakers.alive(loop, asked)
    return not seen.all and id(task) not in seen.tasks and id(task) not in seen.timers


def test_who_is_said_to_be_stuck_is(tried: Tried) -> None:
    tried(programs, is_stuck_if_said, 40)


# Fixtures

FIXTURES = st.lists(
    st.tuples(
        st.sampled_from(["fixture", "async", "generator", "plain async"]),
        st.sampled_from(["function", "class", "module", "session"]),
        st.sampled_from([None, "function", "module", "session"]),
        st.booleans(),
        st.sets(st.integers(0, 5), max_size=3),
    ),
    min_size=1,
    max_size=6,
)


def written(fixtures: list[Any]) -> Iterator[str]:
    yield "import asyncio, pytest, pytest_asyncio\n"
    for number, (kind, scope, loop_scope, autouse, needs) in enumerate(fixtures):
        needed = ", ".join(f"f{one}" for one in sorted(needs))
        of_loop = f", loop_scope={loop_scope!r}" if loop_scope and "async" in kind else ""
        owner = "pytest_asyncio" if kind in ("async", "generator") else "pytest"
        of_loop = of_loop if owner == "pytest_asyncio" else ""
        yield f"@{owner}.fixture(scope={scope!r}{of_loop}, autouse={autouse})\n"
        word = "def" if kind == "fixture" else "async def"
        end = "yield asyncio.Queue()" if kind == "generator" else "return asyncio.Queue()"
        yield f"{word} f{number}({needed}):\n    {end}\n"
    yield "@pytest.mark.asyncio\nasync def test_one(f0):\n    assert f0 is not None\n"
    yield "def test_two(f0):\n    pass\n"


def test_graphs_of_fixtures(tried: Tried, tmp_path: Any) -> None:
    """The same outcomes with and without; and whoever asks how fixtures hang together is told."""
    import warm
    from test_plugin import PLUGINS

    env = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}

    def body(fixtures: list[Any]) -> None:
        (tmp_path / "test_it.py").write_text("".join(written(fixtures)))
        command = [sys.executable, "-m", "pytest", *PLUGINS, "-q", "--no-header", "test_it.py"]
        without = warm.run(command, tmp_path, env).stdout.splitlines()
        seen = warm.run([*command, "--loopcheck"], tmp_path, env)
        assert (
            seen.stdout.splitlines()[-1].partition(" in ")[0] == (without[-1].partition(" in ")[0])
        )
        assert "please report it" not in seen.stdout + seen.stderr
        assert "INTERNALERROR" not in seen.stdout + seen.stderr

    tried(FIXTURES, body, 6)


def test_labels_hold_for_odd_names(tried: Tried) -> None:
    labels = Labels("/")

    def body(name: str) -> None:
        labels.file(name)
        labels.node(name)

    tried(st.text(), body, 60)
