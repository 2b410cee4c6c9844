"""Who drops a cancellation is told by the syntax around the line that waits, and by the task."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import pytest

from loopcheck.labels import Labels
from loopcheck.source.catching import cancel_handlers
from loopcheck.watch.limits import timeouts

HOOKED = [vars(asyncio.timeouts.Timeout)[name] for name in ("_on_timeout", "__aexit__")]
CODE = """
import asyncio
from asyncio import CancelledError as Stopped
from concurrent.futures import CancelledError as Other
from contextlib import suppress

ERRORS = (OSError, asyncio.CancelledError)

async def wait():
    await asyncio.sleep(3600)

async def named():
    for _ in range(9):
        try:
            await wait()
        except asyncio.CancelledError:  # drops
            continue

async def renamed():
    for _ in range(9):
        try:
            await wait()
        except (ValueError, Stopped):  # drops
            print("again")

async def listed():
    for _ in range(9):
        try:
            await wait()
        except ERRORS:  # drops
            pass

async def bare():
    for _ in range(9):
        try:
            await wait()
        except:  # drops
            pass

async def suppressed():
    for _ in range(9):
        with suppress(asyncio.CancelledError):  # drops
            await wait()

async def in_finally():
    for _ in range(9):
        try:
            await wait()
        finally:
            continue  # drops

async def inner():
    for _ in range(9):
        try:
            await named_inside()
        except Exception:
            pass

async def named_inside():
    for _ in range(9):
        try:
            await wait()
        except BaseException:  # drops
            pass

async def reraises():
    for _ in range(9):
        try:
            await wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            raise
        except BaseException:
            pass

async def sometimes():
    for _ in range(9):
        try:
            await wait()
        except BaseException as error:
            if error.args or isinstance(error, GeneratorExit):
                raise

async def other():
    for _ in range(9):
        try:
            await wait()
        except (Exception, Other):
            pass

async def leaves():
    for _ in range(9):
        try:
            await wait()
        except asyncio.CancelledError:
            break
    await wait()

async def cleans():
    for _ in range(9):
        try:
            await wait()
        finally:
            await wait()
"""


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    (tmp_path / "code_under_test.py").write_text(CODE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "code_under_test", raising=False)
    return __import__("code_under_test")


def dropping(name: str) -> int:
    lines = CODE.splitlines()
    start = lines.index(f"async def {name}():")
    return next(n for n in range(start, len(lines)) if "# drops" in lines[n]) + 1


@pytest.mark.parametrize(
    "name",
    ["named", "renamed", "listed", "bare", "suppressed", "in_finally", "named_inside"],
)
def test_a_task_that_goes_on_is_told_with_what_dropped_it(code: ModuleType, name: str) -> None:
    assert asyncio.run(ending(code, name)) == dropping(name)


def test_the_innermost_is_the_one_that_dropped_it(code: ModuleType) -> None:
    assert asyncio.run(ending(code, "inner")) == dropping("named_inside")


@pytest.mark.parametrize("name", ["reraises", "sometimes", "other", "leaves", "cleans", "wait"])
def test_what_ends_or_raises_it_again_or_cleans_up_is_left_alone(
    code: ModuleType, name: str
) -> None:
    assert asyncio.run(ending(code, name)) is None


async def ending(code: ModuleType, name: str) -> int | None:
    """Look at one task, and leave the loop no task that would not end."""
    task = asyncio.create_task(getattr(code, name)())
    await asyncio.sleep(0)
    task.cancel()
    assert cancel_handlers.pending(task, Labels("/")) is None  # it has not come to it yet
    for _ in range(5):
        await asyncio.sleep(0)
    found = cancel_handlers.pending(task, Labels("/"))
    asyncio.tasks._unregister_task(task)
    task._log_destroy_pending = False  # type: ignore[attr-defined]
    return found.caught_at.line if found is not None else None


@pytest.fixture
def watched() -> Iterator[None]:
    undo = timeouts.install()
    yield
    undo()
    now = [vars(asyncio.timeouts.Timeout)[name] for name in ("_on_timeout", "__aexit__")]
    assert now == HOOKED
    assert timeouts.since(0) == []


async def ends_early() -> str:
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        return "early"
    return "late"


@pytest.mark.usefixtures("watched")
def test_a_timeout_that_is_lost_is_noted_with_where_the_task_waited() -> None:
    async def block() -> str:
        async with asyncio.timeout(0.05):  # due at once, it would come before the task begins
            return await asyncio.create_task(ends_early())
        raise AssertionError

    assert asyncio.run(block()) == "early"
    assert asyncio.run(waits_for()) == "early"
    both = timeouts.since(0)
    assert timeouts.latest() == both[-1].serial
    for entry in both:
        one = cancel_handlers.lost_timeout(entry.lines(), Labels("/"))
        assert one is not None
        assert (one.coroutine, one.words) == ("ends_early", "except asyncio.CancelledError")
        assert one.caught_at.line == ends_early.__code__.co_firstlineno + 3
        assert not one.expected
    assert len(both) == 2


async def waits_for() -> str:
    return await asyncio.wait_for(ends_early(), 0.001)


@pytest.mark.usefixtures("watched")
def test_timeouts_that_come_through_or_do_not_run_out_are_left_alone() -> None:
    async def several() -> None:
        for wait in (asyncio.sleep(3600), asyncio.Event().wait()):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(wait, 0.001)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.001):
                await asyncio.sleep(3600)
        await asyncio.wait_for(asyncio.sleep(0), 60)
        task = asyncio.create_task(waits_long())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(several())
    assert timeouts.since(0) == []


async def waits_long() -> str:
    return await asyncio.wait_for(ends_early(), 60)


async def goes_on(news: "asyncio.Queue[asyncio.Future[None]]") -> None:
    for _ in range(2):
        news.put_nowait(wakes := asyncio.get_running_loop().create_future())
        with suppress(asyncio.CancelledError):
            await wakes


@pytest.mark.asyncio
async def test_a_cancellation_is_taken_also_where_the_task_is_just_to_go_on() -> None:
    news: asyncio.Queue[asyncio.Future[None]] = asyncio.Queue()
    task = asyncio.create_task(goes_on(news))
    await news.get()
    task.cancel()
    assert not cancel_handlers.took(task)  # it is still to come
    wakes = await news.get()
    assert cancel_handlers.took(task)
    wakes.set_result(None)  # the task hears of it in the next turn
    assert cancel_handlers.took(task)
    await task


async def ends_late(end: asyncio.Event) -> None:
    try:
        await asyncio.Event().wait()
    finally:
        await end.wait()


async def gathers(*parts: asyncio.Task[None]) -> None:
    await asyncio.gather(*parts)


@pytest.mark.asyncio
async def test_who_waits_for_a_gather_gets_its_cancellation_only_when_all_parts_have_ended() -> (
    None
):
    end = asyncio.Event()
    parts = [asyncio.create_task(ends_late(end)) for _ in range(2)]
    task = asyncio.create_task(gathers(*parts))
    for _ in range(2):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    assert all(map(cancel_handlers.took, parts))  # each waits again, in its `finally`
    assert not cancel_handlers.took(task)
    end.set()
    await asyncio.wait([task])
    assert task.cancelled()
