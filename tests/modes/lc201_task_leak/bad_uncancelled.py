"""A lookup asks two sources and waits for the first. If it is cancelled, both go on."""

# name: Source.ask
import asyncio

import pytest


class Source:
    def __init__(self):
        self.asked = asyncio.Event()
        self.stopped = False

    async def ask(self):
        try:
            await self.asked.wait()
        except asyncio.CancelledError:
            self.stopped = True
            raise


async def lookup(first, second):
    both = {asyncio.create_task(one.ask()) for one in (first, second)}  # LC201
    done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    return done


@pytest.mark.asyncio
async def test_a_cancelled_lookup_stops_its_sources():
    first, second = Source(), Source()
    looking = asyncio.create_task(lookup(first, second))
    await asyncio.sleep(0.01)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert first.stopped
