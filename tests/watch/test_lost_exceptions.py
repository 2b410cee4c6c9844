"""Exceptions that reach nobody are kept as words, and the process is left as it was."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from loopcheck.labels import Labels
from loopcheck.records import LostException
from loopcheck.watch import exceptions
from loopcheck.watch.hang.raised_errors import Hung

BEFORE = asyncio.BaseEventLoop.call_exception_handler
LABELS = Labels("/")


@pytest.fixture
def watched() -> Iterator[None]:
    undo = exceptions.install()
    yield
    undo()


def lost(coroutine: Callable[[], Any]) -> list[LostException]:
    """Return what is lost while *coroutine* runs on a loop of its own, and is collected."""
    with asyncio.Runner() as runner:
        runner.get_loop().set_exception_handler(lambda loop, context: None)
        runner.run(coroutine())
        gc.collect()
    return list(exceptions.lost(LABELS))


async def fails() -> None:
    raise KeyError("user_id")


async def forgets_a_task() -> None:
    asyncio.create_task(fails())  # noqa: RUF006
    await asyncio.sleep(0)


@pytest.mark.usefixtures("watched")
def test_an_exception_of_a_task_nobody_awaits_is_kept_in_words() -> None:
    [one] = lost(forgets_a_task)
    assert (one.type, one.message, one.coroutine) == ("KeyError", "user_id", "fails")
    assert one.said == "Task exception was never retrieved"
    assert one.place is not None
    assert (one.place.line, one.place.name) == (fails.__code__.co_firstlineno + 1, "fails")
    assert one.place.file.endswith("test_lost_exceptions.py")


@pytest.mark.usefixtures("watched")
def test_what_a_hung_task_was_ended_with_is_not_lost() -> None:
    async def ended() -> None:
        raise Hung(Hung.words)

    async def forgets_it() -> None:
        asyncio.create_task(ended())  # noqa: RUF006
        await asyncio.sleep(0)

    assert lost(forgets_it) == []


@pytest.mark.usefixtures("watched")
def test_an_exception_in_a_callback_is_kept() -> None:
    def divides() -> float:
        return 1 / 0

    async def schedules() -> None:
        asyncio.get_running_loop().call_soon(divides)
        await asyncio.sleep(0)

    [one] = lost(schedules)
    assert one.type == "ZeroDivisionError"
    assert one.callback == "test_an_exception_in_a_callback_is_kept.<locals>.divides"
    assert one.coroutine is None


@pytest.mark.usefixtures("watched")
def test_an_exception_that_somebody_saw_is_not_lost() -> None:
    async def awaits() -> None:
        with pytest.raises(KeyError):
            await asyncio.create_task(fails())
        await asyncio.gather(fails(), return_exceptions=True)

    assert lost(awaits) == []


@pytest.mark.usefixtures("watched")
def test_a_task_destroyed_while_pending_has_lost_no_exception() -> None:
    async def nothing() -> None:
        context = {"message": "Task was destroyed but it is pending!"}
        asyncio.get_running_loop().call_exception_handler(context)

    assert lost(nothing) == []


@pytest.mark.usefixtures("watched")
def test_secrets_are_masked_and_no_str_of_the_users_is_run() -> None:
    class Loud(Exception):
        def __str__(self) -> str:
            raise AssertionError("__str__ was run")

    async def fails_loudly() -> None:
        raise Loud("postgres://shop:hunter2@db/orders", object())

    async def forgets() -> None:
        asyncio.create_task(fails_loudly())  # noqa: RUF006
        await asyncio.sleep(0)

    [one] = lost(forgets)
    assert one.message == "postgres://shop:***@db/orders"


@pytest.mark.usefixtures("watched")
def test_nothing_of_the_users_is_kept_alive() -> None:
    class Held(Exception):
        pass

    refs: list[weakref.ref[object]] = []

    async def fails_holding() -> None:
        error = Held()
        refs.append(weakref.ref(error))
        raise error

    async def forgets() -> None:
        asyncio.create_task(fails_holding())  # noqa: RUF006
        await asyncio.sleep(0)

    assert len(lost(forgets)) == 1
    gc.collect()
    assert refs[0]() is None


@pytest.mark.usefixtures("watched")
def test_only_so_many_are_kept() -> None:
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda loop, context: None)
    for number in range(exceptions.KEPT + 5):
        context = {"message": "lost", "exception": KeyError(str(number)), "future": None}
        loop.call_exception_handler(context)
    loop.close()
    kept = exceptions.lost(LABELS)
    assert len(kept) == exceptions.KEPT
    assert kept[0].message == "5"


def test_the_users_own_handler_is_still_called() -> None:
    seen: list[dict[str, Any]] = []
    undo = exceptions.install()
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda loop, context: seen.append(context))
    loop.call_exception_handler({"message": "lost", "exception": KeyError("a")})
    loop.close()
    undo()
    assert [context["message"] for context in seen] == ["lost"]


def test_the_hook_goes_with_the_last_undo_and_undo_twice_is_once() -> None:
    threads = threading.active_count()
    first, second = exceptions.install(), exceptions.install()
    first()
    first()
    assert asyncio.BaseEventLoop.call_exception_handler is not BEFORE
    second()
    assert asyncio.BaseEventLoop.call_exception_handler is BEFORE
    assert exceptions.lost(LABELS) == ()
    assert threading.active_count() == threads


def test_a_hook_that_somebody_wrapped_becomes_a_pass_through() -> None:
    undo = exceptions.install()
    ours = asyncio.BaseEventLoop.call_exception_handler

    def theirs(self: asyncio.BaseEventLoop, context: dict[str, Any]) -> None:
        ours(self, context)

    asyncio.BaseEventLoop.call_exception_handler = theirs  # type: ignore[method-assign]
    try:
        undo()
        assert asyncio.BaseEventLoop.call_exception_handler is theirs
        assert len(lost(forgets_a_task)) == 0
    finally:
        asyncio.BaseEventLoop.call_exception_handler = BEFORE  # type: ignore[method-assign]
