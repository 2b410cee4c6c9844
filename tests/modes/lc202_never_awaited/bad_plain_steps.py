"""Steps and lengths of what is async, a function where `asyncio.run` takes a call, and a limit."""

# name: feed | Feed(2) | refresh | asyncio.timeout(1)
# findings: 5
import asyncio

import pytest


class Feed:
    def __init__(self, count):
        self.count = count

    async def __aiter__(self):
        for number in range(self.count):
            await asyncio.sleep(0)
            yield number


async def refresh():
    await asyncio.sleep(0)
    return "fresh"


@pytest.mark.asyncio
async def test_the_first():
    feed = Feed(2)
    first = next(feed)  # LC202
    assert first == 0


@pytest.mark.asyncio
async def test_the_first_of_no_iterator():
    feed = Feed(2)
    first = await anext(feed)  # LC202
    assert first == 0


@pytest.mark.asyncio
async def test_how_many():
    count = len(Feed(2))  # LC202
    assert count == 2


def test_a_run():
    found = asyncio.run(refresh)  # LC202
    assert found == "fresh"


@pytest.mark.asyncio
async def test_a_limit():
    with asyncio.timeout(1):  # LC202
        assert await refresh() == "fresh"
