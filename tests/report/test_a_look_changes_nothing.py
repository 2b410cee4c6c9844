"""A look is read only: whatever is asked, from four threads at once, nothing is different after."""

import asyncio
import gc
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
import valkey.asyncio as valkey
from IPython.core.interactiveshell import InteractiveShell

import loopcheck
from loopcheck.report import json as json_words
from loopcheck.report import looking


class Shop:
    """An object of the user's that counts who asks it anything."""

    def __init__(self) -> None:
        self.__dict__["asked"] = []
        self.__dict__["store"] = valkey.from_url("redis://:hunter2@127.0.0.1:1/0")  # type: ignore[no-untyped-call,unused-ignore]

    def __getattr__(self, name: str) -> object:
        self.__dict__["asked"].append(name)
        raise AttributeError(name)

    def __repr__(self) -> str:
        self.__dict__["asked"].append("repr")
        return "Shop()"

    @property
    def price(self) -> int:
        self.__dict__["asked"].append("price")
        return 1


def world(shop: Shop, gate: asyncio.Event) -> dict[str, object]:
    """Return all that a look must leave alone."""
    loop = asyncio.get_running_loop()
    return {
        "tasks": len(asyncio.all_tasks(loop)),
        "states": sorted(task.done() for task in asyncio.all_tasks(loop)),
        "waiters": len(gate._waiters),
        "asked": list(shop.__dict__["asked"]),
        "attributes": sorted(shop.__dict__),
        "references": (sys.getrefcount(shop), sys.getrefcount(gate)),
        "patches": len(mock._patch._active_patches),  # type: ignore[attr-defined]
        "modules": set(sys.modules),
        "threads": threading.active_count(),
        "signals": [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)],
        "collector": (gc.isenabled(), gc.get_threshold()),
        "warnings": (warnings.showwarning, list(warnings.filters)),
        "hooks": (asyncio.BaseEventLoop.__init__, asyncio.BaseEventLoop.close),
        "factory": loop.get_task_factory(),
        "depth": sys.get_coroutine_origin_tracking_depth(),
    }


async def unchanged(ask: Callable[[Shop, asyncio.Event], object]) -> None:
    shop, gate = Shop(), asyncio.Event()
    workers = [asyncio.create_task(gate.wait()) for _ in range(20)]
    await asyncio.sleep(0)
    with mock.patch("asyncio.Queue"):
        ask(shop, gate)  # the first look imports what it needs of ours
        before = world(shop, gate)
        ask(shop, gate)
        after = world(shop, gate)
    assert after == before
    gate.set()
    await asyncio.gather(*workers)


def everything(shop: Shop, gate: asyncio.Event) -> object:
    names = [("shop", shop), ("gate", gate)]
    seen = looking.look(tuple(looking.PARTS), names, deep=True, everything=True)
    view = looking.view(seen, looking.PARTS, machinery=True)
    return view.text, view.html, json_words.look(seen)


def test_one_look_changes_nothing() -> None:
    asyncio.run(unchanged(everything))


def test_four_threads_that_ask_at_once_change_nothing() -> None:
    def four(shop: Shop, gate: asyncio.Event) -> None:
        with ThreadPoolExecutor(4) as pool:
            looks = [pool.submit(everything, shop, gate) for _ in range(8)]
            for look in looks:
                look.result(60)

    asyncio.run(unchanged(four))


def test_no_part_could_not_be_looked_at() -> None:
    async def main() -> None:
        seen = looking.look(tuple(looking.PARTS), [("shop", Shop())], deep=True, everything=True)
        assert not [note for note in seen.notes if "could not look" in note]

    asyncio.run(main())


def test_watching_ends_with_its_block() -> None:
    async def main() -> None:
        before = asyncio.get_running_loop().get_task_factory(), asyncio.BaseEventLoop.close
        with loopcheck.watching() as watched:
            task = asyncio.create_task(asyncio.sleep(3600), name="nap")
            await asyncio.sleep(0)
        task.cancel()
        assert before == (
            asyncio.get_running_loop().get_task_factory(),
            asyncio.BaseEventLoop.close,
        )
        assert watched.seen is not None
        [nap] = [group for group in watched.seen.facts.tasks if group.names == ("nap",)]
        assert nap.made_at is not None
        assert nap.made_at.name == "main"

    asyncio.run(main())


def test_why_explains_the_error_at_hand() -> None:
    event = asyncio.Event()

    async def wait() -> None:
        event.clear()
        asyncio.get_running_loop().call_soon(event.set)
        await event.wait()

    asyncio.run(wait())
    with pytest.raises(RuntimeError) as raised:
        asyncio.run(wait())
    [found] = loopcheck.why(raised.value).findings
    assert found.code == "LC102"
    assert found.subject is not None
    assert found.subject.name == "event"


def test_unloading_leaves_the_process_as_it_was() -> None:
    def hooks() -> tuple[object, ...]:
        return (
            asyncio.BaseEventLoop.__init__,
            asyncio.BaseEventLoop.close,
            asyncio.BaseEventLoop.call_exception_handler,
            sys.get_asyncgen_hooks(),
            sys.excepthook,
            threading.excepthook,
            signal.getsignal(signal.SIGINT),
            warnings.showwarning,
            sorted(thread.name for thread in threading.enumerate()),
        )

    shell = InteractiveShell()
    assert shell.history_manager is not None
    shell.history_manager.end_session()
    before = hooks()
    for _ in range(10):
        shell.run_line_magic("load_ext", "loopcheck")
        shell.run_line_magic("config", "Loopcheck.sites = True")
        shell.run_line_magic("unload_ext", "loopcheck")
    assert hooks() == before


def test_an_error_that_calls_itself_false_is_not_taken_for_none() -> None:
    class Empty(RuntimeError):
        def __bool__(self) -> bool:
            raise AssertionError("code of the user's ran")

    assert loopcheck.why(Empty("Event loop is closed")).findings == ()
