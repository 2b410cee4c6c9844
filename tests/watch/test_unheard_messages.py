"""A message that a store delivered to nobody is kept with its line, until somebody receives one."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakeredis import FakeAsyncRedis

from loopcheck.labels import Labels
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.stores import stores, unheard_messages

pytestmark = pytest.mark.asyncio
LABELS = Labels(str(Path.cwd()))


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(LEDGER, "moment", 1)
    undo = stores.install()
    yield
    undo()


async def missed(store: Any, *channels: str, pattern: str | None = None) -> Place | None:
    """Return what is found while a task waits for a message on *channels*."""
    async with store.pubsub() as pubsub:
        await pubsub.subscribe(*channels)
        if pattern is not None:
            await pubsub.psubscribe(pattern)
        for _ in channels:
            await pubsub.get_message(timeout=1)
        waiting = asyncio.create_task(pubsub.get_message(timeout=60))
        await asyncio.sleep(0)
        frames = await_chain.frames(waiting.get_coro())
        found = unheard_messages.find_missed(frames, LABELS)
        waiting.cancel()
        await asyncio.wait([waiting])
    return found


async def test_the_line_of_a_missed_message_is_found() -> None:
    store = FakeAsyncRedis()
    await store.publish("news", "pen")
    found = await missed(store, "news", "mails")
    assert found is not None
    assert (found.file, found.name) == (
        LABELS.file(__file__),
        "test_the_line_of_a_missed_message_is_found",
    )


async def test_another_channel_and_a_pattern_say_nothing() -> None:
    store = FakeAsyncRedis()
    await store.publish("news", "pen")
    assert await missed(store, "mails") is None
    assert await missed(store, "news", pattern="m*") is None
    assert await missed(FakeAsyncRedis(), "news") is None


async def test_a_message_that_was_received_ends_it() -> None:
    store = FakeAsyncRedis()
    await store.publish("news", "pen")
    async with store.pubsub() as pubsub:
        await pubsub.subscribe("news")
        await pubsub.get_message(timeout=1)
        assert await store.publish("news", "cup") == 1
    assert await missed(store, "news") is None


async def test_the_next_test_knows_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    store = FakeAsyncRedis()
    await store.publish("news", "pen")
    monkeypatch.setattr(LEDGER, "moment", 2)
    assert await missed(store, "news") is None
