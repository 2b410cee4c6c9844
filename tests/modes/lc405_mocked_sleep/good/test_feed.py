"""Time made short in one module, by a double that gives way: timeouts still work."""

import asyncio

import feed
import pytest


class Clock:
    """The real asyncio for one module, but for the time that it sleeps."""

    def __getattr__(self, name):
        return getattr(asyncio, name)

    async def sleep(self, seconds):
        await asyncio.sleep(0)


@pytest.mark.asyncio
async def test_a_timeout_still_ends_it(monkeypatch):
    monkeypatch.setattr(feed, "asyncio", Clock())
    one = feed.Feed()
    polling = asyncio.create_task(one.poll())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await one.arrived.wait()
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)
    assert len(one.prices) > 2
