"""LC210: it names the task that was collected before its end, and the line that starts it."""

import asyncio
import gc
from collections.abc import Iterator
from typing import Any

import pytest

from loopcheck.light import replace
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.tasks.lc210_destroyed_pending import detect
from loopcheck.records import DestroyedTask, Evidence, LeakedTask, Place
from loopcheck.source.statements import wait_order
from loopcheck.watch import exceptions, loops, tasks

MADE, WAITS = Place("test_hub.py", 31), Place("hub.py", 9, "listen")
TASK = LeakedTask(coroutine="listen", owner="user", made_at=MADE, waits_at=WAITS, dropped=True)


def fix_of(task: LeakedTask, *, loop_closed: bool = False) -> str:
    [found] = detect(Evidence(destroyed=(DestroyedTask(task=task, loop_closed=loop_closed),)))
    return found.fix


def test_the_line_that_starts_it_is_the_one_to_change() -> None:
    [found] = diagnose(Evidence(destroyed=(DestroyedTask(task=TASK),)))
    assert (found.code, found.certainty, found.where) == ("LC210", "certain", MADE)
    assert found.what == (
        "The garbage collector took the task `listen` while it waited at hub.py:9, so it never"
        " ended."
    )


def test_the_fix_depends_on_what_let_go_of_it() -> None:
    assert fix_of(TASK).startswith("Keep a reference to the task that test_hub.py:31 starts")
    assert fix_of(replace(TASK, dropped=False)).startswith("Keep what holds the task")
    assert fix_of(TASK, loop_closed=True).startswith("Before you close the loop, cancel the task")
    owned = replace(TASK, owned_at=Place("test_hub.py", 40, "cache"), closer="await {}.close()")
    assert "end it with `await cache.close()`" in fix_of(owned)


def test_a_library_s_own_task_is_left_alone() -> None:
    of_library = DestroyedTask(task=replace(TASK, owner="library"))
    assert not list(detect(Evidence(destroyed=(of_library,))))
    assert not list(detect(Evidence()))


@pytest.fixture
def watched() -> Iterator[None]:
    undos = [loops.install(), exceptions.install(), tasks.note_makers()]
    yield
    for undo in undos:
        undo()


async def consume(lines: "asyncio.Queue[str]") -> None:
    await lines.get()


async def drop_one() -> None:
    task = asyncio.create_task(consume(asyncio.Queue()))
    await asyncio.sleep(0)
    del task
    gc.collect()


@pytest.mark.usefixtures("watched")
def test_the_line_that_started_a_collected_task_is_known() -> None:
    asyncio.run(drop_one())
    [found] = exceptions.take_destroyed()
    assert (found.name, found.closed, found.direct) == ("consume", False, True)
    assert "drop_one" in [line[3] for line in found.site]
    assert not exceptions.take_destroyed()


@pytest.mark.usefixtures("watched")
def test_on_a_closed_loop_it_is_said_so() -> None:
    async def wait() -> None:
        await asyncio.get_running_loop().create_future()

    loop = asyncio.new_event_loop()
    task = loop.create_task(wait())
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    del task
    gc.collect()
    assert [one.closed for one in exceptions.take_destroyed()] == [True]


@pytest.mark.usefixtures("watched")
def test_a_report_of_the_project_without_a_task_is_none() -> None:
    async def report() -> None:
        loop = asyncio.get_running_loop()
        loop.call_exception_handler({"message": exceptions.DESTROYED})
        loop.call_exception_handler({"message": "another", "task": asyncio.current_task()})

    asyncio.run(report())
    assert not exceptions.take_destroyed()


@pytest.mark.usefixtures("watched")
def test_a_handler_of_the_project_has_heard_of_it() -> None:
    heard: list[dict[str, Any]] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: heard.append(context))
        await drop_one()

    asyncio.run(main())
    assert len(heard) == 1
    heard.clear()
    assert not exceptions.take_destroyed()


@pytest.mark.usefixtures("watched")
def test_the_entries_of_tasks_that_ended_do_not_pile_up() -> None:
    async def main() -> None:
        for _ in range(10 * tasks.GONE):
            await asyncio.create_task(asyncio.sleep(0))

    before = len(tasks._noted)
    asyncio.run(main())
    assert len(tasks._noted) <= before + tasks.GONE + 10
    assert len(tasks._gone) <= tasks.GONE + 10


async def waits_twice(lines: "asyncio.Queue[str]") -> None:
    await lines.get()
    await lines.get()


def test_only_a_single_await_tells_where_a_task_waited() -> None:
    assert wait_order.only_wait(consume.__code__) == consume.__code__.co_firstlineno + 1
    assert wait_order.only_wait(waits_twice.__code__) is None
