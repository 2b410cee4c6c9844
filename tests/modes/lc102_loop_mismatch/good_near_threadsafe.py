"""Two loops that talk as they should; what fails is plain."""

import asyncio
import threading

import pytest


@pytest.fixture
def office():
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def letter(name):
    await asyncio.sleep(0)
    return f"dear {name}"


@pytest.mark.asyncio
async def test_letter_has_the_wrong_name(office):
    answer = asyncio.run_coroutine_threadsafe(letter("ada"), office)
    assert await asyncio.wrap_future(answer) == "dear grace"


@pytest.mark.asyncio
async def test_letter_is_lost(office):
    answer = asyncio.run_coroutine_threadsafe(letter(None), office)
    assert await asyncio.wrap_future(answer) is None


@pytest.mark.asyncio
async def test_office_raises(office):
    async def refuse():
        raise KeyError("ink")

    await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(refuse(), office))
