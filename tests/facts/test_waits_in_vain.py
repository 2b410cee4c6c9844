"""Limits that run out: the hooks leave no trace, and who reckons with the error is known."""

import asyncio
import sys

import pytest
from anyio._backends._asyncio import CancelScope

from loopcheck.facts.labels import Labels
from loopcheck.facts.probes import cancels, wakers
from loopcheck.facts.watch import limits, timeouts


def test_the_hooks_go_with_the_undo() -> None:
    def hooks() -> tuple[object, ...]:
        return timeouts.listener, CancelScope.cancel, list(sys.meta_path)

    before = hooks()
    seen = limits.Limits(Labels("/"))
    undo = seen.install()
    seen.loaded()
    assert timeouts.listener is not None
    assert CancelScope.cancel is not before[1]
    undo()
    undo()
    assert hooks() == before


async def _plain() -> None:
    await asyncio.sleep(0)


async def _returns() -> None:
    try:
        await asyncio.sleep(0)
    except TimeoutError:
        return


async def _raises() -> None:
    try:
        await asyncio.sleep(0)
    except TimeoutError as error:
        raise ConnectionError from error


async def _other() -> None:
    try:
        await asyncio.sleep(0)
    except KeyError:
        return


async def _expects() -> None:
    with pytest.raises(TimeoutError):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("function", "reckons"),
    [(_plain, False), (_returns, True), (_raises, False), (_other, False), (_expects, True)],
)
def test_who_reckons_with_a_timeout(function: object, reckons: bool) -> None:
    code = function.__code__  # type: ignore[attr-defined]
    line = code.co_firstlineno + (1 if function is _plain else 2)
    assert cancels.reckons_with_timeout([(code, line)]) is reckons


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
