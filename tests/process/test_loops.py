"""Which loops there are: named by who made them, wherever they run; machinery has words."""

import asyncio
import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from loopcheck.labels import Labels
from loopcheck.process.loops import live_loops, loop_records
from loopcheck.records import LoopRecord
from loopcheck.watch import loops as ledger

ROOT = str(Path(__file__).resolve().parents[2])
BOUND = 20  # seconds


@pytest.fixture
def labels() -> Labels:
    return Labels(ROOT)


@pytest.fixture
def spare() -> Iterator[asyncio.AbstractEventLoop]:
    undo = ledger.install()
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()
    undo()


class Elsewhere:
    """A loop that runs in a thread of its own until the block ends."""

    def __init__(self, run: Callable[[asyncio.AbstractEventLoop], None] | None = None) -> None:
        self.run = run or asyncio.AbstractEventLoop.run_forever
        self.loop = asyncio.new_event_loop()
        self.started = threading.Event()
        self.thread = threading.Thread(target=self._work, name="Thread-7 (work)", daemon=True)

    def _work(self) -> None:
        self.loop.call_soon(self.started.set)
        self.loop.run_forever()
        self.loop.close()

    def __enter__(self) -> asyncio.AbstractEventLoop:
        self.thread.start()
        assert self.started.wait(BOUND)
        return self.loop

    def __exit__(self, *exc: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(BOUND)


def seen(labels: Labels, **how: bool) -> dict[int, LoopRecord]:
    """Return what is seen of each loop, by its id: the tests hold the loops."""
    known = list(ledger.LEDGER.entries)
    return {id(loop): record for loop, record in loop_records.seen(labels, known, **how)}


def test_a_loop_that_runs_is_seen_without_a_ledger(labels: Labels) -> None:
    async def look() -> LoopRecord:
        return seen(labels)[id(asyncio.get_running_loop())]

    found = asyncio.run(look())
    assert (found.state, found.thread, found.owner) == ("running", "main thread", "user")
    assert found.label == "loop 1"


def test_a_loop_of_another_thread_is_seen_with_a_name_without_numbers(labels: Labels) -> None:
    with Elsewhere() as loop:
        found = seen(labels)[id(loop)]
    assert (found.state, found.thread) == ("running", "thread of work")
    assert found.role == "loop of thread of work"


def test_an_open_loop_is_known_from_the_ledger_and_by_its_maker(
    labels: Labels, spare: asyncio.AbstractEventLoop
) -> None:
    found = seen(labels)[id(spare)]
    assert found.state == "open"
    assert found.made_at is not None
    assert found.made_at.file == "tests/process/test_loops.py"
    assert found.role == f"loop made at {found.made_at}"


def test_a_closed_loop_is_left_out(labels: Labels, spare: asyncio.AbstractEventLoop) -> None:
    spare.close()
    assert id(spare) not in seen(labels)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="from 3.14 on tasks are kept in C")
def test_an_open_loop_is_known_by_its_tasks(labels: Labels) -> None:
    loop = asyncio.new_event_loop()
    task = loop.create_task(asyncio.sleep(0))
    assert seen(labels)[id(loop)].state == "open"
    loop.run_until_complete(task)
    loop.close()


def test_the_heap_is_searched_only_when_asked_for(labels: Labels) -> None:
    loop = asyncio.new_event_loop()
    assert id(loop) not in seen(labels)
    assert seen(labels, deep=True)[id(loop)].state == "open"
    loop.close()


def test_loops_are_numbered_in_order_of_birth(labels: Labels) -> None:
    undo = ledger.install()
    made = [asyncio.new_event_loop() for _ in range(5)]
    found = seen(labels)
    numbers = [int(found[id(loop)].label.removeprefix("loop ")) for loop in made]
    assert numbers == sorted(numbers)
    for loop in made:
        loop.close()
    undo()


def test_a_nested_loop_belongs_to_who_runs_it(labels: Labels) -> None:
    async def outer() -> tuple[LoopRecord, LoopRecord]:
        inner = asyncio.new_event_loop()
        here, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        asyncio.tasks._leave_task(here, task)  # 3.14+: a thread is in one task, whatever the loop
        asyncio._set_running_loop(None)

        async def look() -> tuple[LoopRecord, LoopRecord]:
            found = seen(labels)
            return found[id(inner)], found[id(here)]

        try:
            return inner.run_until_complete(look())
        finally:
            asyncio._set_running_loop(here)
            asyncio.tasks._enter_task(here, task)
            inner.close()

    inner, here = asyncio.run(outer())
    assert (inner.state, here.state) == ("running", "running")
    assert inner.label != here.label


class Hostile(asyncio.SelectorEventLoop):
    """Whoever asks it anything is refused; what asyncio asks is answered."""

    asked: list[str] = []  # noqa: RUF012

    def is_closed(self) -> bool:
        self.asked.append("is_closed")
        return super().is_closed()

    def is_running(self) -> bool:
        self.asked.append("is_running")
        return super().is_running()

    def __getattribute__(self, name: str) -> Any:
        asked = object.__getattribute__(self, "asked")
        asked.append(name)
        return object.__getattribute__(self, name)

    def __eq__(self, other: object) -> bool:
        self.asked.append("==")
        return self is other

    def __hash__(self) -> int:
        self.asked.append("hash")
        return 1

    def __repr__(self) -> str:
        self.asked.append("repr")
        return "<Hostile>"


def test_nothing_of_a_users_loop_is_called(labels: Labels) -> None:
    undo = ledger.install()
    loop = Hostile()
    Hostile.asked.clear()
    found = seen(labels, deep=True)[id(loop)]
    asked = list(Hostile.asked)
    loop.close()
    undo()
    assert asked == []
    assert found.kind == "test_loops.Hostile"


def test_a_half_built_loop_is_open_and_does_no_harm(labels: Labels) -> None:
    loop = asyncio.SelectorEventLoop.__new__(asyncio.SelectorEventLoop)
    assert seen(labels, deep=True)[id(loop)].state == "open"
    loop._closed = True  # type: ignore[attr-defined]


def test_no_loop_and_no_frame_is_kept(labels: Labels) -> None:
    class Here:
        pass

    def look() -> weakref.ref[Here]:
        here = Here()
        seen(labels)
        return weakref.ref(here)

    gc.disable()
    try:
        loop = asyncio.new_event_loop()
        ref = weakref.ref(loop)
        seen(labels, deep=True)
        loop.close()
        del loop
        assert ref() is None
        assert look()() is None
    finally:
        gc.enable()


def test_what_cannot_be_seen_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "uvloop", raising=False)
    assert loop_records.notes() == ()
    monkeypatch.setitem(sys.modules, "uvloop", sys)
    assert loop_records.notes() == ("loops: uvloop's are seen only while they run or have tasks",)


def test_trios_loop_is_said_not_to_be_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "uvloop", raising=False)
    trio: dict[str, Any] = {"__name__": "trio._core._run", "notes": loop_records.notes}
    exec("said = (lambda: notes())()", trio)
    assert trio["said"] == ("loops: trio's are not looked at",)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Thread-3", "a thread"),
        ("Thread-3 (worker)", "thread of worker"),
        ("ThreadPoolExecutor-0_1", "thread ThreadPoolExecutor"),
        ("subshell-0b8f-11", "thread of subshell"),
        ("feeder", "thread feeder"),
        ("redis://:hunter2@h", "thread redis://:***@h"),
        ("", "a thread"),
        ("x" * 10_000_000, f"thread {'x' * live_loops.THREAD}"),
    ],
)
def test_a_threads_name_is_stable_and_short(name: str, words: str) -> None:
    assert live_loops.thread_words(name) == words


LOOK = """
from loopcheck.labels import Labels
from loopcheck.process.loops import loop_records as loops
for one in loops.read_loops(Labels("/")):
    print(one.label, one.state, one.owner, sep="|")
"""


def test_a_script_has_no_machinery() -> None:
    script = (
        f"import asyncio\nasync def main():\n{''.join(f'    {x}' for x in LOOK.splitlines(True))}"
    )
    run = subprocess.run(
        [sys.executable, "-c", f"{script}\nasyncio.run(main())"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert run.stdout.splitlines() == ["loop 1|running|user"]


def test_the_kernels_loops_have_words_from_every_thread() -> None:
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        said = _printed(client, LOOK)
        aside = "import threading\nt = threading.Thread(target=exec, args=(LOOK, {}))\n"
        other = _printed(client, f"LOOK = {LOOK!r}\n{aside}t.start(); t.join(20)")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert "the kernel's loop|running|machinery" in said
    assert "the kernel's iopub loop|running|machinery" in said
    assert not [line for line in said if "machinery" not in line]
    assert other == said


def _printed(client: Any, code: str) -> list[str]:
    said: list[str] = []

    def hear(message: dict[str, Any]) -> None:
        if message["msg_type"] == "stream":
            said.append(message["content"]["text"])

    client.execute_interactive(code, timeout=60, output_hook=hear)
    return "".join(said).splitlines()
