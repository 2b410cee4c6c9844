"""The client inside of a wrapper is named as the line to change can say it."""

import asyncio
from pathlib import Path

import fakeredis
import pytest

from loopcheck.labels import Labels
from loopcheck.process import failure
from loopcheck.process.stores import wrong_clients


class Wrapped:
    def __init__(self, database: int = 0) -> None:
        self.inner = fakeredis.FakeAsyncRedis(db=database)


class Plain(Wrapped):  # each is made in one line only, by which that is found
    pass


class Other(Wrapped):
    pass


class Once:
    def __init__(self, client: object) -> None:
        self.client = client

    async def first(self, key: str) -> object:
        return await self.client.setnx(key, 1)  # type: ignore[attr-defined]


class Seen:
    def __init__(self) -> None:
        self.client = Wrapped()
        self.once = Once(self.client)


async def made_there() -> object:
    return await Once(Plain()).first("a")


async def made_with_more() -> object:
    return await Once(Other(database=1)).first("a")


async def named_there() -> object:
    wrapped = Wrapped()
    return await Once(wrapped).first("a")


async def elsewhere() -> object:
    return await Seen().once.first("a")


@pytest.mark.parametrize(
    ("ask", "way"),
    [
        (made_there, "Plain().inner"),
        (made_with_more, "Other(…).inner"),
        (named_there, "wrapped.inner"),
        (elsewhere, "self.client.inner"),
    ],
)
def test_the_way_begins_with_what_the_line_says(ask: object, way: str) -> None:
    with pytest.raises(AttributeError) as caught:
        asyncio.run(ask())  # type: ignore[operator]
    labels = Labels(str(Path(__file__).parent))
    found = wrong_clients.read(tuple(failure.chain(caught.value)), None, labels)
    assert found is not None
    assert found.way == way
