"""anyio runs the tests: it has loops of its own."""

# name: breath
import asyncio

import pytest

pytestmark = pytest.mark.anyio
breath = asyncio.Event()  # LC102


@pytest.fixture
def anyio_backend():
    return "asyncio"


async def sing(note):
    singer = asyncio.create_task(breath.wait())
    await asyncio.sleep(0)
    breath.set()
    await singer
    breath.clear()
    return note


async def test_one_note():
    assert await sing("a") == "a"


async def test_another_note():
    assert await sing("c") == "c"
