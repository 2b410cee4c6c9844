"""A look at a loop between two of its steps: what is about to run has yet to wake the test."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterator

import pytest

from loopcheck.labels import Labels
from loopcheck.watch.hang import loop_survey
from loopcheck.watch.hang.loop_survey import Seen

SOON = 60.0  # seconds


def seen_by(
    prepare: Callable[[asyncio.AbstractEventLoop, asyncio.Event], object],
    turns: int = 1,
) -> tuple[Seen, Seen, bool]:
    """Return two looks at a test that waits: before what *prepare* does, and *turns* later."""
    found: list[Seen] = []
    moved: list[bool] = []

    async def test(event: asyncio.Event) -> None:
        await event.wait()

    async def main() -> None:
        loop, event = asyncio.get_running_loop(), asyncio.Event()
        task = loop.create_task(test(event))
        codes, over = (test.__code__,), loop.create_future()

        def look() -> None:
            until = loop.time() + SOON
            found.append(loop_survey.look(loop, task, codes, 0.0, until, Labels("")))
            moved.append(found[0].moves != found[-1].moves)  # now: it refers weakly to a future

        def look_after(turns: int) -> None:
            if turns:
                loop.call_soon(look_after, turns - 1)
            else:
                look()
                loop.call_soon(over.set_result, None)

        def looks() -> None:
            look()
            # Before what *prepare* makes ready: the loop adds what is due behind both.
            look_after(turns)
            prepare(loop, event)

        loop.call_soon(looks)
        loop.set_exception_handler(lambda _, said: over.set_exception(said["exception"]))
        await over
        event.set()
        await task

    asyncio.run(main())
    before, after = found
    return before, after, moved[-1]


@pytest.fixture(params=[False, True], ids=["alone", "beside a thread at work"])
def _thread(request: pytest.FixtureRequest) -> Iterator[None]:
    if not request.param:
        yield
        return
    out, into = os.pipe()
    thread = threading.Thread(target=os.read, args=(out, 1))
    thread.start()
    yield
    os.write(into, b".")
    thread.join(10)
    os.close(out)
    os.close(into)


@pytest.mark.usefixtures("_thread")
def test_a_test_whose_wait_is_over_is_about_to_move() -> None:
    _, _, moved = seen_by(lambda loop, event: event.set())
    assert moved
    _, _, moved = seen_by(lambda loop, event: None)
    assert not moved


@pytest.mark.usefixtures("_thread")
def test_a_timer_that_is_due_in_this_iteration_is_still_the_tests_own() -> None:
    before, after, _ = seen_by(lambda loop, event: loop.call_later(0, event.set))
    assert before.due is None
    assert after.due is not None


@pytest.mark.usefixtures("_thread")
def test_a_task_that_is_about_to_run_may_help() -> None:
    async def order(event: asyncio.Event) -> None:
        event.set()

    kept: list[asyncio.Task[None]] = []
    before, after, _ = seen_by(lambda loop, event: kept.append(loop.create_task(order(event))))
    assert (before.helped, after.helped) == (False, True)


@pytest.mark.usefixtures("_thread")
def test_a_task_that_sleeps_may_help() -> None:
    async def order(event: asyncio.Event) -> None:
        await asyncio.sleep(SOON / 2)
        event.set()

    kept: list[asyncio.Task[None]] = []
    before, after, _ = seen_by(
        lambda loop, event: kept.append(loop.create_task(order(event))), turns=2
    )
    assert (before.helped, after.helped) == (False, True)
