"""Creation sites: who created a task, through whatever factory, and gone without a trace."""

import asyncio
import contextvars
import gc
import sys
import threading
import weakref
from collections.abc import Coroutine
from typing import Any

import pytest

from loopcheck.labels import Labels
from loopcheck.process.loops import loop_records as loop_probe
from loopcheck.process.waiting import task_groups as task_probe
from loopcheck.watch import faults, tasks
from loopcheck.watch.hooks import Counted

Loop = asyncio.AbstractEventLoop
BOUND = 20  # seconds


async def nothing() -> None:
    pass


def made_at(task: object) -> list[str]:
    """Return the functions of this file that created *task*."""
    return [name for _, filename, _, name in tasks.site(task) if filename == __file__]


def test_the_line_that_created_a_task_is_known() -> None:
    async def main() -> tuple[str, str, int, str]:
        undo = tasks.install(asyncio.get_running_loop())
        task = asyncio.create_task(nothing())
        undo()
        await task
        return next(line for line in tasks.site(task) if line[1] == __file__)

    _, filename, line, name = asyncio.run(main())
    assert (filename, name) == (__file__, "main")
    assert line == main_line(main) + 2


def main_line(main: Any) -> int:
    return int(main.__code__.co_firstlineno)


def test_the_helpers_of_asyncio_leave_room_for_the_users_lines() -> None:
    async def start(group: asyncio.TaskGroup) -> asyncio.Task[None]:
        return group.create_task(nothing())

    async def main() -> list[str]:
        undo = tasks.install(asyncio.get_running_loop())
        async with asyncio.TaskGroup() as group:
            task = await start(group)
        undo()
        return made_at(task)

    assert asyncio.run(main())[:2] == ["start", "main"]


def test_a_group_of_tasks_says_where_they_were_created() -> None:
    async def worker() -> None:
        await asyncio.Event().wait()

    async def main() -> str:
        undo = tasks.install(asyncio.get_running_loop())
        made = [asyncio.create_task(worker()) for _ in range(3)]
        await asyncio.sleep(0)
        labels = Labels(str(__file__).rpartition("/")[0])
        groups, _ = task_probe.read_tasks(loop_probe.seen(labels), labels, tasks.site)
        undo()
        for task in made:
            task.cancel()
        await asyncio.wait(made, timeout=BOUND)
        [group] = [one for one in groups if one.coroutine == "worker"]
        return f"{group.count} {group.made_at}"

    assert asyncio.run(main()) == f"3 test_creation_sites.py:{main_line(main) + 2}"


def test_nobody_watched_nothing_is_known() -> None:
    async def main() -> tuple[object, ...]:
        return tasks.site(asyncio.current_task())

    assert asyncio.run(main()) == ()
    assert tasks.site(object()) == ()


class Recording:
    """A task factory of the user's."""

    def __init__(self) -> None:
        self.given: list[dict[str, Any]] = []

    def __call__(self, loop: Loop, coro: Coroutine[Any, Any, Any], **given: Any) -> Any:
        self.given.append(given)
        return asyncio.Task(coro, loop=loop, **given)


def test_the_factory_that_was_there_is_called_with_all_it_was_given() -> None:
    async def main() -> None:
        loop, mine = asyncio.get_running_loop(), Recording()
        loop.set_task_factory(mine)  # type: ignore[arg-type]
        undo = tasks.install(loop)
        context = contextvars.copy_context()
        task = loop.create_task(nothing(), name="feed", context=context)
        assert task.get_name() == "feed"
        assert made_at(task)[0] == "main"
        await task
        undo()
        assert loop.get_task_factory() is mine  # type: ignore[comparison-overlap]
        [given] = mine.given
        assert given["context"] is context

    asyncio.run(main())


def test_a_factory_without_keywords_still_works() -> None:
    def plain(loop: Loop, coro: Any, context: Any = None) -> Any:
        return asyncio.Task(coro, loop=loop)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_task_factory(plain)
        undo = tasks.install(loop)
        if sys.version_info < (3, 13, 3):  # since then asyncio itself passes keywords on
            await loop.create_task(nothing())
        undo()
        assert loop.get_task_factory() is plain

    asyncio.run(main())


@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks came with 3.12")
def test_eager_tasks_stay_eager() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_task_factory(asyncio.eager_task_factory)  # type: ignore[attr-defined,unused-ignore]
        undo = tasks.install(loop)
        task = loop.create_task(nothing())
        assert task.done()
        assert made_at(task)[0] == "main"
        undo()

    asyncio.run(main())


def test_undo_leaves_the_loop_as_it_was_and_twice_is_once() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        undo = tasks.install(loop)
        again = tasks.install(loop)
        factory = loop.get_task_factory()
        undo()
        undo()
        assert loop.get_task_factory() is factory
        again()
        assert loop.get_task_factory() is None

    asyncio.run(main())


def test_wrapped_by_somebody_else_ours_becomes_a_pass_through() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        undo = tasks.install(loop)
        ours: Any = loop.get_task_factory()

        def theirs(loop: Loop, coro: Any, **given: Any) -> Any:
            return ours(loop, coro, **given)

        loop.set_task_factory(theirs)
        undo()
        assert loop.get_task_factory() is theirs
        task = asyncio.create_task(nothing())
        await task
        assert tasks.site(task) == ()

    asyncio.run(main())


def test_installed_again_after_somebody_wrapped_it_works_again() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        first = tasks.install(loop)
        ours: Any = loop.get_task_factory()
        loop.set_task_factory(lambda loop, coro, **given: ours(loop, coro, **given))
        first()
        second = tasks.install(loop)
        task = asyncio.create_task(nothing())
        await task
        assert "main" in made_at(task)
        second()

    asyncio.run(main())


def test_loops_born_later_are_watched_and_let_go() -> None:
    before = asyncio.BaseEventLoop.__init__
    undo = tasks.install()
    loop = asyncio.new_event_loop()
    task = loop.create_task(nothing())
    loop.run_until_complete(task)
    undo()
    assert made_at(task)[0] == "test_loops_born_later_are_watched_and_let_go"
    assert loop.get_task_factory() is None
    assert asyncio.BaseEventLoop.__init__ is before
    loop.close()


def test_no_task_no_coroutine_and_no_loop_is_kept() -> None:
    gc.collect()
    gc.disable()
    try:
        loop = asyncio.new_event_loop()
        undo = tasks.install(loop)
        task = loop.create_task(nothing())
        kept = len(tasks._sites)
        loop.run_until_complete(task)
        refs = weakref.ref(task), weakref.ref(loop)
        del task
        assert refs[0]() is None
        assert len(tasks._sites) == kept - 1
        loop.close()
        del loop
        gc.collect()  # a loop and its transports are a cycle of asyncio's own
        assert refs[1]() is None
        undo()
    finally:
        gc.enable()


class Odd(asyncio.Task[Any]):
    """Its hash is its own business."""

    asked = 0

    def __hash__(self) -> int:
        if sys._getframe(1).f_globals["__name__"].startswith("loopcheck"):
            type(self).asked += 1
        return 1

    def __eq__(self, other: object) -> bool:
        return self is other


def test_a_task_class_of_the_users_is_noted_and_not_asked() -> None:
    def odd(loop: Loop, coro: Any, **given: Any) -> Any:
        return Odd(coro, loop=loop, **given)

    async def main() -> weakref.ref[object]:
        loop = asyncio.get_running_loop()
        loop.set_task_factory(odd)
        undo = tasks.install(loop)
        task = asyncio.create_task(nothing())
        undo()
        await task
        assert made_at(task)[0] == "main"
        return weakref.ref(task)

    before = len(tasks._odd)
    ref = asyncio.run(main())
    gc.collect()
    assert (ref(), len(tasks._odd), Odd.asked) == (None, before, 0)


def test_threads_may_install_and_undo_at_once() -> None:
    loop = asyncio.new_event_loop()
    failed: list[BaseException] = []

    def go() -> None:
        try:
            for _ in range(200):
                tasks.install(loop)()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(BOUND)
    assert failed == []
    assert loop.get_task_factory() is None
    loop.close()


async def starts() -> asyncio.Task[None]:
    return asyncio.create_task(nothing())


async def seen_by_all() -> tuple[asyncio.Task[None], asyncio.Task[None]]:
    """Return a task that is made while makers are noted, and one that is made after that."""
    undo = tasks.note_makers()
    watched = await starts()
    undo()
    return watched, await starts()


def test_asyncios_own_table_says_who_creates_a_task_and_no_factory_is_set() -> None:
    async def main() -> None:
        watched, after = await seen_by_all()
        assert asyncio.get_running_loop().get_task_factory() is None
        assert made_at(watched) == ["starts", "seen_by_all", "main"]
        assert tasks.started_by_user(watched)
        assert made_at(after) == []
        await asyncio.gather(watched, after)

    asyncio.run(main())


def test_a_task_of_a_coroutine_of_asyncios_is_asyncios_own() -> None:
    async def main() -> None:
        undo = tasks.note_makers()
        limit = asyncio.create_task(asyncio.wait_for(asyncio.Event().wait(), BOUND))
        await asyncio.sleep(0)
        others = asyncio.all_tasks() - {limit}
        undo()
        assert tasks.started_by_user(limit)
        assert not any(map(tasks.started_by_user, others))
        limit.cancel()
        await asyncio.wait([limit])

    asyncio.run(main())


@pytest.mark.skipif(sys.version_info < (3, 12), reason="`sys.monitoring` came with 3.12")
def test_where_tasks_are_registered_in_c_alone_what_create_task_returns_is_noted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "_MAKERS", Counted(tasks._note_returned))

    async def main() -> None:
        watched, after = await seen_by_all()
        assert made_at(watched) == ["starts", "seen_by_all", "main"]
        assert made_at(after) == []
        await asyncio.gather(watched, after)

    asyncio.run(main())


def test_what_goes_wrong_while_it_is_noted_is_not_the_users(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(task: object, frame: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(tasks, "_note", fails)
    noted: list[object] = []
    monkeypatch.setattr(faults, "note", lambda: noted.append(sys.exc_info()[1]))

    async def main() -> None:
        watched, _ = await seen_by_all()
        await watched

    asyncio.run(main())
    assert len(noted) == 1
