"""What tasks and futures say of themselves, in C and in Python, without a call of their class."""

import asyncio
from typing import Any

import pytest

from loopcheck.process import futures

PYTHONS: Any = vars(asyncio.tasks)["_PyTask"]


asked: list[str] = []  # of the classes below


def asking(name: str) -> Any:
    def method(self: Any) -> Any:
        asked.append(name)
        return getattr(super(type(self), self), name)()

    return method


METHODS = {name: asking(name) for name in ("get_coro", "get_loop", "get_name", "cancelling")}
Pythons, Quick = (type("Own", (kind,), METHODS) for kind in (PYTHONS, asyncio.Task))


async def rest() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("kind", [asyncio.Task, PYTHONS, Pythons, Quick])
def test_a_task_of_each_kind_is_read(kind: Any) -> None:
    async def main() -> None:
        loop, coro = asyncio.get_running_loop(), rest()
        task = kind(coro, loop=loop, name="resting")
        assert futures.is_task(task)
        assert futures.is_future(task)
        assert futures.coroutine(task) is coro
        assert futures.loop(task) is loop
        assert futures.name(task) == "resting"
        assert (futures.done(task), futures.cancelling(task)) == (False, 0)
        assert futures.waiter(task) is None
        await asyncio.sleep(0)
        assert asyncio.isfuture(futures.waiter(task))
        assert not futures.runs(task)
        assert not asked
        task.cancel()
        assert futures.cancelling(task) == 1
        asked.clear()  # of asyncio itself
        await asyncio.sleep(0)
        assert (futures.done(task), futures.cancelled(task)) == (True, True)

    asyncio.run(main())


@pytest.mark.parametrize("kind", [asyncio.Future, vars(asyncio.futures)["_PyFuture"]])
def test_a_future_is_no_task(kind: Any) -> None:
    with asyncio.Runner() as runner:
        future = kind(loop=runner.get_loop())
        assert (futures.is_future(future), futures.is_task(future)) == (True, False)
        assert futures.loop(future) is runner.get_loop()
        assert not futures.done(future)
        future.set_result(1)
        assert (futures.done(future), futures.cancelled(future)) == (True, False)
        assert (futures.coroutine(future), futures.name(future)) == (None, "")


def test_what_is_neither_says_nothing() -> None:
    thing = object()
    assert (futures.is_future(thing), futures.is_task(thing)) == (False, False)
    assert (futures.loop(thing), futures.coroutine(thing), futures.name(thing)) == (None, None, "")
    assert (futures.done(thing), futures.cancelled(thing), futures.cancelling(thing)) == (
        *(False, False),
        0,
    )


def test_a_cancellation_goes_down_to_all_that_is_awaited() -> None:
    async def wait_for_both(one: Any, other: Any) -> None:
        await asyncio.gather(one, other)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        plain, hidden, done = loop.create_future(), loop.create_future(), loop.create_future()
        done.set_result(1)
        inner = loop.create_task(rest())
        outer = loop.create_task(wait_for_both(inner, plain))
        shielded = loop.create_task(wait_for_both(asyncio.shield(hidden), done))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        below = [*futures.below(outer)]
        assert below[0] is outer
        assert {id(inner), id(plain), id(futures.waiter(inner))} <= set(map(id, below))
        below = [*futures.below(shielded)]
        assert not {id(hidden), id(done)} & set(map(id, below))
        for one in (outer, shielded):
            one.cancel()

    asyncio.run(main())
