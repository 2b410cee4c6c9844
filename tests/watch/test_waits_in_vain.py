"""Limits that run out: the hooks leave no trace, and who reckons with the error is known."""

import asyncio
import contextlib
import sys
from typing import Any

import pytest
from anyio._backends._asyncio import CancelScope

from loopcheck.labels import Labels
from loopcheck.process.waiting import error_route, wakers
from loopcheck.watch import hooks
from loopcheck.watch.limits import asyncio_limits, timeouts
from loopcheck.watch.loops import LEDGER


def test_the_hooks_go_with_the_undo() -> None:
    def hooks() -> tuple[object, ...]:
        return timeouts.listener, CancelScope.cancel, list(sys.meta_path)

    before = hooks()
    seen = asyncio_limits.Limits(Labels("/"))
    undo = seen.install()
    seen.loaded()
    assert timeouts.listener is not None
    assert CancelScope.cancel is not before[1]
    undo()
    undo()
    assert hooks() == before


@pytest.mark.parametrize("polls", [1, 30])
def test_a_test_that_polls_has_each_place_worked_out_once(
    polls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    fails_test = error_route.fails_test

    def counted(*route: Any) -> bool:
        asked.append(route[0])
        return fails_test(*route)

    async def poll(event: asyncio.Event) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0):
                await event.wait()

    async def main() -> None:
        event = asyncio.Event()
        for _ in range(polls):
            await poll(event)
        await poll(event)

    monkeypatch.setattr(error_route, "fails_test", counted)
    seen = asyncio_limits.Limits(Labels("/"))
    seen.item = object()
    undo = hooks.together(timeouts.install(), seen.install())
    try:
        asyncio.run(main())
        assert len(asked) == 2
        monkeypatch.setattr(LEDGER, "moment", LEDGER.moment + 1)
        asyncio.run(main())  # the next test
        assert len(asked) == 4
    finally:
        undo()


def test_a_limit_of_its_own_brings_nothing_but_that_of_another_task_may() -> None:
    async def wait(event: asyncio.Event) -> None:
        async with asyncio.timeout(60):
            await event.wait()

    async def main() -> tuple[bool, bool]:
        loop = asyncio.get_running_loop()
        event = asyncio.Event()
        task, other = asyncio.create_task(wait(event)), asyncio.create_task(event.wait())
        await asyncio.sleep(0)
        found = []
        for own in (task, other):
            asked = wakers.Question(
                own=[own],
                until=float("inf"),
                patience=0,
                once=True,
                by=asyncio.current_task(),
            )
            found.append(id(own) in wakers.alive(loop, asked).tasks)
        task.cancel()
        other.cancel()
        return found[0], found[1]

    assert asyncio.run(main()) == (False, True)


def test_a_hook_of_ours_is_no_way_to_what_we_keep_but_to_what_it_wraps() -> None:
    kept: list[object] = []
    held: list[object] = []

    class Sender:
        def send(self) -> list[object]:
            return held

    def note(*_: object) -> None:
        kept.append(None)

    undo = hooks.hooked(Sender, "send", note)
    try:
        roots = [vars(Sender)["send"]]
        assert wakers.leads_to(roots, held)
        assert not wakers.leads_to(roots, kept)
    finally:
        undo()
