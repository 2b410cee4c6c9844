"""The ledger of loops: it notes births and closes, and leaves the process as it was."""

import asyncio
import gc
import inspect
import sys
import threading
from collections.abc import Iterator
from unittest.mock import create_autospec

import pytest

from loopcheck.watch import loops


def hooks() -> tuple[object, ...]:
    names = ("__init__", "close", "stop")
    return tuple(vars(asyncio.BaseEventLoop)[name] for name in names)


BEFORE = hooks()


@pytest.fixture
def ledger() -> Iterator[loops.Ledger]:
    undo = loops.install()
    yield loops.LEDGER
    undo()


def test_birth_and_close_are_noted(ledger: loops.Ledger) -> None:
    loop = asyncio.new_event_loop()
    entry = ledger.find(loop)
    assert entry is not None
    assert entry.died is None
    loop.close()
    assert entry.died is not None


def test_who_closed_a_loop_is_noted_where_a_line_of_the_users_did(ledger: loops.Ledger) -> None:
    loop = asyncio.new_event_loop()
    entry = ledger.find(loop)
    loop.close()
    asyncio.run(asyncio.sleep(0))
    assert entry is not None
    assert __name__ in {module for module, *_ in entry.closers}
    assert list(ledger.entries)[-1].closers == ()


def test_the_maker_is_the_line_that_asked_for_the_loop(ledger: loops.Ledger) -> None:
    loop = asyncio.new_event_loop()
    entry = ledger.find(loop)
    loop.close()
    assert entry is not None
    assert any(
        name == "test_the_maker_is_the_line_that_asked_for_the_loop" for *_, name in entry.callers
    )


def test_a_loop_of_another_thread_is_known_as_such(ledger: loops.Ledger) -> None:
    thread = threading.Thread(target=lambda: asyncio.run(asyncio.sleep(0)), name="worker")
    thread.start()
    thread.join(10)
    assert [(entry.thread, entry.main) for entry in ledger.entries][-1] == ("worker", False)


def test_threads_may_make_and_close_loops_while_others_look(ledger: loops.Ledger) -> None:
    before = ledger.serial
    wrong: list[object] = []
    kept: list[object] = []  # entries of loops that are gone go, too

    def makes() -> None:
        for _ in range(100):
            loop = asyncio.new_event_loop()
            kept.append(loop)
            found = ledger.find(loop)
            loop.close()
            if found is None or found.ref() is not loop or found.died is None:
                wrong.append(found)
            ledger.loops(())

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    threads = [threading.Thread(target=makes) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    sys.setswitchinterval(interval)
    serials = [entry.serial for entry in ledger.entries if entry.serial > before]
    assert (wrong, len(set(serials))) == ([], 400)


def test_a_loop_is_not_kept_alive(ledger: loops.Ledger) -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    [entry] = [entry for entry in ledger.entries if entry.ref() is loop]
    del loop
    gc.collect()
    assert entry.ref() is None


def test_the_moment_of_a_loop_is_known_while_it_is_collected(ledger: loops.Ledger) -> None:
    seen = []

    class Last:
        def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
            self.loop, self.itself = loop, self

        def __del__(self) -> None:  # as a task's: the weak references to its loop may be cleared
            seen.append(ledger.born(self.loop))

    ledger.moment = 7
    loop = asyncio.new_event_loop()
    loop.close()
    ledger.moment = 8
    last: Last | None = Last(loop)
    del loop, last
    gc.collect()
    assert seen == [7]


def test_the_hooks_go_with_the_last_undo_and_undo_twice_is_once() -> None:
    before = hooks()
    first, second = loops.install(), loops.install()
    first()
    first()
    assert hooks() != before
    second()
    assert hooks() == before


def test_a_hook_that_somebody_wrapped_becomes_a_pass_through() -> None:
    before = asyncio.BaseEventLoop.close
    undo = loops.install()
    ours = asyncio.BaseEventLoop.close

    def theirs(self: asyncio.BaseEventLoop) -> None:
        ours(self)

    asyncio.BaseEventLoop.close = theirs  # type: ignore[method-assign]
    try:
        undo()
        asyncio.new_event_loop().close()
        assert not loops.LEDGER.entries
    finally:
        asyncio.BaseEventLoop.close = before  # type: ignore[method-assign]


def test_the_line_that_has_a_loop_stopped_is_noted(ledger: loops.Ledger) -> None:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.run_until_complete(asyncio.sleep(0))  # reads it, too
    loop.close()
    entry = ledger.find(loop)
    assert entry is not None
    assert entry.stoppers[0][3] == "test_the_line_that_has_a_loop_stopped_is_noted"


def test_a_mock_of_a_loop_has_its_stop_as_without(ledger: loops.Ledger) -> None:
    with_hook = create_autospec(asyncio.BaseEventLoop)
    with_hook().stop()
    assert inspect.isfunction(vars(asyncio.BaseEventLoop)["stop"])
    with pytest.raises(TypeError, match="too many"):
        with_hook().stop(1)
